"""Shapes at the edge of size: every model's seconds and memory against its time limit."""

from collections.abc import Iterator

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from tests.benchmarks.bench_siting import told
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row

SECONDS = 10.0
SHAPES = {
    "many sites": (10, 100_000, 3),
    "many areas": (100_000, 10, 4),
    "all in reach of all": (2_000, 2_000, 20),
    "all alike": (2_000, 2_000, 20),
    "none in reach": (2_000, 2_000, 20),
    "one site": (2_000, 1, 1),
    "as many centres as sites": (2_000, 2_000, 2_000),
}
MINUTES = {"all alike": (7, 7), "none in reach": (np.inf, np.inf), "all in reach of all": (0, 20)}
SHRUNK = 50  # times fewer areas and sites in a short run


def rows(asked: Asked) -> Iterator[Row]:
    """Measure every model of the catalogue on every shape; on one of them in a short run."""
    for number, (shape, (areas, sites, count)) in enumerate(SHAPES.items()):
        # each row is a process of its own, which takes longer than a small problem
        for model in list(catalogue)[number :: len(SHAPES)] if asked.short else catalogue:
            job = f"{model}, {shape}, {areas:,} x {sites:,}, {count:,} centres, {SECONDS:g} s"
            yield asked.measure(
                job,
                "bench_size:ours",
                shape=shape,
                model=model,
                shrunk=SHRUNK if asked.short else 1,
            )


def made(shape: str, model: str, shrunk: int = 1) -> Problem:
    """A problem of one of the shapes."""
    areas, sites, count = (max(number // shrunk, 1) for number in SHAPES[shape])
    rng = np.random.default_rng(0)
    low, high = MINUTES.get(shape, (0, 40))
    shown = (areas, sites)
    minutes = np.full(shown, float(low)) if low == high else rng.uniform(low, high, shown)
    people = rng.integers(500, 2_500, areas).astype(float)
    room = np.full(sites, 1.3 * people.sum() / count)
    return Problem.from_minutes(
        minutes,
        people=people,
        bands=rng.integers(1, 6, areas),
        reach=20,
        count=None if model == "set_cover" else count,
        capacity=room if model.endswith("within_capacity") else None,
    )


def ours(shape: str, model: str, shrunk: int) -> dict:
    """Our plan, and how the time it took compares with its limit."""
    problem = made(shape, model, shrunk)
    spent, plan = measured(lambda: solve(problem, model, time_limit=SECONDS))
    row = told(plan) if plan.stages else {"note": f"{plan.status}: {plan.reason}"}
    over = spent["wall"] / SECONDS
    return {**spent, **row, "note": f"{row['note']}; {over:.2f} of its limit"}
