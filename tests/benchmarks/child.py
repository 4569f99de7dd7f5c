"""A process that measures one thing and tells it: CPU, wall, peak memory and what came of it.

    python -m tests.benchmarks.child MODULE:FUNCTION GIVEN ANSWER

GIVEN is a JSON object of the function's arguments, ANSWER the file to write. The function makes
all ready, measures its work alone with `measured`, and returns the figures that `Row` knows. This
file needs the standard library only, so that another tool's own Python can run it.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")


def measured(work: Callable[[], Result]) -> tuple[dict[str, float], Result]:
    """Seconds of CPU (all threads, and the programs it ran) and by the clock; and the result."""
    cpu, wall = _cpu(), time.perf_counter()
    result = work()
    return {"cpu": _cpu() - cpu, "wall": time.perf_counter() - wall}, result


def _cpu() -> float:
    spent = os.times()
    return time.process_time() + spent.children_user + spent.children_system


def peak_mb() -> float | None:
    """Return the most memory this process or a program it ran has held; None if not to be had."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ImportError:
        return None
    unit = 1e6 if sys.platform == "darwin" else 1e3
    own, others = (
        resource.getrusage(who).ru_maxrss / unit
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    status = Path("/proc/self/status")
    if status.exists():  # Linux counts in ru_maxrss what the parent held when it started this one
        lines = status.read_text("ascii").splitlines()
        own = next(int(x.split()[1]) for x in lines if x.startswith("VmHWM")) * 1024 / 1e6
    return max(own, others)


def main() -> None:
    name, given, answer = sys.argv[1:]
    module, _, function = name.partition(":")
    try:
        told = getattr(import_module(module), function)(**json.loads(given))
        told.setdefault("memory", peak_mb())
    except ModuleNotFoundError as error:
        told = {"note": f"not run: {error.name} is not installed"}
    Path(answer).write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    main()
