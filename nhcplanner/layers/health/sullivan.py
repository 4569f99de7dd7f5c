"""Sullivan's method: HLE from deaths, people and good health by age.

An abridged life table after Chiang: of those alive at age x, the part that dies before the next
band is q = n M / (1 + n (1 - a) M), with M the deaths a person-year, n the band's years and a the
part of the band that those who die in it live through. The years L that a cohort lives in each
band are cut to the part in good health and summed:

    HLE(x) = sum over y >= x of h(y) L(y) / l(x).

Its variance has two parts: of mortality after Chiang (with Silcocks' addition for the last, open
band), each band's years counted by their health; and of the survey, the sum of
L(y)^2 h(y) (1 - h(y)) / N(y) over l(x)^2, for N asked in each band.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.arrays import Floats

INFANT = 0.1
"""Share of the first year that infants who die in it live (Chiang); 0.5 at other ages."""


def life_table(ages: npt.ArrayLike, deaths: npt.ArrayLike, people: npt.ArrayLike) -> pd.DataFrame:
    """Make an abridged life table.

    Parameters
    ----------
    ages
        First age of each band, ascending; the last band is open.
    deaths, people
        Of each band: deaths, and the person-years in which they happened.

    Returns
    -------
    DataFrame
        One row for each band: `age`; `alive`, share of a cohort that reaches it; `years`, years
        that the cohort lives in it; `expectancy`, years left at its start; `dying`, share of those
        alive who die in it, and `dying_variance`; `later`, years of the band that a person who
        dies in it loses. In the open band the last two are the variance of its years for each
        person, and 0.
    """
    age, died, lived = (np.asarray(x, dtype=np.float64) for x in (ages, deaths, people))
    width = np.append(np.diff(age), np.inf)
    through = np.where((age == 0) & (width <= 1), INFANT, 0.5)
    rate = died / lived
    with np.errstate(divide="ignore", invalid="ignore"):
        dying = np.where(np.isinf(width), 1.0, width * rate / (1 + width * (1 - through) * rate))
        spread = np.where(died > 0, dying**2 * (1 - dying) / died, 0.0)
    dying = np.minimum(dying, 1.0)
    spread[-1] = 1 / (died[-1] * rate[-1] ** 2)
    later = np.append((width * (1 - through))[:-1], 0.0)
    alive = np.append(1.0, np.cumprod(1 - dying[:-1]))
    years = np.append(alive[1:] * width[:-1] + (alive * dying * (width - later))[:-1], 0.0)
    years[-1] = alive[-1] / rate[-1]
    return pd.DataFrame(
        {
            "age": age,
            "alive": alive,
            "years": years,
            "expectancy": _from_age_on(years) / alive,
            "dying": dying,
            "dying_variance": np.maximum(spread, 0.0),
            "later": later,
        }
    )


def healthy_years(
    table: pd.DataFrame, healthy: npt.ArrayLike, answers: npt.ArrayLike | None = None
) -> pd.DataFrame:
    """Return the years of a life table that are spent in good health.

    Parameters
    ----------
    table
        From `life_table`, or with `alive` and `years` of a published one: the variance is then
        that of the survey alone.
    healthy
        Share of people in good health in each band, 0 to 1.
    answers
        Number of respondents in each band (in a census, its people); None = unknown.

    Returns
    -------
    DataFrame
        A row for each band: `hle`, healthy years left at its start, and `variance`, years squared,
        NaN if the number of respondents is unknown.

    Examples
    --------
    >>> table = life_table([0, 1, 65], [5, 100, 300], [1000, 64_000, 6000])
    >>> years = healthy_years(table, [0.99, 0.9, 0.5], [100, 1000, 500])
    >>> f"{years['hle'][0]:.1f} of {table['expectancy'][0]:.1f}"
    '64.6 of 79.6'
    """
    share = np.asarray(healthy, dtype=np.float64)
    alive, years = (table[name].to_numpy(dtype=np.float64) for name in ("alive", "years"))
    left = _from_age_on(share * years) / alive
    number = np.full(len(table), np.nan) if answers is None else np.asarray(answers, np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        survey = years**2 * share * (1 - share) / number
    variance = _from_age_on(survey) / alive**2
    if "dying" in table:
        variance = variance + _mortality_variance(table, share, left)
    return pd.DataFrame({"hle": left, "variance": variance}, index=table.index)


def _mortality_variance(table: pd.DataFrame, share: Floats, left: Floats) -> Floats:
    """Return the variance of healthy years that is due to chance in deaths."""
    alive, spread = (table[name].to_numpy() for name in ("alive", "dying_variance"))
    lost = share * table["later"].to_numpy() + np.append(left[1:], 0.0)
    lost[-1] = share[-1]
    return np.asarray(_from_age_on(alive**2 * spread * lost**2) / alive**2)


def _from_age_on(each: Floats) -> Floats:
    """Return sums from each band to the last."""
    return np.asarray(np.cumsum(each[::-1])[::-1])


FALLS = ((10.0, 0.25), (30.0, 0.6))
"""Age from which a death rate below so many times that of the band before it is reported: rates
rise with age from about ten years on."""
FEWEST_DEATHS = 5.0
"""Deaths expected in a band by the rate before it, from which a lower rate is no chance."""


def falling_rates(age: pd.Series, deaths: pd.Series, people: pd.Series) -> pd.Index:
    """Return the bands whose death rate is far below that of the band before.

    Parameters
    ----------
    age, deaths, people
        First year of each band, deaths, and the people (person-years) they are among; one index.

    Returns
    -------
    Index
        Of these bands, by age.

    Examples
    --------
    >>> age, deaths = pd.Series([0, 15, 40, 65]), pd.Series([5, 60, 300, 3000])
    >>> falling_rates(age, deaths, pd.Series([1000, 40_000, 30_000, 50_000])).tolist()
    []
    >>> falling_rates(age, deaths, pd.Series([1000, 40_000, 3_000_000, 50_000])).tolist()
    [2]
    """
    frame = pd.DataFrame({"age": age, "deaths": deaths, "people": people}, dtype="float64")
    frame = frame[frame["people"] > 0].sort_values("age")
    expected = (frame["deaths"] / frame["people"]).shift() * frame["people"]
    least = pd.Series(0.0, index=frame.index)
    for first, share in FALLS:
        least = least.mask(frame["age"] >= first, share)
    return frame.index[(frame["deaths"] < least * expected) & (expected >= FEWEST_DEATHS)]
