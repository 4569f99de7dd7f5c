"""Files written whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.refused import unwritable


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file atomically; its folder is made where it is missing.

    Raises
    ------
    InputError
        Where it cannot be written; then what was there still is.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex[:8]}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
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
