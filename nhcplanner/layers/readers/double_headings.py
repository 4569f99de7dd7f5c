"""Headings of two rows: a name merged over several columns with parts below, or a row of units."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from nhcplanner.layers.readers.grids import NUMERIC, Grid, Knows

UNIT = re.compile(
    r"\(.+\)|(gbp|£)\s*(k|m|mn|bn|000s?|'000s?|thousands?|millions?)?|%|per cent|m2|m²|sq\.? ?m|"
    r"sqm|sq\.? ?ft|ft2|years?|yrs?|people|patients|households|minutes|mins|km|m|metres|"
    r"dd/mm/yyyy|yyyy-mm-dd",
    re.IGNORECASE,
)
"""A cell below a heading that holds its unit only."""
NATURAL = (
    (r"hle|expectancy", r"years?|yrs?"),
    (r"people|population|residents|capacity", r"people|patients|persons"),
    (r"easting|northing", r"m|metres"),
    (r"date", r"dd/mm/yyyy|yyyy-mm-dd"),
)
"""Names of columns and the unit in which they are read in any case."""
TYPE = re.compile(r"text|words?|date|number|no\.?|count|code|id|-+|n/?a", re.IGNORECASE)
"""A cell in a row of units that says what a column holds, where it has no unit."""
FIGURE = re.compile(r"cost|capital|revenue|running|area|capacity|people|population|hle|rank|decile"
                    r"|share|[%£]", re.IGNORECASE)  # fmt: skip
"""Names of figures, whose meaning depends on the name above them: running costs are no capital."""


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
        The grid with the joined headings in the lower row; its position; the joined names. As
        they were, and no names, where the headings are in one row.
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
    """The name of one column: both parts, unless the lower one says all and is no figure."""
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
    """Write square metres in one way, to see whether a heading has its unit already."""
    plain = text.lower().replace("²", "2").strip("() ")
    return re.sub(r"sq\.? ?m(et(re|er)s)?\b", "m2", plain)
