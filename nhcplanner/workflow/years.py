"""People of later years: tables by year and area, and cases of growth for a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner import access, explore
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.projection import AGES, ALL, CODE, Projection
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.problem import people_of, starts_of

YEARS = (2030, 2035, 2040)
"""Years of which the people are listed, besides those of the place, the scenario and the waves."""
HALF_WITHIN_10_YEARS = 0.03
HALF_WITHIN_10_YEARS_LONDON = 0.07
"""Median absolute error of official projections of local authorities 10 years ahead: shire
districts, and London boroughs (Simpson, Wilson and Shalley, 2019, Applied Spatial Analysis and
Policy). Assumptions: it grows in proportion to the years, and holds for sub-ICB locations too."""
GROWTH_WORDS = (
    "growth draw: people of each projected unit are drawn at random from the error of past "
    "projections (median 3% after 10 years, 7% in London; Simpson and others, 2019), in "
    "proportion to the years"
)
EVERYWHERE = "all"
"""Code of the rows of a table by year for the whole place."""


def year_of(place: Place, wave: str) -> int | None:
    """Return the year in a wave's name that the place's projection has; None if there is none."""
    years = () if place.projection is None else place.projection.years
    found = [int(one) for one in re.findall(r"\d{4}", wave) if int(one) in years]
    return found[0] if found else None


def people_in_year(
    place: Place, scenario: Scenario, year: int | None, rows: npt.NDArray[np.intp] | None = None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64] | None]:
    """Return the people of each starting point in a year, and their weight in goals of need.

    Parameters
    ----------
    place, scenario
        Those of the plan.
    year
        Year of the people; None = the place's own.
    rows
        Starting points; None = all.
    """
    then = scenario.model_copy(update={"year": year})
    starts = starts_of(place, then)
    some = np.arange(len(starts.origins)) if rows is None else rows
    counts = access.per_person(people_of(place, then), then)
    people = starts.origins["people"].to_numpy(dtype=np.float64)[some]
    return people, None if counts is None else counts[starts.area_of_origin][some]


def years_of(place: Place, scenario: Scenario, waves: Iterable[str] = ()) -> list[int]:
    """Return the years whose people are listed: `YEARS`, the scenario's and those of waves."""
    if place.projection is None:
        return []
    found = {year for year in YEARS if year in place.projection.years}
    found |= {year for wave in waves if (year := year_of(place, wave)) is not None}
    if scenario.year is not None:
        found.add(scenario.year)
    return sorted(found)


def projection_words(projection: Projection) -> str:
    """Return the source and the method of people by year, in sentences."""
    how = (
        "the people of each area and age are multiplied by the growth of its unit"
        if projection.by_age
        else "the people of each area are multiplied by the growth of its unit"
    )
    return (
        f"{projection.title}: {how} since {projection.base_year}, and units that are whole are "
        "scaled to the projection's total. A projection continues recent trends; it is no forecast"
    )


def year_tables(
    place: Place, scenario: Scenario, years: Iterable[int] = YEARS
) -> dict[str, pd.DataFrame]:
    """Return people by year, as the tables `years` and `area_years` of the evidence.

    Parameters
    ----------
    place
        With a projection.
    scenario
        How new homes count.
    years
        Years of the projection; the place's own people come first.

    Returns
    -------
    dict of str to DataFrame
        "years": people of the whole place and of each projected unit by age, the projection of
        units that are whole, and the difference. "area_years": people of each area by age.

    Raises
    ------
    InputError
        If the place has no projection, or not of these years.

    Examples
    --------
    >>> from nhcplanner import Scenario, england, year_tables
    >>> years = year_tables(england("Rutland"), Scenario(), [2035])["years"]
    >>> years["basis"].unique().tolist()
    ["the place's own people", 'projection, 2022-based']
    """
    projection = place.projection
    if projection is None:
        words = f"{place.name} has no population projection"
        raise InputError([Fault(words, hint="Build the place with --projections FILE")])
    own = place.in_year(None).areas
    whole = set(projection.whole_units(own))
    frames, areas = [], []
    for year in (None, *years):
        then = own if year is None else place.in_year(year, scenario.housing).areas
        basis = "the place's own people" if year is None else f"projection, {projection.kind}"
        number = projection.base_year if year is None else year
        frames.append(_totals(projection, then, number, basis, whole))
        names = [name for name in (ALL, *AGES) if name in then]
        areas.append(then[["area_code", *names]].assign(year=number, basis=basis))
    of_areas = pd.concat(areas, ignore_index=True).reindex(columns=TABLES["area_years"].names)
    return {"years": pd.concat(frames, ignore_index=True), "area_years": of_areas}


