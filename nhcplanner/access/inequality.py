"""Inequality of access between the most and the least deprived, weighted by people.

All measures put people in order from the most to the least deprived. Each stands at the middle of
those who share a rank, as a share of all people (the ridit): 0 is the most deprived end, 1 the
least deprived.

References
----------
Mackenbach JP, Kunst AE (1997), Measuring the magnitude of socio-economic inequalities in health,
Social Science & Medicine 44(6): slope and relative index of inequality.
Kakwani N, Wagstaff A, van Doorslaer E (1997), Socioeconomic inequalities in health, Journal of
Econometrics 77(1): the concentration index, equation 7, in its covariance form.
Bross IDJ (1958), How to use ridit analysis, Biometrics 14(1): ridits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.access.gains import Journeys
from nhcplanner.access.groups import imd_quintile
from nhcplanner.base.arrays import Floats
from nhcplanner.domain.place import Place


@dataclass(frozen=True)
class Slope:
    """Slope and relative index of inequality.

    Parameters
    ----------
    sii
        Slope index: what the fitted line gives at the least deprived end less what it gives at
        the most deprived end, in the unit of the values.
    rii
        Relative index: the first divided by the second; NaN where either is not above 0.
    """

    sii: float
    rii: float


def ridits(rank: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """Return the ridit of each row: its place in order of rank, 0 to 1, ties at their middle.

    Parameters
    ----------
    rank
        A value a row, the most deprived lowest.
    people
        Of each row, 0 or more.

    Examples
    --------
    >>> ridits([1, 2, 2], [50, 25, 25]).tolist()
    [0.25, 0.75, 0.75]
    """
    weight = np.asarray(people, dtype=np.float64)
    _, place = np.unique(np.asarray(rank, dtype=np.float64), return_inverse=True)
    heads = np.bincount(place, weight)
    total = heads.sum()
    if total == 0:
        return np.full(len(weight), np.nan)
    middles: Floats = (np.cumsum(heads) - heads / 2) / total
    return middles[place]


def slope_index(value: npt.ArrayLike, rank: npt.ArrayLike, people: npt.ArrayLike) -> Slope:
    """Return the slope and relative index of inequality, by weighted least squares.

    Parameters
    ----------
    value
        What is compared, a value a row.
    rank, people
        As in `ridits`.

    Returns
    -------
    Slope
        NaN where all people share one rank.

    Examples
    --------
    >>> slope_index([0.2, 0.6], [1, 2], [100, 100]).sii
    0.8
    """
    y, w = (np.asarray(one, dtype=np.float64) for one in (value, people))
    x = ridits(rank, w)
    if w.sum() == 0 or np.isclose(spread := np.average((x - 0.5) ** 2, weights=w), 0):
        return Slope(np.nan, np.nan)
    mean = np.average(y, weights=w)
    slope = float(np.average((x - 0.5) * (y - mean), weights=w) / spread)
    low, high = mean - slope / 2, mean + slope / 2
    return Slope(slope, float(high / low) if low > 0 and high > 0 else np.nan)


def concentration_index(value: npt.ArrayLike, rank: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return the concentration index, -1 to 1: above 0 where the less deprived have more.

    Parameters
    ----------
    value
        What is shared out, 0 or more, a value a row (a mean over its people).
    rank, people
        As in `ridits`.

    Returns
    -------
    float
        NaN where there is nothing to share out.

    Examples
    --------
    >>> concentration_index([1, 1], [1, 2], [100, 100])
    0.0
    >>> concentration_index([0, 1], [1, 2], [100, 100])
    0.5
    """
    y, w = (np.asarray(one, dtype=np.float64) for one in (value, people))
    if w.sum() == 0 or (mean := np.average(y, weights=w)) == 0:
        return float("nan")
    return float(2 * np.average((y - mean) * (ridits(rank, w) - 0.5), weights=w) / mean)


