"""Own files that cannot be used: every fault by file, row and column, with its mend."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from shapely import box

from nhcplanner.base.errors import InputError
from nhcplanner.layers import build_place

CODES = ("E01000001", "E01000002", "E01000003", "E01000005")


def test_a_shape_that_is_no_text_of_a_shape_is_told_by_row(files):
    table = files.areas.to_wkt()
    table.loc[1, "geometry"] = "SQUARE (1 2)"
    table.to_csv(files.folder / "areas.csv", index=False)
    fault = files.fault(areas="areas.csv")
    assert (fault.row, fault.column, fault.problem) == (3, "geometry", "is no shape")
    table.loc[1, "geometry"] = None
    table.to_csv(files.folder / "areas.csv", index=False)
    fault = files.fault(areas="areas.csv")
    assert (fault.row, fault.problem) == (3, "has no place on the map")


def test_a_column_that_the_map_invents_is_told_with_those_there_are(files):
    columns = files.text("map.toml", "[areas]", 'people = "folk"')
    fault = files.fault(columns=columns)
    assert (fault.file, fault.column) == ("areas.gpkg", "folk")
    assert "pop_mid2022" in fault.hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[areas", "not valid TOML"),
        ("[area]\npeople = 'x'", r"unknown section \[area\]"),
        ("[areas]\npeeple = 'x'", r"\[areas\] unknown key 'peeple'"),
        ("[areas]\npeople = 3", r"\[areas\] people is 3"),
        ("[hle]\nlevel = 'ward'", r"\[hle\] level is 'ward'"),
        (f"[place]\nname = '{'x' * 3_000}'", r"\[place\] name is 'xxx.* at most 2,000 signs"),
        ("[place]\nnotes = [1.5]", r"\[place\] notes is \[1.5\]"),
        ("areas = 3", r"\[areas\] must hold keys and values"),
        ("tables = 3", r"unknown section \[tables\]"),
    ],
)
def test_a_wrong_map_is_told(files, text, words):
    with pytest.raises(InputError, match=words):
        files.build(columns=files.text("map.toml", text))


def test_a_section_of_the_map_for_a_file_that_is_not_given_is_reported(files):
    table = files.text("hle.csv", "lsoa21cd,hle_male", *(f"{code},60" for code in CODES))
    near = files.text("map.toml", '[tables."hle2.csv"]', 'hle_male = "hle_male"')
    fault = files.fault(tables=[table], columns=near)
    assert (fault.file, fault.hint) == ("map.toml", "Did you mean hle.csv?")
    other = files.text("map.toml", '[tables."deprivation.csv"]', 'imd_rank = "rank"')
    place = files.build(tables=[table], columns=other)
    words = 'map.toml: [tables."deprivation.csv"] is of a file that is not given, and was not used'
    assert words in place.notes


def test_people_that_no_file_tells_are_asked_for(files):
    files.areas = files.areas.drop(columns="pop_mid2022")
    table = files.text("hle.csv", "lsoa21cd,hle_male", *(f"{code},60" for code in CODES))
    fault = files.fault(tables=[table])
    assert (fault.file, fault.column) == ("areas.gpkg", "people")


def test_two_columns_that_fit_alike_must_be_told_apart(files):
    files.areas["pop_mid2021"] = 5
    fault = files.fault()
    assert fault.problem == "pop_mid2022 and pop_mid2021 may each be people"
    columns = files.text("map.toml", "[areas]", 'people = "pop_mid2022"')
    assert files.build(columns=columns).people == 10_000


def spoil(column: str, row: int, value: object):
    def change(files) -> None:
        target = files.sites if column in files.sites else files.areas
        target[column] = target[column].astype(object)
        target.loc[row, column] = value

    return change


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        (spoil("LSOA21CD", 1, "E01000001"), ("areas.gpkg", 2, "LSOA21CD"), "appears twice"),
        (spoil("LSOA21CD", 1, "E0100"), ("areas.gpkg", 2, "LSOA21CD"), "E0100 is malformed"),
        (spoil("LSOA21CD", 1, None), ("areas.gpkg", 2, "LSOA21CD"), "is empty"),
        (spoil("LSOA21CD", 1, "E01000155"), ("areas.gpkg", 2, "LSOA21CD"), "is a 2011 code"),
        (spoil("pop_mid2022", 2, -5), ("areas.gpkg", 3, "pop_mid2022"), "is below 0"),
        (spoil("pop_mid2022", 2, None), ("areas.gpkg", 3, "pop_mid2022"), "is empty"),
        (spoil("IMD_rank", 0, 0), ("areas.gpkg", 1, "IMD_rank"), "is below 1"),
        (spoil("id", 1, "007"), ("sites.csv", 3, "id"), "appears twice"),
        (spoil("easting", 1, "east"), ("sites.csv", 3, "easting"), "east is not a number"),
        (spoil("easting", 1, None), ("sites.csv", 3, "easting"), "has only one of easting and"),
        (spoil("easting", 1, "250000"), ("sites.csv", 3, "geometry"), "008 lies 200 km outside"),
        (spoil("easting", 1, "9900000"), ("sites.csv", 3, "geometry"), "Great Britain's grid"),
    ],
)
def test_a_bad_cell_is_told_by_file_row_column_and_mend(files, change, where, words):
    change(files)
    faults = files.faults()
    assert {(fault.file, fault.row, fault.column) for fault in faults} >= {where}
    fault = next(f for f in faults if (f.file, f.row, f.column) == where)
    assert words in fault.problem
    assert fault.hint


def test_hle_out_of_range_is_told(files):
    files.areas["hle_male"] = [61.0, 39.0, 91.0, 60.0]
    assert [(f.row, f.column) for f in files.faults()] == [(2, "hle_male"), (3, "hle_male")]


def test_all_faults_of_all_files_come_together(files):
    files.areas.loc[0, "pop_mid2022"] = -1
    files.sites.loc[0, "id"] = "008"
    table = files.text("cars.csv", "lsoa21_code,no_car_share", "E01000001,7")
    faults = files.faults(tables=[table, files.folder / "gone.csv"])
    told = {Path(fault.file).name for fault in faults}
    assert told == {"areas.gpkg", "sites.csv", "cars.csv", "gone.csv"}


def test_swapped_coordinates_are_seen(files):
    files.sites = files.sites.rename(columns={"easting": "northing", "northing": "easting"})
    assert "swapped" in files.faults()[0].hint


def test_degrees_among_metres_are_seen(files):
    files.sites["easting"], files.sites["northing"] = ["-1.2", "-1.3"], ["54.5", "54.6"]
    fault = files.fault()
    assert fault.problem == "easting and northing hold degrees, not metres"


def test_latitude_for_longitude_is_seen(files):
    files.sites = files.sites.drop(columns=["easting", "northing"])
    files.sites["lon"], files.sites["lat"] = ["54.5", "54.6"], ["-1.2", "-1.3"]
    assert "look swapped" in files.fault().problem


def test_an_unknown_reference_system_is_a_fault_that_the_map_mends(files):
    files.areas.set_crs(None, allow_override=True).to_parquet(files.folder / "areas.parquet")
    fault = files.fault(areas="areas.parquet")
    assert (fault.file, fault.column) == ("areas.parquet", "geometry")
    assert "no coordinate reference system" in fault.problem
    columns = files.text("map.toml", "[areas]", 'crs = "EPSG:27700"')
    assert files.build("areas.parquet", columns=columns).people == 10_000


def test_several_layers_must_be_told_apart(files):
    path = files.folder / "areas.gpkg"
    files.areas.to_file(path, layer="fine")
    files.areas.to_file(path, layer="coarse")
    fault = files.fault()
    assert fault.problem == "holds several layers: fine, coarse"
    columns = files.text("map.toml", "[areas]", 'layer = "fine"')
    assert files.build(columns=columns).people == 10_000


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.gpkg", None, "no such file"),
        ("areas.gpkg", b"", "is empty"),
        ("areas.gpkg", b"garbage", "cannot be read"),
        ("areas.geojson", b'{"type": "FeatureCollection"', "cannot be read"),
        ("areas.shp", b"garbage", "cannot be read"),
        ("areas.parquet", b"garbage", "cannot be read as Parquet"),
        ("areas.xlsx", b"garbage", "is not an Excel workbook"),
        ("areas.csv", b"\x00\x01", "is not a text file"),
        ("areas.csv", b"a;b\n1;2\n", "has no rows"),
        ("areas.csv", b"a,b\n", "has no rows"),
        ("areas.csv", b"\n\n", "is empty"),
        ("areas.csv", b'a,b\n"1,2\n', "cannot be read as CSV"),
        ("areas.csv.gz", b"garbage", "cannot be unpacked"),
        ("areas.csv.gz", gzip.compress(b"a,b\n1,2\n", mtime=0)[:-6], "cannot be unpacked"),
        ("areas.csv.gz", gzip.compress(b"", mtime=0)[:10] + b"\xff" * 9, "cannot be unpacked"),
        ("areas.csv.gz", gzip.compress(b"a,b\n" * 1_000_000), "more than 200 times its size"),
    ],
)  # fmt: skip
def test_garbage_is_one_clear_fault(files, name, content, words):
    if content is not None:
        (files.folder / name).write_bytes(content)
        faults = files.faults(areas=name)
    else:
        files.sites.to_csv(files.folder / "sites.csv", index=False)
        with pytest.raises(InputError) as caught:
            build_place(files.folder / name, files.folder / "sites.csv")
        faults = caught.value.faults
    assert len(faults) == 1
    assert words in faults[0].problem


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["code_of_it,x", "a,b"], "has no column of area or council codes"),
        (["lsoa21_code,no_car_share", "E01099999,0.5"], "none of its codes is an area or a"),
        (
            ["lsoa21_code,no_car_share", "E01000001,0.5", "E01000001,0.6"],
            "E01000001 stands in an earlier row too; 1 row like this",
        ),
        (["lsoa_code,no_car_share", "E01000001,0.5", "E01000155,0.6"], "is on 2011 codes"),
        (["lsoa21_code,no_car_share", "E01000001,lots"], "lots is not a number"),
        (
            ["lsoa21_code,no_car_share", "E01000001,5"],
            "has figures of 5 to 5: are these shares of 1, or per cent?",
        ),
        (["area_code,sex,value", "E06000001,Neither,60"], "is not a known sex"),
        (["area_code,sex,value", "E06000001,Male,6o"], "is not a number"),
        (["area_code,sex,value", "E06000001,Male,20"], "is outside 40 to 90"),
        (["area_code,sex,value", *["E06000001,Male,60"] * 2], "gives a code and sex once more"),
        (["lsoa21_code,no_car_share"], "has no rows"),
    ],
)
def test_a_table_that_cannot_be_joined_is_told(files, lines, words):
    faults = files.faults(tables=[files.text("table.csv", *lines)])
    assert len(faults) == 1
    assert words in faults[0].problem
    assert faults[0].file == "table.csv"


def test_people_may_come_from_a_table_but_not_be_missing_there(files):
    files.areas = files.areas.drop(columns="pop_mid2022")
    rows = [f"{code},100" for code in CODES[:3]]
    table = files.text("people.csv", "lsoa21_code,population", *rows)
    fault = files.fault(tables=[table])
    assert (fault.file, fault.row, fault.problem) == ("areas.gpkg", 4, "is empty")
    table = files.text("people.csv", "lsoa21_code,population", *rows, f"{CODES[3]},100")
    assert files.build(tables=[table]).people == 400


def test_the_map_chooses_the_period_and_the_key_of_a_table(files):
    lines = ["council,period,sex,value", "E06000001,2021 - 23,Persons,55"]
    hle = files.text("hle.csv", *lines, "E06000001,2022 - 24,Persons,60")
    said = ['[tables."hle.csv"]', 'key = "council"', "[hle]"]
    columns = files.text("map.toml", *said, 'period = "2021 - 23"')
    place = files.build(tables=[hle], columns=columns)
    assert np.average(place.areas["hle"][:2], weights=[1000, 2000]) == pytest.approx(55)
    columns = files.text("map.toml", *said, 'period = "2019 - 21"')
    fault = files.fault(tables=[hle], columns=columns)
    assert fault.problem == "has no period 2019 - 21"
    assert "2021 - 23, 2022 - 24" in fault.hint


def test_the_map_names_the_key_of_a_wide_table(files):
    table = files.text("cars.csv", "where,no_car_share", *(f"{code},0.5" for code in CODES))
    assert "code" in files.fault(tables=[table]).problem
    columns = files.text("map.toml", '[tables."cars.csv"]', 'key = "where"')
    assert (files.build(tables=[table], columns=columns).areas["no_car_share"] == 0.5).all()
    columns = files.text("map.toml", '[tables."cars.csv"]', 'key = "here"')
    assert files.fault(tables=[table], columns=columns).column == "here"


def test_modelled_hle_out_of_range_is_told_and_not_clipped(files):
    hle = files.text("hle.csv", "utla_code,hle_male,hle_female", "E06000001,89,89")
    fault = files.fault(tables=[hle])
    assert (fault.file, fault.row, fault.column) == ("areas.gpkg", 2, "hle")
    assert "HLE of E01000002 is modelled as 9" in fault.problem


def test_sites_without_coordinates_are_told(files):
    files.sites = files.sites.drop(columns=["easting", "northing"])
    fault = files.fault()
    assert (fault.file, fault.problem) == ("sites.csv", "has no shapes and no coordinates")


def test_a_centroid_far_from_its_area_is_told(files):
    files.areas["pc_x"], files.areas["pc_y"] = 520_500.0, 450_500.0
    fault = files.faults()[0]
    assert (fault.file, fault.row) == ("areas.gpkg", 1)
    assert "start 98 km from their area" in fault.problem


def test_a_place_of_2011_takes_its_codes_and_no_2021_ones(files):
    files.areas["LSOA21CD"] = ["E01000155", "E01000002", "E01000003", "E01000005"]
    columns = files.text("map.toml", "[place]", 'vintage = "LSOA 2011"')
    assert files.build(columns=columns).vintage == "LSOA 2011"
    table = files.text("new.csv", "lsoa21_code,no_car_share", "E01000002,0.1", "E01035000,0.2")
    assert "is on 2021 codes" in files.fault(columns=columns, tables=[table]).problem


def test_a_coordinate_system_that_leads_nowhere_is_told(files):
    moon = "+proj=longlat +a=1737400 +b=1737400 +no_defs"
    files.areas = files.areas.set_crs(moon, allow_override=True).set_geometry(
        [box(n, 50, n + 1, 51) for n in range(4)], crs=moon
    )
    assert "cannot be converted to EPSG:27700" in files.fault().problem
