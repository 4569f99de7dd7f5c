"""Kept: minutes measured once stay in the place folder, a file a question, a column a site.

Recent: the network and timetable read last, so that a centre moved again is measured at once.
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
from uuid import uuid4

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.arrays import FloatArray, IntArray
from nhcplanner.base.errors import PlannerWarning, write_fault
from nhcplanner.domain.travel_times import Snap, TravelTimes
from nhcplanner.travel.streets.network import Network
from nhcplanner.travel.streets.store import BROKEN, check_arrays
from nhcplanner.travel.transit import Timetable
from nhcplanner.travel.transit.notes import RIDDEN

FORMAT = 2
MOST_BYTES = 1_000_000_000
"""Bytes of kept minutes in one folder, beyond which the files longest unused go."""
SPARE = 100
"""Sites no longer asked for that a file keeps at least; else as many as were last asked for."""

Ask = Callable[[FloatArray], TravelTimes]


@dataclass(frozen=True, eq=False)
class CachedTimes:
    """Minutes with the sites that they are of.

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
        """Some of the sites, in the order asked for."""
        minutes = sparse.csr_array(self.times.minutes.tocsc()[:, columns])
        minutes.sort_indices()
        snap = self.times.snap
        if snap is not None:
            snap = Snap(snap.origins, snap.sites.iloc[columns].reset_index(drop=True))
        return CachedTimes(self.sites[columns], replace(self.times, minutes=minutes, snap=snap))

    def with_more(self, other: CachedTimes) -> CachedTimes:
        """The same and other sites."""
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
    folder: Path | None, question: str, origins: FloatArray, sites: FloatArray, ask: Ask
) -> TravelTimes:
    """Take minutes from the folder, and measure only to sites that it does not know.

    Parameters
    ----------
    folder
        Where minutes are kept; made where it is missing. Where it cannot be written nothing is
        kept, with a `PlannerWarning`; None keeps and takes nothing.
    question
        All that shapes the minutes of a pair of points, as text.
    origins, sites
        Points x 2, metres.
    ask
        Measures from all origins to some sites.

    Returns
    -------
    TravelTimes
        The same as `ask(sites)`.
    """
    if folder is None:
        return ask(sites)
    path = folder / f"{_key(question, origins)}.npz"
    held = _read(path, len(origins))
    known = {} if held is None else _rows(held.sites)
    fresh = np.array([site for key, site in _first(sites).items() if key not in known])
    if len(fresh):
        measured = CachedTimes(fresh, ask(fresh))
        held = measured if held is None else held.with_more(measured)
        known = _rows(held.sites)
    asked = np.array([known[site.tobytes()] for site in sites])
    if len(fresh):
        try:
            _write(_bounded(held, asked), path)
            _make_room(folder, path)
        except OSError as error:
            words = f"minutes are not kept: {write_fault(folder, error)}"
            warnings.warn(words, PlannerWarning, stacklevel=2)
    else:
        with suppress(OSError):
            os.utime(path)
    return held.take(asked).times


def _key(question: str, origins: FloatArray) -> str:
    said = f"{FORMAT} {version('nhcplanner')} {question}"
    return hashlib.sha256(said.encode() + origins.astype("<f8").tobytes()).hexdigest()[:32]


def _rows(sites: FloatArray) -> dict[bytes, int]:
    return {site.tobytes(): row for row, site in enumerate(sites)}


def _first(sites: FloatArray) -> dict[bytes, FloatArray]:
    """Each site once, in order."""
    return {site.tobytes(): site for site in sites}


def _bounded(held: CachedTimes, asked: IntArray) -> CachedTimes:
    """Those asked for, and some of the others, the latest first."""
    others = np.setdiff1d(np.arange(len(held.sites)), asked)[::-1]
    asked = np.unique(asked)
    return held.take(np.concatenate([asked, others[: max(len(asked), SPARE)]]))


SNAP_KINDS = {"distance_m": "f", "far": "b", "cut_off": "b", "fragment": "b"}
"""NumPy kind of each column on snapped points: a damaged file may hold another."""


def _read(path: Path, origins: int) -> CachedTimes | None:
    """What a file holds; None where it is not there or damaged."""
    try:
        check_arrays(path)
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
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


def _write(held: CachedTimes, path: Path) -> None:
    """Write whole or not at all; who writes last wins, and nothing is lost but time."""
    times, snap = held.times, held.times.snap
    columns = times.minutes.tocsc()
    arrays = {"sites": held.sites, "data": columns.data, "indices": columns.indices}
    names = [] if snap is None else list(snap.sites)
    if snap is not None:
        arrays |= {f"origins.{name}": snap.origins[name].to_numpy() for name in names}
        arrays |= {f"sites.{name}": snap.sites[name].to_numpy() for name in names}
    said = ("mode", "engine", "estimate", "horizon", "window", "parameters")
    words = {name: getattr(times, name) for name in said} | {"snap": names}
    text = np.frombuffer(json.dumps(words).encode(), dtype=np.uint8)
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{uuid4().hex[:8]}.tmp")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, words=text, indptr=columns.indptr, **arrays)
        unfinished.replace(path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _make_room(folder: Path, newest: Path) -> None:
    """Delete the files longest unused until the rest keep within `MOST_BYTES`."""
    files = sorted(folder.glob("*.npz"), key=lambda file: file.stat().st_mtime, reverse=True)
    taken = newest.stat().st_size
    for file in files:
        if file == newest:
            continue
        taken += file.stat().st_size
        if taken > MOST_BYTES:
            file.unlink(missing_ok=True)


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
