"""Ferries of OpenStreetMap: minutes of a crossing, and the speed of each ferry's way."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.travel.osm_tags import FERRY_KMH, Tags, is_ferry

CLOCK = re.compile(r"^(\d{1,3})(?::(\d{2}))?(?::(\d{2}))?$")
SPAN = re.compile(r"^P?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$")


def crossing_minutes(duration: str) -> float | None:
    """Return the minutes of a ferry's `duration` tag; None if it gives none above 0.

    Examples
    --------
    >>> crossing_minutes("00:20"), crossing_minutes("8"), crossing_minutes("PT1H5M")
    (20.0, 8.0, 65.0)
    >>> crossing_minutes("a while") is None
    True
    """
    text = duration.strip().upper()
    clock, span = CLOCK.match(text), SPAN.match(text)
    if clock and clock[2] is None:
        minutes = float(clock[1])
    elif clock or span:
        hours, rest, seconds = (float(part or 0) for part in (clock or span).groups())  # type: ignore[union-attr]
        minutes = 60 * hours + rest + seconds / 60
    else:
        return None
    return minutes if minutes > 0 else None


class FerryRoute(NamedTuple):
    """A ferry that is drawn as a relation of several ways.

    Parameters
    ----------
    ways
        OSM ids of its ways.
    minutes
        How long the whole crossing takes.
    """

    ways: tuple[int, ...]
    minutes: float


def with_speeds(
    kind: IntArray,
    kinds: Sequence[Tags],
    metres: FloatArray,
    way: IntArray,
    routes: Sequence[FerryRoute] = (),
) -> tuple[IntArray, list[Tags], int]:
    """Add to each ferry the km/h that follows from the duration of its way or route.

    Parameters
    ----------
    kind, kinds
        Position in `kinds` of each way, and the different sets of tags.
    metres
        Length of each way.
    way
        OSM id of each way; the pieces of one way have the same.
    routes
        Routes with a duration of their own, shared out by length among their ways.

    Returns
    -------
    tuple
        `kind` and `kinds` with a set of tags of its own for each ferry, boarding and waiting not
        counted; and how many ferries say nowhere how long they take.
    """
    kind, fresh = kind.copy(), list(kinds)
    ferries = np.flatnonzero(np.array([is_ferry(tags) for tags in fresh], dtype=bool)[kind])
    if not len(ferries):
        return kind, fresh, 0
    length: dict[int, float] = {}
    for row in ferries.tolist():
        length[int(way[row])] = length.get(int(way[row]), 0.0) + float(metres[row])
    speed = _route_speeds(routes, length)
    unknown = set()
    for row in ferries.tolist():
        tags, name = fresh[kind[row]], int(way[row])
        minutes = crossing_minutes(tags.get("duration", ""))
        kmh = length[name] / minutes * 0.06 if minutes else speed.get(name, 0.0)
        if kmh > 0:
            kind[row] = len(fresh)
            fresh.append(tags | {FERRY_KMH: f"{kmh:.6g}"})
        else:
            unknown.add(name)
    return kind, fresh, len(unknown)


def _route_speeds(routes: Sequence[FerryRoute], length: dict[int, float]) -> dict[int, float]:
    """Return the km/h of the ways of routes whose ways are all known."""
    return {
        name: sum(length[each] for each in route.ways) / route.minutes * 0.06
        for route in routes
        if route.ways and all(each in length for each in route.ways)
        for name in route.ways
    }
