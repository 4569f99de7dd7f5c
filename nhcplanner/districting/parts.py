"""Division of each part of a place: number of neighbourhoods, bounds and proof.

References
----------
Kuhn HW (1955), The Hungarian method for the assignment problem, Naval Research Logistics Quarterly
2: the pairs of footprints of two divisions.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import linear_sum_assignment

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.districting.blocks import Block, candidates, search
from nhcplanner.districting.program import Answer, is_within, solve, total_minutes
from nhcplanner.domain.neighbourhoods import Bounds

PROOF = 1e-4
"""Share of the minutes by which a division may exceed the bound and still count as proved."""
PROVED, WITHIN, OUTSIDE, WHOLE = "proved", "not proved", "outside the bounds", "one neighbourhood"


@dataclass(frozen=True, eq=False)
class PartDivision:
    """A division of a part of a place.

    Parameters
    ----------
    label
        Middle of each block's neighbourhood.
    value, bound
        Minutes of all people, and a lower bound for every division within bounds; NaN = not known.
    status
        "proved", "not proved", "outside the bounds" or "one neighbourhood".
    """

    label: Ints
    value: float
    bound: float
    status: str


def numbers_within(people: float, bounds: Bounds) -> list[int]:
    """Return the numbers of neighbourhoods whose mean is within bounds, the nearest first.

    The distance is a ratio: 68,000 people are one neighbourhood (1.36 times 50,000), not two of
    34,000 (1.47 times too small).

    Examples
    --------
    >>> numbers_within(68_000, Bounds())
    [1, 2]
    """
    first, last = math.ceil(people / bounds.most), math.floor(people / bounds.least)
    numbers = list(range(max(first, 1), last + 1))
    return sorted(numbers, key=lambda number: (_away(people / number, bounds), number))


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

    Numbers of neighbourhoods are tried from the nearest to the target, until one has a division
    within bounds. If none has, the result of the search is returned, out of bounds.
    """
    people = float(block.people.sum())
    for number in numbers_within(people, bounds):
        if number == 1:
            return one_neighbourhood(block, bounds)
        if number <= block.number:
            division = _divide(block, number, bounds)
            if division is not None:
                return division
    number = min(number_of(people, bounds), block.number)
    if number == 1:
        return one_neighbourhood(block, bounds)
    label = search(block, number, bounds)
    return PartDivision(label, total_minutes(block, label), math.nan, OUTSIDE)


def divide_again(
    block: Block, bounds: Bounds, before: Sequence[Ints], share: float
) -> PartDivision | None:
    """Return the best division of the search that differs from earlier ones; None if none does.

    Parameters
    ----------
    block, bounds
        As in `divide_part`.
    before
        Earlier divisions.
    share
        Share of people, 0 to 1, in another footprint than in each earlier division.
    """
    number = len(np.unique(before[0]))
    if number < 2:
        return None
    for label in candidates(block, number, bounds):
        differs = all(elsewhere(block.people, one, label) >= share for one in before)
        if differs and is_within(block, label, number, bounds):
            return PartDivision(label, total_minutes(block, label), math.nan, WITHIN)
    return None


def elsewhere(people: Floats, one: Ints, other: Ints) -> float:
    """Return the share of people in another footprint, for the best pairs of footprints."""
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


def _divide(block: Block, number: int, bounds: Bounds) -> PartDivision | None:
    start = search(block, number, bounds)
    fits = is_within(block, start, number, bounds)
    answer = solve(block, number, bounds, start if fits else None)
    if answer.label is None:
        return None
    return _to_division(answer, answer.label)


def _to_division(answer: Answer, label: Ints) -> PartDivision:
    gap = (answer.value - answer.bound) / max(answer.value, 1e-9)
    status = PROVED if gap <= PROOF else WITHIN
    bound = answer.bound if np.isfinite(answer.bound) else math.nan
    return PartDivision(label, answer.value, bound, status)
