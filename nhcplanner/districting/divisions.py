"""Divisions of a place: number of neighbourhoods, bounds, proof, and a table of footprints.

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
import pandas as pd
from scipy import sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import connected_components

from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.districting.block_search import Block, candidates, search
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


def footprints(
    areas: pd.DataFrame, contact: sparse.csr_array, minutes: sparse.csr_array, bounds: Bounds,
    borders: Sequence[str] = (),
) -> pd.DataFrame:  # fmt: skip
    """Return one row per neighbourhood, by name.

    Parameters
    ----------
    areas
        One row per area, with `neighbourhood`, `people`, `area_code`, `block` and `borders`.
    contact, minutes
        CSR, area x area, as in `Division`.
    bounds
        Bounds of people for each neighbourhood.
    borders
        Columns of `areas` whose borders are counted, such as `district_code`.

    Returns
    -------
    DataFrame
        `neighbourhood`, `people`, `areas`, `in_bounds`, `pieces` (1 = contiguous), `middle` (code
        of its area), `minutes` (mean of its people to the middle), `farthest` (the largest of an
        area), `split_blocks` (blocks that lie in several neighbourhoods), and `crosses_...` for
        each of `borders`: labels beyond the first.
    """
    names = sorted(set(areas["neighbourhood"]))
    label = pd.Index(names).get_indexer(areas["neighbourhood"]).astype(np.int64)
    middle, mean, far = middles(label, areas["people"].to_numpy(dtype=float), minutes, len(names))
    people = np.bincount(label, weights=areas["people"], minlength=len(names)).round()
    is_shared = areas.groupby("block")["neighbourhood"].transform("nunique") > 1
    codes = areas["area_code"].to_numpy()
    columns = {
        "neighbourhood": names,
        "people": people.astype(np.int64),
        "areas": np.bincount(label, minlength=len(names)),
        "in_bounds": [bounds.keeps(one) for one in people],
        "pieces": pieces(label, contact, len(names)),
        "middle": [codes[row] if row >= 0 else None for row in middle],
        "minutes": mean,
        "farthest": far,
        "split_blocks": [
            int(areas.loc[is_shared & (label == one), "block"].nunique())
            for one in range(len(names))
        ],
    }
    for column in borders:
        by_name = areas.groupby("neighbourhood")[column].nunique()
        columns[f"crosses_{column}"] = (by_name.reindex(names).to_numpy() - 1).clip(min=0)
    return pd.DataFrame(columns)


def pieces(label: Ints, contact: sparse.csr_array, number: int) -> Ints:
    """Return the number of contiguous pieces of each footprint."""
    pairs = sparse.coo_array(contact)
    same = label[pairs.row] == label[pairs.col]
    inside = sparse.csr_array(
        (np.ones(int(same.sum())), (pairs.row[same], pairs.col[same])), shape=pairs.shape
    )
    _, piece = connected_components(inside, directed=False)
    each = np.unique(np.column_stack([label, piece]), axis=0)
    return np.bincount(each[:, 0], minlength=number).astype(np.int64)


def middles(
    label: Ints, people: np.ndarray, minutes: sparse.csr_array, number: int
) -> tuple[Ints, np.ndarray, np.ndarray]:
    """Return the best middle of each footprint, and the mean and largest minutes to it.

    Returns
    -------
    middle
        Row of its area; -1 = no middle that all people reach.
    mean, far
        Minutes of its people, and of its farthest area with people; NaN = none.
    """
    pairs = sparse.coo_array(minutes)
    inside = label[pairs.row] == label[pairs.col]
    row, point, value = pairs.row[inside], pairs.col[inside], pairs.data[inside].astype(float)
    size = len(people)
    person_minutes = np.bincount(point, weights=people[row] * value, minlength=size)
    people_that_reach = np.bincount(point, weights=people[row], minlength=size)
    people_of_footprint = np.bincount(label, weights=people, minlength=number)
    is_point = np.bincount(point, minlength=size) > 0
    fits = is_point & (people_that_reach >= people_of_footprint[label] - 0.5)
    middle = np.full(number, -1, dtype=np.int64)
    mean, far = np.full(number, np.nan), np.full(number, np.nan)
    order = np.lexsort((np.arange(size), person_minutes, label))
    order = order[fits[order]]
    first = order[np.unique(label[order], return_index=True)[1]]
    middle[label[first]] = first
    people_of_middle = people_of_footprint[label[first]]
    mean[label[first]] = np.divide(
        person_minutes[first],
        people_of_middle,
        out=np.zeros(len(first)),
        where=people_of_middle > 0,
    )
    to_middle = (point == middle[label[row]]) & (people[row] > 0)
    largest = np.full(number, -np.inf)
    np.maximum.at(largest, label[row[to_middle]], value[to_middle])
    far[np.isfinite(largest)] = largest[np.isfinite(largest)]
    return middle, mean, far
