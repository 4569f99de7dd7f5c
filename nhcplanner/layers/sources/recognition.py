"""Recognition of official files in a folder, with the reason why others are skipped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain.intake import FileIntake
from nhcplanner.layers.sources.base import OfficialSource, matching
from nhcplanner.layers.sources.opening import Part, as_csv, only_whole, open_parts
from nhcplanner.layers.sources.unused import UNUSED

SEARCHED = 30
"""Number of first rows in which the headings are searched."""
LEVELS = {
    r"[EW]00\d{6}": "output area",
    r"[EW]01\d{6}": "LSOA",
    r"[EW]02\d{6}": "MSOA",
    r"[EW]0[5]\d{6}": "ward",
    r"(E0[6789]|W06)\d{6}": "council",
    r"E1[0]\d{6}": "council",
    r"E12\d{6}": "region",
    r"E(38|54)\d{6}": "ICB",
    r"[EKW]92\d{6}": "country",
    r"[EKW]04\d{6}": "country",
}
"""Form of a code -> kind of its area (ONS coding)."""
LSOA = "LSOA"


@dataclass(frozen=True)
class FoundFile:
    """A file of an official source.

    Parameters
    ----------
    source
        Which.
    original
        The file that the user gave, which the record names.
    path
        The file to read: the same, or what was unpacked or converted from it.
    edition
        Its edition; "" = not stated.
    notes
        Notes on how it was recognised.
    address
        Address of the file; "" = the source's first address.
    """

    source: OfficialSource
    original: Path
    path: Path
    edition: str = ""
    notes: tuple[str, ...] = ()
    address: str = ""

    def pedigree(self) -> dict[str, Any]:
        """Return the facts of the file and its source, as keys of `Source`."""
        about = self.source.pedigree(self.edition)
        return {**about, "address": self.address or about["address"]}


@dataclass(frozen=True)
class SkippedFile:
    """A file, or a part of one, that is not used.

    Parameters
    ----------
    original
        The user's file.
    name
        Its name, or the part's.
    why
        Why it is not used, in words.
    """

    original: Path
    name: str
    why: str

    def record(self) -> FileIntake:
        """Return the file's line in the intake record of the place."""
        return FileIntake(
            self.name, hash_file(self.original), "official file", passed_over=self.why
        )


@dataclass(eq=False)
class FolderContents:
    """The official files of a folder, and those that are skipped.

    Parameters
    ----------
    files
        Files that are used, in the order of their names.
    skipped
        Files that are not, likewise.
    """

    files: list[FoundFile] = field(default_factory=list)
    skipped: list[SkippedFile] = field(default_factory=list)


def recognise_folder(
    folder: Path, sources: Sequence[OfficialSource], scratch: Path
) -> FolderContents:
    """Recognise the official files of a folder by their content, or else by their names.

    Parameters
    ----------
    folder
        Files as downloaded, under any name; also packed, or saved by a spreadsheet program.
    sources
        Sources to look for.
    scratch
        An empty folder for unpacked and converted files; keep it until they are read.

    Raises
    ------
    InputError
        If the folder is missing, no file is recognised, or two files are of one source.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError([Fault("no such folder", str(folder), hint="Check --from-files")])
    listed = sorted(one for one in folder.iterdir() if not one.name.startswith("."))
    result = FolderContents()
    for number, path in enumerate(only_whole(listed)):
        if path.is_dir():
            words = "is a folder: give the files in it, or name it with --from-files"
            result.skipped.append(SkippedFile(path, path.name, words))
            continue
        own = scratch / f"file{number}"
        own.mkdir(parents=True)
        for part in read_apart(open_parts, path, own.absolute()):
            _sort(path, part, sources, own, result)
    if not result.files:
        raise InputError([_nothing(folder, result.skipped)])
    return _one_each(result)


def _nothing(folder: Path, skipped: Sequence[SkippedFile]) -> Fault:
    words = "holds no file that is recognised as an official one"
    if skipped:
        words += "\n" + "\n".join(f"- {one.name}: {one.why}" for one in skipped)
    hint = "List the known files and their addresses: nhcplanner sources"
    return Fault(words, str(folder), hint=hint)


def _sort(
    original: Path,
    part: Part,
    sources: Sequence[OfficialSource],
    scratch: Path,
    result: FolderContents,
) -> None:
    """Add a part of a file to the recognised or the skipped ones."""
    source, row, why = (None, 0, part.why_not) if part.why_not else identify(part, sources)
    if source is not None and not why:
        try:
            path = _readable(part, source, row, scratch)
            why = source.refuse(path) if source.refuse is not None else ""
        except InputError as error:
            why = "; ".join(str(fault) for fault in error.faults[:3])
    if source is None or why:
        result.skipped.append(SkippedFile(original, part.name, why or "not recognised"))
        return
    edition = source.edition(part) if source.edition is not None else ""
    notes = [f"given by hand, recognised by {_way(part, source, row)}"]
    notes += [f"unpacked from {original.name}"] if part.path.name != original.name else []
    notes += [f"read from sheet {part.sheet}"] if part.sheet and path != part.path else []
    notes += [f"headings in row {row + 1}"] if row else []
    notes += [] if edition else ["its edition is not stated in it: check it"]
    result.files.append(FoundFile(source, original, path, edition, tuple(notes), source.page))


def _way(part: Part, source: OfficialSource, row: int) -> str:
    if part.rows and row < len(part.rows) and source.has_headers(part.columns(row)):
        return "its columns"
    return "its rows" if source.has_layout(part.rows) else "its name"


def identify(
    part: Part, sources: Sequence[OfficialSource]
) -> tuple[OfficialSource | None, int, str]:
    """Return the source of a part, the row of its headings, and why it is not used.

    Parameters
    ----------
    part
        A table, layer or feed.
    sources
        Sources to look for.

    Returns
    -------
    tuple
        The source or None, the position of the headings, and words or "".
    """
    if part.kind in {"streets", "timetable"}:
        by_name = [one for one in sources if one.layer == part.kind and one.names]
        return (by_name[0] if by_name else None), 0, ""
    for row in range(min(SEARCHED, len(part.rows))):
        columns = part.columns(row)
        source = next((one for one in sources if one.has_headers(columns)), None)
        if source is not None:
            return source, row, _other_level(part, source, row)
        unused = next((one.why for one in UNUSED if one.has_headers(columns)), "")
        if unused:
            return None, row, unused
    filled = [row for row in part.rows if any(row)]
    source = next((one for one in sources if one.has_layout(filled)), None)
    if source is not None:
        return source, 0, ""
    for one in UNUSED:
        if one.layout is not None and filled and 2 * sum(map(one.layout, filled)) > len(filled):
            return None, 0, one.why
    return _by_name(part, sources)


def _by_name(
    part: Part, sources: Sequence[OfficialSource]
) -> tuple[OfficialSource | None, int, str]:
    """Return a source by the file's name: sure if it has no other mark, else a hint only."""
    source = next((one for one in sources if one.is_named(part.name)), None)
    if source is None:
        return None, 0, "not recognised: neither its columns nor its name is an official source's"
    if source.headers or source.layout is not None:
        form = " or ".join(" + ".join(patterns) for patterns in source.headers)
        form = form or source.layout_words
        words = f"is named like {source.title}, but does not hold what that has: {form}"
        return None, 0, words
    return source, 0, ""


