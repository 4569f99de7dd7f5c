"""Sizes chosen with sites, against every combination of sites, sizes and assignments."""

from itertools import chain, combinations, product

import numpy as np
import pytest

from nhcplanner import Problem, Scenario
from nhcplanner.models import build_model, solve
from nhcplanner.models.capacity.sizes import cost_of, sizes_of

SMALL, LARGE = {"capacity": 40.0, "cost": 5.0}, {"capacity": 90.0, "cost": 9.0, "least_people": 50}
SIZES = ({"name": "small", **SMALL}, {"name": "large", **LARGE})


def random_problem(seed, **limits):
    random = np.random.default_rng(seed)
    minutes = random.integers(1, 40, (5, 4)).astype(float)
    people = random.integers(5, 35, 5).astype(float)
    offered = [{"site": site, **size} for site in range(3) for size in SIZES]
    return Problem.from_minutes(
        minutes, people=people, capacity=[60] * 4, cost=[7.0] * 4, sizes=offered, **limits
    )


def every_plan(problem):
    """Yield pounds and assignment of every choice of sites and sizes within the limits."""
    own = ({"name": "", "capacity": 60.0, "cost": 7.0},)
    options = dict.fromkeys(range(3), SIZES) | {3: own}
    most = problem.sites if problem.count is None else problem.count
    for opened in chain(*(combinations(range(4), number) for number in range(most + 1))):
        if not set(problem.keep) <= set(opened):
            continue
        for chosen in product(*(options[j] for j in opened)):
            pounds = sum(size["cost"] for size in chosen)
            if problem.budget is None or pounds <= problem.budget:
                for sent in product([None, *opened], repeat=problem.areas):
                    if fits(problem, sent, dict(zip(opened, chosen, strict=True))):
                        yield pounds, sent


def fits(problem, sent, chosen):
    load = dict.fromkeys(chosen, 0.0)
    for row, site in enumerate(sent):
        if site is not None:
            load[site] += problem.people[row]
    return all(
        size.get("least_people", 0) <= load[j] <= size["capacity"] for j, size in chosen.items()
    )


def value_of(problem, sent, *, everyone):
    minutes = problem.minutes.toarray()
    if everyone:
        if None in sent:
            return np.inf
        return sum(problem.people[i] * minutes[i, j] for i, j in enumerate(sent))
    near = [i for i, j in enumerate(sent) if j is not None]
    if any(minutes[i, sent[i]] > problem.reach for i in near):
        return np.inf
    return -sum(problem.people[i] for i in near)


SCENARIO = Scenario(sizes=({"name": "any"},))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("limits", [{"budget": 17.0}, {"count": 2}, {"budget": 16, "keep": [1]}])
@pytest.mark.parametrize("name", ["p_median_within_capacity", "max_coverage_within_capacity"])
def test_the_plan_is_the_best_of_every_combination_of_sites_sizes_and_people(name, limits, seed):
    problem = random_problem(seed, **limits)
    everyone = name.startswith("p_median")
    values = [value_of(problem, sent, everyone=everyone) for _, sent in every_plan(problem)]
    best = min(values, default=np.inf)
    plan = solve(*build_model(problem, SCENARIO.with_settings([f"model={name}"])))
    if not np.isfinite(best):
        assert plan.status == "infeasible"
        return
    assert plan.status == "optimal"
    assert plan.stages[0].value == pytest.approx(abs(best))


@pytest.mark.parametrize("seed", range(3))
def test_the_least_cost_is_that_of_the_cheapest_sizes_with_room_for_everyone(seed):
    problem = random_problem(seed)
    scenario = SCENARIO.with_settings(["model=p_median", "goals=least_cost"])
    pounds = [cost for cost, sent in every_plan(problem) if None not in sent]
    plan = solve(*build_model(problem, scenario))
    assert plan.status == "optimal"
    assert plan.stages[0].value == min(pounds)


def test_the_size_of_a_centre_is_the_cheapest_that_suits_its_people():
    problem = random_problem(0)
    opened = np.array([0, 1, 3])
    chosen = sizes_of(problem, np.array([38.0, 75, 0, 50]), opened)
    assert [problem.sizes.name[entry] for entry in chosen[:2]] == ["small", "large"]
    assert chosen[2:].tolist() == [-1, -1]
    assert cost_of(problem, chosen, opened) == 5 + 9 + 7
    # 45 people are too many for the small size and too few for the large one
    assert sizes_of(problem, np.array([45.0, 0, 0, 0]), np.array([0])) is None


def test_a_larger_size_never_serves_fewer_people():
    problem = random_problem(1, budget=14.0)
    served = []
    for room in (40, 60, 90):
        rows = [{"site": j, "name": "one", "capacity": room, "cost": 5} for j in range(3)]
        one = Problem.from_minutes(
            problem.minutes.toarray(), people=problem.people, cost=[7.0] * 4,
            capacity=[60] * 4, budget=14, sizes=rows,
        )  # fmt: skip
        scenario = SCENARIO.with_settings(["model=max_coverage_within_capacity"])
        served.append(solve(*build_model(one, scenario)).stages[0].value)
    assert served == sorted(served)
