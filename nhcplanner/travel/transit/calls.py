"""Calls of every vehicle on one day, from the trips and frequencies of a feed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from nhcplanner.base.lazy import cache_by_identity
from nhcplanner.travel.transit.feed import DAY, Feed
from nhcplanner.travel.transit.transfers import (
    SAME_VEHICLE,
    STAY_SEATED,
    Links,
    TripEnds,
    join_runs,
)

NOT_HERE = 1
"""Code of pickup_type and drop_off_type: nobody may board, or alight."""


@dataclass(frozen=True, eq=False)
class Calls:
    """Calls at stops, trip after trip, each trip in order.

    Parameters
    ----------
    trip
        Number of the vehicle's run, ascending; trips of one through-running vehicle have one
        number.
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
        """Return the same calls with other numbers of stops."""
        return replace(self, stop=stop)

    def take(self, rows: np.ndarray) -> Calls:
        """Return some of the calls, by position or mask."""
        fields = (self.trip, self.stop, self.arrival, self.departure, self.board, self.alight)
        return Calls(*(field[rows] for field in fields))


def calls_of_day(
    feed: Feed, stop_xy: np.ndarray, ordinal: int, start: int, end: int
) -> tuple[Calls, dict[str, float]]:
    """Gather the calls of a day.

    Parameters
    ----------
    feed
        The feed.
    stop_xy
        Stops of the feed x 2, metres; NaN if a stop has no position.
    ordinal
        The day.
    start, end
        Seconds after its midnight: calls that a vehicle has left before `start`, or that it
        reaches after `end`, are left out, and then vehicles with fewer than two calls.

    Returns
    -------
    Calls
        With the positions of the stops in `feed.stops`.
    dict of str to float
        `trips`; `run_through`, how often a vehicle continues as another trip; `links_not_used`,
        pairs of trips too many to join; `trips_repeated`, trips with the same stops and times as
        another.
    """
    template = _template(feed)
    runs = _runs(feed, template, ordinal, end)
    vehicles = join_runs(runs, _ends(feed, template, stop_xy), _links(feed, template))
    calls, run = _expand(template, runs.iloc[vehicles.run], vehicles.vehicle)
    run = vehicles.run[run]
    inside = (calls.departure >= start) & (calls.arrival <= end)
    size = np.bincount(calls.trip[inside], minlength=1)
    inside[inside] = size[calls.trip[inside]] > 1
    report: dict[str, float] = {
        "trips": len(np.unique(run[inside])),
        "run_through": vehicles.joins,
        "links_not_used": vehicles.left_out,
        "trips_repeated": _count_repeats(template, runs.iloc[np.unique(run[inside])]),
    }
    return calls.take(inside), report


@cache_by_identity
def _template(feed: Feed) -> pd.DataFrame:
    """Return stop times with numbers of trips, positions of stops, and all times filled in.

    Times of calls at stops without a position are used for the calls around them; these calls are
    then removed.
    """
    table = feed.stop_times
    trip, _ = pd.factorize(table["trip_id"])
    position = pd.Index(feed.stops["stop_id"]).get_indexer(table["stop_id"])
    has_place = feed.stops["placed"].to_numpy()[position]
    arrival = table["arrival_time"].fillna(table["departure_time"]).to_numpy()
    departure = table["departure_time"].fillna(table["arrival_time"]).to_numpy()
    has_time = ~np.isnan(arrival)
    along = _along(trip, table["shape_dist_traveled"].to_numpy())
    between = np.round(_between(along, has_time, departure, arrival))
    calls = pd.DataFrame(
        {
            "trip": trip,
            "trip_id": table["trip_id"].to_numpy(),
            "stop": position,
            "arrival": np.where(has_time, arrival, between).astype(np.int64),
            "departure": np.where(has_time, departure, between).astype(np.int64),
            "board": (table["pickup_type"] != NOT_HERE).to_numpy(),
            "alight": (table["drop_off_type"] != NOT_HERE).to_numpy(),
        }
    )
    at_a_place: pd.DataFrame = calls[has_place]
    return at_a_place.reset_index(drop=True)


def _ends(feed: Feed, template: pd.DataFrame, stop_xy: np.ndarray) -> TripEnds:
    """Return place and time of each trip's start and end, and its block."""
    number = int(template["trip"].max()) + 1
    trip = template["trip"].to_numpy()
    first = np.searchsorted(trip, np.arange(number), side="left").clip(max=len(trip) - 1)
    last = np.searchsorted(trip, np.arange(number), side="right") - 1
    ids = feed.stop_times["trip_id"].unique()
    blocks = feed.trips.set_index("trip_id")["block_id"].reindex(ids).fillna("")
    code, _ = pd.factorize(blocks.where(blocks != ""))
    stop = template["stop"].to_numpy()
    return TripEnds(
        template["departure"].to_numpy()[first], template["arrival"].to_numpy()[last],
        stop_xy[stop[first]], stop_xy[stop[last]], code[:number],
    )  # fmt: skip


