"""Files written whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.refused import unwritable

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
        raise InputError([unwritable(path, error)]) from None
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
