"""Reading processes: kept while they are used, replaced where they break down."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from nhcplanner.base import limited_reader
from nhcplanner.base.child import LimitError, Limits
from nhcplanner.base.limited_reader import call_apart, in_process
from tests.unit.base import work

pytestmark = pytest.mark.unit
WIDE = Limits(memory=1_000_000_000, cpu=60, output=10_000_000, time=120)


@pytest.fixture(autouse=True)
def _none_left():
    yield
    limited_reader.close()


def test_one_process_reads_file_after_file():
    first = call_apart(work.process, limits=WIDE)
    assert first != os.getpid()
    assert call_apart(work.process, limits=WIDE) == first


def test_a_process_that_was_ended_is_replaced():
    first = call_apart(work.process, limits=WIDE)
    with pytest.raises(LimitError):
        call_apart(work.never_end, limits=Limits(10**9, 0.2, 10**6, 60))
    assert call_apart(work.process, limits=WIDE) not in (first, os.getpid())


def test_files_are_read_in_this_process_for_a_while():
    with in_process():
        assert call_apart(work.process, limits=WIDE) == os.getpid()
    assert call_apart(work.process, limits=WIDE) != os.getpid()


def test_several_threads_read_at_once_and_one_process_stays():
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: call_apart(work.doubled, n, limits=WIDE), range(12)))
    assert made == [2 * n for n in range(12)]
    assert len(limited_reader._idle) == 1
    limited_reader.close()
    assert not limited_reader._idle


def test_an_idle_process_is_ended_after_a_while(monkeypatch):
    monkeypatch.setattr(limited_reader, "IDLE", 0.05)
    call_apart(work.doubled, 1, limits=WIDE)
    limited_reader._timers[0].join(20)
    assert not limited_reader._idle
