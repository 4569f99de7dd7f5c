"""Covariates: what of an area its healthy life expectancy is modelled from.

A covariate is a column of the national layers, its logarithm, or a share of two columns, and is
named accordingly: "acute_morbidity_indicator", "log1p:burglary_rate", "asian/census_people".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

LOG = "log1p:"
SHARE = "/"


def columns_of(names: Iterable[str]) -> list[str]:
    """Columns of the national layers that some covariates are made of.

    Examples
    --------
    >>> columns_of(["log1p:crime", "asian/census_people"])
    ['crime', 'asian', 'census_people']
    """
    parts = (part for name in names for part in name.removeprefix(LOG).split(SHARE))
    return list(dict.fromkeys(parts))


def covariates(table: pd.DataFrame, names: Iterable[str]) -> pd.DataFrame:
    """Make covariates.

    Parameters
    ----------
    table
        Rows areas, with `columns_of(names)`.
    names
        Covariates wanted.

    Returns
    -------
    DataFrame
        Same index, a column a covariate, float.

    Examples
    --------
    >>> table = pd.DataFrame({"asian": [5], "census_people": [20]})
    >>> float(covariates(table, ["asian/census_people"]).iloc[0, 0])
    0.25
    """
    return pd.DataFrame({name: _covariate(table, name) for name in names}, index=table.index)


def within(frame: pd.DataFrame, limits: Mapping[str, Sequence[float]]) -> pd.DataFrame:
    """Hold covariates within the range in which the model was fitted, so that none extrapolates.

    Parameters
    ----------
    frame
        Rows areas, columns covariates.
    limits
        Covariate -> least and greatest value in the middle layer areas that it was fitted on.
    """
    limited = {name: frame[name].clip(*limits[str(name)]) for name in frame}
    return pd.DataFrame(limited, index=frame.index)


def _covariate(table: pd.DataFrame, name: str) -> pd.Series:
    if name.startswith(LOG):
        values = table[name.removeprefix(LOG)].astype("float64").clip(lower=0.0)
        return pd.Series(np.log1p(values.to_numpy()), index=table.index)
    if SHARE in name:
        part, whole = name.split(SHARE)
        return table[part].astype("float64") / table[whole]
    return table[name].astype("float64")
