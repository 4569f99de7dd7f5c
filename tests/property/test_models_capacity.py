"""Centres with room for so many: agrees with trying every set of sites and every way to send."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.capacity.assignment import AssignmentRule
from nhcplanner.models.catalogue import within_capacity


def small(seed: int) -> tuple[Problem, AssignmentRule]:
    rng = np.random.default_rng(seed)
    areas, sites = int(rng.integers(1, 6)), int(rng.integers(1, 4))
    there = rng.random((areas, sites)) < 0.8
    service = AssignmentRule(
        everyone=bool(rng.random() < 0.5),
        least=float(rng.choice([0, 0, 20])),
        most=float(rng.integers(30, 120)) if rng.random() < 0.5 else None,
        price=float(rng.choice([0.25, 0.5, 3, 10])) if rng.random() < 0.3 else None,
    )
    problem = Problem.from_minutes(
        np.where(there, rng.integers(0, 40, (areas, sites)), np.inf),
        people=rng.integers(0, 50, areas),
        reach=float(rng.integers(10, 40)),
        count=int(rng.integers(1, sites + 1)),
        capacity=np.where(rng.random(sites) < 0.3, np.nan, rng.integers(10, 120, sites)),
        keep=np.flatnonzero(rng.random(sites) < 0.1),
    )
    return problem, service


def best_value(problem: Problem, service: AssignmentRule) -> float | None:
    """The best of every way to send each row to one open site or to none."""
    dense = np.full((problem.areas, problem.sites), np.inf)
    table = problem.minutes.tocoo()
    dense[table.row, table.col] = table.data
    found = []
    for number in range(problem.count + 1):
        for chosen in combinations(range(problem.sites), number):
            if not set(problem.keep) <= set(chosen):
                continue
            for sent in product((-1, *chosen), repeat=problem.areas):
                value = worth(problem, service, dense, (chosen, np.array(sent)))
                if value is not None:
                    found.append(value)
    return (min(found) if service.everyone else max(found)) if found else None


def worth(problem, service, dense, plan) -> float | None:
    """What people sent so count for; None where that breaks a limit."""
    chosen, sent = plan
    rows = np.flatnonzero((sent >= 0) & (problem.people > 0))
    far = dense[rows, sent[rows]]
    if (far > (1e9 if service.everyone else problem.reach)).any():
        return None
    if service.everyone and len(rows) < (problem.people > 0).sum():
        return None
    load = np.bincount(sent[rows], problem.people[rows], problem.sites)
    room = np.fmin(problem.capacity, np.inf if service.most is None else service.most)
    beyond = np.maximum(load - np.where(np.isnan(room), np.inf, room), 0).sum()
    if (beyond and service.price is None) or (load[list(chosen)] < service.least).any():
        return None
    more = beyond * (service.price or 0.0)
    return float(problem.people[rows] @ far + more if service.everyone else load.sum() - more)


@pytest.mark.parametrize("block", range(3))
def test_agrees_with_trying_every_way(block):
    answers = []
    for seed in range(block * 60, block * 60 + 60):
        problem, service = small(seed)
        best = best_value(problem, service)
        plan = solve(problem, within_capacity("sent", "", service))
        answers.append(best is not None)
        if best is None:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert plan.stages[0].value == best, seed
        dense = problem.minutes.toarray()
        assert worth(problem, service, dense, (plan.opened, plan.assignment)) == best, seed
    assert 0.1 < np.mean(answers) < 1


def split_value(problem: Problem, service: AssignmentRule) -> float | None:
    """The best of every set of sites, person by person: each takes one place at one site."""
    dense = np.full((problem.areas, problem.sites), np.inf)
    table = problem.minutes.tocoo()
    dense[table.row, table.col] = table.data
    person = dense[np.repeat(np.arange(problem.areas), problem.people.astype(int))]
    found = [
        person_by_person(problem, service, person, list(chosen))
        for number in range(1, problem.count + 1)
        for chosen in combinations(range(problem.sites), number)
        if set(problem.keep) <= set(chosen)
    ]
    found = [value for value in found if np.isfinite(value)]
    return (min(found) if service.everyone else max(found)) if found else None


def person_by_person(problem, service, person, chosen) -> float:
    room = np.fmin(problem.capacity, np.inf if service.most is None else service.most)[chosen]
    room = np.where(np.isnan(room), len(person), np.minimum(room, len(person))).astype(int)
    place = np.repeat(chosen, room)
    cost = (
        person[:, place]
        if service.everyone
        else np.where(person[:, place] <= problem.reach, -1.0, 0)
    )
    if service.price is not None:
        beyond = np.repeat(chosen, len(person))
        far = person[:, beyond]
        worth = far if service.everyone else np.where(far <= problem.reach, -1.0, np.inf)
        cost = np.hstack([cost, worth + service.price])
    if not service.everyone:
        cost = np.hstack([cost, np.zeros((len(person), len(person)))])
    cost = np.where(np.isfinite(cost), cost, 1e6)
    if cost.shape[1] < len(person):
        return np.inf
    least = cost[linear_sum_assignment(cost)].sum()
    return (least if least < 1e6 else np.inf) if service.everyone else -least


@pytest.mark.parametrize("block", range(3))
def test_rows_split_agree_with_sending_person_by_person(block):
    answers = []
    for seed in range(block * 40, block * 40 + 40):
        problem, drawn = small(seed)
        service = replace(drawn, split=True, least=0.0)
        problem = replace(problem, people=np.floor(problem.people / 3), keep=problem.keep)
        problem = replace(problem, capacity=np.floor(problem.capacity / 3))
        best = split_value(problem, service)
        plan = solve(problem, within_capacity("split", "", service))
        answers.append(best is not None)
        if best is None:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert plan.stages[0].value == pytest.approx(best, rel=1e-5, abs=1e-5), seed
        assert plan.stages[0].bound == pytest.approx(best, rel=1e-5, abs=1e-5), seed
    assert 0.1 < np.mean(answers) < 1


def test_people_beyond_room_count_their_price():
    problem = Problem.from_minutes([[5, 30], [5, 9]], people=[60, 50], capacity=[60, 60], count=1)
    forbidden = solve(problem, "p_median_within_capacity")
    priced = within_capacity("priced", "", AssignmentRule(everyone=True, price=7.0))
    assert forbidden.status == "infeasible"
    assert solve(problem, priced).stages[0].value == 110 * 5 + 50 * 7


def test_a_row_may_be_split_where_that_is_asked_for():
    problem = Problem.from_minutes([[5, 5]], people=[100], capacity=[60, 30])
    whole = solve(problem, "max_coverage_within_capacity")
    split = solve(problem, within_capacity("split", "", AssignmentRule(split=True)))
    assert (whole.stages[0].value, split.stages[0].value) == (0, 90)


def test_the_catalogue_sends_no_more_than_there_is_room_for():
    problem = Problem.from_minutes([[5, 30], [5, 9]], people=[60, 50], capacity=[60, 60])
    assert solve(problem, "max_coverage_within_capacity").assignment.tolist() == [0, 1]
    assert solve(problem, "p_median_within_capacity").stages[0].value == 60 * 5 + 50 * 9
    assert "capacity" in catalogue["p_median_within_capacity"].words
