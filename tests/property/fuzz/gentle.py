"""Gentle changes: files that stay sound of their kind, so that what lies behind a door is tried.

Rows and columns in another order, other names and figures that may well stand there, other settings
of a scenario. Whether the content still makes sense is left to chance.
"""

from __future__ import annotations

import csv
import io
import json
import sqlite3
import tomllib
import zipfile
from collections.abc import Callable, Mapping
from pathlib import PurePath
from random import Random
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import tomli_w

from tests.property.fuzz import canaries, osm

Change = Callable[[bytes, Random], bytes]
KEYS = ("code", "_id", "cd", "status", "kind", "sex", "age", "geometry", "minutes", "stop", "trip",
        "service", "time", "date", "chgind", "route", "agency", "day")  # fmt: skip
"""Parts of the names of columns whose text other tables refer to."""
SETTINGS: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "title": (*canaries.NAMES, "", "Plan é"),
        "model": ("max_coverage", "p_median", "p_centre", "set_cover", "lowest_hle_first",
                  "max_coverage_within_capacity", "p_median_within_capacity"),
        "mode": ("walk", "drive", "cycle", "transit"),
        "modes": (["walk", "drive"], ["by_car_availability"], []),
        "engine": ("auto", "estimate", "streets", "matrix"),
        "reach": (0.5, 7, 15.0, 20, 59.9, 60),
        "horizon": (30, 60),
        "count": (1, 2, 3, 4, 99),
        "budget": (0, 1e6, 3.5e6, 1e12),
        "bands": (1, 2, 5, 20),
        "band_edges": ([50.0, 60.0], []),
        "band_by": ("auto", "hle", "imd"),
        "everyone": ("all", "reachable"),
        "kinds": (["library", "clinic"], []),
        "keep": (["S2"], []),
        "forbid": (["S3"], []),
        "goals": (["cover_most", "least_travel"], ["narrowest_gap"], ["cover_most=5", "least_cost"],
                  ["fewest_centres"], ["least_percentile:80"], ["cover_bands"]),
        "slack": (0, 5.0, 100),
        "exactly": (True, False),
        "at_most": (["kind:library=1"], ["council:*=1"]),
        "at_least": (["council:*=1"], ["kind:hall=0"]),
        "at_most_one_of": (["S2|S3"], []),
        "exactly_one_of": (["S2|S3"], []),
        "min_distance_m": (0, 500, 3000.0),
        "floors": (["everyone=10"], ["imd_quintile:*=0"]),
        "backup": (1.0, 50),
        "least_people": (0, 500),
        "most_people": (4000, 1e9),
        "over_capacity_price": (0.5, 3),
        "split": (True, False),
        "need": (["imd_quintile:1=3"], ["people"]),
        "time_limit": (1, 2.0),
        "walk_kmh": (3.0, 4.8),
        "walk_detour": (1.0, 1.33),
        "transit_day": ("2025-06-03", "2025-12-25"),
        "transit_window": (["07:00", "09:00"],),
        "transit_statistic": ("median",),
        "transit_rides": (1, 3),
        "transit_windows": (["saturday 09:00-09:20", "sunday 10:00-10:20"], ["weekday 8:00-8:20"]),
        "transit_mix": ("worst", "best", "mean"),
        "far_snap_m": (100.0, 500),
    }
)  # fmt: skip
"""Settings that a scenario takes, each by itself; not all go together, and not in every place."""


def settings(chance: Random, most: int = 3) -> dict[str, Any]:
    """A few settings that a scenario takes."""
    keys = chance.sample(list(SETTINGS), chance.randint(1, most))
    return {key: chance.choice(SETTINGS[key]) for key in keys}


def flags(chance: Random, most: int = 3) -> list[str]:
    """The same as options of the command line."""
    given = settings(chance, most)
    return [word for key, value in given.items() for word in ("--set", f"{key}={_text(value)}")]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def rows(given: list[list[str]], chance: Random) -> list[list[str]]:
    """A table with its rows or columns in another order, other names or figures, or a column more.

    The first row has the names of columns.
    """
    head, body = given[0], [row for row in given[1:] if row]
    kind = chance.randrange(6)
    if kind == 0:
        return [head, *chance.sample(body, len(body))]
    if kind == 1:
        order = chance.sample(range(len(head)), len(head))
        wide = [[*row, *[""] * (len(head) - len(row))] for row in (head, *body)]
        return [[row[n] for n in order] for row in wide]
    if kind == 2:
        return [[*head, "remarks"], *([*row, chance.choice(canaries.NAMES)] for row in body)]
    column = chance.randrange(len(head))
    if not body or any(key in head[column].lower() for key in KEYS):
        return [head, *body]
    row = chance.choice(body)
    if column < len(row):
        row[column] = _like(row[column], chance)
    return [head, *body]


def _like(cell: str, chance: Random) -> str:
    try:
        value = float(cell)
    except ValueError:
        return chance.choice(canaries.NAMES) if cell else ""
    whole = value.is_integer() and "." not in cell
    found = value * chance.choice((1.0, 1.001, 0.999))
    return str(int(found)) if whole else str(found)


def table(raw: bytes, chance: Random) -> bytes:
    """A CSV changed, in one of the encodings and line endings that programs write."""
    given = [row for row in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) if row]
    text = io.StringIO(newline="")
    ending = chance.choice(("\r\n", "\n"))
    csv.writer(text, lineterminator=ending).writerows(rows(given, chance))
    return text.getvalue().encode(chance.choice(("utf-8", "utf-8-sig")))