def gaps(value: npt.ArrayLike, group: npt.ArrayLike, people: npt.ArrayLike) -> tuple[float, float]:
    """Return the absolute and relative gap between the last group and the first.

    Parameters
    ----------
    value
        A value a row.
    group
        Whole numbers, 1 = most deprived; rows in group 0 are left out.
    people
        Of each row.

    Returns
    -------
    tuple of float
        Mean of the last group less that of the first, and the one divided by the other; NaN
        where there are not two groups with people, or the first has a mean of 0.
    """
    frame = pd.DataFrame({"value": value, "group": group, "people": people}, dtype=np.float64)
    frame = frame[(frame["group"] > 0) & (frame["people"] > 0)]
    if frame["group"].nunique() < 2:
        return np.nan, np.nan
    frame["total"] = frame["value"] * frame["people"]
    sums = frame.groupby("group")[["total", "people"]].sum()
    means = (sums["total"] / sums["people"]).to_numpy()
    first, last = float(means[0]), float(means[-1])
    return last - first, last / first if first > 0 else np.nan


_MEANING = {
    "absolute gap": "least deprived fifth less most deprived fifth",
    "relative gap": "least deprived fifth divided by most deprived fifth",
    "SII": "least deprived end less most deprived end, on a line fitted over all people",
    "RII": "least deprived end divided by most deprived end, on that line",
    "concentration index": "above 0 where the less deprived have more of it (-1 to 1)",
}


def unequal(place: Place, journeys: Journeys) -> pd.DataFrame | None:
    """Return measures of how access differs by deprivation, before and after.

    Parameters
    ----------
    place
        With a row of its origins for each row of `journeys`.
    journeys
        Of each row.

    Returns
    -------
    DataFrame or None
        `of` (the share within reach, or mean minutes with those beyond the horizon at the
        horizon), `measure`, `unit`, `before`, `after`, `change`, `meaning`. Rows whose area has no
        rank are left out; None where no area has one.
    """
    rank = _rank(place)
    if rank is None:
        return None
    area = place.area_of_origin
    ranked = np.isfinite(rank[area])
    people = np.where(ranked, place.origins["people"].to_numpy(dtype=np.float64), 0.0)
    order = np.where(ranked, rank[area], 0.0)
    fifth = imd_quintile(place.areas, place.index_name)
    fifths = None if fifth is None else fifth.to_numpy()[area]
    pairs = {
        f"share within {journeys.reach:g} minutes": [
            (minutes <= np.float32(journeys.reach)).astype(np.float64)
            for minutes in (journeys.before, journeys.after)
        ],
        "mean minutes": [
            np.minimum(minutes, journeys.horizon) for minutes in (journeys.before, journeys.after)
        ],
    }
    rows = []
    for of, pair in pairs.items():
        before, after = (_measures(value, order, people, fifths) for value in pair)
        rows += _rows(of, before, after)
    return pd.DataFrame(rows)


def _rows(of: str, before: dict[str, float], after: dict[str, float]) -> list[dict[str, object]]:
    unit = "minutes" if of == "mean minutes" else "share"
    return [
        {
            "of": of,
            "measure": name,
            "unit": unit if name in {"absolute gap", "SII"} else "ratio",
            "before": before[name],
            "after": after[name],
            "change": after[name] - before[name],
            "meaning": _MEANING[name],
        }
        for name in before
    ]


def _measures(
    value: Floats, order: Floats, people: Floats, fifths: np.ndarray | None
) -> dict[str, float]:
    slope = slope_index(value, order, people)
    found = {}
    if fifths is not None:
        found["absolute gap"], found["relative gap"] = gaps(value, fifths, people)
    found |= {"SII": slope.sii, "RII": slope.rii}
    found["concentration index"] = concentration_index(value, order, people)
    return found


def _rank(place: Place) -> Floats | None:
    """Rank of each area, the most deprived lowest; NaN where an area has none."""
    for column in ("imd_rank", "imd_decile"):
        if column in place.areas and place.areas[column].notna().any():
            found: Floats = place.areas[column].to_numpy(dtype=np.float64)
            return found
    return None
