"""Walks: to stops, between them, from them, and all the way, in whole seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel.transit.timetable import TransitRules
from nhcplanner.travel.transit.transfers import Transfers


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
