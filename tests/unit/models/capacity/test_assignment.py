"""The best assignment of people to given centres."""

import numpy as np

from nhcplanner import Problem
from nhcplanner.models.capacity.assignment import AssignmentRule, can_send, send

ROWS = (
    {"site": 0, "name": "S", "capacity": 10, "cost": 1},
    {"site": 0, "name": "L", "capacity": 20, "cost": 4},
    {"site": 1, "name": "S", "capacity": 10, "cost": 1},
    {"site": 1, "name": "L", "capacity": 20, "cost": 4},
)


def problem_of(budget):
    return Problem.from_minutes(
        [[1, 5], [1, 5], [1, 9]], people=[10, 10, 10], budget=budget, sizes=ROWS
    )


def test_sizes_within_the_budget_decide_who_goes_where():
    service = AssignmentRule(everyone=True, sized=True)
    # 5 pounds buy room for 30: two rows go to the nearer centre, which is large
    way = send(problem_of(5), service, (0, 1))
    assert way.load(problem_of(5)).tolist() == [20, 10]
    assert float(way.shares @ (10 * way.arcs.minutes)) == 10 * (1 + 1 + 5)
    # 4 pounds buy room for 20
    assert send(problem_of(4), service, (0, 1)) is None
    assert not can_send(problem_of(4), service, (0, 1))
    assert can_send(problem_of(5), service, (0, 1))


def test_least_cost_comes_before_travel_if_a_goal_counts_it():
    rows = [dict(row, cost=9 if row["site"] == 0 else 1) for row in ROWS]
    problem = Problem.from_minutes([[1, 5]], people=[15], sizes=rows)
    nearest = send(problem, AssignmentRule(everyone=True, sized=True), (0, 1))
    assert np.flatnonzero(nearest.load(problem)).tolist() == [0]
    dear = [{**row, "cost": 9.0 if row["name"] == "L" and row["site"] == 0 else 1} for row in ROWS]
    problem = Problem.from_minutes([[1, 5]], people=[15], sizes=dear)
    cheap = send(problem, AssignmentRule(everyone=True, sized=True, by_cost=True), (0, 1))
    assert np.flatnonzero(cheap.load(problem)).tolist() == [1]
