"""Costs of opened sites for an economic appraisal; unknown costs stay blank.

References
----------
HM Treasury, The Green Book: central government guidance on appraisal and evaluation: discounting,
real prices and optimism bias.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.arrays import Floats
from nhcplanner.domain.case import Appraisal, Case
from nhcplanner.domain.evidence import Discounting
from nhcplanner.domain.sizes import is_free


def factor(year: npt.ArrayLike, rate: float) -> Floats:
    """Return the present value of a pound in a later year.

    Parameters
    ----------
    year
        Years from now, 0 = now.
    rate
        Discount rate a year, 0 to 1.

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
        Discount rate a year, 0 to 1.

    Examples
    --------
    >>> annuity([1, 3], 2, 0.25).round(2).tolist()
    [1.44, 0.0]
    """
    starts = np.atleast_1d(np.asarray(first, dtype=np.int64))
    return np.array([factor(np.arange(start, last + 1), rate).sum() for start in starts])


def years_of(dates: pd.Series) -> pd.Series[float]:
    """Return the year at the start of each date; NaN if a date does not begin with a year.

    Examples
    --------
    >>> years_of(pd.Series(["2025-04-01", "April"])).tolist()
    [2025.0, nan]
    """
    return pd.to_numeric(dates.astype("str").str.extract(r"^((?:19|20)\d\d)", expand=False))


def rebasing(dates: pd.Series, appraisal: Appraisal, base: int) -> pd.Series[float]:
    """Return what pounds of each date are worth in pounds of the price base.

    Parameters
    ----------
    dates
        Dates of prices, "" = not known.
    appraisal
        Appraisal with an index of prices.
    base
        Year of the price base.

    Returns
    -------
    Series of float
        1 if the price is of the base year, or cannot be rebased.
    """
    years, index = years_of(dates), appraisal.price_index
    if base not in index:
        return pd.Series(1.0, index=dates.index)
    factors = years.map({year: index[base] / value for year, value in index.items()})
    return factors.fillna(1.0).astype("float64")


def costs(
    sites: pd.DataFrame,
    opens: pd.Series[int],
    discounting: Discounting,
    appraisal: Appraisal | None = None,
) -> pd.DataFrame:
    """Return the cost of sites over their life, in pounds of the price base.

    Capital is spent in the year a site opens; running costs follow from the year after to the last
    year of the appraisal. Costs are rebased by the index of prices, VAT is taken off capital that
    includes it, and optimism bias is added to capital (HM Treasury, The Green Book). A centre that
    is open today needs no capital.

    Parameters
    ----------
    sites
        Columns `status`, and `cost`, `cost_date` and `running_cost` if they are known.
    opens
        Year in which each site opens, on the index of `sites`.
    discounting
        Rate and years.
    appraisal
        Price base, index, VAT and optimism bias; nothing is changed by default.

    Returns
    -------
    DataFrame
        On the index of `sites`: `status`, `opens`, `capital` (as given), `cost_date`, `rebased`
        (factor), `appraised` (capital with all three), `running` (a year, as given),
        `capital_discounted`, `undiscounted`, `discounted` (pounds). If the running cost is not
        known, whole costs are of capital alone; if capital is not known, they are NaN.
    """
    terms = appraisal or Appraisal()
    capital, running = _pounds(sites, "cost"), _pounds(sites, "running_cost")
    if "status" in sites:
        capital[is_free(sites)] = 0.0
    later = (opens - discounting.base).clip(lower=0).to_numpy(dtype=np.int64)
    years = np.maximum(discounting.years - later, 0)
    dates = sites["cost_date"] if "cost_date" in sites else pd.Series("", index=sites.index)
    dates = dates.fillna("")
    rebased = rebasing(dates, terms, price_base(terms, discounting)).to_numpy()
    appraised = capital * rebased / (1 + vat(terms)) * (1 + (terms.optimism_bias or 0.0))
    rebased_running, discounted_capital = (
        np.nan_to_num(running) * rebased,
        appraised * factor(later, discounting.rate),
    )
    status = sites["status"] if "status" in sites else pd.Series("candidate", index=sites.index)
    return pd.DataFrame(
        {
            "status": status,
            "opens": opens,
            "capital": capital,
            "cost_date": dates,
            "rebased": rebased,
            "appraised": appraised,
            "running": running,
            "capital_discounted": discounted_capital,
            "undiscounted": appraised + rebased_running * years,
            "discounted": discounted_capital
            + rebased_running * annuity(later + 1, discounting.years, discounting.rate),
        },
        index=sites.index,
    )


def vat(appraisal: Appraisal) -> float:
    """Return the rate of VAT that capital includes; 0 if it includes none or it is not stated."""
    return appraisal.vat_rate if appraisal.capital_includes_vat else 0.0


def price_base(appraisal: Appraisal, discounting: Discounting) -> int:
    """Return the year of the prices in which costs are stated."""
    return appraisal.price_base or discounting.base


def statements(cost_table: pd.DataFrame, case: Case, discounting: Discounting) -> tuple[str, ...]:
    """Return notes on the appraisal's costs, a sentence each.

    Parameters
    ----------
    cost_table
        Table from `costs`.
    case
        The user's statements.
    discounting
        Rate and years.
    """
    appraisal = case.appraisal
    return (
        _prices(cost_table, appraisal, price_base(appraisal, discounting)),
        _bias(appraisal),
        _vat(appraisal),
        _today(case),
        _benefits(case),
    )


def _prices(cost_table: pd.DataFrame, appraisal: Appraisal, base: int) -> str:
    new = cost_table[cost_table["capital"] != 0]
    years = years_of(new["cost_date"])
    blank, other = int(years.isna().sum()), sorted(set(years.dropna().astype(int)) - {base})
    index = appraisal.price_index
    rebasable = [year for year in other if base in index and year in index]
    others = [year for year in other if year not in rebasable]
    words = f"Costs are in pounds of {base}, in real terms"
    if rebasable:
        source = appraisal.price_source or "source not stated"
        words += f"; prices of {_join_years(rebasable)} are rebased by the index given ({source})"
    if others:
        words += f"; prices of {_join_years(others)} are not rebased, because no index covers them"
    if blank:
        words += f"; {blank:,} of {len(new):,} costs have no date and are not converted"
    return words


def _bias(appraisal: Appraisal) -> str:
    if appraisal.optimism_bias is None:
        return (
            "Optimism bias is not given, so none is added to capital: the Green Book asks for it "
            "(optimism_bias in the case file, or the sheet Assumptions)"
        )
    source = appraisal.optimism_bias_source or "source not stated"
    return f"Optimism bias of {100 * appraisal.optimism_bias:g}% is added to all capital ({source})"


def _vat(appraisal: Appraisal) -> str:
    if appraisal.capital_includes_vat is None:
        return "Whether capital includes VAT is not stated, and none is taken off"
    if appraisal.capital_includes_vat:
        return f"Capital includes VAT of {100 * appraisal.vat_rate:g}%, which is taken off"
    return "Capital does not include VAT"


def _today(case: Case) -> str:
    now = case.business_as_usual
    parts = [
        f"{label} of £{value:,.0f}{when}"
        for label, value, when in (
            ("a backlog", now.backlog, ""),
            ("a running cost of today's estate", now.running_cost, " a year"),
        )
        if value is not None
    ]
    known = (
        "Receipts from disposals are not counted. Business as usual counts the running cost of the "
        "centres that are open today"
    )
    if not parts:
        return f"{known}; backlog and the running cost of other estate are not given"
    source = now.source or "source not stated"
    ends = "" if case.releases else "; no option is stated to end any of it"
    return f"{known}, {' and '.join(parts)} ({source}), in every option{ends}"


def _benefits(case: Case) -> str:
    benefits = case.benefits
    if benefits.per_person is None:
        return (
            "No monetised benefits are given, so there is no net present social value: options are "
            "compared by cost and by people within reach"
        )
    weight = benefits.first_band_weight
    times = "" if weight == 1 else f", people of the first band counted {weight:g} times"
    return (
        f"Benefits are £{benefits.per_person:,.2f} a year for each further person within "
        f"reach{times} ({benefits.source or 'source not stated'}), from the year after the "
        "option's last opening"
    )


def _join_years(years: list[int]) -> str:
    return ", ".join(map(str, years))


def _pounds(sites: pd.DataFrame, column: str) -> Floats:
    if column not in sites:
        return np.full(len(sites), np.nan)
    pounds: Floats = sites[column].to_numpy(dtype=np.float64, na_value=np.nan).copy()
    return pounds
