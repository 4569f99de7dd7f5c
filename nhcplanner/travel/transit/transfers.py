"""Transfers of a feed at and between stops, and trips of one vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from nhcplanner.travel.transit.feed import Feed

NEARBY = 200.0
"""Largest distance in metres between the end of a trip and the start of the next in its block."""
LONGEST_STAY = 12 * 3600
"""Longest wait in seconds of a vehicle between two trips that transfers.txt joins."""
STAY_SEATED, SAME_VEHICLE = 4, 5
"""Codes of transfer_type."""
COPIES = 4
"""Largest number of runs of all vehicles that part or join, in multiples of the day's runs."""


@dataclass(frozen=True, eq=False)
class TripEnds:
    """Place and time of the start and end of each trip, by number of the trip.

    Parameters
    ----------
    departure, arrival
        First departure and last arrival, seconds.
    start_xy, end_xy
        Trips x 2, metres.
    block
        Number of the trip's block; -1 = none.
    """

    departure: np.ndarray
    arrival: np.ndarray
    start_xy: np.ndarray
    end_xy: np.ndarray
    block: np.ndarray


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of trips that transfers.txt joins, by number.

    Parameters
    ----------
    source, target
        The trip that ends, and the trip as which its vehicle goes on.
    """

    source: np.ndarray
    target: np.ndarray


@dataclass(frozen=True, eq=False)
class Vehicles:
    """Runs of trips in the order in which vehicles make them.

    Parameters
    ----------
    run
        Positions of the runs; a run appears twice if vehicles part or join.
    vehicle
        Number of the vehicle of each run, ascending.
    joins
        Number of times that a vehicle goes on as another trip.
    left_out
        Number of pairs of runs not joined, because there are too many paths through them.
    """

    run: np.ndarray
    vehicle: np.ndarray
    joins: int
    left_out: int


def join_runs(runs: pd.DataFrame, ends: TripEnds, links: Links) -> Vehicles:
    """Join the runs of a day into vehicles.

    Parameters
    ----------
    runs
        `trip` (number), `shift` (seconds) and `joinable` (False for trips by headway).
    ends
        Ends of every trip.
    links
        Pairs of trips from transfers.txt.
    """
    source, target = _pairs(runs, ends, links)
    paths, left_out = _paths(source, target, COPIES * len(runs) + 1000)
    is_linked = np.zeros(len(runs), dtype=bool)
    is_linked[source] = is_linked[target] = True
    single = np.flatnonzero(~is_linked)
    linked_runs = np.array([run for path in paths for run in path], dtype=np.int64)
    number = np.repeat(np.arange(len(paths)), [len(path) for path in paths])
    return Vehicles(
        np.concatenate([single, linked_runs]),
        np.concatenate([np.arange(len(single)), number + len(single)]),
        len(linked_runs) - len(paths),
        left_out,
    )


def _pairs(runs: pd.DataFrame, ends: TripEnds, links: Links) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of runs that follow each other on one vehicle, the earlier run first."""
    trip = runs["trip"].to_numpy(np.int64)
    shift = runs["shift"].to_numpy(np.int64)
    starts, stops = ends.departure[trip] + shift, ends.arrival[trip] + shift
    by_link = _by_links(runs, links)
    by_block = _in_blocks(runs, ends, starts, stops)
    source = np.concatenate([by_link[0], by_block[0]])
    target = np.concatenate([by_link[1], by_block[1]])
    wait = starts[target] - stops[source]
    later = (starts[target] > starts[source]) | (
        (starts[target] == starts[source]) & (target > source)
    )
    usable = (wait >= 0) & (wait <= LONGEST_STAY) & later
    pairs = np.unique(np.column_stack([source, target])[usable], axis=0)
    return pairs[:, 0], pairs[:, 1]


def _by_links(runs: pd.DataFrame, links: Links) -> tuple[np.ndarray, np.ndarray]:
    table = pd.DataFrame({"source": links.source, "target": links.target})
    places = runs[runs["joinable"]][["trip"]].assign(run=np.flatnonzero(runs["joinable"]))
    pairs = table.merge(places, left_on="source", right_on="trip")
    pairs = pairs.merge(places, left_on="target", right_on="trip", suffixes=("_source", "_target"))
    return pairs["run_source"].to_numpy(np.int64), pairs["run_target"].to_numpy(np.int64)


