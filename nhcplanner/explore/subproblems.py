"""The solves of one exploration: their time limit, and variants of problems and models."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.base.arrays import Floats, Mask, Positions
from nhcplanner.base.errors import InputError
from nhcplanner.domain.journeys import trips
from nhcplanner.domain.plan import Allocation, Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.models import Model, Report, catalogue, solve
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.coverage import SearchState

Progress = Callable[[Report], bool | None]

LEAST_SECONDS = 0.05


class Work:
    """Time limit and progress of an exploration.

    Parameters
    ----------
    seconds
        Time for all solves together.
    progress
        Called with the progress of each solve, with the part of the exploration before the goal's
        name. Returning False ends the solve with its best plan so far, and the exploration.

    Attributes
    ----------
    is_stopped
        Whether the caller stopped the exploration.
    """

    def __init__(self, seconds: float, progress: Progress | None = None) -> None:
        self._start = time.monotonic()
        self._limit = seconds
        self._progress = progress
        self.is_stopped = False

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left; 0 if time is up or the caller has stopped."""
        return 0.0 if self.is_stopped else max(self._limit - self.seconds, 0.0)

    @property
    def over(self) -> bool:
        """Whether the exploration must end."""
        return self.left == 0

    def solve(
        self, problem: Problem, model: Model, part: str, parts: float = 1, gap: float = 0.0
    ) -> Plan:
        """Solve one part of the exploration.

        Parameters
        ----------
        problem, model, gap
            As in `solve`.
        part
            Name of this part, for progress.
        parts
            Number of parts left, including this one; it may use this fraction of the time left.
        """
        seconds = max(self.left / parts, LEAST_SECONDS)
        progress = None if self._progress is None else self._of_part(self._progress, part)
        return solve(problem, model, time_limit=seconds, gap=gap, progress=progress)

    def _of_part(self, progress: Progress, part: str) -> Progress:
        def report_part(report: Report) -> bool:
            goal = f"{part}: {report.goal}"
            go_on = progress(replace(report, goal=goal, seconds=self.seconds)) is not False
            self.is_stopped = self.is_stopped or not go_on
            return go_on

        return report_part


def get_model(model: Model | str) -> Model:
    """Return the model itself, or the one of that name in the catalogue.

    Raises
    ------
    InputError
        For a name that the catalogue does not have.
    """
    if isinstance(model, Model):
        return model
    if model not in catalogue:
        names = ", ".join(catalogue)
        raise InputError([f"no model is called {model!r}; the catalogue has {names}"])
    return catalogue[model]


def with_rules(model: Model, *rules: Rule) -> Model:
    """Return a model with more rules."""
    return replace(model, rules=(*model.rules, *rules))


def without_reason(model: Model) -> Model:
    """Return a model that does not search for the reason if no plan keeps the rules."""
    return replace(model, names_clashes=False)


def without(problem: Problem, site: int) -> Problem:
    """Return the problem without one site, even if it is open today."""
    keep = tuple(j for j in problem.keep if j != site)
    return replace(problem, keep=keep, forbid=tuple(sorted({*problem.forbid, site})))


def restrict_to(problem: Problem, sites: tuple[int, ...]) -> Problem:
    """Return the problem in which only some sites may open."""
    others = set(range(problem.sites)) - set(sites)
    return replace(problem, forbid=tuple(sorted({*problem.forbid, *others})))


def differ_from(opened: tuple[int, ...], number: int) -> Rule:
    """Return the rule that a plan leaves out at least `number` of some sites."""
    most = len(opened) - number
    return Rule(
        lambda _: f"at most {most} of {len(opened)} given sites may open",
        lambda program: program.at_most([(program.opens[j], 1.0) for j in opened], most),
        lambda _, positions: len(set(opened) & set(positions.tolist())) <= most,
    )


def with_start(model: Model, opened: tuple[int, ...]) -> Model:
    """Return a model whose search starts from a known plan or its own plan, the better of both.

    For a large program the model's own search starts from the known plan. If that plan breaks the
    model's rules, it only guides the search.
    """
    first_plan, own = np.array(opened, dtype=np.intp), model.start

    def start(problem: Problem, state: SearchState) -> Positions | None:
        plans = [first_plan]
        if own is not None:
            near = (
                replace(state, opened=first_plan)
                if state.opened is None and state.rounds
                else state
            )
            plan_of_search = own(problem, near)
            plans += [] if plan_of_search is None else [plan_of_search]
        fit = [p for p in plans if all(rule.is_kept(problem, p) for rule in model.rules)]
        return max(fit, key=lambda plan: rank(problem, model, plan), default=None)

    return replace(model, start=start)


