"""Check of people by year: totals of areas, whole units, starting points and cases."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts, LackingError, key_text
from nhcplanner.verify.ledger import Ledger

AGES = {
    "all ages": "people", "0 to 15": "people_0_15", "16 to 64": "people_16_64",
    "65 to 84": "people_65_84", "85 and over": "people_85_plus",
}  # fmt: skip
"""Ages as the table of people by year words them, and the columns of areas."""
WHERE = "tables/years.csv"


def check_years(facts: Facts, ledger: Ledger) -> None:
    """Compare people by year with the areas, the projection and the starting points."""
    years, areas = facts.table("years"), facts.table("area_years")
    for frame in (years, areas):
        frame["year"] = frame["year"].map(key_text)
    of_area = facts.areas.set_index(facts.areas["area_code"].astype(str))
    unit = of_area["projection_code"].astype(str)
    areas["code"] = areas["area_code"].astype(str).map(unit)
    keys = ["year", "basis"]
    whole = areas.groupby(keys)[list(AGES.values())].sum(min_count=1)
    by_unit = areas.groupby([*keys, "code"])[list(AGES.values())].sum(min_count=1)
    found = []
    for row in years.to_dict("records"):
        key = (row["year"], row["basis"])
        code, column = str(row["code"]), AGES[row["age"]]
        people = whole.loc[key, column] if code == "all" else by_unit.loc[(*key, code), column]
        found.append(float(people))
    names = [
        f"{row['year']}, {row['basis']}, {row['code']}, {row['age']}"
        for row in years.to_dict("records")
    ]
    ledger.column("People by year", WHERE, names, years["people"].tolist(), found, 0.5)
    gaps = years["people"] - years["projection"]
    ledger.column("Difference from the projection", WHERE, names,
                  years["difference"].tolist(), gaps.tolist(), 0.5)  # fmt: skip
    _check_whole_units(facts, years, ledger)
    _check_plan(facts, areas, ledger)
    _check_starts(facts, areas, ledger)


def _check_whole_units(facts: Facts, years: pd.DataFrame, ledger: Ledger) -> None:
    """Whole units agree with the projection to a person, unless homes are added on top of it."""
    if facts.scenario.get("housing") == "on_top":
        ledger.leave("Whole units and the projection", "new homes are added to the projection")
        return
    some = years[years["projection"].notna() & years["basis"].str.startswith("projection")]
    some = some[some["age"] == "all ages"]
    names = [f"{year}, {code}" for year, code in zip(some["year"], some["code"], strict=True)]
    ledger.column("Whole units agree with the projection", WHERE, names,
                  some["people"].tolist(), some["projection"].tolist(), 0.51)  # fmt: skip


def _check_plan(facts: Facts, areas: pd.DataFrame, ledger: Ledger) -> None:
    """The plan's areas hold the people of its year."""
    year = facts.scenario.get("year")
    own = areas["basis"].str.startswith("the place")
    some = areas[own] if year is None else areas[~own & (areas["year"] == str(year))]
    people = some.set_index(some["area_code"].astype(str))["people"]
    codes = facts.areas["area_code"].astype(str)
    ledger.column("People of the plan's year", "areas.csv", codes.tolist(),
                  facts.areas["people"].tolist(), people.reindex(codes).tolist(), 0.5)  # fmt: skip


def _check_starts(facts: Facts, areas: pd.DataFrame, ledger: Ledger) -> None:
    """People of starting points in other years sum to those of their areas."""
    if not facts.has("origin_years"):
        return
    starts = facts.table("origin_years")
    starts["year"] = starts["year"].map(key_text)
    area = facts.origins.set_index(facts.origins["origin"].astype(str))["area_code"].astype(str)
    starts["area_code"] = starts["origin"].astype(str).map(area)
    sums = starts.groupby(["year", "area_code"])["people"].sum()
    own = areas["basis"].str.startswith("the place")
    base = areas.loc[own, "year"].iloc[0]
    stated = areas[~own | (areas["year"] == base)].assign(code=areas["area_code"].astype(str))
    stated = stated.drop_duplicates(["year", "code"]).set_index(["year", "code"])["people"]
    both = stated.reindex(sums.index).dropna()
    names = [f"{year}, {code}" for year, code in both.index]
    ledger.column("People of starting points by year", "tables/origin_years.csv", names,
                  sums.loc[both.index].tolist(), both.tolist(), 0.5)  # fmt: skip


def people_in(facts: Facts, year: str) -> np.ndarray:
    """Return the people of each starting point in a year.

    Raises
    ------
    LackingError
        If the hand-in does not list them.
    """
    if facts.has("origin_years"):
        starts = facts.table("origin_years")
        mine = starts[starts["year"].map(key_text) == year]
        if len(mine):
            people = mine.set_index(mine["origin"].astype(str))["people"]
            found = people.reindex(facts.origins["origin"].astype(str))
            return np.asarray(found.to_numpy(dtype=np.float64))
    raise LackingError(f"tables/origin_years.csv has no people of {year}")


def people_drawn(facts: Facts, case: str) -> np.ndarray:
    """Return the people of each starting point in a case that draws growth.

    Raises
    ------
    LackingError
        If the hand-in does not list its factors.
    """
    if facts.has("case_growth"):
        factors = facts.table("case_growth")
        mine = factors[factors["case"] == case]
        if len(mine):
            factor = mine.set_index(mine["code"].astype(str))["factor"]
            unit = facts.areas["projection_code"].astype(str).map(factor).fillna(1.0)
            people = facts.origins["people"].to_numpy() * unit.to_numpy()[facts.origins["area"]]
            return np.asarray(people, dtype=np.float64)
    raise LackingError(f"tables/case_growth.csv has no factors of {case}")
