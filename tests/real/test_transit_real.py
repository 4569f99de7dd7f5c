"""Timetables of Newport and Cheshire: against a plain forward search, and who reaches a GP."""

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.windows import STANDARD
from nhcplanner.travel import Network, estimate
from nhcplanner.travel.transit import (
    Timetable,
    TransitRules,
    TransitTimes,
    Walks,
    search_window,
    transit_times,
)
from nhcplanner.travel.transit.rounds import Legs, Walk, changes_between, legs

MINUTES = (20, 30, 45)


class Town(NamedTuple):
    homes: np.ndarray
    people: np.ndarray
    practices: np.ndarray
    timetable: Timetable
    walk: Walk

    def covered(self, nearest: np.ndarray) -> list[float]:
        """Per cent of people within each reach."""
        return [100 * self.people[nearest <= m].sum() / self.people.sum() for m in MINUTES]


def town(folder: Path, feed: str, walk: Walk) -> Town:
    areas = gpd.read_file(folder / "lsoa.gpkg", layer="lsoa")
    sites = pd.read_csv(folder / "sites.csv")
    practices = sites.loc[sites["type"] == "gp_practice", ["easting", "northing"]]
    return Town(
        areas[["pc_x", "pc_y"]].to_numpy(),
        areas["pop_mid2022"].to_numpy(),
        practices.to_numpy(),
        Timetable.read(folder / feed),
        walk,
    )


@pytest.fixture(scope="module")
def newport(real: Path) -> Town:
    folder = real / "places" / "newport_wales"
    streets = Network.from_pbf(folder / "newport-2023-06-13.osm.pbf").streets("walk")
    return town(folder, "newport-20230613_gtfs.zip", streets.times)


@pytest.fixture(scope="module")
def cheshire(real: Path) -> Town:
    folder = real / "places" / "cheshire_west_chester"
    return town(folder, "chester-20230816-small_gtfs.zip", estimate)


class TownWalks(NamedTuple):
    access: Legs
    egress: Legs
    changes: Legs


def walks_of(place: Town, rules: TransitRules) -> TownWalks:
    stops = place.timetable.stop_xy
    return TownWalks(
        legs(place.walk, place.homes, stops, rules.access_walk),
        legs(place.walk, stops, place.practices, rules.egress_walk),
        changes_between(place.walk, stops, place.timetable.transfers, rules),
    )


def forward(place: Town, by: TownWalks, home: int, leave: int, most_rides: int) -> np.ndarray:
    """Minutes to each practice of one departure: on through the runs of the day, ride by ride."""
    calls = place.timetable.calls
    access = by.access.of_source(home)
    ready = {stop: leave + s for stop, s in zip(access.target, access.seconds, strict=True)}
    best = np.full(len(place.practices), np.inf)
    runs = np.split(np.arange(len(calls)), np.flatnonzero(np.diff(calls.trip)) + 1)
    for _ in range(most_rides):
        reached: dict[int, int] = {}
        for run in runs:
            aboard = False
            for call in run:
                stop, arrival = calls.stop[call], calls.arrival[call]
                if aboard and calls.alight[call]:
                    out = by.egress.of_source(stop)
                    best[out.target] = np.minimum(best[out.target], arrival + out.seconds)
                    reached[stop] = min(arrival, reached.get(stop, arrival))
                aboard |= bool(calls.board[call] and calls.departure[call] >= ready.get(stop, 1e9))
        ready = {}
        for stop, arrival in reached.items():
            onward = by.changes.of_source(stop)
            for other, seconds in zip(onward.target, onward.seconds, strict=True):
                ready[other] = min(arrival + seconds, ready.get(other, arrival + seconds))
    return (best - leave) / 60


@pytest.mark.parametrize("name", ["newport", "cheshire"])
def test_minutes_are_those_of_a_plain_forward_search(name, request):
    place = request.getfixturevalue(name)
    rules = TransitRules(horizon=75, most_rides=3)
    by = walks_of(place, rules)
    rng = np.random.default_rng(3)
    rode = 0
    for leave in rng.integers(7 * 60, 10 * 60, 3) * 60:
        minute = replace(place.timetable, window=(int(leave), int(leave) + 60))
        homes = rng.choice(np.unique(by.access.source), 8, replace=False)
        walked = place.walk(place.homes[homes], place.practices, horizon=75).minutes
        found = transit_times(minute, place.walk, place.homes[homes], place.practices, rules)
        on_foot, minutes = (absent_as_inf(m) for m in (walked, found.median.minutes))
        for row, home in enumerate(homes):
            true = np.minimum(
                forward(place, by, int(home), int(leave), rules.most_rides), on_foot[row]
            )
            true[true > rules.horizon] = np.inf
            rode += int((true < on_foot[row] - 0.01).sum())
            assert minutes[row] == pytest.approx(true, abs=1e-4)
    assert rode > 10


