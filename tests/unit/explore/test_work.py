"""Work: time shared among solves, progress passed through, stop obeyed."""

import numpy as np

from nhcplanner.domain.problem import Problem
from nhcplanner.explore.work import Work
from nhcplanner.models import catalogue

PROBLEM = Problem.from_minutes(np.eye(2), people=[3, 2], count=1)
MODEL = catalogue["max_coverage"]


def test_progress_names_the_part_and_counts_from_the_start_of_all():
    told = []
    work = Work(60, told.append)
    work.solve(PROBLEM, MODEL, "one", 2)
    first = told[-1].seconds
    work.solve(PROBLEM, MODEL, "two")
    assert {report.goal for report in told} == {
        "one: people within reach",
        "two: people within reach",
    }
    assert told[-1].seconds >= first
    assert not work.over


def test_a_caller_that_says_stop_ends_the_work():
    work = Work(60, lambda _: False)
    plan = work.solve(PROBLEM, MODEL, "one")
    assert plan.opened
    assert (work.stopped, work.left, work.over) == (True, 0, True)


def test_time_that_is_up_ends_the_work():
    work = Work(1e-9)
    assert work.over
    assert not work.stopped
