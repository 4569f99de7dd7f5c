"""Kills: every write ended without warning before each of its steps; old or new must be there.

A step is a file opened to be written, renamed, removed or copied, or a folder made or removed.
"""

import hashlib
import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import httpx
import numpy as np
from shapely import box

from nhcplanner import Scenario, layers, workflow
from nhcplanner.base import atomic as whole_files
from nhcplanner.base.atomic import atomic_directory, finish_interrupted
from nhcplanner.base.errors import FetchError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.plan import Plan
from nhcplanner.domain.travel_times import TravelTimes, as_minutes
from nhcplanner.layers.place_folder import folder as folders
from nhcplanner.layers.web.cache import CachedWeb
from nhcplanner.layers.web.request import Request
from nhcplanner.scale.cache import PlanCache
from nhcplanner.travel import cache as times_cache
from nhcplanner.travel.cache import cached_times

EVENTS = frozenset(
    {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "shutil.copyfile"}
)
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
EACH = 3
"""Steps at the start of a write, each of which is killed whatever the stride."""
LONGEST = 120.0
"""Seconds within which a child must have ended, by itself or killed."""


@dataclass(frozen=True)
class Write:
    """A write that is tried.

    Parameters
    ----------
    old, new
        Write one state or the other into a folder.
    read
        What the folder holds, by whatever reads it; comparable.
    """

    old: Callable[[Path], object]
    new: Callable[[Path], object]
    read: Callable[[Path], object]


@dataclass(frozen=True)
class Killed:
    """What came of killing one write at each of its steps."""

    points: int
    old: int
    new: int
    wrong: tuple[str, ...]


def kill(name: str, scratch: Path, stride: int = 1) -> Killed:
    """Kill a write before its first step, its second, and so on, and look at what is there.

    Parameters
    ----------
    name
        A key of `WRITES_TRIED`.
    scratch
        An empty folder.
    stride
        Steps from one kill to the next after the first `EACH`; 1 = kill at every step.
    """
    with impatient():
        return _killed(name, scratch, stride)


def _killed(name: str, scratch: Path, stride: int) -> Killed:
    one, begun, done = WRITES_TRIED[name], scratch / "begun", scratch / "done"
    for folder in (begun, done):
        folder.mkdir(parents=True)
        one.old(folder)
    old = one.read(begun)
    one.new(done)
    new = one.read(done)
    assert old != new, f"{name}: old and new look alike"
    counts, wrong = {"old": 0, "new": 0}, []

    def is_killed(step: int) -> bool:
        """Whether the write has such a step; if so, what its kill leaves is counted."""
        folder = scratch / f"at-{step}"
        shutil.copytree(begun, folder)
        if not _ended_at(step, name, folder):
            return False
        found = one.read(folder)
        if found in (old, new):
            counts["new" if found == new else "old"] += 1
        else:
            wrong.append(f"killed before step {step}: {found}")
        one.new(folder)
        if one.read(folder) != new:
            wrong.append(f"killed before step {step}: it cannot be written again")
        shutil.rmtree(folder)
        return True

    step = points = 0
    while is_killed(step):
        step, points = step + (stride if step >= EACH else 1), points + 1
    # the last steps are those that bring the new state into place
    last = max(step - stride + 1, 0) if step > EACH else step
    for missed in range(last, step):
        if not is_killed(missed):
            break
        points += 1
    return Killed(points, counts["old"], counts["new"], tuple(wrong))


def _ended_at(step: int, name: str, folder: Path) -> bool:
    """Whether a child that writes was killed at a step; False where it has no such step."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    child = context.Process(target=write_until, args=(step, name, folder))
    child.start()
    child.join(LONGEST)
    if child.is_alive():
        child.kill()
        raise TimeoutError(f"{name}: no end within {LONGEST:g} seconds")
    assert child.exitcode in (0, -signal.SIGKILL), f"{name} ended with {child.exitcode}"
    return child.exitcode != 0


def write_until(step: int, name: str, folder: Path) -> None:
    """Write, and end before a step without a word, as a machine does that loses its power."""
    left = step

    def hook(event: str, given: tuple[object, ...]) -> None:
        nonlocal left
        if event not in EVENTS or not str(given[0]).startswith(str(folder)):
            return
        if event == "open" and not _writes(given):
            return
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    sys.addaudithook(hook)
    WRITES_TRIED[name].new(folder)


def _writes(given: tuple[object, ...]) -> bool:
    _, mode, flags = given
    return bool(set(str(mode or "")) & set("wxa+")) or bool(int(str(flags or 0)) & WRITES)


def small_place(title: str, areas: int) -> Place:
    """Square areas in a row, a site in the first and in the last, no streets."""
    codes = [f"E0100100{n}" for n in range(1, areas + 1)]
    shapes = [box(450_000 + 1000 * n, 520_000, 451_000 + 1000 * n, 521_000) for n in range(areas)]
    frame = gpd.GeoDataFrame({"area_code": codes, "people": 1000}, geometry=shapes, crs=CRS)
    points = frame.centroid
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": 1000}, geometry=points, crs=CRS
    )
    ends = points.iloc[[0, -1]].reset_index(drop=True)
    sites = gpd.GeoDataFrame(
        {"site_id": ["A", "B"], "site_name": ["One", "Two"], "kind": "hall", "status": "candidate"},
        geometry=ends,
        crs=CRS,
    )
    return Place(title, frame, sites, origins, vintage="LSOA 2021")


def _place(title: str, areas: int) -> Callable[[Path], object]:
    return lambda folder: layers.write_place(
        small_place(title, areas), folder / "place", streets=title.encode()
    )


def _read_place(folder: Path) -> object:
    found = layers.read_place(folder / "place")
    return found.title, len(found.areas), found.streets.read_bytes()


def _files(**contents: str) -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        with atomic_directory(folder / "out", stale=["c.txt"]) as made:
            for name, content in contents.items():
                (made / f"{name}.txt").write_text(content)

    return write


def _read_files(folder: Path) -> object:
    finish_interrupted(folder / "out")
    return _held(folder / "out")


def _held(folder: Path) -> object:
    """Every file that a user sees in a folder, and the hash of what is in it."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.glob("*")
        if path.is_file() and not path.name.startswith(".")
    }


