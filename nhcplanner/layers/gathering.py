"""Gathering: official sources brought one by one; what could not be had is kept in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from nhcplanner.base.errors import FetchError, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.domain import columns, schema
from nhcplanner.domain.place import Source
from nhcplanner.domain.reading import read_apart
from nhcplanner.layers.population.attribute_tables import AttributeTable
from nhcplanner.layers.readers.tables import Table, changed_on
from nhcplanner.layers.sources import OfficialSource, Wanted
from nhcplanner.layers.sources.finders import Finder

Read = TypeVar("Read")


@dataclass(eq=False)
class Gathering:
    """What has been brought so far, and what could not be.

    Parameters
    ----------
    finder
        Brings the files.
    wanted
        Of which part of England sources are asked.
    brought
        Name of each file brought -> its source.
    lacking
        What could not be had and is not needed, in words.
    tell
        Told what is being done.
    """

    finder: Finder
    wanted: Wanted = field(default_factory=Wanted)
    brought: dict[str, OfficialSource] = field(default_factory=dict)
    lacking: list[str] = field(default_factory=list)
    tell: Callable[[str], object] | None = None

    def say(self, words: str) -> None:
        """Say what is being done, where somebody listens."""
        if self.tell is not None:
            self.tell(words)

    def file(self, source: OfficialSource) -> Path | None:
        """Bring a source's file; None, and a note, where it is not to be had.

        Raises
        ------
        FetchError, InputError
            Where there is no place without it.
        """
        return self.read(source, lambda path: path)

    def table(self, source: OfficialSource) -> Table | None:
        """Bring a source's rows as its parser gives them, likewise."""
        return self.read(source, lambda path: self.parsed(source, path))

    def further(self, source: OfficialSource) -> list[AttributeTable]:
        """Bring a source's rows to be joined to the areas by code: one table, or none."""
        found = self.read(source, lambda path: sound(self.parsed(source, path)))
        return [] if found is None else [found]

    def parsed(self, source: OfficialSource, path: Path) -> Table:
        """Read a file by its source's parser.

        Raises
        ------
        InputError
            Where it is not as published.
        """
        return Table(path, read_apart(source.parse, path), 2, self.finder.notes(source))

    def read(self, source: OfficialSource, read: Callable[[Path], Read]) -> Read | None:
        """Bring what a reader makes of a source's file, likewise."""
        try:
            path = self.finder.find(source, self.wanted)
            found = read(path)
        except (FetchError, InputError) as error:
            if source.needed:
                raise
            self.lacking.append(f"Not had: {source.gives}. {error}")
            return None
        self.brought[path.name] = source
        return found


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
    source: OfficialSource, path: Path, rows: int | None = None, notes: tuple[str, ...] = ()
) -> Source:
    """Record a file that is no table joined to the areas.

    Parameters
    ----------
    source
        What it is.
    path
        The file as it came.
    rows
        How many rows it gave.
    notes
        What was done to it, in words.
    """
    return Source(
        layer=source.layer,
        **source.pedigree(),
        file=path.name,
        sha256=hash_file(path),
        retrieved=changed_on(path),
        rows=rows,
        notes=notes,
    )
