"""What putting the worst-off first costs everyone else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve


@dataclass(frozen=True, eq=False)
class PriceOfPriority:
    """A plan against the one that reaches most people, whoever they are.

    Parameters
    ----------
    plan_people, most_people
        People within reach under the plan, and under the one without priority.
    most_bound
        No plan under the same rules reaches more.
    by_band
        Band -> (people reached by the plan, people reached without priority).
    without
        The plan without priority.
    """

    plan_people: float
    most_people: float
    most_bound: float
    by_band: dict[int, tuple[float, float]]
    without: Plan

    @property
    def people(self) -> float:
        """People fewer in reach because of priority; negative where the search found none."""
        return self.most_people - self.plan_people


def price_of_priority(
    problem: Problem, plan: Plan, time_limit: float = 60.0
) -> PriceOfPriority | None:
    """Compare a plan with the one that covers most people under the same rules.

    Parameters
    ----------
    problem
        What the plan was made for.
    plan
        A plan that opens centres.
    time_limit
        Seconds for the comparison.

    Returns
    -------
    PriceOfPriority or None
        None where there is no plan to compare with.
    """
    without = solve(problem, catalogue["max_coverage"], time_limit=time_limit)
    if not (plan.stages and without.stages) or without.stages[0].bound is None:
        return None
    here, there = _covered(problem, plan), _covered(problem, without)
    return PriceOfPriority(
        plan_people=float(problem.people[here].sum()),
        most_people=float(problem.people[there].sum()),
        most_bound=without.stages[0].bound,
        by_band={
            int(band): (
                float(problem.people[here & (problem.bands == band)].sum()),
                float(problem.people[there & (problem.bands == band)].sum()),
            )
            for band in np.unique(problem.bands)
        },
        without=without,
    )


def _covered(problem: Problem, plan: Plan) -> np.ndarray:
    opened = np.zeros(problem.sites)
    opened[list(plan.opened)] = 1
    covered: np.ndarray = problem.covers @ opened > 0
    return covered
