"""Calls: each halt of each vehicle on one day, out of the trips and frequencies of a feed.

Transfers: what a feed itself says about changing at a stop or between two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from nhcplanner.travel.transit.feed import DAY, Feed

NOT_HERE = 1
"""Code of pickup_type and drop_off_type: nobody may board, or alight."""


@dataclass(frozen=True, eq=False)
class Calls:
    """Calls at stops, trip after trip, each trip in order.

    Parameters
    ----------
    trip
        Number of the vehicle's run, not falling.
    stop
        Position of the stop.
    arrival, departure
        Whole seconds after midnight of the day.
    board, alight
        Whether people may.
    """

    trip: np.ndarray
    stop: np.ndarray
    arrival: np.ndarray
    departure: np.ndarray
    board: np.ndarray
    alight: np.ndarray

    def __len__(self) -> int:
        return len(self.trip)

    def at(self, stop: np.ndarray) -> Calls:
        """Give the same calls with their stops numbered otherwise."""
        return replace(self, stop=stop)

    def take(self, rows: np.ndarray) -> Calls:
        """Some of the calls, by position or mask."""
        fields = (self.trip, self.stop, self.arrival, self.departure, self.board, self.alight)
        return Calls(*(field[rows] for field in fields))


def calls_of_day(feed: Feed, ordinal: int, start: int, end: int) -> Calls:
    """Gather the calls of a day.

    Parameters
    ----------
    feed
        The feed.
    ordinal
        The day.
    start, end
        Seconds after its midnight: calls that a vehicle has left before `start`, or that it
        reaches after `end`, are left out, and then trips with fewer than two calls.

    Returns
    -------
    Calls
        With the positions of the stops in `feed.stops`.
    """
    template = _template(feed)
    runs = _runs(feed, template, ordinal, end)
    calls = _expand(template, runs)
    inside = calls.take((calls.departure >= start) & (calls.arrival <= end))
    size = np.bincount(inside.trip, minlength=1)
    return inside.take(size[inside.trip] > 1)


def _template(feed: Feed) -> pd.DataFrame:
    """Stop times with a number a trip, stops by position, and no time missing."""
    table = feed.stop_times
    trip, _ = pd.factorize(table["trip_id"])
    position = pd.Index(feed.stops["stop_id"]).get_indexer(table["stop_id"])
    arrival = table["arrival_time"].fillna(table["departure_time"]).to_numpy()
    departure = table["departure_time"].fillna(table["arrival_time"]).to_numpy()
    known = ~np.isnan(arrival)
    along = _along(trip, table["shape_dist_traveled"].to_numpy())
    between = np.round(_between(along, known, departure, arrival))
    return pd.DataFrame(
        {
            "trip": trip,
            "trip_id": table["trip_id"].to_numpy(),
            "stop": position,
            "arrival": np.where(known, arrival, between).astype(np.int64),
            "departure": np.where(known, departure, between).astype(np.int64),
            "board": (table["pickup_type"] != NOT_HERE).to_numpy(),
            "alight": (table["drop_off_type"] != NOT_HERE).to_numpy(),
        }
    )


def _between(
    along: np.ndarray, known: np.ndarray, departure: np.ndarray, arrival: np.ndarray
) -> np.ndarray:
    """Times in proportion to the way between the last call with a time and the next one."""
    rows = np.arange(len(along))
    last = np.maximum.accumulate(np.where(known, rows, 0))
    following = np.minimum.accumulate(np.where(known, rows, len(rows) - 1)[::-1])[::-1]
    way = along[following] - along[last]
    share = np.divide(along - along[last], way, out=np.zeros(len(along)), where=way > 0)
    return departure[last] + share * (arrival[following] - departure[last])


def _along(trip: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """How far along its trip each call lies: by distance where a whole trip has it in order."""
    number = np.arange(len(trip), dtype=np.float64)
    same = trip[1:] == trip[:-1]
    broken = np.isnan(distance)
    broken[1:] |= same & ~(distance[1:] >= distance[:-1])
    by_distance = np.bincount(trip, weights=broken, minlength=1)[trip] == 0
    return np.where(by_distance, distance, number)


def _runs(feed: Feed, template: pd.DataFrame, ordinal: int, end: int) -> pd.DataFrame:
    """Every run of a trip that may touch the day: `trip` and the seconds to `shift` it by."""
    first = template.drop_duplicates("trip").set_index("trip_id")[["trip", "departure"]]
    services = feed.trips.set_index("trip_id")["service_id"]
    once = first[~first.index.isin(feed.frequencies["trip_id"])].assign(shift=0)
    often = _frequent(feed.frequencies, first)
    runs = pd.concat([once[["trip", "shift"]], often])
    service = services.reindex(runs.index)
    latest = int(template["arrival"].max() + max(runs["shift"].max(), 0))
    found = []
    for days in range(-(latest // DAY), end // DAY + 1):
        running = runs[service.isin(feed.calendar.services(ordinal + days)).to_numpy()]
        found.append(running.assign(shift=running["shift"] + days * DAY))
    return pd.concat(found, ignore_index=True)


def _frequent(frequencies: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Runs of trips that go every so many seconds; the end of a span is left out."""
    rates = frequencies[frequencies["trip_id"].isin(first.index)]
    span = (rates["end_time"] - rates["start_time"]).to_numpy()
    headway = rates["headway_secs"].to_numpy()
    times = np.ceil(span / headway).astype(np.int64)
    row = np.repeat(np.arange(len(rates)), times)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    leaves = (rates["start_time"].to_numpy()[row] + nth * headway[row]).astype(np.int64)
    template = first.loc[rates["trip_id"]].iloc[row]
    return pd.DataFrame(
        {"trip": template["trip"], "shift": leaves - template["departure"].to_numpy()},
        index=template.index,
    )


def _expand(template: pd.DataFrame, runs: pd.DataFrame) -> Calls:
    """Lay out the calls of every run."""
    trip = template["trip"].to_numpy()
    start = np.searchsorted(trip, runs["trip"].to_numpy(), side="left")
    size = np.searchsorted(trip, runs["trip"].to_numpy(), side="right") - start
    run = np.repeat(np.arange(len(runs)), size)
    row = np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size) + start[run]
    shift = runs["shift"].to_numpy(np.int64)[run]
    columns = {name: template[name].to_numpy()[row] for name in template.columns}
    return Calls(
        run, columns["stop"], columns["arrival"] + shift, columns["departure"] + shift,
        columns["board"], columns["alight"],
    )  # fmt: skip


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
    of the stops themselves goes first. Rules for some routes or trips only, and of staying
    seated, are not used.

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
    unused = int((narrow | (kind > FORBIDDEN)).sum())
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
