"""Refused: what a disk does not let be read or written, in words."""

from __future__ import annotations

import errno
from pathlib import Path

from nhcplanner.domain.errors import Fault

_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
_CLOSE = "Close it in other programs, or choose another folder"
_ROOM = "Make room on the disk, or choose another folder; the files that were there are as before"


def unwritable(path: Path, error: OSError) -> Fault:
    """Say that a file or folder cannot be written, and why."""
    full = error.errno in _FULL
    words = "the disk is full" if full else error.strerror or str(error)
    return Fault(f"cannot be written ({words})", str(path), mend=_ROOM if full else _CLOSE)


def refused(error: OSError) -> Fault:
    """Say that the system refused a file, where no one knows more of it."""
    if error.errno in _FULL:
        return unwritable(Path(str(error.filename or "the disk")), error)
    words = f"cannot be used ({error.strerror or error})"
    return Fault(words, str(error.filename or ""), mend="Check that you may read and write it")
