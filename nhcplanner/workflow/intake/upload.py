"""An uploaded list of sites before any decision: its rows, headings and first guesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import pandas as pd

from nhcplanner.base.errors import InputError
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.patients import REMOVE
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.own_list import read_upload
from nhcplanner.workflow.intake.columns import guess_columns
from nhcplanner.workflow.intake.decisions import NOT_USED


@dataclass(frozen=True, eq=False)
class Upload:
    """An uploaded list, unchanged.

    Parameters
    ----------
    table
        Rows, with the columns of the list.
    sha256
        Hash of the file.
    options
        Answers that the file was read with, such as which sheet.
    """

    table: Table
    sha256: str
    options: tuple[tuple[str, str], ...] = ()

    @property
    def columns(self) -> list[str]:
        """Headings of the columns."""
        return [str(name) for name in self.table.frame.columns if name != "geometry"]

    @cached_property
    def guesses_and_problems(self) -> tuple[dict[str, str], dict[str, str]]:
        """Guess for each heading, and the problems of headings that are not clear."""
        return guess_columns(self.table)

    @property
    def guesses(self) -> dict[str, str]:
        """Guess for each heading; headings that are not clear are left out."""
        guesses, unsure = self.guesses_and_problems
        return {name: guesses.get(name, NOT_USED) for name in self.columns if name not in unsure}

    def cells(
        self,
        rows: Iterable[int],
        columns: Iterable[str],
        corrections: Mapping[tuple[int, str], str],
    ) -> list[list[str]]:
        """Return the text of cells by row number and heading, with corrections."""
        at = {self.table.row_number(n): n for n in range(len(self.table.frame))}
        names = list(columns)
        table = []
        for row in rows:
            cells = self.table.frame.iloc[at[row]]
            table.append(
                [
                    corrections.get((row, n), "" if pd.isna(cells[n]) else str(cells[n]))
                    for n in names
                ]
            )
        return table


def receive(content: bytes, name: str, options: Mapping[str, str] | None = None) -> Upload:
    """Read an uploaded list of sites without changes.

    Parameters
    ----------
    content, name
        The file and its name.
    options
        Answers about the file: "sheet", "hidden".

    Raises
    ------
    InputError
        If it cannot be read, or looks like data about patients.
    """
    options = {key: answer for key, answer in (options or {}).items() if answer}
    table = read_upload(content, name, ColumnMap(assume=options))
    return Upload(table, sha256(content).hexdigest(), tuple(sorted(options.items())))


def patient_columns(error: InputError) -> tuple[str, ...]:
    """Return the columns that look like data about patients; empty for other errors."""
    return tuple(fault.column for fault in error.faults if fault.hint == REMOVE)
