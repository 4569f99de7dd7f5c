"""Runner: cases in server processes, each within limits, each judged by what it left behind.

A server tries one case after the other, and is replaced after some, and where a case breaks it.
"""

import hashlib
import multiprocessing
import os
import shutil
import tempfile
import time
import traceback
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from random import Random
from threading import Lock
from typing import Literal

import psutil

from nhcplanner import layers
from nhcplanner.base.errors import PlannerError
from tests.property.fuzz import canaries, dictionary, originals, reading, watch
from tests.property.fuzz.entries import DOORS, HOSTILE_DOORS, MESSAGES

LIMIT = 60.0
"""Seconds of work within which a case must have its answer."""
PATIENCE = 1200.0
"""Seconds by the clock within which it must, however busy the machine is."""
ADDRESSES = 8 << 30
"""Bytes of address space that a process of cases may take, where the system can hold it to that."""
LOOK = 0.5
"""Seconds between two looks at the memory of a case."""
MOST_WORDS = 600
"""Characters of a message that a verdict keeps."""
DISK = 300 << 20
"""Bytes of files that a case may leave."""
MOST_CASES = 200
"""Cases after which a server is replaced, so that nothing of many cases adds up."""

Kind = Literal[
    "used", "refused", "traceback", "hang", "half", "canary", "call", "memory", "process", "law"
]


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
    """Try cases in so many server processes; verdicts come as they are ready."""
    with tempfile.TemporaryDirectory(prefix="nhc-fuzz-sound-") as folder:
        sound = Path(folder) / "sound"
        make_originals(sound)
        yield from _judged(iter(given), sound, jobs)


def _judged(waiting: Iterator[Case], sound: Path, jobs: int) -> Iterator[Verdict]:
    lock, found = Lock(), SimpleQueue[Verdict | None]()

    def next_case() -> Case | None:
        with lock:
            return next(waiting, None)

    def work() -> None:
        try:
            with closing(_Server(sound)) as server:
                for case in iter(next_case, None):
                    found.put(server.judge(case))
        finally:
            found.put(None)

    with ThreadPoolExecutor(jobs) as pool:
        working = [pool.submit(work) for _ in range(jobs)]
        try:
            for _ in working:
                yield from iter(found.get, None)
        finally:
            with lock:
                waiting = iter(())  # nobody asks for more
    for one in working:
        one.result()


def make_originals(sound: Path) -> None:
    """Make the originals in a process that ends."""
    sound.mkdir()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=originals.make, args=(sound,))
    process.start()
    process.join()
    if process.exitcode:
        raise EOFError("the originals could not be made")


class _Server:
    """A process that tries cases; where one hangs or kills it, a new one."""

    def __init__(self, sound: Path) -> None:
        self._sound = sound
        self._start()

    def judge(self, case: Case) -> Verdict:
        if self._tried >= MOST_CASES:
            self._again()
        self._tried += 1
        begin = time.monotonic()
        try:
            self._pipe.send(case)
            kind, words = self._answer(begin + PATIENCE)
        except (EOFError, OSError):
            kind, words = "traceback", f"the process ended with {self._process.exitcode}"
        if kind in ("hang", "memory") or not self._process.is_alive():
            self._again()
        heard = self._listener.heard()
        if heard:
            kind, words = "call", f"the server on this machine heard {heard[:5]}\n{words}"
        return Verdict(case, kind, words, time.monotonic() - begin)

    def _answer(self, limit: float) -> tuple[Kind, str]:
        """What comes of a case, within the limits of seconds and of memory."""
        process = psutil.Process(self._process.pid)
        before = watch.seconds_of_work(process)
        while not self._pipe.poll(LOOK):
            memory = watch.held_memory(process)
            if memory > watch.MEMORY:
                return "memory", f"held {memory / 2**20:,.0f} MB"
            work = watch.seconds_of_work(process) - before
            if work > LIMIT or time.monotonic() > limit:
                return "hang", f"no answer after {work:.0f} seconds of work"
        found: tuple[Kind, str] = self._pipe.recv()
        return found

    def close(self) -> None:
        """End the process and what it started, and throw away what it wrote."""
        with suppress(psutil.Error):
            watch.end_tree(psutil.Process(self._process.pid))
        self._process.join()
        self._listener.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _again(self) -> None:
        self.close()
        self._start()

    def _start(self) -> None:
        self._tried = 0
        self._scratch = Path(tempfile.mkdtemp(prefix="nhc-fuzz-"))
        self._listener = watch.Listener()
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        given = (theirs, self._sound, self._scratch, self._listener.url)
        self._process = context.Process(target=serve, args=given)
        self._process.start()
        theirs.close()
        self._pipe.recv()


