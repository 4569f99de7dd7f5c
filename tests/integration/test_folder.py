"""Place folders: whole or not at all, and read back equal."""

import os
import shutil
import sys
import time
from dataclasses import replace

import geopandas as gpd
import pandas as pd
import pyarrow.parquet as pq
import pytest
from shapely import Point, box

from nhcplanner import layers
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.layers.place_folder.folder import read_place, write_place

LAYERS = ("areas", "sites", "origins")


@pytest.fixture
def place() -> Place:
    codes = ["E01000002", "E01000001"]
    shapes = [box(1000 * n, 0, 1000 * n + 1000, 1000) for n in (1, 0)]
    points = [Point(1000 * n + 400, 500) for n in (1, 0)]
    areas = gpd.GeoDataFrame(
        {"area_code": codes, "people": [200, 100], "imd_rank": [7, None], "hle": [60.5, 61.5]},
        geometry=shapes, crs=CRS,
    )  # fmt: skip
    sites = gpd.GeoDataFrame(
        {"site_id": ["b", "a"], "site_name": ["Büro", None]}, geometry=points, crs=CRS
    ).assign(kind="library", status="candidate")
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": [200, 100]}, geometry=points, crs=CRS
    )
    return Place(
        "Twin Squares", areas, sites, origins,
        sources=(Source("areas", "Squares", rows=2, notes=("drawn by hand",)),),
        synthetic=True, index_name="IMD 2025", vintage="LSOA 2021",
        origins_basis="weighted centroid", notes=("a note",),
    )  # fmt: skip


def test_a_place_reads_back_equal_with_types_and_order(place, tmp_path):
    first = read_place(write_place(place, tmp_path / "twin"))
    again = read_place(write_place(first, tmp_path / "again"))
    for layer in LAYERS:
        pd.testing.assert_frame_equal(getattr(again, layer), getattr(first, layer))
    assert first.areas["area_code"].tolist() == ["E01000001", "E01000002"]
    assert first.areas["people"].dtype == "int64"
    assert (first.sources, first.notes, first.synthetic) == (place.sources, place.notes, True)
    for name in ("name", "index_name", "vintage", "origins_basis"):
        assert getattr(first, name) == getattr(place, name)


def test_streets_and_timetable_go_along(place, tmp_path):
    timetable = tmp_path / "feed.zip"
    timetable.write_bytes(b"timetable")
    folder = write_place(place, tmp_path / "twin", streets=b"streets", timetable=timetable)
    copied = read_place(write_place(read_place(folder), tmp_path / "copy"))
    assert copied.streets == tmp_path / "copy" / "streets.npz"
    assert copied.streets.read_bytes() == b"streets"
    assert copied.timetable.read_bytes() == b"timetable"


