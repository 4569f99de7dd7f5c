"""What can go wrong, said so that a planner can mend it.

Every error that a user may meet is a `PlannerError`. Bad input is an
`InputError`: it carries every fault found, not only the first.

Refused: what a disk does not let be read or written, in words.
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import gettempdir

SHOWN = 40
LONGEST = 2_000
"""Signs of one fault in words: cells and files may hold far more than anyone reads."""


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
        One `Fault` a problem, or plain sentences.

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
        lines = [str(f) for f in self.faults[:SHOWN]]
        more = len(self.faults) - SHOWN
        if more > 0:
            lines.append(f"... and {more} more problems like these")
        if len(self.faults) > 1:
            lines.insert(0, f"{len(self.faults)} problems found:")
        return "\n".join(lines)


class FetchError(PlannerError, ConnectionError):
    """A source on the network that did not answer, or not with what it should."""


class PlannerWarning(UserWarning):
    """What a user should know though the work goes on."""


@dataclass(frozen=True)
class Fault:
    """One problem in one place, and its mend.

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
        return _readable(f"{text}. {self.hint}" if self.hint else text)


def _readable(text: str) -> str:
    """Text without signs that steer a terminal, and no longer than anyone reads."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in shown)


_PART = r"[^\s\\/:;,'\"<>|()]"
_PATH = re.compile(rf"(?<![\w/\\.:<])(?:[A-Za-z]:|[\\/])?[\\/](?:{_PART}+[\\/]+)+({_PART}*)")
"""An absolute path of any system whose parts hold no blanks, down to its last part."""
_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (errno.ENOSPC,)
_CLOSE = "Close it in other programs, or choose another folder"
_ROOM = "Make room on the disk, or choose another folder; the files that were there are as before"


def write_fault(path: Path, error: OSError) -> Fault:
    """Say that a file or folder cannot be written, and why."""
    full = error.errno in _FULL
    words = "the disk is full" if full else error.strerror or str(error)
    return Fault(f"cannot be written ({words})", str(path), hint=_ROOM if full else _CLOSE)


def disk_fault(error: OSError) -> Fault:
    """Say that the system refused a file, where no one knows more of it."""
    if error.errno in _FULL:
        return write_fault(Path(str(error.filename or "the disk")), error)
    words = f"cannot be used ({error.strerror or error})"
    return Fault(words, str(error.filename or ""), hint="Check that you may read and write it")


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
