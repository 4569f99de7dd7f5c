"""Whom centres serve under a rule: reach before short journeys where goals count reach."""

import numpy as np

from nhcplanner import Problem
from nhcplanner.models.capacity.assignment import AssignmentRule
from nhcplanner.models.capacity.rule import allocation_of


def test_reach_comes_before_short_journeys_where_goals_count_people_in_reach():
    # one centre has room for one area: A1 there and A2 at 15 minutes is 29 minutes in all, within
    # 20 for both; A2 there and A1 at 21 is 26 minutes, but leaves A1 beyond reach
    problem = Problem.from_minutes(
        [[14, 21], [5, 15]], people=[10, 10], reach=20, count=2, capacity=[10, 10]
    )
    opened = np.array([0, 1])
    nearest = allocation_of(problem, AssignmentRule(everyone=True), opened)
    within = allocation_of(problem, AssignmentRule(everyone=True, reach_first=True), opened)
    assert dict(zip(nearest.rows.tolist(), nearest.sites.tolist(), strict=True)) == {0: 1, 1: 0}
    assert dict(zip(within.rows.tolist(), within.sites.tolist(), strict=True)) == {0: 0, 1: 1}
