"""A compiled search for the least total travel (p-median): greedy, swaps, and local restarts.

It needs numba; `p_median.least_travel` searches without it.

References
----------
Resende MGC, Werneck RF (2007), A fast swap-based local search procedure for location problems,
Annals of Operations Research 150(1): losses of open sites and extra gains of pairs, kept up to
date from swap to swap.
Minoux M (1978), Accelerated greedy algorithms for maximizing submodular set functions, Lecture
Notes in Control and Information Sciences 7: gains are valued again only when they may be largest.
Schrimpf G, Schneider J, Stamm-Wilbrandt H, Dueck G (2000), Record breaking optimization results
using the ruin and recreate principle, Journal of Computational Physics 159(2).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import Floats, IntArray, Mask
from nhcplanner.base.compiled import compile_function, inlined
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import open_mask
from nhcplanner.models.search.near_sites import NearSites

SEED = 20
HEAT = 0.02  # travel that a restart may lose at first, in times of the travel to one site
MOST_MOVED = 5  # open sites that a restart moves
LEAST_SPAN = 20  # nearest sites of a row that are tried
STEPS_A_CALL = 50
ROUNDING = 1e-9


class State(NamedTuple):
    """A plan, with what each swap needs to know.

    Parameters
    ----------
    is_open
        Flag of each site.
    first, second
        Entry of each row's nearest and second nearest open site; the row's end if it has none.
    loss
        Person-minutes lost if an open site shuts.
    extra
        Working array: what a swap saves of each open site's loss.
    free, place_of
        Open sites that may shut, and the place of each of them in `free`.
    """

    is_open: Mask
    first: IntArray
    second: IntArray
    loss: Floats
    extra: Floats
    free: IntArray
    place_of: IntArray


@inlined
def _travel(table: NearSites, row: int, entry: int) -> float:
    return float(table.travel[entry] if entry < table.starts[row + 1] else table.limit[row])


@compile_function
def open_state(table: NearSites, is_open: Mask, keep_mask: Mask) -> State:
    """Return the state of a plan, some of whose sites must stay open."""
    number, sites = len(table.starts) - 1, len(is_open)
    first = np.empty(number, np.int64)
    second = np.empty(number, np.int64)
    loss = np.zeros(sites)
    for row in range(number):
        end = table.starts[row + 1]
        one, two = end, end
        for entry in range(table.starts[row], end):
            if is_open[table.sites[entry]]:
                if one == end:
                    one = entry
                else:
                    two = entry
                    break
        first[row], second[row] = one, two
        if one < end:
            loss[table.sites[one]] += _travel(table, row, two) - table.travel[one]
    free = np.flatnonzero(is_open & ~keep_mask)
    place_of = np.full(sites, -1, np.int64)
    place_of[free] = np.arange(len(free))
    return State(is_open, first, second, loss, np.zeros(sites), free, place_of)


@compile_function
def total_travel(table: NearSites, state: State) -> float:
    """Return the person-minutes of all rows."""
    total = 0.0
    for row in range(len(state.first)):
        total += _travel(table, row, state.first[row])
    return total


@compile_function
def _two_after(
    table: NearSites, state: State, row: int, entry: int, is_opening: bool
) -> tuple[int, int]:
    """Return a row's first and second open entry after the site of an entry opens or shuts."""
    one, two = state.first[row], state.second[row]
    if is_opening:
        return (entry, one) if entry < one else (one, entry)
    if entry == one:
        one = two
    for other in range(one + 1, table.starts[row + 1]):
        if state.is_open[table.sites[other]]:
            return one, other
    return one, table.starts[row + 1]


