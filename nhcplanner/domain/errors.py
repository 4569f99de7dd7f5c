"""What can go wrong, said so that a planner can mend it.

Every error that a user may meet is a `PlannerError`. Bad input is an
`InputError`: it carries every fault found, not only the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

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
    mend
        What to do about it.
    """

    problem: str
    file: str = ""
    row: int | None = None
    column: str = ""
    mend: str = ""

    def __str__(self) -> str:
        where = [
            self.file,
            f"row {self.row}" if self.row is not None else "",
            f"column {self.column}" if self.column else "",
        ]
        place = ", ".join(part for part in where if part)
        text = f"{place}: {self.problem}" if place else self.problem
        return _readable(f"{text}. {self.mend}" if self.mend else text)


def _readable(text: str) -> str:
    """Text without signs that steer a terminal, and no longer than anyone reads."""
    shown = text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} ... {text[-LONGEST // 2 :]}"
    return "".join(sign if sign.isprintable() or sign == "\n" else "\ufffd" for sign in shown)
