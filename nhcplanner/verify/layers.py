"""GIS layers compared with each other and with the wide tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import Ledger

KEYS = {
    "areas": ["area_code"],
    "sites": ["site_id"],
    "centres": ["site_id"],
    "catchments": ["site_id"],
    "isochrones": ["site_id", "mode", "minutes"],
}
ROUNDING = {"Shapefile": 1e-5, "KML": 1e-5}
"""How far figures may be off by the way in which a format writes them."""
LONGEST = {"Shapefile": 254}


def check_layers(facts: Facts, ledger: Ledger) -> None:
    """Compare each layer of each format with the first copy: the wide table, or a layer."""
    files = facts.files
    for layer, keys in KEYS.items():
        copies: dict[str, pd.DataFrame] = {}
        if f"{layer}_wide" in files.tables:
            copies[f"tables/{layer}_wide.csv"] = files.tables[f"{layer}_wide"]
        elif layer == "catchments" and "catchments" in files.tables:
            copies["tables/catchments.csv"] = _with_areas(files.tables)
        copies |= {
            f"{kind}, layer {layer}": frames[layer]
            for kind, frames in files.layers.items()
            if layer in frames
        }
        if len(copies) < 2:
            continue
        first, *others = copies
        for other in others:
            kind = other.split(",", maxsplit=1)[0]
            _compare(ledger, copies[first], copies[other], keys, (first, other), kind)


def _with_areas(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the catchments that have a shape: of centres that serve most of some area."""
    catchments = tables["catchments"]
    if "areas" not in tables:
        return catchments
    return catchments[
        catchments["site_id"].map(_plain).isin(set(tables["areas"]["centre"].map(_plain)))
    ]


def _compare(
    ledger: Ledger,
    first: pd.DataFrame,
    second: pd.DataFrame,
    keys: list[str],
    names: tuple[str, str],
    kind: str,
) -> None:
    """Compare two copies of a layer; published is the second."""
    lost = [key for key in keys if key not in first or key not in second]
    if lost:
        ledger.compare("Columns that name a row", names[1], f"no {', '.join(lost)}", "there")
        return
    a, b = first.copy(), second.copy()
    for key in keys:
        for frame in (a, b):
            frame[key] = [_plain(value) for value in frame[key]]
    shared = [
        column for column in a if column in b and column not in (*keys, "easting", "northing")
    ]
    mine = a[[*keys, *shared]].map(_cut if kind == "Shapefile" else _tidy)
    theirs = b[[*keys, *shared]].map(_cut if kind == "Shapefile" else _tidy)
    ledger.table(
        f"Layer, against {names[0]}", names[1], theirs, mine, keys, ROUNDING.get(kind, 0.0)
    )
    left = [
        str(column) for column in a
        if column not in b and column not in ("easting", "northing", *keys) and _holds(a[column])
    ]  # fmt: skip
    if left and names[0] != "tables/catchments.csv":
        ledger.compare("Columns", names[1], f"without {', '.join(left)}", "all columns")


def _holds(column: pd.Series) -> bool:
    return bool((column.notna() & (column.astype(str).str.strip() != "")).any())


def _plain(value: object) -> str:
    """A key as text, whole numbers without decimals."""
    text = str(value)
    return re.sub(r"\.0+$", "", text)


def _tidy(value: object) -> object:
    if value is pd.NaT:
        return None
    if isinstance(value, (pd.Timestamp, date)):
        return value.isoformat()[:10]
    if isinstance(value, str):
        return re.sub(r"\s+", " ", value).strip()
    return value


def _cut(value: object) -> object:
    """Text as a shapefile holds it: at most 254 bytes."""
    if isinstance(value, str):
        return str(_tidy(value)).encode()[: LONGEST["Shapefile"]].decode("utf-8", "ignore")
    return value