def _plan(count: int) -> Callable[[Path], object]:
    def write(folder: Path) -> None:
        scenario = Scenario(model="max_coverage", count=count, time_limit=5)
        outcome = workflow.run(small_place("Six", 6), scenario)
        still = replace(outcome, plan=replace(outcome.plan, seconds=0.0, stages=()))
        workflow.write_results(still, folder / "out")

    return write


def _work(count: int) -> Callable[[Path], object]:
    return lambda folder: layers.save(
        layers.Saved("demo", Scenario(count=count)), folder / "sessions" / "work.json"
    )


def _minutes(sites: int) -> Callable[[Path], object]:
    def write(folder: Path) -> TravelTimes:
        xy = np.arange(2.0 * sites).reshape(-1, 2)
        return cached_times(folder / "times", "question", np.zeros((3, 2)), xy, _asked)

    return write


def _asked(xy: np.ndarray) -> TravelTimes:
    minutes = np.add.outer(np.arange(3.0), xy[:, 0])
    return TravelTimes(as_minutes(minutes), "walk", "line", estimate=False, horizon=60)


def _read_minutes(folder: Path) -> object:
    """How many sites' minutes are kept; each must be what was measured."""
    held = times_cache._read(next((folder / "times").glob("*.npz")), 3)
    assert np.array_equal(held.times.minutes.toarray(), _asked(held.sites).minutes.toarray())
    return len(held.sites)


def _fetched(content: bytes) -> Callable[[Path], object]:
    def write(folder: Path) -> Path:
        sent = httpx.MockTransport(
            lambda request: httpx.Response(
                200, stream=httpx.ByteStream(content), headers={"etag": '"1"'}
            )
        )
        web = CachedWeb(folder, httpx.Client(transport=sent), refresh=True)
        return web.file(Request("https://example.org/table.csv", size=len(content)))

    return write


def _read_fetched(folder: Path) -> object:
    web = CachedWeb(folder, offline=True)
    with suppress(FetchError):
        return web.file(Request("https://example.org/table.csv")).read_bytes()
    return None


def _swept(opened: tuple[int, ...]) -> Callable[[Path], object]:
    plan = Plan(opened, "optimal", (), "max_coverage", "HiGHS", 1.0)
    return lambda folder: PlanCache(folder / "swept").write("k" * 32, "one", plan)


def _read_swept(folder: Path) -> object:
    found = PlanCache(folder / "swept").read("k" * 32)
    return None if found is None else found.opened


@contextmanager
def impatient() -> Iterator[None]:
    """Hold whoever was killed for gone at once: here nobody else is at work."""
    held = whole_files.PATIENCE, folders.PATIENCE
    whole_files.PATIENCE = folders.PATIENCE = 0.05
    try:
        yield
    finally:
        whole_files.PATIENCE, folders.PATIENCE = held


WRITES_TRIED: Mapping[str, Write] = MappingProxyType(
    {
        "place folder": Write(_place("Old", 3), _place("New", 4), _read_place),
        "files of a hand-in": Write(
            _files(a="1", b="2", c="3"), _files(a="4", b="5", d="6"), _read_files
        ),
        "plan files": Write(_plan(1), _plan(2), _read_files),
        "minutes kept": Write(_minutes(2), _minutes(5), _read_minutes),
        "work saved in the app": Write(
            _work(2), _work(3), lambda folder: layers.read_saved(folder / "sessions" / "work.json")
        ),
        "file fetched": Write(_fetched(b"a,b\n1,2\n"), _fetched(b"a,b\n3,4\n" * 9), _read_fetched),
        "plan of a sweep": Write(_swept((1,)), _swept((2, 3)), _read_swept),
    }
)
