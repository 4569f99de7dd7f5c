"""Refused: what a disk does not let be read or written, in words."""

from __future__ import annotations

import errno
import re
from functools import cache
from pathlib import Path
from tempfile import gettempdir

from nhcplanner.domain.errors import Fault

_PART = r"[^\s\\/:;,'\"<>|()]"
_PATH = re.compile(rf"(?<![\w/\\.:<])(?:[A-Za-z]:|[\\/])?[\\/](?:{_PART}+[\\/]+)+({_PART}*)")
"""An absolute path of any system whose parts hold no blanks, down to its last part."""
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


def without_folders(text: str) -> str:
    r"""Text in which absolute paths have become the names of their files.

    For whatever other people read: a page of a server, a document that is handed in. Folders tell
    who works where on a machine, and may be part of what keeps others out.

    Examples
    --------
    >>> without_folders("/srv/nhc/work/place.toml: cannot be read, see https://a.org/b/c")
    'place.toml: cannot be read, see https://a.org/b/c'
    >>> without_folders(r"no such file: \\server\share\plan.json and D:\data\x.csv, 1/2 or and/or")
    'no such file: plan.json and x.csv, 1/2 or and/or'
    """
    for root in _roots():
        text = text.replace(root, "//-")
    return _PATH.sub(r"\1", text)


@cache
def _roots() -> tuple[str, ...]:
    """Folders that may have blanks in their names, the longest first."""
    found = {str(folder) for folder in (Path.home(), Path.cwd(), Path(gettempdir()))}
    return tuple(sorted((one for one in found if len(one) > 3), key=len, reverse=True))
