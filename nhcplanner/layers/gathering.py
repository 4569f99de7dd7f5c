"""Gathering: official sources brought one by one, with what could not be had and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import pandas as pd

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain import columns, schema
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Source
from nhcplanner.layers.codes.vintages import align_councils
from nhcplanner.layers.population.attribute_tables import AttributeTable
from nhcplanner.layers.readers.tables import Table, changed_on
from nhcplanner.layers.sources import Extent, OfficialSource
from nhcplanner.layers.sources.finders import Finder
from nhcplanner.layers.sources.published import NOTES
from nhcplanner.layers.sources.recognition import FoundFile

Read = TypeVar("Read")


@dataclass(eq=False)
class Gathering:
    """What has been brought so far, and what could not be.

    Parameters
    ----------
    finder
        Brings the files.
    extent
        Of which part of England sources are asked.
    brought
        Name of each file brought -> the file.
    lacking
        What could not be had and is not needed, in words.
    tell
        Gets words about what is being done.
    intake
        The record of each table that was read, in order.
    """

    finder: Finder
    extent: Extent = field(default_factory=Extent)
    brought: dict[str, FoundFile] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    tell: Callable[[str], object] | None = None
    intake: list[FileIntake] = field(default_factory=list)

    def say(self, words: str) -> None:
        """Report what is being done, where somebody listens."""
        if self.tell is not None:
            self.tell(words)

    def table(self, source: OfficialSource) -> Table | None:
        """Bring a source's rows as its parser gives them; None where they are not to be had.

        Raises
        ------
        FetchError, InputError
            Where there is no place without them.
        """
        return self.read(source, lambda files: self.parsed(files[0]))

    def further(self, source: OfficialSource) -> list[AttributeTable]:
        """Bring a source's rows to be joined to the areas by code: one table, or none."""
        table = self.read(source, lambda files: self.matched(sound(self.parsed(files[0]))))
        return [] if table is None else [table]

    def matched(self, table: AttributeTable) -> AttributeTable:
        """Refuse a table without a row for an area or a council of the place.

        Raises
        ------
        InputError
            Where it has none, also by codes that have changed since.
        """
        frame, here = table.table.frame, pd.Index(self.extent.councils)
        key = "area_code" if "area_code" in frame else "council_code"
        by_council, _ = align_councils(frame, key, here)
        if not by_council[key].isin([*self.extent.areas, *here]).any():
            words = "has no row for any area or council of the place"
            raise InputError([Fault(words, table.table.file, hint="Give the file that has them")])
        return table

    def parsed(self, file: FoundFile) -> Table:
        """Read a file by its source's parser.

        Raises
        ------
        InputError
            Where it is not as published.
        """
        assert file.source.parse is not None  # networks are not read as tables
        frame: pd.DataFrame = read_apart(file.source.parse, file.path)
        notes = frame.attrs.pop(NOTES, ())
        intake = FileIntake(
            file.original.name, file.source.title, hash_file(file.original), rows_read=len(frame)
        )
        for words in (*file.notes, *notes):
            intake = intake.with_event("note", words)
        self.intake.append(intake)
        return Table(file.original, frame, 2, (*file.notes, *notes), intake=intake)

    def read(
        self, source: OfficialSource, read: Callable[[Sequence[FoundFile]], Read]
    ) -> Read | None:
        """Bring what a reader makes of a source's files, likewise."""
        try:
            files = self.finder.find(source, self.extent)
            result = read(files)
        except (FetchError, InputError) as error:
            if source.needed:
                raise
            self.lacking.append(f"Not had: {source.gives}. {error}")
            return None
        self.brought |= {one.original.name: one for one in files}
        return result


def sound(table: Table) -> AttributeTable:
    """Check a table with the schema's names, to be joined to the areas.

    Raises
    ------
    InputError
        With every fault of its cells.
    """
    lacking = {column.name for column in columns.AREAS}
    faults = schema.faults(table.frame, "areas", table.file, table.first_row, lacking=lacking)
    if faults:
        raise InputError(faults)
    return AttributeTable(
        table, {str(name): str(name) for name in table.frame.columns}, len(table.frame)
    )


def recorded(
    file: FoundFile, rows: int | None = None, notes: tuple[str, ...] | None = None
) -> Source:
    """Record a file that is no table joined to the areas.

    Parameters
    ----------
    file
        The file.
    rows
        How many rows it gave.
    notes
        What was done to it, in words; None = how it came.
    """
    return Source(
        layer=file.source.layer,
        **file.pedigree(),
        file=file.original.name,
        sha256=hash_file(file.original),
        retrieved=changed_on(file.original),
        rows=rows,
        notes=file.notes if notes is None else notes,
    )