def _links(feed: Feed, template: pd.DataFrame) -> Links:
    """Return the trips that transfers.txt joins; by type 5 only if riders may alight and board."""
    table = feed.transfers[feed.transfers["transfer_type"].isin((STAY_SEATED, SAME_VEHICLE))]
    ends = template.groupby("trip_id", sort=False).agg(
        trip=("trip", "first"), board=("board", "first"), alight=("alight", "last")
    )
    pairs = table.merge(ends, left_on="from_trip_id", right_index=True)
    pairs = pairs.merge(ends, left_on="to_trip_id", right_index=True, suffixes=("", "_next"))
    usable = (pairs["transfer_type"] == STAY_SEATED) | (pairs["alight"] & pairs["board_next"])
    pairs = pairs[usable]
    return Links(pairs["trip"].to_numpy(np.int64), pairs["trip_next"].to_numpy(np.int64))


def _count_repeats(template: pd.DataFrame, runs: pd.DataFrame) -> int:
    """Count the runs with the same stops and times as another."""
    columns = ("stop", "arrival", "departure")
    hashes = pd.util.hash_pandas_object(template[list(columns)], index=False)
    trip = template["trip"].to_numpy()
    total = np.zeros(int(trip.max(initial=0)) + 1, dtype=np.uint64)
    np.add.at(total, trip, hashes.to_numpy())
    keys = pd.DataFrame({"trip": total[runs["trip"].to_numpy()], "shift": runs["shift"]})
    return int(keys.duplicated().sum())


def _between(
    along: np.ndarray, has_time: np.ndarray, departure: np.ndarray, arrival: np.ndarray
) -> np.ndarray:
    """Return times interpolated by distance between the calls with times."""
    rows = np.arange(len(along))
    last = np.maximum.accumulate(np.where(has_time, rows, 0))
    following = np.minimum.accumulate(np.where(has_time, rows, len(rows) - 1)[::-1])[::-1]
    way = along[following] - along[last]
    share = np.divide(along - along[last], way, out=np.zeros(len(along)), where=way > 0)
    times: np.ndarray = departure[last] + share * (arrival[following] - departure[last])
    return times


def _along(trip: np.ndarray, distance: np.ndarray) -> np.ndarray:
    """Return the position of each call along its trip: distance if valid, else the number."""
    number = np.arange(len(trip), dtype=np.float64)
    same = trip[1:] == trip[:-1]
    is_wrong = np.isnan(distance)
    is_wrong[1:] |= same & ~(distance[1:] >= distance[:-1])
    by_distance = np.bincount(trip, weights=is_wrong, minlength=1)[trip] == 0
    return np.where(by_distance, distance, number)


def _runs(feed: Feed, template: pd.DataFrame, ordinal: int, end: int) -> pd.DataFrame:
    """Return every run of a trip that may be under way on the day.

    Columns are `trip`, `shift` in seconds, and `joinable` (whether its vehicle may go on).
    """
    first = template.drop_duplicates("trip").set_index("trip_id")[["trip", "departure"]]
    services = feed.trips.set_index("trip_id")["service_id"]
    once = first[~first.index.isin(feed.frequencies["trip_id"])].assign(shift=0, joinable=True)
    often = _frequent(feed.frequencies, first).assign(joinable=False)
    runs = pd.concat([once[["trip", "shift", "joinable"]], often])
    service = services.reindex(runs.index)
    latest = int(template["arrival"].max() + max(runs["shift"].max(), 0))
    parts = []
    for days in range(-(latest // DAY), end // DAY + 1):
        running = runs[service.isin(feed.calendar.services(ordinal + days)).to_numpy()]
        parts.append(running.assign(shift=running["shift"] + days * DAY))
    return pd.concat(parts, ignore_index=True)


def _frequent(frequencies: pd.DataFrame, first: pd.DataFrame) -> pd.DataFrame:
    """Return the runs of trips with a headway; the end of a span is left out."""
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


def _expand(
    template: pd.DataFrame, runs: pd.DataFrame, vehicle: np.ndarray
) -> tuple[Calls, np.ndarray]:
    """Return the calls of every run, vehicle after vehicle, and the position of each call's run."""
    trip = template["trip"].to_numpy()
    start = np.searchsorted(trip, runs["trip"].to_numpy(), side="left")
    size = np.searchsorted(trip, runs["trip"].to_numpy(), side="right") - start
    run = np.repeat(np.arange(len(runs)), size)
    row = np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size) + start[run]
    shift = runs["shift"].to_numpy(np.int64)[run]
    columns = {name: template[name].to_numpy()[row] for name in template.columns}
    calls = Calls(
        vehicle[run], columns["stop"], columns["arrival"] + shift, columns["departure"] + shift,
        columns["board"], columns["alight"],
    )  # fmt: skip
    return calls, run
