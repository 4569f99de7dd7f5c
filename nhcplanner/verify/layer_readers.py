"""Readers of the GIS layers of a hand-in."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nhcplanner.verify.document_readers import parse_xml
from nhcplanner.verify.files import Files


def read_layer_file(files: Files, path: Path, _: str) -> None:
    """Add the attributes of a GeoJSON file or shapefile."""
    import pyogrio  # noqa: PLC0415  (slow)

    kind = {".geojson": "GeoJSON", ".shp": "Shapefile"}[path.suffix.lower()]
    frame = pyogrio.read_dataframe(path, read_geometry=False, use_arrow=False)
    if kind == "Shapefile":
        frame = _full_names(frame, path)
    files.layers.setdefault(kind, {})[path.stem] = frame


def _full_names(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Give a shapefile's columns the names that `columns.csv` beside it states."""
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
    """Name the area in or next to which each site stands, for rules on councils and ICBs."""
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
