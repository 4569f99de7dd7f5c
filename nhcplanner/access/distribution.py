"""Inequality of minutes between people, whoever they are: EDE, Gini, Palma, Theil, poverty.

People whom no centre is within the horizon of count with the horizon, so their true minutes are
longer; the measure beyond the horizon is their share.

References
----------
Kolm S-C (1976), Unequal inequalities I, Journal of Economic Theory 12(3); Pollak RA (1971),
Additive utility functions and linear Engel curves, Review of Economic Studies 38(4).
Logan TM, Anderson MJ, Williams TG, Conrow L (2021), Measuring inequalities in urban systems,
Computers, Environment and Urban Systems 86: the measure for burdens.
Horton D, Logan T, Murrell J, Skipper D, Speakman E (2024), A scalable approach to equitable
facility location, arXiv 2401.15452: kappa as alpha times epsilon. There kappa is below 0 for a
burden; here it is above 0 and the sign is in the formula.
Foster J, Greer J, Thorbecke E (1984), A class of decomposable poverty measures, Econometrica 52(3):
for incomes below a line; here for minutes above one.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from nhcplanner.access.measures import Measure, Sample
from nhcplanner.base.arrays import Floats

EPSILON = 1.0
"""Aversion to inequality of the Kolm-Pollak measures, as of the goal `least_ede`."""
LONGEST, SHORTEST = 0.1, 0.4
"""Shares of people at both ends of the Palma ratio."""


def kolm_pollak_kappa(
    value: npt.ArrayLike, people: npt.ArrayLike, epsilon: float = EPSILON
) -> float:
    """Return kappa as Horton and others calibrate it: epsilon times sum(n x) / sum(n x^2).

    It depends on the distribution. Two distributions are compared with one kappa, so tables use
    epsilon / reach instead, and state which epsilon this calibration would give.

    Parameters
    ----------
    value
        Value of each row, 0 or more.
    people
        People of each row.
    epsilon
        Aversion to inequality, above 0.

    Returns
    -------
    float
        In 1 / unit of the values; NaN if all values are 0 or there are no people.

    Examples
    --------
    >>> kolm_pollak_kappa([10, 30], [1, 1])
    0.04
    """
    x, n = _arrays(value, people)
    squares = float((n * x * x).sum())
    return epsilon * float((n * x).sum()) / squares if squares > 0 else np.nan


def kolm_pollak_ede(value: npt.ArrayLike, people: npt.ArrayLike, kappa: float) -> float:
    """Return the Kolm-Pollak equally-distributed equivalent of a burden.

    If everyone had this value, the distribution would be as good as it is. It lies between the
    mean and the largest value.

    Parameters
    ----------
    value, people
        As in `kolm_pollak_kappa`.
    kappa
        Aversion in 1 / unit of the values, above 0; 0 gives the mean.

    Examples
    --------
    >>> round(kolm_pollak_ede([10, 30], [1, 1], 0.04), 6)
    21.948837
    """
    x, n = _arrays(value, people)
    if n.sum() == 0:
        return np.nan
    if kappa == 0:
        return float(np.average(x, weights=n))
    power = kappa * x[n > 0]
    top = power.max()  # the largest term is 1, so that none overflows
    mean = np.average(np.exp(power - top), weights=n[n > 0])
    return float((top + np.log(mean)) / kappa)


def gini(value: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return the Gini coefficient: half the mean difference of two people over the mean.

    Parameters
    ----------
    value, people
        Value of each row, 0 or more, and its people.

    Returns
    -------
    float
        0 (all equal) to 1; NaN if the mean is 0 or there are no people.

    Examples
    --------
    >>> round(gini([1, 2, 3, 4], [1, 1, 1, 1]), 12)
    0.25
    """
    x, n = _arrays(value, people)
    total = n.sum()
    if total == 0 or (mean := np.average(x, weights=n)) == 0:
        return np.nan
    order = np.argsort(x, kind="stable")
    x, n = x[order], n[order]
    middles = (np.cumsum(n) - n / 2) / total
    return float(2 * np.average((middles - 0.5) * x, weights=n) / mean)


