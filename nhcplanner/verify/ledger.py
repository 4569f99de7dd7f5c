"""Ledger: every figure that was compared, and what could not be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

SAME, DIFFERENT = "same", "different"
RELATIVE, ABSOLUTE = 1e-9, 1e-6
"""Figures no farther apart than this are the same: the order of a sum changes its last digits."""


@dataclass(frozen=True)
class Figure:
    """One figure, or a group of figures that all agree.

    Parameters
    ----------
    figure
        What it is.
    where
        File, and table or sheet.
    published, recomputed
        Its two values; for a group, their number and range.
    result
        "same" or "different".
    number
        Number of figures that it represents.
    """

    figure: str
    where: str
    published: str
    recomputed: str
    result: str
    number: int = 1


class Absent(NamedTuple):
    """What was not recomputed.

    Parameters
    ----------
    what
        Subject.
    why
        Reason.
    number
        Number of published figures that it represents; 0 if it has none.
    """

    what: str
    why: str
    number: int = 0


@dataclass
class Ledger:
    """Figures compared, and what could not be compared, with the reason.

    Parameters
    ----------
    figures
        A group for each column that agrees, and one for each figure that does not.
    absent
        What the hand-in does not contain, or what cannot be recomputed from it.
    """

    figures: list[Figure] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)

    @property
    def differences(self) -> list[Figure]:
        """The figures that differ."""
        return [figure for figure in self.figures if figure.result == DIFFERENT]

    @property
    def number(self) -> int:
        """How many figures were compared."""
        return sum(figure.number for figure in self.figures)

    @property
    def not_recomputed(self) -> int:
        """How many published figures were left as they are."""
        return sum(absent.number for absent in self.absent)

    def leave(self, what: str, why: str, number: int = 0) -> None:
        """Record what was not recomputed, why, and how many figures it is."""
        for row, absent in enumerate(self.absent):
            if (absent.what, absent.why) == (what, why):
                self.absent[row] = absent._replace(number=absent.number + number)
                return
        self.absent.append(Absent(what, why, number))

    def compare(self, figure: str, where: str, published: Any, recomputed: Any) -> bool:
        """Compare one figure or text."""
        fits = bool(alike([published], [recomputed])[0])
        result = SAME if fits else DIFFERENT
        self.figures.append(Figure(figure, where, as_text(published), as_text(recomputed), result))
        return fits

    def column(
        self,
        figure: str,
        where: str,
        keys: Sequence[str],
        published: Sequence[Any],
        recomputed: Sequence[Any],
        within: float = 0.0,
    ) -> int:
        """Compare a column; return the number of differences.

        Parameters
        ----------
        figure, where
            As in `Figure`.
        keys
            What each row is of.
        published, recomputed
            Numbers, text or None, a value a row.
        within
            How far apart numbers may be: the rounding of the file.
        """
        if not len(keys):
            return 0
        fits = alike(published, recomputed, within)
        for row in np.flatnonzero(~fits).tolist():
            self.figures.append(
                Figure(
                    f"{figure}, {keys[row]}", where,
                    as_text(published[row]), as_text(recomputed[row]), DIFFERENT,
                )
            )  # fmt: skip
        number = int(fits.sum())
        if number:
            some = [recomputed[row] for row in np.flatnonzero(fits).tolist()]
            words = _range(some)
            self.figures.append(Figure(figure, where, words, words, SAME, number))
        return len(keys) - number

    def table(
        self,
        name: str,
        where: str,
        published: pd.DataFrame,
        recomputed: pd.DataFrame,
        keys: Sequence[str],
        within: float = 0.0,
    ) -> int:
        """Compare a table row by row; return the number of differences.

        Parameters
        ----------
        name, where
            Title of the table, and its file.
        published
            As the file has it.
        recomputed
            The same rows, with the columns that were recomputed.
        keys
            Columns that name a row.
        within
            As in `column`.
        """
        sides = []
        for frame in (published, recomputed):
            parts = [frame[key].astype("str") for key in keys]
            names = [" / ".join(row) for row in zip(*parts, strict=True)]
            sides.append(pd.Index(names, dtype=object))
        here, there = sides
        bad = 0
        for index, words in ((here[here.duplicated()], "appears twice"),):
            for key in index:
                bad += 1
                self.figures.append(Figure(f"{name}, {key}", where, words, "once", DIFFERENT))
        for key in there.difference(here, sort=False):
            bad += 1
            self.figures.append(Figure(f"{name}, {key}", where, "no row", "a row", DIFFERENT))
        for key in here.difference(there, sort=False):
            bad += 1
            self.figures.append(Figure(f"{name}, {key}", where, "a row", "no row", DIFFERENT))
        common = [key for key in here.unique() if key in set(there)]
        left = published.set_axis(here, axis=0).loc[~here.duplicated()].reindex(common)
        right = recomputed.set_axis(there, axis=0).loc[~there.duplicated()].reindex(common)
        for column in recomputed.columns:
            if column in keys:
                continue
            if column not in published:
                self.compare(f"{name}: {column}", where, "no column", "a column")
                bad += 1
                continue
            bad += self.column(
                f"{name}: {column}", where, common,
                left[column].tolist(), right[column].tolist(), within,
            )  # fmt: skip
        return bad


def alike(
    published: Sequence[Any], recomputed: Sequence[Any], within: float = 0.0
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Flag each pair that is the same: numbers up to rounding, blanks, or equal text."""
    quick = _alike_numbers(published, recomputed, within)
    if quick is not None:
        return quick
    return np.array(
        [_alike(left, right, within) for left, right in zip(published, recomputed, strict=True)],
        dtype=bool,
    )


