"""Caches of travel times and of what they are measured on.

Minutes are cached in the place folder, in one file for each cache key with one column for each
site. The network and the timetable that were read last stay in memory, so that times for a moved
centre are measured at once.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.base.atomic import open_atomic
from nhcplanner.base.errors import InputError, PlannerWarning, write_fault
from nhcplanner.domain.travel_times import Snap, TravelTimes
from nhcplanner.travel.streets.network import Network
from nhcplanner.travel.streets.store import BROKEN, check_arrays
from nhcplanner.travel.transit import Timetable
from nhcplanner.travel.transit.rules import RIDDEN

FORMAT = 2
MOST_BYTES = 1_000_000_000
"""Limit on the bytes of cached minutes in a folder; the least recently used files are deleted."""
SPARE = 100
"""Columns that a file keeps for sites that are no longer used, or as many as are used, if more."""

MeasureTimes = Callable[[FloatArray], TravelTimes]


@dataclass(frozen=True, eq=False)
class CachedTimes:
    """Minutes with the coordinates of their sites.

    Parameters
    ----------
    sites
        Sites x 2, metres.
    times
        Minutes, origin x site.
    """

    sites: FloatArray
    times: TravelTimes

    def take(self, columns: IntArray) -> CachedTimes:
        """Return the times of some sites, in this order."""
        minutes = sparse.csr_array(self.times.minutes.tocsc()[:, columns])
        minutes.sort_indices()
        snap = self.times.snap
        if snap is not None:
            snap = Snap(snap.origins, snap.sites.iloc[columns].reset_index(drop=True))
        return CachedTimes(self.sites[columns], replace(self.times, minutes=minutes, snap=snap))

    def with_more(self, other: CachedTimes) -> CachedTimes:
        """Return these times with those of other sites added."""
        minutes = sparse.hstack([self.times.minutes, other.times.minutes], format="csr")
        snap = other.times.snap
        if self.times.snap is not None and snap is not None:
            snap = Snap(
                snap.origins, pd.concat([self.times.snap.sites, snap.sites], ignore_index=True)
            )
        sites = np.concatenate([self.sites, other.sites])
        counts = {
            name: float(self.times.parameters[name]) + float(other.times.parameters[name])
            for name in {RIDDEN} & self.times.parameters.keys() & other.times.parameters.keys()
        }
        parameters = other.times.parameters | counts
        times = replace(other.times, minutes=minutes, snap=snap, parameters=parameters)
        return CachedTimes(sites, times)


def cached_times(
    folder: Path | None,
    cache_key: str,
    origins: FloatArray,
    sites: FloatArray,
    measure: MeasureTimes,
) -> TravelTimes:
    """Read travel times from the cache and measure only the times to new sites.

    Parameters
    ----------
    folder
        Folder of the cache; it is created if it is missing. If it cannot be written, a
        `PlannerWarning` says so. None = no cache.
    cache_key
        Everything that determines the minutes of a pair of points, as text.
    origins, sites
        Points x 2, metres.
    measure
        Measures from all origins to some sites.

    Returns
    -------
    TravelTimes
        The same as `measure(sites)`.
    """
    if folder is None:
        return measure(sites)
    path = folder / f"{_key(cache_key, origins)}.npz"
    times_in_file = _read(path, len(origins))
    row_of_site = {} if times_in_file is None else _rows(times_in_file.sites)
    new = np.array([site for key, site in _distinct(sites).items() if key not in row_of_site])
    if times_in_file is None or len(new):
        new_times = CachedTimes(new, measure(new))
        times_in_file = new_times if times_in_file is None else times_in_file.with_more(new_times)
        row_of_site = _rows(times_in_file.sites)
    columns = np.array([row_of_site[site.tobytes()] for site in sites])
    if len(new):
        try:
            _write(_drop_old_columns(times_in_file, columns), path)
            _delete_least_recent(folder, path)
        except InputError as error:
            warnings.warn(f"minutes are not kept: {error}", PlannerWarning, stacklevel=2)
    else:
        with suppress(OSError):
            os.utime(path)
    return times_in_file.take(columns).times


def _key(cache_key: str, origins: FloatArray) -> str:
    text = f"{FORMAT} {version('nhcplanner')} {cache_key}"
    return hashlib.sha256(text.encode() + origins.astype("<f8").tobytes()).hexdigest()[:32]


def _rows(sites: FloatArray) -> dict[bytes, int]:
    return {site.tobytes(): row for row, site in enumerate(sites)}


def _distinct(sites: FloatArray) -> dict[bytes, FloatArray]:
    """Return each site once, in order."""
    return {site.tobytes(): site for site in sites}


def _drop_old_columns(times: CachedTimes, columns: IntArray) -> CachedTimes:
    """Return the wanted columns and the most recent of the others."""
    others = np.setdiff1d(np.arange(len(times.sites)), columns)[::-1]
    columns = np.unique(columns)
    return times.take(np.concatenate([columns, others[: max(len(columns), SPARE)]]))


SNAP_KINDS = {"distance_m": "f", "far": "b", "cut_off": "b", "fragment": "b"}
"""NumPy kind of each column on snapped points: a damaged file may hold another."""


def _read(path: Path, origins: int) -> CachedTimes | None:
    """Read a file of the cache; None if it is missing or damaged."""
    try:
        check_arrays(path)
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        words = json.loads(arrays["words"].tobytes())
        columns = arrays["data"], arrays["indices"], arrays["indptr"]
        shape = (origins, len(arrays["sites"]))
        minutes = sparse.csc_array(columns, shape=shape)
        minutes.check_format()
        frames = [
            _snap_frame({name: arrays[f"{what}.{name}"] for name in words["snap"]})
            for what in ("origins", "sites")
        ]
        snap = Snap(*frames) if words.pop("snap") else None
        return CachedTimes(arrays["sites"], TravelTimes(minutes.tocsr(), snap=snap, **words))
    except BROKEN:
        return None


def _snap_frame(columns: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return the table of snapped points; raise ValueError where a column is of another kind."""
    for name, kind in SNAP_KINDS.items():
        if name in columns and columns[name].dtype.kind != kind:
            raise ValueError(f"{name} is of kind {columns[name].dtype.kind}")
    return pd.DataFrame(columns)


