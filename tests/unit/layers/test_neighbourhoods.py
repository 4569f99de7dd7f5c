import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from shapely.geometry import box

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.layers.neighbourhoods import read_lookup
from nhcplanner.layers.readers.column_map import ColumnMap


@pytest.fixture(scope="module")
def place():
    return workflow.demo_place()


def written(tmp_path, frame, name="lookup.csv"):
    frame.to_csv(tmp_path / name, index=False)
    return tmp_path / name


def test_a_lookup_is_read_by_its_headings(tmp_path, place):
    codes = place.areas["area_code"]
    frame = pd.DataFrame({"LSOA21CD": [*codes[:3].str.lower(), "E01000001"],
                          "PCN name": ["North", " North ", "", "South"]})  # fmt: skip
    found = read_lookup(written(tmp_path, frame), place)
    assert found.names.to_dict() == {codes[0]: "North", codes[1]: "North"}
    words = " ".join(found.notes)
    assert "4 rows read, 2 areas of the place named" in words
    assert "1 row with a blank left out" in words
    assert "1 area outside the place left out: E01000001" in words


def test_an_area_with_two_names_is_a_fault(tmp_path, place):
    code = place.areas["area_code"][0]
    frame = pd.DataFrame({"area_code": [code, code], "neighbourhood": ["A", "B"]})
    with pytest.raises(InputError, match="appears with different names: A, B"):
        read_lookup(written(tmp_path, frame), place)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        ({"area_code": ["X01000001"], "people": ["3"]}, "has no column of neighbourhood"),
        ({"neighbourhood": ["A"], "people": ["3"]}, "neither area codes nor shapes"),
        ({"area_code": ["E01000001"], "neighbourhood": ["A"]}, "names no area of"),
    ],
)
def test_files_that_give_no_neighbourhoods_are_refused(tmp_path, place, frame, words):
    with pytest.raises(InputError, match=words):
        read_lookup(written(tmp_path, pd.DataFrame(frame)), place)


def test_areas_belong_to_the_polygon_that_their_people_start_in(tmp_path, place):
    west, south, east, north = place.areas.total_bounds
    middle = (west + east) / 2
    shapes = gpd.GeoDataFrame(
        {"name": ["West", "East", None]},
        geometry=[box(west, south, middle, north), box(middle, south, east, north),
                  box(0, 0, 1, 1)], crs=place.areas.crs,
    )  # fmt: skip
    shapes.to_file(tmp_path / "hubs.gpkg")
    found = read_lookup(tmp_path / "hubs.gpkg", place)
    x = pd.Series(place.origins.geometry.x.to_numpy(), place.origins["area_code"])
    wanted = (x < middle).map({True: "West", False: "East"})
    assert found.names.sort_index().to_dict() == wanted.sort_index().to_dict()
    assert any("1 row without a name or a polygon left out" in note for note in found.notes)


def test_the_column_map_names_the_columns_of_a_lookup(tmp_path, place):
    codes = place.areas["area_code"]
    frame = pd.DataFrame({"Area": codes[:2], "PCN": ["P", "Q"], "Network": ["N", "M"]})
    path = written(tmp_path, frame)
    with pytest.raises(InputError, match="PCN and Network may each be neighbourhood"):
        read_lookup(path, place)
    said = ColumnMap(tables={"lookup.csv": {"area_code": "Area", "neighbourhood": "Network"}})
    assert read_lookup(path, place, said).names.to_dict() == {codes[0]: "N", codes[1]: "M"}


def test_names_that_are_alike_have_a_note_and_words_for_blank_are_left_out(tmp_path, place):
    codes = place.areas["area_code"]
    names = [
        "North Town",
        "north town",
        "North  Town*",
        "East Bay",
        "West Bay",
        "N/A",
        "-",
        "1",
        "01",
    ]
    frame = pd.DataFrame({"area_code": codes[: len(names)], "neighbourhood": names})
    found = read_lookup(written(tmp_path, frame), place)
    (alike,) = [note for note in found.notes if "may be one neighbourhood" in note]
    assert "4 pairs of names" in alike
    assert "01 and 1" in alike
    assert "Bay" not in alike
    assert "2 rows with a blank left out" in " ".join(found.notes)


def test_what_was_done_to_a_workbook_is_among_the_notes(tmp_path, place):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["area_code", "neighbourhood"],
        *([code, None] for code in place.areas["area_code"][:4]),
    ]:
        sheet.append(row)
    sheet["B2"] = "North"
    sheet.merge_cells("B2:B5")
    book.save(tmp_path / "n.xlsx")
    found = read_lookup(tmp_path / "n.xlsx", place)
    assert set(found.names) == {"North"}
    assert any("3 cells filled from 1 merged range" in note for note in found.notes)
