"""Try every door with spoilt files, and print the table of reliability.

    python -m tests.property.fuzz [--cases 5000] [--seed 1] [--door NAME] [--number N] [--kills]

A case is known by door, seed and number: `--door areas --seed 1 --number 37` tries that one alone.
"""

# ruff: noqa: T201 - it prints

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.property.fuzz.entries import DOORS, HOSTILE_DOORS
from tests.property.fuzz.kills import WRITES_TRIED, Killed, kill
from tests.property.fuzz.runner import LIMIT, Case, Verdict, cases, run

BAD = {
    "traceback": "tracebacks", "hang": "hangs", "half": "half-writes", "canary": "names run",
    "call": "calls", "memory": "memory", "process": "processes left", "law": "wrong figures",
}  # fmt: skip


def main() -> int:
    """Run what is asked for; 1 where anything went wrong."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--cases", type=int, default=5_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--door", choices=list(DOORS))
    asked.add_argument("--number", type=int)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--hostile", action="store_true", help="try the hostile inputs instead")
    asked.add_argument("--kills", action="store_true", help="kill every write as well")
    said = asked.parse_args()
    doors = [said.door] if said.door else list(DOORS)
    given: Iterable[Case] = cases(doors, said.seed, said.cases)
    if said.number is not None:
        given = [Case(door, said.seed, said.number) for door in doors]
    if said.hostile:
        given = [Case(door, said.seed, 1) for door in HOSTILE_DOORS]
    found = []
    for one in run(given, said.jobs):
        found.append(one)
        if len(found) % 100 == 0:
            print(f"{len(found):,} cases", file=sys.stderr, flush=True)
        if one.kind in BAD:
            print(f"--- {one.case}: {one.kind}\n{one.words}\n", file=sys.stderr, flush=True)
    print(outcomes(found) if said.hostile else reliability(found, said.seed))
    wrong = any(one.kind in BAD for one in found)
    if said.kills:
        killed = {name: _killed(name) for name in WRITES_TRIED}
        print(endurance(killed))
        wrong = wrong or any(one.wrong for one in killed.values())
    return int(wrong)


def _killed(name: str) -> Killed:
    with TemporaryDirectory() as scratch:
        found = kill(name, Path(scratch))
    for words in found.wrong:
        print(f"--- {name}: {words}\n", file=sys.stderr, flush=True)
    return found


def endurance(killed: Mapping[str, Killed]) -> str:
    """The table of writes that were killed, as Markdown."""
    names = ("write", "killed at", "old was there", "new was there", "neither")
    lines = ["", f"| {' | '.join(names)} |", f"|{'---|' * len(names)}"]
    for name, one in killed.items():
        counts = (one.points, one.old, one.new, len(one.wrong))
        lines.append(f"| {name} | {' | '.join(map(str, counts))} |")
    return "\n".join(lines)


def outcomes(found: Iterable[Verdict]) -> str:
    """The table of hostile inputs and what came of each, as Markdown."""
    lines = ["| input | by | outcome |", "|---|---|---|"]
    for one in sorted(found, key=lambda one: one.case.door):
        name, _, way = one.case.door.rpartition(", ")
        words = " ".join(one.words.split()).replace("|", "\\|")[:200]
        lines.append(f"| {name} | {way} | {one.kind}{f': {words}' if words else ''} |")
    return "\n".join(lines)


def reliability(found: Iterable[Verdict], seed: int) -> str:
    """The table of reliability, as Markdown."""
    by_door: dict[str, list[Verdict]] = defaultdict(list)
    for one in found:
        by_door[one.case.door].append(one)
    by_door["all"] = [one for several in list(by_door.values()) for one in several]
    names = ["door", "cases", "used", "share used", "refused in words", *BAD.values(), "slowest, s"]
    lines = [
        f"Seed {seed}, at most {LIMIT:g} seconds of work a case.\n",
        f"| {' | '.join(names)} |",
        f"|{'---|' * len(names)}",
    ]
    for door, verdicts in by_door.items():
        kinds = Counter(one.kind for one in verdicts)
        counts = [len(verdicts), kinds["used"], kinds["refused"], *(kinds[kind] for kind in BAD)]
        part = f"{kinds['used'] / max(len(verdicts), 1):.0%}"
        slowest = max((one.seconds for one in verdicts), default=0.0)
        words = " | ".join([part, *(f"{n:,}" for n in counts[2:])])
        lines.append(f"| {door} | {counts[0]:,} | {counts[1]:,} | {words} | {slowest:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
