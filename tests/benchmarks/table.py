"""The dated table of a run: each row kept at once, as Markdown, CSV and JSON."""

from __future__ import annotations

import csv
import io
import json
import os
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.frame import OURS, ROOT, Row

PACKAGES = (
    "nhcplanner", "numpy", "scipy", "pandas", "geopandas", "shapely", "numba", "osmium", "highspy",
    "pulp", "networkx", "osmnx", "streamlit",
)  # fmt: skip
HEADINGS = {
    "job": "job", "tool": "tool", "cpu": "CPU s", "wall": "wall s", "ready": "ready s",
    "memory": "peak MB",
    "value": "result", "bound": "bound", "gap": "gap %", "ratio": "ratio", "note": "note",
}  # fmt: skip
EXPLAINED = (
    "CPU seconds are of all threads and of programs started; what must be made ready once stands "
    "apart. Peak memory is of the row's own process, making ready counted. The ratio is a tool's "
    "CPU seconds over nhcplanner's for the same job in this run. Machines differ: compare ratios, "
    "not seconds. Where a plan is not proved, all the time that was given is spent: compare the "
    "results, and on a busy machine see the load, for time is given by the clock."
)


def machine() -> dict[str, str]:
    """Say what a run ran on."""
    return {
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "cpu": _processor(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load at the start": _load(),
        "commit": _commit(),
    }


def _load() -> str:
    """Processes that wanted the processor in the last minute; unknown on Windows."""
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def _commit() -> str:
    """The commit that is measured, `dirty` if changed since; unknown away from a checkout."""
    try:
        told = subprocess.run(
            ["git", "describe", "--always", "--dirty"],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return "unknown"
    return told.stdout.strip() or "unknown"


def _processor() -> str:
    told = Path("/proc/cpuinfo")
    if told.exists():
        for line in told.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _memory() -> str:
    try:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return "unknown"
    return f"{total / 1e9:.0f} GB"


def versions(packages: Sequence[str] = PACKAGES) -> dict[str, str]:
    """Give the version of each package that is installed."""
    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def with_ratio(row: Row, before: Sequence[Row]) -> Row:
    """Hold a row against our own of the same job."""
    own = next((r for r in before if r.job == row.job and r.tool == OURS), None)
    if own is None:
        return row
    spent, ours = (row.cpu, own.cpu) if row.cpu and own.cpu else (row.wall, own.wall)
    return replace(row, ratio=spent / ours) if spent and ours else row


class Table:
    """Rows of one run, on disk after each.

    Parameters
    ----------
    folder
        Where to: DATE-TIME.md, .csv and .json; made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.machine, self.versions = machine(), versions()
        self.rows: list[Row] = []
        self.state = "not finished"
        folder.mkdir(parents=True, exist_ok=True)
        self.stem = folder / f"{datetime.now(UTC):%Y-%m-%d-%H%M%S}"

    def keep(self, row: Row) -> Row:
        """Add a row, with its ratio, and write all three files."""
        self.rows.append(with_ratio(row, self.rows))
        self.write()
        return self.rows[-1]

    def end(self, state: str) -> None:
        """Say how the run ended."""
        self.state = state
        self.machine["load at the end"] = _load()
        self.write()

    def write(self) -> None:
        """Write the three files, each whole or not at all."""
        for suffix, text in {"md": self.markdown(), "csv": self.csv(), "json": self.json()}.items():
            path = Path(f"{self.stem}.{suffix}")
            part = path.with_name(f".{path.name}.part")
            part.write_text(text, encoding="utf-8")
            part.replace(path)

    def markdown(self) -> str:
        """Tell the run as a page."""
        said = [f"# Bench of {self.machine['date']}", ""]
        said += [f"- {name}: {value}" for name, value in self.machine.items() if name != "date"]
        said += ["- " + ", ".join(f"{name} {value}" for name, value in self.versions.items())]
        said += [f"- {len(self.rows)} rows, {self.state}", "", EXPLAINED, ""]
        said += ["| " + " | ".join(HEADINGS.values()) + " |", "|---" * len(HEADINGS) + "|"]
        said += ["| " + " | ".join(cells(row)) + " |" for row in self.rows]
        return "\n".join(said) + "\n"

    def csv(self) -> str:
        """Tell the rows as a table for programs."""
        text = io.StringIO()
        writer = csv.DictWriter(text, [f.name for f in fields(Row)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(row) for row in self.rows)
        return text.getvalue()

    def json(self) -> str:
        """Tell the run, machine and versions with it, for programs."""
        told = {"machine": self.machine, "versions": self.versions, "state": self.state}
        return json.dumps({**told, "rows": [asdict(row) for row in self.rows]}, indent=1) + "\n"


def cells(row: Row) -> list[str]:
    """Give a row in words, one for each heading."""
    part = f"a part done, seconds x {row.scaled:g}" if row.scaled != 1 else ""
    shown = {
        "job": row.job,
        "tool": f"{row.tool} {row.version}".strip(),
        "cpu": _figure(row.cpu),
        "wall": _figure(row.wall),
        "ready": _figure(row.ready),
        "memory": _figure(row.memory, 0),
        "value": f"{_figure(row.value, 0)} {row.unit}".strip(),
        "bound": _figure(row.bound, 0),
        "gap": _figure(row.gap, 3),
        "ratio": "" if row.ratio is None or row.tool == OURS else f"{row.ratio:.1f} x",
        "note": "; ".join(filter(None, (part, row.note))).replace("|", "/"),
    }
    return [shown[name] for name in HEADINGS]


def _figure(value: float | None, places: int = 2) -> str:
    return "" if value is None else f"{value:,.{places}f}"
