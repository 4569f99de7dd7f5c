import os
import time
from pathlib import Path

import pytest

from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.scale import Executor
from nhcplanner.scale.workers import TRIES, StoppedError


def squared(number: int, progress) -> int:
    return number * number


def broken(number: int, progress) -> int:
    raise ZeroDivisionError("by nought")


def faulty(number: int, progress) -> int:
    raise InputError([f"{number} is faulty"])


def dies(number: int, flag: str, progress) -> int:
    """Die as `kill -9` makes one die: at the first try where `flag` names a file, else always."""
    if number == 1 and not (flag and Path(flag).exists()):
        if flag:
            Path(flag).touch()
        os.kill(os.getpid(), 9)
    return number


def endless(number: int, progress) -> int:
    while progress(None) is not False:
        time.sleep(0.01)
    return number


def nothing(again: int) -> str:
    return f"{again} begun again"


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_is_answered_once(jobs):
    made = Executor(jobs).do(squared, ((n,) for n in range(7)), nothing)
    assert sorted(made) == [(n, n * n) for n in range(7)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_to_do_is_done_at_once(jobs):
    assert list(Executor(jobs).do(squared, [], nothing)) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_task_that_ends_in_a_fault_leaves_the_others_alone(jobs):
    made = dict(Executor(jobs).do(faulty, [(1,), (2,)], nothing))
    assert {number: str(error) for number, error in made.items()} == {
        0: "1 is faulty",
        1: "2 is faulty",
    }


def test_an_unforeseen_error_in_another_process_is_told_as_the_tasks_end():
    ((number, error),) = Executor(2).do(broken, [(1,)], nothing)
    assert number == 0
    assert isinstance(error, PlannerError)
    assert "ZeroDivisionError: by nought" in str(error)


@pytest.mark.skipif(os.name == "nt", reason="kills itself by a signal")
def test_a_worker_that_is_killed_loses_no_answer_and_its_task_is_begun_again(tmp_path):
    said = []
    flag = str(tmp_path / "died")
    executor = Executor(2, progress=said.append)
    made = sorted(executor.do(dies, ((n, flag) for n in range(4)), nothing))
    assert made == [(n, n) for n in range(4)]
    assert said[-1] == "1 begun again"


@pytest.mark.skipif(os.name == "nt", reason="kills itself by a signal")
def test_a_task_that_kills_every_worker_is_told(tmp_path):
    made = dict(Executor(2).do(dies, ((n, "") for n in range(3)), nothing))
    assert (made[0], made[2]) == (0, 2)
    assert f"the worker died {TRIES} times" in str(made[1])


@pytest.mark.parametrize("jobs", [1, 2])
def test_it_stops_where_progress_says_so(jobs):
    looks = iter([True, True])
    executor = Executor(jobs, progress=lambda _: next(looks, False))
    with pytest.raises(StoppedError):
        list(executor.do(endless, [(1,), (2,)], nothing))


def test_jobs_must_be_1_or_more():
    with pytest.raises(InputError, match="jobs is 0"):
        Executor(0)
