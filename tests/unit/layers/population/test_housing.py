"""Housing sites: read in several layouts, placed by hand, and faults and questions named."""

import geopandas as gpd
import pandas as pd
import pytest
from shapely import Point, box

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import questions_of
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.projection import AGES, Projection
from nhcplanner.layers.population.housing import read_housing, with_housing
from nhcplanner.layers.readers.column_map import ColumnMap

ROWS = {
    "site_name": ["Mill", "Yard", "Far", "None"], "homes": [100, 50, 10, 0],
    "year": [2026, 2031, 2030, 2030], "people_per_home": [2.0, None, 2.0, None],
    "easting": [400_500.0, 401_500.0, 460_000.0, 400_000.0],
    "northing": [300_500.0, 300_500.0, 300_000.0, 300_000.0],
}  # fmt: skip


def place(**changes) -> Place:
    shapes = [box(400_000 + 1000 * n, 300_000, 401_000 + 1000 * n, 301_000) for n in range(2)]
    areas = gpd.GeoDataFrame(
        {"area_code": ["E1", "E2"], "people": [100, 200], "projection_code": "U"},
        geometry=shapes, crs=CRS,
    )  # fmt: skip
    origins = areas.assign(origin_id=areas["area_code"], geometry=areas.centroid)
    table = pd.DataFrame({"code": "U", "name": "Unit", "age": [*AGES, "people"], "basis": 300.0,
                          "areas": 2, "2022": 300.0, "2030": 330.0})  # fmt: skip
    projection = Projection("T", "2022-based", 2022, by_age=False, table=table)
    given = {"projection": projection}
    return Place("Ely", areas, gpd.GeoDataFrame(origins), gpd.GeoDataFrame(origins),
                 **(given | changes))  # fmt: skip


def write(tmp_path, frame, name="homes.csv", **options):
    path = tmp_path / name
    frame.to_csv(path, index=False, **options)
    return path


def test_sites_lie_in_their_areas_and_what_is_left_out_has_a_line(tmp_path):
    found = with_housing(place(), write(tmp_path, pd.DataFrame(ROWS)))
    homes = found.projection.homes
    assert homes["area_code"].tolist() == ["E1", "E2"]
    assert homes["homes"].tolist() == [100, 50]
    assert homes["year"].tolist() == [2026, 2031]
    assert homes["people_per_home"].tolist() == [2.0, 2.41]
    lines = "\n".join(found.intake[-1].lines())
    assert "1 site in no area of the place (Far)" in lines
    assert "1 site without homes (row 5)" in lines
    assert "2.41 people a home in 2 sites: mean of England, Census 2021" in lines
    assert found.notes[-1] == ("2 housing sites with 150 homes, complete 2026 to 2031: homes.csv")
    assert found.sources[-1].layer == "housing"
    # 330 people in 2030, of whom 200 live in the new homes of E1
    assert found.in_year(2030).areas["people"].tolist() == [243, 87]
    assert found.in_year(2030, "on_top").areas["people"].tolist() == [310, 220]


def test_other_layouts_of_the_same_sites_are_the_same(tmp_path):
    frame = pd.DataFrame(ROWS)
    plain = with_housing(place(), write(tmp_path, frame)).projection.homes
    points = gpd.GeoSeries.from_xy(frame["easting"], frame["northing"], crs=CRS)
    degrees = points.to_crs("EPSG:4326")
    rest = frame.drop(columns=["easting", "northing"])
    shapes = gpd.GeoDataFrame(rest, geometry=points.buffer(10, cap_style="square"))
    register = rest.rename(
        columns={"site_name": "SiteNameAddress", "homes": "NetDwellings"}
    ).assign(GeoX=degrees.x, GeoY=degrees.y, CoordinateReferenceSystem="WGS84")
    layer = tmp_path / "homes.gpkg"
    shapes.to_file(layer)
    dates = frame.assign(year=[f"{year}-03-31" for year in frame["year"]])
    texts = rest.assign(point=degrees.to_wkt())
    options = [
        write(tmp_path, frame.iloc[::-1], "backwards.csv"),
        write(tmp_path, frame, "utf16.csv", encoding="utf-16"),
        write(tmp_path, dates, "dates.csv"),
        write(tmp_path, texts, "texts.csv"),
        write(tmp_path, register, "register.csv"),
        layer,
    ]
    for path in options:
        homes = with_housing(place(), path).projection.homes
        pd.testing.assert_frame_equal(homes, plain, check_dtype=False, atol=3.0)
    table, _ = read_housing(layer)
    assert "3 shapes taken as a point inside it" in "\n".join(table.intake.lines())


def test_a_register_of_smallest_and_largest_numbers_asks_which(tmp_path):
    frame = pd.DataFrame(ROWS).drop(columns=["homes", "year"])
    frame["minimum-net-dwellings"], frame["maximum-net-dwellings"] = [10, 20, 0, 0], [12, 24, 0, 0]
    path = write(tmp_path, frame)
    with pytest.raises(InputError) as error:
        read_housing(path)
    assert [one.key for one in questions_of(error.value)] == ["homes.range", "homes.year"]
    answers = ColumnMap(assume={"homes.range": "maximum", "homes.year": "2030"})
    table, homes = read_housing(path, answers)
    assert homes["homes"].tolist() == [12, 24]
    assert homes["year"].tolist() == [2030, 2030]
    assert "homes are 'maximum-net-dwellings'" in "\n".join(table.intake.lines())


