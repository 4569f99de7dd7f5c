"""Layout of a sheet: its cells as a grid, headings of two rows, and tables beside each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import FileIntake, Question
from nhcplanner.layers.readers.vocabulary import COMMON

NUMERIC = re.compile(r"[£$]?\s*[-+]?[\d,]*\.?\d+\s*(%|k|m|bn)?", re.IGNORECASE)


Knows = Callable[[str], bool]
"""Returns whether a text is a known name of a column."""
Join = Callable[["Grid", int, Knows], tuple["Grid", int, tuple[str, ...]]]
"""Joins headings of two rows: the grid, its row of headings, and the joined names."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, from 0."""
Failed = tuple[int, int, str]
"""Row and column (1 first) of a formula that failed, and the error that Excel shows."""


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet or text file.

    Parameters
    ----------
    rows
        From row 1 on, each a list of its cells as text, blank = "".
    sheet
        Name of the sheet; empty in a text file.
    hidden_rows, hidden_columns
        Positions, from 0, that the sheet does not show.
    merged
        Ranges of cells that are merged.
    unsaved
        Row and column, from 0, of formulas without a saved value.
    dates
        Row and column, from 0, of cells that hold a date.
    struck
        Row and column, from 0, of cells that are struck through.
    comments
        Row and column, from 0 -> the comment on the cell.
    ragged
        True for a text file, whose rows may have different numbers of cells.
    """

    rows: list[list[str]]
    sheet: str = ""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[Range, ...] = ()
    unsaved: tuple[tuple[int, int], ...] = ()
    ragged: bool = False
    struck: frozenset[tuple[int, int]] = frozenset()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)


def letters(position: int) -> str:
    """Name a column as a spreadsheet does, position 0 first.

    Examples
    --------
    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    name, number = "", position + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def cell_name(row: int, column: int) -> str:
    """Name a cell as a spreadsheet does, both positions from 0.

    Examples
    --------
    >>> cell_name(6, 3)
    'D7'
    """
    return f"{letters(column)}{row + 1}"


