"""What putting the worst-off first costs everyone else."""

from __future__ import annotations

from dataclasses import dataclass

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.explore.compose import row, warm
from nhcplanner.explore.people import people_by_band, reached
from nhcplanner.explore.work import Progress, Work


@dataclass(frozen=True, eq=False)
class PriceOfPriority:
    """A plan against the one that reaches most people, whoever they are.

    Parameters
    ----------
    plan_people, most_people
        People within reach under the plan, and under the one without priority.
    most_bound
        No plan under the same limits reaches more.
    by_band
        Band -> (people reached by the plan, people reached without priority); 0 is for people
        in no band.
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
        """People fewer in reach because of priority: so many at least."""
        return self.most_people - self.plan_people

    @property
    def at_most(self) -> float:
        """And so many at most; the same where the plan without priority is proved best."""
        return self.most_bound - self.plan_people


def price_of_priority(
    problem: Problem, plan: Plan, time_limit: float = 60.0, progress: Progress | None = None
) -> PriceOfPriority | None:
    """Compare a plan with the one that covers most people under the same limits.

    Parameters
    ----------
    problem
        What the plan was made for.
    plan
        A plan that opens centres.
    time_limit
        Seconds for the comparison.
    progress
        As in `solve`.

    Returns
    -------
    PriceOfPriority or None
        None where there is no plan to compare with.
    """
    if not plan.stages:
        return None
    model = warm(row("max_coverage"), plan.opened)
    without = Work(time_limit, progress).solve(problem, model, "without priority")
    if not without.stages or without.stages[0].bound is None:
        return None
    here, there = reached(problem, plan.opened), reached(problem, without.opened)
    fewer, more = people_by_band(problem, here), people_by_band(problem, there)
    return PriceOfPriority(
        plan_people=sum(fewer.values()),
        most_people=sum(more.values()),
        most_bound=without.stages[0].bound,
        by_band={band: (fewer[band], more[band]) for band in fewer},
        without=without,
    )
