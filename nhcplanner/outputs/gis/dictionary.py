"""Data dictionary: label, unit and meaning of every column of every layer.

Tables as CSV: the evidence, the layers (wide) and the areas (long), with their dictionary.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.domain.columns import columns_of
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES, Cell
from nhcplanner.outputs.gis.layers import Layer, layers
from nhcplanner.outputs.sanitise import write_safe_csv
from nhcplanner.outputs.tables import hand_in
from nhcplanner.outputs.wording.method import notes

_HALF = "within which half of the area's people come; blank = beyond"
BEFORE = f"To the nearest centre today, {_HALF}"
MINUTES = f"To the centre that the plan sends people to (the nearest, if it sends nobody), {_HALF}"

_PEOPLE, _METRES = "people", "metres"
_PLAN = {
    "place": ("Place", "", "The place's title; SYNTHETIC where it is invented"),
    "band": ("Band", "", "Order of need, 1 = first; 0 = in no band"),
    "minutes_before": ("Minutes before", "minutes", BEFORE),
    "minutes_after": ("Minutes after", "minutes", MINUTES),
    "change": ("Change", "minutes", "After less before; below 0 = nearer"),
    "share_before": ("Share before", "share", "Of people within reach, 0 to 1"),
    "share_after": ("Share after", "share", "Of people within reach, 0 to 1"),
    "centre": (
        "Centre",
        "",
        "Site id of the centre that serves most of the area's people; blank = none serves any",
    ),
    "nearest_centre": (
        "Nearest centre",
        "",
        "Site id of the nearest centre after the plan, however far",
    ),
    "need_class": ("Class of need", "", "Class of colour, by band"),
    "minutes_class": ("Class of minutes", "", "Class of colour, by minutes after"),
    "role": ("Role", "", "existing, committed, new, or blank: not opened"),
    "people_served": (
        "People served",
        _PEOPLE,
        "Whom the plan sends there; in plans that send nobody, as people_nearest",
    ),
    "people_nearest": (
        "People nearest",
        _PEOPLE,
        "Within reach, for whom it is the nearest centre",
    ),
    "people_q_unknown": ("Of no known fifth", _PEOPLE, "Served, in areas without a fifth"),
    "over_capacity": ("Beyond capacity", _PEOPLE, "People served beyond capacity"),
    "services_to_add": ("Services to add", "", "Services of a centre that the building lacks"),
    "rooms_needed": ("Rooms needed", "rooms", "For the services to add"),
    "staff_needed": ("Staff needed", "staff", "For the services to add"),
    "room_left": ("Room left", _PEOPLE, "People for whom the centre's size has room left"),
    "services_near": ("Services near", "kinds", "Kinds of listed services within the walk"),
    "services_near_kinds": ("Which services", "", "Kinds of services near, own building included"),
    "number": ("Number", "", "Of the centre, as on the map"),
    "name": ("Name", "", "Of the site; its id where it has none"),
    "council": ("Council", "", "Council in which the centre lies"),
    "areas": ("Areas", "", "How many areas the catchment joins"),
    "people_in_areas": (
        "People in areas",
        _PEOPLE,
        "All people of the areas that the catchment joins, whether the centre serves them or not",
    ),
    "colour": ("Colour", "", "Of the map, 1 to 7: neighbours differ"),
    "mode": ("Mode", "", "How people travel"),
    "minutes": ("Minutes", "minutes", "Within which the centre is reached"),
    "cell_m": ("Grid", _METRES, "Between the points that were measured from"),
    "easting": ("Easting", _METRES, "Of a point inside, EPSG:27700"),
    "northing": ("Northing", _METRES, "Of a point inside, EPSG:27700"),
} | {
    f"people_q{n}": (f"Of fifth {n}", _PEOPLE, f"Served, in deprivation fifth {n} (1 = most)")
    for n in range(1, 6)
}
"""Columns that the plan adds: label, unit, meaning."""


def dictionary(
    layers: Iterable[Layer], file_names: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Return the dictionary of the columns of some layers.

    Parameters
    ----------
    layers
        Layers to describe.
    called
        Names of columns in the file, by layer, if they differ.

    Returns
    -------
    DataFrame
        `layer`, `column`, `full_name` where the file's name for it is another, `label`, `unit`,
        `meaning`, `source`.
    """
    rows = []
    for layer in layers:
        short = (file_names or {}).get(layer.name, {})
        for name in layer.columns:
            row = described(layer.name, name)
            rows.append(row | {"column": short.get(name, name), "full_name": name})
    found = pd.DataFrame(rows)
    return found if file_names else found.drop(columns="full_name")


