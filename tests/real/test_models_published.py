"""Published instances (Beasley 1985; Lorena and Senne 2004) against their best values."""

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.csgraph import floyd_warshall

from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve

SINGLE_SOURCE = {"SJC1": 17288.99, "SJC2": 33270.94, "SJC3a": 45335.16}
"""Best known travel. How near a time limit comes to it is for the benchmarks to say."""


@pytest.fixture(scope="module")
def instances(real: Path) -> Path:
    return published(real, "pmed")


def published(real: Path, name: str) -> Path:
    folder = real.parent / "instances" / name
    if not folder.is_dir():
        pytest.skip(f"no published instances at {folder}")
    return folder


def pose(folder: Path, name: str) -> Problem:
    words = (folder / f"{name}.txt").read_text().split()
    nodes, count = int(words[0]), int(words[2])
    cost = np.full((nodes, nodes), np.inf)
    for i, j, length in np.array(words[3:], dtype=float).reshape(-1, 3):
        cost[int(i) - 1, int(j) - 1] = cost[int(j) - 1, int(i) - 1] = length
    np.fill_diagonal(cost, 0)
    return Problem.from_minutes(floyd_warshall(cost), count=count)


def best(folder: Path, table: str, name: str) -> float:
    lines = (folder / table).read_text().splitlines()
    return next(float(line.split()[1]) for line in lines if line.split()[:1] == [name])


@pytest.mark.parametrize("name", ["pmed1", "pmed6"])
@pytest.mark.parametrize(
    ("model", "table"), [("p_median", "pmedopt.txt"), ("p_centre", "kcenteropt.txt")]
)
def test_proves_the_published_optimum(instances, name, model, table):
    plan = solve(pose(instances, name), model, time_limit=120)
    assert plan.status == "optimal"
    assert plan.stages[0].value == best(instances, table, name)


@pytest.mark.parametrize("name", ["pmed2", "pmed7"])
def test_set_cover_agrees_with_the_p_centre_optimum(instances, name):
    problem = pose(instances, name)
    radius = best(instances, "kcenteropt.txt", name)

    def fewest(reach: float) -> float:
        matrix = problem.minutes.toarray()
        plan = solve(Problem.from_minutes(matrix, reach=reach), "set_cover", time_limit=120)
        assert plan.stages[0].gap is not None
        return plan.stages[0].bound if reach < radius else plan.stages[0].value

    assert fewest(radius) <= problem.count < fewest(radius - 1)


@pytest.mark.parametrize("name", SINGLE_SOURCE)
def test_capacitated_p_median_keeps_room_and_bounds_the_best(real, name):
    text = (published(real, "capacitated_pmedian") / f"{name}.dat").read_text()
    count, *numbers = map(float, text.split()[1:])
    x, y, room, people = np.reshape(numbers, (-1, 4)).T
    # Published travel counts each place once, however many people it has.
    minutes = np.hypot(x[:, None] - x, y[:, None] - y) / people[:, None]
    problem = Problem.from_minutes(minutes, people=people, capacity=room, count=int(count))
    plan = solve(problem, "p_median_within_capacity", time_limit=30, gap=0.01)
    assert (np.bincount(plan.assignment, people, len(room)) <= room).all()
    best = SINGLE_SOURCE[name]
    stage = plan.stages[0]
    assert best * (1 - 1e-6) <= stage.value <= 1.1 * best
    assert stage.bound <= best * (1 + 1e-6)
