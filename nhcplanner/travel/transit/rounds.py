"""The search for earliest arrivals: backwards from all sites at once, one more ride each round.

A round works like a round of RAPTOR (Delling, Pajor and Werneck 2015), but on every call of every
vehicle, so that one pass answers for all departures of the window. The calls form a graph without
cycles in time, and a round is two running minima: along each vehicle's run, and along each stop's
departures.

References
----------
Delling D, Pajor T, Werneck RF (2015), Round-based public transit routing, Transportation Science
49(3).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel.transit.calls import Calls
from nhcplanner.travel.transit.rules import TransitRules
from nhcplanner.travel.transit.transfers import Transfers

NEVER = np.int64(1) << 30
"""Time of an impossible arrival, in seconds; later than every time of day."""
LATEST = 1 << 22
"""Seconds after midnight, later than every time of day (48 days)."""


@dataclass(frozen=True, eq=False)
class Boardings:
    """Every opportunity to board a vehicle, by stop and then by time.

    Parameters
    ----------
    stop
        Stop of each boarding.
    departure
        Departure in whole seconds.
    call
        Position of its call in `Calls`.
    """

    stop: np.ndarray
    departure: np.ndarray
    call: np.ndarray

    @classmethod
    def of(cls, calls: Calls) -> Boardings:
        """Make boardings of the calls that allow boarding and are not the last of their trip."""
        goes_on = np.append(calls.trip[1:] == calls.trip[:-1], False)[: len(calls)]
        call = np.flatnonzero(calls.board & goes_on)
        call = call[np.lexsort((calls.departure[call], calls.stop[call]))]
        return cls(calls.stop[call], calls.departure[call], call)

    def next(self, stop: np.ndarray, earliest: np.ndarray) -> np.ndarray:
        """Return the first boarding at each stop not before a time; the number of all if none."""
        position = np.searchsorted(self._key[:-1], stop * LATEST + earliest)
        return np.where(self._key[position] // LATEST == stop, position, len(self.stop))

    @cached_property
    def _key(self) -> np.ndarray:
        """Stop and time in one number, and one more that is no stop's."""
        return np.append(self.stop * LATEST + self.departure, np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class Changes:
    """Boardings that are possible after each call; of each stop only the first in time.

    Parameters
    ----------
    start
        Position of each call's first boarding, one more entry than calls.
    boarding
        Positions in `Boardings`.
    """

    start: np.ndarray
    boarding: np.ndarray

    @classmethod
    def of(cls, calls: Calls, boardings: Boardings, between: Legs) -> Changes:
        """Join calls to boardings.

        Parameters
        ----------
        calls, boardings
            Calls and boardings of the day.
        between
            Pairs of stops between which people may change, and the least time of each change.
        """
        first = np.searchsorted(between.source, calls.stop, side="left")
        size = np.searchsorted(between.source, calls.stop, side="right") - first
        size[~calls.alight] = 0
        call = np.repeat(np.arange(len(calls)), size)
        pair = np.arange(len(call)) - np.repeat(np.cumsum(size) - size, size) + first[call]
        ready = calls.arrival[call] + between.seconds[pair]
        boarding = boardings.next(between.target[pair], ready)
        real = boarding < len(boardings.stop)
        count = np.bincount(call[real], minlength=len(calls))
        return cls(np.append(0, np.cumsum(count)), boarding[real])


def arrivals(
    calls: Calls, boardings: Boardings, changes: Changes, egress: np.ndarray, most_rides: int
) -> np.ndarray:
    """Return the earliest arrival at each site from each boarding.

    Parameters
    ----------
    calls, boardings, changes
        Calls, boardings and changes of the day.
    egress
        Stops x sites, whole seconds from alighting to the site; `NEVER` if it is too far.
    most_rides
        Largest number of vehicles, including this one; 1 or more.

    Returns
    -------
    numpy.ndarray
        Boardings + 1 x sites, whole seconds after midnight. Values of `NEVER` or more, and the last
        row, mean never. If a later vehicle arrives earlier, people wait for it.
    """
    out = np.where(calls.alight[:, None], calls.arrival[:, None] + egress[calls.stop], NEVER)
    np.minimum(out, NEVER, out=out)
    earliest = np.full((len(boardings.stop) + 1, egress.shape[1]), NEVER)
    for ride in range(most_rides):
        best = out.copy()
        if ride:
            _change(best, earliest, changes)
        _running_minimum(best, calls.trip)
        earliest[:-1] = best[boardings.call + 1]
        _running_minimum(earliest[:-1], boardings.stop)
    return earliest


def _change(best: np.ndarray, earliest: np.ndarray, changes: Changes) -> None:
    """Lower each call's arrival to that of the best boarding that is possible after it."""
    size = np.diff(changes.start)
    for nth in range(int(size.max(initial=0))):
        call = np.flatnonzero(size > nth)
        boarding = changes.boarding[changes.start[call] + nth]
        best[call] = np.minimum(best[call], earliest[boarding])


def _running_minimum(values: np.ndarray, group: np.ndarray) -> None:
    """Replace each row by the minimum of it and all later rows of its group, in place.

    Rows of a group are adjacent. Each group is raised above all groups before it, so that one
    running minimum from the end does not carry over from group to group.
    """
    if not len(values):
        return
    number = np.cumsum(np.append(0, group[1:] != group[:-1]))
    lift = (2 * NEVER * number)[:, None]
    values += lift
    np.minimum.accumulate(values[::-1], axis=0, out=values[::-1])
    values -= lift


class Walk(Protocol):
    """A function that measures walks: `Streets.times` of a walking network, or `estimate`."""

    def __call__(self, area_xy: np.ndarray, site_xy: np.ndarray, *, horizon: float) -> TravelTimes:
        """Return the minutes from each point of one set to each of the other, within a horizon."""


@dataclass(frozen=True, eq=False)
class Legs:
    """Walks from points to points, sorted by where they start.

    Parameters
    ----------
    sources
        Number of points to start from.
    source, target
        Positions of the points.
    seconds
        Whole seconds of each.
    """

    sources: int
    source: np.ndarray
    target: np.ndarray
    seconds: np.ndarray

    def between(self, source: np.ndarray | None, target: np.ndarray | None) -> Legs:
        """Return the walks between some of the points, numbered anew.

        Parameters
        ----------
        source, target
            Positions of the points that become 0, 1, 2, ...; None = all as they are.
        """
        ends = [self.source, self.target]
        for side, points in enumerate((source, target)):
            if points is not None:
                number = np.full(
                    int(max(ends[side].max(initial=-1), points.max(initial=-1))) + 1, -1
                )
                number[points] = np.arange(len(points))
                ends[side] = number[ends[side]]
        real = (ends[0] >= 0) & (ends[1] >= 0)
        first, last = ends[0][real], ends[1][real]
        order = np.lexsort((last, first))
        sources = self.sources if source is None else len(source)
        return Legs(sources, first[order], last[order], self.seconds[real][order])

    def of_source(self, source: int) -> Legs:
        """Return the walks from one point."""
        first, last = np.searchsorted(self.source, [source, source + 1])
        some = slice(first, last)
        return Legs(self.sources, self.source[some], self.target[some], self.seconds[some])


def legs(walk: Walk, area_xy: np.ndarray, site_xy: np.ndarray, longest: float) -> Legs:
    """Return the walks from each point to each other within some minutes, in whole seconds."""
    if not len(area_xy) or not len(site_xy):
        none = np.empty(0, dtype=np.int64)
        return Legs(len(area_xy), none, none, none)
    pairs = walk(area_xy, site_xy, horizon=longest).minutes.tocoo()
    source, target = (ends.astype(np.int64) for ends in pairs.coords)
    seconds = np.rint(60 * pairs.data.astype(np.float64)).astype(np.int64)
    return Legs(len(area_xy), source, target, seconds)


def changes_between(walk: Walk, stop_xy: np.ndarray, own: Transfers, rules: TransitRules) -> Legs:
    """Return the pairs of stops between which people may change, and the least time of each.

    The time is the walk plus the slack; at the same stop it is the slack alone. A transfer of the
    feed replaces it, with its own least time, or forbids the change.

    Parameters
    ----------
    walk
        Function that measures walks.
    stop_xy
        Stops x 2, metres.
    own
        The feed's rules.
    rules
        Slack, and the longest walk.
    """
    return with_rules(legs(walk, stop_xy, stop_xy, rules.change_walk), own, rules)


def with_rules(walks: Legs, own: Transfers, rules: TransitRules) -> Legs:
    """Return the changes of `changes_between`, from the walks between all stops."""
    stops = np.arange(walks.sources)
    apart = walks.source != walks.target
    slack = round(60 * rules.slack)
    together = pd.DataFrame(
        {
            "source": np.concatenate([own.source, walks.source[apart], stops]),
            "target": np.concatenate([own.target, walks.target[apart], stops]),
            "seconds": np.concatenate(
                [own.seconds, walks.seconds[apart] + slack, np.full(len(stops), slack)]
            ),
        }
    )
    first = together.drop_duplicates(["source", "target"])
    possible = first[first["seconds"] >= 0].sort_values(["source", "target"])
    columns = (possible[name].to_numpy() for name in ("source", "target", "seconds"))
    return Legs(len(stops), *columns)
