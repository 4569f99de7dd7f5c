"""Trade-off between two goals under a plan's rules, and outcomes of other plans."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner import explore, models
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models.capacity.rule import assignment_within_limits
from nhcplanner.models.rule_types import Rule
from nhcplanner.workflow.plan import assess
from nhcplanner.workflow.robustness import on_outcome_rows, problem_of

ALONE = {"model": "max_coverage", "goals": (), "slack": 0.0, "over_capacity_price": None}
"""Keys of a scenario that the two goals replace; its limits and rules stay."""


@dataclass(frozen=True)
class TradeOffProgress(models.Report):
    """Progress of a trade-off, with the points found so far.

    Parameters
    ----------
    points
        In the order in which they were found.
    """

    points: tuple[explore.Point, ...] = ()


@dataclass(frozen=True, eq=False)
class TradeOff:
    """Trade-off between two goals under the rules of a plan.

    Parameters
    ----------
    curve
        The points in order, the best on the first goal first.
    complete
        Whether there are no other points, as far as each is proved.
    reason
        Why there is no point, in words.
    left_out
        People out of reach of every site, left out because a goal must serve everyone.
    """

    curve: explore.Curve
    complete: bool
    reason: str
    left_out: float


def aims_of(outcome: Outcome) -> list[str]:
    """List the goals that may be compared; cost only if the cost of a site is known."""
    sites, banded = outcome.place.sites, bool((outcome.problem.bands > 0).any())
    costs = "cost" in sites and bool(sites["cost"].notna().any())
    unknown = {name for name, known in (("cost", costs), ("worst_off", banded)) if not known}
    return [name for name in explore.aims if name not in unknown]


def trace_trade_off(
    outcome: Outcome,
    first: str,
    second: str,
    pace: explore.Pace,
    progress: Callable[[models.Report], bool | None],
) -> TradeOff:
    """Find the trade-off between two goals under the limits and rules of a plan's scenario.

    Parameters
    ----------
    outcome
        The plan whose rules apply; the two goals replace its own.
    first, second
        Names of `explore.aims`.
    pace
        Number of points and time limit.
    progress
        Receives a `TradeOffProgress`; returning False ends it with the points so far.

    Raises
    ------
    InputError
        For goals that are unknown or need data that the place does not have.
    """
    problem, _, _ = problem_of(outcome)
    pair = [explore.aims[name] for name in (first, second)]
    rules = _rules_of(outcome, problem)
    pair = [replace(one, rules=tuple(dict.fromkeys((*one.rules, *rules)))) for one in pair]
    left_out = 0.0
    if any(one.everyone for one in pair):
        rows = _reachable(problem)
        left_out = float(problem.people.sum() - problem.people[rows].sum())
        problem = problem.rows(rows) if left_out else problem

    def report_points(report: models.Report) -> bool | None:
        return progress(TradeOffProgress(**vars(report), points=tuple(search.found)))

    search = explore.frontier(problem, *pair, pace=pace, progress=report_points)
    return TradeOff(explore.curve(search), search.complete, search.reason, left_out)


def _rules_of(outcome: Outcome, problem: Problem) -> tuple[Rule, ...]:
    """Return the rules of the plan's scenario, without those of the goals of its model.

    A model whose goals count the people whom centres have room for keeps that room as a rule.
    """
    service = models.build_model(problem, outcome.scenario)[1].service
    free = ALONE if service is None else ALONE | {"least_people": 0.0, "most_people": None}
    _, model = models.build_model(problem, outcome.scenario.model_copy(update=free))
    return model.rules if service is None else (*model.rules, assignment_within_limits(service))


def with_plan(outcome: Outcome, plan: Plan) -> Outcome:
    """Assess another plan for the same problem; nothing is measured or solved.

    Parameters
    ----------
    outcome
        The plan whose problem it is.
    plan
        The other plan. Whom its centres serve is worked out if it does not say so.
    """
    plan = on_outcome_rows(outcome, plan)
    plan = replace(plan, unreached=outcome.plan.unreached, assignment=None)
    plan = models.with_allocation(outcome.problem, outcome.scenario, plan)
    need = outcome.assessment.need
    found = assess(outcome.place, outcome.times, plan, outcome.scenario, need)
    return replace(outcome, plan=plan, assessment=found)


def _reachable(problem: Problem) -> npt.NDArray[np.intp]:
    """Return the rows within the horizon of a site that may open."""
    allowed = np.setdiff1d(np.arange(problem.sites), problem.forbid)
    return np.flatnonzero(np.diff(sparse.csr_array(problem.minutes[:, allowed]).indptr))