def theil(value: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return Theil's T: the mean of (x / mean) ln(x / mean), where 0 ln 0 is 0.

    Parameters
    ----------
    value, people
        Value of each row, 0 or more, and its people.

    Returns
    -------
    float
        0 (all equal) or more; NaN if the mean is 0 or there are no people.

    Examples
    --------
    >>> round(theil([0, 2], [1, 1]), 6)
    0.693147
    """
    x, n = _arrays(value, people)
    if n.sum() == 0 or (mean := np.average(x, weights=n)) == 0:
        return np.nan
    part = x / mean
    logs = np.log(part, out=np.zeros_like(part), where=part > 0)
    return float(np.average(part * logs, weights=n))


def palma(value: npt.ArrayLike, people: npt.ArrayLike) -> float:
    """Return the Palma ratio: the sum of the top tenth over the sum of the bottom two fifths.

    A row that lies across a cut counts with the part of its people on each side.

    Parameters
    ----------
    value, people
        Value of each row, 0 or more, and its people.

    Returns
    -------
    float
        0.25 if all are equal; NaN if the bottom has nothing or there are no people.

    Examples
    --------
    >>> palma([5, 5], [3, 7])
    0.25
    """
    x, n = _arrays(value, people)
    total = n.sum()
    if total == 0:
        return np.nan
    order = np.argsort(x, kind="stable")
    x, n = x[order], n[order]
    last = np.cumsum(n)
    first = last - n
    bottom = np.clip(np.minimum(last, SHORTEST * total) - first, 0, None)
    top = np.clip(last - np.maximum(first, (1 - LONGEST) * total), 0, None)
    low = float((x * bottom).sum())
    return float((x * top).sum()) / low if low > 0 else np.nan


def access_poverty(value: npt.ArrayLike, people: npt.ArrayLike, limit: float, power: int) -> float:
    """Return an access-poverty measure of Foster, Greer and Thorbecke (1984), for minutes.

    A person is poor in access beyond the limit, by the minutes above it as a share of it.

    Parameters
    ----------
    value, people
        Minutes of each row, and its people.
    limit
        Minutes, above 0. Minutes of exactly the limit are not poor.
    power
        0 = share of people, 1 = depth, 2 = severity.

    Examples
    --------
    >>> access_poverty([10, 30], [1, 1], 20, 0), access_poverty([10, 30], [1, 1], 20, 1)
    (0.5, 0.25)
    """
    x, n = _arrays(value, people)
    if n.sum() == 0:
        return np.nan
    poor = x > np.float32(limit)  # minutes are single precision, as within reach
    shortfall = np.where(poor, (x - limit) / limit, 0.0)
    return float(np.average(np.where(poor, shortfall**power, 0.0), weights=n))


def _arrays(value: npt.ArrayLike, people: npt.ArrayLike) -> tuple[Floats, Floats]:
    x, n = (np.asarray(each, dtype=np.float64) for each in (value, people))
    return x, n


def _beyond(sample: Sample) -> float:
    people = sample.people
    return float(np.average(sample.beyond, weights=people)) if people.sum() else np.nan


def _ede(sample: Sample) -> float:
    return kolm_pollak_ede(sample.value, sample.people, sample.kappa)


def _ede_less_mean(sample: Sample) -> float:
    if sample.people.sum() == 0:
        return np.nan
    return _ede(sample) - float(np.average(sample.value, weights=sample.people))


_POVERTY = (
    ("share", "The share of people who live farther from a centre than counts as within reach."),
    (
        "depth",
        "How far beyond reach people are, over everyone: 0.25 means a quarter of the limit.",
    ),
    (
        "severity",
        "As the depth, but the farthest people count most, so that a few left far away show.",
    ),
)


def _poverty(power: int) -> Measure:
    name, sentence = _POVERTY[power]
    return Measure(
        name=f"access_poverty_{power}",
        title=f"access poverty: {name}",
        symbol=f"P_{power}",
        formula=r"\frac{1}{N} \sum_{t_i > z} n_i \left( t_i / z - 1 \right)" + f"^{power}",
        source="Foster, Greer, Thorbecke (1984), Econometrica 52(3)",
        unit="share" if power == 0 else "ratio",
        direction="lower is better, 0 is best",
        sentence=sentence,
        of=("minutes",),
        compute=lambda sample: access_poverty(sample.value, sample.people, sample.limit, power),
    )


MEASURES: tuple[Measure, ...] = (
    Measure(
        name="beyond_horizon",
        title="beyond the horizon",
        symbol="B",
        formula=r"\frac{1}{N} \sum_{t_i > h} n_i",
        source="nhcplanner",
        unit="share",
        direction="lower is better, 0 is best",
        sentence="The share of people with no centre within the longest measured journey; in "
        "other figures they count with that journey, so their true minutes are longer.",
        of=("minutes",),
        compute=_beyond,
    ),
    Measure(
        name="kolm_pollak_ede",
        title="Kolm-Pollak EDE",
        symbol=r"\mathcal{K}",
        formula=r"\frac{1}{\kappa} \ln \left( \frac{1}{N} \sum_i n_i e^{\kappa t_i} \right)",
        source="Kolm (1976); Pollak (1971); Horton and others (2024), arXiv 2401.15452",
        unit="minutes",
        direction="lower is better",
        sentence="The minutes that would be as good for everyone as the mix of short and long "
        "journeys: the average journey, with long journeys counted for more.",
        of=("minutes",),
        compute=_ede,
    ),
    Measure(
        name="kolm_pollak_inequality",
        title="Kolm-Pollak inequality",
        symbol=r"\mathcal{I}",
        formula=r"\mathcal{K} - \bar{t}",
        source="Kolm (1976); Logan and others (2021)",
        unit="minutes",
        direction="lower is fairer, 0 is equal",
        sentence="The minutes that unequal journeys cost, on top of the average journey: 0 if "
        "everyone's journey is the same.",
        of=("minutes",),
        compute=_ede_less_mean,
    ),
    Measure(
        name="gini",
        title="Gini",
        symbol="G",
        formula=r"\frac{1}{2 N^2 \bar{t}} \sum_i \sum_j n_i n_j \left| t_i - t_j \right|",
        source="Gini (1912); Sen (1973), On Economic Inequality",
        unit="ratio",
        direction="lower is fairer, 0 is equal",
        sentence="How unequal journeys are, from 0 (all the same) to 1: 0.3 means that two people "
        "taken at random differ by 60% of the average journey.",
        of=("minutes",),
        compute=lambda sample: gini(sample.value, sample.people),
    ),
    Measure(
        name="palma",
        title="Palma",
        symbol=r"\mathrm{Pa}",
        formula=r"\sum_{\text{longest } 10\%} n_i t_i / \sum_{\text{shortest } 40\%} n_i t_i",
        source="Palma (2011), Development and Change 42(1); Cobham, Sumner (2013)",
        unit="ratio",
        direction="lower is fairer, 0.25 is equal",
        sentence="All minutes of the tenth of people with the longest journeys, divided by all "
        "minutes of the two fifths with the shortest: 0.25 if everyone's journey is the same.",
        of=("minutes",),
        compute=lambda sample: palma(sample.value, sample.people),
    ),
    Measure(
        name="theil",
        title="Theil",
        symbol="T",
        formula=r"\frac{1}{N} \sum_i n_i \frac{t_i}{\bar{t}} \ln \frac{t_i}{\bar{t}}",
        source="Theil (1967), Economics and Information Theory",
        unit="ratio",
        direction="lower is fairer, 0 is equal",
        sentence="How unequal journeys are, from 0 (all the same) upwards, with the longest "
        "journeys counted most.",
        of=("minutes",),
        compute=lambda sample: theil(sample.value, sample.people),
    ),
    *map(_poverty, range(3)),
)
