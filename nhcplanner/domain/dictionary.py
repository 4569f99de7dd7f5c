"""The data dictionary: every column of a place's layers, made of the schema's own table."""

from __future__ import annotations

from collections.abc import Iterable

from nhcplanner.domain.columns import LAYERS, WHEREABOUTS, Column

TITLES = {
    "areas": "Areas: `areas.parquet`",
    "sites": "Sites: `sites.parquet`",
    "origins": "Points where people start: `origins.parquet`",
}
HEAD = """# Data dictionary

Made of `nhcplanner/domain/columns.py` by `python data/make_dictionary.py`: change it there.

A place folder holds `place.toml` (what the place is called, where each layer is from, what was done
to it), the layers below, and where they were given `streets.npz`, `gtfs.zip` and
`times/matrix.parquet`. Shapes are in EPSG:27700, metres. A column that is not needed may be absent;
a blank cell says that the figure is not known, never that it is zero.

`demo/` is the SYNTHETIC demo place with the program that made it; `scenarios/` holds scenarios.
"""


def markdown() -> str:
    """Write the data dictionary.

    Returns
    -------
    str
        Markdown: a table for each layer, and one for the columns by which a list may say where a
        site lies.
    """
    parts = [HEAD]
    for layer, columns in LAYERS.items():
        parts.append(f"## {TITLES[layer]}\n\n{_table(columns)}")
    parts.append(
        "Areas may hold columns of one's own, named `own_` and a word: numbers, 0 or more, of "
        "which a scenario may make its need.\n"
    )
    parts.append(
        "## Where a site lies, in a user's list\n\nShapes, one of these pairs or columns, or the "
        f"postcode.\n\n{_table(WHEREABOUTS)}"
    )
    return "\n".join(parts)


def _table(columns: Iterable[Column]) -> str:
    rows = ["| column | label | holds | needed | meaning | from |", "|---|---|---|---|---|---|"]
    for one in columns:
        needed = "yes" if one.required else ""
        cells = (f"`{one.name}`", one.label, _holds(one), needed, one.meaning, one.source)
        rows.append(f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |")
    return "\n".join(rows) + "\n"


def _holds(column: Column) -> str:
    """What a cell may hold: its kind, unit, range or words."""
    if column.choices:
        return ", ".join(column.choices)
    facts = ["whole number" if column.kind == "whole" else column.kind, column.unit]
    if column.low is not None and column.high is not None:
        facts.append(f"{column.low:,g} to {column.high:,g}")
    elif column.low is not None:
        facts.append(f"{column.low:,g} or more")
    return ", ".join(fact for fact in facts if fact) + (", once each" if column.unique else "")
