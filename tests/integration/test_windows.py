"""Windows of the demo timetable: against each window alone, and a plain forward search."""

import csv
import io
import json
import zipfile
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely
from pyproj import Transformer

from nhcplanner import Scenario, demo_place, layers, load, measure, travel
from nhcplanner.domain.place import Place
from nhcplanner.domain.travel_times import TravelTimes
from tests.integration.command import run

WINDOWS = ("weekday 08:00-08:05", "saturday 18:00-18:05", "sunday 10:00-10:05")
DAYS = ("2026-01-06", "2026-01-03", "2026-01-04")
HOURS = (("08:00", "08:05"), ("18:00", "18:05"), ("10:00", "10:05"))


@pytest.fixture
def place(tmp_path) -> Place:
    some = demo_place()
    sites = some.sites.iloc[:12].reset_index(drop=True)
    folder = layers.write_place(some, tmp_path / "place")
    loaded = load(folder)
    return Place(**{**vars(loaded), "sites": sites})


def dense(times: TravelTimes) -> np.ndarray:
    minutes = np.full(times.minutes.shape, np.inf)
    pairs = times.minutes.tocoo()
    minutes[pairs.coords] = pairs.data
    return minutes


def by_bus(**keys) -> Scenario:
    return Scenario(**{"mode": "transit", "transit_windows": WINDOWS} | keys)


def test_each_window_is_measured_as_if_it_were_the_only_one(place):
    parts = travel.measure_windows(place, by_bus(), lambda _: None)
    assert [part.day for part in parts] == [date.fromisoformat(day) for day in DAYS]
    alone = [
        measure(place, Scenario(mode="transit", transit_day=day, transit_window=hours), keep=False)
        for day, hours in zip(DAYS[:2], HOURS[:2], strict=True)
    ]
    walk = measure(place, Scenario(), keep=False)
    for part, other in zip(parts, [*alone, walk], strict=True):
        np.testing.assert_array_equal(dense(part.times), dense(other))
    every = np.array([dense(part.times) for part in parts])
    for mix, mixed in (("worst", every.max(axis=0)), ("best", every.min(axis=0))):
        np.testing.assert_array_equal(dense(measure(place, by_bus(transit_mix=mix))), mixed)
    mean = np.where(np.isinf(every), 60, every).mean(axis=0)
    mean[np.isinf(every).all(axis=0)] = np.inf
    np.testing.assert_allclose(dense(measure(place, by_bus(transit_mix="mean"))), mean, rtol=1e-6)


def test_windows_share_their_walks_and_are_kept_one_by_one(place, monkeypatch):
    searches = []
    search = travel.Streets.times

    def counted(self, origins, sites, horizon=20, progress=None):
        searches.append(len(sites))
        return search(self, origins, sites, horizon, progress)

    monkeypatch.setattr(travel.Streets, "times", counted)
    measure(place, Scenario(mode="transit", transit_window=("08:00", "08:05")))
    of_one = len(searches)
    assert of_one == 4  # all the way, to stops, from stops and between stops
    first = measure(place, by_bus())
    assert len(searches) == 2 * of_one  # two windows are new, and the weekday is known
    second = measure(place, by_bus(transit_mix="best"))
    assert len(searches) == 2 * of_one
    assert (dense(second) <= dense(first)).all()


def test_the_fastest_mode_of_each_window_counts(place):
    keys = {"modes": ("transit", "cycle"), "transit_mix": "mean"}
    found = dense(measure(place, by_bus(**keys)))
    parts = [dense(part.times) for part in travel.measure_windows(place, by_bus(), lambda _: None)]
    cycle = dense(measure(place, Scenario(mode="cycle")))
    each = np.array([np.minimum(part, cycle) for part in parts])
    mean = np.where(np.isinf(each), 60, each).mean(axis=0)
    mean[np.isinf(each).all(axis=0)] = np.inf
    np.testing.assert_allclose(found, mean, rtol=1e-6)


def test_minutes_that_no_bus_changes_have_no_windows(place):
    assert not travel.has_windows(place, by_bus(mode="walk"))
    walk = measure(place, by_bus(mode="walk"))
    assert walk.window == ""
    np.testing.assert_array_equal(dense(walk), dense(measure(place, Scenario())))


def test_sites_that_are_closed_in_a_window_are_not_reached_in_it(place):
    hours = ["Mo-Fr 08:00-18:30"] * 4 + ["24/7"] * 4 + [None] * 3 + ["by arrangement"]
    place.sites["opening_hours"] = hours
    asked = by_bus(mode="walk", open_only=True)
    parts = travel.measure_windows(place, asked, lambda _: None)
    walk = dense(measure(place, Scenario()))
    np.testing.assert_array_equal(dense(parts[0].times), walk)
    for part in parts[1:]:
        assert np.isinf(dense(part.times)[:, :4]).all()
        np.testing.assert_array_equal(dense(part.times)[:, 4:], walk[:, 4:])
    worst, best = (
        dense(measure(place, asked.model_copy(update={"transit_mix": mix})))
        for mix in ("worst", "best")
    )
    np.testing.assert_array_equal(best, walk)
    assert np.isinf(worst[:, :4]).all()


def read(feed: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.TextIOWrapper(feed.open(name), encoding="utf-8-sig")))


def seconds(text: str) -> int:
    hours, minutes, whole = map(int, text.split(":"))
    return 3600 * hours + 60 * minutes + whole


