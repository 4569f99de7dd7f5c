"""Whole: files written together, all of them or none, whatever goes wrong.

New files are made in a folder of their own beside the old ones. Giving that folder the name
`GOING` is the moment from which they count: one process at a time can do so, and where it ends
before all are in their places, the next to come puts the rest there (`finish_interrupted`).

Files written whole or not at all.
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
from uuid import uuid4

from pyogrio.errors import DataLayerError, DataSourceError

from nhcplanner.base.errors import Fault, InputError, write_fault

GOING = ".plan-going"
STALE = "stale.json"
PATIENCE = 10.0
"""Seconds after which a process that puts files in their places is taken to be gone."""
LEFT = 86_400.0
"""Seconds after which what a process left unfinished is thrown away."""
TAKEN = (errno.ENOTEMPTY, errno.EEXIST, errno.EACCES)
"""How systems refuse to give a folder a name that another one has; the last is Windows's."""


@contextmanager
def atomic_directory(directory: Path, stale: Sequence[str] = ()) -> Iterator[Path]:
    """Give an empty folder to write into; at the end all that it holds goes to `directory`.

    Parameters
    ----------
    directory
        Where to; made where it is missing. Files of the same names are replaced together, and
        other files are left alone. Of several processes that write the same files, the last
        one's stay, all of them.
    stale
        Names of files of an earlier run that go where no new one takes their place.

    Raises
    ------
    InputError
        Where the disk is full, or the folder or a file in it cannot be written; then everything
        in `directory` is as it was.
    """
    directory = Path(directory)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        _tidy(directory)
        made = Path(tempfile.mkdtemp(prefix=".plan-", dir=directory))
    except OSError as error:
        raise InputError([write_fault(directory, error)]) from None
    try:
        fresh = made / "new"
        fresh.mkdir()
        yield fresh
        names = files_in(fresh)
        (made / STALE).write_text(json.dumps([name for name in stale if name not in names]))
        _begin(made, directory)
        _swap(directory)
    except OSError as error:
        raise InputError([write_fault(_named(error, made, directory), error)]) from None
    except (DataLayerError, DataSourceError) as error:
        hint = "See that the disk has room, or choose another folder"
        raise InputError(
            [Fault(f"cannot be written ({error})", str(directory), hint=hint)]
        ) from None
    finally:
        shutil.rmtree(made, ignore_errors=True)


def finish_interrupted(directory: Path) -> None:
    """Put files in their places that a process began to put there and did not finish.

    Raises
    ------
    InputError
        Where one of them cannot be written.
    """
    going, until = Path(directory) / GOING, time.monotonic() + PATIENCE
    while going.is_dir() and _age(going) < PATIENCE and time.monotonic() < until:
        time.sleep(0.05)
    if not going.is_dir():
        return
    try:
        for name in files_in(going / "new"):
            (directory / name).parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):  # another process is at it too
                (going / "new" / name).replace(directory / name)
        for name in _stale(going):
            (directory / name).unlink(missing_ok=True)
    except FileNotFoundError:
        return  # another process was at it too, and is done
    except OSError as error:
        raise InputError([write_fault(Path(error.filename or directory), error)]) from None
    shutil.rmtree(going, ignore_errors=True)


def files_in(folder: Path) -> list[str]:
    """Names of all files in a folder and the folders in it, with forward slashes, in order."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def _begin(made: Path, directory: Path) -> None:
    """Give the complete folder the name from which its files count."""
    going, until = directory / GOING, time.monotonic() + 3 * PATIENCE
    while True:
        finish_interrupted(directory)
        try:
            made.replace(going)
            return
        except OSError as error:
            if error.errno not in TAKEN or time.monotonic() > until:
                raise
            time.sleep(0.05)  # another process came first, and may be done by now


def _swap(directory: Path) -> None:
    """Put all new files in the place of the old; on failure put the old ones back."""
    going, there = directory / GOING, directory
    new, old = going / "new", going / "old"
    done: list[str] = []
    try:
        for name in files_in(new):
            there = directory / name
            _put_aside(there, old / name)
            done.append(name)
            _put_in_place(new / name, there, old / name)
        for name in _stale(going):
            there = directory / name
            _put_aside(there, old / name)
            done.append(name)
    except OSError as error:
        _put_back(old, directory, done)
        shutil.rmtree(going, ignore_errors=True)
        raise InputError([write_fault(there, error)]) from None
    shutil.rmtree(going, ignore_errors=True)


def _put_aside(there: Path, aside: Path) -> None:
    while there.exists():
        aside.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # another process has just thrown that folder away
            there.replace(aside)


def _put_in_place(fresh: Path, there: Path, aside: Path) -> None:
    """Put a new file where it belongs; it may be what was put aside.

    So it is where this process stood still for so long that another one took it to be gone and
    put the file there.
    """
    there.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        fresh.replace(there)
    if not there.exists():
        aside.replace(there)


def _stale(going: Path) -> list[str]:
    """Names of files that go; none where all is done but throwing the folder away."""
    told = going / STALE
    names: list[str] = json.loads(told.read_text()) if told.is_file() else []
    return names


def _age(folder: Path) -> float:
    with suppress(OSError):
        return time.time() - folder.stat().st_mtime
    return 0.0


def _tidy(directory: Path) -> None:
    """Throw away what processes that are gone left unfinished."""
    for one in directory.glob(".plan-*"):
        if one.name != GOING and _age(one) > LEFT:
            shutil.rmtree(one, ignore_errors=True)


def _put_back(old: Path, directory: Path, names: list[str]) -> None:
    for name in names:
        (directory / name).unlink(missing_ok=True)
        if (old / name).exists():
            (old / name).replace(directory / name)


def _named(error: OSError, made: Path, directory: Path) -> Path:
    """The file that the error is about, by the name that its reader knows."""
    path = Path(error.filename) if isinstance(error.filename, str) else directory
    inside = made / "new"
    return directory / path.relative_to(inside) if path.is_relative_to(inside) else directory


OWNER_ONLY, USUAL = 0o600, 0o666


def write_whole(path: Path, content: bytes, *, private: bool = False) -> Path:
    """Write a file atomically; its folder is made where it is missing.

    The content is on the disk, not only in the system's memory, before it takes the place of what
    was there, and so is the folder's entry afterwards: a power cut leaves the old file or the new
    one. Windows writes a folder's entry by itself; there is nothing to call there.

    Parameters
    ----------
    path, content
        The file.
    private
        Whether only its owner may read it (mode 600; Windows keeps to the rights of the folder).

    Raises
    ------
    InputError
        Where it cannot be written; then what was there still is.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(part, content, OWNER_ONLY if private else USUAL)
        part.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        raise InputError([write_fault(path, error)]) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return path


def write_changed(path: Path, content: bytes) -> Path:
    """Write a file as `write_whole` does, unless it already holds just this: its date stays."""
    if path.is_file() and path.read_bytes() == content:
        return path
    return write_whole(path, content)


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a new file with these rights, and wait until it is on the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    with suppress(OSError):  # some network disks have no such call
        entry = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)
