"""Places built from users' own files: every format, every fault with its row and mend."""

import gzip
import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPoint, Point, Polygon, box

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import CRS
from nhcplanner.layers import build_place, describe, read_place, write_place
from nhcplanner.layers.hle import gradient

CODES = ("E01000001", "E01000002", "E01000003", "E01000005")


class Files:
    """Two councils of two square areas each, and two sites, on disk to be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.areas = gpd.GeoDataFrame(
            {
                "LSOA21CD": list(CODES),
                "pop_mid2022": [1000, 2000, 3000, 4000],
                "UTLA23CD": ["E06000001", "E06000001", "E06000002", "E06000002"],
                "UTLA23NM": ["Hartlepool", "Hartlepool", "Middlesbrough", "Middlesbrough"],
                "IMD_rank": [100, 30_000, 5_000, 20_000],
            },
            geometry=[box(450_000 + 1000 * n, 520_000, 451_000 + 1000 * n, 521_000)
                      for n in range(4)],
            crs=CRS,
        )  # fmt: skip
        self.sites = pd.DataFrame(
            {
                "id": ["007", "008"],
                "name": ["Library", "Clinic"],
                "type": ["library", "clinic"],
                "easting": ["450,500", "452500"],
                "northing": ["520500", "520500"],
            }
        )

    def build(self, areas: str = "areas.gpkg", **others):
        areas_path, sites_path = self.folder / areas, self.folder / "sites.csv"
        if not areas_path.exists():
            self.areas.to_file(areas_path)
        if not sites_path.exists():
            self.sites.to_csv(sites_path, index=False)
        return build_place(areas_path, sites_path, **others)

    def text(self, name: str, *lines: str) -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    def faults(self, **given) -> tuple[Fault, ...]:
        with pytest.raises(InputError) as caught:
            self.build(**given)
        return caught.value.faults


@pytest.fixture
def files(tmp_path) -> Files:
    return Files(tmp_path)


def one(faults: tuple[Fault, ...]) -> Fault:
    assert len(faults) == 1, faults
    assert faults[0].mend
    return faults[0]


def test_a_geopackage_and_a_csv_make_a_place(files):
    place = files.build()
    assert place.areas["area_code"].tolist() == list(CODES)
    assert place.people == 10_000
    assert place.sites["site_id"].tolist() == ["007", "008"]
    assert place.sites.geometry.iloc[0] == Point(450_500, 520_500)
    assert place.sites["status"].tolist() == ["candidate", "candidate"]
    assert (place.vintage, place.index_name) == ("LSOA 2021", "IMD 2025")
    assert place.areas["imd_decile"].tolist() == [1, 9, 2, 6]
    assert place.sources[0].rows == 4
    assert len(place.sources[0].sha256) == 64


@pytest.mark.parametrize("name", ["areas.geojson", "areas.shp", "areas.parquet", "areas.csv"])
def test_every_format_makes_the_same_place(files, name):
    wanted = files.build()
    path = files.folder / name
    if name.endswith(".parquet"):
        files.areas.to_parquet(path)
    elif name.endswith(".csv"):
        files.areas.to_wkt().to_csv(path, index=False)
    elif name.endswith(".shp"):
        files.areas.rename(columns={"pop_mid2022": "pop"}).to_file(path)
    else:
        files.areas.to_crs("EPSG:4326").to_file(path)
    place = files.build(name)
    plain = [pd.DataFrame(each.areas).drop(columns="geometry") for each in (place, wanted)]
    pd.testing.assert_frame_equal(*plain)
    assert place.areas.normalize().geom_equals_exact(wanted.areas.normalize(), 0.1).all()


def test_a_shape_that_is_no_text_of_a_shape_is_told_by_row(files):
    table = files.areas.to_wkt()
    table.loc[1, "geometry"] = "SQUARE (1 2)"
    table.to_csv(files.folder / "areas.csv", index=False)
    fault = one(files.faults(areas="areas.csv"))
    assert (fault.row, fault.column, fault.problem) == (3, "geometry", "is no shape")
    table.loc[1, "geometry"] = None
    table.to_csv(files.folder / "areas.csv", index=False)
    fault = one(files.faults(areas="areas.csv"))
    assert (fault.row, fault.problem) == (3, "has no place on the map")


def test_blank_cells_of_text_are_missing_numbers(files):
    files.areas["hle"] = ["60.5", "", " ", "61"]
    assert files.build().areas["hle_basis"].tolist().count("given") == 2


def test_areas_may_be_points_in_a_csv(files):
    files.text(
        "areas.csv", "lsoa_code,people,pc_x,pc_y", 'E01000001,"1,000",450500,520500',
        "E01000002,5,451500,520500",
    )  # fmt: skip
    place = files.build("areas.csv")
    assert place.people == 1005
    assert place.origins_basis == "weighted centroid"
    assert place.origins.geometry.iloc[1] == Point(451_500, 520_500)


def test_shuffled_rows_make_the_same_place(files):
    wanted = files.build()
    (files.folder / "areas.gpkg").unlink()
    (files.folder / "sites.csv").unlink()
    files.areas, files.sites = files.areas.iloc[::-1], files.sites.iloc[::-1]
    place = files.build()
    for layer in ("areas", "sites", "origins"):
        pd.testing.assert_frame_equal(getattr(place, layer), getattr(wanted, layer))


def test_people_start_at_the_weighted_centroid_where_there_is_one(files):
    files.areas["pc_x"] = [450_100.0, None, None, None]
    files.areas["pc_y"] = [520_100.0, None, None, None]
    place = files.build()
    assert place.origins.geometry.iloc[0] == Point(450_100, 520_100)
    assert place.origins_basis == "weighted centroid (1 area), point inside the area (3 areas)"
    assert place.areas.geometry.contains(place.origins.geometry).all()


def test_tables_are_joined_by_area_and_council_and_counted(files):
    no_car = files.text("cars.csv", "lsoa21_code,no_car_share", "E01000001,0.5", "E01099999,0.1")
    hle = files.text(
        "hle.csv", "area_code,period,sex,value",
        "E06000001,2021 - 23,Male,70", "E06000001,2021 - 23,Female,70",
        "E06000001,2022 - 24,Male,58", "E06000001,2022 - 24,Female,60",
        "E06000009,2022 - 24,Male,55", "E06000009,2022 - 24,Female,55",
    )  # fmt: skip
    place = files.build(tables=[hle, no_car])
    joined = {source.layer: source for source in place.sources}
    assert joined["cars"].joined == (
        "by area code: 1 of 4 areas; 1 code of the table of other areas"
    )
    assert joined["hle"].joined == (
        "by council code: 1 of 2 councils, 2 of 4 areas; no row for E06000002"
    )
    assert joined["hle"].notes == ("period 2022 - 24: 4 of 6 rows",)
    assert place.areas["no_car_share"].isna().tolist() == [False, True, True, True]
    assert any(n == "cars.csv has no row for areas E01000002, E01000003, E01000005"
               for n in place.notes)  # fmt: skip
    basis = ["modelled", "modelled", "national gradient", "national gradient"]
    assert place.areas["hle_basis"].tolist() == basis
    people = place.areas["people"][:2]
    assert np.average(place.areas["hle"][:2], weights=people) == pytest.approx(59)
    assert place.areas["hle"][3] == pytest.approx(gradient().loc[6, "hle"])
    assert "1 council without an HLE figure: Middlesbrough" in place.notes


def test_a_council_mean_counts_its_areas_outside_the_place(files):
    """A place of half a council takes the decile mix of the whole, where tables know it."""
    names = ["LSOA21CD", "pop_mid2022", "UTLA23CD", "IMD_rank"]
    files.areas[names].to_csv(files.folder / "all.csv", index=False)
    hle = files.text("hle.csv", "utla_code,hle_male,hle_female", "E06000001,58,60")
    whole = files.build(tables=[hle])
    (files.folder / "areas.gpkg").unlink()
    files.areas = files.areas[["LSOA21CD", "geometry"]].iloc[[0, 2, 3]]
    part = files.build(tables=[files.folder / "all.csv", hle])
    assert len(part.areas) == 3
    assert part.areas["hle"][0] == pytest.approx(whole.areas["hle"][0])


def test_the_column_map_names_columns_sources_and_the_place(files):
    files.areas = files.areas.rename(columns={"LSOA21CD": "gebiet", "pop_mid2022": "leute"})
    columns = files.text(
        "map.toml", "[place]", 'name = "Tees"', 'index_name = "IMD 2019"', "synthetic = true",
        "[areas]", 'area_code = "gebiet"', 'people = "leute"',
        '[source.areas]', 'title = "Squares"', 'licence = "OGL v3"', 'retrieved = "2026-01-31"',
    )  # fmt: skip
    place = files.build(columns=columns)
    assert (place.name, place.index_name, place.synthetic) == ("Tees", "IMD 2019", True)
    source = place.sources[0]
    assert (source.title, source.licence, source.retrieved) == ("Squares", "OGL v3", "2026-01-31")


def test_a_column_that_the_map_invents_is_told_with_those_there_are(files):
    columns = files.text("map.toml", "[areas]", 'people = "folk"')
    fault = one(files.faults(columns=columns))
    assert (fault.file, fault.column) == ("areas.gpkg", "folk")
    assert "pop_mid2022" in fault.mend


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[areas", "not valid TOML"),
        ("[area]\npeople = 'x'", r"unknown section \[area\]"),
        ("[areas]\npeeple = 'x'", r"\[areas\] unknown key 'peeple'"),
        ("[areas]\npeople = 3", r"\[areas\] people is 3"),
        ("[hle]\nlevel = 'ward'", r"\[hle\] level is 'ward'"),
        ("areas = 3", r"\[areas\] must hold keys and values"),
        ("tables = 3", r"unknown section \[tables\]"),
    ],
)
def test_a_wrong_map_is_told(files, text, words):
    with pytest.raises(InputError, match=words):
        files.build(columns=files.text("map.toml", text))


def test_two_columns_that_fit_alike_must_be_told_apart(files):
    files.areas["pop_mid2021"] = 5
    fault = one(files.faults())
    assert fault.problem == "pop_mid2022 and pop_mid2021 may each be people"
    columns = files.text("map.toml", "[areas]", 'people = "pop_mid2022"')
    assert files.build(columns=columns).people == 10_000


def spoil(column: str, row: int, value: object):
    def change(files: Files) -> None:
        target = files.sites if column in files.sites else files.areas
        target[column] = target[column].astype(object)
        target.loc[row, column] = value

    return change


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        (spoil("LSOA21CD", 1, "E01000001"), ("areas.gpkg", 2, "LSOA21CD"), "more than one row"),
        (spoil("LSOA21CD", 1, "E0100"), ("areas.gpkg", 2, "LSOA21CD"), "E0100 is malformed"),
        (spoil("LSOA21CD", 1, None), ("areas.gpkg", 2, "LSOA21CD"), "is empty"),
        (spoil("LSOA21CD", 1, "E01000155"), ("areas.gpkg", 2, "LSOA21CD"), "is a 2011 code"),
        (spoil("pop_mid2022", 2, -5), ("areas.gpkg", 3, "pop_mid2022"), "is below 0"),
        (spoil("pop_mid2022", 2, None), ("areas.gpkg", 3, "pop_mid2022"), "is empty"),
        (spoil("IMD_rank", 0, 0), ("areas.gpkg", 1, "IMD_rank"), "is below 1"),
        (spoil("id", 1, "007"), ("sites.csv", 3, "id"), "more than one row"),
        (spoil("easting", 1, "east"), ("sites.csv", 3, "easting"), "east is not a number"),
        (spoil("easting", 1, None), ("sites.csv", 3, "geometry"), "has no place on the map"),
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
    assert fault.mend


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
    assert "swapped" in files.faults()[0].mend


def test_degrees_among_metres_are_seen(files):
    files.sites["easting"], files.sites["northing"] = ["-1.2", "-1.3"], ["54.5", "54.6"]
    fault = one(files.faults())
    assert fault.problem == "easting and northing hold degrees, not metres"


def test_latitude_for_longitude_is_seen(files):
    files.sites = files.sites.drop(columns=["easting", "northing"])
    files.sites["lon"], files.sites["lat"] = ["54.5", "54.6"], ["-1.2", "-1.3"]
    assert "look swapped" in one(files.faults()).problem


def test_an_unknown_reference_system_is_a_fault_that_the_map_mends(files):
    files.areas = files.areas.set_crs(None, allow_override=True)
    fault = one(files.faults(areas="areas.parquet") if _as_parquet(files) else ())
    assert (fault.file, fault.column) == ("areas.parquet", "geometry")
    assert "no coordinate reference system" in fault.problem
    columns = files.text("map.toml", "[areas]", 'crs = "EPSG:27700"')
    assert files.build("areas.parquet", columns=columns).people == 10_000


def _as_parquet(files: Files) -> bool:
    files.areas.to_parquet(files.folder / "areas.parquet")
    return True


def test_several_layers_must_be_told_apart(files):
    path = files.folder / "areas.gpkg"
    files.areas.to_file(path, layer="fine")
    files.areas.to_file(path, layer="coarse")
    fault = one(files.faults())
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
        ("areas.xlsx", b"garbage", "is of a format not read here"),
        ("areas.csv", b"\x00\x01", "is not a text file"),
        ("areas.csv", b"a;b\n1;2\n", "is not separated by commas"),
        ("areas.csv", b"a,b\n", "has no rows"),
        ("areas.csv", b"\n\n", "cannot be read as CSV"),
        ("areas.csv", b'a,b\n"1,2\n', "cannot be read as CSV"),
        ("areas.csv.gz", b"garbage", "cannot be unpacked"),
        ("areas.csv.gz", gzip.compress(b"a,b\n1,2\n")[:-6], "cannot be unpacked"),
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
        (["lsoa21_code,no_car_share", "E01000001,5"], "5.0 is above 1"),
        (["area_code,sex,value", "E06000001,Neither,60"], "is no sex known here"),
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
    fault = one(files.faults(tables=[table]))
    assert (fault.file, fault.row, fault.problem) == ("areas.gpkg", 4, "is empty")
    table = files.text("people.csv", "lsoa21_code,population", *rows, f"{CODES[3]},100")
    assert files.build(tables=[table]).people == 400


def test_sites_without_ids_are_numbered_and_buildings_stand_inside(files):
    files.sites = files.sites.drop(columns=["id", "type"])
    place = files.build()
    assert place.sites["site_id"].tolist() == ["site-0001", "site-0002"]
    assert place.sites["kind"].tolist() == ["building", "building"]
    shapes = [box(450_500, 520_500, 450_520, 520_520), MultiPoint([(452_500, 520_500)])]
    path = files.folder / "sites.gpkg"
    gpd.GeoDataFrame({"id": ["a", "b"]}, geometry=shapes, crs=CRS).to_file(path)
    place = build_place(files.folder / "areas.gpkg", path)
    assert shapes[0].contains(place.sites.geometry.iloc[0])
    assert any("2 sites given as another shape" in note for note in place.sources[1].notes)


def test_crossed_rings_are_mended_and_counted(files):
    bow = Polygon([(450_000, 520_000), (451_000, 521_000), (451_000, 520_000), (450_000, 521_000)])
    files.areas.loc[0, "geometry"] = bow
    place = files.build()
    assert place.areas.geometry.is_valid.all()
    assert place.sources[0].notes == ("1 shape whose rings crossed made valid",)


def test_own_figures_of_areas_are_given(files):
    files.areas["hle"] = [55.0, 60.0, 65.0, None]
    place = files.build()
    assert place.areas["hle_basis"].tolist() == ["given", "given", "given", "national gradient"]
    assert place.areas["hle"].tolist()[:3] == [55, 60, 65]


def test_a_council_figure_in_area_rows_is_modelled_unless_the_map_says_otherwise(files):
    files.areas["hle_male_2022_24"] = [58.0, 58.0, 61.0, 61.0]
    files.areas["hle_female_2022_24"] = [60.0, 60.0, 61.0, 61.0]
    assert files.build().areas["hle_basis"].tolist() == ["modelled"] * 4
    columns = files.text("map.toml", "[hle]", 'level = "area"')
    assert files.build(columns=columns).areas["hle_basis"].tolist() == ["given"] * 4


def test_the_map_chooses_the_period_and_the_key_of_a_table(files):
    lines = ["council,period,sex,value", "E06000001,2021 - 23,Persons,55"]
    hle = files.text("hle.csv", *lines, "E06000001,2022 - 24,Persons,60")
    said = ['[tables."hle.csv"]', 'key = "council"', "[hle]"]
    columns = files.text("map.toml", *said, 'period = "2021 - 23"')
    place = files.build(tables=[hle], columns=columns)
    assert np.average(place.areas["hle"][:2], weights=[1000, 2000]) == pytest.approx(55)
    columns = files.text("map.toml", *said, 'period = "2019 - 21"')
    fault = one(files.faults(tables=[hle], columns=columns))
    assert fault.problem == "has no period 2019 - 21"
    assert "2021 - 23, 2022 - 24" in fault.mend


def test_the_map_names_the_key_of_a_wide_table(files):
    table = files.text("cars.csv", "where,no_car_share", *(f"{code},0.5" for code in CODES))
    assert "code" in one(files.faults(tables=[table])).problem
    columns = files.text("map.toml", '[tables."cars.csv"]', 'key = "where"')
    assert (files.build(tables=[table], columns=columns).areas["no_car_share"] == 0.5).all()
    columns = files.text("map.toml", '[tables."cars.csv"]', 'key = "here"')
    assert one(files.faults(tables=[table], columns=columns)).column == "here"


def test_modelled_hle_out_of_range_is_told_and_not_clipped(files):
    hle = files.text("hle.csv", "utla_code,hle_male,hle_female", "E06000001,89,89")
    fault = one(files.faults(tables=[hle]))
    assert (fault.file, fault.row, fault.column) == ("areas.gpkg", 2, "hle")
    assert "HLE of E01000002 is modelled as 9" in fault.problem


def test_what_areas_have_is_kept_and_the_table_s_is_left_with_a_note(files):
    table = files.text("pop.csv", "lsoa21_code,population", *(f"{code},7" for code in CODES))
    place = files.build(tables=[table])
    assert place.people == 10_000
    assert "people is that of areas.gpkg; pop.csv's is left" in place.notes


def test_a_council_table_brings_names_too(files):
    files.areas = files.areas.drop(columns="UTLA23NM")
    table = files.text("names.csv", "UTLA23CD,UTLA23NM", "E06000001,Hartlepool")
    names = files.build(tables=[table]).areas["council_name"]
    assert names[:2].tolist() == ["Hartlepool", "Hartlepool"]
    assert names[2:].isna().all()


def test_sites_without_coordinates_are_told(files):
    files.sites = files.sites.drop(columns=["easting", "northing"])
    fault = one(files.faults())
    assert (fault.file, fault.problem) == ("sites.csv", "has no shapes and no coordinates")


def test_a_centroid_far_from_its_area_is_told(files):
    files.areas["pc_x"], files.areas["pc_y"] = 520_500.0, 450_500.0
    fault = files.faults()[0]
    assert (fault.file, fault.row) == ("areas.gpkg", 1)
    assert "start 98 km from their area" in fault.problem


def test_the_welsh_index_models_no_hle(files):
    files.areas = files.areas.rename(columns={"IMD_rank": "wimd2019_rank"})
    files.areas["wimd2019_rank"] = [100, 1000, 1500, 1909]
    hle = files.text("hle.csv", "utla_code,hle", "E06000001,58")
    place = files.build(tables=[hle])
    assert place.index_name == "WIMD 2019"
    assert place.areas["imd_decile"].tolist() == [1, 6, 8, 10]
    assert place.areas["hle_basis"].tolist() == ["published", "published", "missing", "missing"]


def test_a_place_of_2011_takes_its_codes_and_no_2021_ones(files):
    files.areas["LSOA21CD"] = ["E01000155", "E01000002", "E01000003", "E01000005"]
    columns = files.text("map.toml", "[place]", 'vintage = "LSOA 2011"')
    assert files.build(columns=columns).vintage == "LSOA 2011"
    table = files.text("new.csv", "lsoa21_code,no_car_share", "E01000002,0.1", "E01035000,0.2")
    assert "is on 2021 codes" in one(files.faults(columns=columns, tables=[table])).problem


def test_text_of_windows_is_read_and_noted(files):
    (files.folder / "sites.csv").write_bytes(
        "id,name,easting,northing\n1,Café,450500,520500\n".encode("cp1252")
    )
    place = files.build()
    assert place.sites["site_name"].tolist() == ["Café"]
    assert "Windows-1252" in place.sources[1].notes[0]


def test_a_built_place_says_of_itself_what_it_holds_and_lacks(files, tmp_path):
    place = read_place(write_place(files.build(), tmp_path / "out"))
    said = describe(place)
    for words in (
        "4 areas (LSOA 2021), 10,000 people",
        "By status: candidate 2",
        "No timetable: public transport cannot be measured",
        "No streets: minutes are an estimate from straight lines",
        "HLE by basis: national gradient 4",
        "point inside the area",
    ):
        assert words in said
    manifest = tomllib.loads((tmp_path / "out" / "place.toml").read_text(encoding="utf-8"))
    assert manifest["sources"][0]["sha256"] == place.sources[0].sha256
