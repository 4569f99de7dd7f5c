"""Costs of opened sites, undiscounted and discounted; unknown costs stay blank."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.arrays import Floats
from nhcplanner.domain.evidence import Discounting


def factor(year: npt.ArrayLike, rate: float) -> Floats:
    """Return the present value of a pound in a later year.

    Parameters
    ----------
    year
        Years from now, 0 = now.
    rate
        A year, 0 to 1.

    Examples
    --------
    >>> factor([0, 1], 0.25).tolist()
    [1.0, 0.8]
    """
    worth: Floats = (1.0 + rate) ** -np.asarray(year, dtype=np.float64)
    return worth


def annuity(first: npt.ArrayLike, last: int, rate: float) -> Floats:
    """Return the present value of a pound a year, from one year to another inclusive.

    Parameters
    ----------
    first, last
        Years from now; 0 where the first is after the last.
    rate
        A year, 0 to 1.

    Examples
    --------
    >>> annuity([1, 3], 2, 0.25).round(2).tolist()
    [1.44, 0.0]
    """
    starts = np.atleast_1d(np.asarray(first, dtype=np.int64))
    return np.array([factor(np.arange(start, last + 1), rate).sum() for start in starts])


def costs(sites: pd.DataFrame, opens: pd.Series[int], discounting: Discounting) -> pd.DataFrame:
    """Return the cost of sites over their life, in the prices of the year that they state.

    Capital is spent in the year a site opens; running costs follow from the year after to the last
    year of the appraisal.

    Parameters
    ----------
    sites
        With `cost`, `cost_date` and `running_cost` where they are known.
    opens
        Year in which each opens, on the index of `sites`.
    discounting
        Rate and years.

    Returns
    -------
    DataFrame
        On the index of `sites`: `opens`, `capital`, `cost_date`, `running`, `undiscounted`,
        `discounted` (pounds). Where the running cost is not known, whole costs are of capital
        alone; where capital is not known they are NaN.
    """
    capital, running = _pounds(sites, "cost"), _pounds(sites, "running_cost")
    later = (opens - discounting.base).clip(lower=0).to_numpy(dtype=np.int64)
    years = np.maximum(discounting.years - later, 0)
    ran = np.nan_to_num(running)
    dates = sites["cost_date"] if "cost_date" in sites else pd.Series("", index=sites.index)
    return pd.DataFrame(
        {
            "opens": opens,
            "capital": capital,
            "cost_date": dates.fillna(""),
            "running": running,
            "undiscounted": capital + ran * years,
            "discounted": capital * factor(later, discounting.rate)
            + ran * annuity(later + 1, discounting.years, discounting.rate),
        },
        index=sites.index,
    )


def _pounds(sites: pd.DataFrame, column: str) -> Floats:
    if column not in sites:
        return np.full(len(sites), np.nan)
    found: Floats = sites[column].to_numpy(dtype=np.float64, na_value=np.nan).copy()
    return found