def toml(raw: bytes, chance: Random) -> bytes:
    """A scenario with other settings; another document with other notes and names."""
    found = tomllib.loads(raw.decode())
    if "model" in found:
        found |= settings(chance)
    elif "place" in found:
        found["place"] |= {"name": chance.choice(canaries.NAMES)}
        if isinstance(found["place"].get("notes"), list):
            found["place"]["notes"] = [chance.choice(canaries.NAMES)]
    return tomli_w.dumps(found).encode()


def workbook(raw: bytes, chance: Random) -> bytes:
    """A workbook changed cell by cell, written by another library than wrote it."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    sheet = book.worksheets[0]
    given = [["" if cell is None else str(cell) for cell in row] for row in sheet.values]
    changed = rows(given, chance)
    sheet.delete_rows(1, sheet.max_row)
    for number, row in enumerate(changed, 1):
        for column, cell in enumerate(row, 1):
            written = sheet.cell(number, column, cell)
            written.data_type = "s"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def archive(raw: bytes, chance: Random) -> bytes:
    """A zip with one of its tables or documents changed; a workbook is changed as one."""
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        members = {one.filename: packed.read(one) for one in packed.infolist()}
    if "xl/workbook.xml" in members:
        return workbook(raw, chance)
    name = chance.choice([name for name in members if _way(name)])
    members[name] = _way(name)(members[name], chance)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for one, content in members.items():
            packed.writestr(one, content)
    return made.getvalue()


def _way(name: str) -> Change | None:
    return table if name.endswith(".txt") else WAYS.get(PurePath(name).suffix)


def frame(given: pd.DataFrame, chance: Random) -> pd.DataFrame:
    """A layer with its rows in another order, other names or figures, or a column more."""
    found = given.copy()
    kind = chance.randrange(4)
    if kind == 0:
        order = np.array(chance.sample(range(len(found)), len(found)))
        return found.iloc[order].reset_index(drop=True)
    if kind == 1:
        found["remarks"] = chance.choice(canaries.NAMES)
        return found
    columns = [name for name in found if not any(key in str(name).lower() for key in KEYS)]
    if not columns:
        return found
    column, row = chance.choice(columns), chance.randrange(max(len(found), 1))
    if pd.api.types.is_numeric_dtype(found[column]):
        found[column] = found[column] * chance.choice((1.0, 2.0))
    elif len(found) and isinstance(found[column].iloc[row], str):
        found.loc[found.index[row], column] = chance.choice(canaries.NAMES)
    return found


def parquet(raw: bytes, chance: Random) -> bytes:
    """A Parquet layer or table changed."""
    made = io.BytesIO()
    try:
        frame(gpd.read_parquet(io.BytesIO(raw)), chance).to_parquet(made)
    except ValueError:
        frame(pd.read_parquet(io.BytesIO(raw)), chance).to_parquet(made)
    return made.getvalue()


def geopackage(raw: bytes, chance: Random) -> bytes:
    """A GeoPackage with another name in one row, or a table more that is nobody's layer."""
    base = sqlite3.connect(":memory:")
    base.deserialize(raw)
    (layer,) = base.execute("SELECT table_name FROM gpkg_contents").fetchone()
    info = base.execute(f'PRAGMA table_info("{layer}")').fetchall()
    names = [row[1] for row in info if row[2].upper().startswith("TEXT")]
    names = [name for name in names if not any(key in name.lower() for key in KEYS)]
    if names and chance.random() < 0.7:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            base.execute(f'DROP TRIGGER "{trigger}"')
        values = (chance.choice(canaries.NAMES), chance.randint(1, 3))
        base.execute(f'UPDATE "{layer}" SET "{chance.choice(names)}" = ? WHERE rowid = ?', values)
    else:
        base.execute("CREATE TABLE remarks (words TEXT)")
        base.execute("INSERT INTO remarks VALUES (?)", (chance.choice(canaries.NAMES),))
    base.commit()
    return base.serialize()


def document(raw: bytes, chance: Random) -> bytes:
    """JSON with the features in another order or named otherwise, or with another scenario."""
    found = json.loads(raw)
    if "features" in found:
        found["features"] = chance.sample(found["features"], len(found["features"]))
        for feature in found["features"][:1]:
            texts = [k for k, v in feature["properties"].items() if isinstance(v, str)]
            texts = [k for k in texts if not any(key in k.lower() for key in KEYS)]
            if texts:
                feature["properties"][chance.choice(texts)] = chance.choice(canaries.NAMES)
    elif isinstance(found.get("scenario"), dict):
        one = chance.choice([found, *found.get("plans", [])])
        one["scenario"] |= settings(chance, 2)
        if "name" in one:
            one["name"] = chance.choice(canaries.NAMES)
    return json.dumps(found, ensure_ascii=chance.random() < 0.5).encode()


def arrays(raw: bytes, chance: Random) -> bytes:
    """The same arrays, not packed."""
    with np.load(io.BytesIO(raw)) as packed:
        given = dict(packed)
    made = io.BytesIO()
    np.savez(made, **given)
    return made.getvalue()


WAYS: Mapping[str, Change] = MappingProxyType(
    {
        ".csv": table, ".toml": toml, ".json": document, ".geojson": document, ".xlsx": workbook,
        ".zip": archive, ".parquet": parquet, ".gpkg": geopackage, ".npz": arrays,
        ".osm.pbf": lambda raw, chance: osm.change(raw, chance, ".osm.pbf"),
        ".osm": lambda raw, chance: osm.change(raw, chance, ".osm"),
        ".graphml": osm.change_graph,
    }
)  # fmt: skip
"""How a file is changed, by how its name ends."""
