"""Places built from users' own files, in every format, with joins and HLE counted."""

import tomllib
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import MultiPoint, Point, Polygon, box

from nhcplanner import OwnFiles, Scenario, build, demo_place, load, measure
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.layers import build_place, describe, read_place, write_place
from nhcplanner.layers.health.modelled import gradient
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.validate import report_far_areas

CODES = ("E01000001", "E01000002", "E01000003", "E01000005")


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
        "by area code: 1 of 4 areas; 1 code of the table of other areas; "
        "no row for E01000002, E01000003, E01000005"
    )
    assert (joined["cars"].matched, joined["cars"].unmatched) == (1, 3)
    assert joined["cars"].unmatched_codes == ("E01000002", "E01000003", "E01000005")
    assert joined["hle"].joined == (
        "by council code: 1 of 2 councils, 2 of 4 areas; no row for E06000002"
    )
    assert joined["hle"].notes == ("period 2022 - 24: 4 of 6 rows",)
    assert place.areas["no_car_share"].isna().tolist() == [False, True, True, True]
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


def test_what_areas_have_is_kept_and_the_table_s_is_left_with_a_note(files):
    table = files.text("pop.csv", "lsoa21_code,population", *(f"{code},7" for code in CODES))
    place = files.build(tables=[table])
    assert place.people == 10_000
    (note,) = [note for note in place.notes if note.startswith("people is that of areas.gpkg")]
    assert "they differ in 4 areas: E01000001 has 1000 against 7" in note


def test_a_council_table_leaves_what_areas_tell_even_where_that_is_nought(files):
    files.areas["own_clinics"] = [0.0, 0.0, np.nan, 0.0]
    table = files.text("more.csv", "UTLA23CD,own_clinics", "E06000001,3", "E06000002,5")
    areas = files.build(tables=[table]).areas
    assert areas["own_clinics"].tolist() == [0, 0, 5, 0]


def test_a_council_table_brings_names_too(files):
    files.areas = files.areas.drop(columns="UTLA23NM")
    table = files.text("names.csv", "UTLA23CD,UTLA23NM", "E06000001,Hartlepool")
    names = files.build(tables=[table]).areas["council_name"]
    assert names[:2].tolist() == ["Hartlepool", "Hartlepool"]
    assert names[2:].isna().all()


def test_the_welsh_index_models_no_hle(files):
    files.areas = files.areas.rename(columns={"IMD_rank": "wimd2019_rank"})
    files.areas["wimd2019_rank"] = [100, 1000, 1500, 1909]
    hle = files.text("hle.csv", "utla_code,hle", "E06000001,58")
    place = files.build(tables=[hle])
    assert place.index_name == "WIMD 2019"
    assert place.areas["imd_decile"].tolist() == [1, 6, 8, 10]
    assert place.areas["hle_basis"].tolist() == ["published", "published", "missing", "missing"]


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


def test_an_area_far_from_all_others_is_a_doubt_with_its_row():
    points = gpd.points_from_xy([1000, 2000, 3000, 1000], [300_000, 300_000, 300_000, 0])
    table = Table(Path("a.csv"), gpd.GeoDataFrame(geometry=points, crs=27700), 2)
    events = report_far_areas(table).intake.events
    assert [str(event) for event in events] == [
        "1 area more than 60 km from every other area (row 5)"
    ]
    near = table.with_frame(table.frame.iloc[:3])
    assert report_far_areas(near).intake.events == ()


def test_heights_of_a_file_make_walks_uphill_longer(tmp_path):
    """A plane that rises 3 m each 100 m to the east, over most of the demo place."""
    sources = demo_place().folder.parent / "sources"
    areas, sites, columns, streets = (
        sources / name for name in ("areas.gpkg", "sites.csv", "columns.toml", "streets.osm.pbf")
    )
    west, south, east, north = demo_place().areas.total_bounds.round(-2)
    cells = int((east - west) / 200) + 1, int((north - south) / 200) + 1
    row = " ".join(f"{6 * column:d}" for column in range(cells[0]))
    lines = [
        f"ncols {cells[0]}", f"nrows {cells[1]}", f"xllcorner {west}", f"yllcorner {south}",
        "cellsize 200", *[row] * cells[1],
    ]  # fmt: skip
    heights = tmp_path / "heights.asc"
    heights.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InputError, match="heights need streets"):
        OwnFiles(areas, sites, columns=columns, heights=(heights,))
    files = OwnFiles(areas, sites, columns=columns, streets=streets, heights=(heights,))
    place = load(build(files, tmp_path / "place"))
    assert place.has_heights
    assert "heights" in [record.role for record in place.intake]
    level, sloped = (
        measure(place, Scenario(slopes=slopes), keep=False) for slopes in (False, True)
    )
    both = (level.minutes.toarray() > 0) & (sloped.minutes.toarray() > 0)
    east_of_origin = (
        place.sites.geometry.x.to_numpy() - place.origins.geometry.x.to_numpy()[:, None]
    )
    ratio = sloped.minutes.toarray()[both] / level.minutes.toarray()[both]
    uphill, downhill = east_of_origin[both] > 1_000, east_of_origin[both] < -1_000
    assert ratio[uphill].mean() > 1.05
    assert ratio[downhill].mean() < 0.97
