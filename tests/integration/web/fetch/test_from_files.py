"""fetch --from-files: official files downloaded by hand give the same place as the network."""

import json

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, Polygon
from typer.testing import CliRunner

from nhcplanner import layers, workflow
from nhcplanner.base.errors import FetchError, InputError
from nhcplanner.cli.commands import app
from nhcplanner.layers.gathering import FromWeb
from nhcplanner.layers.sources import geography, ods, statistics

AREA_ONLY = workflow.Fetching(streets="none", timetable=False)


def portal_csv(rows):
    """A table as the Open Geography Portal gives it for download: with a mark and row numbers."""
    lines = [",".join([*rows[0], "ObjectId"])]
    lines += [",".join([*(f'"{cell}"' for cell in row.values()), str(n)])
              for n, row in enumerate(rows, 1)]  # fmt: skip
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def bulk_csv(label, cells, codes):
    """A census table as Nomis gives it in bulk."""
    lines = [",".join(["date", "geography", "geography code", *(f'"{label}: {c}"' for c in cells)])]
    lines += [",".join(["2021", "name", code, *map(str, cells.values())]) for code in codes]
    return "\n".join(lines).encode()


@pytest.fixture
def folder(england, tmp_path):
    """Files as a browser saves them, some under names of one's own."""
    made = tmp_path / "downloads"
    made.mkdir()
    saved = {
        "lookup of areas.csv": portal_csv(england.tables[geography.AREA_LOOKUP.address]),
        "councils.csv": portal_csv(england.tables[geography.COUNCIL_LOOKUP.address]),
        "ruc.csv": portal_csv(england.tables[geography.RURAL_URBAN.address]),
        "imd (1).csv": england.files[statistics.IMD_2025.address],
        "sapelsoasyoa20222024.xlsx": england.files[statistics.MID_YEAR.address],
        "data.csv": england.files[statistics.HLE.address],
        "epraccur.csv": england.files[ods.PRACTICES.address],
        "epcncorepartnerdetails.csv": england.files[ods.PARTNERS.address],
        "notes.txt": b"not a source",
    }
    codes = list(england.shapes)
    saved["cars.csv"] = bulk_csv(
        "Number of cars or vans",
        {"Total: All households": 800, "No cars or vans in household": 200}, codes,
    )  # fmt: skip
    saved["ts038.csv"] = bulk_csv(
        "Disability",
        {"Total: All usual residents": 1800, "Disabled under the Equality Act": 450}, codes,
    )  # fmt: skip
    for name, body in saved.items():
        (made / name).write_bytes(body)
    names = [row["LSOA21NM"] for row in england.tables[geography.BOUNDARIES.address]]
    rings = [shape["rings"][0] for shape in england.shapes.values()]
    polygons = gpd.GeoDataFrame(
        {"FID": range(len(codes)), "LSOA21CD": codes, "LSOA21NM": names},
        geometry=[Polygon(ring) for ring in rings], crs="EPSG:27700",
    )  # fmt: skip
    polygons.to_file(made / "boundaries.gpkg", layer="LSOA_2021_EW_BGC_V5")
    points = [Point(ring[0][0] + 400, ring[0][1] + 600) for ring in rings]
    gpd.GeoDataFrame({"LSOA21CD": codes}, geometry=points, crs="EPSG:27700").to_file(
        made / "points.geojson"
    )
    return made


