"""The goal of centres as far apart as possible (p-dispersion), in a straight line.

References
----------
Kuby MJ (1987), Programming models for facility dispersion: the p-dispersion and maxisum dispersion
problems, Geographical Analysis 19(4).
Gonzalez TF (1985), Clustering to minimize the maximum intercluster distance, Theoretical Computer
Science 38: the farthest-first order, and the bound of twice its distance.
Sayyady F, Fathi Y (2016), An integer programming approach for solving the p-dispersion problem,
European Journal of Operational Research 253(1): a packing for each level of distance.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from nhcplanner.base.arrays import Floats, Positions
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.plan import Sense
from nhcplanner.domain.problem import Problem
from nhcplanner.models.goal_types import AnyGoal, LevelGoal, NamedGoal, allowed_sites
from nhcplanner.models.program import Program
from nhcplanner.models.rules import open_exactly

DECIMALS = 1  # of a metre: coordinates are published so, and distances follow them
MOST_PAIRS = 3_000_000  # pairs of sites whose distances are levels; beyond, levels are metres
MOST_EDGES = 200_000  # pairs that are too near, beyond which they are not merged into cliques
ROUNDING = 1e-12  # of a distance
STARTS = 20  # first sites of quick searches
EXCHANGES = 200  # exchanges of a quick search


@dataclass(frozen=True)
class SpreadGoal(LevelGoal):
    """Most metres between the nearest two centres, in a straight line (p-dispersion).

    Two sites that must both open are left out, because no plan can part them. Each step of the
    bisection decides whether a plan has no two centres nearer than a level (Sayyady and Fathi
    2016).
    """

    name: str = "distance between the nearest two centres"
    unit: str = "metres"
    sense: Sense = "most"

    def score(self, problem: Problem, opened: Positions) -> float:
        """Return metres between the nearest two centres; 0 if fewer than two are open."""
        if len(opened) < 2:
            return 0.0
        points, required = _points(problem), np.isin(opened, problem.keep)
        if required.all():
            required = np.zeros(len(opened), dtype=bool)
        return _least_distance(points[opened], required)

    def within(self, program: Program, level: float) -> None:
        """Require that no two centres are nearer than some metres."""
        pairs, far = site_pairs(program.problem, level)
        for sites in cliques(pairs[far < level]):
            program.at_most([(program.opens[j], 1.0) for j in sites], 1.0)

    def limit(self, problem: Problem) -> float:
        """Return metres that no plan exceeds: twice those of the farthest-first order.

        Of n centres, two are nearest to the same of the first n - 1 sites of that order, and no
        site is farther from these than the next site of the order (Gonzalez 1985). Of sites that
        must open only one counts, because pairs of them do not.
        """
        required = len(problem.keep)
        number = max(2, required + 1) if problem.count is None else problem.count
        number -= max(required - 1, 0)
        if number < 2:
            return self.score(problem, np.array(problem.keep, dtype=np.intp))
        order, radius = farthest_first(_points(problem), allowed_sites(problem), number)
        return 0.0 if len(order) < number else 2.0 * radius * (1 + ROUNDING)

    def levels(self, problem: Problem) -> Floats:
        """Return the distances of pairs of sites up to the limit, the widest first."""
        limit = self.limit(problem)
        points = _points(problem)[allowed_sites(problem)]
        tree = scipy.spatial.cKDTree(points)
        if (tree.count_neighbors(tree, limit) - len(points)) / 2 > MOST_PAIRS:
            return np.arange(np.ceil(limit), -1.0, -1.0)
        _, far = site_pairs(problem, np.nextafter(limit, np.inf))
        return np.union1d(far, [0.0, limit])[::-1]


def farthest_first(
    points: Floats, sites: Positions, number: int, first: Positions | None = None
) -> tuple[Positions, float]:
    """Return sites, each the farthest from those before it, and the last distance.

    Parameters
    ----------
    points
        Metres (shape site x 2).
    sites
        Sites that may be used.
    number
        Sites to return; fewer if there are not enough.
    first
        Sites to begin with; the first of `sites` by default.

    Examples
    --------
    >>> line = np.array([[0.0, 0.0], [10.0, 0.0], [4.0, 0.0]])
    >>> farthest_first(line, np.arange(3), 3)
    (array([0, 1, 2]), 4.0)
    """
    chosen = list(sites[:1] if first is None else first)[:number]
    if not chosen:
        return np.array([], dtype=np.intp), 0.0
    others = points[sites]
    near = np.full(len(sites), np.inf)
    for site in chosen:
        near = np.minimum(near, np.hypot(*(others - points[site]).T))
    near[np.isin(sites, chosen)] = -1.0
    radius = 0.0
    while len(chosen) < number and near.max(initial=-1.0) >= 0:
        place = int(np.argmax(near))
        radius = float(near[place])
        chosen.append(sites[place])
        near = np.minimum(near, np.hypot(*(others - points[sites[place]]).T))
        near[place] = -1.0
    return np.array(chosen, dtype=np.intp), radius


def spread_plans(problem: Problem) -> Iterator[Positions]:
    """Yield plans of `count` sites that are far apart: farthest first, then exchanges."""
    points, sites = _points(problem), allowed_sites(problem)
    number = max(2, len(problem.keep)) if problem.count is None else problem.count
    required = np.array(problem.keep, dtype=np.intp)
    steps = np.linspace(0, len(sites) - 1, min(STARTS, len(sites))).astype(np.intp)
    starts = [required] if len(required) else [sites[[n]] for n in np.unique(steps)]
    for first in starts:
        opened, _ = farthest_first(points, sites, number, first)
        if len(opened) == number:
            yield np.sort(_exchanged(points, sites, opened, np.isin(opened, required)))


def _exchanged(
    points: Floats, sites: Positions, opened: Positions, required: npt.NDArray[np.bool_]
) -> Positions:
    """Return a plan in which no other site in place of one of the nearest two is farther."""
    opened = opened.copy()
    for _ in range(EXCHANGES):
        far = _distances(points[opened], required)
        least = float(far.min(initial=np.inf))
        if not np.isfinite(least):
            return opened
        best, exchange = least, (-1, -1)
        for place in np.unique(np.argwhere(far == least)).tolist():
            if required[place]:
                continue
            rest = np.delete(opened, place)
            others = np.setdiff1d(sites, opened)
            if not len(others):
                continue
            near = np.asarray(scipy.spatial.cKDTree(points[rest]).query(points[others])[0])
            left = float(_distances(points[rest], np.delete(required, place)).min(initial=np.inf))
            into = int(np.argmax(near))
            value = min(float(near[into]), left)
            if value > best:
                best, exchange = value, (place, int(others[into]))
        if exchange[0] < 0:
            return opened
        opened[exchange[0]] = exchange[1]
    return opened


def cliques(pairs: Positions) -> Iterator[list[int]]:
    """Yield sets of sites of which each two are a pair, so that every pair is in a set.

    A row "at most one of the set opens" is stronger than rows of its pairs.

    Examples
    --------
    >>> list(cliques(np.array([[0, 1], [0, 2], [1, 2], [2, 3]])))
    [[0, 1, 2], [2, 3]]
    """
    if len(pairs) > MOST_EDGES:
        yield from pairs.tolist()
        return
    near: dict[int, set[int]] = {}
    for i, j in pairs.tolist():
        near.setdefault(i, set()).add(j)
        near.setdefault(j, set()).add(i)
    done: set[tuple[int, int]] = set()
    for i, j in pairs.tolist():
        if (i, j) in done:
            continue
        clique, others = [i, j], near[i] & near[j]
        while others:
            site = min(others)
            clique.append(site)
            others &= near[site]
        clique.sort()
        done.update((a, b) for n, a in enumerate(clique) for b in clique[n + 1 :])
        yield clique


def _points(problem: Problem) -> Floats:
    if problem.site_xy is None:
        raise ValueError("a distance between centres needs site_xy")
    return np.round(problem.site_xy, DECIMALS)


def site_pairs(problem: Problem, metres: float) -> tuple[Positions, Floats]:
    """Return pairs of allowed sites up to some metres apart, and the metres.

    Pairs of sites that must both open are left out, unless no other site may open.
    """
    points, sites = _points(problem), allowed_sites(problem)
    near = scipy.spatial.cKDTree(points[sites]).query_pairs(metres, output_type="ndarray")
    pairs = np.sort(sites[near.astype(np.intp)].reshape(-1, 2), axis=1)
    if problem.count is None or problem.count > len(problem.keep):
        pairs = pairs[~np.isin(pairs, problem.keep).all(axis=1)]
    pairs = pairs[np.lexsort(pairs.T[::-1])]
    far: Floats = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    return pairs, far


def _distances(points: Floats, required: npt.NDArray[np.bool_]) -> Floats:
    """Return metres between each two points; infinite for a point and itself, and both required."""
    far: Floats = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    np.fill_diagonal(far, np.inf)
    far[np.ix_(required, required)] = np.inf
    return far


def _least_distance(points: Floats, required: npt.NDArray[np.bool_]) -> float:
    return float(_distances(points, required).min())


def _widest_spread(problem: Problem, _: str) -> tuple[AnyGoal, ...]:
    if problem.count is None or problem.count < 2:
        raise InputError([Fault("goals: widest_spread needs a count of 2 or more", "scenario")])
    if problem.site_xy is None:
        raise InputError([Fault("goals: widest_spread needs site_xy", "scenario")])
    return (SpreadGoal(),)


WIDEST_SPREAD = NamedGoal(
    "widest_spread",
    "Centres as far apart as possible",
    _widest_spread,
    "Metres between the nearest two centres",
    rules=lambda _: (open_exactly(),),
    literature="p-dispersion: Kuby 1987",
)
