"""Zipped place folders: checked before use, and unpacked or packed."""

from __future__ import annotations

import io
import shutil
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from uuid import uuid4
from zipfile import ZipFile, ZipInfo

import pyarrow.parquet as pq
import tomli_w

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING, zip_problems
from nhcplanner.base.validation import read_toml
from nhcplanner.domain.place import Place
from nhcplanner.layers.place_folder import manifest
from nhcplanner.layers.place_folder.folder import (
    LAYER_FILES,
    OPTIONAL,
    TIMES,
    write_place,
)

MOST_BYTES = 1_000_000_000
SMALL_INSIDE = 50_000_000
"""Bytes up to which any ratio is allowed for a file in a timetable or in streets."""
AGAIN = "Zip the place folder again and upload that"
MOST_ROWS = {"areas": 60_000, "sites": 100_000, "origins": 3_000_000}

PLACE_FILES = {
    manifest.NAME,
    *OPTIONAL,
    *LAYER_FILES,
}
"""Files of a place folder; other files are not unpacked."""


def pack_place(place: Place) -> bytes:
    """Return the zip of a place's folder, as `unpack_place` takes it."""
    packed = io.BytesIO()
    with TemporaryDirectory() as scratch:
        folder = write_place(place, Path(scratch) / "place")
        with ZipFile(packed, "w") as opened:
            for path in sorted(folder.rglob("*")):
                opened.write(path, path.relative_to(folder.parent))
    return packed.getvalue()


def unpack_place(packed: bytes, directory: Path) -> Path:
    """Unpack a zipped place folder, completely or not at all.

    Parameters
    ----------
    packed
        The zip. Only files of a place folder are unpacked, by their known names; the intake record
        lists others. The folder may be inside another one in the zip.
    directory
        A new folder.

    Raises
    ------
    InputError
        If it is not a zip, is damaged, too large or too tightly packed, or holds no place folder.
    """
    fresh = directory.with_name(f".{uuid4().hex[:8]}.new")
    try:
        with ZipFile(io.BytesIO(packed)) as opened:
            members, others = _members(opened)
            for name, one in members.items():
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(one) as source, path.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
        _check_inside(fresh)
        _record(fresh / manifest.NAME, others)
        fresh.replace(directory)
    except InputError:
        raise
    except (*UNPACKING, OSError, RuntimeError, ValueError) as error:
        raise InputError([Fault(f"cannot be unpacked: {error}", "upload", hint=AGAIN)]) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return directory


def _members(opened: ZipFile) -> tuple[dict[str, ZipInfo], list[str]]:
    """Return the members of a place folder by their target, and the names of the others."""
    marks = [one for one in opened.infolist() if PurePosixPath(one.filename).name == manifest.NAME]
    if len(marks) != 1:
        words = f"holds {len(marks)} files {manifest.NAME}, not one"
        hint = "Zip one folder made by nhcplanner build"
        raise InputError([Fault(words, "upload", hint=hint)])
    inside = PurePosixPath(marks[0].filename).parent
    members: dict[str, ZipInfo] = {}
    others: dict[str, str] = {}
    for one in opened.infolist():
        if one.is_dir() or _is_hidden(one):
            continue
        path = PurePosixPath(one.filename)
        name = path.relative_to(inside).as_posix() if path.is_relative_to(inside) else ""
        if name in PLACE_FILES:
            members[name] = one
        elif not (path.parent.name == TIMES and path.suffix == ".npz"):
            others[one.filename] = name
    faults = manifest.misspelt_files({*members, *others.values()}, OPTIONAL, LAYER_FILES)
    problems = zip_problems(members.values(), MOST_BYTES)
    faults += [Fault(words, "upload", hint=AGAIN) for words in problems]
    if faults:
        raise InputError(faults)
    return members, list(others)


def _is_hidden(one: ZipInfo) -> bool:
    """Whether an operating system added a member: a name with a dot first, or __MACOSX."""
    parts = PurePosixPath(one.filename).parts
    return "__MACOSX" in parts or PurePosixPath(one.filename).name.startswith(".")


def _record(path: Path, others: list[str]) -> None:
    """Add members that were not unpacked to the place's intake record."""
    if not others:
        return
    content = read_toml(path.read_text(encoding="utf-8"), path.name)
    (line,) = manifest.with_unused((), "in the zip", others, "file")
    known = content.get("intake", [])
    if isinstance(known, list):  # reading the place reports any other value
        added = {"file": line.file, "passed_over": line.passed_over}
        path.write_text(tomli_w.dumps({**content, "intake": [*known, added]}), encoding="utf-8")


def _check_inside(folder: Path) -> None:
    """Refuse archives inside the archive, and tables that would fill the memory."""
    faults = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".zip", ".npz"):
            with ZipFile(path) as opened:
                problems = zip_problems(opened.infolist(), MOST_BYTES, small=SMALL_INSIDE)
            faults += [Fault(words, path.name, hint=AGAIN) for words in problems]
        elif path.suffix == ".parquet" and path.stem in MOST_ROWS:
            rows, most = pq.ParquetFile(path).metadata.num_rows, MOST_ROWS[path.stem]
            if rows > most:
                faults.append(Fault(f"has {rows:,} rows, more than {most:,}", path.name))
    if faults:
        raise InputError(faults)
