"""Data of the fit: covariates and HLE of middle layer areas (MSOA), with council and region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from reading import HERE

from nhcplanner.domain.need_measures import variance
from nhcplanner.layers.health.small_area_estimators import Groups, covariates

SKEWED = 1.0
"""Indicators more skewed than this are candidates as logarithms too."""

SHARES = (
    "age_0_15/census_people", "age_16_24/census_people", "age_25_34/census_people",
    "age_65_plus/census_people", "asian/census_people", "black/census_people",
    "mixed/census_people", "owned_outright/households", "owned_mortgage/households",
    "social_rented/households", "private_rented/households", "not_deprived/households",
    "deprived_3/households", "deprived_4/households",
)  # fmt: skip


@dataclass
class Truth:
    """MSOAs of England with a published HLE for 2009-13, whose council has one today.

    Parameters
    ----------
    covariates
        Rows MSOAs, columns candidates: people-weighted means of their areas.
    hle, sampling
        HLE, years, and its sampling variance, years squared: sex -> values.
    groups
        Councils.
    region
        Region of each MSOA.
    people
        People of each MSOA.
    areas
        Rows areas (LSOA): the layer `areas` with `covariates` of the candidates.
    today
        Published HLE by council, region and nation.
    """

    covariates: pd.DataFrame
    hle: dict[str, np.ndarray]
    sampling: dict[str, np.ndarray]
    groups: Groups
    region: np.ndarray
    people: np.ndarray
    areas: pd.DataFrame
    today: pd.DataFrame
    sexes: tuple[str, ...] = ("Male", "Female")


def load() -> Truth:
    """Read the layers and bring covariates to MSOAs."""
    areas = pd.read_parquet(HERE / "areas.parquet").set_index("area_code")
    beneath = pd.read_parquet(HERE / "indicators.parquet").set_index("area_code")
    table = areas.join(beneath)
    names = candidates(beneath)
    made = covariates(table, names)
    msoa, people = table["msoa11_code"], table["people"].astype("float64")
    within = Groups.by(msoa, people)
    means = pd.DataFrame(within.mean(made.to_numpy()), index=within.names, columns=names)
    about = table.groupby("msoa11_code")[["council_code", "region_code"]].agg(
        lambda codes: codes.mode().iloc[0]
    )
    amount = people.groupby(msoa).sum()
    truth = pd.read_parquet(HERE / "msoa_hle.parquet")
    truth = truth[~truth["le_implausible"]]
    truth = truth.assign(spread=variance(truth["lci_95"], truth["uci_95"]))
    wide = truth.set_index(["msoa11_code", "sex"])[["hle", "spread"]].unstack("sex").dropna()  # noqa: PD010
    today = pd.read_parquet(HERE / "hle.parquet")
    told = set(today.loc[today["period"] == "2022-24", "area_code"])
    kept = means.index.intersection(wide.index)
    kept = kept[about.loc[kept, "council_code"].isin(told)]
    about, wide = about.loc[kept], wide.loc[kept]
    return Truth(
        covariates=means.loc[kept],
        hle={sex: wide["hle", sex].to_numpy() for sex in Truth.sexes},
        sampling={sex: wide["spread", sex].to_numpy() for sex in Truth.sexes},
        groups=Groups.by(about["council_code"], amount.loc[kept]),
        region=about["region_code"].to_numpy(),
        people=amount.loc[kept].to_numpy(),
        areas=areas.join(made),
        today=today,
    )


def candidates(beneath: pd.DataFrame) -> list[str]:
    """Indicators and scores without gaps, logarithms of the skewed, and shares of the census."""
    plain = [
        name
        for name in beneath.columns
        if not name.endswith("_rank") and beneath[name].notna().all()
    ]
    skewed = [name for name in plain if beneath[name].min() >= 0 and beneath[name].skew() > SKEWED]
    cidr = "comparative_illness_and_disability_ratio_indicator"
    logs = dict.fromkeys([cidr, "income_score", "employment_score", *skewed])
    return [*plain, *(f"log1p:{name}" for name in logs), *SHARES]
