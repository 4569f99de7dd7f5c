"""GIS layers compared with each other and with the wide tables."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from nhcplanner.verify.documents import parse_xml
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
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
        for place, other in enumerate(others):
            kind = other.split(",", maxsplit=1)[0]
            _compare(ledger, copies[first], copies[other], keys, (first, other), kind)
            if place:  # what the first copy does not have
                former = others[0]
                columns = [c for c in copies[former] if c in keys or c not in copies[first]]
                names = (former, other)
                _compare(ledger, copies[former][columns], copies[other], keys, names, kind)


def _with_areas(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the catchments that have a shape: of centres that serve most of some area."""
    catchments = tables["catchments"]
    if "areas" not in tables:
        return catchments
    areas = tables["areas"]["centre"].map(_plain).value_counts()
    catchments = catchments.assign(areas=catchments["site_id"].map(_plain).map(areas))
    return catchments[catchments["areas"].notna()]


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


def read_layer_file(files: Files, path: Path, _: str) -> None:
    """Add the attributes of a GeoJSON file or shapefile."""
    import pyogrio  # noqa: PLC0415  (slow)

    kind = {".geojson": "GeoJSON", ".shp": "Shapefile"}[path.suffix.lower()]
    frame = pyogrio.read_dataframe(path, read_geometry=False, use_arrow=False)
    if kind == "Shapefile":
        frame = _full_names(frame, path)
    files.layers.setdefault(kind, {})[path.stem] = frame


def _full_names(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Rename the columns of a shapefile to the full names in its `columns.csv`."""
    words = path.with_name("columns.csv")
    if not words.is_file():
        return frame
    known = pd.read_csv(words, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    known = known[known["layer"] == path.stem]
    return frame.rename(columns=dict(zip(known["column"], known["full_name"], strict=True)))


def read_geopackage(files: Files, path: Path, _: str) -> None:
    """Add the attributes of each layer of a GeoPackage."""
    import pyogrio  # noqa: PLC0415

    for layer, kind in pyogrio.list_layers(path).tolist():
        if kind is None:
            continue
        frame = pyogrio.read_dataframe(path, layer=layer, read_geometry=False, use_arrow=False)
        files.layers.setdefault("GeoPackage", {})[layer] = frame


def read_parquet(files: Files, path: Path, _: str) -> None:
    """Add the attributes of a GeoParquet file."""
    from pyarrow import parquet  # noqa: PLC0415

    names = [name for name in parquet.read_schema(path).names if name != "geometry"]
    files.layers.setdefault("GeoParquet", {})[path.stem] = pd.read_parquet(path, columns=names)


def read_kml(files: Files, path: Path, _: str) -> None:
    """Add the attributes of the placemarks of a KML file."""
    rows: list[dict[str, str]] = []
    state = {"column": "", "text": "", "direct": ""}

    def start(tag: str, attributes: dict[str, str]) -> None:
        state["text"] = ""
        if tag == "Placemark":
            rows.append({})
        state["column"] = attributes.get("name", "") if tag in ("SimpleData", "Data") else tag

    def end(tag: str) -> None:
        if rows and (tag in ("SimpleData", "value") or (tag == "name" and "name" not in rows[-1])):
            key = "name" if tag == "name" else state["column"]
            rows[-1].setdefault(key, state["text"])

    def data(text: str) -> None:
        state["text"] += text

    parse_xml(path.read_bytes(), start, end, data)
    files.layers.setdefault("KML", {})[path.stem] = pd.DataFrame(rows)


def find_nearest_areas(files: Files, home: Path) -> None:
    """Return the area in or next to which each site lies, for rules on councils and ICBs."""
    import geopandas as gpd  # noqa: PLC0415

    choices = [
        (home / "plan.gpkg", {"layer": "areas"}, {"layer": "sites"}),
        (home / "geojson" / "areas.geojson", {}, {}),
        (home / "areas.geojson", {}, {}),
    ]
    for path, areas_at, sites_at in choices:
        other = path if areas_at else path.with_name("sites.geojson")
        if not (path.is_file() and other.is_file()):
            continue
        try:
            areas = gpd.read_file(path, **areas_at).to_crs("EPSG:27700")
            sites = gpd.read_file(other, **sites_at).to_crs("EPSG:27700")
        except (ValueError, OSError, RuntimeError):
            continue
        if "area_code" not in areas or "site_id" not in sites:
            continue
        row = areas.sindex.nearest(sites.geometry, return_all=False)
        files.near = dict(
            zip(sites["site_id"].iloc[row[0]], areas["area_code"].iloc[row[1]], strict=True)
        )
        return
