"""Memory stays flat however often a process solves, plans and writes."""

import mmap
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil

from nhcplanner import Problem, Scenario, catalogue, solve, workflow
from tests.property.fuzz.kills import small_place

WARM, TURNS = 10, 50
MOST = 12e6
"""Bytes that may be added from the tenth turn to the fiftieth: caches fill, lists do not grow."""


def growth(work: Callable[[int], object]) -> int:
    """Bytes that this process takes more after many turns than after some."""
    for turn in range(WARM):
        work(turn)
    before = psutil.Process().memory_info().rss
    for turn in range(WARM, TURNS):
        work(turn)
    return psutil.Process().memory_info().rss - before


def test_fifty_solves():
    def work(turn: int) -> None:
        chance = np.random.default_rng(turn)
        minutes = chance.uniform(0, 60, (40, 12))
        problem = Problem.from_minutes(minutes, people=chance.integers(1, 900, 40), count=3)
        model = catalogue[("max_coverage", "p_median")[turn % 2]]
        assert solve(problem, model, time_limit=5).opened

    assert growth(work) < MOST


def test_fifty_workflows(tmp_path: Path):
    place = small_place("Six", 6)

    def work(turn: int) -> None:
        scenario = Scenario(count=1 + turn % 2, reach=10 + turn % 20, model="max_coverage")
        workflow.write_results(workflow.run(place, scenario), tmp_path / "out")

    assert growth(work) < MOST


def test_what_grows_is_seen():
    held = []

    def keep(_: int) -> None:
        # pages of its own: memory that earlier tests gave back would hide the growth
        held.append(mmap.mmap(-1, 1_000_000))
        held[-1].write(bytes(1_000_000))

    assert growth(keep) > MOST
