"""Tasks on several processes of this machine, or on a Dask cluster; a lost task is tried again."""

from __future__ import annotations

import ipaddress
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nhcplanner import workflow
from nhcplanner.base.child import LimitError, Limits
from nhcplanner.base.errors import Fault, InputError, PlannerError, PlannerWarning
from nhcplanner.base.text import shortened
from nhcplanner.base.worker import Worker
from nhcplanner.scale.cache import SOLVERS

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as DaskFuture

UNLIMITED = Limits(memory=1 << 50, cpu=1e9, output=1 << 40, time=1e9)
"""A plan has its own time limit; its memory is limited by the machine alone."""


def by_processes(
    work: Work, tasks: Iterable[Arguments], monitor: Monitor, jobs: int
) -> Iterator[Answer]:
    """Do some work once for each task, on several processes at a time.

    A task whose process dies is begun again in a new process, up to `TRIES` times; the other
    tasks are not affected.

    Yields
    ------
    tuple of int and object
        Number of the task and its result, or the `PlannerError` that ended it.

    Raises
    ------
    StoppedError
        If the monitor asks to stop; the processes are then ended.
    """
    pool = _WorkerPool(work, monitor)
    waiting = enumerate(tasks)
    busy: dict[Future[object], int] = {}
    with ThreadPoolExecutor(jobs) as threads:  # each thread waits for one process
        try:
            while True:
                while len(busy) < jobs and (task := next(waiting, None)) is not None:
                    number, arguments = task
                    busy[threads.submit(pool.run, arguments)] = number
                if not busy:
                    return
                for future in wait(busy, EVERY, FIRST_COMPLETED).done:
                    yield busy.pop(future), future.result()
                if not monitor.going():
                    raise StoppedError("stopped")
        finally:
            pool.close()


class _WorkerPool:
    """Worker processes that are used for one task after the other."""

    def __init__(self, work: Work, monitor: Monitor) -> None:
        self._work, self._monitor = work, monitor
        self._idle: list[Worker] = []
        self._all: list[Worker] = []
        self._is_closed = False

    def run(self, arguments: Arguments) -> object:
        """Run one task and return its result, or the `PlannerError` that ended it."""
        for attempt in range(TRIES):
            if attempt:
                self._monitor.again += 1
            worker = self._idle.pop() if self._idle else self._start()
            try:
                result = worker.call(self._work, *arguments, limits=UNLIMITED, report=self._going)
            except LimitError:
                if self._is_closed:
                    break
                continue
            except Exception as error:  # noqa: BLE001 (it becomes the task's own result)
                result = as_planner_error(error)
            self._idle.append(worker)
            return result
        return worker_died(TRIES)

    def close(self) -> None:
        """End every process."""
        self._is_closed = True
        for worker in self._all:
            worker.close()

    def _start(self) -> Worker:
        worker = Worker()
        self._all.append(worker)
        if self._is_closed:  # it was closed meanwhile, and missed this one
            worker.close()
        return worker

    def _going(self, _: object) -> bool:
        return not self._is_closed


Work = Callable[..., Any]
Arguments = tuple[object, ...]
Answer = tuple[int, Any]

TRIES = 3
"""Number of attempts at a task whose worker dies each time."""
EVERY = 0.25
"""Seconds between two checks of whether to go on."""


class StoppedError(PlannerError):
    """The user asked to stop."""


class Monitor:
    """Reports progress, and knows whether to go on.

    Parameters
    ----------
    progress
        Receives the progress as text; returning False stops the work. None = no reports.
    words
        Writes the progress, given how many tasks were begun again.

    Attributes
    ----------
    again
        How many tasks were begun again because their worker died.
    """

    def __init__(
        self, progress: Callable[[str], bool | None] | None, words: Callable[[int], str]
    ) -> None:
        self._progress, self._words = progress, words
        self.again = 0

    def going(self) -> bool:
        """Report progress, and return whether to go on."""
        return self._progress is None or self._progress(self._words(self.again)) is not False


def worker_died(tries: int) -> PlannerError:
    """Return the error of a task whose worker died each time."""
    return PlannerError(f"the worker died {tries} times, probably because memory ran out")


def as_planner_error(error: Exception) -> PlannerError:
    """Return any error of a task as a `PlannerError`."""
    if isinstance(error, PlannerError):
        return error
    return PlannerError(f"{type(error).__name__}: {error}")


LOST = "the Dask scheduler has gone; finished plans are kept, and the same command makes the rest"
NOBODY = "no Dask worker is left; waiting for one. Ctrl-C stops, and finished plans are kept"
START = "Start one (dask scheduler) and give its address, such as tls://10.0.0.5:8786"
CERTIFICATES = (
    "Set DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and "
    "DASK_DISTRIBUTED__COMM__TLS__CLIENT__KEY to their files"
)
UNSAFE = (
    "{} is not encrypted: whoever reaches its network can read the place's data, and run code on "
    "the scheduler, its workers and this machine. Use tls:// beyond one machine"
)
PATIENCE = 10
"""Seconds to wait for the scheduler, and for its first worker."""


