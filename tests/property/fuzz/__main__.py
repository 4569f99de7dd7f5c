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

from tests.property.fuzz.doors import DOORS
from tests.property.fuzz.kills import WRITES_TRIED, Killed, kill
from tests.property.fuzz.runner import LIMIT, Case, Verdict, cases, run

BAD = {"traceback": "tracebacks", "hang": "hangs", "half": "half-writes"}


def main() -> int:
    """Run what is asked for; 1 where anything went wrong."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--cases", type=int, default=5_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--door", choices=list(DOORS))
    asked.add_argument("--number", type=int)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--kills", action="store_true", help="kill every write as well")
    said = asked.parse_args()
    doors = [said.door] if said.door else list(DOORS)
    given: Iterable[Case] = cases(doors, said.seed, said.cases)
    if said.number is not None:
        given = [Case(door, said.seed, said.number) for door in doors]
    found = []
    for one in run(given, said.jobs):
        found.append(one)
        if one.kind in BAD:
            print(f"--- {one.case}: {one.kind}\n{one.words}\n", file=sys.stderr, flush=True)
    print(reliability(found, said.seed))
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


def reliability(found: Iterable[Verdict], seed: int) -> str:
    """The table of reliability, as Markdown."""
    by_door: dict[str, list[Verdict]] = defaultdict(list)
    for one in found:
        by_door[one.case.door].append(one)
    by_door["all"] = [one for several in list(by_door.values()) for one in several]
    lines = [
        f"Seed {seed}, at most {LIMIT:g} seconds a case.\n",
        f"| door | cases | used | refused in words | {' | '.join(BAD.values())} | slowest, s |",
        f"|---|{'---|' * (len(BAD) + 4)}",
    ]
    for door, verdicts in by_door.items():
        kinds = Counter(one.kind for one in verdicts)
        counts = [len(verdicts), kinds["used"], kinds["refused"], *(kinds[kind] for kind in BAD)]
        slowest = max((one.seconds for one in verdicts), default=0.0)
        lines.append(f"| {door} | {' | '.join(f'{n:,}' for n in counts)} | {slowest:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
