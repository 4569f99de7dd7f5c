"""Run the proof bench: everything measured, next to other tools, in one dated table.

    python -m tests.benchmarks [--only travel siting] [--short] [--out out/bench]

Real layers come from NHCPLANNER_REAL; instances from NHCPLANNER_INSTANCES, by default the folder
beside the real layers; tools that are no part of this project from the Python that
NHCPLANNER_PEERS names. What is missing is a row that says so.
"""

# ruff: noqa: T201 - it prints

import argparse
import os
import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks.frame import OURS, Asked, Row
from tests.benchmarks.table import Table, cells

BENCHES = ("travel", "transit", "siting", "published", "england", "scale", "size", "app")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--only", nargs="+", choices=BENCHES, default=BENCHES, metavar="BENCH",
                        help=", ".join(BENCHES))  # fmt: skip
    parser.add_argument("--short", action="store_true", help="tiny instances: proves the bench")
    parser.add_argument("--out", type=Path, default=Path("out/bench"))
    parser.add_argument("--peers", default=os.environ.get("NHCPLANNER_PEERS", sys.executable),
                        metavar="PYTHON", help="that has the other tools")  # fmt: skip
    parser.add_argument("--roads", type=Path, nargs="+", default=[],
                        help="drive graphs (.npz) instead of a grid")  # fmt: skip
    parser.add_argument("--england", type=Path, help="a place folder of all England")
    chosen = parser.parse_args()
    with TemporaryDirectory() as scratch:
        sys.exit(run(chosen, Path(scratch)))


def run(chosen: argparse.Namespace, scratch: Path) -> int:
    """Run the benches and keep each row as it comes; the exit code."""
    real = _folder("NHCPLANNER_REAL")
    asked = Asked(
        scratch,
        short=chosen.short,
        real=real,
        instances=_folder("NHCPLANNER_INSTANCES") or (real and real.parent),
        peers=chosen.peers,
        roads=tuple(path.resolve() for path in chosen.roads),
        england=chosen.england and chosen.england.resolve(),
    )
    table = Table(chosen.out)
    try:
        for name in chosen.only:
            bench(name, asked, table)
        table.end("finished")
    except KeyboardInterrupt:
        table.end("stopped by hand")
    print(f"{len(table.rows)} rows, {table.state}: {table.stem}.md, .csv, .json", flush=True)
    if table.state != "finished":
        return 130
    return int(any(row.tool == OURS and row.note.startswith("failed") for row in table.rows))


def bench(name: str, asked: Asked, table: Table) -> None:
    """Run one bench; its trouble is a row, and the others go on."""
    try:
        for row in import_module(f"tests.benchmarks.bench_{name}").rows(asked):
            print(" | ".join(cells(table.keep(row))), flush=True)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the others go on
        table.keep(Row(job=name, note=f"failed: {type(error).__name__}: {error}".splitlines()[0]))
        print(" | ".join(cells(table.rows[-1])), flush=True)


def _folder(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named).resolve() if named else None


if __name__ == "__main__":
    main()