def by_cluster(
    work: Work, tasks: Iterable[Arguments], monitor: Monitor, address: str
) -> Iterator[Answer]:
    """Do some work once for each task, on a Dask cluster.

    Each core of the cluster has one running task and one waiting. The scheduler begins a task
    again if its worker dies; if no worker is left, a `PlannerWarning` says so, and the work goes
    on with the next worker that joins.

    Yields
    ------
    tuple of int and object
        Number of the task and its result, or the `PlannerError` that ended it.

    Raises
    ------
    InputError
        If Dask is not installed, no scheduler or worker answers at the address, or workers have
        other versions of what may change a plan.
    StoppedError
        If the monitor asks to stop; running tasks are then dropped.
    PlannerError
        If the connection to the scheduler is lost.
    """
    with _client(address) as client:
        most = 2 * _cores(client, address)
        _check_versions(client, address)
        waiting = enumerate(tasks)
        busy: dict[DaskFuture[Any], int] = {}
        try:
            while True:
                while len(busy) < most and (task := next(waiting, None)) is not None:
                    number, arguments = task
                    busy[_submit(client, work, arguments)] = number
                if not busy:
                    return
                done = _wait(client, list(busy))
                for future in done:
                    yield busy.pop(future), _result(future)
                if not done and _has_no_worker(client):
                    warnings.warn(NOBODY, PlannerWarning, stacklevel=2)
                if not monitor.going():
                    raise StoppedError("stopped")
        except CancelledError:
            busy.clear()
            raise PlannerError(LOST) from None
        finally:
            client.cancel(list(busy))


def _check_versions(client: Client, address: str) -> None:
    """Refuse workers with other versions: their plans could differ, or fail one by one."""
    ours, others = workflow.versions(), set()
    for theirs in client.run(workflow.versions).values():
        others |= {
            f"{name} {theirs.get(name, '-')}, here {ours[name]}"
            for name in SOLVERS
            if theirs.get(name) != ours.get(name) and name in ours
        }
    if others:
        hint = "Install the same packages on every machine of the cluster"
        words = f"workers have other versions: {shortened(sorted(others))}"
        raise InputError([Fault(words, address, hint=hint)])


def _client(address: str) -> Client:
    try:
        from distributed import Client, Security  # noqa: PLC0415 - optional
    except ImportError:
        hint = 'Install it: pip install "nhcplanner[cluster]"'
        raise InputError([Fault("Dask is not installed", "--dask", hint=hint)]) from None
    certificates = Security().get_connection_args("client")["ssl_context"]
    why, hint = "", START
    if not address.startswith(("tcp://", "tls://")):
        why = "an address begins with tcp:// or tls://"
    elif address.startswith("tls://") and not certificates:
        why, hint = "for tls:// Dask's configuration must name certificates", CERTIFICATES
    elif address.startswith("tcp://") and not _is_here(address):
        warnings.warn(UNSAFE.format(without_password(address)), PlannerWarning, stacklevel=2)
    if not why:
        try:
            return Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            why = (str(error) or type(error).__name__).replace(address, without_password(address))
    words = f"no Dask scheduler answers at '{without_password(address)}' ({why})"
    raise InputError([Fault(words, "--dask", hint=hint)])


def without_password(address: str) -> str:
    """Return an address without the user name and password that it may hold."""
    scheme, mark, rest = address.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _is_here(address: str) -> bool:
    """Return whether an address is of this machine, so that no data crosses a network."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cores(client: Client, address: str) -> int:
    """Count the threads of all workers, once there is a worker."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        hint = f"Start one: dask worker {without_password(address)}"
        words = f"the Dask scheduler at {without_password(address)} has no worker"
        raise InputError([Fault(words, "--dask", hint=hint)]) from None
    return sum(client.nthreads().values())


def _submit(client: Client, work: Work, arguments: Arguments) -> DaskFuture[Any]:
    """Submit a task with its data, however large: workers cannot read this machine's files."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        return client.submit(work, *arguments, pure=False)


def _wait(client: Client, futures: list[DaskFuture[Any]]) -> list[DaskFuture[Any]]:
    """Wait a moment for some tasks to end."""
    from distributed import wait  # noqa: PLC0415 - optional

    try:
        with client.as_current():
            return list(wait(futures, timeout=EVERY, return_when="FIRST_COMPLETED").done)
    except TimeoutError:
        return []


def _has_no_worker(client: Client) -> bool:
    """Return whether the scheduler has no worker; a lost scheduler shows in its futures."""
    try:
        return not client.nthreads()
    except OSError:
        return False


def _result(future: DaskFuture[Any]) -> object:
    from distributed import KilledWorker  # noqa: PLC0415 - optional

    try:
        return future.result()
    except KilledWorker as error:
        return worker_died(error.allowed_failures + 1)
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 (it becomes the task's own result)
        return as_planner_error(error)
