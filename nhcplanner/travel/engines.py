"""Measurement of travel times by the engine for each mode of a scenario."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy import sparse

from nhcplanner.base.hashing import hash_file
from nhcplanner.domain import opening_hours
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.windows import day_words
from nhcplanner.travel import cache
from nhcplanner.travel.cache import Hours, cached_times
from nhcplanner.travel.matrix_times import beside_matrix, times_by_matrix
from nhcplanner.travel.mode_combinations import at_least, best_of, measurable, split_by_mode
from nhcplanner.travel.on_demand import zone_times
from nhcplanner.travel.points import check_points
from nhcplanner.travel.search.reach import Progress, report
from nhcplanner.travel.slopes import NOTE as SLOPES_NOTE
from nhcplanner.travel.speed_profile import Profile
from nhcplanner.travel.step_free import NOTE
from nhcplanner.travel.straight_line import (
    CELL,
    ORIGINS_AT_ONCE,
    estimate,
    flag_rural_areas,
    water_around,
)
from nhcplanner.travel.streets.streets import Streets
from nhcplanner.travel.transit import Timetable, TransitRules, Walks, search_window
from nhcplanner.travel.windows import WindowTimes, closed_counts, mix_windows, without_closed

NOT_STEP_FREE = (
    "Minutes on foot are estimated from straight lines, which know no steps: they are not step-free"
)
LEVEL = "Minutes on foot are estimated from straight lines, which know no slopes"
Tell = Callable[[str], bool | None]
"""Receives a sentence about the current step; returning False stops."""


def measure(place: Place, scenario: Scenario, tell: Tell, keep: bool = True) -> TravelTimes:
    """Measure the minutes from each origin of a place to each of its sites.

    Parameters
    ----------
    place, scenario
        What to measure, and how.
    tell
        Receives a sentence about the current step, also between batches; returning False stops.
    keep
        Use the cache of the place folder for minutes on streets and by timetable.

    Returns
    -------
    TravelTimes
        One row for each origin. If people are divided by car availability, first the rows of
        people without a car, then those of the others.

    Raises
    ------
    InputError
        If the place lacks what the scenario needs.
    PlannerError
        If `tell` stopped it; minutes of the current mode are then not cached.
    """
    if has_windows(place, scenario):
        parts = measure_windows(place, scenario, tell, keep)
        every = [part.times for part in parts]
        return mix_windows(every, scenario.transit_mix, scenario.transit_weights)
    modes = measurable(place, scenario)
    if scenario.engine == "matrix":
        return times_by_matrix(place, scenario, modes[0])
    times = {mode: _to_sites(Measure(place, scenario, mode, tell), keep) for mode in modes}
    return _together(place, scenario, times)


def has_windows(place: Place, scenario: Scenario) -> bool:
    """Return whether minutes of a scenario depend on its windows: by timetable or opening hours."""
    if not scenario.transit_windows:
        return False
    timed = {"transit", "on_demand"}
    by_bus = scenario.engine != "matrix" and bool(timed & {*measurable(place, scenario)})
    return by_bus or scenario.open_only


def measure_windows(
    place: Place, scenario: Scenario, tell: Tell, keep: bool = True
) -> tuple[WindowTimes, ...]:
    """Measure the minutes in each window of a scenario, by the fastest mode in it.

    The windows share the reading of the timetable and all walks. Parameters and faults are those
    of `measure`.
    """
    modes = measurable(place, scenario)
    windows = scenario.windows
    if scenario.engine == "matrix":
        each = [times_by_matrix(place, scenario, modes[0])] * len(windows)
    else:
        parts = {mode: Measure(place, scenario, mode, tell).parts for mode in modes}
        by_mode = {mode: [_to_sites(by, keep) for by in parts[mode]] for mode in modes}
        each = [
            _together(
                place, scenario, {mode: by_mode[mode][n % len(by_mode[mode])] for mode in modes}
            )
            for n in range(len(windows))
        ]
    measured = []
    for window, day, times in zip(windows, _days(place, scenario), each, strict=True):
        is_open = opening_hours.is_open(_hours_of_sites(place), day, window.seconds)
        counted = without_closed(times, is_open) if scenario.open_only else times
        words = f"{day_words(day)}, {window.hours}"
        counts = closed_counts(is_open) if scenario.open_only else {}
        counted = replace(counted, window=words, parameters=counted.parameters | counts)
        measured.append(WindowTimes(window, day, counted, is_open))
    return tuple(measured)


def _hours_of_sites(place: Place) -> list[object]:
    """Return the opening hours of each site as the list has them; None = not known."""
    if "opening_hours" not in place.sites:
        return [None] * len(place.sites)
    return list(place.sites["opening_hours"])


def _days(place: Place, scenario: Scenario) -> list[date]:
    """Return the day of each window: that of the timetable, or of an ordinary week."""
    if place.timetable is None:
        return [window.ordinary_day for window in scenario.windows]
    return [one.day for one in cache.timetables(str(place.timetable), _hours(scenario))]


def _hours(scenario: Scenario) -> tuple[Hours, ...]:
    """Return day and hours of each window, as timetables are read."""
    return tuple((one.day or None, (one.start, one.end)) for one in scenario.windows)


def _together(place: Place, scenario: Scenario, times: Mapping[Mode, TravelTimes]) -> TravelTimes:
    """Return the fastest of several modes, for people with and without a car where they differ."""
    every = beside_matrix(best_of(list(times.values())), place)
    if not (scenario.by_car and place.knows_cars):
        return every
    return split_by_mode(best_of([times[mode] for mode in times if mode != "drive"]), every)


@dataclass(frozen=True, eq=False)
class Measure:
    """Measurement of minutes by one mode; files are read when they are first needed.

    Minutes of several windows by public transport are mixed as the scenario says.

    Parameters
    ----------
    place, scenario
        What to measure, and how.
    mode
        "walk", "cycle", "transit", "on_demand" or "drive".
    tell
        Receives a sentence about the current step.
    window
        Position of the window by public transport; None = all windows.
    walks
        Walks that windows share, by their sites.
    """

    place: Place
    scenario: Scenario
    mode: Mode
    tell: Tell
    window: int | None = None
    walks: dict[bytes, Walks] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Measure, ...]:
        """A measurement for each window; only this one if minutes do not depend on the window."""
        timed = self.mode in ("transit", "on_demand")
        if not timed or self.window is not None or not self.scenario.transit_windows:
            return (self,)
        return tuple(replace(self, window=n) for n in range(len(self.scenario.windows)))

    @property
    def on_streets(self) -> bool:
        """Whether minutes are measured on streets, not estimated from straight lines."""
        return self.place.streets is not None and self.scenario.engine != "estimate"

    def times(
        self, origins: npt.ArrayLike, sites: npt.ArrayLike, rural: npt.ArrayLike | None = None
    ) -> TravelTimes:
        """Return the minutes from each origin to each site.

        Parameters
        ----------
        origins, sites
            Points x 2, metres (EPSG:27700).
        rural
            True for each rural origin; only estimates use it. None = unknown.
        """
        scenario = self.scenario
        if self.mode == "on_demand" and self.parts == (self,):
            return self._on_demand(origins, sites)
        if self.mode not in ("transit", "on_demand"):
            return self._way(self.mode, origins, sites, scenario.horizon, rural)
        if self.parts != (self,):
            every = [part.times(origins, sites) for part in self.parts]
            return mix_windows(every, scenario.transit_mix, scenario.transit_weights)

        def walk(area_xy: np.ndarray, site_xy: np.ndarray, *, horizon: float) -> TravelTimes:
            return self._way("walk", area_xy, site_xy, horizon)

        progress = self._progress("Measuring minutes by public transport")
        ends = check_points(origins, sites)
        key = b"".join(points.tobytes() for points in ends)
        if key not in self.walks:
            self.walks.clear()  # only windows of the same points share their walks
            self.walks[key] = Walks.measure(self._timetables, walk, *ends, self._rules)
        timetable = self._timetables[self.window or 0]
        summaries = search_window(timetable, self.walks[key], self._rules, progress)
        return summaries.times(scenario.transit_statistic)

    @property
    def cache_key(self) -> str:
        """Everything that determines the minutes of a pair of points, as text; files by hash."""
        scenario = self.scenario
        if self.parts != (self,):
            keys = [part.cache_key for part in self.parts]
            return json.dumps([scenario.transit_mix, scenario.transit_weights, *keys])
        hours = scenario.windows[self.window or 0]
        settings: dict[str, object] = {
            "mode": self.mode,
            "horizon": scenario.horizon,
            "profile": asdict(self.profile),
            "streets": _hash(self.place.streets) if self.on_streets else "",
        }
        if self.mode == "on_demand" and self.place.zones is not None:
            zones = pd.util.hash_pandas_object(self.place.zones.to_wkb(), index=False)
            window = (hours.day, hours.start, hours.end)
            settings |= {"zones": int(zones.sum()), "window": window}
        if self.mode == "transit":
            settings |= {
                "rules": asdict(self._rules),
                "timetable": _hash(self.place.timetable),
                "day": hours.day,
                "window": (hours.start, hours.end),
                "statistic": scenario.transit_statistic,
            }
        return json.dumps(settings, sort_keys=True)

    @cached_property
    def profile(self) -> Profile:
        """The profile that the scenario names, with the scenario's own settings."""
        name = self.scenario.profile
        table = Profile.from_toml(name) if name.endswith(".toml") else Profile.named(name)
        own = ("walk_kmh", "park_minutes", "peak_factor", "walk_detour", "far_snap_m",
               "step_free", "slopes")  # fmt: skip
        usual = Scenario()
        values = {each: getattr(self.scenario, each) for each in own}
        return replace(table, **{k: v for k, v in values.items() if v != getattr(usual, k)})

    @cached_property
    def _rules(self) -> TransitRules:
        scenario = self.scenario
        return TransitRules(
            horizon=scenario.horizon,
            reach=scenario.reach,
            access_walk=scenario.transit_access_walk,
            egress_walk=scenario.transit_egress_walk,
            change_walk=scenario.transit_change_walk,
            slack=scenario.transit_slack,
            most_rides=scenario.transit_rides,
        )

    @cached_property
    def _timetables(self) -> tuple[Timetable, ...]:
        return cache.timetables(str(self.place.timetable), _hours(self.scenario))

    @cached_property
    def _streets(self) -> Streets:
        mode = "walk" if self.mode == "transit" else self.mode
        return cache.network(str(self.place.streets)).streets(mode, self.profile)

    def _on_demand(self, origins: npt.ArrayLike, sites: npt.ArrayLike) -> TravelTimes:
        """Return minutes within zones that run in the window."""
        window, zones = self.scenario.windows[self.window or 0], self.place.zones
        day = _days(self.place, self.scenario)[self.window or 0]
        assert zones is not None  # `measurable` checks
        is_open = opening_hours.is_open(zones["hours"], day, window.seconds)
        is_open[zones["hours"].isna().to_numpy()] = 1
        times = zone_times(zones, is_open, origins, sites, self.scenario.horizon)
        return replace(times, window=f"{day_words(day)}, {window.hours}")

    @cached_property
    def _plain_streets(self) -> Streets:
        """The streets of a walk that may use steps."""
        profile = replace(self.profile, step_free=False)
        return cache.network(str(self.place.streets)).streets("walk", profile)

    def _way(
        self,
        mode: str,
        origins: npt.ArrayLike,
        sites: npt.ArrayLike,
        horizon: float,
        rural: npt.ArrayLike | None = None,
    ) -> TravelTimes:
        if self.on_streets:
            progress = self._progress(f"Measuring {mode} minutes on the streets")
            times = self._streets.times(origins, sites, horizon, progress)
            if mode != "walk" or not self.profile.step_free:
                return times
            # A point may be tied to another street than on a plain walk, and so come nearer.
            with_steps = self._plain_streets.times(origins, sites, horizon, progress)
            return at_least(times, with_steps)
        progress = self._progress(f"Estimating {mode} minutes from straight lines")
        origins = np.asarray(origins)
        points = np.concatenate([origins.reshape(-1, 2), np.asarray(sites).reshape(-1, 2)])
        water = water_around(points, CELL)
        parts = []
        for first in range(0, max(len(origins), 1), ORIGINS_AT_ONCE):
            report(progress, first, len(origins))
            some = slice(first, first + ORIGINS_AT_ONCE)
            of_some = None if rural is None else np.asarray(rural)[some]
            parts.append(
                estimate(origins[some], sites, mode, horizon, of_some, self.profile, water)
            )
        minutes = sparse.vstack([part.minutes for part in parts], format="csr")
        times = replace(parts[0], minutes=minutes)
        without = {
            NOTE: NOT_STEP_FREE * self.profile.step_free,
            SLOPES_NOTE: LEVEL * self.profile.slopes,
        }
        notes: dict[str, float | str] = {
            name: words for name, words in without.items() if words and mode == "walk"
        }
        return replace(times, parameters=times.parameters | notes)

    def _progress(self, words: str) -> Progress:
        """Report the step now and between batches."""
        report(lambda *_: self.tell(words), 0, 0)
        return lambda number, total: self.tell(f"{words}: {number:,} of {total:,}")


def _to_sites(by: Measure, keep: bool) -> TravelTimes:
    place = by.place
    origins, sites = (shapely.get_coordinates(f.geometry) for f in (place.origins, place.sites))
    if by.mode == "on_demand" or (not by.on_streets and by.mode != "transit"):
        return by.times(origins, sites, _rural(place))
    folder = place.times if keep else None
    return cached_times(folder, by.cache_key, origins, sites, lambda some: by.times(origins, some))


def _rural(place: Place) -> np.ndarray | None:
    """Flag each origin in a rural area; None if the place has no rural-urban classes."""
    rural = flag_rural_areas(place.areas)
    return None if rural is None else rural[place.area_of_origin]


def _hash(path: Path | None) -> str:
    return "" if path is None else hash_file(path)