def described(layer: str, name: str) -> dict[str, str]:
    """Return the row of the dictionary for a column, from the plan's columns or the schema."""
    schema = (*columns_of("sites", [name]), *columns_of("areas", [name]))
    known = {one.name: (one.label, one.unit, one.meaning, one.source) for one in schema}
    known |= {column: (*words, "nhcplanner") for column, words in _PLAN.items()}
    label, unit, meaning, source = known.get(name, (name, "", "", "user"))
    row = {"layer": layer, "column": name, "label": label}
    return row | {"unit": unit, "meaning": meaning, "source": source}


FOLDER = "tables"
WIDE = ("areas", "sites", "centres")
"""Layers that are written as wide tables, with a row for each area, site or centre."""

_LONG = {
    "place": ("Place", ""),
    "area_code": ("Area code", ""),
    "area_name": ("Area", ""),
    "figure": ("Which figure: a column of areas", ""),
    "unit": ("Its unit", ""),
    "value": ("Its value (blank = not known, or beyond)", "mixed"),
}


def write_csv(evidence: Evidence, folder: Path) -> None:
    """Write `tables/NAME.csv` for every table, `columns.csv` and `notes.csv`.

    Tables are those of the evidence and those of the return.

    The layers are there wide (`areas_wide`, `sites_wide`, `centres_wide`) and the areas' figures
    long (`areas_long`, a row a figure). Every row carries the place's title, so that an invented
    place says so wherever it goes.
    """
    target = folder / FOLDER
    target.mkdir()
    for name, frame in evidence.tables():
        table = frame.copy()
        table.insert(0, "place", evidence.outcome.place.title)
        write_safe_csv(table, target / f"{name}.csv")
    for name, definition in hand_in.TABLES.items():
        table = definition.make(evidence)
        table.insert(0, "place", evidence.outcome.place.title)
        write_safe_csv(table, target / f"{name}.csv")
    for layer in layers(evidence):
        if layer.name in WIDE:
            write_safe_csv(flat(layer.frame), target / f"{layer.name}_wide.csv")
    if evidence.areas is not None:
        write_safe_csv(
            _long(evidence.areas, evidence.outcome.place.title), target / "areas_long.csv"
        )
    write_safe_csv(_columns(evidence), target / "columns.csv")
    write_safe_csv(notes(evidence), target / "notes.csv")


def _cells() -> dict[str, tuple[Cell, ...]]:
    """Return the columns of every table of the evidence and of the return."""
    cells = {name: table.cells for name, table in TABLES.items()}
    return cells | {name: table.cells for name, table in hand_in.TABLES.items()}


def flat(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """Replace the geometry by `easting` and `northing` of a point inside each shape."""
    points = frame.geometry.representative_point()
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    return table.assign(easting=points.x.round(1), northing=points.y.round(1))


def _long(areas: pd.DataFrame, title: str) -> pd.DataFrame:
    units = {cell.name: cell.unit for cell in TABLES["areas"].cells if cell.unit}
    found = areas.melt(["area_code", "area_name"], list(units), "figure", "value")
    found = found.assign(place=title, unit=found["figure"].map(units))
    return found[list(_LONG)]


def _columns(evidence: Evidence) -> pd.DataFrame:
    """Return every column of every table: `table`, `column`, `label`, `unit`, `meaning`."""
    rows = [
        {"table": name, "column": cell.name, "label": cell.label, "unit": cell.unit}
        for name, cells in _cells().items()
        for cell in cells
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
