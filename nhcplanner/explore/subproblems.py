"""The solves of one exploration: their shared time, and problems and models slightly varied."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from nhcplanner.base.arrays import Positions
from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models import Model, Report, catalogue, solve
from nhcplanner.models.rule_types import Rule
from nhcplanner.models.search.start import SearchState

Progress = Callable[[Report], bool | None]

LEAST_SECONDS = 0.05


class Work:
    """An exploration under way.

    Parameters
    ----------
    seconds
        Time for all its solves together.
    progress
        Called with the progress of each solve, the part of the exploration before the goal's name;
        returning False ends the solve with its best plan so far, and the exploration.

    Attributes
    ----------
    stopped
        Whether the caller stopped the exploration.
    """

    def __init__(self, seconds: float, progress: Progress | None = None) -> None:
        self._start = time.monotonic()
        self._limit = seconds
        self._progress = progress
        self.stopped = False

    @property
    def seconds(self) -> float:
        """Since the start."""
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        """Seconds left; 0 where time is up or the caller stopped."""
        return 0.0 if self.stopped else max(self._limit - self.seconds, 0.0)

    @property
    def over(self) -> bool:
        """Whether no more may be solved."""
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
            What this part is, in words.
        parts
            Parts left, this one counted: it may use so large a share of the time left.
        """
        seconds = max(self.left / parts, LEAST_SECONDS)
        progress = None if self._progress is None else self._of_part(self._progress, part)
        return solve(problem, model, time_limit=seconds, gap=gap, progress=progress)

    def _of_part(self, progress: Progress, part: str) -> Progress:
        def report_part(report: Report) -> bool:
            goal = f"{part}: {report.goal}"
            go_on = progress(replace(report, goal=goal, seconds=self.seconds)) is not False
            self.stopped = self.stopped or not go_on
            return go_on

        return report_part


def row(model: Model | str) -> Model:
    """Return the model itself, or the one of that name in the catalogue.

    Raises
    ------
    InputError
        For a name that the catalogue does not have.
    """
    if isinstance(model, Model):
        return model
    if model not in catalogue:
        known = ", ".join(catalogue)
        raise InputError([f"no model is called {model!r}; the catalogue has {known}"])
    return catalogue[model]


def with_rules(model: Model, *rules: Rule) -> Model:
    """Return a model with more rules."""
    return replace(model, rules=(*model.rules, *rules))


def quick(model: Model) -> Model:
    """Return a model that does not look for the reason where no plan keeps the rules."""
    return replace(model, names_clashes=False)


def without(problem: Problem, site: int) -> Problem:
    """Return the problem without one site, even if it is open today."""
    keep = tuple(j for j in problem.keep if j != site)
    return replace(problem, keep=keep, forbid=tuple(sorted({*problem.forbid, site})))


def among(problem: Problem, sites: tuple[int, ...]) -> Problem:
    """Return the problem in which only some sites may open."""
    others = set(range(problem.sites)) - set(sites)
    return replace(problem, forbid=tuple(sorted({*problem.forbid, *others})))


def unlike(opened: tuple[int, ...], number: int) -> Rule:
    """Return the rule that a plan leaves out at least so many of some sites."""
    most = len(opened) - number
    return Rule(
        lambda _: f"at most {most} of {len(opened)} given sites may open",
        lambda program: program.at_most([(program.opens[j], 1.0) for j in opened], most),
        lambda _, chosen: len(set(opened) & set(chosen.tolist())) <= most,
    )


def warm(model: Model, opened: tuple[int, ...]) -> Model:
    """Return a model whose search starts from a known plan or its own, whichever is better.

    A large program is searched from the plan itself. The plan need not keep the model's rules;
    then it only shows where to search.
    """
    known, own = np.array(opened, dtype=np.intp), model.start

    def start(problem: Problem, state: SearchState) -> Positions | None:
        plans = [known]
        if own is not None:
            near = replace(state, opened=known) if state.opened is None and state.rounds else state
            found = own(problem, near)
            plans += [] if found is None else [found]
        fit = [p for p in plans if all(rule.kept(problem, p) for rule in model.rules)]
        return max(fit, key=lambda plan: rank(problem, model, plan), default=None)

    return replace(model, start=start)


def rank(problem: Problem, model: Model, opened: Positions) -> list[float]:
    """Return the values of a plan, the first goal first; more is better."""
    goals = model.goals(problem)
    scores = [(goal.sense, goal.score(problem, opened)) for goal in goals]
    return [score if sense == "most" else -score for sense, score in scores]
