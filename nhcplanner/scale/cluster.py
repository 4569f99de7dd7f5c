"""Cluster: work handed to the workers of a Dask scheduler."""

from __future__ import annotations

import ipaddress
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from nhcplanner.base.errors import Fault, InputError, PlannerError, PlannerWarning
from nhcplanner.scale.monitor import (
    EVERY,
    Answer,
    Arguments,
    Monitor,
    StoppedError,
    Work,
    dead,
    failed,
)

if TYPE_CHECKING:
    from distributed import Client, Future

LOST = "the Dask scheduler is gone; what is finished is kept, and the same again makes the rest"
NOBODY = "no Dask worker is left: waiting for one; Ctrl-C ends it, and what is finished is kept"
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
"""Seconds for a scheduler to answer, and for its first worker to be there."""


def by_cluster(
    work: Work, tasks: Iterable[Arguments], watch: Monitor, address: str
) -> Iterator[Answer]:
    """Do some work once for each task, on a Dask cluster.

    Each core of the cluster has one task in hand and one waiting. A task whose worker dies is
    begun again by the scheduler; where no worker is left, a `PlannerWarning` says so, and the next
    to come goes on.

    Yields
    ------
    tuple of int and object
        Number of the task and what it made, or the `PlannerError` that it ended in.

    Raises
    ------
    InputError
        Where Dask is not installed, or no scheduler or worker answers at the address.
    StoppedError
        Where the watch says stop; what is under way is then dropped.
    PlannerError
        Where the scheduler is lost.
    """
    with _client(address) as client:
        most = 2 * _cores(client, address)
        waiting = enumerate(tasks)
        busy: dict[Future[Any], int] = {}
        try:
            while True:
                while len(busy) < most and (task := next(waiting, None)) is not None:
                    number, arguments = task
                    busy[_sent(client, work, arguments)] = number
                if not busy:
                    return
                done = _done(client, list(busy))
                for future in done:
                    yield busy.pop(future), _made(future)
                if not done and _deserted(client):
                    warnings.warn(NOBODY, PlannerWarning, stacklevel=2)
                if not watch.going():
                    raise StoppedError("stopped")
        except CancelledError:
            busy.clear()
            raise PlannerError(LOST) from None
        finally:
            client.cancel(list(busy))


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
        warnings.warn(UNSAFE.format(shown(address)), PlannerWarning, stacklevel=2)
    if not why:
        try:
            return Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            why = (str(error) or type(error).__name__).replace(address, shown(address))
    words = f"no Dask scheduler answers at '{shown(address)}' ({why})"
    raise InputError([Fault(words, "--dask", hint=hint)])


def shown(address: str) -> str:
    """An address without the user and password that it may hold."""
    scheme, mark, rest = address.rpartition("://")
    return f"{scheme}{mark}{rest.rpartition('@')[2]}"


def _is_here(address: str) -> bool:
    """Whether an address is this machine's own, so that nothing crosses a network."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cores(client: Client, address: str) -> int:
    """Threads of all workers, once there is one."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
    except TimeoutError:
        hint = f"Start one: dask worker {shown(address)}"
        words = f"the Dask scheduler at {shown(address)} has no worker"
        raise InputError([Fault(words, "--dask", hint=hint)]) from None
    return sum(client.nthreads().values())


def _sent(client: Client, work: Work, arguments: Arguments) -> Future[Any]:
    """Hand a task over with all it needs, however large: no worker can load it by itself."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
        return client.submit(work, *arguments, pure=False)


def _done(client: Client, futures: list[Future[Any]]) -> list[Future[Any]]:
    """Wait a moment for some of them to end."""
    from distributed import wait  # noqa: PLC0415 - optional

    try:
        with client.as_current():
            return list(wait(futures, timeout=EVERY, return_when="FIRST_COMPLETED").done)
    except TimeoutError:
        return []


def _deserted(client: Client) -> bool:
    """Whether the scheduler has no worker; one that is gone itself is told by its futures."""
    try:
        return not client.nthreads()
    except OSError:
        return False


def _made(future: Future[Any]) -> object:
    from distributed import KilledWorker  # noqa: PLC0415 - optional

    try:
        return future.result()
    except KilledWorker as error:
        return dead(error.allowed_failures + 1)
    except CancelledError:
        raise
    except Exception as error:  # noqa: BLE001 (it is told as the task's own end)
        return failed(error)
