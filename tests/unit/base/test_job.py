import multiprocessing
import time

import numpy as np
import pytest

from nhcplanner.base.clock import Report
from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.base.job import WarmProcess, WorkerProcess
from nhcplanner.domain.problem import Problem
from nhcplanner.models import solve


def small() -> Problem:
    return Problem.from_minutes([[5, 30], [25, 8]], people=[100, 50], count=1)


def patient(until: int, progress) -> int:
    """Count up, a report a step, until told to stop."""
    for step in range(until):
        if progress(Report(1, 1, "counting", float(step), None, 0.0)) is False:
            return step
        time.sleep(0.01)
    return until


def broken(progress) -> None:
    raise ZeroDivisionError("by nought")


def faulty(progress) -> None:
    raise InputError(["one", "two"])


def test_a_solve_in_another_process_gives_the_same_plan():
    running = WorkerProcess(solve, small(), "max_coverage")
    plan = running.result()
    assert plan.opened == solve(small(), "max_coverage").opened
    assert running.is_done


def test_work_reports_and_stops_when_asked():
    running = WorkerProcess(patient, 100_000)
    while running.report is None:
        assert not running.is_done
        time.sleep(0.05)
    running.cancel()
    assert 0 < running.result() < 100_000


def test_a_large_solve_that_is_cancelled_gives_its_best():
    rng = np.random.default_rng(1)
    minutes = rng.uniform(0, 200, (3000, 600))
    problem = Problem.from_minutes(
        np.where(minutes <= 3, minutes, np.inf), people=rng.integers(1, 3000, 3000), count=40
    )
    running = WorkerProcess(solve, problem, "max_coverage")
    while running.report is None or running.report.best is None:
        assert not running.is_done, "too easy to be cancelled"
        time.sleep(0.05)
    running.cancel()
    plan = running.result()
    assert plan.status == "feasible"
    assert len(plan.opened) <= 40
    assert plan.stages[0].value <= plan.stages[0].bound


def test_what_the_work_raises_is_raised_here_with_every_fault():
    with pytest.raises(InputError) as caught:
        WorkerProcess(faulty).result()
    assert len(caught.value.faults) == 2


def test_an_unforeseen_failure_is_a_planner_error():
    with pytest.raises(PlannerError, match="ZeroDivisionError: by nought"):
        WorkerProcess(broken).result()


def test_work_that_is_killed_says_so():
    running = WorkerProcess(patient, 100_000)
    running.kill()
    with pytest.raises(PlannerError, match="stopped"):
        running.result()


def test_waiting_ends_in_time():
    running = WorkerProcess(patient, 100_000)
    try:
        with pytest.raises(PlannerError, match=r"not done within 0\.01 seconds"):
            running.result(0.01)
    finally:
        running.kill()


def test_a_process_that_waited_does_the_work():
    ready = WarmProcess("nhcplanner.models")
    assert WorkerProcess(solve, small(), "max_coverage", ready=ready).result().opened


def test_work_for_a_process_that_has_died_fails_in_words():
    ready = WarmProcess()
    ready.process.kill()
    ready.process.join()
    with pytest.raises(PlannerError, match=r"ended without|could not be started"):
        WorkerProcess(solve, small(), "max_coverage", ready=ready).result()


def endless(beats, progress) -> None:
    """Work on without a word, a beat of its heart at a time."""
    while True:
        with beats.open("ab") as file:
            file.write(b".")
        time.sleep(0.02)


def outer(beats) -> None:
    """A process that starts work and waits."""
    running = WorkerProcess(endless, beats)
    running.result()


def test_work_ends_with_the_process_that_started_it_even_where_that_is_killed(tmp_path):
    beats = tmp_path / "beats"
    process = multiprocessing.get_context("spawn").Process(target=outer, args=(beats,))
    process.start()
    while not beats.exists():
        assert process.is_alive()
        time.sleep(0.02)
    process.kill()
    process.join()
    for _ in range(60):
        before = beats.stat().st_size
        time.sleep(1)
        if beats.stat().st_size == before:
            return
    pytest.fail("the work goes on alone")
