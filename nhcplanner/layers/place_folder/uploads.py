"""Uploads: zipped place folders, judged by what they hold before any of it is used."""

from __future__ import annotations

import io
import shutil
from pathlib import Path, PurePosixPath
from uuid import uuid4
from zipfile import ZipFile, ZipInfo

import pyarrow.parquet as pq

from nhcplanner.base.archive import UNPACKING, is_bomb
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.place_folder import manifest
from nhcplanner.layers.place_folder.folder import ENDINGS, KEYS, MATRIX, STREETS, TIMES, TIMETABLE

MOST_BYTES = 1_000_000_000
MOST_ROWS = {"areas": 60_000, "sites": 100_000, "origins": 3_000_000}

WANTED = {
    manifest.NAME,
    STREETS,
    TIMETABLE,
    f"{TIMES}/{MATRIX}",
    *(f"{layer}{ending}" for layer in KEYS for ending in ENDINGS),
}
"""What a place folder may hold; nothing else is unpacked."""


def unpack_place(packed: bytes, directory: Path) -> Path:
    """Unpack a zipped place folder, whole or not at all.

    Parameters
    ----------
    packed
        The zip. Only files that belong to a place folder are taken, by their own known names;
        the folder may lie inside another one in the zip.
    directory
        A new folder.

    Raises
    ------
    InputError
        Where it is no zip, damaged, too large, packed beyond belief, or holds no place folder.
    """
    fresh = directory.with_name(f".{uuid4().hex[:8]}.new")
    try:
        with ZipFile(io.BytesIO(packed)) as opened:
            members = _members(opened)
            for name, one in members.items():
                path = fresh / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(one) as source, path.open("wb") as sink:
                    shutil.copyfileobj(source, sink)
        _check_inside(fresh)
        fresh.replace(directory)
    except InputError:
        raise
    except (*UNPACKING, OSError, RuntimeError, ValueError) as error:
        hint = "Zip the place folder again and upload that"
        raise InputError([Fault(f"cannot be unpacked: {error}", "upload", hint=hint)]) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return directory


def _members(opened: ZipFile) -> dict[str, ZipInfo]:
    """Members that a place folder is made of, by where they go."""
    marks = [one for one in opened.infolist() if PurePosixPath(one.filename).name == manifest.NAME]
    if len(marks) != 1:
        words = f"holds {len(marks)} files {manifest.NAME}, not one"
        hint = "Zip one folder made by nhcplanner build"
        raise InputError([Fault(words, "upload", hint=hint)])
    inside = PurePosixPath(marks[0].filename).parent
    found = {}
    for one in opened.infolist():
        path = PurePosixPath(one.filename)
        name = path.relative_to(inside).as_posix() if path.is_relative_to(inside) else ""
        if name in WANTED and not one.is_dir():
            found[name] = one
    faults = [fault for one in found.values() for fault in _faults(one)]
    if sum(one.file_size for one in found.values()) > MOST_BYTES:
        faults.append(Fault(f"unpacks to more than {MOST_BYTES / 1e9:g} GB", "upload"))
    if faults:
        raise InputError(faults)
    return found


def _faults(one: ZipInfo) -> list[Fault]:
    name = PurePosixPath(one.filename).name
    if one.flag_bits & 1:
        return [Fault("is locked with a password", name, hint="Zip it without one")]
    if is_bomb(one.compress_size, one.file_size):
        words = f"unpacks to {one.file_size / max(one.compress_size, 1):,.0f} times its size"
        return [Fault(words, name, hint="Zip the folder with a usual program")]
    return []


def _check_inside(folder: Path) -> None:
    """Refuse archives within the archive, and tables, that would fill the memory when read."""
    faults = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".zip", ".npz"):
            with ZipFile(path) as opened:
                size = sum(one.file_size for one in opened.infolist())
            if size > MOST_BYTES:
                faults.append(Fault(f"unpacks to more than {MOST_BYTES / 1e9:g} GB", path.name))
        elif path.suffix == ".parquet" and path.stem in MOST_ROWS:
            rows, most = pq.ParquetFile(path).metadata.num_rows, MOST_ROWS[path.stem]
            if rows > most:
                faults.append(Fault(f"has {rows:,} rows, more than {most:,}", path.name))
    if faults:
        raise InputError(faults)
