"""Minutes by public transport or on foot, over all departures of a window."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.domain.travel_times import TravelTimes, as_minutes
from nhcplanner.travel.points import check_points
from nhcplanner.travel.search.reach import Progress, report
from nhcplanner.travel.transit.calls import Calls
from nhcplanner.travel.transit.rounds import (
    NEVER,
    Boardings,
    Changes,
    Legs,
    Walk,
    arrivals,
    legs,
    with_rules,
)
from nhcplanner.travel.transit.rules import DEPARTURES, NOTES, RIDDEN, TransitRules
from nhcplanner.travel.transit.timetable import Timetable

Statistic = Literal["median", "p75"]
STATISTICS: dict[str, float] = {"median": 0.5, "p75": 0.75}
"""Share of departures that take at most the minutes of each statistic."""
CELLS = 8_000_000
"""Largest number of arrivals in memory (64 MB a copy)."""
ENGINE = "timetable: earliest arrival for each departure, riding or on foot"


@dataclass(frozen=True, eq=False)
class TransitTimes:
    """Minutes by public transport, or on foot if that is faster, over a window of departures.

    A departure from which the site is not reached within the horizon counts as infinite minutes.

    Parameters
    ----------
    median
        Least minutes within which at least half of the departures arrive.
    p75
        Least minutes within which at least three quarters of them do.
    share
        Share of departures, 0 to 1, that arrive within `reach` of the rules: sparse CSR,
        origin x site; none is not stored.
    report
        Departures from home that were tried; trips, calls and stops of the timetable; origins
        and sites with a stop in walking distance; departures of vehicles from such stops in the
        window, and pairs whose median is shorter by a ride than on foot.
    """

    median: TravelTimes
    p75: TravelTimes
    share: sparse.csr_array
    report: dict[str, float]

    def times(self, statistic: Statistic = "median") -> TravelTimes:
        """Return the minutes of one statistic.

        Raises
        ------
        InputError
            For another statistic than "median" or "p75".
        """
        if statistic not in STATISTICS:
            raise InputError([f"unknown statistic '{statistic}': use {' or '.join(STATISTICS)}"])
        return self.median if statistic == "median" else self.p75


def transit_times(
    timetable: Timetable,
    walk: Walk,
    area_xy: npt.ArrayLike,
    site_xy: npt.ArrayLike,
    rules: TransitRules | None = None,
    progress: Progress | None = None,
) -> TransitTimes:
    """Return the minutes from each origin to each site by public transport or on foot.

    People leave home at each minute of the timetable's window, without its end. They walk to a
    stop, ride, change and walk to the site, or walk all the way, whichever arrives first. The wait
    at the first stop counts. The search is described in `rounds`.

    Parameters
    ----------
    timetable
        One day of a feed.
    walk
        Measures walks, as `walk(area_xy, site_xy, horizon=minutes)`: `Streets.times` of a walking
        network, or `estimate` if a place has no streets.
    area_xy, site_xy
        Origins x 2 and sites x 2, metres (EPSG:27700).
    rules
        By default `TransitRules()`.
    progress
        Called as `progress(done, total)` with sites between batches; returning False stops.

    Raises
    ------
    InputError
        For points without a position, or an empty layer.
    PlannerError
        If `progress` stopped the search.
    """
    rules = rules or TransitRules()
    origins, sites = check_points(area_xy, site_xy)
    walks = Walks.measure([timetable], walk, origins, sites, rules)
    return search_window(timetable, walks, rules, progress)


def search_window(
    timetable: Timetable, walks: Walks, rules: TransitRules, progress: Progress | None = None
) -> TransitTimes:
    """Return the minutes of one window, as `transit_times` does, by walks that windows share."""
    direct, access, egress = walks.direct, walks.access(timetable), walks.egress(timetable)
    origins, sites = direct.minutes.shape
    search = _Search.of(timetable, walks.between(timetable), rules)
    batch = max(1, CELLS // max(len(timetable.calls), origins))
    batches = []
    for first in range(0, sites, batch):
        report(progress, first, sites)
        some = slice(first, min(first + batch, sites))
        earliest = search.earliest_arrivals(egress, some)
        on_foot = _dense(direct.minutes[:, some])
        batches.append(search.summaries(access, earliest, on_foot))
    report(progress, sites, sites)
    parts, ridden = zip(*batches, strict=True)
    median, p75, share = (sparse.hstack(part, format="csr") for part in zip(*parts, strict=True))
    counts = timetable.report | {
        "departures": len(search.departures),
        "origins_with_stop": len(np.unique(access.source)),
        "sites_with_stop": len(np.unique(egress.target)),
        DEPARTURES: search.departures_from(access.target, timetable.window),
        RIDDEN: sum(ridden),
    }
    times = _recorder(timetable, direct, rules, counts)
    return TransitTimes(times(median, "median"), times(p75, "p75"), share, counts)


@dataclass(frozen=True, eq=False)
class Walks:
    """Walks that all windows of a feed share.

    Parameters
    ----------
    stop_id
        Ids of the stops of all windows.
    direct
        Minutes from each origin to each site on foot.
    to_stops, from_stops, changes
        Walks from origins to stops, from stops to sites, and between stops.
    """

    stop_id: np.ndarray
    direct: TravelTimes
    to_stops: Legs
    from_stops: Legs
    changes: Legs

    @classmethod
    def measure(
        cls,
        timetables: Sequence[Timetable],
        walk: Walk,
        origins: np.ndarray,
        sites: np.ndarray,
        rules: TransitRules,
    ) -> Walks:
        """Measure the walks of some windows of one feed."""
        ids = np.concatenate([one.stop_id for one in timetables])
        xy = np.concatenate([one.stop_xy.reshape(-1, 2) for one in timetables])
        _, first = np.unique(ids, return_index=True)
        ids, xy = ids[np.sort(first)], xy[np.sort(first)]
        return cls(
            ids,
            walk(origins, sites, horizon=rules.horizon),
            legs(walk, origins, xy, rules.access_walk),
            legs(walk, xy, sites, rules.egress_walk),
            legs(walk, xy, xy, rules.change_walk),
        )

    def access(self, timetable: Timetable) -> Legs:
        """Return the walks from origins to the stops of one window."""
        return self.to_stops.between(None, self._rows(timetable))

    def egress(self, timetable: Timetable) -> Legs:
        """Return the walks from the stops of one window to sites."""
        return self.from_stops.between(self._rows(timetable), None)

    def between(self, timetable: Timetable) -> Legs:
        """Return the walks between the stops of one window."""
        rows = self._rows(timetable)
        return self.changes.between(rows, rows)

    def _rows(self, timetable: Timetable) -> np.ndarray:
        """Return the position of each stop of a window among all stops."""
        order = np.argsort(self.stop_id)
        rows: np.ndarray = order[np.searchsorted(self.stop_id[order], timetable.stop_id)]
        return rows


@dataclass(frozen=True, eq=False)
class _Search:
    """A timetable and its rules, prepared for searches to any sites."""

    calls: Calls
    boardings: Boardings
    changes: Changes
    departures: np.ndarray
    rules: TransitRules

    @classmethod
    def of(cls, timetable: Timetable, walks: Legs, rules: TransitRules) -> _Search:
        departures = np.arange(*timetable.window, round(60 * rules.every))
        latest = int(departures[-1] + 60 * rules.horizon)
        calls = timetable.calls.take(timetable.calls.arrival <= latest)
        boardings = Boardings.of(calls)
        between = with_rules(walks, timetable.transfers, rules)
        return cls(calls, boardings, Changes.of(calls, boardings, between), departures, rules)

    def earliest_arrivals(self, egress: Legs, some: slice) -> np.ndarray:
        """Return the earliest arrival at some sites from each boarding, by `arrivals`."""
        mine = (egress.target >= some.start) & (egress.target < some.stop)
        seconds = np.full((egress.sources, some.stop - some.start), NEVER)
        seconds[egress.source[mine], egress.target[mine] - some.start] = egress.seconds[mine]
        return arrivals(self.calls, self.boardings, self.changes, seconds, self.rules.most_rides)

    def departures_from(self, stops: np.ndarray, window: tuple[int, int]) -> int:
        """Count the vehicles that leave some of the stops in a window."""
        time, boardings = self.boardings.departure, self.boardings
        leaving = (time >= window[0]) & (time < window[1]) & np.isin(boardings.stop, stops)
        return len(np.unique(self.calls.trip[boardings.call[leaving]]))

    def summaries(
        self, access: Legs, earliest: np.ndarray, on_foot: np.ndarray
    ) -> tuple[tuple[sparse.csr_array, sparse.csr_array, sparse.csr_array], int]:
        """Return median, 75th percentile and share of each pair, and the pairs a ride shortens.

        `on_foot` is origins x sites, minutes on foot.
        """
        count = len(self.departures)
        ranks = [math.ceil(share * count) - 1 for share in STATISTICS.values()]
        minutes = np.empty((len(STATISTICS), *on_foot.shape))
        within = np.empty(on_foot.shape, dtype=np.float32)
        for origin in range(len(on_foot)):
            each = self._minutes(access.of_source(origin), earliest)
            np.minimum(each, on_foot[origin], out=each)
            each[each > self.rules.horizon] = np.inf
            within[origin] = (each <= self.rules.reach).mean(axis=0)
            minutes[:, origin] = np.partition(each, ranks, axis=0)[ranks]
        ridden = int((minutes[0] < on_foot).sum())
        return (as_minutes(minutes[0]), as_minutes(minutes[1]), sparse.csr_array(within)), ridden

    def _minutes(self, access: Legs, earliest: np.ndarray) -> np.ndarray:
        """Return the minutes of the best journey with a ride: departures x sites."""
        arrival = np.full((len(self.departures), earliest.shape[1]), NEVER)
        ready = access.seconds[:, None] + self.departures
        for boarding in self.boardings.next(access.target[:, None], ready):
            np.minimum(arrival, earliest[boarding], out=arrival)
        minutes: np.ndarray = (arrival - self.departures[:, None]) / 60
        return minutes


def _dense(minutes: sparse.csr_array) -> np.ndarray:
    """Return dense minutes, inf for pairs that are not stored."""
    dense = np.full(minutes.shape, np.inf)
    pairs = minutes.tocoo()
    dense[pairs.coords] = pairs.data
    return dense


def _recorder(
    timetable: Timetable, direct: TravelTimes, rules: TransitRules, counts: dict[str, float]
) -> Callable[[sparse.csr_array, str], TravelTimes]:
    """Return a function that adds the record of the measurement to minutes of a statistic."""
    unused = timetable.report["transfers_not_used"]
    service = timetable.service
    record: dict[str, float | str] = {
        "timetable": timetable.name,
        "timetable_first": service.first.isoformat(),
        "timetable_last": service.last.isoformat(),
        "timetable_trips": service.trips,
        "timetable_usual_trips": service.usual,
        NOTES: "\n".join(timetable.notes),
        DEPARTURES: counts[DEPARTURES],
        RIDDEN: counts[RIDDEN],
    }

    def times(minutes: sparse.csr_array, statistic: str) -> TravelTimes:
        return replace(
            direct,
            minutes=minutes,
            mode="transit",
            engine=f"{ENGINE}; walks by {direct.engine}",
            horizon=rules.horizon,
            window=f"{timetable.window_words}, every {rules.every:g} min",
            parameters=direct.parameters
            | rules.parameters()
            | record
            | {"statistic": statistic}
            | ({"transfers_not_used": unused} if unused else {}),
        )

    return times