def test_files_by_hand_give_the_same_place(folder, served, web, tmp_path):
    by_hand = workflow.load(
        workflow.fetch(
            ["Plymouth"], tmp_path / "by_hand",
            workflow.Fetching(from_files=folder, streets="none", timetable=False),
        )
    )  # fmt: skip
    fetched = workflow.load(
        workflow.fetch(["Plymouth"], tmp_path / "web", AREA_ONLY, None, FromWeb(web))
    )
    tables = [pd.DataFrame(place.areas.drop(columns="geometry")) for place in (by_hand, fetched)]
    pd.testing.assert_frame_equal(*tables)
    assert by_hand.areas.geom_equals(fetched.areas).all()
    assert by_hand.sites.equals(fetched.sites)
    assert by_hand.sites["neighbourhood"].tolist() == ["INVENTED PCN"]
    assert by_hand.origins.geometry.geom_equals_exact(fetched.origins.geometry, 0.01).all()
    layers = {source.layer for source in by_hand.sources}
    assert layers == {source.layer for source in fetched.sources}
    imd = next(source for source in by_hand.sources if source.layer == "imd")
    assert (imd.file, imd.publisher) == ("imd (1).csv", statistics.MHCLG)
    assert "given by hand" in imd.notes[0]


def test_a_needed_file_that_is_not_there_is_named_with_its_page(folder, tmp_path):
    (folder / "boundaries.gpkg").unlink()
    how = workflow.Fetching(from_files=folder, streets="none", timetable=False)
    with pytest.raises(FetchError) as caught:
        workflow.fetch(["Plymouth"], tmp_path / "out", how)
    assert "boundaries" in str(caught.value)
    assert geography.PORTAL in str(caught.value)


def test_two_files_of_one_source_are_refused(folder, tmp_path):
    (folder / "imd again.csv").write_bytes((folder / "imd (1).csv").read_bytes() + b"\r\n")
    with pytest.raises(InputError, match=r"imd \(1\).csv and imd again.csv: are both English"):
        workflow.fetch(["Plymouth"], tmp_path / "out", workflow.Fetching(from_files=folder))


def test_a_folder_of_other_files_is_refused(tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.csv").write_text("a,b\n1,2\n")
    how = workflow.Fetching(from_files=tmp_path / "letters")
    with pytest.raises(InputError, match="no file that is recognised"):
        workflow.fetch(["Plymouth"], tmp_path / "out", how)
    with pytest.raises(InputError, match="no such folder"):
        workflow.fetch(["Plymouth"], tmp_path / "out", workflow.Fetching(from_files=tmp_path / "x"))


def test_the_command_makes_the_folder_and_says_what_it_holds(folder, tmp_path):
    out = tmp_path / "plymouth"
    said = CliRunner().invoke(
        app, ["fetch", "Plymouth", "--out", str(out), "--from-files", str(folder),
              "--streets", "none", "--no-timetable"],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    assert "3 areas (LSOA 2021), 5,460 people" in said.output
    assert "English Indices of Deprivation 2025" in said.output
    assert (out / "place.toml").is_file()


def test_offline_with_an_empty_cache_says_so(tmp_path):
    how = workflow.Fetching(cache=tmp_path / "cache", offline=True)
    with pytest.raises(FetchError, match="is not in the cache"):
        workflow.fetch(["Plymouth"], tmp_path / "out", how)


def test_what_the_folder_lacks_is_fetched_when_asked(folder, served, web, publisher, tmp_path):
    (folder / "boundaries.gpkg").unlink()
    finder = layers.from_folder(folder, tmp_path / "unpacked", FromWeb(web))
    made = workflow.fetch(["Plymouth"], tmp_path / "out", AREA_ONLY, None, finder)
    assert len(workflow.load(made).areas) == 3
    asked = {each.host + each.path for each in publisher.asked}
    assert geography.BOUNDARIES.address.removeprefix("https://") in asked
    assert geography.AREA_LOOKUP.address.removeprefix("https://") not in asked


def test_the_sources_are_listed_with_their_pages():
    said = CliRunner().invoke(app, ["sources"])
    assert said.exit_code == 0
    assert "File_7*IoD2025*.csv" in said.output
    assert "english-indices-of-deprivation-2025" in said.output
    rows = json.loads(CliRunner().invoke(app, ["sources", "--json"]).output)["rows"]
    assert sum(row["needed"] == "needed" for row in rows) == 3
