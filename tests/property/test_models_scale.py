"""What people and pounds are counted in changes nothing but the figures, from 1e-12 to 1e12.

Every model and any mix of a scenario's lines is held against trying every plan of the problem in
plain units; the evaluators know the problem's arrays and nothing of the package.
"""

from dataclasses import replace
from decimal import Decimal, localcontext
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.domain.plan import Plan
from nhcplanner.domain.problem import Problem
from nhcplanner.models import GOALS, catalogue, solve
from nhcplanner.models.catalogue import model_of_goals
from nhcplanner.models.scenario_model import build_model
from nhcplanner.models.stages import travel

from .oracle import agrees
from .test_models_brute import (
    LEAST,
    MODELS,
    allowed_sets,
    best_values,
    small_problem,
    values,
)
from .test_models_scenario import World

POWERS = np.arange(-12, 13)
OF_PEOPLE = ("people", "weighted people", "person-minutes")
SIZES = 10.0 ** np.array([-9, -6, -3, 0, 3, 6, 9, 12, 15])


def times(problem: Problem, people: float, pounds: float) -> Problem:
    """The problem with people and pounds counted in other units."""

    def more(given, factor):
        return None if given is None else given * factor

    return replace(
        problem,
        people=problem.people * people,
        capacity=more(problem.capacity, people),
        cost=more(problem.cost, pounds),
        budget=more(problem.budget, pounds),
    )


def counted_back(plan: Plan, people: float, pounds: float) -> Plan:
    """The plan with its figures in plain units."""

    def back(stage):
        factor = people if stage.unit in OF_PEOPLE else pounds if stage.unit == "pounds" else 1.0
        hold_goal = None if stage.held is None else stage.held / factor
        return replace(
            stage, value=stage.value / factor, bound=stage.bound / factor, held=hold_goal
        )

    return replace(plan, stages=tuple(map(back, plan.stages)))


def in_people(goal: str, people: float) -> str:
    """The goal with its number of people a centre in another unit."""
    name, colon, number = goal.partition(":")
    return f"{name}:{float(number) * people!r}" if colon and name == "most_access" else goal


def drawn(seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed + 1_000_000)
    people, pounds = 10.0 ** rng.choice(POWERS, 2)
    return float(people), float(pounds)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("block", range(2))
def test_every_plain_model_in_any_unit_agrees_with_trying_every_set(model, block):
    for seed in range(block * 75, block * 75 + 75):
        problem, factors = small_problem(seed), drawn(seed)
        best = best_values(problem, model)
        plan = counted_back(solve(times(problem, *factors), model), *factors)
        if best is None:
            assert plan.status == "infeasible", (seed, factors)
            continue
        assert plan.status == "optimal", (seed, factors)
        near = pytest.approx(best, rel=2e-6, abs=1e-6)
        assert tuple(stage.value for stage in plan.stages) == near, (seed, factors)
        assert tuple(stage.bound for stage in plan.stages) == near, (seed, factors)
        assert values(problem, model, list(plan.opened)) == near, (seed, factors)


@pytest.mark.parametrize("block", range(3))
def test_any_scenario_in_any_unit_agrees_with_trying_every_plan(block):
    for seed in range(1000 + block * 50, 1050 + block * 50):
        world, (people, pounds) = World(seed), drawn(seed)
        people = min(people, 1e9)  # a scenario's own numbers of people end at 1e12
        scenario = world.scenario
        most = scenario.most_people
        asked = scenario.model_copy(
            update={
                "least_people": scenario.least_people * people,
                "most_people": None if most is None else most * people,
                "goals": tuple(in_people(goal, people) for goal in scenario.goals),
            }
        )
        problem, model = build_model(times(world.problem, people, pounds), asked)
        slacks = [goal.slack for goal in model.goals(problem)]
        plan = counted_back(solve(problem, model), people, pounds)
        try:
            agrees(plan, slacks, world.values(), world.plans())
        except AssertionError as wrong:
            raise AssertionError(f"seed {seed}, {people:g}, {pounds:g}") from wrong


@st.composite
def problems(draw):
    areas, sites = draw(st.integers(1, 8)), draw(st.integers(1, 6))
    minute = st.one_of(st.integers(0, 40).map(float), st.just(np.inf))
    whole = st.integers(0, 2000)
    return Problem.from_minutes(
        np.reshape(
            draw(st.lists(minute, min_size=areas * sites, max_size=areas * sites)), (areas, sites)
        ),
        people=draw(st.lists(whole, min_size=areas, max_size=areas)),
        bands=draw(st.lists(st.integers(0, 3), min_size=areas, max_size=areas)),
        reach=draw(st.integers(1, 40)),
        count=draw(st.integers(1, sites)),
        cost=draw(st.lists(st.integers(0, 9), min_size=sites, max_size=sites)),
        budget=draw(st.integers(0, 30)),
        capacity=draw(st.lists(st.integers(500, 9000), min_size=sites, max_size=sites)),
    )


@given(problems(), st.sampled_from(list(catalogue)), st.sampled_from(POWERS.tolist()),
       st.sampled_from(POWERS.tolist()))  # fmt: skip
