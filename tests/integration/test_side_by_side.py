"""Several processes at one folder: nothing is mixed, and what is there is one of them, whole."""

import multiprocessing
from collections.abc import Callable
from pathlib import Path

import numpy as np

from nhcplanner import Scenario, layers, workflow
from nhcplanner.base.atomic import atomic_directory
from nhcplanner.base.errors import InputError
from tests.property.fuzz.kills import small_place

SIDES = 3
TURNS = 6


def write_files(folder: Path, side: int) -> list[str]:
    for turn in range(TURNS):
        with atomic_directory(folder / "out") as made:
            for name in "abc":
                (made / name).write_text(f"{side} {turn}")
    return []


def write_places(folder: Path, side: int) -> list[str]:
    refused = []
    for turn in range(TURNS):
        place = small_place(f"{side} {turn}", 2 + side)
        try:
            layers.write_place(place, folder / "place", streets=place.name.encode())
        except InputError as error:
            refused.append(str(error))
    return refused


def keep_minutes(folder: Path, side: int) -> list[str]:
    place = workflow.load(folder / "demo")
    found = workflow.measure(place, Scenario(mode=("drive", "cycle", "drive")[side]))
    return [str(found.minutes.nnz)]


def at_once(work: Callable[[Path, int], list[str]], folder: Path) -> list[list[str]]:
    """What each of several processes gives that do the same at the same time."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(SIDES) as pool:
        return pool.starmap(work, [(folder, side) for side in range(SIDES)], chunksize=1)


def test_files_are_those_of_one_writer(tmp_path):
    at_once(write_files, tmp_path)
    found = {path.name: path.read_text() for path in (tmp_path / "out").iterdir()}
    assert set(found) == set("abc")
    assert len(set(found.values())) == 1


def test_a_place_is_that_of_one_writer(tmp_path):
    refused = [words for one in at_once(write_places, tmp_path) for words in one]
    place = layers.read_place(tmp_path / "place")
    side, _ = map(int, place.name.split())
    assert len(place.areas) == 2 + side
    assert place.streets.read_text() == place.name
    assert [path.name for path in tmp_path.iterdir()] == ["place"]
    assert all("cannot be written" in words for words in refused)


def test_minutes_kept_by_several_are_those_measured_alone(tmp_path):
    layers.write_place(workflow.demo_place(), tmp_path / "demo")
    at_once(keep_minutes, tmp_path)
    place = workflow.load(tmp_path / "demo")
    assert len([*(tmp_path / "demo" / "times").iterdir()]) == 2
    for mode in ("drive", "cycle"):
        kept = workflow.measure(place, Scenario(mode=mode))
        fresh = workflow.measure(place, Scenario(mode=mode), keep=False)
        np.testing.assert_array_equal(kept.minutes.data, fresh.minutes.data)
