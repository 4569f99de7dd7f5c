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
Liang K-Y, Zeger SL (1986), Longitudinal data analysis using generalized linear models, Biometrika
73(1): variance that holds for people of an area alike (the sandwich by area).
Wagstaff A (2005), The bounds of the concentration index when the variable of interest is binary,
Health Economics 14(4); Erreygers G (2009), Correcting the concentration index, Journal of Health
Economics 28(2): corrections for a share.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.access.measures import Measure, Of, Sample, ends
from nhcplanner.base.arrays import Floats


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


FEWEST_AREAS = 3
"""Least areas for an interval: a line through two points fits them whatever they are."""


def slope_intervals(
    value: npt.ArrayLike, rank: npt.ArrayLike, people: npt.ArrayLike, area: npt.ArrayLike
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return 95% intervals of the slope index and of the relative index of inequality.

    The line is that of `slope_index`. Its variance is the sandwich of Liang and Zeger (1986) with
    areas as clusters, times G / (G - 1) for G areas with people, so that areas may differ in spread
    and splitting a row changes nothing. The interval of the relative index is by the delta method
    on its logarithm. Ends are 1.96 standard deviations from the middle. There is no sample of
    people: the interval says how far the line depends on which areas happen to be in the place.

    Parameters
    ----------
    value, rank, people
        As in `slope_index`.
    area
        Area of each row.

    Returns
    -------
    tuple of tuple of float
        Low and high end of the slope index, then of the relative index; NaN without a line or with
        fewer than three areas with people.
    """
    y, w = (np.asarray(one, dtype=np.float64) for one in (value, people))
    slope, none = slope_index(y, rank, w), (np.nan, np.nan)
    _, cluster = np.unique(np.asarray(area)[w > 0], return_inverse=True)
    areas = int(cluster.max(initial=-1)) + 1
    if np.isnan(slope.sii) or areas < FEWEST_AREAS:
        return none, none
    x, total = ridits(rank, w)[w > 0] - 0.5, w.sum()
    y, w = y[w > 0], w[w > 0]
    mean = np.average(y, weights=w)
    residual = y - mean - slope.sii * x
    # the mean of x is 0, so mean and slope are orthogonal: one sum of scores each
    spread = (w * x * x).sum()
    sums = [np.bincount(cluster, w * residual), np.bincount(cluster, w * residual * x)]
    scores = np.stack([sums[0] / total, sums[1] / spread])
    covariance = scores @ scores.T * areas / (areas - 1)
    sii = ends(slope.sii, float(np.sqrt(covariance[1, 1])))
    if np.isnan(slope.rii):
        return sii, none
    low, high = mean - slope.sii / 2, mean + slope.sii / 2
    gradient = np.array([1 / high - 1 / low, (1 / high + 1 / low) / 2])
    log_ends = ends(np.log(slope.rii), float(np.sqrt(gradient @ covariance @ gradient)))
    return sii, (float(np.exp(log_ends[0])), float(np.exp(log_ends[1])))


def wagstaff_index(value: npt.ArrayLike, rank: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return the concentration index of a share as Wagstaff (2005) corrects it, -1 to 1.

    Parameters
    ----------
    value
        Share of each row, 0 to 1.
    rank, people
        As in `ridits`.

    Returns
    -------
    float
        C / (1 - mean); NaN if the mean is 0 or 1, or there are no people.

    Examples
    --------
    >>> wagstaff_index([0, 1], [1, 2], [100, 100])
    1.0
    """
    y, w = (np.asarray(one, dtype=np.float64) for one in (value, people))
    index = concentration_index(y, rank, w)
    if np.isnan(index) or (mean := np.average(y, weights=w)) >= 1:
        return np.nan
    return float(index / (1 - mean))


def erreygers_index(value: npt.ArrayLike, rank: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return the concentration index of a share as Erreygers (2009) corrects it, -1 to 1.

    Parameters
    ----------
    value, rank, people
        As in `wagstaff_index`.

    Returns
    -------
    float
        4 C times the mean, the same with its sign changed for the share beyond reach; 0 if the mean
        is 0, NaN if there are no people.

    Examples
    --------
    >>> erreygers_index([0, 1], [1, 2], [100, 100])
    1.0
    """
    y, w = (np.asarray(one, dtype=np.float64) for one in (value, people))
    if w.sum() == 0:
        return np.nan
    mean = np.average(y, weights=w)
    return float(4 * mean * concentration_index(y, rank, w)) if mean else 0.0


def _gaps(sample: Sample) -> tuple[float, float]:
    assert sample.fifth is not None  # the measure needs fifths
    return gaps(sample.value, sample.fifth, sample.people)


def _intervals(sample: Sample) -> tuple[tuple[float, float], tuple[float, float]]:
    assert sample.rank is not None  # the measure needs ranks
    some = np.isfinite(sample.rank)
    return slope_intervals(*sample.ranked, sample.area[some])


_BOTH: tuple[Of, ...] = ("share", "minutes")
_LINE = r"\frac{\sum_i n_i (r_i - \frac12)(y_i - \bar y)}{\sum_i n_i (r_i - \frac12)^2}"
_RATIO = r"\frac{\bar{y} + \mathrm{SII} / 2}{\bar{y} - \mathrm{SII} / 2}"
_SLOPES = "Mackenbach, Kunst (1997), Social Science & Medicine 44(6); interval: Liang, Zeger (1986)"

MEASURES: tuple[Measure, ...] = (
    Measure(
        name="absolute_gap",
        title="absolute gap",
        symbol=r"\Delta",
        formula=r"\bar{y}_5 - \bar{y}_1",
        source="Mackenbach, Kunst (1997), Social Science & Medicine 44(6)",
        unit="value",
        direction="nearer 0 is fairer",
        sentence="What the least deprived fifth has more than the most deprived fifth; below 0 if "
        "it has less.",
        of=_BOTH,
        compute=lambda sample: _gaps(sample)[0],
        by="fifth",
    ),
    Measure(
        name="relative_gap",
        title="relative gap",
        symbol=r"\rho",
        formula=r"\bar{y}_5 / \bar{y}_1",
        source="Mackenbach, Kunst (1997), Social Science & Medicine 44(6)",
        unit="ratio",
        direction="nearer 1 is fairer",
        sentence="What the least deprived fifth has, divided by what the most deprived fifth has: "
        "1 if both have the same.",
        of=_BOTH,
        compute=lambda sample: _gaps(sample)[1],
        by="fifth",
    ),
    Measure(
        name="sii",
        title="SII",
        symbol=r"\mathrm{SII}",
        formula=_LINE,
        source=_SLOPES,
        unit="value",
        direction="nearer 0 is fairer",
        sentence="The slope index of inequality: what the least deprived end has more than the "
        "most deprived end, on a line fitted over all people and not only the two end fifths.",
        of=_BOTH,
        compute=lambda sample: slope_index(*sample.ranked).sii,
        interval=lambda sample: _intervals(sample)[0],
        by="rank",
    ),
    Measure(
        name="rii",
        title="RII",
        symbol=r"\mathrm{RII}",
        formula=_RATIO,
        source=_SLOPES,
        unit="ratio",
        direction="nearer 1 is fairer",
        sentence="The relative index of inequality: the least deprived end divided by the most "
        "deprived end, on that line.",
        of=_BOTH,
        compute=lambda sample: slope_index(*sample.ranked).rii,
        interval=lambda sample: _intervals(sample)[1],
        by="rank",
    ),
    Measure(
        name="concentration_index",
        title="concentration index",
        symbol="C",
        formula=r"\frac{2}{N \bar{y}} \sum_i n_i (y_i - \bar{y})(r_i - \tfrac12)",
        source="Kakwani, Wagstaff, van Doorslaer (1997), Journal of Econometrics 77(1)",
        unit="ratio",
        direction="nearer 0 is fairer",
        sentence="Who has more of it, from -1 (all with the most deprived) to 1 (all with the "
        "least deprived); 0 if deprivation makes no difference.",
        of=_BOTH,
        compute=lambda sample: concentration_index(*sample.ranked),
        by="rank",
    ),
    Measure(
        name="wagstaff_index",
        title="concentration index, Wagstaff",
        symbol="W",
        formula=r"C / (1 - \bar{y})",
        source="Wagstaff (2005), Health Economics 14(4)",
        unit="ratio",
        direction="nearer 0 is fairer",
        sentence="The concentration index of a share, stretched so that -1 and 1 can be reached "
        "however many people are within reach.",
        of=("share",),
        compute=lambda sample: wagstaff_index(*sample.ranked),
        by="rank",
    ),
    Measure(
        name="erreygers_index",
        title="concentration index, Erreygers",
        symbol="E",
        formula=r"4 \bar{y} C",
        source="Erreygers (2009), Journal of Health Economics 28(2)",
        unit="ratio",
        direction="nearer 0 is fairer",
        sentence="The concentration index of a share, scaled so that it is equally large whether "
        "people within reach or people beyond it are counted.",
        of=("share",),
        compute=lambda sample: erreygers_index(*sample.ranked),
        by="rank",
    ),
)
