"""The search: earliest arrivals, backwards from all sites at once, a ride more each round.

A round works like one of RAPTOR, but on every call of every vehicle, so that one pass answers
for all departures of the window: the calls form a graph without cycles in time, and a round is
two running minima, along each vehicle's run and along each stop's departures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
import pandas as pd

from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel.transit.calls import Calls
from nhcplanner.travel.transit.timetable import TransitRules
from nhcplanner.travel.transit.transfers import Transfers

NEVER = np.int64(1) << 30
"""An arrival that does not come; far beyond every time of day in seconds."""
LATEST = 1 << 22
"""Seconds after midnight that no time of day reaches (48 days)."""


@dataclass(frozen=True, eq=False)
class Boardings:
    """Every chance to board a vehicle, stop after stop, each stop's in order of time.

    Parameters
    ----------
    stop
        The stop of each.
    departure
        When it leaves, whole seconds.
    call
        Its call among the `Calls`.
    """

    stop: np.ndarray
    departure: np.ndarray
    call: np.ndarray

    @classmethod
    def of(cls, calls: Calls) -> Boardings:
        """Take each call that people may board at and that is not the last of its trip."""
        goes_on = np.append(calls.trip[1:] == calls.trip[:-1], False)[: len(calls)]
        call = np.flatnonzero(calls.board & goes_on)
        call = call[np.lexsort((calls.departure[call], calls.stop[call]))]
        return cls(calls.stop[call], calls.departure[call], call)

    def next(self, stop: np.ndarray, earliest: np.ndarray) -> np.ndarray:
        """Position of the first boarding at each stop not before a time; their number if none."""
        found = np.searchsorted(self._key[:-1], stop * LATEST + earliest)
        return np.where(self._key[found] // LATEST == stop, found, len(self.stop))

    @cached_property
    def _key(self) -> np.ndarray:
        """Stop and time in one number, and one more that is no stop's."""
        return np.append(self.stop * LATEST + self.departure, np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class Changes:
    """Which boardings can be made after which calls; of each stop only the first in time.

    Parameters
    ----------
    start
        Where each call's boardings begin, one more than there are calls.
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
            The day's.
        between
            Pairs of stops between which people may change, and the least time it takes.
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
    """Earliest arrival at each site from each boarding.

    Parameters
    ----------
    calls, boardings, changes
        The day's.
    egress
        Stops x sites, whole seconds from alighting to the site; `NEVER` where it is too far.
    most_rides
        Vehicles that may be used in all, this one included; 1 or more.

    Returns
    -------
    numpy.ndarray
        Boardings + 1 x sites, whole seconds after midnight; values of `NEVER` and more mean
        never, and so does the last row. Where a later vehicle arrives earlier it is waited for.
    """
    out = np.where(calls.alight[:, None], calls.arrival[:, None] + egress[calls.stop], NEVER)
    np.minimum(out, NEVER, out=out)
    reached = np.full((len(boardings.stop) + 1, egress.shape[1]), NEVER)
    for ride in range(most_rides):
        best = out.copy()
        if ride:
            _change(best, reached, changes)
        _running_minimum(best, calls.trip)
        reached[:-1] = best[boardings.call + 1]
        _running_minimum(reached[:-1], boardings.stop)
    return reached


def _change(best: np.ndarray, reached: np.ndarray, changes: Changes) -> None:
    """Let each call arrive as early as the best boarding that can be made after it."""
    size = np.diff(changes.start)
    for nth in range(int(size.max(initial=0))):
        call = np.flatnonzero(size > nth)
        boarding = changes.boarding[changes.start[call] + nth]
        best[call] = np.minimum(best[call], reached[boarding])


def _running_minimum(values: np.ndarray, group: np.ndarray) -> None:
    """Replace each row by the minimum of it and all later rows of its group, in place.

    Rows of a group stand together. Each group is lifted above all those before it while one
    running minimum passes over everything from the end, so that none takes over another's.
    """
    if not len(values):
        return
    number = np.cumsum(np.append(0, group[1:] != group[:-1]))
    lift = (2 * NEVER * number)[:, None]
    values += lift
    np.minimum.accumulate(values[::-1], axis=0, out=values[::-1])
    values -= lift


class Walk(Protocol):
    """Whatever measures walks: `Streets.times` of a walking network, or `estimate`."""

    def __call__(self, area_xy: np.ndarray, site_xy: np.ndarray, *, horizon: float) -> TravelTimes:
        """Minutes from each point of the one set to each of the other, within a horizon."""


@dataclass(frozen=True, eq=False)
class Legs:
    """Walks from points to points, sorted by where they start.

    Parameters
    ----------
    sources
        How many points there are to start from.
    source, target
        Positions of the points.
    seconds
        Whole seconds of each.
    """

    sources: int
    source: np.ndarray
    target: np.ndarray
    seconds: np.ndarray

    def of_source(self, source: int) -> Legs:
        """Take the walks from one point."""
        first, last = np.searchsorted(self.source, [source, source + 1])
        some = slice(first, last)
        return Legs(self.sources, self.source[some], self.target[some], self.seconds[some])


def legs(walk: Walk, area_xy: np.ndarray, site_xy: np.ndarray, longest: float) -> Legs:
    """Walk from each point to each other within some minutes, to the nearest second."""
    if not len(area_xy) or not len(site_xy):
        none = np.empty(0, dtype=np.int64)
        return Legs(len(area_xy), none, none, none)
    pairs = walk(area_xy, site_xy, horizon=longest).minutes.tocoo()
    source, target = (ends.astype(np.int64) for ends in pairs.coords)
    seconds = np.rint(60 * pairs.data.astype(np.float64)).astype(np.int64)
    return Legs(len(area_xy), source, target, seconds)


def changes_between(walk: Walk, stop_xy: np.ndarray, own: Transfers, rules: TransitRules) -> Legs:
    """Between which stops people may change vehicles, and the least time from one to the next.

    It is the walk plus the slack, and at one and the same stop the slack alone. What the feed
    says about two stops replaces that: its least time, or that nobody changes there.

    Parameters
    ----------
    walk
        What measures walks.
    stop_xy
        Stops x 2, metres.
    own
        The feed's rules.
    rules
        Slack, and the longest walk.
    """
    stops = np.arange(len(stop_xy))
    walks = legs(walk, stop_xy, stop_xy, rules.change_walk)
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
    allowed = first[first["seconds"] >= 0].sort_values(["source", "target"])
    columns = (allowed[name].to_numpy() for name in ("source", "target", "seconds"))
    return Legs(len(stops), *columns)
