"""Tables added to a place replace its figures, and leave the rest as it is."""

import pandas as pd
import pytest

from nhcplanner import InputError, demo_place, layers
from nhcplanner.layers.readers.column_map import ColumnMap

ACCEPTED = ColumnMap().with_answers(["agree=accept"])
"""The new people need not agree with the ages of the place."""


@pytest.fixture(scope="module")
def place():
    return demo_place()


def written(tmp_path, place, **columns):
    frame = pd.DataFrame({"area_code": place.areas["area_code"], **columns})
    path = tmp_path / "table.csv"
    frame.to_csv(path, index=False)
    return path


def test_people_replace_those_of_the_place_and_of_its_starting_points(place, tmp_path):
    people = place.areas["people"] * 2
    table = [written(tmp_path, place, people=people)]
    with pytest.raises(InputError, match=r"ages come to .*250 areas like this"):
        layers.with_tables(place, table)
    made = layers.with_tables(place, table, ACCEPTED)
    assert made.people == 2 * place.people
    assert made.origins["people"].tolist() == (place.origins["people"] * 2).tolist()
    assert made.areas["hle"].equals(place.areas["hle"])
    assert made.sites is place.sites
    assert made.streets == place.streets
    assert "people is that of your table" in made.notes
    assert [one.file for one in made.intake[len(place.intake) :]] == ["table.csv"]
    assert made.sources[-1].joined.startswith("by area code: 250 of 250 areas")


def test_healthy_life_expectancy_is_replaced_as_a_whole(place, tmp_path):
    """An interval of the former figure must not stay beside the new one."""
    hle = 60 + place.areas.index / 100
    made = layers.with_tables(place, [written(tmp_path, place, hle=hle)])
    assert made.areas["hle"].tolist() == pytest.approx(list(hle))
    assert "hle_low" not in made.areas or made.areas["hle_low"].isna().all()
    assert not made.areas["hle_basis"].equals(place.areas["hle_basis"])


def test_a_table_that_lacks_people_of_an_area_names_the_area(place, tmp_path):
    people = place.areas["people"].astype("float64").mask(place.areas.index == 3)
    with pytest.raises(InputError, match=f"{place.areas['area_code'][3]}: is empty"):
        layers.with_tables(place, [written(tmp_path, place, people=people)])


def test_people_without_a_starting_point_are_refused(place, tmp_path):
    empty = place.areas["area_code"] == place.areas["area_code"][0]
    less = layers.with_tables(
        place, [written(tmp_path, place, people=place.areas["people"].mask(empty, 0))], ACCEPTED
    )
    assert less.people == place.people - place.areas["people"][0]
    with pytest.raises(InputError, match="no starting point with people"):
        layers.with_tables(less, [written(tmp_path, place, people=place.areas["people"])])


def test_faults_of_all_tables_come_at_once(place, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("area_code,people\nX01000001,many\n")
    empty = tmp_path / "empty.csv"
    empty.write_text("a,b\n1,2\n")
    with pytest.raises(InputError) as caught:
        layers.with_tables(place, [bad, empty])
    assert {fault.file for fault in caught.value.faults} == {"bad.csv", "empty.csv"}
