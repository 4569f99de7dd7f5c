"""Inputs of a problem: minutes with ids, figures put in the order of ids, and their checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from numbers import Real
from operator import index
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import MOST_EXAMPLES, plural, shortened
from nhcplanner.domain.intake import Answers

Labels = Mapping[str, npt.NDArray[np.str_]]
LEAST = 1e-30
MOST = 1e30
"""Limits of amounts other than 0, so that sums and products of them stay finite."""
MOST_MINUTES = 1e9
MOST_METRES = 1e9
MOST_WHOLE = 1_000_000_000
"""Largest count and largest number of a band."""

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
"""Multiple of the median, up or down, from which a figure is reported."""


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


def check_limits(
    matrix: sparse.csr_array,
    reach: float,
    count: int | None,
    budget: float | None,
    faults: list[str],
) -> None:
    """Report limits that are not numbers of their kind, or far too large."""
    farthest = float(matrix.data.max(initial=0.0))
    if farthest > MOST_MINUTES:
        faults.append(
            f"minutes must be no more than {MOST_MINUTES:g}, not {farthest:g}; write inf for a "
            "pair that cannot be reached"
        )
    if not (isinstance(reach, Real) and 0 <= reach <= MOST_MINUTES):
        faults.append(f"reach must be minutes from 0 to {MOST_MINUTES:g}, not {reach}")
    whole = isinstance(count, Real) and 0 <= count <= MOST_WHOLE and count % 1 == 0
    if count is not None and not whole:
        faults.append(
            f"count must be a whole number from 0 to {MOST_WHOLE:,}, not {_short(count)}; "
            "leave it out for no limit"
        )
    valid = isinstance(budget, Real) and (budget == 0 or LEAST <= budget <= MOST)
    if budget is not None and not valid:
        faults.append(
            f"budget must be 0 or pounds from {LEAST:g} to {MOST:g}, not {_short(budget)}; "
            "leave it out for no limit"
        )


def _short(number: float) -> str:
    """Return a number as text, or its length if it is very long."""
    text = str(number)
    return text if len(text) <= 24 else f"a number of {len(text)} digits"


def check_numbers(
    name: str,
    values: npt.ArrayLike | None,
    length: int,
    faults: list[str],
    default: float = 0.0,
    allowed: Literal["", "nan", "negative"] = "",
) -> npt.NDArray[np.float64]:
    """Return the figures of each row or site as numbers; report what is not usable."""
    if values is None:
        return np.full(length, default)
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        faults.append(f"{name} must be numbers")
        return np.full(length, default)
    if array.shape != (length,):
        faults.append(f"{name} must hold {length} numbers, not {array.shape}")
        return np.full(length, default)
    if np.isnan(array).any() and allowed != "nan":
        faults.append(f"{name} is missing in rows {shortened(np.flatnonzero(np.isnan(array)))}")
    if np.isinf(array).any():
        faults.append(f"{name} is infinite in rows {shortened(np.flatnonzero(np.isinf(array)))}")
    if (array < 0).any() and allowed != "negative":
        faults.append(f"{name} is negative in rows {shortened(np.flatnonzero(array < 0))}")
    size = np.abs(array)
    beyond = np.isfinite(array) & (size > 0) & ((size < LEAST) | (size > MOST))
    if beyond.any():
        faults.append(
            f"{name} is neither 0 nor a number from {LEAST:g} to {MOST:g} in rows "
            f"{shortened(np.flatnonzero(beyond))}; check its unit"
        )
    return array if allowed == "negative" else size


def check_labels(
    name: str, groups: Mapping[str, npt.ArrayLike] | None, length: int, faults: list[str]
) -> Labels:
    """Return the labels of each group as text; report a wrong length."""
    arrays = {}
    for group, labels in (groups or {}).items():
        array = np.asarray(labels).astype(np.str_)
        if array.shape != (length,):
            faults.append(f"{name} {group} must hold {length} labels, not {array.shape}")
        arrays[group] = array
    return arrays


def check_points(
    name: str, values: npt.ArrayLike, length: int, faults: list[str]
) -> npt.NDArray[np.float64]:
    """Return points in metres, site x 2; report what is missing or too far."""
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        faults.append(f"{name} must be numbers")
        return np.zeros((length, 2))
    if array.shape != (length, 2):
        faults.append(f"{name} must hold {length} pairs of metres, not {array.shape}")
    elif not np.isfinite(array).all():
        lost = np.flatnonzero(~np.isfinite(array).all(axis=1))
        faults.append(f"{name} is missing in rows {shortened(lost)}")
    elif (np.abs(array) > MOST_METRES).any():
        lost = np.flatnonzero((np.abs(array) > MOST_METRES).any(axis=1))
        faults.append(f"{name} lies beyond {MOST_METRES:g} metres in rows {shortened(lost)}")
    return array


def check_positions(
    name: str, values: Iterable[object], sites: int, faults: list[str]
) -> tuple[int, ...]:
    """Return positions of sites in order, each once; report those outside 0 to sites - 1."""
    try:
        positions = sorted({index(p) for p in values})  # type: ignore[arg-type]
    except TypeError:
        faults.append(f"{name} must be whole numbers, positions of sites")
        return ()
    outside = [p for p in positions if not 0 <= p < sites]
    if outside:
        faults.append(
            f"{name} names sites {shortened(outside)}, but positions run 0 to {sites - 1}"
        )
    return tuple(positions)
