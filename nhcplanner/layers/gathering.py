"""Official sources of a place: files from a folder or the web, and a list of what is lacking."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

import pandas as pd

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain import column_checks, columns
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Source
from nhcplanner.layers.codes.vintages import align_councils
from nhcplanner.layers.population.attribute_tables import AttributeTable
from nhcplanner.layers.readers.tables import Table, changed_on
from nhcplanner.layers.sources import Extent, OfficialSource
from nhcplanner.layers.sources.opening import open_parts
from nhcplanner.layers.sources.published import NOTES
from nhcplanner.layers.sources.recognition import (
    FoundFile,
    SkippedFile,
    recognise_folder,
)
from nhcplanner.layers.web import WebClient


class Finder(Protocol):
    """A provider of the files of sources: the web, a folder, or both."""

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:
        """Return a source's file, or its files if several are used together.

        Raises
        ------
        FetchError
            If it is not available.
        """
        ...

    def passed_over(self, used: Collection[str]) -> tuple[FileIntake, ...]:
        """Return records of files at hand that are not among the names of those used."""
        ...


@dataclass(frozen=True)
class FromWeb:
    """Fetches each source from its publisher, through a cache.

    Parameters
    ----------
    web
        The network.
    """

    web: WebClient

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:
        """Fetch a source's file, and read from it which edition it is."""
        self.web.tell(f"Fetching {source.title}")
        try:
            path = source.fetch(source, self.web, extent)
        except FetchError as error:
            words = str(error)
            titled = words if words.startswith(source.title) else f"{source.title}: {words}"
            raise FetchError(titled) from None
        edition = ""
        if source.edition is not None:
            parts = read_apart(open_parts, path, path.parent.absolute())
            edition = next(filter(None, map(source.edition, parts)), "")
        address = next((one.url for one in source.addresses if one.service in path.name), "")
        return (FoundFile(source, path, path, edition, address=address),)

    def passed_over(self, used: Collection[str]) -> tuple[FileIntake, ...]:  # noqa: ARG002
        """Return no records: every fetched file is used."""
        return ()


@dataclass(frozen=True)
class FromFolder:
    """Takes each source from a folder of files that a user downloaded.

    Parameters
    ----------
    files
        Files of official sources in the folder.
    skipped
        Files that are not used.
    """

    files: tuple[FoundFile, ...]
    skipped: tuple[SkippedFile, ...] = ()

    def holds(self, source: OfficialSource) -> bool:
        """Whether a file of a source is there."""
        return any(one.source.key == source.key for one in self.files)

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:  # noqa: ARG002
        """Return a source's files from the folder."""
        files = [one for one in self.files if one.source.key == source.key]
        if not files:
            page = source.page or source.address
            words = f"{source.title}: not among the files given. Download it from {page}"
            listed = [f"\n- {one.name}: not used, {one.why}" for one in self.skipped]
            raise FetchError(words + "".join(listed if source.needed else []))
        return files

    def passed_over(self, used: Collection[str]) -> tuple[FileIntake, ...]:
        """Return records of the unused files, each with the reason."""
        unused = {
            one.original.name: FileIntake(
                one.original.name,
                one.source.title,
                passed_over=f"recognised as {one.source.title}, but the place is made without it",
            )
            for one in self.files
            if one.original.name not in used
        }
        return (*(one.record() for one in self.skipped), *unused.values())


@dataclass(frozen=True)
class FolderFirst:
    """Takes sources from a folder if it has them, and fetches the others.

    Parameters
    ----------
    folder
        The folder.
    rest
        Provider of the sources that the folder lacks.
    """

    folder: FromFolder
    rest: Finder

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:
        """Return a source's files from the folder, or else from the web."""
        finder: Finder = self.folder if self.folder.holds(source) else self.rest
        return finder.find(source, extent)

    def passed_over(self, used: Collection[str]) -> tuple[FileIntake, ...]:
        """Return records of the folder's files that are not used."""
        return self.folder.passed_over(used)


def find_in_folder(folder: Path, sources: Iterable[OfficialSource], scratch: Path) -> FromFolder:
    """Recognise the official files of a folder, as `recognise_folder` does."""
    result = recognise_folder(folder, tuple(sources), scratch)
    return FromFolder(tuple(result.files), tuple(result.skipped))


Read = TypeVar("Read")


@dataclass(eq=False)
class Gathering:
    """The sources found so far, and a list of what is lacking.

    Parameters
    ----------
    finder
        Provider of the files.
    extent
        Part of England for which sources are fetched.
    brought
        Files found so far, by name.
    lacking
        Notes on optional sources that are not available.
    tell
        Receives a sentence about each step.
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
        """Report the current step, if there is a receiver."""
        if self.tell is not None:
            self.tell(words)

    def table(self, source: OfficialSource) -> Table | None:
        """Return a source's rows from its parser; None if the source is not available.

        Raises
        ------
        FetchError, InputError
            If every place needs them and they are not available.
        """
        return self.read(source, lambda files: self.parsed(files[0]))

    def further(self, source: OfficialSource) -> list[AttributeTable]:
        """Return a source's table for the areas by code, in a list; empty if not available."""
        table = self.read(source, lambda files: self.matched(sound(self.parsed(files[0]))))
        return [] if table is None else [table]

    def matched(self, table: AttributeTable) -> AttributeTable:
        """Refuse a table without a row for an area or a council of the place.

        Raises
        ------
        InputError
            If it has none, by present or earlier codes.
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
            If the file is not in its published form.
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
        """Return the result of a reader for a source's files; None if they are not available."""
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
    faults = column_checks.faults(
        table.frame, "areas", table.file, table.first_row, lacking=lacking
    )
    if faults:
        raise InputError(faults)
    return AttributeTable(
        table, {str(name): str(name) for name in table.frame.columns}, len(table.frame)
    )


def recorded(
    file: FoundFile, rows: int | None = None, notes: tuple[str, ...] | None = None
) -> Source:
    """Return the record of a file that is not a table of areas, such as streets.

    Parameters
    ----------
    file
        The file.
    rows
        Number of rows read from it.
    notes
        Notes on what was done to it; None = the file's own notes.
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
