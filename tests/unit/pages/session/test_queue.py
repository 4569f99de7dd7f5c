import time
from threading import Event
from types import SimpleNamespace
from typing import ClassVar

import pytest

from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.models import Report
from nhcplanner.pages.session import queue
from nhcplanner.pages.session.files import Key
from nhcplanner.pages.session.queue import Job, SessionQueue, WarmWorker

REPORT = Report(1, 1, "people", 5.0, 6.0, 0.0)


class Slow:
    """Work that reports and ends when it is told to."""

    cpu_seconds = 0.0
    made: ClassVar[list["Slow"]] = []

    def __init__(self, work, *arguments, ready):
        self.work, self.arguments, self.report = work, arguments, None
        self.end, self.cancelled, self.killed = Event(), False, False
        self.made.append(self)

    @property
    def is_done(self):
        return self.end.is_set()

    def cancel(self):
        self.cancelled = True
        self.end.set()

    def kill(self):
        self.killed = True
        self.end.set()

    def result(self, seconds):
        if self.killed:
            raise PlannerError("the work was stopped")
        return self.work(*self.arguments)


class NoWarmWorker:
    def take(self):
        return None


@pytest.fixture
def jobs(monkeypatch):
    monkeypatch.setattr(queue, "WorkerProcess", Slow)
    monkeypatch.setattr(queue, "WARM_WORKER", NoWarmWorker())
    monkeypatch.setattr(queue, "POLL_SECONDS", 0.001)
    monkeypatch.setattr(Slow, "made", [])
    made = SessionQueue(lambda: True)
    yield made
    for one in Slow.made:
        one.end.set()


def until(true):
    for _ in range(2000):
        if true():
            return
        time.sleep(0.005)
    pytest.fail("it did not come about")


def job(label="a", slot="a", work=lambda: 5):
    return Job(label, work, (), slot)


def test_jobs_are_done_one_after_the_other_and_taken_once(jobs):
    first, second = job(), job("b", "b")
    jobs.add(first)
    jobs.add(second)
    until(lambda: Slow.made)
    assert (first.state, second.state) == ("running", "waiting")
    Slow.made[0].end.set()
    until(lambda: len(Slow.made) == 2)
    Slow.made[1].end.set()
    until(lambda: second.state == "done")
    assert [one.result for one in jobs.take()] == [5, 5]
    assert jobs.take() == ()


def test_a_later_job_takes_the_place_of_one_for_the_same_slot(jobs):
    first, second = job(), job()
    jobs.add(first)
    until(lambda: Slow.made)
    jobs.add(second)
    assert jobs.jobs == (second,)
    until(lambda: Slow.made[0].killed and len(Slow.made) == 2)
    Slow.made[1].end.set()
    until(lambda: second.state == "done")
    assert jobs.take() == (second,)


def test_a_cancelled_solve_gives_its_best(jobs):
    one = job()
    jobs.add(one)
    until(lambda: Slow.made)
    Slow.made[0].report = REPORT
    until(lambda: one.report is REPORT)
    one.stop()
    until(lambda: one.state == "done")
    assert Slow.made[0].cancelled
    assert not Slow.made[0].killed
    assert one.result == 5


def test_work_that_only_measures_is_ended_at_once_and_says_so(jobs):
    one = job("Measuring")
    jobs.add(one)
    until(lambda: Slow.made)
    Slow.made[0].report = "Measuring on foot"
    one.stop()
    until(lambda: one.state == "done")
    assert Slow.made[0].killed
    assert str(one.error) == "Measuring: stopped"


def test_work_that_gives_what_it_has_is_asked_whatever_it_is_at(jobs):
    one = Job("Making", lambda: 5, (), "a", has_partial_result=True)
    jobs.add(one)
    until(lambda: Slow.made)
    Slow.made[0].report = "Evidence: price"
    one.stop()
    until(lambda: one.state == "done")
    assert (Slow.made[0].cancelled, Slow.made[0].killed, one.result) == (True, False, 5)


def test_what_is_stopped_twice_ends_with_nothing(monkeypatch, jobs):
    monkeypatch.setattr(Slow, "cancel", lambda self: setattr(self, "cancelled", True))
    one = Job("Making", lambda: 5, (), "a", has_partial_result=True)
    jobs.add(one)
    until(lambda: Slow.made)
    one.stop()
    until(lambda: Slow.made[0].cancelled)
    one.stop()
    until(lambda: Slow.made[0].killed)
    until(lambda: one.state == "done")
    assert jobs.take() == ()


def test_work_ends_when_nobody_is_there_any_more(monkeypatch, jobs):
    monkeypatch.setattr(queue, "ABANDONED_SECONDS", 0.05)
    alone = SessionQueue(lambda: False)
    first, second = job(), job("b", "b")
    alone.add(first)
    alone.add(second)
    until(lambda: Slow.made and Slow.made[0].killed)
    until(lambda: alone.jobs == ())
    assert len(Slow.made) == 1


