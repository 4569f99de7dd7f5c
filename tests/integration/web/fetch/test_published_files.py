"""Official files as people really have them: one place, or a line that names the file and why."""

import zipfile

import geopandas as gpd
import pandas as pd
import pytest
import xlsxwriter
from shapely.geometry import Polygon

from nhcplanner import workflow
from nhcplanner.base.errors import FetchError
from nhcplanner.layers.sources import geography, ods, statistics


def portal_csv(rows):
    lines = [",".join(rows[0])] + [",".join(f'"{cell}"' for cell in row.values()) for row in rows]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


@pytest.fixture
def folder(england, tmp_path):
    """The files without which there is no place."""
    made = tmp_path / "downloads"
    made.mkdir()
    for name, source in (("areas", geography.AREA_LOOKUP), ("councils", geography.COUNCIL_LOOKUP)):
        (made / f"{name}.csv").write_bytes(portal_csv(england.tables[source.address]))
    (made / "imd.csv").write_bytes(england.files[statistics.IMD_2025.address])
    (made / "epraccur.csv").write_bytes(england.files[ods.PRACTICES.address])
    (made / "hle.csv").write_bytes(england.files[statistics.HLE.address])
    shapes(england).to_file(made / "lsoa.geojson")
    return made


def shapes(england):
    codes = list(england.shapes)
    rings = [shape["rings"][0] for shape in england.shapes.values()]
    return gpd.GeoDataFrame(
        {"LSOA21CD": codes, "LSOA21NM": codes}, geometry=[Polygon(r) for r in rings],
        crs="EPSG:27700",
    )  # fmt: skip


@pytest.fixture
def fetch(folder, tmp_path):
    def run(name="made"):
        how = workflow.Fetching(from_files=folder, streets="none", timetable=False)
        return workflow.load(workflow.fetch(["Plymouth"], tmp_path / name, how))

    return run


def as_workbook(folder):
    frame = pd.read_csv(folder / "imd.csv", dtype="str")
    (folder / "imd.csv").unlink()
    book = xlsxwriter.Workbook(folder / "imd.xlsx", {"strings_to_numbers": True})
    book.add_worksheet("Notes").write(0, 0, "File 7")
    page = book.add_worksheet("IoD2025 Scores")
    for number, row in enumerate([list(frame.columns), *frame.to_numpy().tolist()]):
        page.write_row(number, 0, row)
    book.close()


def as_zip(folder):
    with zipfile.ZipFile(folder / "all.zip", "w") as made:
        for name in ("imd.csv", "epraccur.csv", "councils.csv"):
            made.write(folder / name, f"download/{name}")
            (folder / name).unlink()


def with_semicolons(folder):
    frame = pd.read_csv(folder / "imd.csv", dtype="str")
    frame.to_csv(folder / "imd.csv", sep=";", index=False, encoding="cp1252")


def by_a_spreadsheet(folder):
    frame = pd.read_csv(folder / "epraccur.csv", header=None, dtype="str", keep_default_na=False)
    frame[10] = "01/04/1974"
    (folder / "epraccur.csv").unlink()
    frame.iloc[:, :26].to_csv(folder / "practices of ours.csv", header=False, index=False)


@pytest.mark.parametrize("change", [as_workbook, as_zip, with_semicolons, by_a_spreadsheet])
def test_another_form_of_the_same_files_gives_the_same_place(folder, fetch, change):
    plain = fetch("plain")
    change(folder)
    other = fetch("other")
    assert plain.areas.drop(columns="geometry").equals(other.areas.drop(columns="geometry"))
    assert plain.sites.equals(other.sites)
    assert len(other.sites) == 1


@pytest.mark.parametrize("form", ["lsoa.gpkg", "lsoa.shp", "lsoa.zip"])
def test_boundaries_in_each_form_that_is_read(england, folder, fetch, tmp_path, form):
    plain = fetch("plain")
    (folder / "lsoa.geojson").unlink()
    if form == "lsoa.zip":
        (tmp_path / "shp").mkdir()
        shapes(england).to_file(tmp_path / "shp" / "lsoa.shp")
        with zipfile.ZipFile(folder / form, "w") as made:
            for one in (tmp_path / "shp").iterdir():
                made.write(one, one.name)
    else:
        shapes(england).to_file(folder / form)
    assert fetch("other").areas.geom_equals_exact(plain.areas.geometry, 0.01).all()


@pytest.mark.parametrize(("name", "words"), [
    ("LSOA_Boundaries.kml", "KML is not read"), ("LSOA_Boundaries_1.csv", "this has no shapes"),
])  # fmt: skip
def test_boundaries_without_shapes_say_what_to_take(folder, fetch, name, words):
    (folder / "lsoa.geojson").unlink()
    (folder / name).write_text("FID,LSOA21CD,LSOA21NM,Shape__Area\n1,E01015003,a,5\n")
    with pytest.raises(FetchError, match=f"{name}: not used, {words}.*GeoPackage"):
        fetch()


def test_files_passed_over_are_in_the_place_and_its_record(folder, fetch):
    (folder / "fingertips.csv").write_text(
        (folder / "hle.csv").read_text().replace("90362,", "91872,")
    )
    (folder / "letter.docx").write_bytes(b"PK")
    place = fetch()
    passed = {one.file: one.passed_over for one in place.intake if one.passed_over}
    assert "no healthy life expectancy" in passed["fingertips.csv"]
    assert "91872" in passed["fingertips.csv"]
    assert set(passed) == {"fingertips.csv", "letter.docx"}
    rows = {one.file: one.rows_read for one in place.intake if not one.passed_over}
    assert rows["imd.csv"] == 5


def test_a_recognised_file_that_is_not_needed_has_a_line(folder, fetch):
    text = (folder / "imd.csv").read_text()
    (folder / "imd19.csv").write_text(text.replace("LSOA code (2021)", "LSOA code (2011)"))
    place = fetch()
    passed = {one.file: one.passed_over for one in place.intake if one.passed_over}
    assert "the place is made without it" in passed["imd19.csv"]


def test_a_council_without_hle_is_planned_with_a_word(folder, fetch):
    text = (folder / "hle.csv").read_text().splitlines()
    kept = [line for line in text if "E06000026" not in line]
    (folder / "hle.csv").write_text("\n".join(kept) + "\n")
    place = fetch()
    assert len(place.areas) == 3
    assert any("hle.csv: has no row for any area or council" in note for note in place.notes)


def test_the_edition_is_the_files_own(folder, fetch):
    lookup = folder / "areas.csv"
    lookup.write_bytes(lookup.read_bytes().replace(b"26CD", b"23CD").replace(b"26NM", b"23NM"))
    sources = {source.file: source for source in fetch().sources}
    assert sources["areas.csv"].vintage == "LSOA 2021, ICB 2023, LAD 2023"
    assert sources["councils.csv"].vintage == "LTLA 2023, UTLA 2023"
    assert sources["imd.csv"].vintage == "on LSOA 2021, denominators mid-2022"
