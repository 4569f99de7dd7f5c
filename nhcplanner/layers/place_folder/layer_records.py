"""Records of layers in a place folder that were changed, or made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import plural
from nhcplanner.domain import columns
from nhcplanner.domain.intake import ColumnIntake, FileIntake
from nhcplanner.layers.population.figures import read_figures
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import match_columns
from nhcplanner.layers.readers.tables import PARQUET, Table
from nhcplanner.layers.readers.vocabulary import coordinate_of
from nhcplanner.layers.sites.own_list import settle_sites


def hash_layers(folder: Path, names: Mapping[str, str]) -> dict[str, str]:
    """Return the hash of each layer's file, to be written in place.toml.

    Parameters
    ----------
    folder
        The place folder.
    names
        Layer -> name of its file.
    """
    return {layer: hash_file(folder / name) for layer, name in names.items()}


def record_layer(table: Table, layer: str, written_hash: str) -> FileIntake | None:
    """Return the record of a layer that is not as `write_place` wrote it; None if it is.

    Parameters
    ----------
    table
        The layer as read, with its shapes.
    layer
        "areas", "sites" or "origins".
    written_hash
        Hash of the file that was written; empty if the folder states none. Layers in another
        format than Parquet were then made by hand, and get a record as well.
    """
    is_changed = bool(written_hash) and hash_file(table.path) != written_hash
    if not is_changed and (written_hash or table.path.name.endswith(PARQUET)):
        return None
    names = [str(name) for name in table.frame.columns if name != "geometry"]
    known = {column.name for column in columns.columns_of(layer, names)}
    record = replace(
        table.intake,
        file=table.file,
        role=layer,
        sha256=hash_file(table.path),
        rows_read=len(table.frame),
        columns=tuple(
            ColumnIntake(name, name if name in known else coordinate_of(name)) for name in names
        ),
    )
    if is_changed:
        record = record.with_event("doubt", f"{table.file} was changed after the place was written")
    for name in names:
        record = _note_blanks(record, table, name)
    return _with_doubts(record, table, layer)


def _with_doubts(record: FileIntake, table: Table, layer: str) -> FileIntake:
    """Add the doubts, questions and faults that reading a user's file with these rows would give.

    The layer is used as it is: these checks concern doubts, not the schema.
    """
    known = len(table.intake.events)
    try:
        if layer == "sites":
            checked, _ = settle_sites(table, ColumnMap())
        else:
            kind = "areas" if layer == "areas" else "origins"
            names = match_columns(table.frame, kind, {}, table.file, "")
            checked = read_figures(table, names, ColumnMap())[0] if layer == "areas" else table
    except InputError as error:
        for fault in error.faults:
            where = "" if fault.row is None else f"row {fault.row}, "
            record = record.with_event("doubt", f"{where}{fault.column}: {fault.problem}")
        return record
    for event in checked.intake.events[known:]:
        record = record.with_event(event.kind, event.words, event.count, event.examples)
    return record


def _note_blanks(record: FileIntake, table: Table, name: str) -> FileIntake:
    """Add a line for blank cells of a column that is filled in other rows."""
    column: pd.Series = table.frame[name]
    blank = [n for n, is_blank in enumerate(column.isna()) if is_blank]
    if not 0 < len(blank) < len(column):
        return record
    rows = [f"row {table.row_number(n)}" for n in blank[:3]]
    return record.with_event("note", f"'{name}' blank in {plural(len(blank), 'row')}",
                             len(blank), rows)  # fmt: skip