def test_a_failure_in_the_middle_leaves_the_old_folder_whole(place, tmp_path, monkeypatch):
    folder = write_place(place, tmp_path / "twin")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr("nhcplanner.layers.place_folder.manifest.to_toml", broken)
    with pytest.raises(OSError, match="disk full"):
        write_place(replace(place, name="New"), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["twin"]


def test_a_failure_in_the_last_move_brings_the_old_folder_back(place, tmp_path, monkeypatch):
    folder = write_place(place, tmp_path / "twin")
    move = type(folder).replace

    def broken(self, target):
        if self.suffix == ".new":
            raise OSError("locked")
        return move(self, target)

    monkeypatch.setattr(type(folder), "replace", broken)
    with pytest.raises(InputError, match=r"twin: cannot be written \(locked\)"):
        write_place(replace(place, name="New"), folder)
    assert read_place(folder).name == "Twin Squares"
    assert [path.name for path in tmp_path.iterdir()] == ["twin"]


def test_a_place_folder_is_replaced_whole(place, tmp_path):
    folder = write_place(place, tmp_path / "twin", streets=b"streets")
    write_place(replace(place, name="New"), folder)
    assert read_place(folder).name == "New"
    assert read_place(folder).streets is None


@pytest.mark.parametrize("name", ["place", "place [v2]"])
def test_a_folder_put_aside_by_a_process_that_ended_comes_back(place, tmp_path, name):
    folder = write_place(place, tmp_path / name)
    folder.replace(tmp_path / f".{name}.12345678.0.old")
    assert read_place(folder).name == place.name
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_what_a_process_left_long_ago_goes_with_the_next_write(place, tmp_path):
    folder = write_place(place, tmp_path / "twin")
    for name, days in (("1.new", 2), ("1.0.old", 2), ("2.new", 0), ("2.0.old", 0)):
        left = tmp_path / f".twin.{name}"
        left.mkdir()
        os.utime(left, (time.time() - days * 86_400,) * 2)
    write_place(place, folder)
    assert {path.name for path in tmp_path.iterdir()} == {"twin", ".twin.2.new", ".twin.2.0.old"}


def test_a_users_own_files_in_a_place_folder_stay(place, tmp_path):
    folder = write_place(place, tmp_path / "twin")
    for name in ("letter.txt", "sites.docx"):
        (folder / name).write_text("dear all")
    write_place(replace(place, name="New"), folder)
    for name in ("letter.txt", "sites.docx"):
        assert (folder / name).read_text() == "dear all"


def test_codes_of_2011_are_refused_in_reading_too(place, tmp_path):
    folder = write_place(replace(place, vintage=""), tmp_path / "twin")
    for layer in ("areas", "origins"):
        path = folder / f"{layer}.parquet"
        frame = gpd.read_parquet(path)
        frame["area_code"] = frame["area_code"].replace("E01000001", "E01000155")
        frame.to_parquet(path)
    text = (folder / "place.toml").read_text().replace('vintage = ""', 'vintage = "LSOA 2021"')
    (folder / "place.toml").write_text(text)
    with pytest.raises(InputError, match="E01000155 is a 2011 code"):
        read_place(folder)


@pytest.mark.parametrize(
    ("layer", "column", "value", "words"),
    [
        ("origins", "area_code", "E01000009", "E01000009 is not an area of the place"),
        ("origins", "people", 7.0, "has 100 people, but 7 start in it"),
        ("sites", "geometry", Point(90_000, 500), "a lies 88 km outside the place"),
        ("sites", "geometry", Point(-5, 500), "lies outside Great Britain's grid"),
        ("origins", "geometry", Point(90_000, 500), "start 89 km from their area"),
    ],
)
def test_layers_that_do_not_belong_together_are_told_by_row(
    place, tmp_path, layer, column, value, words
):
    folder = write_place(place, tmp_path / "twin")
    path = folder / f"{layer}.parquet"
    frame = gpd.read_parquet(path)
    frame.loc[0, column] = value
    frame.to_parquet(path)
    with pytest.raises(InputError, match=words) as caught:
        read_place(folder)
    fault = caught.value.faults[0]
    assert fault.file == ("areas.parquet" if column == "people" else path.name)
    assert (fault.row, bool(fault.hint)) == (1, True)


def test_a_folder_of_other_files_is_refused(place, tmp_path):
    (tmp_path / "letter.txt").write_text("dear all")
    with pytest.raises(InputError, match="not a place folder"):
        write_place(place, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_an_empty_folder_is_taken(place, tmp_path):
    (tmp_path / "twin").mkdir()
    assert read_place(write_place(place, tmp_path / "twin")).name == "Twin Squares"


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "csv"])
def test_areas_and_sites_are_read_from_other_formats(place, tmp_path, ending):
    folder = write_place(place, tmp_path / "twin")
    told = read_place(folder)
    for layer in ("areas", "sites"):
        (folder / f"{layer}.parquet").unlink()
        frame, path = getattr(told, layer), folder / f"{layer}.{ending}"
        if ending == "csv":
            frame.to_wkt().to_csv(path, index=False)
        else:
            frame.to_file(path)
    again = read_place(folder)
    for layer in ("areas", "sites"):
        ours, theirs = getattr(told, layer), getattr(again, layer)
        pd.testing.assert_frame_equal(
            pd.DataFrame(theirs).drop(columns="geometry"),
            pd.DataFrame(ours).drop(columns="geometry"),
        )
        assert theirs.geometry.geom_equals_exact(ours.geometry, 0.01).all()


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("place.toml", None, "has no place.toml"),
        ("place.toml", b"name = ", "place.toml: not valid TOML"),
        ("place.toml", b'format = 99\nname = "x"', "place.toml: is of format 99"),
        ("place.toml", b"format = 1", "place.toml: name is missing"),
        ("place.toml", b"\xff\xfe", "place.toml: is not text"),
        ("areas.parquet", None, "holds no areas"),
        ("areas.parquet", b"PAR1", "areas.parquet: cannot be read as Parquet"),
        ("sites.parquet", b"", "sites.parquet: is empty"),
        ("origins.parquet", None, "holds no origins"),
    ],
)  # fmt: skip
def test_a_broken_folder_is_one_clear_fault(place, tmp_path, file, content, words):
    folder = write_place(place, tmp_path / "twin")
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_place(folder)
    assert len(caught.value.faults) == 1