def test_a_failure_is_kept_with_its_words(jobs):
    def broken():
        raise InputError(["no roads"])

    one = job(work=broken)
    jobs.add(one)
    until(lambda: Slow.made)
    Slow.made[0].end.set()
    until(lambda: one.state == "done")
    assert str(one.error) == "no roads"


def test_an_unforeseen_failure_ends_its_job_and_not_the_queue(monkeypatch, jobs):
    def sent(work, *arguments, ready):
        if work is None:
            raise TypeError("cannot be sent")
        return Slow(work, *arguments, ready=ready)

    monkeypatch.setattr(queue, "WorkerProcess", sent)
    first, second = job("Making", work=None), job("b", "b")
    jobs.add(first)
    jobs.add(second)
    until(lambda: Slow.made)
    Slow.made[0].end.set()
    until(lambda: second.state == "done")
    assert str(first.error) == "Making: TypeError: cannot be sent"
    assert jobs.take() == (first, second)


def test_a_desk_is_left_once_nobody_is_there_to_take_what_it_made(monkeypatch, jobs):
    alone, one = SessionQueue(lambda: False), job()
    alone.add(one)
    until(lambda: Slow.made)
    assert not alone.is_abandoned
    Slow.made[0].end.set()
    until(lambda: one.state == "done")
    monkeypatch.setattr(queue, "ABANDONED_SECONDS", 0.0)
    until(lambda: alone.is_abandoned)
    assert not jobs.is_abandoned


@pytest.mark.parametrize("alive", [True, False])
def test_a_process_that_waits_is_taken_unless_it_has_ended(monkeypatch, alive):
    started = []

    def ready(story):
        started.append(SimpleNamespace(process=SimpleNamespace(is_alive=lambda: alive)))
        return started[-1]

    monkeypatch.setattr(queue, "WarmProcess", ready)
    spare = WarmWorker()
    spare.prepare(0.0)
    until(lambda: started)
    assert spare.take() is started[0 if alive else 1]


def test_abandoned_work_is_forgotten_when_other_work_is_opened(monkeypatch):
    monkeypatch.setattr(queue, "_OPEN", {})
    queue.attend(Key("", "one"))
    first = queue.queue_of(Key("", "one"))
    queue.attend(Key("", "other"))
    assert queue.queue_of(Key("", "one")) is first
    monkeypatch.setattr(queue, "ABANDONED_SECONDS", -1.0)
    queue.attend(Key("", "third"))
    monkeypatch.setattr(queue, "ABANDONED_SECONDS", 20.0)
    queue.attend(Key("", "one"))
    assert queue.queue_of(Key("", "one")) is not first


def test_a_job_beyond_its_processor_seconds_stops_with_its_best_or_says_why(jobs, monkeypatch):
    monkeypatch.setenv("NHCPLANNER_CPU_SECONDS", "5")
    monkeypatch.setattr(Slow, "cpu_seconds", 0.0)
    jobs.add(Job("Making", int, (3,), "plan", has_partial_result=True))
    jobs.add(Job("Measuring", int, (3,), "access"))
    until(lambda: len(Slow.made) == 1)
    Slow.made[0].cpu_seconds = 6.0
    until(lambda: len(Slow.made) == 2)
    Slow.made[1].cpu_seconds = 6.0
    until(lambda: all(job.state == "done" for job in jobs.jobs))
    making, measuring = jobs.take()
    assert (making.result, Slow.made[0].cancelled, Slow.made[0].killed) == (3, True, False)
    assert "limit of 5 processor seconds" in str(measuring.error)


def test_jobs_of_all_sessions_share_the_slots_of_one_pool(jobs, monkeypatch):
    monkeypatch.setattr(queue.pool, "POOL", queue.pool.Pool(1, 1))
    other = SessionQueue(lambda: True, Key("f" * 32, "b" * 22))
    jobs.add(Job("First", int, (1,), "a"))
    until(lambda: len(Slow.made) == 1)
    other.add(Job("Second", int, (2,), "a"))
    until(lambda: other.jobs[0].report)
    assert "Waiting for a free worker" in other.jobs[0].report
    assert other.jobs[0].state == "waiting"
    Slow.made[0].end.set()
    until(lambda: len(Slow.made) == 2)
    assert other.jobs[0].state == "running"
    Slow.made[1].end.set()
    until(lambda: other.jobs[0].state == "done")
    assert queue.pool.POOL.counts() == (0, 0)


def test_a_work_knows_its_jobs_until_they_are_done(jobs, monkeypatch, tmp_path):
    monkeypatch.setattr(queue.files, "user_data_path", lambda *_, **__: tmp_path)
    key = Key("f" * 32, "c" * 22)
    queue.files.make_private(queue.files.folder(key))
    ours = SessionQueue(lambda: True, key)
    ours.add(Job("Making Plan A", int, (1,), "a"))
    until(lambda: len(Slow.made) == 1)
    assert queue.journal.take(key) == ["Making Plan A"]
    queue.journal.write(key, ["Making Plan A"])
    Slow.made[0].end.set()
    until(lambda: not (queue.files.folder(key) / queue.journal.JOBS).exists())
