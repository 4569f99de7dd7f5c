"""Travel times from origins to sites, in minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.domain.display import Card, Display, share


@dataclass(frozen=True, eq=False)
class Snap:
    """Links of origins and sites to the network.

    Parameters
    ----------
    origins, sites
        Frames in row order with `distance_m` (to the network), `far` (whether that is beyond the
        limit) and `cut_off` (whether nothing can be reached).
    """

    origins: pd.DataFrame
    sites: pd.DataFrame


@dataclass(frozen=True, eq=False, repr=False)
class TravelTimes(Display):
    """Minutes, origin x site; pairs beyond the horizon are missing.

    If people are divided by car availability, there are two blocks of rows: first all origins for
    people without a car, then all origins for the others.

    Parameters
    ----------
    minutes
        Sparse CSR, origin x site, float32. Stored pairs are within the horizon (a stored 0 is
        zero minutes); other pairs cannot be reached in time.
    mode
        "walk", "cycle", "transit" or "drive", or a description of several.
    engine
        A description of the measurement, for the record.
    estimate
        Whether minutes are estimates from straight lines.
    horizon
        Minutes beyond which pairs are dropped.
    window
        Day and hours of the times, if they matter.
    parameters
        Name and value of each parameter that affects the minutes.
    snap
        How points were joined to the network; None for an estimate.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, measure
    >>> times = measure(demo_place(), Scenario(engine="estimate"))
    >>> times.estimate, times.mode, times.horizon
    (True, 'walk', 60.0)
    """

    minutes: sparse.csr_array
    mode: str
    engine: str
    estimate: bool
    horizon: float
    window: str = ""
    parameters: dict[str, float | str] = field(default_factory=dict)
    snap: Snap | None = None

    def _card(self) -> Card:
        rows, sites = self.minutes.shape
        people = max(rows, 1)
        limits = sorted({*(t for t in (10, 15, 20, 30) if t < self.horizon), self.horizon})
        table = []
        for limit in limits:
            near = self.minutes.data <= limit
            ends = np.concatenate([[0], np.cumsum(near)])[self.minutes.indptr]
            some = int((np.diff(ends) > 0).sum())
            table.append(
                {
                    "within": f"{limit:g} minutes",
                    "journeys": int(near.sum()),
                    "starting points that reach a site": share(some / people),
                }
            )
        kind = "An estimate of minutes" if self.estimate else "Minutes"
        title = f"{kind} by {self.mode} from {rows:,} starting points to {sites:,} sites"
        notes = (self.engine, self.window)
        return Card(title, table, tuple(note for note in notes if note))

    @property
    def pairs(self) -> int:
        """Number of origin-site pairs within the horizon."""
        return int(self.minutes.nnz)

    def to_frame(
        self, origins: Iterable[object] | None = None, sites: Iterable[object] | None = None
    ) -> pd.DataFrame:
        """Return the pairs within the horizon as a long table.

        Parameters
        ----------
        origins, sites
            Id of each row and site; by default their positions.

        Returns
        -------
        pandas.DataFrame
            Columns `origin`, `site`, `minutes`; ordered by row, then by site.

        Raises
        ------
        InputError
            If there are not as many ids as rows or sites.

        Examples
        --------
        >>> from nhcplanner import Scenario, demo_place, measure
        >>> place = demo_place()
        >>> times = measure(place, Scenario(engine="estimate"))
        >>> frame = times.to_frame(place.origins["origin_id"], place.sites["site_id"])
        >>> len(frame) == times.pairs
        True
        """
        ids = [
            np.arange(size) if own_ids is None else np.asarray(list(own_ids), dtype=object)
            for own_ids, size in zip((origins, sites), self.minutes.shape, strict=True)
        ]
        faults = [
            f"{name} has {len(own):,} ids for {size:,} {name}"
            for name, own, size in zip(("origins", "sites"), ids, self.minutes.shape, strict=True)
            if len(own) != size
        ]
        if faults:
            raise InputError(faults)
        pairs = self.minutes.tocoo()
        return pd.DataFrame(
            {"origin": ids[0][pairs.row], "site": ids[1][pairs.col], "minutes": pairs.data}
        )

    def half_within(self, minutes: float) -> float | None:
        """Return the minutes within which half of the official figures lie; None if measured.

        Parameters
        ----------
        minutes
            An estimate, by its slowest-known mode where there are several.
        """
        shares = [
            float(value)
            for name, value in self.parameters.items()
            if name.rpartition(": ")[2] == "half_within_share"
        ]
        return max(shares) * minutes if shares and self.estimate else None

    def nearest(self, sites: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return the minutes from each origin to the nearest of some sites; inf = none."""
        return nearest_minutes(self.minutes, sites)


