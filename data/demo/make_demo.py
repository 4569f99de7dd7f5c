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
from people import AGES, settle
from streets import join
from timetable import write_timetable

from nhcplanner.domain.place import Place, Source
from nhcplanner.layers import (
    build_place,
    read_projection,
    street_source,
    timetable_source,
    with_housing,
    with_projection,
    write_place,
)
from nhcplanner.layers.readers.column_map import read_map
from nhcplanner.travel import Network

DATE = "2026-01-01"
HLE = {CITY[0]: (57.4, 58.3), COUNTY[0]: (62.2, 63.4)}  # men, women; invented
BASE_YEAR, LAST_YEAR = 2024, 2040
GROWTH = {CITY[0]: (0.04, 0.09, 0.22, 0.35), COUNTY[0]: (-0.08, -0.02, 0.38, 0.80)}
"""Growth from the first to the last year by age, youngest first: the county ages; invented."""
HOMES = (
    ("Estmere, Foundry Fields", 1_200, 2030), ("Estmere, Ropewalk", 450, 2028),
    ("Estmere, North Quay", 2_000, 2034), ("Saltwrack, Creek Road", 300, 2029),
    ("Wrackshire, Priory Farm", 900, 2033), ("Wrackshire, Old Airfield", 1_500, 2038),
)  # fmt: skip
"""Housing sites: name, homes, and the year in which they are complete."""
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
    areas = gpd.read_file(folder / "areas.gpkg")
    _projection(areas).to_csv(folder / "projection.csv", index=False, lineterminator="\n")
    _housing(areas).to_csv(folder / "housing.csv", index=False, lineterminator="\n")
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
    place = _with_years(place, sources)
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


def _with_years(place: Place, sources: Path) -> Place:
    """The place with its projection and its housing sites."""
    column_map = read_map(sources / "columns.toml")
    published = read_projection(sources / "projection.csv", column_map)
    councils = place.areas.set_index("area_code")["council_code"]
    grown = with_projection(place, published, BASE_YEAR, units=councils)
    grown = with_housing(grown, sources / "housing.csv", column_map)
    words = {"projections": "population projection", "housing": "housing sites"}
    made = tuple(
        _invented(one, words[one.layer]) if one.layer in words else one for one in grown.sources
    )
    return replace(grown, sources=made)


def _projection(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """People of each council by age and year: a row for each age, a column for each year."""
    bands = dict(zip(AGES, ("0-15", "16-64", "65-84", "85+"), strict=True))
    rows = []
    for code, name in (CITY, COUNTY):
        here = areas[areas["council_code"] == code]
        for (column, band), growth in zip(bands.items(), GROWTH[code], strict=True):
            people = {
                str(year): round(
                    float(here[column].sum())
                    * (1 + growth * (year - BASE_YEAR) / (LAST_YEAR - BASE_YEAR))
                )
                for year in range(BASE_YEAR, LAST_YEAR + 1)
            }
            rows.append({"code": code, "name": name, "age": band, **people})
    return pd.DataFrame(rows)


def _housing(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Homes, year and place of each site: in the most thinly settled areas of its town."""
    density = areas["people"] / areas.area
    rows = []
    for number, (name, homes, year) in enumerate(HOMES):
        town = name.split(",")[0]
        of_county = areas["council_code"] == COUNTY[0]
        here = of_county if town == COUNTY[1][: len(town)] else areas["area_name"].str.match(town)
        point = areas.geometry[density[here].sort_values(kind="stable").index[number]]
        inside = point.representative_point()
        rows.append((name, homes, year, round(inside.x), round(inside.y)))
    return pd.DataFrame(rows, columns=["name", "homes", "year", "easting", "northing"])


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
