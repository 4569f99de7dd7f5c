"""The frame of the bench: a benchmark is a function that yields rows.

`rows(asked)` of each `bench_*.py` yields a `Row` for each thing measured, our own before other
tools'. `Asked.measure` runs a function in a process of its own (see `child`), so that CPU, memory
and trouble are that row's alone. What cannot be run is a row that says why.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

ROOT = Path(__file__).parents[2]
OURS = "nhcplanner"
HOUR = 3600.0


@dataclass(frozen=True, kw_only=True)
class Row:
    """One thing measured; None where a figure does not apply or is not known.

    Parameters
    ----------
    job
        What was done, the same words for every tool that did it.
    tool, version
        Who did it.
    cpu, wall
        Seconds; scaled up where only a part was done.
    ready
        CPU seconds of making ready, where it is no part of `cpu` but must be paid once.
    memory
        Peak memory in MB of the row's process, its making ready counted.
    value, unit
        What came of it, to compare between tools.
    bound, gap
        What no plan can pass; per cent that the plan may be from it.
    ratio
        CPU seconds (by the clock, where there is no CPU) over our own for the same job.
    scaled
        The times that the part done was multiplied by.
    note
        Whatever else a reader must know.
    """

    job: str
    tool: str = OURS
    version: str = ""
    cpu: float | None = None
    wall: float | None = None
    ready: float | None = None
    memory: float | None = None
    value: float | None = None
    unit: str = ""
    bound: float | None = None
    gap: float | None = None
    ratio: float | None = None
    scaled: float = 1
    note: str = ""


def scaled_up(row: Row, times: float) -> Row:
    """Say of a row that its seconds stand for so many times the work done."""
    if row.cpu is None or row.wall is None:
        return row
    return replace(row, cpu=row.cpu * times, wall=row.wall * times, scaled=times)


@dataclass(frozen=True)
class Asked:
    """What a run is asked to measure, and where it finds what it needs.

    Parameters
    ----------
    scratch
        A folder for files between processes.
    short
        Tiny instances, to prove the bench and not the product.
    real
        The real layers; None where there are none.
    instances
        The folder that holds bench/instances.py and instances/; None where there is none.
    peers
        The Python that has the tools which are no part of this project.
    roads
        Drive graphs to measure on; where there are none, a grid is made.
    england
        A place folder of all England; where there is none, it is built of the real layers.
    """

    scratch: Path
    short: bool = False
    real: Path | None = None
    instances: Path | None = None
    peers: str = sys.executable
    roads: tuple[Path, ...] = ()
    england: Path | None = None

    def measure(
        self, job: str, function: str, *, tool: str = OURS, limit: float = HOUR, **given: object
    ) -> Row:
        """Run `module:function` of this folder in a process of its own; see `child`.

        A tool of another environment says so by a module that is called `peers_...`.
        """
        module = function.partition(":")[0]
        python = self.peers if module.startswith("peers_") else sys.executable
        answer = self.scratch / "answer.json"
        answer.unlink(missing_ok=True)
        command = [python, "-m", "tests.benchmarks.child", f"tests.benchmarks.{function}"]
        command += [json.dumps(given, default=str), str(answer)]
        trouble = _run(command, limit)
        if trouble or not answer.exists():
            return Row(job=job, tool=tool, note=trouble or "failed: it told nothing")
        return Row(job=job, tool=tool, **json.loads(answer.read_text("utf-8")))


def lacking(job: str, why: str) -> Row:
    """Say why a job could not be run."""
    return Row(job=job, note=f"not run: {why}")


def _run(command: list[str], limit: float) -> str:
    """Run to the end, or end it with all that it started; gives what went wrong, if anything."""
    own_group = os.name == "posix"
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        start_new_session=own_group,
    ) as child:  # fmt: skip
        try:
            said = child.communicate(timeout=limit)[1]
        except subprocess.TimeoutExpired:
            return f"not done in {limit:.0f} s"
        finally:
            if child.poll() is None:
                if own_group:
                    os.killpg(child.pid, signal.SIGKILL)
                else:
                    child.kill()
    if child.returncode == 0:
        return ""
    last = said.strip().splitlines()[-1:] or [f"exit code {child.returncode}"]
    return f"failed: {last[0]}"
