"""Unequal: the measures of inequality of a plan, before and after, in one table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from nhcplanner.access.gains import Floats, Journeys
from nhcplanner.access.groups import imd_quintile
from nhcplanner.access.inequality import concentration_index, gaps, slope_index
from nhcplanner.domain.place import Place

_MEANING = {
    "absolute gap": "least deprived fifth less most deprived fifth",
    "relative gap": "least deprived fifth divided by most deprived fifth",
    "SII": "least deprived end less most deprived end, on a line fitted over all people",
    "RII": "least deprived end divided by most deprived end, on that line",
    "concentration index": "above 0 where the less deprived have more of it (-1 to 1)",
}


def unequal(place: Place, journeys: Journeys) -> pd.DataFrame | None:
    """Measure how access differs by deprivation, before and after.

    Parameters
    ----------
    place
        With a row of its origins for each row of `journeys`.
    journeys
        Of each row.

    Returns
    -------
    DataFrame or None
        `of` (the share within reach, or mean minutes with those beyond the horizon at the
        horizon), `measure`, `unit`, `before`, `after`, `change`, `meaning`. Rows whose area has no
        rank are left out; None where no area has one.
    """
    rank = _rank(place)
    if rank is None:
        return None
    area = place.area_of_origin
    ranked = np.isfinite(rank[area])
    people = np.where(ranked, place.origins["people"].to_numpy(dtype=np.float64), 0.0)
    order = np.where(ranked, rank[area], 0.0)
    fifth = imd_quintile(place.areas, place.index_name)
    fifths = None if fifth is None else fifth.to_numpy()[area]
    pairs = {
        f"share within {journeys.reach:g} minutes": [
            (minutes <= np.float32(journeys.reach)).astype(np.float64)
            for minutes in (journeys.before, journeys.after)
        ],
        "mean minutes": [
            np.minimum(minutes, journeys.horizon) for minutes in (journeys.before, journeys.after)
        ],
    }
    rows = []
    for of, pair in pairs.items():
        before, after = (_measures(value, order, people, fifths) for value in pair)
        rows += _rows(of, before, after)
    return pd.DataFrame(rows)


def _rows(of: str, before: dict[str, float], after: dict[str, float]) -> list[dict[str, object]]:
    unit = "minutes" if of == "mean minutes" else "share"
    return [
        {
            "of": of,
            "measure": name,
            "unit": unit if name in {"absolute gap", "SII"} else "ratio",
            "before": before[name],
            "after": after[name],
            "change": after[name] - before[name],
            "meaning": _MEANING[name],
        }
        for name in before
    ]


def _measures(
    value: Floats, order: Floats, people: Floats, fifths: np.ndarray | None
) -> dict[str, float]:
    slope = slope_index(value, order, people)
    found = {}
    if fifths is not None:
        found["absolute gap"], found["relative gap"] = gaps(value, fifths, people)
    found |= {"SII": slope.sii, "RII": slope.rii}
    found["concentration index"] = concentration_index(value, order, people)
    return found


def _rank(place: Place) -> Floats | None:
    """What areas are put in order by, the most deprived lowest; NaN where an area has none."""
    for column in ("imd_rank", "imd_decile"):
        if column in place.areas and place.areas[column].notna().any():
            found: Floats = place.areas[column].to_numpy(dtype=np.float64)
            return found
    return None
