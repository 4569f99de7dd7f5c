"""Weights: what a person of each area counts for, where a scenario weighs need."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.domain.choices import measures_of
from nhcplanner.domain.columns import AREAS, OWN
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.near import near
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario

UNITS = {column.name: column.unit for column in AREAS if column.unit in ("people", "share")}


def need(place: Place, scenario: Scenario) -> pd.Series[float] | None:
    """Need of each area, as the scenario's measures have it.

    Parameters
    ----------
    place
        Its areas have the columns that measures are made of: people by age, shares, and those of
        one's own (`own_...`).
    scenario
        Measures in `need`, each a product of columns; several add up.

    Returns
    -------
    Series or None
        On the index of the areas, missing where a column is blank; None where the scenario names
        no measure.

    Raises
    ------
    InputError
        For columns that the place does not have, with those that come near, and for shares that
        are of no people.
    """
    asked = [measures_of(text) for text in scenario.need]
    products = [columns for columns in asked if columns]
    if not products:
        return None
    areas = place.areas
    known = [c for c in areas if c in UNITS or str(c).startswith(OWN)]
    faults = [
        Fault(f"need names '{column}', which {place.name} does not have", "scenario",
              mend=near(column, known))
        for column in dict.fromkeys(name for columns in products for name in columns)
        if column not in known
    ]  # fmt: skip
    faults += [
        Fault(
            f"need = '{'*'.join(columns)}' is a share of nobody", "scenario",
            mend=f"Say of whom: need = '{'*'.join(columns)}*people'",
        )
        for columns in products
        if all(UNITS.get(column) == "share" for column in columns)
    ]  # fmt: skip
    if faults:
        raise InputError(faults)
    each = [
        areas[list(columns)].astype("float64").prod(axis=1, skipna=False) for columns in products
    ]
    total: pd.Series[float] = pd.concat(each, axis=1).sum(axis=1, skipna=False)
    return total


def per_person(place: Place, scenario: Scenario) -> npt.NDArray[np.float64] | None:
    """Need a person, for each area; 0 where its need is blank or nobody lives there.

    None where the scenario names no measure.
    """
    found = need(place, scenario)
    if found is None:
        return None
    people = place.areas["people"].to_numpy(dtype=np.float64)
    amount = found.fillna(0.0).to_numpy(dtype=np.float64)
    counts = np.zeros(len(people))
    np.divide(amount, people, out=counts, where=people > 0)
    return counts


def need_note(place: Place, scenario: Scenario) -> str:
    """Which need is counted, how much there is, and where it is not known; "" for none."""
    if not scenario.need:
        return ""
    words = f"Need is counted by {' and '.join(scenario.need)}"
    found = need(place, scenario)
    if found is not None:
        total, blank = found.sum(), int(found.isna().sum())
        words += f": {total:,.0f} in all" if math.isfinite(total) else ""
        words += f"; blank in {blank:,} areas, which count nothing" if blank else ""
    if not any(goal.startswith("cover_need") for goal in scenario.goals):
        words += '; but no goal counts it: add goals = ["cover_need"]'
    return words
