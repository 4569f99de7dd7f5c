"""A plan to start from where everyone must be in reach with the fewest centres."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from nhcplanner.domain.problem import Problem
from nhcplanner.models.cover import Positions, group_rows, open_mask
from nhcplanner.models.dominance import implied
from nhcplanner.models.start import MOST_RUINED, NOISE, SEED, Hunt, best_site
from nhcplanner.models.tally import Tally


def fewest(problem: Problem, hunt: Hunt) -> Positions | None:
    """Few sites that reach everyone whom some site reaches.

    Greedy, needless sites shut again; then ruin around a site and recreate. Count and budget are
    not looked at: whoever asks checks the plan against them.
    """
    groups = group_rows(problem.covers, problem.people > 0)
    sites = sparse.csr_array(groups.sites[~implied(groups.sites)])
    tally = Tally(sites, np.ones((sites.shape[0], 1)))
    kept = open_mask(problem, problem.keep)
    random = np.random.default_rng(SEED)
    tally.set(kept if hunt.opened is None else open_mask(problem, hunt.opened))
    end = hunt.clock.seconds + hunt.seconds
    _fill(tally, np.ones(problem.sites))
    _prune(tally, kept)
    for _ in range(hunt.rounds * int((tally.opened & ~kept).sum())):
        if hunt.clock.seconds > end or not hunt.clock.left:
            break
        plan = tally.opened.copy()
        centre = int(random.choice(np.flatnonzero(plan & ~kept)))
        near = tally.sites_near(centre)
        ruined = random.permutation(near[plan[near] & ~kept[near]])
        for site in [centre, *ruined[: random.integers(1, MOST_RUINED + 1)].tolist()]:
            if tally.opened[site]:
                tally.shut(site)
        _fill(tally, 1 - NOISE * random.random(problem.sites))
        _prune(tally, kept)
        if tally.opened.sum() > plan.sum():
            tally.set(plan)
        hunt.clock.tell(float(tally.opened.sum()), None)
    return np.flatnonzero(tally.opened)


def _fill(tally: Tally, luck: np.ndarray) -> None:
    while True:
        site = best_site(tally.gains * luck[:, None], ~tally.opened)
        if site is None:
            return
        tally.open(site)


def _prune(tally: Tally, kept: np.ndarray) -> None:
    for site in np.flatnonzero(tally.opened & ~kept):
        if tally.needless(int(site)):
            tally.shut(int(site))
