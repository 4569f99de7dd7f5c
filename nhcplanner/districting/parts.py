"""Parts of a place, each divided by itself: number of neighbourhoods, bounds, and proof."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.districting.blocks import Block, candidates, search
from nhcplanner.districting.program import Answer, is_within, solve
from nhcplanner.domain.neighbourhoods import Bounds

PROOF = 1e-4
"""Share of the minutes by which a division may exceed the bound and still count as proved."""
PROVED, WITHIN, OUTSIDE, WHOLE = "proved", "not proved", "outside the bounds", "one neighbourhood"


@dataclass(frozen=True, eq=False)
class PartDivision:
    """A part of a place, divided.

    Parameters
    ----------
    label
        Middle of each block's neighbourhood.
    value, bound
        Minutes of all people, and what no division within the bounds has less than; NaN = not
        known.
    status
        "proved", "not proved", "outside the bounds" or "one neighbourhood".
    """

    label: Ints
    value: float
    bound: float
    status: str


def numbers_within(people: float, bounds: Bounds) -> list[int]:
    """Return the numbers of neighbourhoods whose mean is within bounds, the nearest first.

    Nearest as a ratio: 68,000 people are one neighbourhood (1.36 times 50,000), not two of 34,000
    (1.47 times too small).

    Examples
    --------
    >>> numbers_within(68_000, Bounds())
    [1, 2]
    """
    first, last = math.ceil(people / bounds.most), math.floor(people / bounds.least)
    found = list(range(max(first, 1), last + 1))
    return sorted(found, key=lambda number: (_away(people / number, bounds), number))


def number_of(people: float, bounds: Bounds) -> int:
    """Return the number of neighbourhoods whose mean is nearest to the target."""
    nearest = max(people / bounds.target, 1.0)
    either = {math.floor(nearest), math.ceil(nearest)}
    within = numbers_within(people, bounds)
    return within[0] if within else min(either, key=lambda n: (_away(people / n, bounds), n))


def _away(people: float, bounds: Bounds) -> float:
    return abs(math.log(max(people, 1.0) / bounds.target))


def divide_part(block: Block, bounds: Bounds) -> PartDivision:
    """Divide the blocks of a part.

    The numbers of neighbourhoods are tried from the nearest to the target on, until one has a
    division within bounds. Where none has, the search's own division stands, out of bounds.
    """
    people = float(block.people.sum())
    for number in numbers_within(people, bounds):
        if number == 1:
            return one_neighbourhood(block, bounds)
        if number <= block.number:
            found = _divided(block, number, bounds)
            if found is not None:
                return found
    number = min(number_of(people, bounds), block.number)
    if number == 1:
        return one_neighbourhood(block, bounds)
    label = search(block, number, bounds)
    return PartDivision(label, spent(block, label), math.nan, OUTSIDE)


def divide_again(
    block: Block, bounds: Bounds, before: Sequence[Ints], share: float
) -> PartDivision | None:
    """Return the best division that the search finds and that differs from earlier ones, if any.

    Parameters
    ----------
    block, bounds
        As in `divide_part`.
    before
        Earlier divisions.
    share
        Of the people, 0 to 1, that must be in another footprint than in each of them.
    """
    number = len(np.unique(before[0]))
    if number < 2:
        return None
    for label in candidates(block, number, bounds):
        differs = all(elsewhere(block.people, one, label) >= share for one in before)
        if differs and is_within(block, label, number, bounds):
            return PartDivision(label, spent(block, label), math.nan, WITHIN)
    return None


def elsewhere(people: Floats, one: Ints, other: Ints) -> float:
    """Return the share of people in another footprint, with footprints paired at their best."""
    first, second = (np.unique(label, return_inverse=True)[1] for label in (one, other))
    table = sparse.coo_array((people, (first, second))).toarray()
    rows, columns = linear_sum_assignment(table, maximize=True)
    return float(1 - table[rows, columns].sum() / max(people.sum(), 1.0))


def one_neighbourhood(block: Block, bounds: Bounds) -> PartDivision:
    """Return the whole part as one neighbourhood around its best middle."""
    totals = block.cost.sum(axis=0)
    middle = int(np.argmin(totals))
    label = np.full(block.number, middle, dtype=np.int64)
    status = WHOLE if bounds.keeps(float(block.people.sum())) else OUTSIDE
    return PartDivision(label, float(totals[middle]), float(totals[middle]), status)


def spent(block: Block, label: Ints) -> float:
    """Return the minutes of all people to their middles."""
    return float(block.cost[np.arange(block.number), label].sum())


def _divided(block: Block, number: int, bounds: Bounds) -> PartDivision | None:
    start = search(block, number, bounds)
    fits = is_within(block, start, number, bounds)
    answer = solve(block, number, bounds, start if fits else None)
    if answer.label is None:
        return None
    return _judged(answer, answer.label)


def _judged(answer: Answer, label: Ints) -> PartDivision:
    gap = (answer.value - answer.bound) / max(answer.value, 1e-9)
    status = PROVED if gap <= PROOF else WITHIN
    bound = answer.bound if np.isfinite(answer.bound) else math.nan
    return PartDivision(label, answer.value, bound, status)
