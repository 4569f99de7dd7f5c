"""Finders: where a source's file comes from, the network or a folder that a user filled by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nhcplanner.base.errors import FetchError
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain.intake import FileIntake
from nhcplanner.layers.sources.base import Extent, OfficialSource
from nhcplanner.layers.sources.opening import open_parts
from nhcplanner.layers.sources.recognition import (
    FoundFile,
    SkippedFile,
    recognise_folder,
)
from nhcplanner.layers.web import WebClient


class Finder(Protocol):
    """Whatever brings a source's file."""

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:
        """Bring a source's file, or its files where several are used together.

        Raises
        ------
        FetchError
            Where it is not to be had.
        """
        ...

    def passed_over(self) -> tuple[FileIntake, ...]:
        """Records of files at hand that are not used."""
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

    def passed_over(self) -> tuple[FileIntake, ...]:
        """Nothing: what is fetched is used."""
        return ()


@dataclass(frozen=True)
class FromFolder:
    """Takes each source from a folder of files that a user downloaded.

    Parameters
    ----------
    files
        Files of official sources there.
    skipped
        Files that are not used.
    """

    files: tuple[FoundFile, ...]
    skipped: tuple[SkippedFile, ...] = ()

    def holds(self, source: OfficialSource) -> bool:
        """Whether a file of a source is there."""
        return any(one.source.key == source.key for one in self.files)

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:  # noqa: ARG002
        """Take a source's files out of the folder."""
        files = [one for one in self.files if one.source.key == source.key]
        if not files:
            page = source.page or source.address
            words = f"{source.title}: not among the files given. Download it from {page}"
            listed = [f"\n- {one.name}: not used, {one.why}" for one in self.skipped]
            raise FetchError(words + "".join(listed if source.needed else []))
        return files

    def passed_over(self) -> tuple[FileIntake, ...]:
        """Records of the files that are not used, each with why."""
        return tuple(one.record() for one in self.skipped)


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

    def find(self, source: OfficialSource, extent: Extent) -> Sequence[FoundFile]:
        """Bring a source's file from where it is to be had."""
        finder: Finder = self.folder if self.folder.holds(source) else self.rest
        return finder.find(source, extent)

    def passed_over(self) -> tuple[FileIntake, ...]:
        """Records of the folder's files that are not used."""
        return self.folder.passed_over()


def find_in_folder(folder: Path, sources: Iterable[OfficialSource], scratch: Path) -> FromFolder:
    """Recognise the official files of a folder, as `recognise_folder` does."""
    result = recognise_folder(folder, tuple(sources), scratch)
    return FromFolder(tuple(result.files), tuple(result.skipped))
