"""Minutes in DataFrames, whose areas and sites have ids, and figures aligned with them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import SHOWN, plural, shortened
from nhcplanner.domain.intake import Answers

Ids = tuple[str, ...]
INSTANT = 0.01
"""Minutes below which a journey is reported: less than a second."""


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
        """Sites and areas without minutes for some pairs, and journeys of a few seconds."""
        return (*self._gaps(), *self._instants())

    def _gaps(self) -> list[str]:
        """Sites that lack some areas; a misspelt id shows as a site or area with few pairs."""
        has = np.isfinite(self.minutes)
        notes = []
        for axis, ids, others, what in (
            (0, self.sites, "areas", "site"),
            (1, self.rows, "sites", "area"),
        ):
            total, counts = has.shape[axis], has.sum(axis=axis)
            short = [n for n in np.argsort(counts, kind="stable") if counts[n] < total]
            if short:
                shown = [f"{ids[n]} ({counts[n]:,} of {total:,} {others})" for n in short]
                words = "has" if len(short) == 1 else "have"
                notes.append(
                    f"{plural(len(short), what)} {words} no minutes for some {others}, which "
                    f"count as out of reach: {shortened(shown)}"
                )
        return notes

    def _instants(self) -> list[str]:
        """Journeys of less than `INSTANT` minutes that are not 0, which few tools write."""
        rows, sites = np.nonzero((self.minutes > 0) & (self.minutes < INSTANT))
        if not len(rows):
            return []
        shown = [f"{self.rows[row]} to {self.sites[site]}: {self.minutes[row, site]:.1g}"
                 for row, site in zip(rows[:SHOWN], sites[:SHOWN], strict=True)]  # fmt: skip
        words = f"{plural(len(rows), 'journey')} of less than {INSTANT:g} minutes"
        return [f"{words}: {', '.join(shown)}"]


def read_minutes(frame: pd.DataFrame) -> LabelledMinutes:
    """Minutes of a long or wide frame.

    Parameters
    ----------
    frame
        Wide: a row an area (the index holds its ids), a column a site, NaN or inf = no journey.
        Long: a row a pair, with columns for origin, destination and time under the headings that
        matrices in files may have (r5py, TravelTime and others); areas and sites stand in order
        of first appearance, pairs that are not there have no journey.

    Raises
    ------
    InputError
        For ids that appear twice, cells that are not numbers, and all that is wrong with a long
        table.
    """
    # Long tables of files and of frames are read by the same rules, which belong to `travel`.
    pairs = import_module("nhcplanner.travel.matrix").pairs_of_frame(frame, Answers())
    if pairs is not None:
        rows, origins = pd.factorize(pairs["origin"])
        columns, destinations = pd.factorize(pairs["destination"])
        minutes = np.full((len(origins), len(destinations)), np.inf)
        minutes[rows, columns] = pairs["minutes"].fillna(np.inf)
        return LabelledMinutes(minutes, tuple(origins), tuple(destinations))
    named = {"rows": frame.index.astype(str), "columns": frame.columns.astype(str)}
    faults = [
        f"minutes has {axis} with the same id: {shortened(ids[ids.duplicated()])}"
        for axis, ids in named.items()
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
    return LabelledMinutes(minutes, tuple(named["rows"]), tuple(named["columns"]))


def align(name: str, given: Any, ids: Ids | None, faults: list[str]) -> Any:
    """Put a Series in the order of ids; anything else is returned as it is.

    A Series that only numbers its entries (0, 1, 2, ...) counts as an array. Ids that the Series
    lacks, has twice or has beside those wanted are faults: figures of other areas are not used.
    """
    if not isinstance(given, pd.Series) or isinstance(given.index, pd.RangeIndex):
        return given
    if ids is None:
        faults.append(
            f"{name} is a Series with ids, but minutes has none; give minutes as a DataFrame, or "
            f"{name} as an array"
        )
        return None
    own = given.index.astype(str)
    wanted = pd.Index(ids)
    lacking, unknown = wanted.difference(own), own.difference(wanted)
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
    return given.set_axis(own).loc[list(ids)].to_numpy()


def positions(
    name: str, given: Iterable[object], ids: Ids | None, faults: list[str]
) -> list[object]:
    """Positions of sites that are given by position or, as text, by id."""
    rows = {one: row for row, one in enumerate(ids or ())}
    listed = list(given)
    unknown = [one for one in listed if isinstance(one, str) and one not in rows]
    if unknown:
        hint = "minutes has no ids" if ids is None else "minutes has no such site"
        faults.append(f"{name} names {shortened(unknown)}, but {hint}")
    return [rows[one] if isinstance(one, str) else one for one in listed if one not in unknown]
