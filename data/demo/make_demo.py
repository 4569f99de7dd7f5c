"""Make the demo place: SYNTHETIC, no network, the same each time.

    python data/demo/make_demo.py [--out FOLDER]

It writes `sources/`, the files that a user would bring, and builds `place/` from them by the
same functions as `nhcplanner build`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from country import CITY, COUNTY, NAME
from estate import list_buildings
from ground import lay_out
from osm import draw
from people import settle
from streets import join
from timetable import write_timetable

from nhcplanner.domain.place import Source
from nhcplanner.layers import build_place, street_source, timetable_source, write_place
from nhcplanner.travel import Network

DATE = "2026-01-01"
HLE = {CITY[0]: (57.4, 58.3), COUNTY[0]: (62.2, 63.4)}  # men, women; invented
LICENCE = "MIT, as nhcplanner itself"
NOTE = "SYNTHETIC: an invented place in the North Sea; nothing here is about real people or places"
COLUMNS = f"""# What the files beside this one are, for `nhcplanner build --columns columns.toml`.
[place]
name = "{NAME}"
synthetic = true
index_name = "SYNTHETIC IMD"
vintage = "SYNTHETIC"
notes = ["{NOTE}"]

[hle]
period = "2022 - 24"
"""


def main(out: Path) -> None:
    """Write the sources and the place."""
    sources = out / "sources"
    sources.mkdir(parents=True, exist_ok=True)
    write_sources(sources)
    write_demo_place(sources, out / "place")


def write_sources(folder: Path) -> None:
    """Write the files that a user would bring."""
    ground = lay_out()
    streets = join(ground)
    _write_areas(settle(ground), folder / "areas.gpkg")
    sites = list_buildings(ground, streets)
    whole = ["capacity", "floor_area_m2", "cost", "running_cost"]
    sites.astype(dict.fromkeys(whole, "Int64")).to_csv(
        folder / "sites.csv", index=False, lineterminator="\n"
    )
    _hle_table().to_csv(folder / "hle_by_council.csv", index=False, lineterminator="\n")
    (folder / "columns.toml").write_text(_column_map(), encoding="utf-8", newline="\n")
    draw(ground, streets).write(folder / "streets.osm.pbf")
    write_timetable(ground, streets, folder / "gtfs.zip")


def write_demo_place(sources: Path, folder: Path) -> None:
    """Build the place folder from the sources."""
    place = build_place(
        sources / "areas.gpkg",
        sites=sources / "sites.csv",
        tables=[sources / "hle_by_council.csv"],
        columns=sources / "columns.toml",
    )
    network = Network.from_pbf(sources / "streets.osm.pbf")
    feeds = (
        _invented(street_source(sources / "streets.osm.pbf", len(network.source)), "streets"),
        _invented(timetable_source(sources / "gtfs.zip"), "bus timetable"),
    )
    place = replace(place, sources=(*place.sources, *feeds))
    with TemporaryDirectory() as scratch:
        streets = Path(scratch) / "streets.npz"
        network.save(streets)
        write_place(place, folder, streets, sources / "gtfs.zip")


def _invented(source: Source, words: str) -> Source:
    """The record of a file that looks like another's, but was invented here."""
    return replace(
        source, title=f"SYNTHETIC {words}", publisher="nhcplanner", address="", licence=LICENCE,
        attribution="", vintage="invented", retrieved=DATE,
    )  # fmt: skip


def _write_areas(areas: gpd.GeoDataFrame, path: Path) -> None:
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{DATE}T00:00:00.000Z"})
    areas.to_file(path, layer="areas", driver="GPKG")


def _hle_table() -> pd.DataFrame:
    """HLE by council as it is published: a row a council, sex and period, with its interval."""
    rows = []
    for code, name in (CITY, COUNTY):
        for sex, value in zip(("Male", "Female"), HLE[code], strict=True):
            for period, change in (("2021 - 23", 0.3), ("2022 - 24", 0.0)):
                year = np.round(value + change, 1)
                rows.append(
                    (code, name, period, sex, year, round(year - 1.4, 1), round(year + 1.4, 1))
                )
    names = ["area_code", "area_name", "period", "sex", "value", "lower_ci", "upper_ci"]
    return pd.DataFrame(rows, columns=names)


def _column_map() -> str:
    files = {
        "areas.gpkg": "areas",
        "sites.csv": "buildings",
        "hle_by_council.csv": "HLE by council",
    }
    said = [
        f'[source."{file}"]\ntitle = "SYNTHETIC {words}"\npublisher = "nhcplanner"\n'
        f'licence = "{LICENCE}"\nvintage = "invented"\nretrieved = "{DATE}"\n'
        for file, words in files.items()
    ]
    return "\n".join([COLUMNS, *said])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Make the SYNTHETIC demo place.")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    main(parser.parse_args().out)
