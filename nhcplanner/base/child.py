"""The child process of a `Worker`, which runs the calls, and the limits of a call."""

from __future__ import annotations

import io
import os
import pickle
import queue
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from typing import IO, Any, Literal

HEAD = 9
"""Bytes before each message: its kind and its size."""
ANSWER, ERROR, LIMIT, REPORT = b"A", b"E", b"L", b"R"
LARGE, ENDED = b"X", b"Z"
"""Kinds of message; the last two come from the listening thread itself."""
STOP = "stop"
MOST_REPORT = 1_000_000
"""Bytes of one report, or of an answer with a lower limit."""
RESERVED = 4_000_000_000
"""Bytes of address space that threads and libraries reserve without using them."""

_state = {"is child": False}


def is_child() -> bool:
    """Return whether this process is the child of a worker."""
    return _state["is child"]


class _LargeError(Exception):
    """A result is larger than its limit."""


class _LimitedBuffer(io.BytesIO):
    """A buffer in memory with a limit on its size."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._left = most

    def write(self, content: Any) -> int:
        """Append some bytes."""
        size = memoryview(content).nbytes
        self._left -= size
        if self._left < 0:
            raise _LargeError
        super().write(content)
        return size


def serve(prepare: str = "") -> None:
    """Run the calls that arrive on standard input, until it is closed."""
    _state["is child"] = True
    with suppress(ValueError, OSError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent process decides
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not mix with the messages
    sys.stdout = sys.stderr
    if prepare:
        module, _, function = prepare.partition(":")
        getattr(import_module(module), function)()
    calls: queue.SimpleQueue[Any] = queue.SimpleQueue()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(calls, stop), daemon=True).start()
    while True:
        work, arguments, limits, reports = calls.get()
        stop.clear()
        extra = {"progress": _progress(answers, stop)} if reports else {}
        _limit_itself(limits)
        kind, content = _run(work, arguments, extra, limits)
        _free_itself()
        _write(answers, kind, content)


def _listen(calls: queue.SimpleQueue[Any], stop: threading.Event) -> None:
    """Receive calls; end this process when its parent has ended."""
    while True:
        try:
            message = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the parent process
        except (EOFError, OSError, ValueError):
            os._exit(0)
        if message == STOP:
            stop.set()
        else:
            calls.put(message)


def _progress(answers: IO[bytes], stop: threading.Event) -> Callable[[Any], bool]:
    def progress(report: Any) -> bool:
        _write(answers, REPORT, pickle.dumps(report))
        return not stop.is_set()

    return progress


def _run(
    work: Callable[..., Any], arguments: tuple[Any, ...], extra: dict[str, Any], limits: Limits
) -> tuple[bytes, bytes]:
    """Call the work and pickle its result or error, with its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            kind, value = ANSWER, work(*arguments, **extra)
        except MemoryError:
            return LIMIT, pickle.dumps("memory")
        except Exception as error:  # noqa: BLE001 - it is raised again by the caller
            kind, value = ERROR, error
    messages = [warning.message for warning in caught]
    try:
        return kind, _pickle((value, messages), limits.output)
    except _LargeError:
        return LIMIT, pickle.dumps("output")
    except MemoryError:
        return LIMIT, pickle.dumps("memory")
    except Exception:  # noqa: BLE001 - some library's error or warning cannot be pickled
        plain = RuntimeError(f"{type(value).__name__}: {value}") if kind == ERROR else value
        return kind, _pickle((plain, []), limits.output)


def _pickle(value: object, most: int) -> bytes:
    into = _LimitedBuffer(most)
    pickle.dump(value, into, protocol=pickle.HIGHEST_PROTOCOL)
    return into.getvalue()


def _write(answers: IO[bytes], kind: bytes, content: bytes) -> None:
    try:
        answers.write(kind + len(content).to_bytes(HEAD - 1, "big"))
        answers.write(content)
        answers.flush()
    except OSError:
        os._exit(0)  # the parent has gone


def _limit_itself(limits: Limits) -> None:
    """Set the system's own limits, wider than those that the caller watches."""
    try:
        import resource  # noqa: PLC0415 - Windows has none
    except ImportError:
        return
    import psutil  # noqa: PLC0415

    space = psutil.Process().memory_info().vms + 2 * limits.memory + RESERVED
    seconds = int(time.process_time() + 2 * limits.cpu) + 1
    with suppress(ValueError, OSError):  # macOS does not limit address space
        resource.setrlimit(resource.RLIMIT_AS, (space, resource.RLIM_INFINITY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _free_itself() -> None:
    """Lift the limits after a call."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_CPU):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


What = Literal["memory", "cpu", "time", "output", "crash"]


@dataclass(frozen=True)
class Limits:
    """Limits of one call.

    Parameters
    ----------
    memory
        Bytes in addition to what the worker uses before the call.
    cpu
        Seconds of processor time.
    output
        Bytes of the pickled result.
    time
        Seconds by the clock.
    """

    memory: int
    cpu: float
    output: int
    time: float


class LimitError(RuntimeError):
    """A call exceeded a limit and was ended, or its process crashed.

    Parameters
    ----------
    what
        "memory", "cpu", "time", "output", or "crash" for a process that ended by itself.
    """

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what
