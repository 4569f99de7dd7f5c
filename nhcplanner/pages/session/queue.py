"""Long work of one session: one job at a time, in a process of its own, that can be cancelled.

A `SessionQueue` outlives a reload of the page: the session that comes back under the same key
finds its jobs under way. It ends what it does when nobody has been there for a while.

The desks of all sessions: whose work is whose, and who is still there.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock, Thread, Timer
from typing import Any, Literal

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nhcplanner.base.errors import PlannerError
from nhcplanner.base.job import WarmProcess, WorkerProcess
from nhcplanner.models import Report
from nhcplanner.pages.session import files
from nhcplanner.pages.session.files import Key

LOOK = 0.1
PATIENCE = 20.0
"""Seconds for which nobody may be there before the work is ended: long enough to reload."""

STORY = "nhcplanner.workflow.jobs"
LATER = 2.0
"""Seconds until the next process is started, so that it does not hold up the one at work."""

Then = Callable[[Any], None]
State = Literal["waiting", "under way", "done"]

_LOG = logging.getLogger(__name__)


class WarmWorker:
    """One process for all sessions, started before anybody asks, that has imported the story."""

    def __init__(self) -> None:
        self._ready: WarmProcess | None = None
        self._lock = Lock()

    def take(self) -> WarmProcess:
        """The process that waits, or a new one where it has ended; another then takes its place."""
        with self._lock:
            ready, self._ready = (self._ready if self._waits() else None), None
        self.prepare(LATER)
        return ready or WarmProcess(STORY)

    def prepare(self, seconds: float) -> None:
        """Start the process in so many seconds, where none waits then."""
        if self._waits():
            return
        timer = Timer(seconds, self._start)
        timer.daemon = True
        timer.start()

    def _start(self) -> None:
        with self._lock:
            if not self._waits():
                self._ready = WarmProcess(STORY)

    def _waits(self) -> bool:
        return self._ready is not None and self._ready.process.is_alive()


WARM_WORKER = WarmWorker()


@dataclass(eq=False)
class Job:
    """One piece of long work.

    Parameters
    ----------
    label
        What is being made, in words.
    work, arguments
        A function of a module and what it is given, as `WorkerProcess` takes them.
    slot
        Under which name its result is found.
    then
        Called with the result in the session that takes it; None = it is only kept.
    gives
        Whether it has something to give whenever it is asked to stop; else only once it reports
        in figures.

    Attributes
    ----------
    report
        The latest report, in figures or in words.
    state
        "waiting", "under way" or "done".
    result, error
        What came of it, once done.
    cancelled, dropped
        Whether it was asked to stop; whether nobody wants its result any more.
    """

    label: str
    work: Callable[..., Any]
    arguments: tuple[Any, ...]
    slot: str
    then: Then | None = None
    gives: bool = False
    report: Report | str | None = None
    result: Any = None
    error: PlannerError | None = None
    cancelled: bool = False
    dropped: bool = False
    state: State = "waiting"
    started: float = field(default_factory=time.monotonic)

    def stop(self) -> None:
        """Ask for what it has; a second time, end it with nothing."""
        self.dropped, self.cancelled = self.cancelled, True

    @property
    def seconds(self) -> float:
        """Since it was asked for."""
        return time.monotonic() - self.started


class SessionQueue:
    """One session's jobs, in the order that they were asked for.

    Parameters
    ----------
    attended
        Whether somebody is there.
    """

    def __init__(self, attended: Callable[[], bool]) -> None:
        self.attended = attended
        self._jobs: list[Job] = []
        self._lock = Lock()
        self._seen = time.monotonic()
        self._serving = False

    @property
    def jobs(self) -> tuple[Job, ...]:
        """Those waiting, under way, or done and not yet taken."""
        return tuple(job for job in self._jobs if not job.dropped)

    @property
    def left(self) -> bool:
        """Whether nobody is there any more, and nothing is under way that might wait for them."""
        with self._lock:
            return not self._serving and self._deserted()

    def ask(self, job: Job) -> None:
        """Put a job at the end of the queue; earlier ones for the same slot are dropped."""
        with self._lock:
            for other in self._jobs:
                other.dropped = other.dropped or other.slot == job.slot
            self._jobs.append(job)
            if self._serving:
                return
            self._serving, self._seen = True, time.monotonic()
        Thread(target=self._serve, daemon=True, name="desk").start()

    def take(self) -> tuple[Job, ...]:
        """Give the jobs that are done, once; whoever takes them is there."""
        with self._lock:
            self._seen = time.monotonic()
            done = tuple(job for job in self._jobs if job.state == "done")
            self._jobs = [job for job in self._jobs if job.state != "done"]
        return tuple(job for job in done if not job.dropped)

    def _serve(self) -> None:
        """Do one job after the other until none is left or nobody is there."""
        while True:
            with self._lock:
                if self._deserted():
                    self._jobs = []
                job = next((one for one in self._jobs if one.state == "waiting"), None)
                if job is None:
                    self._serving = False
                    return
                job.state = "under way"
            try:
                self._do(job)
            except Exception as error:  # noqa: BLE001  (the jobs behind it must go on)
                _LOG.exception("A job failed")
                job.error = PlannerError(f"{job.label}: {type(error).__name__}: {error}")
            job.state = "done"

    def _do(self, job: Job) -> None:
        """See a job through; a stopped one gives its best, or nothing while it only measures."""
        if job.cancelled or job.dropped:
            job.error = PlannerError(f"{job.label}: stopped before it began")
            return
        running = WorkerProcess(job.work, *job.arguments, ready=WARM_WORKER.take())
        asked = False
        while not running.done:
            job.report = running.report
            if job.dropped or self._deserted():
                running.kill()
            elif job.cancelled and not asked:
                asked = job.gives or isinstance(job.report, Report)
                (running.cancel if asked else running.kill)()
            time.sleep(LOOK)
        try:
            job.result = running.result(0)
        except PlannerError as error:
            job.error = PlannerError(f"{job.label}: stopped") if job.cancelled else error

    def _deserted(self) -> bool:
        now = time.monotonic()
        if self.attended():
            self._seen = now
        return now - self._seen > PATIENCE


SHOWN = 1.0
"""Seconds that a browser needs to show a page that has been drawn."""
RELOAD = 1.0
"""Seconds that a page which is being reloaded may take to let go of its session."""
LOOK_DESKS = 5.0
"""Seconds between two looks at which desks were left: other servers may then open their work."""


@dataclass
class _Session:
    """A desk and the browser page that sits at it."""

    visitor: str
    desk: SessionQueue


_SESSIONS: dict[Key, _Session] = {}
_LOCK = Lock()
_CLEARING: list[Thread] = []


def attend(key: Key) -> None:
    """Say that this page is the one that works under a key."""
    with _LOCK:
        _clear()
        if key not in _SESSIONS:
            _SESSIONS[key] = _session()
        _SESSIONS[key].visitor = _visitor()
        if not _CLEARING and runtime.exists():
            _CLEARING.append(Thread(target=_keep_clear, daemon=True, name="desks"))
            _CLEARING[0].start()


def drawn() -> None:
    """Say that a page has been drawn: a process for long work may now start beside it."""
    WARM_WORKER.prepare(SHOWN)


def is_known(key: Key) -> bool:
    """Whether somebody works under a key in this server, or did a moment ago."""
    return key in _SESSIONS


def free(key: Key) -> bool:
    """Whether no other page that is still open works under a key, in this server or another."""
    until = time.monotonic() + RELOAD
    while is_taken(key) or not files.hold(key):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def queue_of(key: Key) -> SessionQueue:
    """The desk of a session that has been attended."""
    return _SESSIONS[key].desk


def _clear() -> None:
    """Take away the desks that were left, and let other servers have their work."""
    for other, seat in list(_SESSIONS.items()):
        if seat.desk.left:
            del _SESSIONS[other]
            files.release(other)


def _keep_clear() -> None:
    while True:
        time.sleep(LOOK_DESKS)
        with _LOCK:
            _clear()


def _session() -> _Session:
    seat = _Session("", SessionQueue(lambda: _there(seat.visitor)))
    return seat


def is_taken(key: Key) -> bool:
    """Whether another page of this server that is still open works under a key."""
    seat = _SESSIONS.get(key)
    return seat is not None and seat.visitor != _visitor() and _there(seat.visitor)


def _visitor() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _there(visitor: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(visitor)
