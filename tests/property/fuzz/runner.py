"""Runner: cases in child processes, each within a limit, each judged by what it left behind."""

import hashlib
import multiprocessing
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from random import Random
from threading import Lock
from typing import Literal

from nhcplanner import layers
from nhcplanner.domain.errors import PlannerError
from tests.property.fuzz import originals
from tests.property.fuzz.doors import DOORS

LIMIT = 60.0
"""Seconds within which a case must have its answer."""
MEMORY = 8 << 30
"""Bytes of address space that a process of cases may take, where the system can hold it to that."""

Kind = Literal["used", "refused", "traceback", "hang", "half"]


@dataclass(frozen=True)
class Case:
    """One try: the door and what seeds its chance."""

    door: str
    seed: int
    number: int


@dataclass(frozen=True)
class Verdict:
    """What came of a case: "used" and "refused" are as they should be."""

    case: Case
    kind: Kind
    words: str = ""
    seconds: float = 0.0


def cases(doors: Iterable[str], seed: int, count: int) -> Iterator[Case]:
    """So many cases, the doors in turn."""
    named = list(doors)
    turns = (Case(door, seed, number) for number in range(count) for door in named)
    return islice(turns, count)


def run(given: Iterable[Case], jobs: int = 2) -> Iterator[Verdict]:
    """Try cases in so many child processes; verdicts come as they are ready."""
    waiting, lock, found = iter(given), Lock(), SimpleQueue()

    def next_case() -> Case | None:
        with lock:
            return next(waiting, None)

    def work() -> None:
        try:
            with closing(_Child()) as child:
                for case in iter(next_case, None):
                    found.put(child.judge(case))
        finally:
            found.put(None)

    with ThreadPoolExecutor(jobs) as pool:
        working = [pool.submit(work) for _ in range(jobs)]
        try:
            for _ in working:
                yield from iter(found.get, None)
        finally:
            waiting = iter(())  # nobody asks for more
    for one in working:
        one.result()


class _Child:
    """A process that tries one case after the other; where one hangs or kills it, a new one."""

    def __init__(self) -> None:
        self._start()

    def judge(self, case: Case) -> Verdict:
        begin = time.monotonic()
        try:
            self._pipe.send(case)
            if not self._pipe.poll(LIMIT):
                raise TimeoutError
            kind, words = self._pipe.recv()
        except TimeoutError:
            kind, words = "hang", f"no answer within {LIMIT:g} seconds"
            self._again()
        except (EOFError, OSError):
            kind, words = "traceback", f"the process ended with {self._process.exitcode}"
            self._again()
        return Verdict(case, kind, words, time.monotonic() - begin)

    def close(self) -> None:
        """End the process, and throw away what it wrote."""
        self._process.kill()
        self._process.join()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _again(self) -> None:
        self.close()
        self._start()

    def _start(self) -> None:
        self._scratch = Path(tempfile.mkdtemp(prefix="nhc-fuzz-"))
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._scratch), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()


def serve(pipe: Connection, scratch: Path) -> None:
    """Make the originals, say so, then try the cases that come."""
    _bound_memory()
    sound = scratch / "sound"
    sound.mkdir()
    originals.make(sound)
    pipe.send("ready")
    while True:
        case = pipe.recv()
        pipe.send(tried(case, sound, scratch / "case"))


def tried(case: Case, sound: Path, folder: Path) -> tuple[Kind, str]:
    """Try a case in a fresh copy of the originals, and look at what it left.

    What is refused leaves every file as it was; what is used leaves nothing unfinished.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound, folder)
    here = Path.cwd()
    chance, door = Random(f"{case.seed} {case.door} {case.number}"), DOORS[case.door]
    os.chdir(folder)
    try:
        if chance.random() < 0.5:
            _begun(folder / "out", case.door)
        door.enter(folder, chance)
        before = held(folder)
        code = door.attempt(folder, chance)
        wrong = unfinished(folder, before, code)
    except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
        return "traceback", traceback.format_exc()
    finally:
        os.chdir(here)
    if wrong:
        return "half", wrong
    return ("used", "") if code == 0 else ("refused", "")


def _begun(out: Path, door: str) -> None:
    """Let an earlier result lie where this one would go; an upload always has a new folder."""
    if door.startswith("app"):
        return
    from_there = out.parent / ("plan" if door in PLANS else "place")
    shutil.copytree(from_there, out)


PLANS = ("scenario", "scenario, --set", "place folder", "saved plan", "questions")


def held(folder: Path) -> dict[str, str]:
    """Every file in a folder, and the hash of its content; minutes kept are nobody's result."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not (path.parent.name == "times" and path.suffix == ".npz")
    }


def unfinished(folder: Path, before: dict[str, str], code: int) -> str:
    """What a case left half done, in words; empty where nothing."""
    now = held(folder)
    odd = [name for name in now if any(part.startswith(".") for part in Path(name).parts)]
    if odd:
        return f"left unfinished files: {odd}"
    changed = {name for name in before | now if before.get(name) != now.get(name)}
    if code:
        return f"was refused, and changed {sorted(changed)}" if changed else ""
    strange = {name for name in changed if not name.startswith("out/")}
    if strange:
        return f"changed more than it was to: {sorted(strange)}"
    return _whole(folder / "out") if changed else ""


def _whole(out: Path) -> str:
    """Whether a result can be read back, by what reads such results."""
    try:
        if layers.is_place_folder(out):
            layers.read_place(out)
        elif (out / "plan.json").is_file():
            layers.read_record(out)
    except PlannerError as error:
        return f"what was written cannot be read back: {error}"
    empty = [path.name for path in out.rglob("*") if path.is_file() and not path.stat().st_size]
    return f"wrote empty files: {empty}" if empty else ""


def _bound_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
