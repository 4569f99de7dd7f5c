"""Named columns from the grid of a sheet: headings, rows of data, and rows left out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import Answers, FileIntake, Question
from nhcplanner.layers.readers.sheet_layout import (
    KEY,
    NUMERIC,
    TWO,
    Grid,
    Join,
    Knows,
    cell_name,
    first_cell,
    join_headings,
    letters,
    report_marks,
    separate,
    without_struck,
)

SEARCHED = 30
"""Number of first rows in which the headings are searched."""
SHARE = 0.6
"""Least share of the usual number of filled cells in a row of headings."""
EXCEL_ERROR = re.compile(
    r"#(REF!|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|N/A|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!)"
)
FAILED = "Mend the formula, or leave the cell blank"
TOTAL = re.compile(
    r"(grand|sub|overall|sum)?[ -]?totals?( (for|of) .*)?:?|average:?|mean:?", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class NamedRows:
    """The rows of a grid below its headings.

    Parameters
    ----------
    frame
        Cells as text, blanks missing.
    numbers
        Number of each row as a spreadsheet shows it.
    intake
        Record of what was read and left out.
    faults
        Faults of single rows that were not raised.
    questions
        Questions that were not raised.
    """

    frame: pd.DataFrame
    numbers: tuple[int, ...]
    intake: FileIntake
    faults: tuple[Fault, ...] = ()
    questions: tuple[Question, ...] = ()


def find_headings(rows: list[list[str]], knows: Knows) -> int:
    """Return the position of the headings: most known names, or the first full-width row.

    Titles above a table fill one or two cells, unlike headings. A row with numbers is a row of
    data, even if it has known words.
    """
    filled = [sum(map(bool, row)) for row in rows[: SEARCHED * 4]]
    usual = Counter(number for number in filled if number).most_common()
    least = SHARE * max((n for n, times in usual if times == usual[0][1]), default=0)
    searched = range(min(SEARCHED, len(filled)))
    known = {n: sum(knows(cell) for cell in rows[n] if cell) for n in searched if filled[n]}
    wide = next((n for n in searched if filled[n] and filled[n] >= least), 0)
    words = [n for n in known if not any(map(NUMERIC.fullmatch, rows[n]))]
    best = max(words, key=lambda n: (known[n], -n), default=wide)
    return best if known.get(best, 0) > known.get(wide, 0) and known[best] > 1 else wide


def name_rows(  # noqa: PLR0913  (each answers one question about the sheet)
    grid: Grid,
    file: str,
    knows: Knows,
    *,
    keep_hidden: bool = False,
    struck: str = "",
    lenient: bool = False,
    defers: bool = False,
    join: Join | None = None,
) -> NamedRows:
    """Return the rows of a grid under its headings, without titles, notes, totals and blanks.

    Parameters
    ----------
    grid
        The cells.
    file
        Name of the file, for the messages.
    knows
        Says which headings are known.
    keep_hidden
        True to read rows that the sheet hides.
    struck
        Treatment of struck-through rows: "read", "leave", or empty to ask.
    lenient
        True to return faults of single rows for correction, instead of raising them.
    defers
        True to return questions instead of raising them.
    join
        Joins headings of two rows (`join_headings`).

    Raises
    ------
    InputError
        For missing or doubled headings, failed or unsaved formulas, merged figures, and rows that
        do not fit the headings, all at once; and a question if rows are struck through.
    """
    head = find_headings(grid.rows, knows) if grid.rows else 0
    joined: tuple[str, ...] = ()
    if join is not None:
        grid, head, joined = join(grid, head, knows)
    names = list(grid.rows[head]) if grid.rows else []
    while names and not names[-1]:
        names.pop()
    if not names:
        raise InputError([Fault("is empty", file)])
    intake = FileIntake(file, sheet=grid.sheet, heading_row=head + 1)
    if joined:
        words = f"headings of rows {head} and {head + 1} read together"
        intake = intake.with_event("note", words, len(joined), joined)
    grid, intake, faults = _fill_merged(grid, intake, head)
    faults += _name_faults(names, file, head + 1)
    data, intake = _data_rows(grid, head, names, intake, keep_hidden)
    data, intake, questions = without_struck(grid, data, intake, struck)
    intake = report_marks(grid, [head, *data], len(names), intake)
    by_row = _row_faults(grid, data, names, file)
    if grid.ragged:
        intake, short = _short_rows(grid, data, names, intake)
        by_row += short
    if faults or (questions and not defers) or (by_row and not lenient):
        ordered = sorted([*faults, *questions, *by_row], key=lambda fault: fault.row or 0)
        raise InputError(ordered)
    return replace(
        _named(grid, data, names, intake), faults=tuple(by_row), questions=tuple(questions)
    )


def _fill_merged(grid: Grid, intake: FileIntake, head: int) -> tuple[Grid, FileIntake, list[Fault]]:
    """Fill merged text down into each row; refuse other merged cells in the data."""
    rows, filled, faults = [list(row) for row in grid.rows], 0, []
    ranges = []
    for top, left, bottom, right in grid.merged:
        where = f"{cell_name(top, left)}:{cell_name(bottom, right)}"
        text = rows[top][left] if top < len(rows) and left < len(rows[top]) else ""
        if bottom <= head or not text or (top > head and _is_banner(rows, top, left, right)):
            continue
        if left != right or top <= head or NUMERIC.fullmatch(text):
            words = f"has cells merged over {where}: it is not clear to which rows they belong"
            hint = "Unmerge them and give each row its own value"
            faults.append(Fault(words, intake.file, top + 1, hint=hint))
            continue
        for row in range(top + 1, min(bottom, len(rows) - 1) + 1):
            if left < len(rows[row]) and not rows[row][left]:
                rows[row][left] = text
                filled += 1
        ranges.append(f"{where}: {text[:40]}")
    if ranges:
        words = f"{plural(filled, 'cell')} filled from {plural(len(ranges), 'merged range')}"
        intake = replace(intake, cells_merged=filled)
        intake = intake.with_event("default", words, filled, ranges)
    return replace(grid, rows=rows), intake, faults


def _is_banner(rows: list[list[str]], top: int, left: int, right: int) -> bool:
    """Whether cells merged across are alone in their row: a caption between rows, or a note."""
    return left != right and sum(map(bool, rows[top])) == 1


def _data_rows(
    grid: Grid, head: int, names: list[str], intake: FileIntake, keep_hidden: bool
) -> tuple[list[int], FileIntake]:
    """Return the positions of the rows of data, and the record of rows left out."""
    filled = [n for n in range(head + 1, len(grid.rows)) if any(grid.rows[n])]
    titles = sum(any(row) for row in grid.rows[:head])
    notes = _notes_below(grid.rows, filled, len(names))
    totals = [n for n in filled if n not in notes and _is_total(grid.rows[n])]
    again = [n for n in filled if _is_heading(grid.rows[n], names)]
    hidden = [n for n in filled if n in grid.hidden_rows and n not in notes]
    dropped = {*notes, *totals, *again, *(() if keep_hidden else hidden)}
    data = [n for n in filled if n not in dropped]
    last = data[-1] if data else head
    blank = sum(not any(grid.rows[n]) for n in range(head + 1, last))
    intake = replace(
        intake, rows_read=len(data), rows_skipped=titles + len(notes) + len(totals) + len(again),
        rows_hidden=len(hidden), rows_blank=blank,
    )  # fmt: skip
    skipped = ((notes, "notes below the table"), (totals, "totals"),
               (again, "headings below the first"))  # fmt: skip
    for positions, what in skipped:
        if positions:
            examples = [f"row {n + 1}: {first_cell(grid.rows[n])[:60]}" for n in sorted(positions)]
            words = f"{plural(len(positions), 'row')} of {what} left out"
            intake = intake.with_event("left out", words, len(positions), examples)
    if titles:
        words = f"{plural(titles, 'title row')} above the headings left out"
        intake = intake.with_event("left out", words, titles, [first_cell(grid.rows[0])[:60]])
    if hidden:
        outcome = "read" if keep_hidden else "left out; --assume hidden=read reads them"
        words = f"{plural(len(hidden), 'hidden or filtered row')} {outcome}"
        examples = [f"row {n + 1}: {first_cell(grid.rows[n])[:60]}" for n in hidden]
        intake = intake.with_event("assumed" if keep_hidden else "left out", words, len(hidden),
                                   examples)  # fmt: skip
    return data, intake


def _is_total(row: list[str]) -> bool:
    """Whether a row is a total: named so in its first cell, with figures or blanks after it."""
    rest = [cell for cell in row if cell][1:]
    bare = "" in row or all(map(NUMERIC.fullmatch, rest))
    return bare and TOTAL.fullmatch(first_cell(row)) is not None


def _is_heading(row: list[str], names: list[str]) -> bool:
    """Whether a row repeats the headings, as at the top of each printed page."""
    filled = [(cell, name) for cell, name in zip(row, names, strict=False) if cell]
    return len(filled) > 1 and all(simple_name(cell) == simple_name(name) for cell, name in filled)


def _notes_below(rows: list[list[str]], filled: list[int], width: int) -> set[int]:
    """Return rows at the end with text in one cell only, below rows that fill several."""
    notes: set[int] = set()
    if width < 2 or not any(sum(map(bool, rows[n])) > 1 for n in filled):
        return notes
    for n in reversed(filled):
        text = first_cell(rows[n])
        if sum(map(bool, rows[n])) != 1 or NUMERIC.fullmatch(text):
            break
        if " " not in text and not re.match(r"[*©†]|notes?\b|source\b", text, re.IGNORECASE):
            break
        notes.add(n)
    return notes


def _name_faults(names: list[str], file: str, row: int) -> list[Fault]:
    faults = []
    for name in sorted({name for name in names if name and names.count(name) > 1}):
        where = " and ".join(letters(n) for n, other in enumerate(names) if other == name)
        words = f"appears twice among the headings, in columns {where}"
        faults.append(Fault(words, file, row, name, "Give each column a name of its own"))
    return faults


def _row_faults(grid: Grid, data: list[int], names: list[str], file: str) -> list[Fault]:
    """Return faults of rows that are too long, and of formulas that failed or have no value."""
    faults = []
    for n in data:
        row = grid.rows[n]
        beyond = [cell for cell in row[len(names) :] if cell]
        if beyond:
            words = f"has cells beyond the last named column: {beyond[0][:40]}"
            hint = "Name the column, or put quotes round text and numbers that hold the separator"
            faults.append(Fault(words, file, n + 1, hint=hint))
        if "#" in "".join(row):
            faults += [
                Fault(f"shows {cell}: its formula failed", file, n + 1, name, FAILED)
                for name, cell in zip(names, row, strict=False)
                if name and EXCEL_ERROR.fullmatch(cell)
            ]
    rows = set(data)
    faults += [
        Fault(
            f"cell {cell_name(n, column)} holds a formula without a saved value",
            file, n + 1, names[column],
            "Open the workbook in Excel and save it, or give the value itself",
        )
        for n, column in grid.unsaved
        if n in rows and column < len(names) and names[column]
    ]  # fmt: skip
    return faults


def _short_rows(
    grid: Grid, rows: list[int], names: list[str], intake: FileIntake
) -> tuple[FileIntake, list[Fault]]:
    """Accept short rows only if other rows leave the same columns blank."""
    width = len(names)
    short = [n for n in rows if len(grid.rows[n]) < width]
    if not short:
        return intake, []
    full = [grid.rows[n] for n in rows if len(grid.rows[n]) >= width]
    optional = [not all(row[column] for row in full) for column in range(width)]
    wrong = [n for n in short if full and not all(optional[len(grid.rows[n]) :])]
    hint = "Give every row as many cells as there are headings"
    faults = [
        Fault(
            f"has {plural(len(grid.rows[n]), 'cell')} under {plural(width, 'heading')}",
            intake.file, n + 1, hint=hint,
        )
        for n in wrong
    ]  # fmt: skip
    words = f"{plural(len(short), 'row')} with fewer cells than headings: the last are blank"
    examples = [f"row {n + 1}" for n in short]
    return intake.with_event("became blank", words, len(short), examples), faults


def _named(grid: Grid, rows: list[int], names: list[str], intake: FileIntake) -> NamedRows:
    width = len(names)
    cells = [[*grid.rows[n], *[""] * (width - len(grid.rows[n]))][:width] for n in rows]
    unnamed = [f"column {letters(n)}" for n, name in enumerate(names) if not name]
    headings = [name or f"column {letters(n)}" for n, name in enumerate(names)]
    frame = pd.DataFrame(cells, columns=headings, dtype="str")
    frame = frame.mask(frame == "")
    full = [name for name in unnamed if frame[name].notna().any()]
    if full:
        words = f"{shortened(full)} left out: no heading"
        intake = intake.with_event("left out", words, len(full))
    hidden = [names[n] for n in sorted(grid.hidden_columns) if n < width and names[n]]
    if hidden:
        words = f"{plural(len(hidden), 'hidden column')} read"
        intake = intake.with_event("doubt", words, len(hidden), hidden)
    frame = frame.drop(columns=unnamed)
    return NamedRows(frame, tuple(n + 1 for n in rows), intake)


def rows_and_questions(
    grid: Grid, file: str, knows: Knows, answers: Answers, *, lenient: bool
) -> tuple[NamedRows, tuple[Question, ...]]:
    """Return the rows under their headings, and every open question about the sheet.

    If there may be a second table beside the first, the rows are read as one table, or without
    the second one if that fails.

    Parameters
    ----------
    grid
        The cells of the sheet.
    file
        Name of the file, for messages.
    knows
        Whether a text is a known name of a column.
    answers
        The user's answers.
    lenient
        As in `name_rows`.

    Raises
    ------
    InputError
        If the rows cannot be read either way, with the open questions.
    """
    head = find_headings(grid.rows, knows) if grid.rows else 0
    record = FileIntake(file)
    apart = separate(grid, head, knows, record, answers.find(KEY, file))
    tried = [apart.grid]
    if apart.questions:
        tried.append(separate(grid, head, knows, record, TWO).grid)
    faults: Sequence[Fault] = ()
    for each in tried:
        try:
            rows = name_rows(
                each, file, knows,
                keep_hidden=answers.find("hidden", file) == "read",
                struck=answers.find("struck", file),
                lenient=lenient, defers=True, join=join_headings,
            )  # fmt: skip
        except InputError as error:
            faults = error.faults
            continue
        events = (*apart.intake.events, *rows.intake.events)
        rows = replace(rows, intake=replace(rows.intake, events=events))
        return rows, (*apart.questions, *rows.questions)
    raise InputError([*apart.questions, *faults])
