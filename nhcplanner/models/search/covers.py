"""A compiled search for the most people covered: ruin and recreate, and exchanges, annealed.

It needs numba; `coverage.most_covered` searches without it.

References
----------
Schrimpf G, Schneider J, Stamm-Wilbrandt H, Dueck G (2000), Record breaking optimization results
using the ruin and recreate principle, Journal of Computational Physics 159(2).
Kirkpatrick S, Gelatt CD, Vecchi MP (1983), Optimization by simulated annealing, Science 220(4598).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, IntArray, Mask
from nhcplanner.base.compiled import compile_function

MOST_RUINED = 8
SAMPLED = 12  # rows of a site that are looked at for open sites nearby
NOISE = 0.3  # largest share by which gains are lowered at random when a plan is recreated
HEAT = 0.01  # people that a step may lose at first, in times of the people of one centre
EXCHANGES = 3  # rounds of exchanges of the new sites
STEPS_A_CALL = 200
SEEDS = (1, 2, 3)  # searches one after another: their results differ by some tenths of a per cent


class Cover(NamedTuple):
    """Rows and sites in reach of each other, a plan, and what opening each site adds.

    Parameters
    ----------
    row_ends, row_sites
        CSR of the sites of each row.
    site_ends, site_rows
        CSR of the rows of each site.
    weights
        People of each row.
    times
        Number of open sites of each row.
    gains
        People whom opening each site adds, or whom only it covers if it is open.
    is_open, is_allowed
        Flags of the open sites, and of those that may open.
    free
        Open sites that may shut.
    """

    row_ends: IntArray
    row_sites: IntArray
    site_ends: IntArray
    site_rows: IntArray
    weights: Floats
    times: IntArray
    gains: Floats
    is_open: Mask
    is_allowed: Mask
    free: IntArray


def start_cover(
    covers: sparse.csr_array, weights: Floats, plan: Mask, keep_mask: Mask, is_allowed: Mask
) -> Cover:
    """Return the state of a plan.

    Parameters
    ----------
    covers
        CSR, row x site.
    weights
        People of each row.
    plan, keep_mask, is_allowed
        Flags of the open sites, of those that must stay open, and of those that may open.
    """
    by_site = sparse.csc_array(covers)
    sites = covers.shape[1]
    cover = Cover(
        covers.indptr.astype(np.int64), covers.indices.astype(np.int32),
        by_site.indptr.astype(np.int64), by_site.indices.astype(np.int32),
        weights, np.zeros(len(weights), dtype=np.int64), by_site.T @ weights,
        np.zeros(sites, dtype=bool), is_allowed, np.flatnonzero(plan & ~keep_mask),
    )  # fmt: skip
    for site in np.flatnonzero(plan).tolist():
        _open(cover, site)
    return cover


@compile_function
def _open(cover: Cover, site: int) -> float:
    """Open a site and return the people whom it adds."""
    added = 0.0
    cover.is_open[site] = True
    for place in range(cover.site_ends[site], cover.site_ends[site + 1]):
        row = cover.site_rows[place]
        cover.times[row] += 1
        if cover.times[row] == 1:
            weight = cover.weights[row]
            added += weight
            for other in range(cover.row_ends[row], cover.row_ends[row + 1]):
                cover.gains[cover.row_sites[other]] -= weight
    return added


@compile_function
def _shut(cover: Cover, site: int) -> float:
    """Shut a site and return the people whom only it covered."""
    lost = 0.0
    cover.is_open[site] = False
    for place in range(cover.site_ends[site], cover.site_ends[site + 1]):
        row = cover.site_rows[place]
        cover.times[row] -= 1
        if cover.times[row] == 0:
            weight = cover.weights[row]
            lost += weight
            for other in range(cover.row_ends[row], cover.row_ends[row + 1]):
                cover.gains[cover.row_sites[other]] += weight
    return lost


@compile_function
def _best_site(cover: Cover, noise: float, random: np.random.Generator) -> int:
    """Return the site that adds most people, with gains lowered at random."""
    best, most = -1, -1.0
    for site in range(len(cover.gains)):
        gain = cover.gains[site]
        if gain > most and cover.is_allowed[site] and not cover.is_open[site]:
            if noise > 0:
                gain *= 1.0 - noise * random.random()
            if gain > most:
                best, most = site, gain
    return best


@compile_function
def _places_near(cover: Cover, most: int, random: np.random.Generator) -> IntArray:
    """Return places in `free` of a random open site and of open sites that share rows with it."""
    place_of = np.full(len(cover.gains), -1, np.int64)
    place_of[cover.free] = np.arange(len(cover.free))
    near = np.empty(most, np.int64)
    near[0] = random.integers(0, len(cover.free))
    place_of[cover.free[near[0]]] = -1
    found, at = 1, 0
    while at < found < most:
        site = cover.free[near[at]]
        first, last = cover.site_ends[site], cover.site_ends[site + 1]
        for _ in range(min(last - first, SAMPLED)):
            row = cover.site_rows[random.integers(first, last)]
            for other in range(cover.row_ends[row], cover.row_ends[row + 1]):
                open_site = cover.row_sites[other]
                if place_of[open_site] >= 0 and found < most:
                    near[found] = place_of[open_site]
                    place_of[open_site] = -1
                    found += 1
        at += 1
    return near[:found]


@compile_function
def _recreate(cover: Cover, places: IntArray, random: np.random.Generator) -> float:
    """Replace the sites of some places by the best others; return the people gained."""
    change = 0.0
    for place in places:
        change -= _shut(cover, cover.free[place])
    for place in places:
        cover.free[place] = _best_site(cover, NOISE, random)
        change += _open(cover, cover.free[place])
    for _ in range(EXCHANGES):
        is_better = False
        for place in places:
            site = cover.free[place]
            change -= _shut(cover, site)
            other = _best_site(cover, 0.0, random)
            if cover.gains[other] > cover.gains[site]:
                site, is_better = other, True
            cover.free[place] = site
            change += _open(cover, site)
        if not is_better:
            break
    return change


@compile_function
def ruin_and_recreate(
    cover: Cover, steps: int, heat: float, random: np.random.Generator
) -> tuple[float, IntArray]:
    """Replace open sites around a random one, and keep the step if it gains, or by some chance.

    Parameters
    ----------
    cover
        State, changed in place.
    steps
        Number of steps.
    heat
        People that may be lost with a chance of 1/e.
    random
        Random numbers.

    Returns
    -------
    tuple
        Most people gained since the first step, and the free sites of that plan.
    """
    now, best, best_free = 0.0, 0.0, cover.free.copy()
    for _ in range(steps):
        places = _places_near(cover, int(random.integers(1, MOST_RUINED + 1)), random)
        before = cover.free[places]
        change = _recreate(cover, places, random)
        if change >= 0 or random.random() < np.exp(change / max(heat, 1e-300)):
            now += change
            if now > best:
                best = now
                best_free[:] = cover.free
            continue
        for place in places:
            _shut(cover, cover.free[place])
        for number in range(len(places)):
            cover.free[places[number]] = before[number]
            _open(cover, before[number])
    return best, best_free


def search_cover(
    start: Callable[[Mask], Cover], plan: Mask, steps: int, is_over: Callable[[float], bool]
) -> Mask:
    """Return the best plan of searches with several seeds, each from the best plan so far.

    Parameters
    ----------
    start
        Returns the state of a plan.
    plan
        Flags of the sites of the first plan.
    steps
        Steps of each search.
    is_over
        Called with the people covered; whether time is up.
    """
    for seed in SEEDS:
        cover, random = start(plan), np.random.default_rng(seed)
        if not len(cover.free):
            return plan
        fixed = plan.copy()
        fixed[cover.free] = False
        value = best = float(cover.weights[cover.times > 0].sum())
        heat = HEAT * value / len(cover.free)
        for done in range(0, steps, STEPS_A_CALL):
            if is_over(best):
                return plan
            gained, free = ruin_and_recreate(
                cover, min(STEPS_A_CALL, steps - done), heat * (1 - done / steps), random
            )
            if value + gained > best:
                best = value + gained
                plan = fixed.copy()
                plan[free] = True
            value = float(cover.weights[cover.times > 0].sum())
    return plan
