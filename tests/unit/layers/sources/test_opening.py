"""Files as they come from a publisher's page: packed, as workbooks, with other separators."""

import zipfile

import geopandas as gpd
import pytest
import xlsxwriter
from shapely import box

from nhcplanner.layers.sources.opening import as_csv, find_separator, only_whole, open_parts

BULK = "date,geography,geography code,Age: Total\n2021,a,E01000001,10\n"


@pytest.fixture
def scratch(tmp_path):
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def packed(path, files):
    with zipfile.ZipFile(path, "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_each_table_of_a_zip_is_a_part_with_its_own_name(tmp_path, scratch):
    path = packed(tmp_path / "ts007a.zip", {
        "census2021-ts007a-lsoa.csv": BULK, "metadata/ts007a.txt": "Age\nAbout this table\n",
    })  # fmt: skip
    parts = open_parts(path, scratch)
    assert [part.name for part in parts] == [
        "ts007a.zip: census2021-ts007a-lsoa.csv", "ts007a.zip: ts007a.txt"
    ]  # fmt: skip
    assert parts[0].rows[1] == ("2021", "a", "E01000001", "10")
    assert parts[0].path.read_text() == BULK


def test_a_zip_cannot_write_outside_its_folder(tmp_path, scratch):
    path = packed(tmp_path / "evil.zip", {"../../evil.csv": BULK})
    (part,) = open_parts(path, scratch)
    assert scratch in part.path.parents
    assert not (tmp_path / "evil.csv").exists()


@pytest.mark.parametrize(("files", "words"), [
    ({"LSOA.gdb/a.gdbtable": "x"}, "a file geodatabase is not read"),
    ({"areas.kml": "<kml/>"}, "KML is not read"),
    ({"inner.zip": "PK"}, "a zip in a zip is not read"),
])  # fmt: skip
def test_forms_that_are_not_read_say_what_to_take(tmp_path, scratch, files, words):
    (part,) = open_parts(packed(tmp_path / "portal.zip", files), scratch)
    assert words in part.why_not
    assert not part.kind


def test_a_feed_is_one_part(tmp_path, scratch):
    path = packed(tmp_path / "buses.zip", {"stops.txt": "stop_id\n", "trips.txt": "trip_id\n"})
    assert [part.kind for part in open_parts(path, scratch)] == ["timetable"]


def test_a_shapefile_in_a_zip_is_one_layer(tmp_path, scratch):
    areas = gpd.GeoDataFrame(
        {"LSOA21CD": ["E01000001"]}, geometry=[box(0, 0, 1000, 1000)], crs="EPSG:27700"
    )
    folder = tmp_path / "shp"
    folder.mkdir()
    areas.to_file(folder / "LSOA.shp")
    path = tmp_path / "LSOA.zip"
    with zipfile.ZipFile(path, "w") as made:
        for one in folder.iterdir():
            made.write(one, one.name)
    (part,) = open_parts(path, scratch)
    assert part.kind == "layer"
    assert part.columns(0) == {"LSOA21CD", "(Polygon)"}


def test_files_beside_a_shapefile_are_part_of_it(tmp_path):
    paths = [tmp_path / name for name in ("a.dbf", "a.shp", "a.shx", "b.dbf")]
    assert [one.name for one in only_whole(paths)] == ["a.shp", "b.dbf"]


def test_a_workbook_gives_a_part_a_sheet_and_becomes_the_csv_it_was_made_of(tmp_path, scratch):
    path = tmp_path / "imd.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Notes").write(0, 0, "About these data")
    page = book.add_worksheet("IoD2025")
    page.write_row(0, 0, ["File 7"])
    page.write_row(2, 0, ["LSOA code (2021)", "Rank", "Score"])
    page.write_row(3, 0, ["E01000001", 6128, 12.5])
    book.close()
    parts = open_parts(path, scratch)
    assert [part.sheet for part in parts] == ["Notes", "IoD2025"]
    out = tmp_path / "imd.csv"
    as_csv(path, "IoD2025", "", 2, out)
    assert out.read_text() == "LSOA code (2021),Rank,Score\nE01000001,6128,12.5\n"


def test_semicolons_become_commas(tmp_path, scratch):
    path = tmp_path / "a.csv"
    path.write_text('LSOA21CD;x\nE01000001;"1;5"\n')
    (part,) = open_parts(path, scratch)
    assert (part.separator, part.rows[1]) == (";", ("E01000001", "1;5"))
    as_csv(path, "", ";", 0, tmp_path / "b.csv")
    assert (tmp_path / "b.csv").read_text() == "LSOA21CD,x\nE01000001,1;5\n"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|", "¬"])
def test_the_separator_is_found_among_cells_that_hold_others(separator):
    rows = [
        ["code", "name", "address"],
        ["A1", "Smith", "1, High St"],
        ["A2", "Jones", "2, Low; x"],
    ]
    text = "\n".join(separator.join(f'"{cell}"' for cell in row) for row in rows)
    assert find_separator(text) == separator


def test_what_is_damaged_or_empty_says_so(tmp_path, scratch):
    (tmp_path / "a.zip").write_bytes(b"PK\x03\x04 cut short")
    (tmp_path / "b.csv").write_bytes(b"")
    (tmp_path / "c.bin").write_bytes(b"x")
    words = [
        open_parts(tmp_path / name, scratch)[0].why_not for name in ("a.zip", "b.csv", "c.bin")
    ]
    assert words[0].startswith("cannot be read")
    assert words[1:] == ["is empty", "its format is not one of official tables"]
