"""Worker: one other process that calls functions within limits, reports, and can be stopped.

It is started with a command of its own instead of `multiprocessing`, so a user's script needs no
`if __name__ == "__main__":`, and its environment holds a short list of variables only. Limits
hold for one call: the calling process watches memory, processor time and wall time and ends the
worker where one is passed; the worker limits itself as well where its system can.
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
from nhcplanner.base.limits import LimitError, Limits, What

Report = Callable[[Any], bool | None]
"""Takes what the work reports; False asks it to stop."""

PASSED_ON = (
    "PATH", "HOME", "USERPROFILE", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "TEMP", "TMP", "TMPDIR",
    "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "VIRTUAL_ENV",
    "CONDA_PREFIX", "GDAL_DATA", "PROJ_DATA", "PROJ_LIB", "OMP_NUM_THREADS", "PYTHONHASHSEED",
    "PYTHONUTF8", "NHCPLANNER_LOG",
)  # fmt: skip
"""The only variables of this process that a worker gets: no keys, tokens or passwords."""
WATCHED = 0.02
"""Seconds between two looks at what the worker takes."""
GROWN = 500_000_000
"""Bytes that a worker may keep after a call and still be used again."""


class Worker:
    """A process that waits for calls, one at a time.

    Parameters
    ----------
    environment
        Variables that it gets beside `PASSED_ON`.
    prepare
        "module:function" that it calls once before its first call; empty = nothing.
    """

    def __init__(self, environment: Mapping[str, str] | None = None, prepare: str = "") -> None:
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        home = str(Path(__file__).resolve().parents[2])
        path = os.pathsep.join([home, *(one for one in sys.path if one and one != home)])
        command = f"from nhcplanner.base.child import serve; serve({prepare!r})"
        self._process = subprocess.Popen(  # noqa: S603 - this Python, and a command of our own
            [sys.executable, "-P", "-c", command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**passed, **(environment or {}), "PYTHONPATH": path},
        )
        self._watched = psutil.Process(self._process.pid)
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
            A function of a module, named to the worker.
        arguments
            What can be pickled.
        limits
            What the call may take.
        report
            Called with each thing that the work gives to its argument `progress`, which it must
            then have; after it has returned False, `progress` returns False in the work.

        Raises
        ------
        LimitError
            Where a limit is passed or the process ends; the worker is then closed.
        Exception
            What the work raises.
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
        value, heard = pickle.loads(content)  # noqa: S301
        for warning in heard:
            warnings.warn(warning, stacklevel=3)
        if kind == child.ERROR:
            raise value
        return value

    @property
    def is_fit(self) -> bool:
        """Whether it runs, and keeps little of what earlier calls took."""
        with suppress(psutil.Error):
            return self._process.poll() is None and self._watched.memory_info().rss < GROWN
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
        """Wait for the answer; end the wait where the worker takes more than it may."""
        began, meter = time.monotonic(), _Meter(self._watched, limits)
        while True:
            try:
                kind, content = self._messages.get(timeout=WATCHED)
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
            passed = meter.passed()
            if passed:
                raise LimitError(passed)
            if time.monotonic() - began > limits.time:
                raise LimitError("time")

    def _listen(self) -> None:
        """Take what the worker writes; what is too large is not read."""
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
    """What a process takes since a call began."""

    def __init__(self, process: psutil.Process, limits: Limits) -> None:
        self._process, self._limits = process, limits
        self._memory = self._cpu = self._most = self._used = 0.0
        with suppress(psutil.Error):
            self._memory, self._cpu = self._taken()

    def _taken(self) -> tuple[float, float]:
        times = self._process.cpu_times()
        return float(self._process.memory_info().rss), times.user + times.system

    def passed(self) -> What | None:
        """Which limit is passed."""
        with suppress(psutil.Error):
            memory, cpu = self._taken()
            self._most = max(self._most, memory - self._memory)
            self._used = cpu - self._cpu
        if self._most > self._limits.memory:
            return "memory"
        return "cpu" if self._used > self._limits.cpu else None

    def nearest(self) -> What:
        """Which limit a process that ended by itself was at: its system may have ended it."""
        if self._used > 0.9 * self._limits.cpu:
            return "cpu"
        return "memory" if self._most > 0.5 * self._limits.memory else "crash"


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None
    return pipe
