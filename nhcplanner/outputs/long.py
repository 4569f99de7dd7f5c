"""Tables as CSV: the evidence, the layers wide, the areas long, with what each column is."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs.gis.dictionary import described, dictionary
from nhcplanner.outputs.gis.layers import layers
from nhcplanner.outputs.harmless import harmless_csv
from nhcplanner.outputs.notes import notes

FOLDER = "tables"
WIDE = ("areas", "sites", "centres")
"""Layers of which a table has a row an area, site or centre, and all that is known of it."""

_LONG = {
    "place": ("Place", ""),
    "area_code": ("Area code", ""),
    "area_name": ("Area", ""),
    "figure": ("Which figure: a column of areas", ""),
    "unit": ("Its unit", ""),
    "value": ("Its value (blank = not known, or beyond)", "mixed"),
}


def write_csv(evidence: Evidence, folder: Path) -> None:
    """Write `tables/NAME.csv` for every table there is, `columns.csv` and `notes.csv`.

    The layers are there wide (`areas_wide`, `sites_wide`, `centres_wide`) and the areas' figures
    long (`areas_long`, a row a figure). Every row carries the place's title, so that an invented
    place says so wherever it goes.
    """
    target = folder / FOLDER
    target.mkdir()
    for name, frame in evidence.tables():
        table = frame.copy()
        table.insert(0, "place", evidence.outcome.place.title)
        harmless_csv(table, target / f"{name}.csv")
    for layer in layers(evidence):
        if layer.name in WIDE:
            harmless_csv(flat(layer.frame), target / f"{layer.name}_wide.csv")
    if evidence.areas is not None:
        harmless_csv(_long(evidence.areas, evidence.outcome.place.title), target / "areas_long.csv")
    harmless_csv(_columns(evidence), target / "columns.csv")
    harmless_csv(notes(evidence), target / "notes.csv")


def flat(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """The frame with `easting` and `northing` of a point inside each shape in its place."""
    points = frame.geometry.representative_point()
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return table.assign(easting=points.x.round(1), northing=points.y.round(1))


def _long(areas: pd.DataFrame, title: str) -> pd.DataFrame:
    units = {cell.name: cell.unit for cell in TABLES["areas"].cells if cell.unit}
    found = areas.melt(["area_code", "area_name"], list(units), "figure", "value")
    found = found.assign(place=title, unit=found["figure"].map(units))
    return found[list(_LONG)]


def _columns(evidence: Evidence) -> pd.DataFrame:
    """Every column of every table: `table`, `column`, `label`, `unit`, `meaning`."""
    rows = [
        {"table": name, "column": cell.name, "label": cell.label, "unit": cell.unit}
        for name, table in TABLES.items()
        for cell in table.cells
    ]
    rows += [
        {"table": "areas_long", "column": name, "label": label, "unit": unit}
        for name, (label, unit) in _LONG.items()
    ]
    wide = [layer for layer in layers(evidence) if layer.name in WIDE]
    points = [described(layer.name, name) for layer in wide for name in ("easting", "northing")]
    more = pd.concat([dictionary(wide), pd.DataFrame(points)])
    more["table"] = more.pop("layer") + "_wide"
    return pd.concat([pd.DataFrame(rows), more.drop(columns="source")], ignore_index=True)
