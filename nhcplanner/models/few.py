"""Few plans: every plan there may be, where there are few and each has many rows to look at."""

from __future__ import annotations

from itertools import chain, combinations
from math import comb

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.domain.problem import Problem

MOST_PLANS = 1_100
LEAST_PAIRS = 50_000  # with fewer a program is small and soon solved
MOST_WORK = 400_000_000  # pairs looked at in all; a full table counts a tenth


def few_plans(problem: Problem) -> list[Positions] | None:
    """Every set of sites that the count allows; None where to look at them all takes too long.

    Kept sites are in each set, forbidden ones in none; other rules are not looked at.
    """
    pairs = int(problem.minutes.nnz)
    full = pairs == problem.areas * problem.sites
    free = np.setdiff1d(np.arange(problem.sites), [*problem.keep, *problem.forbid])
    more = len(free) if problem.count is None else problem.count - len(problem.keep)
    most = min(len(free), max(more, 0))
    if pairs < LEAST_PAIRS or len(free) > MOST_PLANS:
        return None
    number = sum(comb(len(free), some) for some in range(most + 1))
    if number > MOST_PLANS or number * pairs > MOST_WORK * (10 if full else 1):
        return None
    sets = chain.from_iterable(combinations(free.tolist(), some) for some in range(most + 1))
    return [np.array(sorted({*problem.keep, *chosen}), dtype=np.intp) for chosen in sets]
