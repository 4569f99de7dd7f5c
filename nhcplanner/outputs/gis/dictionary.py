"""Data dictionary: every column of every layer, its words, its unit and its meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from nhcplanner.domain.columns import columns_of
from nhcplanner.outputs.gis.layers import Layer

MINUTES = "To the nearest centre, within which half of the area's people come; blank = beyond"

_PEOPLE, _METRES = "people", "metres"
_PLAN = {
    "place": ("Place", "", "The place's title; SYNTHETIC where it is invented"),
    "band": ("Band", "", "Order of need, 1 = first; 0 = in no band"),
    "minutes_before": ("Minutes before", "minutes", MINUTES),
    "minutes_after": ("Minutes after", "minutes", MINUTES),
    "change": ("Change", "minutes", "After less before; below 0 = nearer"),
    "share_before": ("Share before", "share", "Of people within reach, 0 to 1"),
    "share_after": ("Share after", "share", "Of people within reach, 0 to 1"),
    "centre": ("Nearest centre", "", "Site id of the nearest centre after the plan"),
    "need_class": ("Class of need", "", "Class of colour, by band"),
    "minutes_class": ("Class of minutes", "", "Class of colour, by minutes after"),
    "role": ("Role", "", "existing, committed, new, or blank: not opened"),
    "people_served": ("People served", _PEOPLE, "For whom it is the nearest centre within reach"),
    "over_capacity": ("Beyond capacity", _PEOPLE, "People served beyond capacity"),
    "number": ("Number", "", "Of the centre, as on the map"),
    "name": ("Name", "", "Of the site; its id where it has none"),
    "council": ("Council", "", "In which the centre stands"),
    "areas": ("Areas", "", "How many areas the catchment joins"),
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
    layers: Iterable[Layer], called: Mapping[str, Mapping[str, str]] | None = None
) -> pd.DataFrame:
    """Say what every column is.

    Parameters
    ----------
    layers
        Whose columns.
    called
        By layer, what each column is called in the file, where that is not its name.

    Returns
    -------
    DataFrame
        `layer`, `column`, `full_name` where the file's name for it is another, `label`, `unit`,
        `meaning`, `source`.
    """
    rows = []
    for layer in layers:
        short = (called or {}).get(layer.name, {})
        for name in layer.columns:
            row = described(layer.name, name)
            rows.append(row | {"column": short.get(name, name), "full_name": name})
    found = pd.DataFrame(rows)
    return found if called else found.drop(columns="full_name")


def described(layer: str, name: str) -> dict[str, str]:
    """What a column of a layer is, as the plan or the schema has it: a row of the dictionary."""
    schema = (*columns_of("sites", [name]), *columns_of("areas", [name]))
    known = {one.name: (one.label, one.unit, one.meaning, one.source) for one in schema}
    known |= {column: (*words, "nhcplanner") for column, words in _PLAN.items()}
    label, unit, meaning, source = known.get(name, (name, "", "", "user"))
    row = {"layer": layer, "column": name, "label": label}
    return row | {"unit": unit, "meaning": meaning, "source": source}
