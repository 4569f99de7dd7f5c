"""Recent: the network and timetable read last, so that a centre moved again is measured at once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from nhcplanner.travel.network import Network
from nhcplanner.travel.transit import Timetable

HELD = 1
"""How many of each at most: those of a large place take hundreds of megabytes."""


def network(path: Path | str) -> Network:
    """The network in a file, as `Network.load` gives it."""
    return _network(str(path), _stamp(path))


def timetable(path: Path | str, day: str | None, window: tuple[str, str]) -> Timetable:
    """One day of a feed, as `Timetable.read` gives it."""
    return _timetable(str(path), _stamp(path), day, window)


@lru_cache(maxsize=HELD)
def _network(path: str, stamp: tuple[int, int]) -> Network:  # noqa: ARG001  (part of the key)
    return Network.load(path)


@lru_cache(maxsize=HELD)
def _timetable(
    path: str,
    stamp: tuple[int, int],  # noqa: ARG001  (part of the key)
    day: str | None,
    window: tuple[str, str],
) -> Timetable:
    return Timetable.read(path, day, window)


def _stamp(path: Path | str) -> tuple[int, int]:
    """When a file was last changed, and its size; nought for one that is not there."""
    if not Path(path).is_file():
        return 0, 0
    found = Path(path).stat()
    return found.st_mtime_ns, found.st_size
