"""Choice of the sheet of a workbook that holds the list, by its headings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import shortened
from nhcplanner.domain.intake import Answers, Question
from nhcplanner.layers.readers.grids import find_headings
from nhcplanner.layers.readers.sheet_layout import Grid, Knows


def count_known(grid: Grid, knows: Knows, *, empty: bool = False) -> int:
    """Return the number of known headings of a grid; 0 without rows below, unless `empty`."""
    head = find_headings(grid.rows, knows)
    below = empty or any(any(row) for row in grid.rows[head + 1 :])
    return sum(knows(cell) for cell in grid.rows[head] if cell) if grid.rows and below else 0


def find_lists(grids: Iterable[Grid], knows: Knows) -> list[tuple[int, Grid]]:
    """Return the grids that hold a list, with the number of known headings of each.

    A grid counts if it has two or more known headings, and half as many as the best.
    """
    filled = [grid for grid in grids if grid.rows]
    by_number = [(count_known(grid, knows), grid) for grid in filled]
    best = max((count_known(grid, knows, empty=True) for grid in filled), default=0)
    return [each for each in by_number if each[0] >= 2 and 2 * each[0] >= best]


def choose_sheet(
    grids: Sequence[Grid],
    hidden: Sequence[str],
    knows: Knows,
    file: str,
    answers: Answers,
    *,
    layer: str,
) -> tuple[Grid, tuple[str, ...]]:
    """Return the sheet to read, and notes on the others; ask if several hold lists.

    Parameters
    ----------
    grids
        The sheets that the workbook shows.
    hidden
        Names of its hidden sheets.
    knows
        Whether a text is a known name of a column.
    file
        Name of the file, for messages.
    answers
        The user's answers.
    layer
        Name of the sheet in the column map; empty if it names none.

    Raises
    ------
    InputError
        If the named sheet is missing, or it is unclear which sheet to read.
    """
    by_name = {grid.sheet: grid for grid in grids}
    sheet = answers.find("sheet", file) or layer
    if sheet and sheet not in by_name:
        words = f"has no sheet {sheet}; it holds {', '.join(by_name)}"
        raise InputError([Fault(words, file, hint='Say which in the column map: layer = "..."')])
    lists = find_lists(grids, knows)
    if not sheet and len(lists) > 1:
        names = tuple(grid.sheet for _, grid in lists)
        words = f"holds lists in several sheets: {', '.join(names)}"
        raise InputError([Question(words, file, key="sheet", answers=names)])
    filled = [grid for grid in grids if any(map(any, grid.rows))] or list(grids)
    likely = max(filled, key=lambda grid: count_known(grid, knows, empty=True))
    chosen = by_name[sheet] if sheet else lists[0][1] if lists else likely
    others = [grid.sheet for grid in grids if grid is not chosen]
    about = f"read from sheet '{chosen.sheet}', one of {len(by_name)}"
    notes = [f"{about}; not read: {shortened(others)}"] if others else []
    notes += [f"hidden sheets not read: {shortened(hidden)}"] if hidden else []
    return chosen, tuple(notes)
