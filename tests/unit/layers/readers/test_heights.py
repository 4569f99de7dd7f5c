"""Files of heights: the same heights in every format, and faults with their row."""

import re
import zipfile

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.layers import read_heights

GRID = """ncols 3
nrows 2
xllcorner 450000
yllcorner 300000
cellsize 50
NODATA_value -9
10 20 30
40 -9 60.5
"""
KNOWN = {(450025, 300075): 10, (450075, 300075): 20, (450125, 300075): 30,
         (450025, 300025): 40, (450125, 300025): 60.5}  # fmt: skip
AT = np.array(list(KNOWN), dtype=float)


@pytest.fixture
def write(tmp_path):
    def to_file(name, text):
        path = tmp_path / name
        if name.endswith(".zip"):
            with zipfile.ZipFile(path, "w") as archive:
                archive.writestr("data/sk80.asc", text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    return to_file


def rows(separator, sentinel=""):
    lines = [separator.join(map(str, (*xy, z))) for xy, z in KNOWN.items()]
    return lines + [separator.join(("450075", "300025", sentinel))] * bool(sentinel)


FORMATS = {
    "grid.asc": GRID,
    "centred.asc": GRID.replace("xllcorner 450000", "xllcenter 450025").replace(
        "yllcorner 300000", "yllcenter 300025"
    ),
    "terrain.zip": GRID,
    "points.xyz": "\n".join(rows(" ", "-9999")),
    "points.csv": "\n".join(["Easting,Northing,Height (m)", *rows(",")]),
}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_heights(write, name):
    heights, [record] = read_heights([write(name, FORMATS[name])])
    np.testing.assert_allclose(heights.at(AT), list(KNOWN.values()))
    assert np.isnan(heights.at(np.array([(450_075.0, 300_025.0), (460_000.0, 300_025.0)]))).all()
    assert (record.file, record.role) == (name, "heights")
    words = [str(event) for event in record.events]
    assert "heights from 10.0 to 60.5 m" in words
    if name != "points.csv":
        assert "1 height without data" in words


def test_points_on_no_grid_are_told_apart_and_reach_100_m(write):
    path = write("odd.csv", "x,y,z\n450000,300000,5\n450130,300071,9\n450260,300300,11\n")
    heights, [record] = read_heights([path])
    assert heights.at(np.array([(450_120.0, 300_000.0), (451_000.0, 300_000.0)])).tolist()[0] == 9
    assert any("no regular grid" in str(event) for event in record.events)


@pytest.mark.parametrize(
    ("name", "text", "words", "row"),
    [
        ("a.asc", GRID.replace("60.5", "sea"), "'sea' is not a height", 8),
        ("a.asc", GRID.replace("60.5", "6050"), "6,050 m is no height", 8),
        ("a.asc", GRID.replace("40 -9 60.5\n", ""), "cut short", 7),
        ("a.asc", GRID.replace("10 20", "10"), "2 heights in a row of 3", 7),
        ("a.asc", GRID + "1 2 3\n", "more than 2 rows", 9),
        ("a.asc", GRID.replace("nrows 2", "nrows 90000000"), "90000000|9e.07", None),
        ("a.asc", GRID.replace("nrows 2\n", ""), "has no nrows", None),
        ("a.asc", GRID.replace("450000", "-1.5").replace("300000", "52.6"), "not degrees", None),
        ("a.asc", GRID.replace("cellsize 50", "cellsize fifty"), "'fifty' is not a number", 5),
        ("a.xyz", "450000 300000 1\n450000 300000\n", "not three numbers", 2),
        ("a.xyz", "450000 300000 1\n450000 300000 4\n", "another height in a row above", 2),
        ("a.csv", "easting,northing,height\n450000,300000,many\n", "'many' is not a number", 2),
        ("a.csv", "easting,northing,height_ft\n450000,300000,5\n", "is in feet", None),
        ("a.csv", "easting,northing,depth\n450000,300000,5\n", "single height", None),
        ("a.tif", "II", "another format", None),
        ("a.zip", "nothing here at all", "has no ncols", None),
        ("a.asc", GRID.replace("10 20 30", "-9 -9 -9").replace("40 -9 60.5", "-9 -9 -9"),
         "no known height", None),
    ],
)  # fmt: skip
def test_faults_name_file_and_row(write, name, text, words, row):
    with pytest.raises(InputError) as error:
        read_heights([write(name, text)])
    [fault] = error.value.faults
    assert re.search(words, f"{fault.problem} {fault.hint}")
    assert fault.row == row
    assert fault.file.startswith(name)


def test_faults_of_all_files_come_together(write, tmp_path):
    paths = [write("a.tif", ""), tmp_path / "none.asc", write("b.xyz", "1 2")]
    with pytest.raises(InputError) as error:
        read_heights(paths)
    assert len(error.value.faults) == 3
