"""Finders: where a source's file comes from, the network or a folder that a user filled by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.domain.reading import read_apart
from nhcplanner.layers.readers.delimited import CSV
from nhcplanner.layers.readers.gis import BROKEN, GIS, read_layer
from nhcplanner.layers.readers.tables import read_table
from nhcplanner.layers.sources.base import OfficialSource, Wanted
from nhcplanner.layers.web import WebClient


class Finder(Protocol):
    """Whatever brings a source's file."""

    def find(self, source: OfficialSource, wanted: Wanted) -> Path:
        """Bring a source's file.

        Raises
        ------
        FetchError
            Where it is not to be had.
        """
        ...

    def notes(self, source: OfficialSource) -> tuple[str, ...]:
        """What a reader must know of how the file came, in words."""
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

    def find(self, source: OfficialSource, wanted: Wanted) -> Path:
        """Fetch a source's file."""
        self.web.tell(f"Fetching {source.title}")
        try:
            return source.fetch(source, self.web, wanted)
        except FetchError as error:
            told = str(error)
            named = told if told.startswith(source.title) else f"{source.title}: {told}"
            raise FetchError(named) from None

    def notes(self, source: OfficialSource) -> tuple[str, ...]:  # noqa: ARG002
        """Nothing: what is fetched is what its source says."""
        return ()


@dataclass(frozen=True)
class FromFolder:
    """Takes each source from a folder of files that a user downloaded.

    Parameters
    ----------
    folder
        The folder.
    files
        Key of a source -> its file there.
    """

    folder: Path
    files: Mapping[str, Path]

    def find(self, source: OfficialSource, wanted: Wanted) -> Path:  # noqa: ARG002
        """Take a source's file out of the folder."""
        if source.key not in self.files:
            page = source.page or source.address
            raise FetchError(f"{source.title}: not among the files given. Download it from {page}")
        return self.files[source.key]

    def notes(self, source: OfficialSource) -> tuple[str, ...]:  # noqa: ARG002
        """Say that a file came by hand."""
        return ("given by hand and recognised by its columns or its name: check its edition",)


@dataclass(frozen=True)
class FolderFirst:
    """Takes from a folder what it holds, and fetches the rest.

    Parameters
    ----------
    folder
        The folder.
    rest
        Brings what the folder lacks.
    """

    folder: FromFolder
    rest: Finder

    def find(self, source: OfficialSource, wanted: Wanted) -> Path:
        """Bring a source's file from where it is to be had."""
        return self._finder(source).find(source, wanted)

    def notes(self, source: OfficialSource) -> tuple[str, ...]:
        """What the one that brings the file says of it."""
        return self._finder(source).notes(source)

    def _finder(self, source: OfficialSource) -> Finder:
        return self.folder if source.key in self.folder.files else self.rest


def recognised(folder: Path, sources: Iterable[OfficialSource]) -> FromFolder:
    """Recognise official files in a folder by their columns, or else by their names.

    Parameters
    ----------
    folder
        Files as downloaded, whatever their names; others are passed over.
    sources
        Those to look for.

    Raises
    ------
    InputError
        Where there is no such folder, nothing in it is recognised, or two files are one source's.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([Fault("no such folder", str(folder), hint="Check --from-files")])
    listed = tuple(sources)
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith("."):
            source = _source_of(path, listed)
            if source is not None:
                found.setdefault(source.key, []).append(path)
    titles = {source.key: source.title for source in listed}
    faults = [
        Fault(f"are both {titles[key]}", " and ".join(path.name for path in paths),
              hint="Leave one of them in the folder")
        for key, paths in found.items() if len(paths) > 1
    ]  # fmt: skip
    if not found:
        words = "holds no file that is recognised as an official one"
        hint = "See which files are looked for, and where they are to be had: nhcplanner sources"
        faults = [Fault(words, str(folder), hint=hint)]
    if faults:
        raise InputError(faults)
    return FromFolder(folder, {key: paths[0] for key, paths in found.items()})


def _source_of(path: Path, sources: tuple[OfficialSource, ...]) -> OfficialSource | None:
    columns = columns_of(path)
    by_columns = (source for source in sources if source.has_headers(columns))
    by_name = (source for source in sources if source.is_named(path))
    return next(by_columns, None) or next(by_name, None)


def columns_of(path: Path) -> set[str]:
    """Columns of a table or layer; for shapes "(Polygon)" or "(Point)" too; none of other files."""
    try:
        found: set[str] = read_apart(_columns_of, path)
    except InputError:
        return set()
    return found


def _columns_of(path: Path) -> set[str]:
    name = path.name.lower()
    try:
        if name.endswith(CSV):
            return set(map(str, read_table(path).frame.columns))
        if name.endswith(GIS):
            first, _ = read_layer(path, most=1)
            kinds = set(getattr(first, "geom_type", [])) - {None}
            return {*map(str, first.columns), *(f"({k.removeprefix('Multi')})" for k in kinds)}
    except (InputError, *BROKEN):
        return set()
    return set()
