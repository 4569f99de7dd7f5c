"""Further tables: figures by area or council code, one row a code, or HLE in long form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nhcplanner.domain import columns, schema
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.files.columns import ColumnMap, in_their_words, matched, renamed
from nhcplanner.layers.files.tables import Table, read_table
from nhcplanner.layers.hle import long_form
from nhcplanner.layers.where.coordinates import plain

CODES = ("area_code", "council_code")


@dataclass(frozen=True, eq=False)
class Further:
    """A further table, with the schema's names.

    Parameters
    ----------
    table
        As read; its frame has the schema's names.
    names
        Schema column -> the user's column.
    rows
        How many rows the file has.
    beside
        Other tables that it was made with.
    """

    table: Table
    names: Mapping[str, str]
    rows: int
    beside: tuple[Table, ...] = ()


def read_further(path: Path, column_map: ColumnMap) -> Further:
    """Read a further table and give it the schema's names.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    said = column_map.tables.get(Path(path).name, {})
    table = read_table(path, said.get("layer", ""))
    table = table.with_frame(plain(table.frame))
    if table.frame.empty:
        raise InputError([Fault("has no rows", table.file)])
    if long_form.is_long(table.frame):
        key = said.get("key", "")
        wide, names = long_form.widened(table, key, column_map.hle.get("period", ""))
        return Further(wide, names, len(table.frame))
    key = said.get("key")
    said = {name: column for name, column in said.items() if name != "key"}
    names = matched(table.frame, "areas", said, table.file, column_map.file)
    if key is not None:
        names = {ours: theirs for ours, theirs in names.items() if ours not in CODES}
        names = {"area_code": _there(key, table), **names}
    if not set(names) & set(CODES):
        mend = f'Say which it is in the column map: [tables."{table.file}"] key = "..."'
        raise InputError([Fault("has no column of area or council codes", table.file, mend=mend)])
    frame = renamed(table.frame, "areas", names)
    found = schema.faults(
        frame, "areas", table.file, table.first_row, lacking={c.name for c in columns.AREAS},
    )  # fmt: skip
    if found:
        raise InputError(in_their_words(found, names))
    return Further(table.with_frame(frame), names, len(frame))


def _there(column: str, table: Table) -> str:
    if column in table.frame:
        return column
    there = ", ".join(map(str, table.frame.columns))
    raise InputError([Fault("no such column", table.file, None, column, f"There are: {there}")])