def as_minutes(minutes: object) -> sparse.csr_array:
    """Convert dense (inf = missing) or sparse minutes to a sorted CSR of float32.

    Raises
    ------
    InputError
        If minutes are not two-dimensional, are negative or are not numbers.
    """
    if sparse.issparse(minutes):
        entries: sparse.coo_array = sparse.coo_array(minutes)  # type: ignore[call-overload]
        rows: npt.NDArray[np.int64] = entries.row.astype(np.int64)
        cols: npt.NDArray[np.int64] = entries.col.astype(np.int64)
        data = _single(entries.data)
        shape = entries.shape
    else:
        try:
            dense = np.asarray(minutes, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            raise InputError(["minutes must be numbers, area x site"]) from None
        if dense.ndim != 2:
            raise InputError(["minutes must have two dimensions, area x site"])
        if np.isnan(dense).any():
            raise InputError(["minutes hold NaN; write inf for a pair that cannot be reached"])
        rows, cols = np.nonzero(np.isfinite(dense))
        data, shape = _single(dense[rows, cols]), dense.shape
    if len(data) and np.isnan(data).any():
        raise InputError(["minutes hold NaN; leave out a pair that cannot be reached"])
    if len(data) and data.min() < 0:
        raise InputError(["minutes hold negative numbers"])
    is_finite = np.isfinite(data)
    rows, cols, data = rows[is_finite], cols[is_finite], data[is_finite]
    order = np.lexsort((cols, rows))
    rows, cols, data = rows[order], cols[order], data[order]
    if len(rows) > 1 and ((np.diff(rows) == 0) & (np.diff(cols) == 0)).any():
        raise InputError(["minutes give the same pair of area and site twice"])
    indptr = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
    return sparse.csr_array(
        (data, cols.astype(np.int32), indptr.astype(np.int64)), shape=shape, dtype=np.float32
    )


def _single(minutes: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
    """Convert minutes to float32, where finite numbers stay finite, so that none is lost."""
    most = np.finfo(np.float32).max
    with np.errstate(over="ignore", under="ignore"):
        data = minutes.astype(np.float32)
    data[np.isinf(data) & np.isfinite(minutes)] = most
    return data


def nearest_minutes(minutes: sparse.csr_array, sites: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the minutes from each row to the nearest of some columns; inf if there is none.

    Parameters
    ----------
    minutes
        CSR, origin x site.
    sites
        Positions of the sites.
    """
    rows, columns = minutes.shape
    if minutes.nnz == rows * columns:  # a full table: only the selected columns are read
        some = minutes.data.reshape(rows, columns)[:, np.asarray(sites, dtype=np.intp)]
        near: npt.NDArray[np.float64] = some.min(axis=1, initial=np.inf).astype(np.float64)
        return near
    is_site = np.zeros(columns, dtype=bool)
    is_site[np.asarray(sites, dtype=np.intp)] = True
    data = np.where(is_site[minutes.indices], minutes.data.astype(np.float64), np.inf)
    nearest = np.full(minutes.shape[0], np.inf)
    filled = np.flatnonzero(np.diff(minutes.indptr))
    if len(filled):
        nearest[filled] = np.minimum.reduceat(data, minutes.indptr[filled])
    return nearest


def nearest_site(minutes: sparse.csr_array, sites: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the nearest of some columns for each row, the first of ties; -1 if there is none.

    Parameters
    ----------
    minutes
        CSR, origin x site.
    sites
        Positions of the sites.
    """
    is_site = np.zeros(minutes.shape[1], dtype=bool)
    is_site[np.asarray(sites, dtype=np.intp)] = True
    entries = np.flatnonzero(is_site[minutes.indices])
    rows = np.searchsorted(minutes.indptr, entries, side="right") - 1
    order = np.lexsort((minutes.indices[entries], minutes.data[entries], rows))
    first = order[np.diff(rows[order], prepend=-1) > 0]
    nearest = np.full(minutes.shape[0], -1, dtype=np.int64)
    nearest[rows[first]] = minutes.indices[entries[first]]
    return nearest