@settings(max_examples=120, deadline=None)
def test_units_scale_values_and_bounds_and_nothing_else(problem, model, people, pounds):
    factors = 10.0**people, 10.0**pounds
    plain = solve(problem, model)
    other = counted_back(solve(times(problem, *factors), model), *factors)
    assert other.status == plain.status
    for one, two in zip(plain.stages, other.stages, strict=True):
        assert two.value == pytest.approx(one.value, rel=3e-6)
        assert two.bound == pytest.approx(one.bound, rel=3e-6)


@pytest.mark.parametrize("model", MODELS)
def test_costs_of_all_sizes_beside_one_budget(model):
    for seed in range(150):
        rng = np.random.default_rng(seed)
        plain = small_problem(seed)
        cost = rng.choice(SIZES, plain.sites) * rng.integers(0, 10, plain.sites)
        budget = float(rng.choice(SIZES) * rng.integers(0, 25))
        problem = replace(plain, cost=cost, budget=budget)
        best = best_values(problem, model)
        plan = solve(problem, model)
        if best is None:
            assert plan.status == "infeasible", seed
            continue
        assert plan.status == "optimal", seed
        assert list(plan.opened) in allowed_sets(problem), seed
        reached = tuple(stage.value for stage in plan.stages)
        assert reached == pytest.approx(best, rel=2e-6, abs=1e-6), seed


@pytest.mark.parametrize("model", MODELS)
def test_people_of_all_sizes_side_by_side(model):
    for seed in range(150):
        rng = np.random.default_rng(seed)
        plain = small_problem(seed)
        people = rng.choice(SIZES, plain.areas) * rng.integers(0, 10, plain.areas)
        problem = replace(plain, people=people)
        best = best_values(problem, model)
        plan = solve(problem, model)
        if best is None:
            assert plan.status == "infeasible", seed
            continue
        for stage, value in zip(plan.stages, best, strict=True):
            right = stage.bound <= value * (1 + 1e-9) if model in LEAST else stage.bound >= value
            assert right or stage.bound == pytest.approx(value, rel=2e-6), (seed, stage, value)
        if plan.status == "optimal":
            reached = tuple(stage.value for stage in plan.stages)
            assert reached == pytest.approx(best, rel=2e-6), seed


def test_whole_pounds_beyond_the_solvers_tolerance_are_told_apart():
    cost = [40_000_001.0, 40_000_000.0, 40_000_000.0]
    problem = Problem.from_minutes(
        [[5, np.inf, np.inf], [np.inf, 5, np.inf], [np.inf, np.inf, 5]],
        people=[100, 90, 80],
        cost=cost,
        budget=80_000_000,
    )
    plan = solve(problem, "max_coverage")
    assert (plan.opened, plan.status, plan.stages[0].value) == ((1, 2), "optimal", 170)


def test_pence_that_add_up_to_the_budget_are_within_it():
    problem = Problem.from_minutes(
        [[5, np.inf], [np.inf, 5]], people=[1, 1], cost=[0.1, 0.2], budget=0.3
    )
    assert 0.1 + 0.2 > 0.3
    assert solve(problem, "set_cover").opened == (0, 1)


def exact_ede(minutes: np.ndarray, people: np.ndarray, kappa: Decimal) -> float:
    """The equally distributed journey, to 60 digits."""
    with localcontext() as context:
        context.prec = 60
        heads = [Decimal(float(one)) for one in people]
        costs = [(kappa * Decimal(float(one))).exp() for one in minutes]
        total = sum(head * cost for head, cost in zip(heads, costs, strict=True))
        return float((total / sum(heads)).ln() / kappa)


@pytest.mark.parametrize("by_tree", [False, True])
def test_fairest_journeys_are_proved_at_any_scale_of_people_minutes_and_aversion(
    by_tree, monkeypatch
):
    monkeypatch.setattr(travel, "LEAST_PAIRS", 0 if by_tree else 10**9)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        areas, sites = rng.integers(2, 8), rng.integers(2, 6)
        minutes = rng.uniform(0, rng.choice([5, 60, 600]), (areas, sites))
        people = rng.integers(1, 50, areas) * 10.0 ** rng.integers(-3, 4, areas)
        count, epsilon = int(rng.integers(1, sites + 1)), f"{10.0 ** rng.uniform(-3, 0.7):.3g}"
        problem = Problem.from_minutes(
            minutes, people=people * 10.0 ** rng.integers(-12, 12), count=count, reach=30
        )
        row = GOALS["least_ede"]
        base = replace(
            catalogue["max_coverage"], rules=(*catalogue["max_coverage"].rules, *row.rules(""))
        )
        plan = solve(problem, model_of_goals(base, row.make(problem, epsilon), (row,)))
        dense, kappa = problem.minutes.toarray(), Decimal(float(epsilon)) / 30
        best = min(
            exact_ede(dense[:, list(chosen)].min(axis=1), problem.people, kappa)
            for chosen in combinations(range(sites), count)
        )
        assert plan.status == "optimal", seed
        assert plan.stages[0].value == pytest.approx(best, rel=2e-6), seed
        assert plan.stages[0].bound <= best * (1 + 1e-9), seed