@pytest.mark.parametrize(
    ("change", "words", "row"),
    [
        ({"homes": [100, -50, 10, 0]}, "'-50' is not a number of homes", 3),
        ({"homes": [100, "many", 10, 0]}, "'many' is not a number of homes", 3),
        ({"homes": [100, "45%", 10, 0]}, "'45%' is not a number of homes", 3),
        ({"year": [2026, "2030/31", 2030, 2030]}, "'2030/31' is not a year", 3),
        ({"people_per_home": [2.0, -1, 2, 2]}, "'-1.0' is not a number of people a home", 3),
        ({"people_per_home": [2.0, 120, 2, 2]}, "120 people a home are too many", 3),
        ({"easting": [400_500.0, None, 460_000.0, 400_000.0]}, "has only one of", 3),
    ],
)
def test_damaged_rows_are_refused_by_row(tmp_path, change, words, row):
    with pytest.raises(InputError, match=words) as error:
        read_housing(write(tmp_path, pd.DataFrame(ROWS | change)))
    assert [one.row for one in error.value.faults] == [row]


def test_lists_without_homes_years_or_a_projection_are_refused(tmp_path):
    path = write(tmp_path, pd.DataFrame(ROWS).drop(columns="homes"))
    with pytest.raises(InputError, match="has no column of homes: it has site_name"):
        read_housing(path)
    path = write(tmp_path, pd.DataFrame(ROWS))
    with pytest.raises(InputError, match="new homes need a population projection"):
        with_housing(place(projection=None), path)
    far = write(tmp_path, pd.DataFrame(ROWS).assign(easting=460_000.0))
    with pytest.raises(InputError, match="none of its sites is in an area of the place"):
        with_housing(place(), far)


def test_areas_without_borders_take_the_nearest(tmp_path):
    dots = place().areas.assign(geometry=[Point(400_500, 300_500), Point(401_500, 300_500)])
    made = place()
    bare = Place("Ely", gpd.GeoDataFrame(dots), made.sites, made.origins,
                 projection=made.projection)  # fmt: skip
    found = with_housing(bare, write(tmp_path, pd.DataFrame(ROWS)))
    assert found.projection.homes["area_code"].tolist() == ["E1", "E2", "E2"]
    assert "areas have no borders" in "\n".join(found.intake[-1].lines())


def test_people_a_home_may_be_answered(tmp_path):
    answers = ColumnMap(assume={"homes.people": "1.8"})
    _, homes = read_housing(write(tmp_path, pd.DataFrame(ROWS)), answers)
    assert homes["people_per_home"].tolist() == [2.0, 1.8, 2.0]


def doubts(table):
    return [str(event) for event in table.intake.events if event.kind in ("doubt", "duplicate")]


def test_sites_twice_part_homes_and_huge_numbers_have_a_line(tmp_path):
    frame = pd.DataFrame(ROWS).iloc[[0, 1, 0]].assign(homes=["100", "1.200", "100"])
    table, homes = read_housing(write(tmp_path, frame))
    assert len(homes) == 3
    assert doubts(table) == [
        "1 site in a row above too: homes count twice (row 4: 100)",
        "1 site with decimals: is a point a thousands separator? (row 3: 1.2)",
    ]
    table, _ = read_housing(write(tmp_path, frame.iloc[:1].assign(homes=120_000)))
    assert doubts(table) == ["1 site with more than 10,000 homes (row 2: 120000)"]


def test_sites_removed_from_a_register_are_left_out(tmp_path):
    frame = pd.DataFrame(ROWS).iloc[:2].assign(EndDate=["", "2024-01-01"])
    table, homes = read_housing(write(tmp_path, frame))
    assert homes["name"].tolist() == ["Mill"]
    assert any(str(event) == "1 site removed from the register (row 3)"
               for event in table.intake.events)  # fmt: skip


def test_homes_complete_by_the_base_year_are_named(tmp_path):
    frame = pd.DataFrame(ROWS).iloc[:2].assign(year=[2020, 2031])
    record = with_housing(place(), write(tmp_path, frame)).intake[-1]
    assert any("1 site complete by 2022" in event.words for event in record.events)


def test_a_register_of_2017_is_read_with_its_range_where_it_has_one(tmp_path):
    frame = pd.DataFrame({
        "SiteNameAddress": ["Mill", "Yard"], "CoordinateReferenceSystem": "OSGB36",
        "GeoX": [400_500.0, 401_500.0], "GeoY": [300_500.0, 300_500.0],
        "MinNetDwellings": [10, 20], "NetDwellingsRangeFrom": [None, None],
        "NetDwellingsRangeTo": [None, None],
    })  # fmt: skip
    said = ColumnMap(assume={"homes.year": "2030"})
    _, homes = read_housing(write(tmp_path, frame), said)
    assert homes["homes"].tolist() == [10, 20]
    path = write(tmp_path, frame.assign(NetDwellingsRangeTo=[15, None]))
    with pytest.raises(InputError) as caught:
        read_housing(path, said)
    assert [question.key for question in questions_of(caught.value)] == ["homes.range"]
    most = ColumnMap(assume={"homes.year": "2030", "homes.range": "maximum"})
    table, homes = read_housing(path, most)
    assert homes["homes"].tolist() == [15, 20]
    assert any("'NetDwellingsRangeTo' is blank in 1 row: 'MinNetDwellings' counts" in event.words
               for event in table.intake.events)  # fmt: skip
