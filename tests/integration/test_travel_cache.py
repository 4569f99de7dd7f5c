"""Minutes kept in the place folder: the same as measured afresh, and only what is new is asked."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import shapely

from nhcplanner import Scenario, demo_place, layers, load, travel
from nhcplanner.base.errors import InputError, PlannerError, PlannerWarning
from nhcplanner.domain.place import Place
from nhcplanner.travel import cache
from nhcplanner.workflow import measure

WALK = Scenario(horizon=20)


@pytest.fixture
def place(tmp_path) -> Place:
    return load(layers.write_place(demo_place(), tmp_path / "place"))


@pytest.fixture
def asked(monkeypatch) -> list[int]:
    """How many sites each search on the streets was asked for."""
    counts: list[int] = []
    search = travel.Streets.times

    def counted(self, origins, sites, horizon=20, progress=None):
        counts.append(len(sites))
        return search(self, origins, sites, horizon, progress)

    monkeypatch.setattr(travel.Streets, "times", counted)
    return counts


def same(one, other) -> None:
    for part in ("data", "indices", "indptr"):
        np.testing.assert_array_equal(getattr(one.minutes, part), getattr(other.minutes, part))
    for name in ("mode", "engine", "estimate", "horizon", "window", "parameters"):
        assert getattr(one, name) == getattr(other, name)
    pd.testing.assert_frame_equal(one.snap.origins, other.snap.origins)
    pd.testing.assert_frame_equal(one.snap.sites, other.snap.sites)


def moved(place, row=3, metres=150.0) -> Place:
    points = place.sites.geometry.to_numpy().copy()
    points[row] = shapely.transform(points[row], lambda xy: xy + metres)
    return replace(place, sites=place.sites.set_geometry(points, crs=place.sites.crs))


def test_kept_minutes_are_those_measured_afresh(place, asked):
    fresh = measure(place, WALK, keep=False)
    assert not place.times.exists()
    same(measure(place, WALK), fresh)
    same(measure(place, WALK), fresh)
    assert asked == [len(place.sites)] * 2


def test_one_candidate_moved_is_one_site_measured(place, asked):
    measure(place, WALK)
    other = moved(place)
    found = measure(other, WALK)
    assert asked == [len(place.sites), 1]
    same(found, measure(other, WALK, keep=False))
    measure(place, WALK)
    assert asked[3:] == []  # where the site was is still known


def test_sites_in_another_order_and_twice_are_known(place, asked):
    measure(place, WALK)
    sites = place.sites.iloc[[5, 2, 5]].reset_index(drop=True)
    other = replace(place, sites=sites)
    same(measure(other, WALK), measure(other, WALK, keep=False))
    assert asked == [len(place.sites), 3]


@pytest.mark.parametrize(
    "change", [{"horizon": 30}, {"walk_kmh": 4.0}, {"mode": "cycle"}, {"profile": "morning_peak"}]
)
def test_another_question_is_measured_anew(place, asked, change):
    measure(place, WALK)
    other = WALK.model_copy(update=change)
    same(measure(place, other), measure(place, other, keep=False))
    assert asked == [len(place.sites)] * 3
    assert len(list(place.times.glob("*.npz"))) == 2


def test_people_who_start_elsewhere_are_another_question(place, asked):
    measure(place, WALK)
    measure(replace(place, origins=place.origins.iloc[::-1].reset_index(drop=True)), WALK)
    assert asked == [len(place.sites)] * 2


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not", None])
def test_a_damaged_file_is_measured_again(place, asked, damage):
    fresh = measure(place, WALK)
    [file] = place.times.glob("*.npz")
    file.write_bytes(file.read_bytes()[:-100] if damage is None else damage)
    same(measure(place, WALK), fresh)
    same(measure(place, WALK), fresh)
    assert asked == [len(place.sites)] * 2


def test_a_folder_that_cannot_be_written_keeps_nothing(place, asked):
    place.times.write_text("in the way")
    with pytest.warns(PlannerWarning, match="minutes are not kept"):
        found = measure(place, WALK)
    same(found, measure(place, WALK, keep=False))
    assert place.times.read_text() == "in the way"


def test_no_more_is_kept_than_there_is_room_for(place, monkeypatch):
    measure(place, WALK)
    [first] = place.times.glob("*.npz")
    monkeypatch.setattr(cache, "MOST_BYTES", first.stat().st_size)
    measure(place, Scenario(horizon=20, walk_kmh=4))
    assert first not in set(place.times.glob("*.npz"))
    assert len(list(place.times.iterdir())) == 1


def test_sites_no_longer_asked_for_go_in_the_end(place, monkeypatch):
    monkeypatch.setattr(cache, "SPARE", 0)
    one = replace(place, sites=place.sites.iloc[:1])
    for metres in range(5):
        measure(moved(one, 0, 10.0 * metres), WALK)
    [file] = place.times.glob("*.npz")
    assert len(np.load(file)["sites"]) == 2


def test_rides_are_kept_too(place, monkeypatch):
    few = replace(place, sites=place.sites.iloc[:3].reset_index(drop=True))
    ride = Scenario(mode="transit", horizon=30)
    first = measure(few, ride)
    monkeypatch.setattr("nhcplanner.travel.engines.search_window", None)
    same(measure(few, ride), first)
    assert measure(few, ride).window


def test_a_place_built_again_keeps_its_minutes(place, asked):
    measure(place, WALK)
    again = load(layers.write_place(moved(place), place.times.parent))
    measure(again, WALK)
    assert asked == [len(place.sites), 1]


def test_the_demo_folder_is_left_alone(asked):
    demo = load(layers.demo_folder())
    measure(demo, WALK)
    assert not (layers.demo_folder() / "times").exists()


def test_the_morning_peak_is_slower_and_what_is_set_goes_before_the_table(place):
    drive = Scenario(mode="drive", horizon=30)
    peak = drive.model_copy(update={"profile": "morning_peak"})
    assert measure(place, peak).pairs < measure(place, drive).pairs
    set_by_hand = peak.model_copy(update={"peak_factor": 3.0})
    assert measure(place, set_by_hand).parameters["peak_factor"] == 3.0


ENGINES = {
    "streets": WALK,
    "estimate": Scenario(engine="estimate"),
    "transit": Scenario(mode="transit", horizon=30),
}


@pytest.mark.parametrize("name", ENGINES)
def test_every_engine_tells_how_far_it_is_and_stops_when_asked(place, name):
    said: list[str] = []
    measure(place, ENGINES[name], said.append, keep=False)
    counted = [n for n, words in enumerate(said) if re.search(r": \d+ of \d+", words)]
    assert counted
    for last in (0, counted[0], counted[-1]):
        heard = iter(range(len(said)))
        with pytest.raises(PlannerError, match="stopped while measuring") as caught:
            measure(place, ENGINES[name], lambda _, heard=heard, last=last: next(heard) < last)
        assert not isinstance(caught.value, InputError)
        assert not place.times.exists()
