"""Population projections of a place: a published one, joined to its areas by code."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.intake import Answers, Question
from nhcplanner.domain.place import Place
from nhcplanner.domain.projection import AGES, ALL, CODE, KEYS, Projection
from nhcplanner.layers.population.disagreements import ROUNDING, SLACK
from nhcplanner.layers.population.published_projections import Published

NEAR = 0.1
"""Share by which a projection of the areas' own year may differ from their people."""
UNITS = (CODE, "district_code", "council_code", "icb_code")
"""Columns of the areas that may hold the codes of a projection, the first that fits."""


def with_projection(
    place: Place,
    published: Published,
    base_year: int | None = None,
    answers: Answers | None = None,
    units: pd.Series | None = None,
) -> Place:
    """Return a place with a projection of its people.

    Parameters
    ----------
    place
        The place; its areas hold people and, if the ages are to grow one by one, people by age.
    published
        The projection.
    base_year
        Year of the people of the areas.
    answers
        Answers to questions: "people_year" instead of `base_year`, and "projection.check=accept".
    units
        Sub-ICB location of areas by area code, used where no column of the areas has the codes
        of the projection; it also tells which units are whole.

    Raises
    ------
    InputError
        If no code of the projection is one of the areas, the year of the areas' people is not
        stated or not in the projection, or the projection's people of that year are far from
        theirs.
    """
    answers = answers or Answers()
    file = published.record.file if published.record is not None else "projection"
    stated = answers.find("people_year", file)
    year = base_year or (int(stated) if stated.isdigit() else None)
    if year is None:
        words = "the year of the areas' people is not stated, so their growth is unknown"
        hint = f"Say --assume people_year={published.years[0]}, or another year of the projection"
        raise InputError([Question(words, file, hint=hint, key="people_year")])
    if str(year) not in published.years:
        words = f"has no people of {year}, the year of the areas' people"
        hint = f"It covers {published.years[0]} to {published.years[-1]}"
        raise InputError([Fault(words, file, hint=hint)])
    codes, by = _codes(place.areas, published, units, file)
    areas = place.areas.assign(**{CODE: codes})
    numbers_of = _areas_of_units(units)
    table, by_age, lines = basis(areas, published, year, numbers_of)
    faults = _scale_faults(areas, published, year, numbers_of, file)
    if faults and answers.find("projection.check", file) != "accept":
        raise InputError(faults)
    projection = Projection(published.title, published.kind, year, by_age, table)
    if place.projection is not None:
        projection = replace(projection, homes=place.projection.homes)
    notes = [f"People of the areas are those of {year}; {published.kind} projection by {by}"]
    record = published.record
    if record is not None:
        for one in [*lines, *(f"accepted: {fault.problem}" for fault in faults)]:
            record = record.with_event("note", one)
        unused = published.table.loc[~published.table["code"].isin(codes), "code"].nunique()
        if unused:
            event = f"{plural(int(unused), 'unit')} outside the place"
            record = record.with_event("left out", event, int(unused))
    return replace(
        place,
        areas=areas,
        projection=projection,
        sources=(
            *(each for each in place.sources if each.layer != "projections"),
            *([published.source] if published.source else []),
        ),
        intake=(*place.intake, *([record] if record is not None else [])),
        notes=(*place.notes, *notes, *lines),
    )


def projection_beside(
    projection: Projection | None, given: Collection[str]
) -> tuple[Projection | None, list[str]]:
    """Return the projection of a place beside a table, and why it is lost, in words.

    Parameters
    ----------
    projection
        That of the place.
    given
        Columns of the table. People of an unknown year cannot grow.
    """
    if projection is None or not {*AGES, ALL} & set(given):
        return projection, []
    words = "People of later years are unknown: your table of people does not state their year"
    hint = "Build the place with the table and --assume people_year=2024, or the year of it"
    return None, [f"{words}. {hint}"]


