"""The Lagrangian bound on total travel, and the sites and arcs that it rules out.

The rows "each row of people is served once" are relaxed with prices, which subgradient steps
improve. Sites and arcs whose reduced cost exceeds the gap are fixed.

References
----------
Cornuejols G, Fisher ML, Nemhauser GL (1977), Location of bank accounts to optimize float,
Management Science 23(8): the relaxation.
Held M, Wolfe P, Crowder HP (1974), Validation of subgradient optimization, Mathematical
Programming 6: the steps.
Beasley JE (1985), A note on solving large p-median problems, European Journal of Operational
Research 21(2): fixing sites by their reduced costs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import open_mask, within
from nhcplanner.models.program import Arcs
from nhcplanner.models.search.p_median import nearest_part, number_of_nearest

NEAREST = 80  # sites considered for each row; prices stay below the next one, so none is missed
PAIRS = 300_000  # pairs of row and site considered: fewer, so that there is time for more rounds
ROUNDS = 600
PATIENCE = 20  # rounds without a better bound before steps are halved
LEAST_PACE = 1e-3
UNKNOWN = 0.05  # share by which the best is assumed to exceed the bound where none is known
SAFE = 1e-9  # share of a bound that its rounding stays below


@dataclass(frozen=True, eq=False)
class Core:
    """What the bound proves about every better plan.

    Parameters
    ----------
    bound
        Least person-minutes of any plan.
    shut, opened
        Flag of each site that no plan as good as the best known opens, and that each opens.
    arcs
        Pairs of a row and a site that such a plan may use.
    """

    bound: float
    shut: Mask
    opened: Mask
    arcs: Arcs


class LagrangianBound:
    """Lagrangian bound on total travel, for a price of each row.

    For any prices v, travel >= sum(v) + the least sums over sites of min(0, travel - v), over
    kept sites and as many more as may open.

    Parameters
    ----------
    problem
        With people and minutes; sites of `forbid` are left out.
    nearest
        Sites considered for each row, more where rows are few.
    """

    def __init__(self, problem: Problem, nearest: int = NEAREST) -> None:
        self.problem = problem
        some = problem.people > 0
        nearest = number_of_nearest(nearest, int(some.sum()), PAIRS)
        table = nearest_part(sparse.csr_array(within(problem)[some]), nearest + 1)
        self.people = problem.people[some]
        counts = np.diff(table.indptr)
        row = np.repeat(np.arange(len(counts)), counts)
        rank = np.arange(len(row)) - np.repeat(table.indptr[:-1], counts)
        travel = table.data * self.people[row]
        self.most = np.full(len(counts), np.inf)
        self.most[row[rank == nearest]] = travel[rank == nearest]
        looked = rank < nearest
        self.row, self.travel = row[looked], travel[looked]
        self.site = table.indices[looked].astype(np.intp)
        self.kept = open_mask(problem, problem.keep)
        shut = open_mask(problem, problem.forbid)
        self.free = np.flatnonzero(~self.kept & ~shut)
        more = problem.sites if problem.count is None else problem.count
        self.more = min(len(self.free), max(0, more - len(problem.keep)))

    def reduced(self, prices: Floats) -> Floats:
        """Return what opening each site adds to the sum of prices (0 or less)."""
        worth = np.minimum(self.travel - prices[self.row], 0.0)
        return np.bincount(self.site, worth, self.problem.sites).astype(np.float64)

    def served(self, prices: Floats, chosen: Positions) -> Floats:
        """Return how many of the chosen sites would serve each row at these prices."""
        serving = open_mask(self.problem, chosen)[self.site]
        serving &= self.travel < prices[self.row]
        return np.bincount(self.row[serving], minlength=len(prices)).astype(np.float64)

    def fees(self, prices: Floats) -> Floats:  # noqa: ARG002  (overridden where capacity has a price)
        """Return the price in minutes of a place at each site."""
        return np.zeros(self.problem.sites)

    def choice(self, reduced: Floats) -> Positions:
        """Return the sites that together add least, kept ones first."""
        order = self.free[np.argsort(reduced[self.free], kind="stable")[: self.more]]
        return np.concatenate([np.flatnonzero(self.kept), order[reduced[order] < 0]])

    def bound(self, prices: Floats) -> float:
        """Return the least person-minutes of any plan, less an allowance for rounding."""
        reduced = self.reduced(prices)
        total = float(prices.sum() + reduced[self.choice(reduced)].sum())
        return total - SAFE * float(prices.sum())

    def improve_prices(
        self, best: float, clock: Clock, end: float, start: Floats | None = None
    ) -> Floats:
        """Return good prices, by subgradient steps towards the best known travel.

        Parameters
        ----------
        best
            Person-minutes of the best plan; infinite where there is none.
        clock, end
            Stop when the clock shows so many seconds.
        start
            Prices to begin with; each row's travel to its second nearest site by default.
        """
        prices = np.minimum(self.most, self._second() if start is None else start)
        found: Floats = prices
        highest, pace, since = -np.inf, 1.5, 0
        for _ in range(ROUNDS):
            reduced = self.reduced(prices)
            chosen = self.choice(reduced)
            bound = float(prices.sum() + reduced[chosen].sum())
            since += 1
            if bound > highest:
                found, highest, since = prices, bound, 0
            if since == PATIENCE:
                pace, since, prices = pace / 1.7, 0, found
                continue
            lacking = 1.0 - self.served(prices, chosen)
            length = float(lacking @ lacking)
            if not length or pace < LEAST_PACE or clock.seconds > end or not clock.left:
                break
            clock.tell(best if np.isfinite(best) else None, highest)
            aim = best if np.isfinite(best) else bound + UNKNOWN * abs(bound)
            prices = np.minimum(self.most, prices + pace * (aim - bound) / length * lacking)
        return found

    def core(self, prices: Floats, best: float) -> Core:
        """Return what prices prove about plans whose travel is no more than the best known."""
        bound, reduced = self.bound(prices), self.reduced(prices)
        chosen = open_mask(self.problem, self.choice(reduced))
        ranked = np.minimum(np.sort(reduced[self.free]), 0.0)
        last = ranked[self.more - 1] if self.more else -np.inf
        after = ranked[self.more] if self.more < len(ranked) else 0.0
        room = best * (1 + SAFE) - bound
        free = open_mask(self.problem, self.free)
        added = np.where(free & ~chosen, np.maximum(reduced - last, 0.0), 0.0)
        shut = open_mask(self.problem, self.problem.forbid) | (free & (added > room))
        opened = self.kept | (free & chosen & (after - reduced > room))
        price = np.zeros(self.problem.areas)
        price[self.problem.people > 0] = prices
        table = self.problem.minutes
        row = np.repeat(np.arange(self.problem.areas), np.diff(table.indptr))
        net = table.data + self.fees(prices)[table.indices]
        more = np.maximum(self.problem.people[row] * net - price[row], 0.0)
        usable = (more + added[table.indices] <= room) & ~shut[table.indices]
        usable &= (self.problem.people[row] > 0) & (self.kept | free)[table.indices]
        sites, minutes = table.indices[usable].astype(np.intp), table.data[usable]
        return Core(bound, shut, opened, Arcs(row[usable], sites, minutes.astype(np.float64)))

    def _second(self) -> Floats:
        """Travel from each row to its second nearest site, or the nearest."""
        ends = np.searchsorted(self.row, np.arange(len(self.people) + 1))
        second = np.minimum(ends[:-1] + 1, np.maximum(ends[1:] - 1, ends[:-1]))
        travel: Floats = self.travel[second]
        return travel