def _write(cached: CachedTimes, path: Path) -> None:
    """Write a file atomically; if two processes write it, the last one wins."""
    times, snap = cached.times, cached.times.snap
    columns = times.minutes.tocsc()
    arrays = {"sites": cached.sites, "data": columns.data, "indices": columns.indices}
    names = [] if snap is None else list(snap.sites)
    if snap is not None:
        arrays |= {f"origins.{name}": snap.origins[name].to_numpy() for name in names}
        arrays |= {f"sites.{name}": snap.sites[name].to_numpy() for name in names}
    fields = ("mode", "engine", "estimate", "horizon", "window", "parameters")
    words = {name: getattr(times, name) for name in fields} | {"snap": names}
    text = np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)
    with open_atomic(path) as file:
        np.savez(file, allow_pickle=False, words=text, indptr=columns.indptr, **arrays)


def _delete_least_recent(folder: Path, newest: Path) -> None:
    """Delete the least recently used files until the others are within `MOST_BYTES`."""
    try:
        files = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
        size = newest.stat().st_size
        for file in files:
            if file == newest:
                continue
            size += file.stat().st_size
            if size > MOST_BYTES:
                file.unlink(missing_ok=True)
    except OSError as error:
        raise InputError([write_fault(folder, error)]) from None


IN_MEMORY = 1
"""Networks and timetables in memory: those of a large place take hundreds of megabytes each."""


def network(path: Path | str) -> Network:
    """Load a network, as `Network.load` does, or return the one in memory."""
    return _network(str(path), _stamp(path))


Hours = tuple[str | None, tuple[str, str]]
"""Day and hours of a window, as `Timetable.read_windows` takes them."""


def timetables(path: Path | str, windows: tuple[Hours, ...]) -> tuple[Timetable, ...]:
    """Read some windows of a feed, as `Timetable.read_windows` does, or return those in memory."""
    return _timetables(str(path), _stamp(path), windows)


@lru_cache(maxsize=IN_MEMORY)
def _network(path: str, stamp: tuple[int, int]) -> Network:  # noqa: ARG001  (part of the key)
    return Network.load(path)


@lru_cache(maxsize=IN_MEMORY)
def _timetables(
    path: str,
    stamp: tuple[int, int],  # noqa: ARG001  (part of the key)
    windows: tuple[Hours, ...],
) -> tuple[Timetable, ...]:
    return Timetable.read_windows(path, windows)


def _stamp(path: Path | str) -> tuple[int, int]:
    """Return the time of a file's last change and its size; zeros if it does not exist."""
    if not Path(path).is_file():
        return 0, 0
    status = Path(path).stat()
    return status.st_mtime_ns, status.st_size
