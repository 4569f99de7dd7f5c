"""Need of areas: bands by HLE or deprivation, and weights of people by the scenario's measures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.choices import measures_of
from nhcplanner.domain.columns import AREAS, OWN
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario


def bands(areas: pd.DataFrame, cut: int | Sequence[float], by: str) -> pd.Series[int]:
    """Return the band of each area, the worst-off in band 1.

    Parameters
    ----------
    areas
        Columns `area_code`, `people`, and `hle` (years) or `imd_rank`, as `by` needs.
    cut
        Number of bands with about equal numbers of people; or the years of HLE, ascending, at
        which a new band begins.
    by
        "hle": lowest healthy life expectancy first, ties by IMD rank where there is one, then
        by area code. "imd": most deprived rank first, ties by area code.

    Returns
    -------
    Series of int
        On the index of `areas`, from 1; 0 if an area has no figure. With a number of bands, an
        area belongs to the band of its middle person; with years, its own HLE decides, so there
        are no ties.

    Examples
    --------
    >>> areas = pd.DataFrame({"area_code": ["A", "B"], "people": [10, 10], "hle": [60.0, 52.0]})
    >>> bands(areas, 2, "hle").tolist()
    [2, 1]
    >>> bands(areas, (50, 55), "hle").tolist()
    [3, 2]
    """
    if not isinstance(cut, int):
        return _between(areas["hle"], cut)
    keys = ["hle", "imd_rank", "area_code"] if by == "hle" else ["imd_rank", "area_code"]
    in_order = areas[areas[keys[0]].notna()]
    in_order = in_order.sort_values([key for key in keys if key in areas], kind="stable")
    people = in_order["people"].to_numpy(dtype=np.float64)
    total = people.sum()
    middle = np.cumsum(people) - people / 2
    cuts = middle / total if total > 0 else (np.arange(len(people)) + 0.5) / max(len(people), 1)
    band = np.clip(np.floor(cuts * cut).astype(np.int64) + 1, 1, cut)
    band_of_area = pd.Series(band, index=in_order.index)
    return band_of_area.reindex(areas.index, fill_value=0).rename("band")


def _between(hle: pd.Series[float], edges: Sequence[float]) -> pd.Series[int]:
    """Return the band of each area by years of HLE; an edge belongs to the band above it."""
    band = np.searchsorted(np.asarray(edges, dtype=np.float64), hle, side="right") + 1
    band_of_area = np.where(hle.notna(), band, 0).astype(np.int64)
    return pd.Series(band_of_area, index=hle.index, name="band")


UNITS = {column.name: column.unit for column in AREAS if column.unit in ("people", "share")}


def need(place: Place, scenario: Scenario) -> pd.Series[float] | None:
    """Return the need of each area by the scenario's measures.

    Parameters
    ----------
    place
        The place. Its areas have the columns of the measures: people by age, shares, and the
        user's own columns (`own_...`).
    scenario
        The scenario. Each measure in `need` is a product of columns; several are added.

    Returns
    -------
    Series or None
        On the index of the areas, missing if a column is blank; None if the scenario names no
        measure.

    Raises
    ------
    InputError
        For columns that the place does not have, with the closest matches, and for shares that
        are not multiplied by people.
    """
    terms = [measures_of(text) for text in scenario.need]
    products = [columns for columns in terms if columns]
    if not products:
        return None
    areas = place.areas
    known_columns = [c for c in areas if c in UNITS or str(c).startswith(OWN)]
    faults = [
        Fault(f"need names '{column}', which {place.name} does not have", "scenario",
              hint=suggest(column, known_columns))
        for column in dict.fromkeys(name for columns in products for name in columns)
        if column not in known_columns
    ]  # fmt: skip
    faults += [
        Fault(
            f"need = '{'*'.join(columns)}' is a share without people", "scenario",
            hint=f"Say of whom: need = '{'*'.join(columns)}*people'",
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
    """Return the need for each person of each area; None if the scenario names no measure.

    It is 0 if the need of an area is blank or nobody lives there.
    """
    need_of_area = need(place, scenario)
    if need_of_area is None:
        return None
    people = place.areas["people"].to_numpy(dtype=np.float64)
    amount = need_of_area.fillna(0.0).to_numpy(dtype=np.float64)
    counts = np.zeros(len(people))
    np.divide(amount, people, out=counts, where=people > 0)
    return counts


def need_note(place: Place, scenario: Scenario) -> str:
    """Return, in words, the measure of need, its total and its blanks; "" if there is none."""
    if not scenario.need:
        return ""
    words = f"Need is counted by {' and '.join(scenario.need)}"
    need_of_area = need(place, scenario)
    if need_of_area is not None:
        total, blank = need_of_area.sum(), int(need_of_area.isna().sum())
        words += f": {total:,.0f} in all" if math.isfinite(total) else ""
        words += f"; blank in {blank:,} areas, which count nothing" if blank else ""
    if not any(goal.startswith("cover_need") for goal in scenario.goals):
        words += '; but no goal counts it: add goals = ["cover_need"]'
    return words


def rank(place: Place, scenario: Scenario) -> Need:
    """Return the bands of a place's areas, by HLE if the place has it, else by IMD.

    Raises
    ------
    InputError
        If the place lacks the HLE or IMD that the scenario names.
    """
    has = {
        by: column in place.areas and bool(place.areas[column].notna().any())
        for by, column in (("hle", "hle"), ("imd", "imd_rank"))
    }
    by: Literal["hle", "imd"] = "hle" if has["hle"] or not has["imd"] else "imd"
    if scenario.band_edges:
        by = "hle"
    elif scenario.band_by != "auto":
        by = scenario.band_by
    if not has[by]:
        if scenario.band_by == "auto" and not (scenario.band_edges or _needs_bands(scenario)):
            none = pd.Series(0, index=place.areas.index, name="band")
            return Need(none, "none", "No bands: the place has neither HLE nor IMD")
        raise InputError(
            [
                Fault(
                    f"{place.name} has no {by.upper()} to order areas by",
                    hint="Add a column hle or imd_rank to the areas, or choose another model",
                )
            ]
        )
    band = bands(place.areas, scenario.cut, by)
    return Need(band, by, _band_words(place, scenario, by, band))


def _band_words(place: Place, scenario: Scenario, by: str, band: pd.Series[int]) -> str:
    name = place.index_name or "IMD"
    if scenario.band_edges:
        edges = [f"{years:g}" for years in scenario.band_edges]
        spans = [f"{low} to under {high}" for low, high in pairwise(edges)]
        spans = [f"under {edges[0]}", *spans, f"{edges[-1]} and over"]
        words = f"{len(spans)} bands by years of HLE: {', '.join(spans)}"
    elif by == "hle":
        ties = f"ties by {name} rank, then code"
        words = f"{scenario.bands} bands of about equal people, lowest HLE first, {ties}"
    else:
        why = "" if scenario.band_by == "imd" else ", because the place has no HLE"
        words = f"{scenario.bands} bands of about equal people, most deprived first by {name}{why}"
    missing = int((band == 0).sum())
    return f"{words}; {missing:,} areas in no band" if missing else words


def _needs_bands(scenario: Scenario) -> bool:
    goals = scenario.goals or (scenario.model,)
    return any(goal.startswith(("lowest_hle_first", "cover_bands")) for goal in goals)


SURE = 0.8
"""Probability from which an area counts as surely in the lowest band."""
COLUMN = "lowest_band_probability"
BANDS = 5
"""Number of bands to which the probability applies: it is of the lowest fifth."""


@dataclass(frozen=True)
class BandCertainty:
    """Certainty of band 1, as numbers of people.

    Parameters
    ----------
    people
        People in band 1.
    sure
        People of band 1 in areas that are in the lowest fifth with a probability of `SURE` or
        more.
    expected
        People of band 1 expected in the lowest fifth: people weighted by probability.
    elsewhere
        People of other bands expected in the lowest fifth.
    """

    people: float
    sure: float
    expected: float
    elsewhere: float

    @property
    def words(self) -> str:
        """The figures in a sentence."""
        return (
            f"Bands are uncertain because HLE of areas is modelled: of the {self.people:,.0f} "
            f"people in band 1, {self.sure:,.0f} live in areas that are among the fifth with the "
            f"lowest HLE with a probability of {SURE:.0%} or more. {self.expected:,.0f} are "
            f"expected to be there, and {self.elsewhere:,.0f} people of other bands"
        )

    def table(self) -> pd.DataFrame:
        """The figures as a table: columns `figure` and `people`."""
        rows = {
            "People in band 1": self.people,
            f"In areas surely there (probability {SURE:.0%} or more)": self.sure,
            "Expected in the lowest fifth, of band 1": self.expected,
            "Expected in the lowest fifth, of other bands": self.elsewhere,
        }
        return pd.DataFrame({"figure": list(rows), "people": list(rows.values())})


def band_certainty(
    areas: pd.DataFrame, band: pd.Series[int], by: str, cut: Any
) -> BandCertainty | None:
    """Return how certain band 1 is; None if the probability is not known.

    Parameters
    ----------
    areas
        Columns `people` and, if it is known, `lowest_band_probability`.
    band
        Band of each area, on the same index.
    by
        Measure of the bands.
    cut
        Number of bands, or years at which they begin.
    """
    if by != "hle" or cut != BANDS or COLUMN not in areas or areas[COLUMN].isna().all():
        return None
    chance = areas[COLUMN].fillna(0.0).to_numpy(dtype=np.float64)
    people = areas["people"].to_numpy(dtype=np.float64)
    first = (band == 1).to_numpy()
    likely = chance * people
    return BandCertainty(
        people=float(people[first].sum()),
        sure=float(people[first & (chance >= SURE)].sum()),
        expected=float(likely[first].sum()),
        elsewhere=float(likely[~first].sum()),
    )