@compile_function
def _switch(table: NearSites, state: State, site: int, is_opening: bool) -> float:
    """Open or shut a site, and return the change in person-minutes."""
    change = 0.0
    state.is_open[site] = is_opening
    state.loss[site] = 0.0
    for place in range(table.ends[site], table.ends[site + 1]):
        row, entry = table.rows[place], table.entries[place]
        one, two, end = state.first[row], state.second[row], table.starts[row + 1]
        is_touched = entry < two if is_opening else entry in (one, two)
        if not is_touched:
            continue
        near = _travel(table, row, one)
        if one < end and table.sites[one] != site:
            state.loss[table.sites[one]] -= _travel(table, row, two) - near
        one, two = _two_after(table, state, row, entry, is_opening)
        state.first[row], state.second[row] = one, two
        now = _travel(table, row, one)
        if one < end:
            state.loss[table.sites[one]] += _travel(table, row, two) - now
        change += now - near
    return change


@compile_function
def _swap(table: NearSites, state: State, into: int, out: int) -> float:
    """Open a site in place of a free open site, and return the change in person-minutes."""
    change = _switch(table, state, into, True) + _switch(table, state, out, False)
    place = state.place_of[out]
    state.free[place] = into
    state.place_of[into], state.place_of[out] = place, -1
    return change


@compile_function
def _gain(table: NearSites, state: State, site: int) -> float:
    """Return what opening a site saves, and add what it saves of each loss to `extra`."""
    gain = 0.0
    for place in range(table.ends[site], table.ends[site + 1]):
        row, entry = table.rows[place], table.entries[place]
        one, two = state.first[row], state.second[row]
        if entry >= two:
            continue
        near = _travel(table, row, one)
        if entry < one:
            gain += near - table.travel[entry]
            if one < table.starts[row + 1]:
                state.extra[table.sites[one]] += _travel(table, row, two) - near
        else:
            state.extra[table.sites[one]] += _travel(table, row, two) - table.travel[entry]
    return gain


@compile_function
def greedy(table: NearSites, state: State, is_allowed: Mask, number: int) -> None:
    """Open the site that saves most, a number of times."""
    gains = np.full(len(is_allowed), -1.0)
    for site in range(len(is_allowed)):
        if is_allowed[site] and not state.is_open[site]:
            gains[site] = _gain(table, state, site)
    valued = np.zeros(len(gains), np.int64)
    opened = 0
    while opened < number:
        best = int(np.argmax(gains))
        if valued[best] == opened:
            _switch(table, state, best, True)
            gains[best] = -1.0
            opened += 1
        else:
            gains[best] = _gain(table, state, best)
            valued[best] = opened


@compile_function
def descend(table: NearSites, state: State, candidates: IntArray, least: float) -> float:
    """Swap candidates for open sites while that saves more than `least`; return the change."""
    change, since, at = 0.0, 0, 0
    while since < len(candidates):
        site = candidates[at]
        at = (at + 1) % len(candidates)
        since += 1
        if state.is_open[site]:
            continue
        state.extra[state.free] = 0.0
        gain = _gain(table, state, site)
        lowest, out = np.inf, -1
        for free in state.free:
            lost = state.loss[free] - state.extra[free]
            if lost < lowest:
                lowest, out = lost, free
        if gain - lowest > least:
            change += _swap(table, state, site, out)
            since = 0
    return change


