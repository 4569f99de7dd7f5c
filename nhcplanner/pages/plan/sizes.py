"""Table of the sizes that centres may have, in the form of a plan's rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner.domain.centre_types import Size

COLUMNS = {
    "name": ("Size", "text"),
    "capacity": ("Capacity (people)", "number"),
    "cost": ("Cost (£)", "number"),
    "least_people": ("People at least", "number"),
    "adds": ("In addition to the site's own", "flag"),
    "modules": ("Modules at most", "number"),
    "module_capacity": ("People a module", "number"),
    "module_cost": ("£ a module", "number"),
    "at": ("Only at", "text"),
}
"""Label and kind of each column of the table, by the key of a size."""


def fields(start: Sequence[Size]) -> tuple[dict[str, Any], ...]:
    """Draw the table, and return the sizes as a scenario has them."""
    st.markdown(
        "Offer sizes and the plan chooses the size of each centre with its site. Capacities and "
        "costs are yours: a blank is not known, never 0. With sizes everyone is sent to a centre "
        "with room for them, or with the aim **Most people in reach, within capacity** as many as "
        "possible."
    )
    config = {
        name: st.column_config.CheckboxColumn(label)
        if kind == "flag"
        else st.column_config.NumberColumn(label, min_value=0.0, format="localized")
        if kind == "number"
        else st.column_config.TextColumn(label)
        for name, (label, kind) in COLUMNS.items()
    }
    table = st.data_editor(
        as_table(start), column_config=config, num_rows="dynamic", hide_index=True, key="sizes"
    )
    st.caption("Only at: ids of sites or kind:library, with commas between them")
    return as_settings(table)


def as_table(sizes: Sequence[Size]) -> pd.DataFrame:
    """Return sizes as a table with the columns of `COLUMNS`; blank where not set."""
    rows = [one.model_dump() | {"at": ", ".join(one.at)} for one in sizes]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    for name, (_, kind) in COLUMNS.items():
        if kind == "number":
            frame[name] = pd.to_numeric(frame[name]).astype("float64")
        else:
            frame[name] = frame[name].astype("bool" if kind == "flag" else "object")
    return frame


def as_settings(table: pd.DataFrame) -> tuple[dict[str, Any], ...]:
    """Return the rows of the table that have a name or a figure, without blank cells.

    Examples
    --------
    >>> as_settings(as_table([Size(name="small", capacity=8000)]))
    ({'name': 'small', 'capacity': 8000.0},)
    """
    found = []
    for row in table.to_dict("records"):
        size = {str(key): value for key, value in row.items() if not _is_blank(str(key), value)}
        if "at" in size:
            size["at"] = tuple(part.strip() for part in str(size["at"]).split(",") if part.strip())
        if size:
            found.append(size)
    return tuple(found)


def _is_blank(key: str, value: Any) -> bool:
    """Whether a cell is empty or the default; a capacity or cost of 0 is neither."""
    is_default = value in ("", False) and key not in ("capacity", "cost")
    return bool(is_default or pd.isna(value))
