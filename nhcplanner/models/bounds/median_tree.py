"""Branch and bound for the least total travel (p-median), with a Lagrangian bound at each node.

The constraint that each row is served once is relaxed with prices, as in `lagrangian`. A node
starts from the prices of its parent, shuts or opens the sites that its bound decides, and branches
on the site that its relaxed plans open most often. It needs numba.

References
----------
Beasley JE (1985), A note on solving large p-median problems, European Journal of Operational
Research 21(2): the tree, and fixing sites by their reduced costs.
Camerini PM, Fratta L, Maffioli F (1975), On improving relaxation methods by modified gradient
techniques, Mathematical Programming Study 3: directions that remember earlier rounds.
Barahona F, Anbil R (2000), The volume algorithm, Mathematical Programming 87(3): how often relaxed
plans open a site, as an approximate solution of the relaxation.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import Floats, IntArray, Mask, Positions
from nhcplanner.base.compiled import compile_function
from nhcplanner.models.search.medians import State
from nhcplanner.models.search.near_sites import NearSites, with_columns

FREE, OPEN, SHUT = 0, 1, -1
RECENT = 0.1  # weight of the last round in how often relaxed plans open a site
SAFE = 1e-9  # share of the sum of prices, larger than the bound's rounding error


class Prices(NamedTuple):
    """A subgradient search for prices, and what it needs from round to round.

    Parameters
    ----------
    now, best
        Prices of this round, and those of the highest bound.
    scale
        Length of each row's steps.
    direction
        Direction of the last step.
    costs
        Reduced cost of each site at the best prices (0 or less).
    often
        How often each site was open in recent relaxed plans, 0 to 1.
    control
        Highest bound, length of the next step, and rounds since the bound rose.
    """

    now: Floats
    best: Floats
    scale: Floats
    direction: Floats
    costs: Floats
    often: Floats
    control: Floats

    @classmethod
    def start(cls, prices: Floats, scale: Floats, sites: int) -> Prices:
        """Return a search that starts from some prices."""
        none, control = np.zeros(sites), np.array([-np.inf, 1.0, 0.0])
        direction = np.zeros(len(prices))
        return cls(prices.copy(), prices.copy(), scale, direction, none, none.copy(), control)


class Aim(NamedTuple):
    """What a search for prices aims at.

    Parameters
    ----------
    more
        Number of sites that open, those fixed included.
    best
        Person-minutes of the best plan.
    enough
        Person-minutes that a better plan does not exceed: a higher bound need not be improved.
    """

    more: int
    best: float
    enough: float


class Steps(NamedTuple):
    """Rounds of a search for prices, and the lengths of its steps.

    Parameters
    ----------
    rounds
        Largest number of rounds.
    shrink, patience
        Share of the step that is left after `patience` rounds without a better bound.
    least
        Shortest step.
    memory
        Share of the last direction that is kept.
    """

    rounds: int
    shrink: float
    patience: int
    least: float
    memory: float


@compile_function
def _reduced_costs(table: NearSites, prices: Floats, costs: Floats) -> None:
    """Set the reduced cost of each site: what rows would pay for it above their travel."""
    costs[:] = 0.0
    for row in range(len(prices)):
        price = prices[row]
        for entry in range(table.starts[row], table.starts[row + 1]):
            saved = table.travel[entry] - price
            if saved >= 0:
                break
            costs[table.sites[entry]] += saved


@compile_function
def _choose(fixed: IntArray, more: int, costs: Floats, is_chosen: Mask) -> tuple[IntArray, int]:
    """Flag the sites of the relaxed plan; return the free sites in order, and how many open."""
    is_chosen[:] = fixed == OPEN
    free = np.flatnonzero(fixed == FREE)
    order = free[np.argsort(costs[free])]
    left = min(more - is_chosen.sum(), len(free))
    is_chosen[order[:left]] = True
    return order, left


@compile_function
def _fix(fixed: IntArray, costs: Floats, order: IntArray, left: int, room: float) -> None:
    """Open or shut each free site without which, or with which, the bound rises by over `room`."""
    if not 0 < left < len(order):
        return
    last, after = costs[order[left - 1]], costs[order[left]]
    for site in order[:left]:
        if after - costs[site] > room:
            fixed[site] = OPEN
    for site in order[left:]:
        if costs[site] - last > room:
            fixed[site] = SHUT


@compile_function
def _turn(table: NearSites, prices: Prices, is_chosen: Mask, memory: float) -> float:
    """Turn the direction towards rows that no chosen site serves; return its scaled length."""
    length = 0.0
    for row in range(len(prices.now)):
        served = 0.0
        for entry in range(table.starts[row], table.starts[row + 1]):
            if table.travel[entry] >= prices.now[row]:
                break
            served += is_chosen[table.sites[entry]]
        prices.direction[row] = 1.0 - served + memory * prices.direction[row]
        length += prices.scale[row] * prices.direction[row] ** 2
    return length


@compile_function
def improve_prices(
    table: NearSites, fixed: IntArray, prices: Prices, aim: Aim, steps: Steps
) -> bool:
    """Improve prices by subgradient steps, and fix the sites that the bound decides.

    Parameters
    ----------
    table
        Entries of each row.
    fixed
        1 for each site that is open, -1 shut, 0 free; changed in place.
    prices
        The search, changed in place.
    aim, steps
        What to aim at, and how.

    Returns
    -------
    bool
        Whether the search is over: steps are too short, or the bound is high enough.
    """
    highest, pace, since = prices.control
    costs, is_chosen = np.zeros(len(fixed)), np.zeros(len(fixed), np.bool_)
    for _ in range(steps.rounds):
        _reduced_costs(table, prices.now, costs)
        order, left = _choose(fixed, aim.more, costs, is_chosen)
        total = prices.now.sum()
        bound = total - SAFE * total + costs[is_chosen].sum()
        since += 1
        if bound > highest:
            since, highest = 0, bound
            prices.best[:], prices.costs[:] = prices.now, costs
            _fix(fixed, costs, order, left, aim.enough - bound)
        prices.often[:] += RECENT * (is_chosen - prices.often)
        length = 0.0
        if since < steps.patience:
            length = _turn(table, prices, is_chosen, steps.memory)
        else:
            since, pace = 0, pace * steps.shrink
            prices.now[:], prices.direction[:] = prices.best, 0.0
        if bound > aim.enough or pace < steps.least or (since and length <= 0):
            pace = 0.0
            break
        if length > 0:
            step = pace * (aim.best - bound) / length
            prices.now[:] += step * prices.scale * prices.direction
            prices.now[:] = np.minimum(np.maximum(prices.now, 0.0), table.limit)
    prices.control[0], prices.control[1], prices.control[2] = highest, pace, since
    return bool(pace == 0)


@compile_function
def nearest_travel(table: NearSites, is_open: Mask) -> float:
    """Return the person-minutes of all rows to the nearest open site."""
    total = 0.0
    for row in range(len(table.starts) - 1):
        travel = table.limit[row]
        for entry in range(table.starts[row], table.starts[row + 1]):
            if is_open[table.sites[entry]]:
                travel = table.travel[entry]
                break
        total += travel
    return total


@compile_function
def _without(table: NearSites, shut: Mask) -> tuple[IntArray, IntArray, Floats]:
    """Return starts, sites and travel of the entries whose sites are not shut."""
    starts = np.zeros_like(table.starts)
    is_left = np.empty(len(table.sites), np.bool_)
    for row in range(len(starts) - 1):
        starts[row + 1] = starts[row]
        for entry in range(table.starts[row], table.starts[row + 1]):
            is_left[entry] = not shut[table.sites[entry]]
            starts[row + 1] += is_left[entry]
    return starts, table.sites[is_left], table.travel[is_left]


ROUNDS_A_CALL = 20
ROOT_STEPS = Steps(ROUNDS_A_CALL, 0.7, 15, 0.001, 0.85)
NODE_STEPS = Steps(ROUNDS_A_CALL, 0.6, 8, 0.02, 0.8)
ROOT_ROUNDS = 600
NODE_ROUNDS = 100
SURE = 0.999  # a site that all relaxed plans open tells little, so it is branched on later
FEWER = 0.8  # share of the entries below which those of shut sites are removed


class Node(NamedTuple):
    """A node to explore: a bound of its plans, its sites that are fixed, and prices."""

    bound: float
    fixed: IntArray
    prices: Floats


@dataclass(eq=False)
class MedianTree:
    """Search tree over the sites of a p-median.

    Parameters
    ----------
    table
        Sites of each row, nearest first.
    more
        Number of sites that open.
    fixed
        1 for each site that must open, -1 for each that must not, 0 for others.
    plan
        Flags of the sites of the best plan known.
    value
        Its person-minutes.
    score
        Returns the person-minutes of sites that are open, from all minutes.
    step
        Least amount by which a better plan must be better.
    is_over
        Whether time is up; also told of every better plan and bound.

    Attributes
    ----------
    nodes
        Nodes to explore; none left if the plan is proved.
    explored
        Number of nodes explored.
    """

    table: NearSites
    more: int
    fixed: IntArray
    plan: Mask
    value: float
    score: Callable[[Positions], float]
    step: float
    is_over: Callable[[], bool]

    def __post_init__(self) -> None:
        self.nodes: list[Node] = []
        self.explored = 0
        self._of_leaves = self._of_node = np.inf  # bounds of leaves, and of the node in work
        self.scale = np.ones(len(self.table.limit))

    @property
    def enough(self) -> float:
        """Person-minutes that no better plan exceeds."""
        return self.value - self.step + min(self.step / 2, ROOM * abs(self.value))

    @property
    def bound(self) -> float:
        """Least person-minutes of any plan."""
        lowest = min((node.bound for node in self.nodes), default=np.inf)
        return min(lowest, self._of_leaves, self._of_node, self.enough)

    def bound_root(self, state: State) -> None:
        """Bound all plans, and fix the sites that the bound decides.

        Parameters
        ----------
        state
            State of the best plan, from which the first prices are taken.
        """
        first, second = (self._travel(entries) for entries in (state.first, state.second))
        self.scale = np.maximum(second, LEAST_SCALE * second.max(initial=0.0))
        self.nodes = [Node(-np.inf, self.fixed, (first + second) / 2)]
        self._branch(self.nodes.pop(), ROOT_ROUNDS, ROOT_STEPS)
        if self.nodes:
            parts = _without(self.table, self.nodes[-1].fixed == SHUT)
            if len(parts[1]) < FEWER * len(self.table.sites):
                self.table = with_columns(*parts, self.table.limit, len(self.fixed))

    def explore(self, number: int) -> None:
        """Explore a number of nodes, the newest first, unless the plan is proved or time is up."""
        end = self.explored + number
        while self.nodes and self.explored < end and not self.is_over():
            node = self.nodes.pop()
            if node.bound <= self.enough:
                self._branch(node, NODE_ROUNDS, NODE_STEPS)

    def _branch(self, node: Node, rounds: int, steps: Steps) -> None:
        """Bound a node; add its two children unless its plans are no better."""
        self.explored += 1
        self._of_node = node.bound
        self._bound_node(node, rounds, steps)
        self._of_node = np.inf

    def _bound_node(self, node: Node, rounds: int, steps: Steps) -> None:
        fixed = node.fixed.copy()
        if (fixed == OPEN).sum() > self.more or (fixed >= 0).sum() < self.more:
            return
        prices = Prices.start(node.prices, self.scale, len(fixed))
        aim = Aim(self.more, self.value, self.enough)
        for _ in range(0, rounds, ROUNDS_A_CALL):
            if improve_prices(self.table, fixed, prices, aim, steps) or self.is_over():
                break
            self._of_node = max(self._of_node, float(prices.control[0]))
        bound = max(float(prices.control[0]), node.bound)
        is_open, free = fixed == OPEN, np.flatnonzero(fixed == FREE)
        left = self.more - int(is_open.sum())
        if bound > self.enough or left < 0 or len(free) < left:
            return
        is_open[free[np.argsort(prices.costs[free], kind="stable")[:left]]] = True
        self.take(is_open)
        if not left or len(free) == left:
            self._of_leaves = min(self._of_leaves, max(bound, self._least(is_open)))
            return
        weight = np.where(prices.often[free] > SURE, 0.5, prices.often[free])
        site = free[int(np.argmax(weight))]
        for side in (SHUT, OPEN):
            child = fixed.copy()
            child[site] = side
            self.nodes.append(Node(bound, child, prices.best))

    def take(self, is_open: Mask) -> None:
        """Accept a plan that is better."""
        if self._least(is_open) < self.value - self.step / 2:
            value = self.score(np.flatnonzero(is_open))
            if value < self.value - self.step / 2:
                self.plan, self.value = is_open, value

    def _least(self, is_open: Mask) -> float:
        """Return person-minutes of a plan, at least: a row may go to a site without an entry."""
        return float(nearest_travel(self.table, is_open))

    def _travel(self, entries: IntArray) -> Floats:
        """Return person-minutes along entries; to the farthest site for rows that have none."""
        last = np.maximum(self.table.starts[1:] - 1, self.table.starts[:-1])
        return self.table.travel[np.minimum(entries, last)].astype(np.float64)


LEAST_SCALE = 1e-9
ROOM = 4e-9  # share of the value, more than the rounding of a bound to a whole number
