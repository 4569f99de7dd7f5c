"""A projection joined to a place: bases by hand, and what is asked, refused and noted."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, FileIntake, questions_of
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.projection import AGES
from nhcplanner.layers.population.projections import projection_beside, with_projection
from nhcplanner.layers.population.published_projections import Published

UNITS = pd.Series({"E1": "U", "E2": "U", "E3": "V", "E4": "V"})
ROWS = {"2022": (60, 180, 45, 15, 300), "2030": (54, 180, 60, 24, 318)}


def published(scale=1, code="U", **changes) -> Published:
    ages = [*AGES, "people"]
    columns = {year: [scale * one for one in people] for year, people in ROWS.items()}
    table = pd.DataFrame({"code": code, "name": "Unit", "age": ages, **columns})
    other = table.assign(code="Z", name="Elsewhere")
    given = {"record": FileIntake("p.csv")}
    return Published("T", "2022-based", pd.concat([table, other]), **(given | changes))


def place(number=2, **changes) -> Place:
    frame = pd.DataFrame(
        {
            "area_code": ["E1", "E2"], "people": [110, 200], "people_0_15": [22.0, 40.0],
            "people_16_64": [66.0, 120.0], "people_65_84": [17.0, 30.0],
            "people_85_plus": [5.0, 10.0],
        }
    ).iloc[:number]  # fmt: skip
    frame = frame.assign(**changes)
    shapes = [Point(0, 0)] * len(frame)
    areas = gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)
    origins = areas[["area_code", "people", "geometry"]].assign(origin_id=areas["area_code"])
    return Place("Ely", areas, origins, gpd.GeoDataFrame(origins))


def test_a_whole_unit_is_divided_by_its_areas_people_so_that_it_sums_to_the_projection():
    found = with_projection(place(), published(), 2022, units=UNITS)
    assert found.projection.table["basis"].tolist() == [62, 186, 47, 15, 310]
    later = found.in_year(2030)
    # E1: 22 * 54/62 + 66 * 180/186 + 17 * 60/47 + 5 * 24/15 = 112.74 of 318
    assert later.areas["people"].tolist() == [113, 205]
    assert "Totals agree with the projection to a person in Unit" in later.year_notes
    assert found.areas["projection_code"].tolist() == ["U", "U"]


def test_a_part_of_a_unit_is_divided_by_the_projection_of_its_year():
    found = with_projection(place(1), published(), 2022, units=UNITS)
    assert found.projection.table["basis"].tolist() == [60, 180, 45, 15, 300]
    # 22 * 0.9 + 66 + 17 * 4/3 + 5 * 1.6 = 116.47
    assert found.in_year(2030).areas["people"].tolist() == [116]


def test_units_come_from_the_areas_own_column_first():
    own = place(council_code=["U", "U"])
    found = with_projection(own, published(), 2022)
    assert found.projection.table["areas"].unique().tolist() == [0]
    assert "projection by council" in found.notes[0]
    given = with_projection(place(projection_code=["U", "Q"]), published(), 2022)
    assert given.areas["projection_code"].tolist() == ["U", ""]
    assert "1 area without a projection" in " ".join(given.in_year(2030).year_notes)


def test_a_projection_of_other_units_is_refused():
    with pytest.raises(InputError, match="none of its codes is of the areas"):
        with_projection(place(), published(code="X"), 2022, units=UNITS)


def test_the_year_of_the_people_is_asked_for_and_must_be_projected():
    with pytest.raises(InputError, match="the year of the areas' people is not stated") as error:
        with_projection(place(), published(), units=UNITS)
    assert questions_of(error.value)[0].key == "people_year"
    answered = Answers({"people_year": "2022"})
    assert with_projection(place(), published(), answers=answered, units=UNITS)
    with pytest.raises(InputError, match="has no people of 2021"):
        with_projection(place(), published(), 2021, units=UNITS)


@pytest.mark.parametrize("scale", [1000, 0.001, 1.5])
def test_people_of_another_scale_or_base_are_questioned(scale):
    with pytest.raises(InputError, match="but the areas there have 310") as error:
        with_projection(place(), published(scale), 2022, units=UNITS)
    assert questions_of(error.value)[0].key == "projection.check"
    accepted = Answers({"projection.check": "accept"})
    found = with_projection(place(), published(scale), 2022, accepted, UNITS)
    assert any(event.words.startswith("accepted: ") for event in found.intake[0].events)


def test_areas_without_ages_or_with_ages_of_others_grow_at_one_rate():
    bare = place()
    bare = with_projection(
        Place("Ely", bare.areas.drop(columns=list(AGES)), bare.sites, bare.origins),
        published(), 2022, units=UNITS,
    )  # fmt: skip
    assert not bare.projection.by_age
    assert "hold no people by age" in " ".join(bare.notes)
    odd = with_projection(place(people=[190, 120]), published(), 2022, units=UNITS)
    assert not odd.projection.by_age
    assert "In 2 areas people by age do not sum to people" in " ".join(odd.notes)
    assert odd.in_year(2030).areas["people"].tolist() == [195, 123]  # 190 and 120 by 318 / 310


def test_units_outside_the_place_have_a_line():
    found = with_projection(place(), published(), 2022, units=UNITS)
    events = [str(event) for event in found.intake[0].events]
    assert "1 unit outside the place" in events


def test_ages_that_the_areas_lack_have_a_line():
    empty = place(people_85_plus=[0.0, 0.0], people=[105, 190])
    found = with_projection(empty, published(), 2022, units=UNITS)
    assert "hold nobody aged 85 and over" in " ".join(found.notes)


def test_a_table_of_people_of_an_unknown_year_ends_the_projection():
    found = with_projection(place(), published(), 2022, units=UNITS).projection
    assert projection_beside(found, {"imd_rank"}) == (found, [])
    assert projection_beside(None, {"people"}) == (None, [])
    for column in ("people", "people_85_plus"):
        left, words = projection_beside(found, {column})
        assert left is None
        assert "does not state their year" in words[0]
