"""Windows of a day: minutes of each, sites open in each, and minutes of several windows mixed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy import sparse

from nhcplanner.base.arrays import Floats
from nhcplanner.base.errors import InputError
from nhcplanner.domain.choices import Mix
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.domain.windows import Window, day_words
from nhcplanner.travel.transit.rules import DEPARTURES, NOTES, RIDDEN

MIX = "transit_mix"
"""Parameter that says how minutes of several windows were mixed."""
WINDOWS = "windows"
"""Parameter that counts the windows."""
WORDS = {
    "worst": "the longest of those in each window, and none where a window has none",
    "best": "the shortest of those in each window",
    "mean": "the mean of those in each window",
}
"""What minutes of several windows are, by `transit_mix`."""


@dataclass(frozen=True, eq=False)
class WindowTimes:
    """Minutes in one window.

    Parameters
    ----------
    window
        Day and hours as the scenario has them.
    day
        The day that was chosen.
    times
        Minutes, origin x site; sites that are closed have none.
    is_open
        Of each site, 1 if it is open in the window, 0 if it is closed, NaN if that is not known.
    """

    window: Window
    day: date
    times: TravelTimes
    is_open: Floats

    @property
    def label(self) -> str:
        """Its day and hours, which name it in tables."""
        return f"{day_words(self.day)}, {self.window.hours}"


def labels_of(parts: Sequence[WindowTimes]) -> list[str]:
    """Return a label for each window, each different: repeated windows are numbered."""
    labels = [part.label for part in parts]
    counts: dict[str, int] = {}
    for position, label in enumerate(labels):
        counts[label] = counts.get(label, 0) + 1
        if counts[label] > 1:
            labels[position] = f"{label} ({counts[label]})"
    return labels


def without_closed(times: TravelTimes, is_open: Floats) -> TravelTimes:
    """Return times without the minutes to sites that are closed.

    Parameters
    ----------
    times
        Minutes, origin x site.
    is_open
        As in `WindowTimes`; sites whose hours are not known keep their minutes.
    """
    if not (is_open == 0).any():
        return times
    pairs = times.minutes.tocoo()
    stays = (is_open != 0)[pairs.coords[1]]
    rows, columns = (ends[stays] for ends in pairs.coords)
    minutes = sparse.csr_array((pairs.data[stays], (rows, columns)), shape=times.minutes.shape)
    minutes.sort_indices()
    return replace(times, minutes=minutes)


CLOSED, UNCLEAR = "sites_closed", "sites_without_hours"
"""Parameters that count the sites that are closed in a window, and those without known hours."""


def closed_counts(is_open: Floats) -> dict[str, float | str]:
    """Return the parameters on opening hours of one window."""
    return {CLOSED: float((is_open == 0).sum()), UNCLEAR: float(np.isnan(is_open).sum())}


def mix_windows(
    times: Sequence[TravelTimes], mix: Mix = "worst", weights: Sequence[float] = ()
) -> TravelTimes:
    """Return one set of minutes for several windows.

    Parameters
    ----------
    times
        Minutes in each window, of the same origins and sites.
    mix
        "worst": the longest minutes of each pair, none if any window has none. "best": the
        shortest. "mean": the weighted mean, where a window without minutes counts as the horizon;
        pairs without minutes in every window that has a weight have none.
    weights
        Of each window, for the mean; empty = all the same.

    Raises
    ------
    InputError
        If there is no window, or their origins or sites differ.

    Examples
    --------
    >>> from nhcplanner.domain.travel_times import as_minutes
    >>> a, b = (
    ...     TravelTimes(as_minutes([[t]]), "transit", "", estimate=False, horizon=60.0)
    ...     for t in (20, 40)
    ... )
    >>> float(mix_windows([a, b], "mean", [3, 1]).minutes.toarray()[0, 0])
    25.0
    """
    if not times or len({one.minutes.shape for one in times}) > 1:
        raise InputError(["windows need minutes of the same origins and sites"])
    shape = times[0].minutes.shape
    pairs = [one.minutes.tocoo() for one in times]
    keys = [pair.coords[0].astype(np.int64) * shape[1] + pair.coords[1] for pair in pairs]
    key = np.unique(np.concatenate(keys))
    minutes = np.full((len(times), len(key)), np.inf)
    for row, (own, pair) in enumerate(zip(keys, pairs, strict=True)):
        minutes[row, np.searchsorted(key, own)] = pair.data
    horizon = max(one.horizon for one in times)
    mixed = _mixed(minutes, mix, np.asarray(weights or np.ones(len(times)), float), horizon)
    has = np.isfinite(mixed)
    rows, columns = np.divmod(key[has], max(shape[1], 1))
    start = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=shape[0]))])
    return replace(
        times[0],
        minutes=sparse.csr_array(
            (mixed[has].astype(np.float32), columns.astype(np.int32), start), shape=shape
        ),
        horizon=horizon,
        window="; ".join(dict.fromkeys(one.window for one in times)),
        parameters=_parameters(times) | {MIX: mix, WINDOWS: float(len(times))}
        | ({"transit_weights": ", ".join(f"{one:g}" for one in weights)} if weights else {}),
    )  # fmt: skip


def _mixed(minutes: Floats, mix: Mix, weights: Floats, horizon: float) -> Floats:
    """Mix minutes, window x pair; inf = none."""
    if mix == "worst":
        return np.asarray(minutes.max(axis=0, initial=0.0))
    if mix == "best":
        return np.asarray(minutes.min(axis=0, initial=np.inf))
    reached = np.isfinite(minutes[weights > 0]).any(axis=0)
    mean = weights @ np.minimum(minutes, horizon) / weights.sum()
    return np.where(reached, mean, np.inf)


SUMS = (DEPARTURES, RIDDEN)
"""Parameters of which the windows' sum is stated."""


def _parameters(times: Sequence[TravelTimes]) -> dict[str, float | str]:
    """Return the parameters of all windows: those that differ as sums, lines or lists."""
    combined: dict[str, float | str] = {}
    for name in dict.fromkeys(name for one in times for name in one.parameters):
        values = [one.parameters[name] for one in times if name in one.parameters]
        if name.endswith(SUMS):
            combined[name] = sum(float(value) for value in values)
        elif name.endswith(NOTES):
            lines = (line for value in values for line in str(value).splitlines())
            combined[name] = "\n".join(dict.fromkeys(lines))
        elif len(set(values)) == 1:
            combined[name] = values[0]
        else:
            combined[name] = "; ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in values)
    return combined


def mix_words(times: TravelTimes) -> tuple[str, ...]:
    """Return a sentence on the windows of mixed minutes; empty for others."""
    mix = str(times.parameters.get(MIX, ""))
    if not mix:
        return ()
    words = WORDS[mix]
    weights = times.parameters.get("transit_weights")
    if mix == "mean":
        words += (
            f" (weights {weights}); " if weights else "; "
        ) + f"a site that a window does not reach counts as {times.horizon:g} minutes in it"
    lines = [f"Minutes are {words}. Windows: {times.window}"]
    if CLOSED in times.parameters:
        closed, unclear = (_plain(times.parameters[name]) for name in (CLOSED, UNCLEAR))
        lines.append(
            f"Only sites that are open count: closed in each window are {closed}; opening hours "
            f"are not known of {unclear}, which count as open"
        )
    return tuple(lines)


def _plain(value: float | str) -> str:
    return f"{value:g}" if isinstance(value, float) else value