def _in_blocks(
    runs: pd.DataFrame, ends: TripEnds, starts: np.ndarray, stops: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return each run with the next run of its block and service day, if it starts nearby."""
    trip = runs["trip"].to_numpy(np.int64)
    rows = np.flatnonzero((ends.block[trip] >= 0) & runs["joinable"].to_numpy(bool))
    if not len(rows):
        none = np.empty(0, dtype=np.int64)
        return none, none
    day = runs["shift"].to_numpy(np.int64)[rows]
    key = np.column_stack([ends.block[trip[rows]], day])
    _, group = np.unique(key, axis=0, return_inverse=True)
    group = group.reshape(-1)
    order = np.lexsort((rows, starts[rows], group))
    rows, group = rows[order], group[order]
    lift = int(max(starts[rows].max(), stops[rows].max()) - starts[rows].min()) + 1
    at = group * lift + (starts[rows] - starts[rows].min())
    ready = group * lift + (stops[rows] - starts[rows].min())
    following = np.maximum(np.searchsorted(at, ready, side="left"), np.arange(len(rows)) + 1)
    inside = following < len(rows)
    source, target = rows[inside], rows[following[inside]]
    same = group[inside] == group[following[inside]]
    apart = np.hypot(*(ends.end_xy[trip[source]] - ends.start_xy[trip[target]]).T)
    near = same & (apart <= NEARBY)
    return source[near], target[near]


def _paths(source: np.ndarray, target: np.ndarray, budget: int) -> tuple[list[list[int]], int]:
    """Return the paths along pairs from runs without a predecessor, and the number of other pairs.

    The paths are found by depth-first search, up to a number of runs in all.
    """
    following: dict[int, list[int]] = {}
    for before, after in zip(source.tolist(), target.tolist(), strict=True):
        following.setdefault(before, []).append(after)
    paths: list[list[int]] = []
    for begin in sorted(set(source.tolist()) - set(target.tolist())):
        pending = [(begin, 0)]
        path: list[int] = []
        while pending and budget > 0:
            run, depth = pending.pop()
            del path[depth:]
            path.append(run)
            onward = following.get(run, [])
            pending += [(after, depth + 1) for after in reversed(onward)]
            if not onward:
                paths.append(list(path))
                budget -= len(path)
    runs_of_paths = {run for path in paths for run in path}
    rest = sorted((set(source.tolist()) | set(target.tolist())) - runs_of_paths)
    pairs_of_paths = {pair for path in paths for pair in pairwise(path)}
    return [*paths, *([run] for run in rest)], len(source) - len(pairs_of_paths)


TIMED, MINIMUM, FORBIDDEN = 1, 2, 3
NARROW = ("from_route_id", "to_route_id", "from_trip_id", "to_trip_id")


@dataclass(frozen=True, eq=False)
class Transfers:
    """Rules of changes at a stop or between two stops.

    Parameters
    ----------
    source, target
        Positions of the stops; each pair once.
    seconds
        Least time between arriving and leaving, which replaces walk and slack; -1 forbids the
        change.
    """

    source: np.ndarray
    target: np.ndarray
    seconds: np.ndarray


def transfers_between(feed: Feed, stop_id: np.ndarray) -> tuple[Transfers, int]:
    """Return the transfers that apply between whole stops.

    Type 3 forbids a change, type 2 gives its least time, and type 1 (the vehicle waits) needs no
    time; type 0 does not affect journeys. A rule of a station applies to each of its stops; a rule
    of the stops themselves takes precedence. Rules for some routes or trips only are not used.
    Types 4 and 5 (a vehicle goes on as another trip) are used by `join_runs`.

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
        Number of rules of the feed that are not used.
    """
    table = feed.transfers
    narrow = (table[list(NARROW)] != "").any(axis=1)
    kind = table["transfer_type"]
    has_time = (kind == MINIMUM) & table["min_transfer_time"].notna()
    usable = ~narrow & (has_time | kind.isin([TIMED, FORBIDDEN]))
    onward = kind.isin([STAY_SEATED, SAME_VEHICLE])
    trips = set(feed.trips["trip_id"])
    is_known = table["from_trip_id"].isin(trips) & table["to_trip_id"].isin(trips)
    unused = int(((narrow & ~onward) | (onward & ~is_known)).sum())
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
    """Return stops by position under their own id, and again under the id of their station."""
    own = pd.DataFrame({"id": stop_id, "stop": np.arange(len(stop_id)), "breadth": 0})
    parent = stops.set_index("stop_id")["parent_station"].reindex(stop_id).to_numpy()
    station = own.assign(id=parent, breadth=1)
    return pd.concat([own, station[station["id"] != ""]], ignore_index=True)
