"""Tables beside each other on one sheet: only one of them is read, and never rows of both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import FileIntake, Question
from nhcplanner.layers.readers.grids import NUMERIC, Grid, Knows
from nhcplanner.layers.readers.vocabulary import COMMON

KEY = "beside"
ONE, TWO = "one", "two"
LEAST_IDS = 3
"""Ids in another order that show a second table, at least."""
_NAMES = ("area_code", "area_name", "site_id", "site_name", "origin_id")
_IDS = re.compile("|".join(f"(?:{pattern})" for layer in COMMON.values() for name, patterns
                           in layer.items() if name in _NAMES for pattern in patterns))  # fmt: skip
_CODE = re.compile(r"\d{5,}")


@dataclass(frozen=True)
class Separated:
    """A grid without the tables beside the first.

    Parameters
    ----------
    grid
        The cells.
    questions
        Where it is not clear whether columns are of one table or of two.
    intake
        The record, with what was left out.
    """

    grid: Grid
    questions: tuple[Question, ...]
    intake: FileIntake


def separate(grid: Grid, head: int, knows: Knows, intake: FileIntake, answer: str) -> Separated:
    """Leave out tables beside the main one, or ask whether there are any.

    Columns may be a second table where a blank column parts them from the others, or where they
    begin with the ids of the first table in another order: their rows are not those of the first.
    Columns whose headings are not known are not used in any case, and are not asked about.

    Parameters
    ----------
    grid
        The cells.
    head
        Position of the row of headings.
    knows
        Says which headings are known.
    intake
        The record so far.
    answer
        "one" to read all columns as one table, "two" to leave out the second, empty to ask.
    """
    names = grid.rows[head] if grid.rows else []
    width = max((len(row) for row in grid.rows[head:]), default=0)
    blank = [not any(row[n : n + 1] not in ([], [""]) for row in grid.rows[head:])
             for n in range(width)]  # fmt: skip
    beside = _after_blank(names, blank, knows) or _after_ids(grid, head, blank, knows)
    if not beside:
        return Separated(grid, (), intake)
    listed = shortened([names[n] for n in beside if n < len(names) and names[n]])
    if answer == ONE:
        words = f"columns beside a second list of ids or a blank column read as one table: {listed}"
        return Separated(grid, (), intake.with_event("assumed", words, len(beside)))
    if answer == TWO:
        dropped = set(beside)
        rows = [["" if n in dropped else cell for n, cell in enumerate(row)] if at >= head else row
                for at, row in enumerate(grid.rows)]  # fmt: skip
        words = f"{plural(len(beside), 'column')} of a second table left out: {listed}"
        return Separated(replace(grid, rows=rows), (), intake.with_event("left out", words))
    words = f"may hold two tables beside each other: are {listed} columns of the first table?"
    hint = (f"Put each table on its own sheet; or say --assume {KEY}={TWO} to leave these columns "
            f"out, or --assume {KEY}={ONE} to read them with the others")  # fmt: skip
    return Separated(grid, (Question(words, intake.file, head + 1, hint=hint, key=KEY,
                                     answers=(ONE, TWO)),), intake)  # fmt: skip


def _after_blank(names: Sequence[str], blank: list[bool], knows: Knows) -> list[int]:
    """Columns of the blocks of known columns that blank columns part from the main one."""
    blocks: list[list[int]] = [[]]
    for n, is_blank in enumerate(blank):
        if is_blank:
            blocks.append([])
        else:
            blocks[-1].append(n)
    known = [sum(bool(name) and knows(name) for name in names[b[0] : b[-1] + 1]) if b else 0
             for b in blocks]  # fmt: skip
    main = known.index(max(known))
    if not any(count for n, count in enumerate(known) if n != main):
        return []
    return [column for n, block in enumerate(blocks) if n != main for column in block]


def _after_ids(grid: Grid, head: int, blank: list[bool], knows: Knows) -> list[int]:
    """Columns from a second column of the same ids in another order on."""
    names = list(grid.rows[head]) if grid.rows else []
    for first, name in enumerate(names):
        if not name or not _IDS.fullmatch(simple_name(name)):
            continue
        ids = _column(grid, head, first)
        if len(ids) < LEAST_IDS or len(set(ids)) < len(ids) or not all(map(_is_id, ids)):
            continue
        known = set(ids)
        for n in range(first + 1, len(names)):
            if not names[n] or grid.rows[head + 1][n : n + 1] in ([], [""]):
                continue
            others = _column(grid, head, n)
            if not known.issuperset(others[:LEAST_IDS]) or not known.issuperset(others):
                continue
            moved = sum(a != b for a, b in zip(ids, others, strict=False))
            if LEAST_IDS <= len(set(others)) == len(others) < 2 * moved + 1:
                stop = blank.index(True, n) if True in blank[n:] else len(blank)
                rest = list(range(n, stop))
                return rest if any(names[c : c + 1] and knows(names[c]) for c in rest) else []
    return []


def _column(grid: Grid, head: int, n: int) -> list[str]:
    """Filled cells of a column below the headings."""
    return [row[n] for row in grid.rows[head + 1 :] if n < len(row) and row[n]]


def _is_id(text: str) -> bool:
    """Whether a text is an id and no small number, as ranks and counts are."""
    return not NUMERIC.fullmatch(text) or _CODE.fullmatch(text) is not None
