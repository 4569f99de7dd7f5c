"""Things for a worker to do in tests."""

from __future__ import annotations

import os
import signal
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np


def doubled(number: int) -> int:
    return 2 * number


def process() -> int:
    return os.getpid()


def variables() -> dict[str, str]:
    return dict(os.environ)


def take_memory(size: int) -> int:
    held = [bytearray(b"x" * 10_000_000) for _ in range(size // 10_000_000)]
    time.sleep(60)
    return len(held)


def reserve(size: int) -> int:
    return len(np.ones(size // 8))


def never_end() -> None:
    while True:
        pass


def sleep(seconds: float) -> None:
    time.sleep(seconds)


def large(size: int) -> bytes:
    return os.urandom(1_000) * (size // 1_000)


def fail() -> None:
    raise KeyError("no such thing")


def fail_oddly() -> None:
    class OddError(Exception):
        """Cannot be pickled: its class is no module's."""

    raise OddError("an odd one")


def end_itself() -> None:
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(60)


def talk() -> str:
    print("words between messages")  # noqa: T201
    os.write(1, b"words of a library")
    sys.stdout.flush()
    warnings.warn("mind this", UserWarning, stacklevel=1)
    return "done"


def count(most: int, progress: Callable[[Any], bool]) -> int:
    number = 0
    while number < most and progress(number):
        number += 1
        time.sleep(0.001)
    return number
