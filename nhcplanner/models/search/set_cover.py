"""A search for the fewest centres that reach everyone: greedy, then ruin and recreate.

References
----------
Chvatal V (1979), A greedy heuristic for the set-covering problem, Mathematics of Operations
Research 4(3).
Schrimpf G, Schneider J, Stamm-Wilbrandt H, Dueck G (2000), Record breaking optimization results
using the ruin and recreate principle, Journal of Computational Physics 159(2).
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import flag_implied_rows, group_rows, open_mask
from nhcplanner.models.search.coverage import (
    MOST_RUINED,
    NOISE,
    SEED,
    CoverageCounter,
    SearchState,
    best_site,
)


def fewest(problem: Problem, state: SearchState) -> Positions | None:
    """Return few sites that reach everyone whom some site reaches.

    The search does not consider count and budget; the caller checks them.
    """
    groups = group_rows(problem.covers, problem.people > 0)
    sites = sparse.csr_array(groups.sites[~flag_implied_rows(groups.sites)])
    counter = CoverageCounter(sites, np.ones((sites.shape[0], 1)))
    must_open = open_mask(problem, problem.keep)
    random = np.random.default_rng(SEED)
    counter.set(must_open if state.opened is None else open_mask(problem, state.opened))
    end = state.clock.seconds + state.seconds
    _fill(counter, np.ones(problem.sites))
    _prune(counter, must_open)
    for _ in range(state.rounds * int((counter.opened & ~must_open).sum())):
        if state.clock.seconds > end or not state.clock.left:
            break
        plan = counter.opened.copy()
        centre = int(random.choice(np.flatnonzero(plan & ~must_open)))
        near = counter.sites_near(centre)
        neighbours = random.permutation(near[plan[near] & ~must_open[near]])
        for site in [centre, *neighbours[: random.integers(1, MOST_RUINED + 1)].tolist()]:
            if counter.opened[site]:
                counter.shut(site)
        _fill(counter, 1 - NOISE * random.random(problem.sites))
        _prune(counter, must_open)
        if counter.opened.sum() > plan.sum():
            counter.set(plan)
        state.clock.tell(float(counter.opened.sum()), None)
    return np.flatnonzero(counter.opened)


def _fill(counter: CoverageCounter, noise: Floats) -> None:
    while True:
        site = best_site(counter.gains * noise[:, None], ~counter.opened)
        if site is None:
            return
        counter.open(site)


def _prune(counter: CoverageCounter, must_open: Mask) -> None:
    for site in np.flatnonzero(counter.opened & ~must_open):
        if counter.is_needless(int(site)):
            counter.shut(int(site))
