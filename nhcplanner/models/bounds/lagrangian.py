"""The Lagrangian bound on total travel, and the sites and arcs that it rules out.

The constraint that each row of people is served once is relaxed with multipliers (prices), which
subgradient steps improve. Sites and arcs whose reduced cost exceeds the gap are fixed.

References
----------
Cornuejols G, Fisher ML, Nemhauser GL (1977), Location of bank accounts to optimize float,
Management Science 23(8): the relaxation.
Fisher ML (1981), The Lagrangian relaxation method for solving integer programming problems,
Management Science 27(1): the bound and the choice of steps.
Held M, Wolfe P, Crowder HP (1974), Validation of subgradient optimization, Mathematical
Programming 6: the steps.
Beasley JE (1985), A note on solving large p-median problems, European Journal of Operational
Research 21(2): fixing sites by their reduced costs.
Beasley JE (1993), Lagrangean heuristics for location problems, European Journal of Operational
Research 65(3): halving the steps, and plans from the relaxed solution.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.clock import Clock
from nhcplanner.domain.problem import Problem
from nhcplanner.models.coverage import open_mask, within
from nhcplanner.models.goal_types import PLAIN, JourneyCost
from nhcplanner.models.program import Arcs
from nhcplanner.models.search.p_median import nearest_part, number_of_nearest

NEAREST = 80  # sites considered for each row; prices stay below the next one, so none is missed
PAIRS = 300_000  # pairs of row and site considered; fewer pairs leave time for more rounds
ROUNDS = 600
PATIENCE = 20  # rounds without a better bound before steps are halved
LEAST_PACE = 1e-3
UNKNOWN = 0.05  # assumed share by which the best plan exceeds the bound, if no plan is known
SAFE = 1e-9  # share of a bound, larger than its rounding error


@dataclass(frozen=True, eq=False)
class Core:
    """Sites and arcs of every plan that is as good as the best known plan.

    Parameters
    ----------
    bound
        Least person-minutes of any plan.
    shut, opened
        Flags of the sites that no such plan opens, and of those that each such plan opens.
    arcs
        Pairs of a row and a site that such a plan may use.
    """

    bound: float
    shut: Mask
    opened: Mask
    arcs: Arcs


class LagrangianBound:
    """Lagrangian bound on total travel, for a price of each row.

    For any prices v, the travel of every plan is at least sum(v) plus the reduced costs of
    the sites that must stay open and of the cheapest others that may open. The reduced cost of a
    site is the sum over rows of min(0, travel - v).

    Parameters
    ----------
    problem
        People, minutes and limits; sites in `forbid` are left out.
    nearest
        Number of sites considered for each row; more if there are few rows.
    journeys
        Cost of a journey by its minutes. "Travel" is the cost of all journeys.
    """

    def __init__(
        self, problem: Problem, nearest: int = NEAREST, journeys: JourneyCost = PLAIN
    ) -> None:
        self.problem, self.journeys = problem, journeys
        some = problem.people > 0
        nearest = number_of_nearest(nearest, int(some.sum()), PAIRS)
        table = nearest_part(sparse.csr_array(within(problem)[some]), nearest + 1)
        self.people = problem.people[some]
        counts = np.diff(table.indptr)
        row = np.repeat(np.arange(len(counts)), counts)
        rank = np.arange(len(row)) - np.repeat(table.indptr[:-1], counts)
        travel = journeys(table.data) * self.people[row]
        self.most = np.full(len(counts), np.inf)
        self.most[row[rank == nearest]] = travel[rank == nearest]
        is_near = rank < nearest
        self.row, self.travel = row[is_near], travel[is_near]
        self.site = table.indices[is_near].astype(np.intp)
        self.keep_mask = open_mask(problem, problem.keep)
        shut = open_mask(problem, problem.forbid)
        self.free = np.flatnonzero(~self.keep_mask & ~shut)
        more = problem.sites if problem.count is None else problem.count
        self.more = min(len(self.free), max(0, more - len(problem.keep)))

    def reduced_costs(self, prices: Floats) -> Floats:
        """Return the reduced cost of opening each site (0 or less)."""
        worth = np.minimum(self.travel - prices[self.row], 0.0)
        return np.bincount(self.site, worth, self.problem.sites).astype(np.float64)

    def count_served(self, prices: Floats, sites: Positions) -> Floats:
        """Return how many of the sites would serve each row at these prices."""
        serving = open_mask(self.problem, sites)[self.site]
        serving &= self.travel < prices[self.row]
        return np.bincount(self.row[serving], minlength=len(prices)).astype(np.float64)

    def fees(self, prices: Floats) -> Floats:  # noqa: ARG002  (overridden where capacity has a price)
        """Return the price in minutes of one person's place at each site."""
        return np.zeros(self.problem.sites)

    def choice(self, reduced_costs: Floats) -> Positions:
        """Return the sites with the lowest reduced costs, after those that must stay open."""
        order = self.free[np.argsort(reduced_costs[self.free], kind="stable")[: self.more]]
        return np.concatenate([np.flatnonzero(self.keep_mask), order[reduced_costs[order] < 0]])

    def bound(self, prices: Floats) -> float:
        """Return the least person-minutes of any plan, less an allowance for rounding."""
        reduced_costs = self.reduced_costs(prices)
        total = float(prices.sum() + reduced_costs[self.choice(reduced_costs)].sum())
        return total - SAFE * float(prices.sum())

    def improve_prices(
        self, best: float, clock: Clock, end: float, start: Floats | None = None
    ) -> Floats:
        """Return good prices, by subgradient steps towards the best known travel.

        Steps follow Held, Wolfe and Crowder (1974), and become shorter after `PATIENCE` rounds
        without a better bound (Fisher 1981, Beasley 1993).

        Parameters
        ----------
        best
            Person-minutes of the best plan; infinite if there is no plan.
        clock, end
            The clock, and the seconds on it at which to stop.
        start
            First prices; by default each row's travel to its second nearest site.
        """
        prices = np.minimum(self.most, self._second() if start is None else start)
        best_prices: Floats = prices
        highest, pace, rounds_since = -np.inf, 1.5, 0
        for _ in range(ROUNDS):
            reduced_costs = self.reduced_costs(prices)
            sites = self.choice(reduced_costs)
            bound = float(prices.sum() + reduced_costs[sites].sum())
            rounds_since += 1
            if bound > highest:
                best_prices, highest, rounds_since = prices, bound, 0
            if rounds_since == PATIENCE:
                pace, rounds_since, prices = pace / 1.7, 0, best_prices
                continue
            subgradient = 1.0 - self.count_served(prices, sites)
            length = float(subgradient @ subgradient)
            if not length or pace < LEAST_PACE or clock.seconds > end or not clock.left:
                break
            clock.tell(self._value(best) if np.isfinite(best) else None, self._value(highest))
            aim = best if np.isfinite(best) else bound + UNKNOWN * abs(bound)
            prices = np.minimum(self.most, prices + pace * (aim - bound) / length * subgradient)
        return best_prices

    def core(self, prices: Floats, best: float) -> Core:
        """Return the sites and arcs of plans as good as the best (reduced-cost fixing)."""
        bound, reduced_costs = self.bound(prices), self.reduced_costs(prices)
        is_chosen = open_mask(self.problem, self.choice(reduced_costs))
        ranked = np.minimum(np.sort(reduced_costs[self.free]), 0.0)
        last = ranked[self.more - 1] if self.more else -np.inf
        after = ranked[self.more] if self.more < len(ranked) else 0.0
        room = best * (1 + SAFE) - bound
        free = open_mask(self.problem, self.free)
        added_cost = np.where(free & ~is_chosen, np.maximum(reduced_costs - last, 0.0), 0.0)
        shut = open_mask(self.problem, self.problem.forbid) | (free & (added_cost > room))
        opened = self.keep_mask | (free & is_chosen & (after - reduced_costs > room))
        price = np.zeros(self.problem.areas)
        price[self.problem.people > 0] = prices
        table = self.problem.minutes
        row = np.repeat(np.arange(self.problem.areas), np.diff(table.indptr))
        cost = self.journeys(table.data.astype(np.float64))
        net = cost + self.fees(prices)[table.indices]
        more = np.maximum(self.problem.people[row] * net - price[row], 0.0)
        usable = (more + added_cost[table.indices] <= room) & ~shut[table.indices]
        usable &= (self.problem.people[row] > 0) & (self.keep_mask | free)[table.indices]
        sites, minutes = table.indices[usable].astype(np.intp), table.data[usable]
        return Core(bound, shut, opened, Arcs(row[usable], sites, minutes.astype(np.float64)))

    def _value(self, travel: float) -> float:
        return self.journeys.value(travel, float(self.people.sum()))

    def _second(self) -> Floats:
        """Return the travel from each row to its second nearest site, or to its only site."""
        ends = np.searchsorted(self.row, np.arange(len(self.people) + 1))
        second = np.minimum(ends[:-1] + 1, np.maximum(ends[1:] - 1, ends[:-1]))
        travel: Floats = self.travel[second]
        return travel
