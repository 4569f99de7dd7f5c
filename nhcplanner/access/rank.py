"""Rank: who comes first in a place, as its figures and the scenario have it."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pandas as pd

from nhcplanner.access.bands import bands
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.need import Need
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario


def rank(place: Place, scenario: Scenario) -> Need:
    """Put the place's areas into bands, by HLE where there is one, else by IMD.

    Raises
    ------
    InputError
        Where the scenario asks for HLE or IMD and the place has none.
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
                    mend="Add a column hle or imd_rank to the areas, or choose another model",
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
        words = f"{scenario.bands} bands of equal people, lowest HLE first, {ties}"
    else:
        why = "" if scenario.band_by == "imd" else ", because the place has no HLE"
        words = f"{scenario.bands} bands of equal people, most deprived first by {name}{why}"
    missing = int((band == 0).sum())
    return f"{words}; {missing:,} areas in no band" if missing else words


def _needs_bands(scenario: Scenario) -> bool:
    goals = scenario.goals or (scenario.model,)
    return any(goal.startswith(("lowest_hle_first", "cover_bands")) for goal in goals)
