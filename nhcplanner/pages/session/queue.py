"""Queue of one session's long jobs, each run in another process and stoppable.

All sessions share the slots of `hosting.pool`, so jobs of other people may come first.

A `SessionQueue` outlives a reload of the page: the session that comes back under the same key
finds its jobs still running. It ends its jobs once no page has been open for a while.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread, Timer
from typing import Any, Literal

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nhcplanner.base.errors import PlannerError
from nhcplanner.base.job import WarmProcess, WorkerProcess
from nhcplanner.hosting import metrics, pool, settings
from nhcplanner.models import Report
from nhcplanner.pages.session import files, journal
from nhcplanner.pages.session.files import Key

POLL_SECONDS = 0.1
"""Seconds between two looks at the process of a job."""
ABANDONED_SECONDS = 20.0
"""Seconds without an open page after which jobs are ended: long enough for a reload."""
JOBS_MODULE = "nhcplanner.workflow.jobs"
"""Module that a waiting process has already imported."""
NEXT_SECONDS = 2.0
"""Seconds until the next process starts, so that it does not slow down the one at work."""
STOP_SECONDS = 20.0
"""Processor seconds beyond the limit after which a job that was asked to stop is ended."""
SHOW_SECONDS = 1.0
"""Seconds that a browser needs to show a page that has been drawn."""

OnResult = Callable[[Any], None]
State = Literal["waiting", "running", "done"]

NO_KEY = Key("", "")
"""Of a queue whose work is not saved."""

_LOG = logging.getLogger(__name__)


class WarmWorker:
    """One process for all sessions, started in advance with the jobs' modules imported."""

    def __init__(self) -> None:
        self._ready: WarmProcess | None = None
        self._lock = Lock()

    def take(self) -> WarmProcess:
        """Return the waiting process, or a new one; another is started to wait in its place."""
        with self._lock:
            ready, self._ready = (self._ready if self._is_ready() else None), None
        self.prepare(NEXT_SECONDS)
        return ready or WarmProcess(JOBS_MODULE)

    def prepare(self, seconds: float) -> None:
        """Start a process after some seconds, unless one is waiting by then."""
        if self._is_ready():
            return
        timer = Timer(seconds, self._start)
        timer.daemon = True
        timer.start()

    def _start(self) -> None:
        with self._lock:
            if not self._is_ready():
                self._ready = WarmProcess(JOBS_MODULE)

    def _is_ready(self) -> bool:
        return self._ready is not None and self._ready.process.is_alive()


WARM_WORKER = WarmWorker()


def prepare_worker() -> None:
    """Start the next process once the browser has had time to show the page."""
    WARM_WORKER.prepare(SHOW_SECONDS)


@dataclass(eq=False)
class Job:
    """One long job.

    Parameters
    ----------
    label
        What is being made, for the progress line.
    work, arguments
        A function of a module and its arguments, as `WorkerProcess` takes them.
    slot
        Name under which the result is stored.
    on_result
        Called with the result in the session that takes it; None = the result is only stored.
    has_partial_result
        Whether it can return something whenever it is stopped; if not, it can do so only once its
        reports are figures of the optimiser.

    Attributes
    ----------
    report
        Latest report, in figures or in words.
    state
        "waiting", "running" or "done".
    result, error
        Outcome, once done.
    is_cancelled, is_dropped
        Whether a stop was requested; whether the result is no longer wanted.
    """

    label: str
    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    slot: str
    on_result: OnResult | None = None
    has_partial_result: bool = False
    report: Report | str | None = None
    result: Any = None
    error: PlannerError | None = None
    is_cancelled: bool = False
    is_dropped: bool = False
    state: State = "waiting"
    started: float = field(default_factory=time.monotonic)

    def stop(self) -> None:
        """Request the result so far; the second request ends the job without one."""
        self.is_dropped, self.is_cancelled = self.is_cancelled, True

    @property
    def seconds(self) -> float:
        """Seconds since it was queued."""
        return time.monotonic() - self.started


