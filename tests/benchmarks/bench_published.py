"""Published instances measured: the p-medians of Beasley (1985), and those with capacities."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import floyd_warshall

from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve
from tests.benchmarks.bench_siting import told
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row, lacking

# Lorena and Senne (2004), each place served by one centre.
SINGLE_SOURCE = {"SJC1": 17288.99, "SJC2": 33270.94, "SJC3a": 45335.16}
SECONDS = 120


def rows(asked: Asked) -> Iterator[Row]:
    """Measure each instance, and say how far its published best value is."""
    if asked.instances is None or asked.short:
        why = "no instances" if asked.instances is None else "a short run"
        yield lacking("pmed1 to pmed20, SJC1 to SJC3a", why)
        return
    folder = asked.instances / "instances"
    best = dict(line.split()[:2] for line in (folder / "pmed/pmedopt.txt").open() if line.strip())
    for name, optimum in best.items():
        file = folder / "pmed" / f"{name}.txt"
        if not file.exists():
            continue
        row = asked.measure(f"p-median {name}", "bench_published:pmed", file=file)
        yield against(row, float(optimum))
    for name, value in SINGLE_SOURCE.items():
        file = folder / "capacitated_pmedian" / f"{name}.dat"
        job = f"p-median with capacities {name}"
        yield against(asked.measure(job, "bench_published:sjc", file=file), value)


def against(row: Row, best: float) -> Row:
    """Hold a value against the published one."""
    if row.value is None:
        return row
    more = 100 * (row.value / best - 1)
    said = "published best met" if abs(more) < 1e-4 else f"{more:+.3f} % of the published best"
    return replace(row, note=f"{row.note}; {said}")


def pmed(file: str) -> dict:
    """A p-median on a graph: any node may be a centre."""
    words = Path(file).read_text("ascii").split()
    nodes, count = int(words[0]), int(words[2])
    cost = np.full((nodes, nodes), np.inf)
    for i, j, length in np.array(words[3:], dtype=float).reshape(-1, 3):
        cost[int(i) - 1, int(j) - 1] = cost[int(j) - 1, int(i) - 1] = length
    np.fill_diagonal(cost, 0)
    return _solved(Problem.from_minutes(floyd_warshall(cost), count=count), "p_median")


def sjc(file: str) -> dict:
    """Lorena and Senne's, where each place counts once, however many people it has."""
    count, *numbers = map(float, Path(file).read_text("ascii").split()[1:])
    x, y, room, people = np.reshape(numbers, (-1, 4)).T
    minutes = np.hypot(x[:, None] - x, y[:, None] - y) / people[:, None]
    problem = Problem.from_minutes(minutes, people=people, capacity=room, count=int(count))
    return _solved(problem, "p_median_within_capacity")


def _solved(problem: Problem, model: str) -> dict:
    spent, plan = measured(lambda: solve(problem, model, time_limit=SECONDS))
    return {**spent, **told(plan)}