def serve(pipe: Connection, sound: Path, scratch: Path, url: str) -> None:
    """Say that all is ready, then try the cases that come."""
    _bound_memory()
    watch.adopt_orphans()
    dictionary.use(watch.Lures(url, watch.place_secrets(scratch)))
    calls = watch.Calls()
    pipe.send("ready")
    while True:
        case = pipe.recv()
        answer = tried(case, sound, scratch / "case")
        if calls.found:
            answer = ("call", f"{calls.found[:5]}\n{answer}")
            calls.found.clear()
        left = watch.left_processes()
        if left and answer[0] in ("used", "refused"):
            answer = ("process", f"left processes behind: {left}")
        pipe.send(answer)


def tried(case: Case, sound: Path, folder: Path) -> tuple[Kind, str]:
    """Try a case in a fresh copy of the originals, and look at what it left.

    What is refused leaves every file as it was; what is used leaves nothing unfinished, and holds
    every name as it went in.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sound, folder)
    here = Path.cwd()
    chance = Random(f"{case.seed} {case.door} {case.number}")
    door = DOORS[case.door] if case.door in DOORS else HOSTILE_DOORS[case.door]
    os.chdir(folder)
    MESSAGES.clear()
    try:
        if case.door in DOORS and chance.random() < 0.5:
            _begun(folder / "out", case.door)
        door.enter(folder, chance)
        before, brought = held(folder), names_brought(folder)
        code = door.attempt(folder, chance)
        wrong = unfinished(folder, before, code)
        run = names_run(folder, before, brought)
    except AssertionError as error:
        kind: Kind = "law" if case.door == "laws" else "traceback"
        return kind, "".join(traceback.format_exception(error, limit=-4))
    except Exception:  # noqa: BLE001 - whatever escapes is what is looked for
        return "traceback", traceback.format_exc()
    finally:
        os.chdir(here)
    if run:
        return "canary", run
    if wrong:
        return "half", wrong
    return ("used", "") if code == 0 else ("refused", "\n".join(MESSAGES).strip()[:MOST_WORDS])


def names_brought(folder: Path) -> set[str]:
    """Words of the canaries that stand whole wherever they stand in what a case brings.

    Names that were cut or overwritten say nothing of what comes out.
    """
    there: set[str] = set()
    broken: set[str] = set()
    for path in _files(folder):
        for _, text in reading.texts(path):
            there |= canaries.words(text)
            broken |= {word for fault in canaries.faults(text) for word in canaries.words(fault)}
    return there - broken


def names_run(folder: Path, before: dict[str, str], brought: set[str]) -> str:
    """What is wrong with names and secrets in what a case wrote, in words; empty where nothing."""
    if any(folder.rglob(canaries.COMMAND)):
        return "a name was run as a command"
    found = []
    now = held(folder)
    changed = [folder / name for name, content in now.items() if before.get(name) != content]
    size = sum(path.stat().st_size for path in changed)
    if size > DISK:
        found.append(f"wrote {size / 2**20:,.0f} MB")
    for path in changed:
        for name, text in reading.texts(path):
            if watch.SECRET in text:
                found.append(f"{name} holds a secret")
            found += [f"{name}: {fault}" for fault in canaries.faults(text)
                      if canaries.words(fault) & brought]  # fmt: skip
            if name.endswith((".html", ".svg", ".kml")):
                found += [f"{name}: {fault}" for fault in canaries.page_faults(text)]
    words = "\n".join(MESSAGES)
    if watch.SECRET in words:
        found.append(f"a message holds a secret: {words[:2000]}")
    return "\n".join(found[:10])


def _begun(out: Path, door: str) -> None:
    """Let an earlier result lie where this one would go; an upload always has a new folder."""
    if door.startswith("app") or door == "laws":
        return
    from_there = out.parent / ("plan" if door in PLANS else "place")
    shutil.copytree(from_there, out)


PLANS = ("scenario", "scenario, --set", "place folder", "saved plan", "questions", "hand-in")


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


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
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