def rank(problem: Problem, model: Model, opened: Positions) -> list[float]:
    """Return the values of a plan, the first goal first; more is better."""
    goals = model.goals(problem)
    scores = [(goal.sense, goal.score(problem, opened)) for goal in goals]
    return [score if sense == "most" else -score for sense, score in scores]


def flag_reached_rows(problem: Problem, opened: npt.ArrayLike) -> Mask:
    """Flag each row within reach of an opened site that is not forbidden."""
    sites = np.zeros(problem.sites)
    sites[np.asarray(opened, dtype=np.intp)] = 1
    rows: Mask = problem.covers @ sites > 0
    return rows


def people_by_band(problem: Problem, rows: Mask) -> dict[int, float]:
    """Return the people of some rows (flags) by band; band 0 is for rows in no band."""
    return {
        int(band): float(problem.people[rows & (problem.bands == band)].sum())
        for band in np.unique(problem.bands)
    }


def reached_people(
    problem: Problem, opened: npt.ArrayLike, allocation: Allocation | None = None
) -> Floats:
    """Return the people of each row within reach of the centre that they go to (shape rows).

    Parameters
    ----------
    problem
        People, minutes and reach; forbidden sites serve nobody.
    opened
        Positions of the open sites.
    allocation
        Whom each centre serves; None = everyone goes to the nearest.
    """
    if allocation is None:
        return np.where(flag_reached_rows(problem, opened), problem.people, 0.0)
    allowed = np.setdiff1d(np.asarray(opened, dtype=np.int64), problem.forbid)
    found = trips(problem.minutes, problem.people, allowed, allocation)
    return found.sums(found.minutes <= np.float32(problem.reach), problem.areas)


def reached_by_band(
    problem: Problem, opened: npt.ArrayLike, allocation: Allocation | None = None
) -> dict[int, float]:
    """Return the people within reach of the centre that they go to, by band; 0 = in no band.

    Parameters
    ----------
    problem, opened, allocation
        As in `reached_people`.
    """
    people = reached_people(problem, opened, allocation)
    return {
        int(band): float(people[problem.bands == band].sum()) for band in np.unique(problem.bands)
    }


def find_only_centres(problem: Problem, opened: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the only opened site that reaches each row; -1 if none or several do."""
    sites = np.asarray(opened, dtype=np.int64)
    covers = sparse.csr_array(problem.covers[:, sites])
    once = np.diff(covers.indptr) == 1
    only = np.full(problem.areas, -1, dtype=np.int64)
    only[once] = sites[covers.indices[covers.indptr[:-1][once]]]
    return only


@dataclass(frozen=True)
class Price:
    """Loss of a plan on one goal, against a plan with fewer rules.

    Parameters
    ----------
    here
        The goal in the plan.
    free
        The same goal in the plan with fewer rules.

    Notes
    -----
    `lost` compares the two plans. `least` and `most` are proved limits for the best plans of the
    two kinds; for a later goal, among plans that keep the earlier goals as each of the two does.
    """

    here: Stage
    free: Stage

    @property
    def goal(self) -> str:
        """The goal's name."""
        return self.here.goal

    @property
    def lost(self) -> float | None:
        """Loss of the plan; below 0 if it is better, None if unknown."""
        return self._worse(self.here.value, self.free.value)

    @property
    def least(self) -> float | None:
        """Least loss of the best plan of this kind against the best free plan."""
        return self._worse(self.here.bound, self.free.value)

    @property
    def most(self) -> float | None:
        """Largest loss of the best plan of this kind against the best free plan."""
        return self._worse(self.here.value, self.free.bound)

    def _worse(self, here: float | None, free: float | None) -> float | None:
        if here is None or free is None:
            return None
        return free - here if self.free.sense == "most" else here - free


def prices(here: Plan, free: Plan) -> tuple[Price, ...]:
    """Return the loss of a plan on each goal, against a plan with fewer rules.

    The result is empty if the two plans do not have the same goals.
    """
    if [stage.goal for stage in here.stages] != [stage.goal for stage in free.stages]:
        return ()
    return tuple(Price(a, b) for a, b in zip(here.stages, free.stages, strict=True))
