"""Mutants: copies of the package with one line made wrong, each of which the laws must notice.

python -m tests.property.fuzz.mutants [--cases 25] [--jobs 2]
"""

# ruff: noqa: T201 - it prints

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[3]
LIMIT = 2_400.0
"""Seconds within which a copy must have been judged; one that takes longer counts as survived."""


@dataclass(frozen=True)
class Mutant:
    """A line of the package, and what it is made into.

    Parameters
    ----------
    name
        What is wrong then.
    file
        Below the package's folder.
    line
        Text that stands in the file once.
    instead
        What stands there in the copy.
    """

    name: str
    file: str
    line: str
    instead: str


MUTANTS = (
    Mutant("reach of the optimiser leaves out its own end", "domain/problem.py",
           "is_covered = (self.minutes.data <= np.float32(self.reach))",
           "is_covered = (self.minutes.data < np.float32(self.reach))"),
    Mutant("coverage leaves out the end of the reach", "access/coverage.py",
           "people[minutes <= np.float32(limit)].sum()",
           "people[minutes < np.float32(limit)].sum()"),
    Mutant("shares of groups leave out the end of the reach", "access/coverage.py",
           "people * (after <= np.float32(limit))", "people * (after < np.float32(limit))"),
    Mutant("coverage counted half as much again", "access/coverage.py",
           'frame[f"people_{when}"] / total if total',
           'frame[f"people_{when}"] * 1.5 / total if total'),
    Mutant("straight lines 1 % longer", "travel/straight_line.py",
           'minutes = self.urban.minutes(km)', 'minutes = self.urban.minutes(km * 1.01)'),
    Mutant("minutes on foot 1 % more", "travel/speed_profile.py",
           "return 60 / self.walk_kmh\n", "return 60 / self.walk_kmh * 1.01\n"),
    Mutant("minutes of the matrix 1 % more", "travel/matrix.py",
           "minutes = values / PER_MINUTE[unit]", "minutes = values * 1.01 / PER_MINUTE[unit]"),
    Mutant("people of the first origin forgotten", "layers/population/origins.py",
           'people = areas["people"].astype("float64")',
           'people = areas["people"].astype("float64") * (areas.index != areas.index[0])'),
    Mutant("optimiser sees one row's people as none", "workflow/problem.py",
           'people=starts.origins["people"].to_numpy(),',
           'people=starts.origins["people"].to_numpy() * (np.arange(len(starts.origins)) != 1),'),
    Mutant("names of two sites swapped", "outputs/frames.py",
           "found = outcome.place.sites.copy()\n",
           'found = outcome.place.sites.copy()\n    found["site_name"] = '
           'found["site_name"].to_numpy()[[1, 0, *range(2, len(found))]]\n'),
    Mutant("bands cut one person's place too late", "access/need.py",
           "middle = np.cumsum(people) - people / 2", "middle = np.cumsum(people)"),
    Mutant("bands from the least deprived", "access/need.py",
           'in_order = in_order.sort_values([key for key in keys if key in areas], kind="stable")',
           'in_order = in_order.sort_values([key for key in keys if key in areas], kind="stable", '
           "ascending=False)"),
    Mutant("fifths of deprivation off by one area", "domain/need_measures.py",
           ".apply(np.ceil)", ".apply(np.floor)"),
    Mutant("centre of an area is any open one", "domain/travel_times.py",
           "order = np.lexsort((minutes.indices[entries], minutes.data[entries], rows))",
           "order = np.lexsort((minutes.indices[entries], rows))"),
    Mutant("existing centres not counted as open before", "domain/journeys.py",
           "before = times.nearest(place.existing)",
           "before = times.nearest(place.existing[:0])"),
    Mutant("people served beyond reach as well", "access/assessment.py",
           "times.nearest(opened) <= np.float32(reach))",
           "times.nearest(opened) <= np.float32(2 * reach))"),
    # The row of the program itself is no mutant here: in places this small the start search finds
    # the best plan without it. tests/property/test_models_brute.py judges the rows.
    Mutant("one centre fewer than was asked for", "workflow/problem.py",
           "count=scenario.count,", "count=scenario.count and scenario.count - 1,"),
)  # fmt: skip


def copy_of(mutant: Mutant, folder: Path) -> Path:
    """Copy the package and make the mutant's line wrong; the folder that the copy lies in.

    Raises
    ------
    ValueError
        Where the line stands in its file no more, or more than once: name another one here.
    """
    shutil.copytree(
        ROOT / "nhcplanner", folder / "nhcplanner", ignore=shutil.ignore_patterns("__pycache__")
    )
    path = folder / "nhcplanner" / mutant.file
    path.write_text(changed(mutant, path.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def changed(mutant: Mutant, text: str) -> str:
    """The text of a mutant's file with its line made wrong.

    Raises
    ------
    ValueError
        Where the line stands in it no more, or more than once.
    """
    if text.count(mutant.line) != 1:
        words = f"{mutant.name}: {mutant.file} has {text.count(mutant.line)} times {mutant.line!r}"
        raise ValueError(words)
    return text.replace(mutant.line, mutant.instead)


def judged(mutant: Mutant | None, cases: int, seed: int) -> tuple[bool, str]:
    """Whether every figure of a copy is right, and what the laws say of it."""
    with TemporaryDirectory() as scratch:
        paths = [str(ROOT)]
        if mutant is not None:
            paths.insert(0, str(copy_of(mutant, Path(scratch))))
        words = [sys.executable, "-P", "-m", "tests.property.fuzz.laws"]
        words += ["--cases", str(cases), "--seed", str(seed)]
        try:
            done = subprocess.run(
                words,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                capture_output=True,
                text=True,
                timeout=LIMIT,
                cwd=scratch,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return True, f"no end within {LIMIT:g} seconds"
    said = (done.stdout.strip() or done.stderr.strip()).splitlines()
    return done.returncode == 0, said[-1] if said else ""


def table(found: Iterable[tuple[str, bool, str]]) -> str:
    """What came of each copy, as Markdown."""
    lines = ["| what is wrong | noticed | by |", "|---|---|---|"]
    for name, is_right, words in found:
        short = words.replace("|", "\\|")[:140]
        lines.append(f"| {name} | {'no' if is_right else 'yes'} | {short} |")
    return "\n".join(lines)


def main() -> int:
    """Judge the package and each mutant; 1 where the package is wrong or a mutant survives."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    options.add_argument("--cases", type=int, default=25)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--jobs", type=int, default=2)
    given = options.parse_args()

    def judge(mutant: Mutant | None) -> tuple[str, bool, str]:
        name = "nothing" if mutant is None else mutant.name
        return name, *judged(mutant, given.cases, given.seed)

    with ThreadPoolExecutor(given.jobs) as pool:
        found = list(pool.map(judge, (None, *MUTANTS)))
    print(table(found))
    package, *mutants = found
    survived = [name for name, is_right, _ in mutants if is_right]
    print(f"\n{len(mutants) - len(survived)} of {len(mutants)} noticed")
    return int(bool(survived) or not package[1])


if __name__ == "__main__":
    sys.exit(main())