def test_standard_windows_of_newport_are_those_of_each_alone(newport, real):
    feed = real / "places" / "newport_wales" / "newport-20230613_gtfs.zip"
    windows = [one.window for one in STANDARD.values()]
    hours = [(None if one.day == "weekday" else one.day, (one.start, one.end)) for one in windows]
    every = Timetable.read_windows(feed, hours)
    assert [f"{one.day:%A}" for one in every] == ["Tuesday"] * 3 + ["Saturday"] * 2 + ["Sunday"]
    rules = TransitRules()
    ends = newport.homes[:20], newport.practices
    walks = Walks.measure(every, newport.walk, *ends, rules)
    for timetable in every:
        together = search_window(timetable, walks, rules)
        alone = transit_times(timetable, newport.walk, *ends, rules)
        assert (together.median.minutes != alone.median.minutes).nnz == 0
        assert together.report == alone.report
    # Sunday has a few trips, and a Saturday evening fewer than a morning
    trips = [one.report["trips"] for one in every]
    assert trips[5] < trips[4] < trips[3]


def test_a_saturday_evening_is_that_of_a_plain_forward_search(newport, real):
    feed = real / "places" / "newport_wales" / "newport-20230613_gtfs.zip"
    evening = Timetable.read(feed, "saturday", ("18:00", "21:00"))
    place = newport._replace(timetable=evening)
    rules = TransitRules(horizon=75)
    by = walks_of(place, rules)
    homes = np.unique(by.access.source)[::8]
    leave = 18 * 3600 + 1800
    minute = replace(evening, window=(leave, leave + 60))
    found = transit_times(minute, place.walk, place.homes[homes], place.practices, rules)
    on_foot = absent_as_inf(place.walk(place.homes[homes], place.practices, horizon=75).minutes)
    for row, home in enumerate(homes):
        true = np.minimum(forward(place, by, int(home), leave, rules.most_rides), on_foot[row])
        true[true > rules.horizon] = np.inf
        assert absent_as_inf(found.median.minutes)[row] == pytest.approx(true, abs=1e-4)


def absent_as_inf(minutes) -> np.ndarray:
    dense = np.full(minutes.shape, np.inf)
    pairs = minutes.tocoo()
    dense[pairs.coords] = pairs.data
    return dense


@pytest.fixture(scope="module")
def found(newport: Town, cheshire: Town) -> dict[str, TransitTimes]:
    return {
        name: transit_times(place.timetable, place.walk, place.homes, place.practices)
        for name, place in (("newport", newport), ("cheshire", cheshire))
    }


@pytest.mark.parametrize(
    ("name", "within", "ever"),
    [("newport", [71.7, 83.4, 91.4], 83.1), ("cheshire", [65.4, 78.2, 85.3], 67.3)],
)
def test_who_reaches_a_practice(name, within, ever, request, found):
    place, times = request.getfixturevalue(name), found[name]
    sites = range(len(place.practices))
    on_foot = place.walk(place.homes, place.practices, horizon=60)
    walking = place.covered(on_foot.nearest(sites))
    by_bus = place.covered(times.median.nearest(sites))
    some = times.share.max(axis=1).toarray().ravel() > 0
    at_best = 100 * place.people[some].sum() / place.people.sum()
    assert by_bus == pytest.approx(within, abs=2)
    assert at_best == pytest.approx(ever, abs=2)
    assert all(bus >= foot for bus, foot in zip(by_bus, walking, strict=True))


def test_riding_shortens_journeys_and_never_lengthens_them(newport, found):
    on_foot = absent_as_inf(newport.walk(newport.homes, newport.practices, horizon=60).minutes)
    median, later = (absent_as_inf(found["newport"].times(s).minutes) for s in ("median", "p75"))
    assert (median <= on_foot).all()
    assert (later >= median).all()
    assert (median < on_foot - 1).sum() > 40


def test_the_feeds_are_read_whole(newport, cheshire):
    assert str(newport.timetable.day) == "2023-06-06"
    assert newport.timetable.report["stops"] == 477
    assert str(cheshire.timetable.day) == "2023-08-01"
    assert cheshire.timetable.report["stops"] == 1082


@pytest.mark.parametrize(("mode", "within"), [("walk", 65.4), ("cycle", 87.6), ("drive", 100.0)])
def test_who_reaches_a_practice_in_cheshire_by_estimate(cheshire, mode, within):
    """It has no stored streets: all three are straight-line estimates, and say so."""
    times = estimate(cheshire.homes, cheshire.practices, mode, horizon=20)
    assert times.estimate
    nearest = times.nearest(range(len(cheshire.practices)))
    assert cheshire.covered(nearest)[0] == pytest.approx(within, abs=0.1)
