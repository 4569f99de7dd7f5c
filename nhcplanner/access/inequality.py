"""Inequality of access between the most and the least deprived, weighted by people.

All measures order people from the most to the least deprived. The position of a person is the
middle of all people of the same rank, as a share of all people (the ridit): 0 is the most deprived
end, 1 the least deprived.

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

from nhcplanner.access.groups import imd_quintile
from nhcplanner.base.arrays import Floats
from nhcplanner.domain.journeys import Journeys
from nhcplanner.domain.place import Place


@dataclass(frozen=True)
class Slope:
    """Slope and relative index of inequality.

    Parameters
    ----------
    sii
        Slope index: the fitted line at the least deprived end less the line at the most deprived
        end, in the unit of the values.
    rii
        Relative index: the first divided by the second; NaN if either is not above 0.
    """

    sii: float
    rii: float


def ridits(rank: npt.ArrayLike, people: npt.ArrayLike) -> Floats:
    """Return the ridit of each row: its position in the order of rank, 0 to 1 (Bross 1958).

    Rows with the same rank share the middle of their positions.

    Parameters
    ----------
    rank
        Rank of each row, the most deprived lowest.
    people
        People of each row, 0 or more.

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

    The method is that of Mackenbach and Kunst (1997).

    Parameters
    ----------
    value
        Value of each row.
    rank, people
        As in `ridits`.

    Returns
    -------
    Slope
        NaN if all people share one rank.

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
    """Return the concentration index, -1 to 1: above 0 if the less deprived have more.

    The method is equation 7 of Kakwani, Wagstaff and van Doorslaer (1997).

    Parameters
    ----------
    value
        Value of each row, 0 or more (a mean over its people).
    rank, people
        As in `ridits`.

    Returns
    -------
    float
        NaN if the mean value is 0, or there are no people.

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
        Value of each row.
    group
        Whole numbers, 1 = most deprived; rows in group 0 are left out.
    people
        People of each row.

    Returns
    -------
    tuple of float
        Mean of the last group less that of the first, and the last divided by the first; NaN if
        there are not two groups with people, or the mean of the first is 0.
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


def measure_inequality(place: Place, journeys: Journeys) -> pd.DataFrame | None:
    """Return measures of how access differs by deprivation, before and after.

    Parameters
    ----------
    place
        The place, with an origin for each row of `journeys`.
    journeys
        Journeys of each row.

    Returns
    -------
    DataFrame or None
        `of` (the share within reach, or mean minutes, where journeys beyond the horizon count as
        the horizon), `measure`, `unit`, `before`, `after`, `change`, `meaning`. Rows whose area has
        no rank are left out; None if no area has a rank.
    """
    rank = _rank(place)
    if rank is None:
        return None
    area = place.area_of_origin
    has_rank = np.isfinite(rank[area])
    people = np.where(has_rank, place.origins["people"].to_numpy(dtype=np.float64), 0.0)
    order = np.where(has_rank, rank[area], 0.0)
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
    measures = {}
    if fifths is not None:
        measures["absolute gap"], measures["relative gap"] = gaps(value, fifths, people)
    measures |= {"SII": slope.sii, "RII": slope.rii}
    measures["concentration index"] = concentration_index(value, order, people)
    return measures


def _rank(place: Place) -> Floats | None:
    """Return the rank of each area, the most deprived lowest; NaN if an area has none."""
    for column in ("imd_rank", "imd_decile"):
        if column in place.areas and place.areas[column].notna().any():
            ranks: Floats = place.areas[column].to_numpy(dtype=np.float64)
            return ranks
    return None
