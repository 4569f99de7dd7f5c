"""No door opens what a file names: each takes a VRT and other documents under a layer's name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from nhcplanner import OwnFiles, build, layers, travel
from nhcplanner.base.errors import InputError
from tests.unit.layers.readers.hostile import SECRET, canary_server, documents

pytestmark = pytest.mark.integration
SOURCES = Path(__file__).parents[2] / "data" / "demo" / "sources"
PLACE = SOURCES.parent / "place"
KINDS = ("vrt", "gdalg", "wfs", "vrt within json", "address")


def _built(folder: Path, **changed: object) -> None:
    given = {
        "areas": SOURCES / "areas.gpkg",
        "sites": SOURCES / "sites.csv",
        "columns": SOURCES / "columns.toml",
    }
    build(OwnFiles(**{**given, **changed}), folder / "place")


def _opened(folder: Path, path: Path) -> None:
    shutil.copytree(PLACE, folder / "place")
    for layer in (folder / "place").glob("sites.*"):
        layer.unlink()
    shutil.copy(path, folder / "place" / f"sites{path.suffix}")
    layers.read_place(folder / "place")


DOORS = {
    "areas": lambda folder, path: _built(folder, areas=path),
    "sites": lambda folder, path: _built(folder, sites=path),
    "table": lambda folder, path: _built(folder, tables=(path,)),
    "origins": lambda folder, path: _built(folder, origins=str(path)),
    "lookup": lambda folder, path: _built(folder, extras=layers.Extras(lookups=(path,))),
    "life table": lambda folder, path: _built(
        folder, extras=layers.Extras(lives=path, health=path)
    ),
    "upload": lambda folder, path: layers.read_estates(path.read_bytes(), path.name),
    "place folder": _opened,
    "official files": lambda folder, path: layers.from_folder(path.parent, folder / "scratch"),
    "matrix": lambda folder, path: travel.read_pairs(path, "minutes"),
    "streets": lambda folder, path: travel.Network.read(path),
    "timetable": lambda folder, path: travel.Feed.read(path),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("door", DOORS)
def test_a_document_that_names_a_file_or_address_opens_nothing(tmp_path, door, kind):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"name,easting,northing\n{SECRET},485700,308600\n", encoding="utf-8")
    given = tmp_path / "given"
    given.mkdir()
    with canary_server() as (address, calls):
        path = given / "layer.geojson"
        path.write_text(documents(secret, address)[kind], encoding="utf-8")
        with pytest.raises(InputError) as caught:
            DOORS[door](tmp_path, path)
    assert SECRET not in str(caught.value)
    assert calls == []
