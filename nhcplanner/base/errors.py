"""Errors with messages that a planner can act on.

Every error that a user may meet is a `PlannerError`. Bad input raises an `InputError`, which
carries every fault found, not only the first.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import TypeVar

SENTENCE = "sentence"
"""Type of pydantic's custom errors whose message is already a whole sentence."""
MOST_FAULTS = 40
LONGEST = 2_000
"""Characters of one fault's message: cells and files may hold far more than anyone reads."""


class PlannerError(Exception):
    """A failure that a user can understand and act on.

    Examples
    --------
    >>> issubclass(InputError, PlannerError) and issubclass(FetchError, PlannerError)
    True
    """


class InputError(PlannerError, ValueError):
    """Input that cannot be used, with every fault found in it.

    Parameters
    ----------
    faults
        One `Fault` or one plain sentence for each problem.

    Examples
    --------
    >>> print(InputError([Fault("is negative", "sites.csv", 7, "cost", "Leave it blank")]))
    sites.csv, row 7, column cost: is negative. Leave it blank
    """

    def __init__(self, faults: Iterable[Fault | str]) -> None:
        self.faults = tuple(f if isinstance(f, Fault) else Fault(f) for f in faults)
        super().__init__(self._text())

    def __reduce__(self) -> tuple[type[InputError], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)

    def _text(self) -> str:
        lines = [str(f) for f in self.faults[:MOST_FAULTS]]
        more = len(self.faults) - MOST_FAULTS
        if more > 0:
            lines.append(f"... and {more} more problems like these")
        if len(self.faults) > 1:
            lines.insert(0, f"{len(self.faults)} problems found:")
        return "\n".join(lines)


class FetchError(PlannerError, ConnectionError):
    """A source on the network gave no answer, or one that cannot be used."""


class PlannerWarning(UserWarning):
    """Something the user should know, although the work continues."""


@dataclass(frozen=True)
class Fault:
    """One problem, where it is, and what to do about it.

    Parameters
    ----------
    problem
        What is wrong, in words.
    file, row, column
        Where: the file's name, its row as a spreadsheet or GIS shows it, the column.
    hint
        What to do about it.
    """

    problem: str
    file: str = ""
    row: int | None = None
    column: str = ""
    hint: str = ""

    def __str__(self) -> str:
        where = [
            self.file,
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        ]
        place = ", ".join(part for part in where if part)
        text = f"{place}: {self.problem}" if place else self.problem
        end = "" if text.endswith(("?", "!")) else "."
        return _readable(f"{text}{end} {self.hint}" if self.hint else text)


Read = TypeVar("Read")


def attempt(faults: list[Fault], read: Callable[[], Read]) -> Read | None:
    """Return what a function reads; add its faults to a list and return None if it has some."""
    try:
        return read()
    except InputError as error:
        faults.extend(error.faults)
        return None


def _readable(text: str) -> str:
    """Return text without control characters, cut in the middle if it is very long."""
    cut = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in cut)


_PART = r"[^\s\\/:;,'\"<>|()]"
_PATH = re.compile(rf"(?<![\w/\\.:<])(?:[A-Za-z]:|[\\/])?[\\/](?:{_PART}+[\\/]+)+({_PART}*)")
"""An absolute path of any system without blanks in it; the group is the file's name."""
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
_CLOSE = "Close it in other programs, or choose another folder"
_ROOM = "Make room on the disk, or choose another folder; the earlier files are unchanged"


def write_fault(path: Path, error: OSError) -> Fault:
    """Describe why a file or folder cannot be written."""
    full = error.errno in _FULL
    words = "the disk is full" if full else error.strerror or str(error)
    return Fault(f"cannot be written ({words})", str(path), hint=_ROOM if full else _CLOSE)


def disk_fault(error: OSError) -> Fault:
    """Describe an error of the operating system about a file, where nothing more is known."""
    if error.errno in _FULL:
        return write_fault(Path(str(error.filename or "the disk")), error)
    words = f"cannot be used ({error.strerror or error})"
    return Fault(words, str(error.filename or ""), hint="Check that you may read and write it")


def without_folders(text: str) -> str:
    r"""Replace absolute paths in a text by the names of their files.

    Use it for everything that other people read, such as a server's page or an exported document:
    folder names can give away user names and how a machine is set up.

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
    """Folders whose names may hold blanks, the longest first."""
    folders = {str(folder) for folder in (Path.home(), Path.cwd(), Path(gettempdir()))}
    return tuple(sorted((one for one in folders if len(one) > 3), key=len, reverse=True))