def _alike_numbers(
    published: Sequence[Any], recomputed: Sequence[Any], within: float
) -> np.ndarray[tuple[int], np.dtype[np.bool_]] | None:
    """The same for two columns of numbers, blank where they are not finite; None for others."""
    sides = []
    for column in (published, recomputed):
        if not all(isinstance(left, (int, float, np.number)) for left in column):
            return None
        sides.append(np.array(column, dtype=np.float64))
    left, right = sides
    known = np.isfinite(left), np.isfinite(right)
    room = np.maximum(RELATIVE * np.fmax(np.abs(left), np.abs(right)), max(ABSOLUTE, within))
    with np.errstate(invalid="ignore"):
        near = np.abs(left - right) <= room
    return np.where(known[0] & known[1], near, known[0] == known[1])


def _alike(published: Any, recomputed: Any, within: float) -> bool:
    if is_blank(published) or is_blank(recomputed):
        return is_blank(published) and is_blank(recomputed)
    left, right = number(published), number(recomputed)
    if left is not None and right is not None:
        room = max(ABSOLUTE, within, RELATIVE * max(abs(left), abs(right)))
        return abs(left - right) <= room
    return str(published).strip() == str(recomputed).strip()


def number(value: Any) -> float | None:
    """Return a value as a finite number; None if it is not one."""
    if isinstance(value, (bool, np.bool_)):
        return float(value)
    if isinstance(value, str) and value in ("True", "False"):
        return float(value == "True")
    try:
        result = float(value)
    except (TypeError, ValueError):
        return None
    return result if math.isfinite(result) else None


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing."""
    if value is None or value is pd.NA:
        return True
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, (float, np.floating)) and not math.isfinite(value)


def as_text(value: Any) -> str:
    """Return a value as text for the table of results."""
    if is_blank(value):
        return "blank"
    if isinstance(value, (bool, np.bool_, str)):
        return str(value)
    as_number = number(value)
    if as_number is None:
        return str(value)
    return f"{as_number:,.0f}" if as_number == round(as_number) else f"{as_number:,.6g}"


def _range(values: Sequence[Any]) -> str:
    """The only value, or the number of values and their range."""
    if len(values) == 1:
        return as_text(values[0])
    numbers = [n for n in map(number, values) if n is not None]
    ends = f": {as_text(min(numbers))} to {as_text(max(numbers))}" if numbers else ""
    return f"{len(values):,} values{ends}"


def grouped(figures: Sequence[Figure]) -> list[Figure]:
    """Return one figure for each subject and place that agrees, and every one that differs.

    Examples
    --------
    >>> one = Figure("Groups: people", "groups.csv", "3 values", "3 values", "same", 3)
    >>> two = Figure("Groups: lost", "groups.csv", "3 values", "3 values", "same", 3)
    >>> [(row.figure, row.published) for row in grouped([one, two])]
    [('Groups: people, lost', '6 figures')]
    """
    same: dict[tuple[str, str], list[Figure]] = {}
    rows: list[Figure] = []
    for figure in figures:
        if figure.result == DIFFERENT:
            rows.append(figure)
            continue
        same.setdefault((figure.figure.split(":")[0], figure.where), []).append(figure)
    groups = []
    for (subject, where), parts in same.items():
        names = list(dict.fromkeys(p.figure.partition(": ")[2] for p in parts if ":" in p.figure))
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        title = f"{subject}: {', '.join(names[:4])}{more}" if names else subject
        number = sum(figure.number for figure in parts)
        if len(parts) == 1:
            groups.append(parts[0])
            continue
        words = f"{number:,} figures"
        groups.append(Figure(title, where, words, words, SAME, number))
    return [*groups, *rows]
