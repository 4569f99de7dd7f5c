"""Components of error: what a modelled figure may be wrong by, each estimated from data."""

from __future__ import annotations

import numpy as np
import pandas as pd
from fit_data import Truth

from nhcplanner.domain.need_measures import variance
from nhcplanner.layers.health.small_area_estimators import Groups, regress, smooth, within

SIZES = (1, 2, 4, 8)
"""Middle layer areas in a group, for the law of how the residual shrinks with size."""

OLD, NEW = "2011-13", "2022-24"


def components(
    truth: Truth, pattern: dict[str, np.ndarray], fitted: dict, names: list[str]
) -> dict[str, dict]:
    """Standard deviations, years, by sex.

    Parameters
    ----------
    truth
        The data.
    pattern
        Departures from the council predicted with the region held out: sex -> years.
    fitted
        Coefficients and covariance: by sex.
    names
        The covariates.

    Returns
    -------
    dict
        `residual` (of an area of the size of an LSOA), `residual_msoa`, `heterogeneity` (exponent
        of Fairfield Smith's law), `drift` (since the truth's years), `slope` (of today's council
        figures on the pattern) and `scale` (its departure from 1, with its standard error);
        `correlation` of the sexes' residuals.
    """
    parts: dict[str, dict] = {}
    left = {}
    number = len(truth.areas) / truth.areas["msoa_code"].nunique()
    for sex in truth.sexes:
        left[sex] = truth.groups.centred(truth.hle[sex]) - pattern[sex]
        by_size = residual_by_size(truth, left[sex], truth.sampling[sex])
        exponent = smith(by_size, SIZES)
        slope, error = slope_today(truth, sex, fitted[sex][0], names)
        parts[sex] = {
            "residual": float(np.sqrt(by_size[1] * number**exponent)),
            "residual_msoa": float(np.sqrt(by_size[1])),
            "heterogeneity": exponent,
            "drift": drift(truth, sex),
            "slope": slope,
            "scale": float(np.hypot(slope - 1.0, error)),
        }
    men, women = left["Male"], left["Female"]
    shared = np.average(men * women, weights=truth.people)
    product = parts["Male"]["residual_msoa"] * parts["Female"]["residual_msoa"]
    correlation = float(np.clip(shared / product, 0.0, 1.0))
    rounded = {
        sex: {name: float(f"{value:.6g}") for name, value in each.items()}
        for sex, each in parts.items()
    }
    return {"components": {**rounded, "correlation": float(f"{correlation:.6g}")}}


def residual_by_size(
    truth: Truth, left: np.ndarray, sampling: np.ndarray, sizes: tuple[int, ...] = SIZES
) -> dict[int, float]:
    """Variance of the mean residual of groups of neighbouring MSOAs, sampling error taken out."""
    order = neighbours(truth)
    found = {}
    for size in sizes:
        group = np.empty(len(left), dtype=np.int64)
        start = 0
        for council in range(len(truth.groups.names)):
            mine = order[truth.groups.of[order] == council]
            group[mine] = start + np.arange(len(mine)) // size
            start = group[mine].max() + 1
        people = np.bincount(group, weights=truth.people)
        mean = np.bincount(group, weights=truth.people * left) / people
        noise = np.bincount(group, weights=truth.people**2 * sampling) / people**2
        council = np.zeros(len(people), dtype=np.int64)
        council[group] = truth.groups.of
        own = Groups.by(pd.Series(council), pd.Series(people)).own_part()
        found[size] = float((people * (mean**2 - noise)).sum() / (people * own).sum())
    return found


def smith(by_size: dict[int, float], sizes: tuple[int, ...]) -> float:
    """Exponent b of variance(m) = variance(1) m^-b (Fairfield Smith 1938)."""
    logs = np.log([by_size[size] for size in sizes])
    return float(-np.polyfit(np.log(sizes), logs, 1)[0])


def neighbours(truth: Truth) -> np.ndarray:
    """Order of the MSOAs in which those that follow one another lie near, within each council."""
    areas = truth.areas
    at = areas.groupby("msoa11_code")[["centroid_x", "centroid_y"]].mean()
    points = at.loc[truth.covariates.index].to_numpy()
    order: list[int] = []
    for council in range(len(truth.groups.names)):
        order += _halved(points, np.flatnonzero(truth.groups.of == council))
    return np.array(order)


def _halved(points: np.ndarray, rows: np.ndarray) -> list[int]:
    """Rows halved again and again along the longer side."""
    if len(rows) <= 1:
        return list(rows)
    sides = np.ptp(points[rows], axis=0)
    rows = rows[np.argsort(points[rows, int(sides.argmax())], kind="stable")]
    half = len(rows) // 2
    return _halved(points, rows[:half]) + _halved(points, rows[half:])


def drift(truth: Truth, sex: str) -> float:
    """How far councils moved against their region between two periods, sampling taken out.

    One standard error of the variance is added: what cannot be seen is not thereby known to be 0.
    """
    both = {period: councils(truth, sex, period) for period in (OLD, NEW)}
    joined = both[OLD].join(both[NEW], how="inner", lsuffix="_old", rsuffix="_new")
    change = joined["hle_new"] - joined["hle_old"]
    region = joined.index.map(_regions(truth))
    apart = change - change.groupby(region).transform("mean")
    freedom = len(apart) / (len(apart) - region.nunique())
    sampling = joined["spread_old"] + joined["spread_new"]
    moved = freedom * (apart**2).mean()
    error = moved * np.sqrt(2.0 / len(apart))
    print(f"drift {sex}: moved {moved:.2f}, sampling {sampling.mean():.2f}, error {error:.2f}")
    return float(np.sqrt(max(0.0, moved - sampling.mean()) + error))


def slope_today(
    truth: Truth, sex: str, coefficients: np.ndarray, names: list[str]
) -> tuple[float, float]:
    """Slope of today's council figures on the pattern's council means within regions; its error."""
    index = council_index(truth, coefficients, names)
    known = councils(truth, sex, NEW)
    regions = pd.get_dummies(known.index.map(_regions(truth))).to_numpy(dtype=np.float64)
    design = np.column_stack([regions, index.loc[known.index].to_numpy()])
    figure, spread = known["hle"].to_numpy(), known["spread"].to_numpy()
    departure = smooth(figure, spread, design).departure
    beta, covariance = regress(figure, departure + spread, design)
    return float(beta[-1]), float(np.sqrt(covariance[-1, -1]))


def council_index(truth: Truth, coefficients: np.ndarray, names: list[str]) -> pd.Series:
    """People-weighted mean of the pattern over each council's areas, years."""
    limits = {name: (truth.covariates[name].min(), truth.covariates[name].max()) for name in names}
    pattern = within(truth.areas[names], limits).to_numpy() @ coefficients
    groups = Groups.by(truth.areas["council_code"], truth.areas["people"])
    return pd.Series(groups.mean(pattern), index=groups.names)


def councils(truth: Truth, sex: str, period: str) -> pd.DataFrame:
    """Published HLE of councils in a period: index code, columns `hle` and `spread` (variance)."""
    today = truth.today
    rows = today[(today["sex"] == sex) & (today["period"] == period)].set_index("area_code")
    rows = rows[rows.index.isin(truth.areas["council_code"].unique()) & rows["hle"].notna()]
    return rows[["hle"]].assign(spread=variance(rows["lci_95"], rows["uci_95"])).sort_index()


def _regions(truth: Truth) -> dict[str, str]:
    return dict(truth.areas[["council_code", "region_code"]].drop_duplicates().to_numpy())