class SessionQueue:
    """Jobs of one session, run one at a time in the order in which they were queued.

    Parameters
    ----------
    is_attended
        Returns whether a page of the session is open.
    key
        The work whose jobs they are; its owner shares the server's slots with others.
    """

    def __init__(self, is_attended: Callable[[], bool], key: Key = NO_KEY) -> None:
        self.is_attended = is_attended
        self.key = key
        self._jobs: list[Job] = []
        self._lock = Lock()
        self._last_attended = time.monotonic()
        self._is_running = False

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Jobs that are waiting, running, or done and not yet taken."""
        return tuple(job for job in self._jobs if not job.is_dropped)

    @property
    def is_abandoned(self) -> bool:
        """Whether no page has been open for a while and no job is running."""
        with self._lock:
            return not self._is_running and self._is_unattended()

    def add(self, job: Job) -> None:
        """Put a job at the end of the queue; earlier ones for the same slot are dropped."""
        with self._lock:
            for other in self._jobs:
                other.is_dropped = other.is_dropped or other.slot == job.slot
            self._jobs.append(job)
            if self._is_running:
                return
            self._is_running, self._last_attended = True, time.monotonic()
        Thread(target=self._run_all, daemon=True, name="session jobs").start()

    def take(self) -> tuple[Job, ...]:
        """Remove the jobs that are done and return those still wanted."""
        with self._lock:
            self._last_attended = time.monotonic()
            done = tuple(job for job in self._jobs if job.state == "done")
            self._jobs = [job for job in self._jobs if job.state != "done"]
        return tuple(job for job in done if not job.is_dropped)

    def _run_all(self) -> None:
        """Run one job after the other until none is left or no page is open."""
        while True:
            with self._lock:
                is_left = self._is_unattended()
                if is_left:
                    self._jobs = []
                job = next((one for one in self._jobs if one.state == "waiting"), None)
                if job is None:
                    self._is_running = False
                    if not is_left:  # jobs of a page that was closed stay, so that it is told
                        journal.write(self.key, [])
                    return
            journal.write(self.key, [one.label for one in self.jobs if one.state != "done"])
            try:
                self._wait_and_run(job)
            except Exception as error:  # noqa: BLE001  (the jobs behind it must still run)
                _LOG.exception("A job failed")
                job.error = PlannerError(f"{job.label}: {type(error).__name__}: {error}")
            metrics.JOBS.labels("done" if job.error is None else "failed").inc()
            job.state = "done"

    def _wait_and_run(self, job: Job) -> None:
        """Wait until a slot is free, and run a job."""
        ticket = pool.POOL.join(self.key.owner)
        try:
            while not pool.POOL.is_due(ticket):
                if job.is_cancelled or job.is_dropped or self._is_unattended():
                    break
                job.report = _waiting_words(pool.POOL.ahead(ticket))
                time.sleep(POLL_SECONDS)
            job.state, job.report = "running", None
            job.is_dropped = job.is_dropped or self._is_unattended()
            self._run(job)
        finally:
            pool.POOL.leave(ticket)

    def _run(self, job: Job) -> None:
        """Run one job; a stopped one returns its best so far, or nothing while it only measures."""
        if job.is_cancelled or job.is_dropped:
            job.error = PlannerError(f"{job.label}: stopped before it began")
            return
        running = WorkerProcess(job.work, *job.arguments, ready=WARM_WORKER.take())
        is_stopping, meter = False, _Meter(running)
        while not running.is_done:
            job.report = running.report
            if job.is_dropped or self._is_unattended() or meter.is_far_beyond:
                running.kill()
            elif (job.is_cancelled or meter.is_beyond) and not is_stopping:
                is_stopping = job.has_partial_result or isinstance(job.report, Report)
                (running.cancel if is_stopping else running.kill)()
            time.sleep(POLL_SECONDS)
        metrics.JOB_SECONDS.inc(meter.used)
        try:
            job.result = running.result(0)
        except PlannerError as error:
            words = "stopped" if job.is_cancelled else meter.words
            job.error = PlannerError(f"{job.label}: {words}") if words else error

    def _is_unattended(self) -> bool:
        now = time.monotonic()
        if self.is_attended():
            self._last_attended = now
        return now - self._last_attended > ABANDONED_SECONDS


class _Meter:
    """Processor seconds of a job, from its start, against the limit of the settings."""

    def __init__(self, process: WorkerProcess[Any]) -> None:
        self._process = process
        self._before = process.cpu_seconds  # a waiting process has imported modules
        self._limit = settings.number(settings.CPU_SECONDS, math.inf)
        self.used = 0.0

    @property
    def is_beyond(self) -> bool:
        """Whether the limit is exceeded."""
        self.used = max(self.used, self._process.cpu_seconds - self._before)
        return self.used > self._limit

    @property
    def is_far_beyond(self) -> bool:
        """Whether it did not stop when it was asked to."""
        return self.is_beyond and self.used > self._limit + STOP_SECONDS

    @property
    def words(self) -> str:
        """Why the job ended, if it was the limit."""
        beyond = self.used > self._limit
        return f"ended at the limit of {self._limit:,.0f} processor seconds" if beyond else ""


def _waiting_words(ahead: int) -> str:
    return f"Waiting for a free worker, {ahead} before it" if ahead else "Waiting for a free worker"


RELOAD_SECONDS = 1.0
"""Seconds that a page which is being reloaded may take to end its session."""
CLEAR_SECONDS = 5.0
"""Seconds between two checks for work that no page has open any more."""


@dataclass
class _OpenWork:
    """The page that has some work open, by its Streamlit session id, and its queue of jobs."""

    page: str
    queue: SessionQueue


_OPEN: dict[Key, _OpenWork] = {}
_LOCK = Lock()
_CLEARING: list[Thread] = []


def attend(key: Key) -> None:
    """Record that the current page is the one that has this work open."""
    with _LOCK:
        _clear()
        if key not in _OPEN:
            _OPEN[key] = _new_work(key)
        _OPEN[key].page = _current_page()
        metrics.OPEN.set(len(_OPEN))
        if not _CLEARING and runtime.exists():
            _CLEARING.append(Thread(target=_clear_repeatedly, daemon=True, name="session clearing"))
            _CLEARING[0].start()


def is_known(key: Key) -> bool:
    """Whether a page of this server has this work open, or had it open a moment ago."""
    return key in _OPEN


def is_taken(key: Key) -> bool:
    """Whether another page of this server, still open, works on this work."""
    work = _OPEN.get(key)
    return work is not None and work.page != _current_page() and _is_active(work.page)


def leave(key: Key) -> None:
    """Give up a work that the current page may no longer have open, and end its jobs."""
    with _LOCK:
        work = _OPEN.get(key)
        if work is None or work.page != _current_page():
            return
        for job in work.queue.jobs:
            job.is_dropped = True
        del _OPEN[key]
        files.release(key)


def wait_until_free(key: Key) -> bool:
    """Wait briefly for other pages and servers to close this work; return whether they did."""
    until = time.monotonic() + RELOAD_SECONDS
    while is_taken(key) or not files.hold(key):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def queue_of(key: Key) -> SessionQueue:
    """The queue of jobs of a work that is open."""
    return _OPEN[key].queue


def _clear() -> None:
    """Forget work that no page has open any more, so that other servers may open it."""
    for key, work in list(_OPEN.items()):
        if work.queue.is_abandoned:
            del _OPEN[key]
            files.release(key)
            metrics.OPEN.set(len(_OPEN))


def _clear_repeatedly() -> None:
    while True:
        time.sleep(CLEAR_SECONDS)
        with _LOCK:
            _clear()


def _new_work(key: Key) -> _OpenWork:
    work = _OpenWork("", SessionQueue(lambda: _is_active(work.page), key))
    return work


def _current_page() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _is_active(page: str) -> bool:
    return bool(runtime.exists() and runtime.get_instance().is_active_session(page))