def basis(
    areas: pd.DataFrame, published: Published, year: int, areas_of: pd.Series
) -> tuple[pd.DataFrame, bool, list[str]]:
    """Return the table of a `Projection`: people that the projection is divided by, by unit.

    Parameters
    ----------
    areas
        With `projection_code`, `people` and perhaps people by age.
    published
        The projection.
    year
        Year of the areas' people.
    areas_of
        Number of areas in each whole unit, by its code.

    Returns
    -------
    DataFrame, bool, list of str
        The table; whether ages grow one by one; and why not, in words.
    """
    here = areas[CODE].value_counts()
    table = published.table[published.table["code"].isin(here.index)].reset_index(drop=True)
    by_age, words = has_ages(areas)
    whole = areas_of.reindex(here.index).fillna(0).astype("int64")
    table["areas"] = table["code"].map(whole).astype("int64")
    names = [*AGES, ALL] if by_age else [ALL]
    sums = areas.groupby(CODE)[names].sum()
    table["basis"] = table[str(year)].astype("float64")
    complete = table["code"].map(here) == table["areas"]
    for position in np.flatnonzero(complete & table["age"].isin(names)):
        code, age = (str(table[name].iloc[position]) for name in ("code", "age"))
        own = float(sums[age].astype("float64")[code])
        if own > 0:
            table.loc[int(position), "basis"] = own
        elif float(table[published.years].iloc[position].sum()) > 0:
            words.append(
                f"The areas of {code} hold nobody aged {AGES.get(age, 'any')}: people whom "
                "the projection has there are left out"
            )
    return table[[*KEYS, *published.years]], by_age, words


def has_ages(areas: pd.DataFrame) -> tuple[bool, list[str]]:
    """Return whether ages of the areas sum to their people, and why not, in words."""
    if not set(AGES) <= set(areas.columns):
        words = "The areas hold no people by age: all ages grow at the rate of their unit"
        return False, [words]
    total = areas[list(AGES)].sum(axis=1, skipna=False)
    people = areas[ALL].astype("float64")
    wrong = ~((total - people).abs() <= np.maximum(ROUNDING * people, SLACK))
    if not wrong.any():
        return True, []
    codes = shortened(areas.loc[wrong, "area_code"], 3)
    words = f"In {plural(int(wrong.sum()), 'area')} people by age do not sum to people"
    return False, [f"{words}: all ages grow at the rate of their unit: {codes}"]


def _codes(
    areas: pd.DataFrame, published: Published, units: pd.Series | None, file: str
) -> tuple[pd.Series, str]:
    """Return the code of each area in the projection, and which column gave it."""
    known = set(published.table["code"])
    options = {name: areas[name] for name in UNITS if name in areas}
    if units is not None:
        options.setdefault(CODE, areas["area_code"].map(units))
    for name, codes in options.items():
        if codes.isin(known).any():
            words = "sub-ICB location" if name == CODE else name.removesuffix("_code")
            return codes.where(codes.isin(known), "").astype("str"), words
    words = f"none of its codes is of the areas: it has {shortened(sorted(known), 3)}"
    hint = "Give the areas a column projection_code, or a projection of their councils"
    raise InputError([Fault(words, file, None, "code", hint)])


def _areas_of_units(units: pd.Series | None) -> pd.Series:
    """Return the number of areas of each unit in the lookup."""
    return pd.Series(dtype="int64") if units is None else units.value_counts()


def _scale_faults(
    areas: pd.DataFrame, published: Published, year: int, areas_of: pd.Series, file: str
) -> list[Fault]:
    """Questions about units whose people in the projection are far from those of the areas."""
    table = published.table[published.table["age"] == ALL].set_index("code")
    here = areas[areas[CODE] != ""].groupby(CODE)[ALL].agg(["sum", "size"])
    faults: list[Fault] = []
    for code, own, number in zip(here.index, here["sum"], here["size"], strict=True):
        projected = float(table.loc[code, str(year)])
        is_whole = areas_of.get(code, 0) == number
        if own > projected * (1 + NEAR) or (is_whole and own < projected * (1 - NEAR)):
            words = (
                f"has {projected:,.0f} people in {table.loc[code, 'name']} in {year}, but the "
                f"areas there have {own:,.0f}"
            )
            faults.append(Question(words, file, key="projection.check", answers=("accept",)))
    return faults