def _other_level(part: Part, source: OfficialSource, row: int) -> str:
    """Return why a table by other areas than LSOAs is not used; "" if it is by LSOAs."""
    if not source.codes:
        return ""
    headings = part.rows[row]
    at = next(
        (headings.index(name) for one in source.codes for name in matching(headings, one)), None
    )
    if at is None:
        return ""
    codes = [cells[at] for cells in part.rows[row + 1 :] if at < len(cells) and cells[at]]
    levels = [level_of(code) for code in codes]
    known = [level for level in levels if level]
    if not known or LSOA in known:
        return ""
    return f"is {source.title.partition(',')[0]} by {known[0]}, not by LSOA"


def level_of(code: str) -> str:
    """Return the kind of area of a code; "" if none.

    Examples
    --------
    >>> level_of("E02000001"), level_of("E01015023"), level_of("Plymouth")
    ('MSOA', 'LSOA', '')
    """
    return next((level for form, level in LEVELS.items() if re.fullmatch(form, code.strip())), "")


def _readable(part: Part, source: OfficialSource, row: int, scratch: Path) -> Path:
    """Return the file for the source's parser: unchanged, or as plain CSV."""
    plain = part.path.suffix.lower() == ".csv" and part.separator == "," and not row
    own_form = part.kind != "table" or source.looks in {"xlsx", "text"}
    if plain or own_form:
        return part.path
    stem = part.path.name.partition(".")[0]
    out = scratch / "as_csv" / f"{stem}.csv"
    out.parent.mkdir(exist_ok=True)
    while out.exists():
        out = out.with_name(f"_{out.name}")
    read_apart(as_csv, part.path, part.sheet, part.separator, row, out.absolute())
    return out


def _one_each(result: FolderContents) -> FolderContents:
    """Keep the newest file of each source, and all of sources that use several.

    Raises
    ------
    InputError
        If it is unclear which of two files to use.
    """
    by_key: dict[str, list[FoundFile]] = {}
    for one in result.files:
        by_key.setdefault(one.source.key, []).append(one)
    one_each, faults = [], []
    for every in by_key.values():
        files = _without_copies(every, result)
        if not files[0].source.several:
            files = _newest(files, result)
        if len(files) > 1 and not files[0].source.several:
            names = " and ".join(one.original.name for one in files)
            hint = "Leave one of them in the folder"
            faults.append(Fault(f"are both {files[0].source.title}", names, hint=hint))
        one_each += files
    if faults:
        raise InputError(faults)
    return FolderContents(one_each, result.skipped)


def _without_copies(files: Iterable[FoundFile], result: FolderContents) -> list[FoundFile]:
    """Return the files of one source without copies of others."""
    by_content: dict[str, FoundFile] = {}
    for one in files:
        key = hash_file(one.path)
        if key in by_content:
            words = f"holds the same as {by_content[key].original.name}"
            result.skipped.append(SkippedFile(one.original, one.original.name, words))
        by_content.setdefault(key, one)
    return list(by_content.values())


def _newest(files: Sequence[FoundFile], result: FolderContents) -> list[FoundFile]:
    """Return the files of the newest edition; skip older ones."""
    newest = max(map(_age, files))
    latest = [one for one in files if _age(one) == newest]
    for one in files:
        if _age(one) < newest:
            words = (
                f"is of {one.edition or 'no stated edition'}; {latest[0].original.name} is newer"
            )
            result.skipped.append(SkippedFile(one.original, one.original.name, words))
    return latest


def _age(file: FoundFile) -> tuple[int, ...]:
    """Return an edition as numbers that sort by date; () if it is not stated."""
    return tuple(map(int, re.findall(r"\d+", file.edition)))
