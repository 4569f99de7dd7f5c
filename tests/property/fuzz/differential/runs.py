"""Silent differences: a sound input damaged in one place must never change figures without a word.

    python -m tests.property.fuzz.differential [--cases 500] [--seed 1] [--door NAME] [--number N]

Each case damages one place of one file: a cell, a row, a heading, a tag, a member of a zip. The
place that is then built must have the same figures; or the build is refused or asks a question; or
what it reports has a line more that names the place of the damage. Anything else is a silent
difference. Damage that makes another sound input (a 5 for a 6) is no damage, and is not tried.
"""

# ruff: noqa: T201 - it prints

from __future__ import annotations

import argparse
import tempfile
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

from nhcplanner.base.errors import PlannerError
from tests.property.fuzz.differential.doors import (
    DOORS,
    Read,
    read_minutes,
    read_place,
    write_sound,
)

READERS = {"minutes": read_minutes}
NOT_OURS: Mapping[str, tuple[type[Exception], ...]] = {
    "frames": (ValueError,), "minutes": (ValueError, KeyError),
}  # fmt: skip
"""Errors of pandas, which reads the files of these doors before the planner has them."""


@dataclass(frozen=True)
class Outcome:
    """What came of a case: "same", "refused", "told", "silent" or "traceback"."""

    door: str
    number: int
    kind: str
    words: str = ""


def judge(door: str, seed: int, number: int, sound: Mapping[str, Read]) -> Outcome:
    """Damage one place, build, and compare with the sound place."""
    damage = DOORS[door](Random(f"{seed} {door} {number}"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_sound(folder)
        (folder / damage.file).write_bytes(damage.content)
        try:
            now, lines = READERS.get(door, read_place)(folder, door)
        except (PlannerError, *NOT_OURS.get(door, ())) as error:
            return Outcome(door, number, "refused" if str(error).strip() else "silent", str(error))
        except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
            return Outcome(door, number, "traceback", f"{damage.words}\n{traceback.format_exc()}")
        before, told = sound[door]
        if now == before:
            return Outcome(door, number, "same", damage.words)
        more = lines - told
        if "refused: " in now and "refused: " not in before:
            return Outcome(door, number, "refused", damage.words)
        named = [line for line in more if any(name and name in line for name in damage.names)]
        if named:
            return Outcome(door, number, "told", f"{damage.words}\n{named[0]}")
        shown = "\n  ".join(sorted(more)) or "nothing"
        return Outcome(door, number, "silent", f"{damage.words}\n  {shown}")


def sound_places(doors: Iterable[str]) -> dict[str, Read]:
    """Figures and lines of the sound place, by door."""
    found = {}
    for door in doors:
        with tempfile.TemporaryDirectory() as scratch:
            write_sound(Path(scratch))
            found[door] = READERS.get(door, read_place)(Path(scratch), door)
    return found


def run(doors: Iterable[str], seed: int, numbers: Iterable[int]) -> Iterator[Outcome]:
    """Judge cases, the doors in turn."""
    doors = list(doors)
    sound = sound_places(doors)
    for number in numbers:
        for door in doors:
            yield judge(door, seed, number, sound)


def _side_by_side(
    doors: list[str], seed: int, numbers: Sequence[int], jobs: int
) -> Iterator[Outcome]:
    """Judge cases on so many processes, a slice of the numbers each."""
    if jobs < 2 or len(numbers) < jobs:
        yield from run(doors, seed, numbers)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        parts = [pool.submit(_listed, doors, seed, numbers[n::jobs]) for n in range(jobs)]
        for part in parts:
            yield from part.result()


def _listed(doors: list[str], seed: int, numbers: Sequence[int]) -> list[Outcome]:
    return list(run(doors, seed, numbers))


def table(found: Iterable[Outcome]) -> str:
    """The table of outcomes by door, as Markdown."""
    kinds = ("same", "refused", "told", "silent", "traceback")
    counts = Counter((one.door, one.kind) for one in found)
    doors = list(dict.fromkeys(door for door, _ in counts))
    lines = [f"| door | cases | {' | '.join(kinds)} |", f"|{'---|' * (len(kinds) + 2)}"]
    for door in doors:
        row = [counts[door, kind] for kind in kinds]
        lines.append(f"| {door} | {sum(row):,} | {' | '.join(f'{n:,}' for n in row)} |")
    return "\n".join(lines)


def main(words: list[str] | None = None) -> int:
    """Run what is asked for; 1 where figures changed in silence."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--cases", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--door", choices=list(DOORS))
    asked.add_argument("--number", type=int)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--jobs", type=int, default=1)
    said = asked.parse_args(words)
    doors = [said.door] if said.door else list(DOORS)
    last = said.first + -(-said.cases // len(doors))
    numbers = [said.number] if said.number is not None else range(said.first, last)
    found = []
    for one in _side_by_side(doors, said.seed, numbers, said.jobs):
        found.append(one)
        if one.kind in ("silent", "traceback") or said.number is not None:
            print(f"--- {one.door} {one.number}: {one.kind}: {one.words}", flush=True)
    print(table(found))
    return int(any(one.kind in ("silent", "traceback") for one in found))