@compile_function
def _move_near(
    table: NearSites, state: State, row: int, most: int, random: np.random.Generator
) -> tuple[float, int]:
    """Move the open sites nearest to a row to random sites near it.

    Returns
    -------
    tuple
        Change in person-minutes, and the number of nearest sites that may have changed.
    """
    first, last = table.starts[row], table.starts[row + 1]
    moved = np.empty(most, np.int64)
    found, entry = 0, first
    while entry < last and found < most:
        site = table.sites[entry]
        if state.place_of[site] >= 0:
            moved[found] = site
            found += 1
        entry += 1
    span = min(last - first, max((entry - first) * 3 // 2, LEAST_SPAN))
    shut = 0
    for other in range(first, first + span):
        shut += not state.is_open[table.sites[other]]
    if shut < found:
        return 0.0, 0
    change = 0.0
    for place in range(found):
        site = table.sites[first + random.integers(0, span)]
        while state.is_open[site]:
            site = table.sites[first + random.integers(0, span)]
        change += _swap(table, state, site, moved[place])
    return change, span if found else 0


@compile_function
def _restore(table: NearSites, state: State, before: IntArray) -> None:
    """Open and shut sites so that the free open sites are as before."""
    for site in before:
        if not state.is_open[site]:
            _switch(table, state, site, True)
    after = state.free.copy()
    state.place_of[after] = -1
    state.free[:] = before
    state.place_of[before] = np.arange(len(before))
    for site in after:
        if state.place_of[site] < 0:
            _switch(table, state, site, False)


@compile_function
def restart_locally(
    table: NearSites, state: State, steps: int, heat: float, random: np.random.Generator
) -> tuple[float, Mask]:
    """Move open sites near a random row at random, and swap nearby sites; keep what is better.

    A worse plan is kept with some chance (simulated annealing).

    Parameters
    ----------
    table, state
        Entries, and plan to change.
    steps
        Number of restarts.
    heat
        Person-minutes that may be lost with a chance of 1/e.
    random
        Random numbers.

    Returns
    -------
    tuple
        Least person-minutes, and the flag of each site in that plan.
    """
    now = total_travel(table, state)
    least = ROUNDING * now
    best, best_open = now, state.is_open.copy()
    for _ in range(steps):
        before = state.free.copy()
        row, most = int(random.integers(0, len(state.first))), random.integers(1, MOST_MOVED + 1)
        change, span = _move_near(table, state, row, int(most), random)
        first = table.starts[row]
        candidates = table.sites[first : first + span].astype(np.int64)
        random.shuffle(candidates)
        change += descend(table, state, candidates, least)
        if change <= least or random.random() < np.exp(-change / max(heat, least)):
            now += change
            if now < best - least:
                best = now
                best_open[:] = state.is_open
        else:
            _restore(table, state, before)
    return best, best_open


class MedianSearch:
    """A search for a number of sites with the least total travel.

    Parameters
    ----------
    problem
        People, minutes and limits; only `count`, `keep` and `forbid` are considered.
    table
        Its sites, nearest first.
    is_over
        Whether time is up.

    Attributes
    ----------
    value
        Person-minutes of the best plan, a row without an entry of an open site counted at `limit`.
    state
        State of the best plan.
    """

    def __init__(self, problem: Problem, table: NearSites, is_over: Callable[[], bool]) -> None:
        self.table, self.is_over = table, is_over
        self.keep_mask = open_mask(problem, problem.keep)
        self.allowed = ~open_mask(problem, problem.forbid)
        more = problem.sites if problem.count is None else problem.count
        self.more = min(more, int(self.allowed.sum()))
        self.state = self._state(self.keep_mask.copy())
        self.value = np.inf

    def start(self) -> None:
        """Open sites greedily, and swap them while that saves travel."""
        greedy(self.table, self.state, self.allowed, self.more - int(self.keep_mask.sum()))
        self.state = self._state(self.state.is_open)
        self.value = float(total_travel(self.table, self.state))
        if len(self.state.free) and not self.is_over():
            candidates = np.random.default_rng(SEED).permutation(np.flatnonzero(self.allowed))
            descend(self.table, self.state, candidates, ROUNDING * self.value)
            self.value = float(total_travel(self.table, self.state))

    def restart(self, steps: int, seed: int = SEED) -> None:
        """Restart near random rows, with less and less chance for worse plans."""
        state, random = self._state(self.state.is_open.copy()), np.random.default_rng(seed)
        heat = HEAT * self.value / max(self.more, 1)
        for done in range(0, steps if len(state.free) else 0, STEPS_A_CALL):
            if self.is_over():
                break
            number = min(STEPS_A_CALL, steps - done)
            value, is_open = restart_locally(
                self.table, state, number, heat * (1 - done / steps), random
            )
            if value < self.value * (1 - ROUNDING):
                self.value, self.state = value, self._state(is_open)

    def _state(self, is_open: Mask) -> State:
        state: State = open_state(self.table, is_open, self.keep_mask)
        return state
