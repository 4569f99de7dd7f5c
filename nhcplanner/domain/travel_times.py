"""Travel times from origins to sites, in minutes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import MOST_EXAMPLES, plural, shortened
from nhcplanner.domain.display import Card, Display, share
from nhcplanner.domain.intake import Answers


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


Ids = tuple[str, ...]
INSTANT = 0.01
"""Minutes below which a journey is reported: less than a second."""
DAY = 1_440.0
"""Minutes from which on a journey is reported: no tool searches for journeys of a day."""


@dataclass(frozen=True, eq=False)
class LabelledMinutes:
    """Minutes with the ids of their rows and columns.

    Parameters
    ----------
    minutes
        Area x site, inf = no journey (shape area x site).
    rows, sites
        Ids in the same order.
    """

    minutes: npt.NDArray[np.float64]
    rows: Ids
    sites: Ids

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on sites and areas without minutes for some pairs, and on odd journeys."""
        few = f"less than {INSTANT:g} minutes"
        return (
            *self._gaps(),
            *self._journeys((self.minutes > 0) & (self.minutes < INSTANT), few),
            *self._journeys(np.isfinite(self.minutes) & (self.minutes >= DAY), "a day or more"),
        )

    def _gaps(self) -> list[str]:
        """Return notes on incomplete sites and areas; a misspelt id has few pairs."""
        has = np.isfinite(self.minutes)
        notes = []
        for axis, ids, others, what in (
            (0, self.sites, "areas", "site"),
            (1, self.rows, "sites", "area"),
        ):
            total, counts = has.shape[axis], has.sum(axis=axis)
            short = [n for n in np.argsort(counts, kind="stable") if counts[n] < total]
            if short:
                examples = [f"{ids[n]} ({counts[n]:,} of {total:,} {others})" for n in short]
                words = "has" if len(short) == 1 else "have"
                notes.append(
                    f"{plural(len(short), what)} {words} no minutes for some {others}, which "
                    f"count as out of reach: {shortened(examples)}"
                )
        return notes

    def _journeys(self, odd: npt.NDArray[np.bool_], length: str) -> list[str]:
        """Return a note on journeys of a length that few tools write."""
        if not odd.any():
            return []
        examples = [
            f"{self.rows[row]} to {self.sites[site]}: {self.minutes[row, site]:.4g}"
            for row, site in np.argwhere(odd)[:MOST_EXAMPLES].tolist()
        ]
        return [f"{plural(int(odd.sum()), 'journey')} of {length}: {', '.join(examples)}"]


def read_minutes(frame: pd.DataFrame) -> LabelledMinutes:
    """Read the minutes of a long or wide frame.

    Parameters
    ----------
    frame
        Wide: a row for each area (the index holds its ids), a column for each site, NaN or inf =
        no journey. Long: a row for each pair, with columns for origin, destination and time under
        the headings of matrix files (r5py, TravelTime and others). Areas and sites are in order of
        first appearance; missing pairs have no journey.

    Raises
    ------
    InputError
        For ids that appear twice, cells that are not numbers, and every fault of a long table.
    """
    # Long tables of files and of frames are read by the same rules, which belong to `travel`.
    pairs = import_module("nhcplanner.travel.matrix").pairs_of_frame(frame, Answers())
    if pairs is not None:
        rows, origins = pd.factorize(pairs["origin"])
        columns, destinations = pd.factorize(pairs["destination"])
        minutes = np.full((len(origins), len(destinations)), np.inf)
        minutes[rows, columns] = pairs["minutes"].fillna(np.inf)
        return LabelledMinutes(minutes, tuple(origins), tuple(destinations))
    if frame.index.nlevels > 1 or frame.columns.nlevels > 1:
        raise InputError(["minutes has an index of several levels; give one id for each area"])
    ids_of_axis = {"rows": frame.index.astype(str), "columns": frame.columns.astype(str)}
    faults = [
        f"minutes has {axis} with the same id: {shortened(ids[ids.duplicated()])}"
        for axis, ids in ids_of_axis.items()
        if not ids.is_unique
    ]
    try:
        cells = frame.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        texts = [str(n) for n in frame.columns if not pd.api.types.is_numeric_dtype(frame[n])]
        faults.append(f"minutes has columns that hold no numbers: {shortened(texts)}")
    if faults:
        raise InputError(faults)
    minutes = np.where(np.isnan(cells), np.inf, cells)
    return LabelledMinutes(minutes, tuple(ids_of_axis["rows"]), tuple(ids_of_axis["columns"]))


FAR = 1_000.0
"""A figure so many times the median of its column, or so many times less, is reported."""


def odd_figures(name: str, figures: npt.NDArray[np.float64] | None, ids: Ids | None) -> list[str]:
    """Return notes on figures far from the others, such as one in another unit.

    Examples
    --------
    >>> odd_figures("people", np.array([1500.0, 1700, 1.7e6]), ("A1", "A2", "A3"))
    ['people of A3 (1,700,000) is 1,000 times the median or more']
    """
    if figures is None or not (figures > 0).any():
        return []
    middle = float(np.median(figures[figures > 0]))
    notes = []
    for rows, words in (
        (np.flatnonzero(figures >= FAR * middle), "times the median or more"),
        (np.flatnonzero((figures > 0) & (figures <= middle / FAR)), "times less than the median"),
    ):
        examples = [f"{ids[row] if ids else row + 1} ({figures[row]:,.10g})" for row in rows]
        if examples:
            notes.append(f"{name} of {shortened(examples)} is {FAR:,.0f} {words}")
    return notes


def align(name: str, values: Any, ids: Ids | None, faults: list[str]) -> Any:
    """Put a Series in the order of ids; return anything else unchanged.

    A Series with a plain index (0, 1, 2, ...) counts as an array. Missing, repeated and unknown ids
    are faults, so that figures of other areas are never used.
    """
    if not isinstance(values, pd.Series) or isinstance(values.index, pd.RangeIndex):
        return values
    if ids is None:
        faults.append(
            f"{name} is a Series with ids, but minutes has none; give minutes as a DataFrame, or "
            f"{name} as an array"
        )
        return None
    own = values.index.astype(str)
    needed_ids = pd.Index(ids)
    lacking, unknown = needed_ids.difference(own), own.difference(needed_ids)
    twice = own[own.duplicated()].unique()
    for listed, words in (
        (lacking, "has no figure for"),
        (unknown, "has figures for ids that minutes lacks:"),
        (twice, "has several figures for"),
    ):
        if len(listed):
            faults.append(f"{name} {words} {shortened(list(listed))}")
    if len(lacking) or len(unknown) or len(twice):
        return None
    return values.set_axis(own).loc[list(ids)].to_numpy()


def positions(
    name: str, sites: Iterable[object], ids: Ids | None, faults: list[str]
) -> list[object]:
    """Return the positions of sites that are given by position or, as text, by id."""
    rows = {one: row for row, one in enumerate(ids or ())}
    items = list(sites)
    unknown = [one for one in items if isinstance(one, str) and one not in rows]
    if unknown:
        hint = "minutes has no ids" if ids is None else "minutes has no such site"
        faults.append(f"{name} names {shortened(unknown)}, but {hint}")
    return [rows[one] if isinstance(one, str) else one for one in items if one not in unknown]