class Search:
    """A forward search over the rows of the demo feed, which has only services by weekday."""

    def __init__(self, place: Place, service: str) -> None:
        with zipfile.ZipFile(place.timetable) as feed:
            trips = {r["trip_id"] for r in read(feed, "trips.txt") if r["service_id"] == service}
            calls = [r for r in read(feed, "stop_times.txt") if r["trip_id"] in trips]
            stops = read(feed, "stops.txt")
        number = {row["stop_id"]: n for n, row in enumerate(stops)}
        to_grid = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
        lon, lat = ([float(row[name]) for row in stops] for name in ("stop_lon", "stop_lat"))
        self.xy = np.column_stack(to_grid.transform(lon, lat))
        self.runs: dict[str, list[tuple[int, int, int]]] = {}
        for row in sorted(calls, key=lambda r: (r["trip_id"], int(r["stop_sequence"]))):
            times = seconds(row["arrival_time"]), seconds(row["departure_time"])
            self.runs.setdefault(row["trip_id"], []).append((number[row["stop_id"]], *times))
        self.streets = travel.Network.load(str(place.streets)).streets("walk", travel.Profile())

    def walks(self, one: np.ndarray, other: np.ndarray, longest: float) -> np.ndarray:
        """Whole seconds of each walk; inf beyond the longest, in minutes."""
        minutes = dense(self.streets.times(one, other, longest))
        return np.rint(60 * minutes)

    def minutes(
        self, homes: np.ndarray, sites: np.ndarray, leaves: list[int], horizon: float
    ) -> np.ndarray:
        """Minutes of each departure from each home to each site, departure x home x site."""
        to_stop = self.walks(homes, self.xy, 20)
        out = self.walks(self.xy, sites, 20)
        change = self.walks(self.xy, self.xy, 5) + 120
        np.fill_diagonal(change, 120)
        on_foot = dense(self.streets.times(homes, sites, horizon))
        found = np.empty((len(leaves), len(homes), len(sites)))
        for n, leave in enumerate(leaves):
            for home in range(len(homes)):
                ready, best = leave + to_stop[home], np.full(len(sites), np.inf)
                for _ in range(3):
                    arrival = np.full(len(self.xy), np.inf)
                    for calls in self.runs.values():
                        aboard = False
                        for stop, arrives, departs in calls:
                            if aboard:
                                arrival[stop] = min(arrival[stop], arrives)
                            aboard = aboard or departs >= ready[stop]
                    best = np.minimum(best, (arrival[:, None] + out).min(axis=0))
                    ready = (arrival[:, None] + change).min(axis=0)
                minutes = np.minimum((best - leave) / 60, on_foot[home])
                found[n, home] = np.where(minutes <= horizon, minutes, np.inf)
        return found


@pytest.mark.parametrize(
    ("window", "service", "start"), [(0, "weekday", 8 * 3600), (1, "saturday", 18 * 3600)]
)
def test_two_windows_are_those_of_a_plain_forward_search(place, window, service, start):
    homes = place.origins.iloc[[3, 90, 171]].reset_index(drop=True)
    few = Place(**{**vars(place), "origins": homes})
    part = travel.measure_windows(few, by_bus(), lambda _: None, keep=False)[window]
    leaves = [start + 60 * minute for minute in range(5)]
    xy = shapely.get_coordinates(homes.geometry), shapely.get_coordinates(few.sites.geometry)
    true = np.sort(Search(place, service).minutes(*xy, leaves, 60), axis=0)[2]  # the median of 5
    walked = dense(measure(few, Scenario(), keep=False))
    assert (true < walked - 1).sum() > 5
    np.testing.assert_allclose(dense(part.times), true, atol=1e-4)


def test_a_day_by_name_is_the_earliest_with_the_median_number_of_trips(place):
    with zipfile.ZipFile(place.timetable) as feed:
        trips = pd.Series([r["service_id"] for r in read(feed, "trips.txt")]).value_counts()
    found = measure(place, by_bus())
    assert found.parameters["timetable_trips"] == f"{trips['weekday']}; {trips['saturday']}; 0"
    notes = "\n".join(travel.lacks(found))
    assert "Nothing runs on any Sunday of the timetable" in notes
    assert "Buses of Saturday 2026-01-03, the typical Saturday" in notes


@pytest.fixture
def invoke(capsys):
    """Run a command that succeeds; give all that it prints."""

    def command(*words: str) -> str:
        code, out, errors = run(capsys, *words)
        assert code == 0, errors
        return out + ("" if "--json" in words else errors)

    return command


def test_access_lists_each_window_in_words_and_as_json(invoke):
    words = ["access", "demo", "--kind", "gp_practice", "--mode", "transit"]
    words += ["--window", "morning_peak", "--window", "sunday 10:00-16:00"]
    text = invoke(*words)
    assert "At 07:00 to 10:00 on Tuesday 6 January 2026" in text
    assert "At 10:00 to 16:00 on Sunday 4 January 2026" in text
    rows = json.loads(invoke(*words, "--json"))["windows"]["transit"]
    everyone = [row for row in rows if row["grouping"] == "everyone"]
    assert [row["day"] for row in everyone] == ["2026-01-06", "2026-01-04"]
    assert everyone[0]["within_after"] > everyone[1]["within_after"]
    assert f"{everyone[1]['within_after']:,.0f} people" in text
    tables = json.loads(invoke("gaps", *words[1:], "--json"))["tables"]
    [bands] = [rows for title, rows in tables.items() if title.startswith("By band of need, ")]
    assert len(bands) == 5


def test_windows_without_public_transport_are_noted(invoke):
    assert "add --mode transit" in invoke(
        "access", "demo", "--kind", "library", "--window", "sunday"
    )
