"""Atomic writing of files: all of them or none, whatever goes wrong.

New files are first written to a folder beside the old ones. Renaming that folder to `COMMITTED`
commits them: only one process at a time can do so, and if it ends before every file is in its
place, the next process moves the rest (`finish_interrupted`).
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from uuid import uuid4

from pyogrio.errors import DataLayerError, DataSourceError

from nhcplanner.base.errors import Fault, InputError, write_fault

COMMITTED = ".plan-going"
STALE = "stale.json"
PATIENCE = 10.0
"""Seconds after which a process that is moving files is assumed to have ended."""
ABANDONED = 86_400.0
"""Seconds after which the unfinished files of a process are deleted."""
NAME_IN_USE = (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES)
"""Errors for renaming a folder to a name that is in use; the last one is from Windows."""


@contextmanager
def atomic_directory(directory: Path, stale: Sequence[str] = ()) -> Iterator[Path]:
    """Yield an empty folder to write into, and then move its files to `directory` together.

    Parameters
    ----------
    directory
        The target; it is created if it is missing. Files with the same names are replaced
        together, and other files are left alone. If several processes write the same files, all
        files are those of the last process.
    stale
        Names of files of an earlier run, to be deleted unless there is a new file of that name.

    Raises
    ------
    InputError
        If the disk is full, or the folder or a file in it cannot be written; everything in
        `directory` is then as before.
    """
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _tidy(directory)
        staging = Path(tempfile.mkdtemp(prefix=".plan-", dir=directory))
    except OSError as error:
        raise InputError([write_fault(directory, error)]) from None
    try:
        fresh = staging / "new"
        fresh.mkdir()
        yield fresh
        names = files_in(fresh)
        (staging / STALE).write_text(json.dumps([name for name in stale if name not in names]))
        _begin(staging, directory)
        _swap(directory)
    except OSError as error:
        raise InputError([write_fault(_target_of(error, staging, directory), error)]) from None
    except (DataLayerError, DataSourceError) as error:
        hint = "See that the disk has room, or choose another folder"
        raise InputError(
            [Fault(f"cannot be written ({error})", str(directory), hint=hint)]
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def finish_interrupted(directory: Path) -> None:
    """Move the files that another process committed but did not finish moving.

    Raises
    ------
    InputError
        If one of them cannot be written.
    """
    going, until = Path(directory) / COMMITTED, time.monotonic() + PATIENCE
    while going.is_dir() and _age(going) < PATIENCE and time.monotonic() < until:
        time.sleep(0.05)
    if not going.is_dir():
        return
    try:
        for name in files_in(going / "new"):
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # another process is moving them too
                (going / "new" / name).replace(directory / name)
        for name in _stale(going):
            (directory / name).unlink(missing_ok=True)
    except FileNotFoundError:
        return  # another process moved them too, and has finished
    except OSError as error:
        raise InputError([write_fault(Path(error.filename or directory), error)]) from None
    shutil.rmtree(going, ignore_errors=True)


def files_in(folder: Path) -> list[str]:
    """List all files in a folder and its subfolders, with forward slashes, in order."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(names)


def _begin(staging: Path, directory: Path) -> None:
    """Commit the complete folder by renaming it."""
    going, until = directory / COMMITTED, time.monotonic() + 3 * PATIENCE
    while True:
        finish_interrupted(directory)
        try:
            staging.replace(going)
            return
        except OSError as error:
            if error.errno not in NAME_IN_USE or time.monotonic() > until:
                raise
            time.sleep(0.05)  # another process was first, and may have finished by now


def _swap(directory: Path) -> None:
    """Replace the old files by the new ones; on failure restore the old ones."""
    going, target = directory / COMMITTED, directory
    new, old = going / "new", going / "old"
    names: list[str] = []
    try:
        for name in files_in(new):
            target = directory / name
            _put_aside(target, old / name)
            names.append(name)
            _put_in_place(new / name, target, old / name)
        for name in _stale(going):
            target = directory / name
            _put_aside(target, old / name)
            names.append(name)
    except OSError as error:
        _put_back(old, directory, names)
        shutil.rmtree(going, ignore_errors=True)
        raise InputError([write_fault(target, error)]) from None
    shutil.rmtree(going, ignore_errors=True)


def _put_aside(target: Path, aside: Path) -> None:
    while target.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another process has just deleted that folder
            target.replace(aside)


def _put_in_place(fresh: Path, target: Path, aside: Path) -> None:
    """Move a new file to its target.

    If this process was suspended for a long time, another one may have moved the file already;
    the file put aside is then the new one.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        fresh.replace(target)
    if not target.exists():
        aside.replace(target)


def _stale(going: Path) -> list[str]:
    """Read the names of files to delete; none if only the folder itself is left to delete."""
    path = going / STALE
    names: list[str] = json.loads(path.read_text()) if path.is_file() else []
    return names


def _age(folder: Path) -> float:
    with suppress(OSError):
        return time.time() - folder.stat().st_mtime
    return 0.0


def _tidy(directory: Path) -> None:
    """Delete the unfinished files of processes that have ended."""
    for folder in directory.glob(".plan-*"):
        if folder.name != COMMITTED and _age(folder) > ABANDONED:
            shutil.rmtree(folder, ignore_errors=True)


def _put_back(old: Path, directory: Path, names: list[str]) -> None:
    for name in names:
        (directory / name).unlink(missing_ok=True)
        if (old / name).exists():
            (old / name).replace(directory / name)


def _target_of(error: OSError, staging: Path, directory: Path) -> Path:
    """Return the file that an error is about, by the name that the user knows."""
    path = Path(error.filename) if isinstance(error.filename, str) else directory
    inside = staging / "new"
    return directory / path.relative_to(inside) if path.is_relative_to(inside) else directory


OWNER_ONLY, USUAL = 0o600, 0o666


@contextmanager
def open_atomic(path: Path, *, private: bool = False) -> Iterator[IO[bytes]]:
    """Open a file to be written atomically; its folder is created if it is missing.

    The content is flushed to the disk before it replaces the old file, and the folder's entry
    afterwards, so a power cut leaves either the old file or the new one. Windows flushes the
    folder's entry by itself.

    Parameters
    ----------
    path
        The file; it is replaced when the block ends without an error.
    private
        Whether only its owner may read it (mode 600; Windows uses the rights of the folder).

    Raises
    ------
    InputError
        If it cannot be written; the old file is then unchanged.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(part, flags, OWNER_ONLY if private else USUAL), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise InputError([write_fault(path, error)]) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes, *, private: bool = False) -> Path:
    """Write a file atomically, as `open_atomic` does."""
    with open_atomic(path, private=private) as file:
        file.write(content)
    return path


def write_if_changed(path: Path, content: bytes) -> Path:
    """Write a file as `write_whole` does, unless it already has this content: its date stays."""
    if path.is_file() and path.read_bytes() == content:
        return path
    return write_whole(path, content)


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with suppress(OSError):  # some network disks do not support it
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)