def test_a_truncated_layer_is_one_clear_fault(place, tmp_path):
    folder = write_place(place, tmp_path / "twin")
    path = folder / "areas.parquet"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match=r"areas\.parquet: cannot be read"):
        read_place(folder)


def test_a_layer_without_the_shapes_that_it_speaks_of_is_one_clear_fault(place, tmp_path):
    path = write_place(place, tmp_path / "twin") / "areas.parquet"
    told = pq.read_table(path)
    bare = told.drop_columns("geometry").replace_schema_metadata(told.schema.metadata)
    pq.write_table(bare, path)
    with pytest.raises(InputError, match=r"areas\.parquet: cannot be read as Parquet") as caught:
        read_place(path.parent)
    assert len(caught.value.faults) == 1


def test_a_place_that_could_not_be_read_back_is_not_written(place, tmp_path):
    folder = write_place(place, tmp_path / "twin")
    before = (folder / "place.toml").read_bytes()
    with pytest.raises(InputError, match="notes 1 must be text"):
        write_place(replace(place, notes=(1.5,)), folder)
    assert (folder / "place.toml").read_bytes() == before


def test_no_folder_at_all_is_said(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        read_place(tmp_path / "nowhere")


def test_faults_of_all_layers_come_together(place, tmp_path):
    folder = write_place(place, tmp_path / "twin")
    for layer, column, value in (("areas", "hle", 300.0), ("sites", "status", "perhaps")):
        frame = gpd.read_parquet(folder / f"{layer}.parquet")
        frame[column] = value
        frame.to_parquet(folder / f"{layer}.parquet")
    with pytest.raises(InputError) as caught:
        read_place(folder)
    assert {fault.file for fault in caught.value.faults} == {"areas.parquet", "sites.parquet"}


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own on Windows")
@pytest.mark.parametrize("name", ["place.toml", "sites.parquet", "streets.npz", "times"])
def test_a_link_out_of_the_folder_is_refused(tmp_path, name):
    folder = tmp_path / "place"
    shutil.copytree(layers.demo_folder(), folder, symlinks=False)
    (folder / "times").mkdir(exist_ok=True)
    outside = tmp_path / "outside"
    (folder / name).rename(outside)
    (folder / name).symlink_to(outside)
    with pytest.raises(InputError, match=f"{name}: is a link to a file outside"):
        layers.read_place(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right of their own on Windows")
def test_links_within_the_folder_and_to_it_are_followed(tmp_path):
    folder = tmp_path / "place"
    shutil.copytree(layers.demo_folder(), folder, symlinks=False)
    (folder / "sites.parquet").rename(folder / "list.parquet")
    (folder / "sites.parquet").symlink_to("list.parquet")
    (tmp_path / "link").symlink_to(folder)
    assert len(layers.read_place(tmp_path / "link").sites)


def test_figures_that_excel_rounded_in_a_layer_kept_as_csv_are_refused(place, tmp_path):
    write_place(place, tmp_path / "twin")
    frame = pd.DataFrame(gpd.read_parquet(tmp_path / "twin" / "areas.parquet"))
    shapes = frame.pop("geometry").map(lambda shape: shape.wkt)
    frame = frame.assign(geometry=shapes, hle=["6.05E+01", "61.5"])  # it was 60.54
    (tmp_path / "twin" / "areas.parquet").unlink()
    frame.to_csv(tmp_path / "twin" / "areas.csv", index=False)
    with pytest.raises(InputError, match=r"(?s)row 2.*hle.*6\.05E\+01 is rounded"):
        read_place(tmp_path / "twin")
