"""A worker process that calls functions within limits, reports progress and can be stopped.

A command starts the worker, not `multiprocessing`, so a user's script needs no
`if __name__ == "__main__":`, and its environment holds only a short list of variables. The limits
are for one call: the calling process watches memory, processor time and wall time, and ends the
worker if one is exceeded; the worker also limits itself where its system allows.
"""

from __future__ import annotations

import os
import pickle
import queue
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import psutil

from nhcplanner.base import child
from nhcplanner.base.child import LimitError, Limits, What

Report = Callable[[Any], bool | None]
"""Receives the reports of the work; returning False asks it to stop."""

INHERITED = (
    "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR",
    "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV",
    "CONDA_PREFIX", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "OMP_NUM_THREADS", "PYTHONHASHSEED",
    "PYTHONUTF8", "NHCPLANNER_LOG",
)  # fmt: skip
"""The only variables of this process that a worker inherits: no keys, tokens or passwords."""
CHECK_EVERY = 0.02
"""Seconds between two checks of the worker's use of resources."""
MOST_IDLE_MEMORY = 500_000_000
"""Bytes of memory up to which a worker is used again after a call."""


class Worker:
    """A process that runs calls, one at a time.

    Parameters
    ----------
    environment
        Environment variables in addition to `INHERITED`.
    prepare
        "module:function" to call once before the first call; empty = nothing.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, prepare: str = "") -> None:
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        home = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join([home, *(one for one in sys.path if one and one != home)])
        command = f"from nhcplanner.base.child import serve; serve({prepare!r})"
        self._process = subprocess.Popen(  # noqa: S603 - this Python, and a command of our own
            [sys.executable, "-P", "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**inherited, **(environment or {}), "PYTHONPATH": path},
        )
        self._process_info = psutil.Process(self._process.pid)
        self._messages: queue.SimpleQueue[tuple[bytes, bytes]] = queue.SimpleQueue()
        self._most = child.MOST_REPORT
        threading.Thread(target=self._listen, daemon=True).start()

    def call(
        self,
        work: Callable[..., Any],
        *arguments: Any,
        limits: Limits,
        report: Report | None = None,
    ) -> Any:
        """Call a function in the worker.

        Parameters
        ----------
        work
            A function of a module, which the worker imports by name.
        arguments
            Any values that can be pickled.
        limits
            Limits of this call.
        report
            Receives everything that the work passes to its argument `progress`, which it must
            then have; once `report` has returned False, `progress` returns False in the work.

        Raises
        ------
        LimitError
            If a limit is exceeded or the process ends; the worker is then closed.
        Exception
            Any error of the work.
        """
        self._most = max(limits.output, child.MOST_REPORT)
        try:
            self._send((work, arguments, limits, report is not None))
            kind, content = self._wait(limits, report)
        except BaseException:
            self.close()
            raise
        if kind == child.LIMIT:
            self.close()
            raise LimitError(pickle.loads(content))  # noqa: S301 - written by our own code
        value, messages = pickle.loads(content)  # noqa: S301
        for warning in messages:
            warnings.warn(warning, stacklevel=3)
        if kind == child.ERROR:
            raise value
        return value

    @property
    def is_fit(self) -> bool:
        """Whether it runs and has released the memory of earlier calls."""
        with suppress(psutil.Error):
            return (
                self._process.poll() is None
                and self._process_info.memory_info().rss < MOST_IDLE_MEMORY
            )
        return False

    def close(self) -> None:
        """End the process at once."""
        self._process.kill()
        self._process.wait()
        with suppress(OSError):
            _pipe(self._process.stdin).close()

    def _send(self, message: object) -> None:
        try:
            pickle.dump(message, _pipe(self._process.stdin))
            _pipe(self._process.stdin).flush()
        except OSError:
            raise LimitError("crash") from None

    def _wait(self, limits: Limits, report: Report | None) -> tuple[bytes, bytes]:
        """Wait for the answer, and stop waiting if the worker exceeds a limit."""
        start, meter = time.monotonic(), _Meter(self._process_info, limits)
        while True:
            try:
                kind, content = self._messages.get(timeout=CHECK_EVERY)
            except queue.Empty:
                kind, content = b"", b""
            if kind == child.REPORT and report is not None:
                if report(pickle.loads(content)) is False:  # noqa: S301
                    self._send(child.STOP)
            elif kind == child.LARGE:
                raise LimitError("output")
            elif kind == child.ENDED:
                raise LimitError(meter.nearest())
            elif kind:
                return kind, content
            exceeded = meter.exceeded_limit()
            if exceeded:
                raise LimitError(exceeded)
            if time.monotonic() - start > limits.time:
                raise LimitError("time")

    def _listen(self) -> None:
        """Receive what the worker writes; messages that are too large are not read."""
        pipe = _pipe(self._process.stdout)
        with suppress(OSError, ValueError):
            while len(head := pipe.read(child.HEAD)) == child.HEAD:
                size = int.from_bytes(head[1:], "big")
                if size > self._most:
                    self._messages.put((child.LARGE, b""))
                    break
                self._messages.put((head[:1], pipe.read(size)))
        self._messages.put((child.ENDED, b""))
        pipe.close()


class _Meter:
    """The resources that a process has used since a call began."""

    def __init__(self, process: psutil.Process, limits: Limits) -> None:
        self._process, self._limits = process, limits
        self._memory = self._cpu = self._most = self._cpu_used = 0.0
        with suppress(psutil.Error):
            self._memory, self._cpu = self._measure()

    def _measure(self) -> tuple[float, float]:
        times = self._process.cpu_times()
        return float(self._process.memory_info().rss), times.user + times.system

    def exceeded_limit(self) -> What | None:
        """Return the limit that is exceeded, if any."""
        with suppress(psutil.Error):
            memory, cpu = self._measure()
            self._most = max(self._most, memory - self._memory)
            self._cpu_used = cpu - self._cpu
        if self._most > self._limits.memory:
            return "memory"
        return "cpu" if self._cpu_used > self._limits.cpu else None

    def nearest(self) -> What:
        """Return the limit closest to a process that ended: its system may have ended it."""
        if self._cpu_used > 0.9 * self._limits.cpu:
            return "cpu"
        return "memory" if self._most > 0.5 * self._limits.memory else "crash"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
