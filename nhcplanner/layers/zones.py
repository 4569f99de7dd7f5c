"""Zones of demand-responsive transport: a user's polygons with hours, wait, speed and detour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import plural
from nhcplanner.domain.opening_hours import HINT, rewrite
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.layers.geocoding.coordinates import make_valid, plain, to_shapes
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import read_columns, record_columns
from nhcplanner.layers.readers.tables import Table, changed_on, read_table

FILE = "zones.parquet"
HEADINGS: dict[str, tuple[str, ...]] = {
    "zone": ("zone|name", "(zone|service|scheme|area)(_?name)?|title"),
    "hours": ("hours|opening_hours", "(operating|service|opening)_(hours|times)|times"),
    "wait_minutes": ("wait_minutes", "(average_|mean_|typical_)?wait(ing)?(_time)?(_min(ute)?s?)?"),
    "speed_kmh": ("speed_kmh|kmh|km_h", "(average_|mean_)?speed(_km_?h|_kph)?"),
    "detour": ("detour", "detour_(factor|ratio)"),
}
RANGES = {
    "wait_minutes": (0.0, 240.0, "minutes of waiting", "Give minutes from 0 to 240, such as 30"),
    "speed_kmh": (5.0, 100.0, "km/h", "Give km/h from 5 to 100, such as 25; 1 mph is 1.609 km/h"),
    "detour": (
        1.0, 5.0, "detour", "Give street distance over straight distance, 1 to 5, such as 1.4",
    ),
}  # fmt: skip
"""Smallest and largest figure, its noun, and what to do about another."""
COLUMNS = ("zone", "hours", *RANGES)
AGAIN = "Build the place again"


def with_zones(place: Place, path: Path, column_map: ColumnMap | None = None) -> Place:
    """Return a place with zones of demand-responsive transport.

    Parameters
    ----------
    place
        The place.
    path
        A GIS layer of polygons with columns zone, hours, wait_minutes, speed_kmh and detour.
    column_map
        What the user says of the file: columns in `[tables."FILE"]`.

    Raises
    ------
    InputError
        As `read_zones`, and if no starting point or no site lies in a zone.
    """
    table, zones = read_zones(Path(path), column_map)
    for frame, words in ((place.origins, "starting point"), (place.sites, "site")):
        if not frame.geometry.intersects(zones.union_all()).any():
            text = f"no {words} of the place lies in a zone"
            raise InputError([Fault(text, table.file, hint="Check the zones' coordinates")])
    source = Source(
        layer="zones",
        title=f"Zones of demand-responsive transport, {table.file}",
        file=table.file,
        sha256=hash_file(table.path),
        rows=len(zones),
        retrieved=changed_on(table.path),
    )
    record = replace(table.intake, role="zones", sha256=source.sha256)
    return replace(
        place, zones=zones, sources=(*place.sources, source), intake=(*place.intake, record)
    )


def read_zones(path: Path, column_map: ColumnMap | None = None) -> tuple[Table, gpd.GeoDataFrame]:
    """Read zones of demand-responsive transport.

    Returns
    -------
    Table, GeoDataFrame
        The record of how it was read; and `zone`, `hours` (missing if not known), `wait_minutes`,
        `speed_kmh`, `detour` and polygons in EPSG:27700.

    Raises
    ------
    InputError
        For missing columns, figures that are no numbers or not plausible, and rows without a
        polygon; all at once.
    """
    column_map = column_map or ColumnMap()
    read, names = read_columns(path, HEADINGS, column_map, ("zone", "hours"))
    with read.numbering():
        table = make_valid(to_shapes(read, column_map.tables.get(Path(path).name, {})))
    frame = pd.DataFrame(index=table.frame.index)
    frame["zone"] = _names(table, names)
    hours = table.frame[names["hours"]] if "hours" in names else pd.Series(None, frame.index)
    text = hours.astype("string").str.strip().fillna("")
    frame["hours"] = text.astype("object").where(text != "", None)
    for ours in RANGES:
        frame[ours] = numbers(table.frame[names[ours]])
    faults = _shape_faults(table) + _figure_faults(frame, table, names)
    if faults:
        raise InputError(table.numbered(faults))
    zones = gpd.GeoDataFrame(frame, geometry=table.frame.geometry.array, crs=CRS)
    table = record_columns(table, names, frame, {})
    blank, unclear = text == "", (text != "") & ~text.map(lambda one: bool(rewrite(str(one))))
    if blank.any():
        words = f"hours blank in {plural(int(blank.sum()), 'zone')}: they count as running always"
        table = table.with_event("default", words, int(blank.sum()), _rows(table, blank))
    if unclear.any():
        words = (
            f"hours not understood in {plural(int(unclear.sum()), 'zone')}, which count as "
            f"running always. {HINT}"
        )
        table = table.with_event("doubt", words, int(unclear.sum()), _rows(table, unclear))
    return table, zones.reset_index(drop=True)


def _rows(table: Table, flags: pd.Series) -> list[str]:
    return [f"row {table.row_number(int(row))}" for row in np.flatnonzero(flags)]


def _names(table: Table, names: dict[str, str]) -> pd.Series:
    numbered = pd.Series([f"zone {n + 1}" for n in range(len(table.frame))], table.frame.index)
    if "zone" not in names:
        return numbered
    given = table.frame[names["zone"]].astype("string").str.strip()
    return given.where(given.notna() & (given != ""), numbered).astype("str")


def _shape_faults(table: Table) -> list[Fault]:
    frame, hint = table.frame, "Give each zone a polygon, in a GIS layer or a column wkt"
    if not isinstance(frame, gpd.GeoDataFrame):
        return [Fault("has no shapes", table.file, hint=hint)]
    is_area = frame.geom_type.isin(["Polygon", "MultiPolygon"]) & ~frame.is_empty
    return [
        Fault("has no polygon", table.file, int(row) + table.first_row, hint=hint)
        for row in np.flatnonzero(~is_area)
    ]


def _figure_faults(frame: pd.DataFrame, table: Table, names: dict[str, str]) -> list[Fault]:
    faults = []
    for ours, (low, high, noun, hint) in RANGES.items():
        values, column = frame[ours], names.get(ours, ours)
        for row in np.flatnonzero(~((values >= low) & (values <= high))):
            cell = table.frame[column].iloc[row]
            words = "is blank" if pd.isna(cell) or not str(cell).strip() else f"'{cell}' is no"
            text = f"{noun} {words}" if words == "is blank" else f"{words} {noun}"
            faults.append(Fault(text, table.file, int(row) + table.first_row, column, hint))
    return faults


def write_zones(zones: gpd.GeoDataFrame | None, folder: Path) -> None:
    """Write zones into a new place folder; nothing if there are none."""
    if zones is not None:
        zones.to_parquet(folder / FILE)


def load_zones(folder: Path) -> gpd.GeoDataFrame | None:
    """Read the zones of a place folder; None if it has none.

    Raises
    ------
    InputError
        For columns that are missing, and figures and shapes that are not those of zones.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    table = to_shapes(read_table(path))
    lost = [name for name in COLUMNS if name not in table.frame]
    if lost:
        raise InputError([Fault(f"has no column {', '.join(lost)}", FILE, hint=AGAIN)])
    figures = plain(table.frame)[list(COLUMNS)].copy()
    for name in RANGES:
        figures[name] = pd.to_numeric(figures[name], errors="coerce").astype("float64")
    names = {name: name for name in COLUMNS}
    faults = _shape_faults(table) + _figure_faults(figures, table, names)
    if faults:
        raise InputError(faults)
    hours = figures["hours"].astype("object")
    figures["hours"] = hours.where(hours.notna(), None)
    return gpd.GeoDataFrame(figures, geometry=table.frame.geometry.array, crs=CRS)
