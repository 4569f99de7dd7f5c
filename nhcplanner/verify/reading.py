"""Reading of the files of a hand-in, as plain tables; for a reading process with limits."""

from __future__ import annotations

import io
import json
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import UNPACKING, is_bomb
from nhcplanner.base.hashing import hash_file
from nhcplanner.verify.documents import read_book, read_html, read_word
from nhcplanner.verify.files import Files
from nhcplanner.verify.layers import (
    find_nearest_areas,
    read_geopackage,
    read_kml,
    read_layer_file,
    read_parquet,
)

MOST_FILES = 2_000
MOST_BYTES = 2_000_000_000
"""Files of a hand-in, and bytes of all of them unpacked."""
_GUARDED = re.compile(r"'[\s\0]*[=+\-@\t\r\n]")
_CSV_GUARD = "'"


def read_files(path: Path) -> Files:
    """Read every known file of a hand-in.

    Parameters
    ----------
    path
        A folder, or a zip of one.

    Raises
    ------
    InputError
        Where there is no such folder or zip, or it is no hand-in.
    """
    if path.is_dir():
        return _folder(path)
    if not path.is_file():
        raise InputError([Fault("there is no such folder or file", str(path))])
    with tempfile.TemporaryDirectory(prefix="nhcplanner-") as made:
        _unpack(path, Path(made))
        return _folder(Path(made))


def _unpack(path: Path, into: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            total = sum(member.file_size for member in members)
            if len(members) > MOST_FILES or total > MOST_BYTES:
                words = f"unpacks to {len(members):,} files of {total / 1e9:.1f} GB"
                raise InputError([Fault(words, path.name, hint="Give its folder instead")])
            for member in members:
                name = PurePosixPath(member.filename.replace("\\", "/"))
                if name.is_absolute() or ".." in name.parts or ":" in member.filename:
                    raise InputError([Fault(f"names a file outside itself: {name}", path.name)])
                if is_bomb(member.compress_size, member.file_size):
                    raise InputError([Fault(f"{name} unpacks to far too much", path.name)])
                target = into.joinpath(*name.parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("xb") as sink:
                    shutil.copyfileobj(_Bounded(source, member.file_size), sink)
    except (*UNPACKING, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError([Fault("is not a zip file that can be unpacked", path.name)]) from None


class _Bounded(io.RawIOBase):
    """A stream that ends with an error where it holds more than it stated."""

    def __init__(self, source: Any, most: int) -> None:
        self._source, self._left = source, most

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        content: bytes = self._source.read(size)
        self._left -= len(content)
        if self._left < 0:
            raise zipfile.BadZipFile
        return content


def _folder(path: Path) -> Files:
    files = Files()
    every = [file for file in sorted(path.rglob("*")) if file.is_file() and not file.is_symlink()]
    if len(every) > MOST_FILES:
        raise InputError([Fault(f"holds more than {MOST_FILES:,} files", path.name)])
    records = [file for file in every if file.name == "plan.json"]
    if not records:
        words = "holds no plan.json, so it is not a hand-in"
        raise InputError([Fault(words, path.name, hint="Name the folder that hand-in --out wrote")])
    home = min((file.parent for file in records), key=lambda file: len(file.parts))
    for file in every:
        if not file.is_relative_to(home):
            continue
        name = file.relative_to(home).as_posix()
        files.names.append(name)
        reader = _READERS.get(file.suffix.lower())
        if reader is None:
            continue
        try:
            reader(files, file, name)
        except (ValueError, KeyError, OSError, RuntimeError, IndexError, TypeError) as error:
            words = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
            files.faults.append((name, words))
    if files.record is None:
        raise InputError([Fault("cannot be read", "plan.json", hint="Export the hand-in again")])
    find_nearest_areas(files, home)
    _compare_hashes(files, home)
    return files


def _compare_hashes(files: Files, home: Path) -> None:
    listed = home / "sha256.txt"
    if not listed.is_file():
        return
    for line in listed.read_text(encoding="utf-8").splitlines()[:MOST_FILES]:
        stated, _, name = line.partition("  ")
        now = hash_file(home / name) if name in files.names else ""
        files.hashes.append((name, stated, now))


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it."""
    return cell[1:] if cell.startswith(_CSV_GUARD) and _GUARDED.match(cell) else cell


def _csv(files: Files, path: Path, name: str) -> None:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    frame = frame.map(unguarded).rename(columns=unguarded)
    if path.parent.name == "tables":
        files.tables[path.stem] = frame
    elif name == f"{path.stem}.csv" and path.stem in ("areas", "sites"):
        files.tables[f"{path.stem}_wide"] = frame
    else:
        files.tables[name.removesuffix(".csv")] = frame


def _json(files: Files, path: Path, name: str) -> None:
    if name != "plan.json":
        return
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict) or "plan" not in value or "scenario" not in value:
        raise InputError([Fault("is not the record of a plan", name)])
    files.record = value


_READERS = {
    ".csv": _csv,
    ".json": _json,
    ".geojson": read_layer_file,
    ".shp": read_layer_file,
    ".gpkg": read_geopackage,
    ".parquet": read_parquet,
    ".kml": read_kml,
    ".xlsx": read_book,
    ".docx": read_word,
    ".html": read_html,
}


def files_of(files: Files, ending: str) -> Iterator[str]:
    """Names of the files with an ending."""
    return (name for name in files.names if name.lower().endswith(ending))