def _totals(
    projection: Projection, areas: pd.DataFrame, year: int, basis: str, whole: set[str]
) -> pd.DataFrame:
    """Return people of the place and of its units by age, beside the projection of whole units."""
    names = {ALL: "all ages", **AGES}
    ages = [age for age in names if age in areas]
    sums = areas.groupby(CODE)[ages].sum()
    sums = sums[sums.index.isin(projection.units().index)]
    published = projection.published(year)
    titles = projection.units()["name"]
    rows: list[dict[str, object]] = [
        {"code": EVERYWHERE, "name": "the whole place", "age": names[age],
         "people": float(areas[age].sum())}
        for age in ages
    ]  # fmt: skip
    for code in sums.index:
        for age in ages:
            people = float(sums.loc[code, age])
            row = {"code": code, "name": titles[code], "age": names[age], "people": people}
            if code in whole:
                row["projection"] = float(published.loc[code, age])
                row["difference"] = people - row["projection"]
            rows.append(row)
    found = pd.DataFrame(rows).assign(year=year, basis=basis)
    return found.reindex(columns=TABLES["years"].names)


def origin_table(place: Place, scenario: Scenario, years: Iterable[int | None]) -> pd.DataFrame:
    """Return people of each starting point by year, for waves and cases; None = its own people."""
    parts = []
    for year in years:
        then = starts_of(place, scenario.model_copy(update={"year": year})).origins
        base = 0 if place.projection is None else place.projection.base_year
        number = base if year is None else year
        parts.append(
            pd.DataFrame({"year": number, "origin": then["origin_id"], "people": then["people"]})
        )
    names = TABLES["origin_years"].names
    return pd.concat(parts, ignore_index=True)[names] if parts else pd.DataFrame(columns=names)


def cases_by_year(
    outcome: Outcome,
    problem: Problem,
    rows: npt.NDArray[np.intp],
    years: tuple[int, ...] | None = None,
) -> dict[str, Problem]:
    """Return the problem with the people of other years, by name: "people of 2040".

    Parameters
    ----------
    outcome
        The plan.
    problem, rows
        Its problem, and the starting points that are its rows.
    years
        The years; None = the place's own and `YEARS`, if the scenario has a year.
    """
    place, scenario = outcome.place, outcome.scenario
    projection = place.projection
    if projection is None or (scenario.year is None and not years):
        return {}
    base = projection.base_year
    others = (base, *(year for year in YEARS if year in projection.years))
    found = {}
    for year in years or others:
        if year == scenario.year or (year == base and scenario.year is None):
            continue
        own = None if year == base else year
        people, need = people_in_year(place, scenario, own, rows)
        found[f"people of {year}"] = _with_people(problem, people, need)
    return found


def _with_people(
    problem: Problem, people: npt.NDArray[np.float64], need: npt.NDArray[np.float64] | None
) -> Problem:
    return replace(problem, people=people, need=need)


def growth_errors(outcome: Outcome, draws: int) -> list[dict[object, float]]:
    """Return factors on the people of each projected unit, drawn from the error of projections.

    Empty if the scenario has no year after that of the place's own people.
    """
    projection, year = outcome.place.projection, outcome.scenario.year
    if projection is None or year is None or year <= projection.base_year or not draws:
        return []
    areas = outcome.place.areas
    codes = sorted(set(areas[CODE]) & set(projection.table["code"]))
    council = areas.get("council_code", pd.Series("", index=areas.index))
    london = set(areas.loc[council.str.startswith("E09", na=False), CODE])
    tenths = (year - projection.base_year) / 10
    half = [
        tenths * (HALF_WITHIN_10_YEARS_LONDON if code in london else HALF_WITHIN_10_YEARS)
        for code in codes
    ]
    return [dict(one) for one in explore.growth_factors(codes, half, draws)]


def growth_table(factors: Iterable[dict[object, float]]) -> pd.DataFrame:
    """Return the drawn factors as the table `case_growth` of the evidence."""
    rows = [
        {"case": f"growth draw {number}", "code": code, "factor": factor}
        for number, drawn in enumerate(factors, 1)
        for code, factor in drawn.items()
    ]
    return pd.DataFrame(rows, columns=TABLES["case_growth"].names)


def change_in_words(outcome: Outcome, opened: Iterable[int]) -> str:
    """Say which centres a plan for the people of today would open instead.

    Parameters
    ----------
    outcome
        A plan for the people of a later year.
    opened
        Sites of the plan for the place's own people.
    """
    projection = outcome.place.projection
    base = "today" if projection is None else str(projection.base_year)
    names, mine, other = outcome.place.site_names, {*outcome.plan.opened}, {*opened}
    more, fewer = (
        [names.iloc[site] for site in sorted(one)] for one in (mine - other, other - mine)
    )
    if not more and not fewer:
        return f"The same centres open for the people of {base}"
    return (
        f"Because of growth since {base} the plan opens {', '.join(more) or 'no other centre'} "
        f"instead of {', '.join(fewer) or 'none'}"
    )
