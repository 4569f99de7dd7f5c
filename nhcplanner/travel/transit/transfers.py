"""Transfers: what a feed itself says about changing at a stop or between two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from nhcplanner.travel.transit.blocks import SAME_VEHICLE, STAY_SEATED
from nhcplanner.travel.transit.feed import Feed

TIMED, MINIMUM, FORBIDDEN = 1, 2, 3
NARROW = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")


@dataclass(frozen=True, eq=False)
class Transfers:
    """Rules of changing from one stop to another, or at one.

    Parameters
    ----------
    source, target
        Positions of the stops; no pair stands twice.
    seconds
        Least time between arriving and leaving, which replaces walk and slack; -1 forbids the
        change.
    """

    source: np.ndarray
    target: np.ndarray
    seconds: np.ndarray


def transfers_between(feed: Feed, stop_id: np.ndarray) -> tuple[Transfers, int]:
    """Take the transfers that hold between whole stops.

    Type 3 forbids a change, type 2 gives its least time, type 1 (the vehicle waits) needs none;
    type 0 says nothing that shapes a journey. A station stands for each of its stops, a rule
    of the stops themselves goes first. Rules for some routes or trips only are not used; types 4
    and 5, of one vehicle that goes on as another trip, are those of `blocks`.

    Parameters
    ----------
    feed
        The feed.
    stop_id
        The stops, in the order of their positions.

    Returns
    -------
    Transfers
        Between those stops.
    int
        How many rules of the feed were not used.
    """
    table = feed.transfers
    narrow = (table[list(NARROW)] != "").any(axis=1)
    kind = table["transfer_type"]
    timed = (kind == MINIMUM) & table["min_transfer_time"].notna()
    usable = ~narrow & (timed | kind.isin([TIMED, FORBIDDEN]))
    onward = kind.isin([STAY_SEATED, SAME_VEHICLE])
    trips = set(feed.trips["trip_id"])
    known = table["from_trip_id"].isin(trips) & table["to_trip_id"].isin(trips)
    unused = int(((narrow & ~onward) | (onward & ~known)).sum())
    rules = pd.DataFrame(
        {
            "source": table["from_stop_id"],
            "target": table["to_stop_id"],
            "seconds": np.select(
                [kind == FORBIDDEN, kind == TIMED], [-1, 0], table["min_transfer_time"]
            ),
        }
    )[usable]
    members = _members(feed.stops, stop_id)
    rules = rules.merge(members.add_prefix("source_"), left_on="source", right_on="source_id")
    rules = rules.merge(members.add_prefix("target_"), left_on="target", right_on="target_id")
    rules["breadth"] = rules["source_breadth"] + rules["target_breadth"]
    rules = rules.sort_values("breadth", kind="stable")
    rules = rules.drop_duplicates(["source_stop", "target_stop"])
    columns = (rules[name].to_numpy(np.int64) for name in ("source_stop", "target_stop", "seconds"))
    return Transfers(*columns), unused


def _members(stops: pd.DataFrame, stop_id: np.ndarray) -> pd.DataFrame:
    """Stops by position under their own id, and again under their station's."""
    own = pd.DataFrame({"id": stop_id, "stop": np.arange(len(stop_id)), "breadth": 0})
    parent = stops.set_index("stop_id")["parent_station"].reindex(stop_id).to_numpy()
    station = own.assign(id=parent, breadth=1)
    return pd.concat([own, station[station["id"] != ""]], ignore_index=True)