@dataclass(frozen=True)
class Marks:
    """Marks of a sheet's XML beside its cells; rows and columns count from 1.

    Parameters
    ----------
    failed
        Formulas that failed.
    unsaved
        Row and column of formulas without a saved value.
    hidden_rows, hidden_columns
        Rows and columns that the sheet does not show.
    merged
        First row, first column, last row, last column of each merged range, if the reader of the
        cells does not give them.
    padded
        Row and column -> digits, for numbers with leading zeros.
    struck
        Row and column of cells whose whole text is struck through.
    comments
        Row and column -> the comment on the cell.
    """

    failed: tuple[Failed, ...] = ()
    unsaved: tuple[tuple[int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    padded: Mapping[tuple[int, int], int] = field(default_factory=dict)
    struck: frozenset[tuple[int, int]] = frozenset()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)


UNIT = re.compile(
    r"\(.+\)|(gbp|£)\s*(k|m|mn|bn|000s?|'000s?|thousands?|millions?)?|%|per cent|m2|m²|sq\.? ?m|"
    r"sqm|sq\.? ?ft|ft2|years?|yrs?|people|patients|households|minutes|mins|km|m|metres|"
    r"dd/mm/yyyy|yyyy-mm-dd",
    re.IGNORECASE,
)
"""A cell below a heading that holds only its unit."""
NATURAL = (
    (r"hle|expectancy", r"years?|yrs?"),
    (r"people|population|residents|capacity", r"people|patients|persons"),
    (r"easting|northing", r"m|metres"),
    (r"date", r"dd/mm/yyyy|yyyy-mm-dd"),
)
"""Names of columns and the unit in which they are always read."""
TYPE = re.compile(r"text|words?|date|number|no\.?|count|code|id|-+|n/?a", re.IGNORECASE)
"""A cell in a row of units that describes a column without a unit."""
FIGURE = re.compile(r"cost|capital|revenue|running|area|capacity|people|population|hle|rank|decile"
                    r"|share|[%£]", re.IGNORECASE)  # fmt: skip
"""Names of figures whose meaning depends on the name above them, such as kinds of costs."""


def join_headings(grid: Grid, head: int, knows: Knows) -> tuple[Grid, int, tuple[str, ...]]:
    """Join headings of two rows into one.

    Parameters
    ----------
    grid
        The cells.
    head
        Position of the row of headings.
    knows
        Says which headings are known.

    Returns
    -------
    Grid, int, tuple of str
        The grid with the joined headings in the lower row, the position of that row, and the joined
        names. Unchanged, and without names, if the headings are in one row.
    """
    if head + 1 >= len(grid.rows):
        return grid, head, ()
    above, below = list(grid.rows[head]), list(grid.rows[head + 1])
    across = [(left, right) for top, left, bottom, right in grid.merged
              if top == head == bottom and left < right]  # fmt: skip
    down = {column for top, left, bottom, right in grid.merged
            if (top, bottom) == (head, head + 1) for column in range(left, right + 1)}  # fmt: skip
    filled = [cell for cell in below if cell]
    if not filled or any(NUMERIC.fullmatch(c) and not UNIT.fullmatch(c) for c in filled):
        return grid, head, ()
    spanned = any(any(below[left : right + 1]) for left, right in across)
    units = [cell for cell in filled if not TYPE.fullmatch(cell)]
    is_units = bool(units) and all(map(UNIT.fullmatch, units))
    if is_units and not spanned:
        below = [cell if UNIT.fullmatch(cell) else "" for cell in below]
    is_second = bool(down) or spanned or is_units
    if not is_second or any(below[column : column + 1] != [""] for column in down
                            if column < len(below)):  # fmt: skip
        return grid, head, ()
    width = max(len(above), len(below))
    above += [""] * (width - len(above))
    below += [""] * (width - len(below))
    for left, right in across:
        above[left : right + 1] = [above[left]] * (right + 1 - left)
    often = Counter(below)
    names = [
        _join(top, part, knows, is_alone=often[part] == 1, is_unit=is_units and not spanned)
        for top, part in zip(above, below, strict=True)
    ]
    rows = [*grid.rows[:head], [], names, *grid.rows[head + 2 :]]
    joined = tuple(name for name, part in zip(names, below, strict=True) if part)
    return replace(grid, rows=rows), head + 1, joined


def _join(top: str, part: str, knows: Knows, *, is_alone: bool, is_unit: bool) -> str:
    """Return the name of one column: both parts, unless the lower one says all and is no figure."""
    both = f"{top} {part}".strip()
    is_stated = bool(part) and _plain_unit(part) in _plain_unit(top)
    plain = part.strip("() ")
    is_natural = is_unit and any(
        re.search(name, top, re.IGNORECASE) and re.fullmatch(unit, plain, re.IGNORECASE)
        for name, unit in NATURAL
    )
    if not knows(both) and (is_stated or is_natural):
        return top
    if top and part and is_alone and knows(part) and not knows(both) and not FIGURE.search(part):
        return part
    return both


def _plain_unit(text: str) -> str:
    """Write square metres in one way, for comparison with the unit in a heading."""
    plain = text.lower().replace("²", "2").strip("() ")
    return re.sub(r"sq\.? ?m(et(re|er)s)?\b", "m2", plain)


KEY = "beside"
ONE, TWO = "one", "two"
LEAST_IDS = 3
"""Least number of ids in another order that show a second table."""
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
        Questions on whether columns are of one table or of two.
    intake
        The record, with notes on what was left out.
    """

    grid: Grid
    questions: tuple[Question, ...]
    intake: FileIntake


def separate(grid: Grid, head: int, knows: Knows, intake: FileIntake, answer: str) -> Separated:
    """Remove tables beside the main one, or ask whether there are any.

    Columns may be a second table if a blank column separates them from the others, or if they
    begin with the ids of the first table in another order, so that their rows differ. Columns with
    unknown headings are never used, so there is no question about them.

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
    """Return the columns of known blocks that blank columns separate from the main block."""
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
    """Return the columns from the second column with the same ids in another order."""
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
    """Return the filled cells of a column below the headings."""
    return [row[n] for row in grid.rows[head + 1 :] if n < len(row) and row[n]]


def _is_id(text: str) -> bool:
    """Whether a text is an id and no small number, as ranks and counts are."""
    return not NUMERIC.fullmatch(text) or _CODE.fullmatch(text) is not None


def without_struck(
    grid: Grid, rows: list[int], intake: FileIntake, answer: str
) -> tuple[list[int], FileIntake, list[Question]]:
    """Return the rows without those struck through by half or more; ask if it is unclear."""
    struck = []
    for n in rows:
        filled = [column for column, cell in enumerate(grid.rows[n]) if cell]
        if 2 * sum((n, column) in grid.struck for column in filled) >= len(filled):
            struck.append(n)
    if not struck:
        return rows, intake, []
    examples = [f"row {n + 1}: {first_cell(grid.rows[n])[:60]}" for n in struck]
    words = f"{plural(len(struck), 'row')} struck through"
    if not answer:
        question = f"has {words}: {shortened(examples)}"
        return (
            rows,
            intake,
            [Question(question, intake.file, key="struck", answers=("read", "leave"))],
        )
    if answer == "read":
        return rows, intake.with_event("assumed", f"{words} read", len(struck), examples), []
    intake = replace(intake, rows_skipped=intake.rows_skipped + len(struck))
    intake = intake.with_event("left out", f"{words} left out", len(struck), examples)
    return [n for n in rows if n not in struck], intake, []


def report_marks(grid: Grid, rows: list[int], width: int, intake: FileIntake) -> FileIntake:
    """Report single struck-through cells, and comments, which are not read."""
    inside = [(n, column) for n in rows for column in range(min(width, len(grid.rows[n])))]
    by_row = Counter(n for n, _ in grid.struck)
    struck = [at for at in inside if at in grid.struck and grid.rows[at[0]][at[1]]]
    struck = [(n, column) for n, column in struck if 2 * by_row[n] < sum(map(bool, grid.rows[n]))]
    if struck:
        examples = [f"{cell_name(*at)}: {grid.rows[at[0]][at[1]][:40]}" for at in struck]
        words = f"{plural(len(struck), 'cell')} struck through, but read"
        intake = intake.with_event("doubt", words, len(struck), examples)
    noted = [at for at in inside if at in grid.comments]
    if noted:
        examples = [f"{cell_name(*at)}: {grid.comments[at][:60]}" for at in noted]
        words = f"{plural(len(noted), 'cell comment')} not read"
        intake = intake.with_event("doubt", words, len(noted), examples)
    return intake


def first_cell(row: list[str]) -> str:
    """Return the first filled cell of a row; empty if there is none."""
    return next((cell for cell in row if cell), "")
