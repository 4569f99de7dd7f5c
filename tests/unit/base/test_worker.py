"""A worker gives what a function gives, within limits; one that passes them is ended."""

from __future__ import annotations

import os
import sys

import psutil
import pytest

from nhcplanner.base.child import LimitError, Limits, is_child
from nhcplanner.base.worker import Worker
from tests.unit.base import work

pytestmark = pytest.mark.unit
WIDE = Limits(memory=1_000_000_000, cpu=60, output=10_000_000, time=120)


def _with(**changed: float) -> Limits:
    return Limits(**{**vars(WIDE), **changed})


@pytest.fixture
def worker():
    worker = Worker()
    yield worker
    worker.close()


def test_it_calls_functions_in_one_other_process(worker):
    assert worker.call(work.doubled, 21, limits=WIDE) == 42
    first = worker.call(work.process, limits=WIDE)
    assert first != os.getpid()
    assert worker.call(work.process, limits=WIDE) == first
    assert worker.call(is_child, limits=WIDE)
    assert not is_child()
    assert worker.is_fit


def test_errors_come_back_as_they_are_and_it_goes_on(worker):
    with pytest.raises(KeyError, match="no such thing"):
        worker.call(work.fail, limits=WIDE)
    with pytest.raises(RuntimeError, match="OddError: an odd one"):
        worker.call(work.fail_oddly, limits=WIDE)
    assert worker.call(work.doubled, 1, limits=WIDE) == 2


def test_what_is_printed_does_no_harm_and_warnings_come_back(worker):
    with pytest.warns(UserWarning, match="mind this"):
        assert worker.call(work.talk, limits=WIDE) == "done"


def test_no_secret_is_passed_on(monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cr3t")
    monkeypatch.setenv("NHCPLANNER_DATABASE", "postgresql://me:s3cr3t@host/db")
    worker = Worker({"GDAL_HTTP_PROXY": "127.0.0.1:9"})
    found = worker.call(work.variables, limits=WIDE)
    worker.close()
    assert "s3cr3t" not in str(found)
    assert found["GDAL_HTTP_PROXY"] == "127.0.0.1:9"


@pytest.mark.parametrize(
    ("what", "changed", "function", "argument"),
    [
        ("memory", {"memory": 200_000_000}, work.take_memory, (600_000_000,)),
        ("cpu", {"cpu": 0.3}, work.never_end, ()),
        ("time", {"time": 0.3}, work.sleep, (60,)),
        ("output", {"output": 1_000_000}, work.large, (20_000_000,)),
        ("crash", {}, work.end_itself, ()),
    ],
)
def test_a_call_that_passes_a_limit_ends_with_its_process(
    worker, what, changed, function, argument
):
    process = psutil.Process(worker.call(work.process, limits=WIDE))
    with pytest.raises(LimitError) as caught:
        worker.call(function, *argument, limits=_with(**changed))
    assert caught.value.what == what
    assert not process.is_running()
    assert not worker.is_fit


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit no address space")
def test_memory_that_is_only_reserved_is_refused_by_the_system(worker):
    with pytest.raises(LimitError) as caught:
        worker.call(work.reserve, 400_000_000_000, limits=WIDE)
    assert caught.value.what == "memory"


def test_reports_are_heard_and_work_can_be_stopped(worker):
    heard: list[int] = []
    assert worker.call(work.count, 5, limits=WIDE, report=heard.append) == 5
    assert heard == [0, 1, 2, 3, 4]
    made = worker.call(work.count, 1_000_000, limits=WIDE, report=lambda n: n < 3)
    assert 3 <= made < 1_000_000
    assert worker.call(work.doubled, 2, limits=WIDE) == 4


def test_an_error_while_a_report_is_heard_ends_the_process(worker):
    def refuse(_: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        worker.call(work.count, 1_000_000, limits=WIDE, report=refuse)
    assert not worker.is_fit
