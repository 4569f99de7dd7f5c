"""Long work in a background process that reports progress and can be stopped early."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Generic, TypeVar

import psutil

from nhcplanner.base.clock import Report
from nhcplanner.base.errors import PlannerError

Result = TypeVar("Result")
STOP = "stop"
GRACE = 10.0


class WarmProcess:
    """A process that has already started and waits for its work.

    Parameters
    ----------
    modules
        Names of modules to import while it waits.
    """

    def __init__(self, *modules: str) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, modules), daemon=True)
        self.process.start()
        theirs.close()


class WorkerProcess(Generic[Result]):
    """Work that runs in another process.

    Parameters
    ----------
    work
        A function of a module, e.g. `solve`; it is called with `arguments` and `progress`, and
        should return its best result so far once `progress` returns False.
    arguments
        Plain values, problems and scenarios: anything that can be pickled.
    ready
        A waiting process to use for this work; None starts a new one.

    Attributes
    ----------
    report
        The latest report, a `Report` or a text; None before the first.

    Notes
    -----
    A script that starts such work must have its own calls under `if __name__ == "__main__":`, as
    for every process that Python spawns. The other process ends with this one, even if this one is
    killed; a Ctrl-C for this one does not reach it.
    """

    def __init__(
        self, work: Callable[..., Result], *arguments: object, ready: WarmProcess | None = None
    ) -> None:
        by = ready or WarmProcess()
        self._pipe, self._process = by.pipe, by.process
        self.report: Report | str | None = None
        self._result: tuple[bool, Any] | None = None
        try:
            self._pipe.send((work, arguments))
        except OSError:
            self._result = (False, PlannerError("the work could not be started"))

    @property
    def is_done(self) -> bool:
        """Whether the work has ended; also receives its reports."""
        while self._result is None and self._pipe.poll():
            self._take()
        return self._result is not None

    @property
    def cpu_seconds(self) -> float:
        """Processor seconds that the process has used; 0 once it has ended."""
        try:
            times = psutil.Process(self._process.pid or 0).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def cancel(self) -> None:
        """Ask the work to stop; `result` then returns its best result so far."""
        if not self.is_done:
            try:
                self._pipe.send(STOP)
            except OSError:
                return  # it has just ended

    def result(self, seconds: float | None = None) -> Result:
        """Wait for the work and return its result.

        Parameters
        ----------
        seconds
            Longest wait; None = no limit.

        Raises
        ------
        PlannerError
            If the work raised one, was not finished in time, or ended without an answer.
        """
        while self._result is None:
            if not self._pipe.poll(seconds):
                raise PlannerError(f"not done within {seconds:g} seconds")
            self._take()
        self._process.join(GRACE)
        fine, value = self._result
        if not fine:
            raise value
        result: Result = value
        return result

    def kill(self) -> None:
        """End the work at once, without a result."""
        self._process.kill()
        self._process.join(GRACE)
        if self._result is None:
            self._result = (False, PlannerError("the work was stopped"))

    def _take(self) -> None:
        try:
            message = self._pipe.recv()
        except (EOFError, OSError):
            self._result = (False, PlannerError("the work ended without an answer"))
            return
        if isinstance(message, tuple):
            self._result = message
        else:
            self.report = message


def _serve(pipe: Connection, modules: tuple[str, ...]) -> None:
    """Receive and run the work in the other process, and report its progress."""

    def progress(report: Report | str) -> bool:
        try:
            pipe.send(report)
            return not pipe.poll()
        except (EOFError, OSError):
            return False  # the parent has gone

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()
    try:
        for name in modules:
            import_module(name)
        work, arguments = pipe.recv()
        answer: tuple[bool, object] = (True, work(*arguments, progress=progress))
    except PlannerError as error:
        answer = (False, error)
    except EOFError:
        return  # the parent needs no work any more
    except Exception as error:  # noqa: BLE001 (it is raised again in the parent)
        answer = (False, PlannerError(f"{type(error).__name__}: {error}"))
    pipe.send(answer)
    pipe.close()


def _follow() -> None:
    """End this process as soon as its parent has ended."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
