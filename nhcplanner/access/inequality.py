"""Inequality: how far access differs between the most and the least deprived, people as weights.

All measures put people in order from the most to the least deprived. Each stands at the middle of
those who share a rank, as a share of all people (the ridit): 0 is the most deprived end, 1 the
least deprived.

References
----------
Mackenbach JP, Kunst AE (1997), Measuring the magnitude of socio-economic inequalities in health,
Social Science & Medicine 44(6): slope and relative index of inequality.
Kakwani N, Wagstaff A, van Doorslaer E (1997), Socioeconomic inequalities in health, Journal of
Econometrics 77(1): the concentration index, there equation 7 in its covariance form.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


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
    """Where people stand in the order of a rank, 0 (lowest rank) to 1, ties in their middle.

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
    """Slope and relative index of inequality, by least squares with people as weights.

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
    """Concentration index: above 0 where the less deprived have more of it, -1 to 1.

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
    """Absolute and relative gap between the last group and the first (1 = most deprived).

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
