"""All measures of fairness of access, computed for buildings today or before and after a plan.

`MEASURES` is the registry. To add a measure, add its row to the tuple of the module that computes
it; the table, the page, the brief, the command and the glossary read the row.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from nhcplanner.access import distribution, inequality
from nhcplanner.access.distribution import EPSILON, kolm_pollak_kappa
from nhcplanner.access.groups import imd_quintile
from nhcplanner.access.measures import Measure, Sample
from nhcplanner.base.arrays import Floats, Ints
from nhcplanner.domain.journeys import Journeys
from nhcplanner.domain.place import Place

MEASURES: dict[str, Measure] = {
    measure.name: measure for measure in (*inequality.MEASURES, *distribution.MEASURES)
}
"""Every measure by name, in the order of tables."""


def measure_inequality(place: Place, journeys: Journeys) -> pd.DataFrame:
    """Return every measure of fairness before and after a plan.

    Parameters
    ----------
    place
        The place, with an origin for each row of `journeys`.
    journeys
        Journeys of each row.

    Returns
    -------
    DataFrame
        `of` (the share within reach; mean minutes, where journeys beyond the horizon count as the
        horizon; or minutes, for measures of their spread), `measure`, `unit`, `before`, `after`,
        `change`, `low_before`, `high_before`, `low_after`, `high_after` (95% interval; NaN = none),
        `meaning`. Measures by deprivation leave out areas without a rank, and are left out if no
        area has one.
    """
    pairs = [
        list(_samples(place, minutes, journeys.reach, journeys.horizon))
        for minutes in (journeys.before, journeys.after)
    ]
    rows: list[dict[str, object]] = []
    for (of, before), (_, after) in zip(*pairs, strict=True):
        for measure in MEASURES.values():
            if not measure.fits(before):
                continue
            values = measure.compute(before), measure.compute(after)
            row = _row(_label(of, measure, journeys.reach), measure, before) | {
                "before": values[0],
                "after": values[1],
                "change": values[1] - values[0],
            }
            for when, sample in (("before", before), ("after", after)):
                row[f"low_{when}"], row[f"high_{when}"] = _interval(measure, sample)
            rows.append(row)
    columns = ["of", "measure", "unit", "before", "after", "change", "low_before", "high_before",
               "low_after", "high_after", "meaning"]  # fmt: skip
    return pd.DataFrame(rows)[columns]


def fairness_note(place: Place, minutes: Floats, reach: float, horizon: float) -> str:
    """Return how measures treat people beyond the horizon, and the parameters of the measures.

    Parameters
    ----------
    place, minutes, reach, horizon
        As in `measure_fairness`.
    """
    people = place.origins["people"].to_numpy(dtype=np.float64)
    beyond = float(people[np.isinf(minutes)].sum())
    words = "No area has a deprivation rank or decile, so no measure by deprivation is given. "
    horton = kolm_pollak_kappa(np.minimum(minutes, horizon), people)
    other = (
        ""
        if np.isnan(horton)
        else f", {EPSILON / reach / horton:.2f} as Horton and others calibrate it"
    )
    far = "Nobody's journey is beyond the horizon. "
    if beyond:
        far = f"Journeys of {beyond:,.0f} people beyond {horizon:g} minutes count as {horizon:g}, "
        far += "so true inequality of minutes may differ. "
    return (
        f"{'' if _rank(place) is not None else words}{far}"
        f"Intervals (95%) of SII and RII: robust errors of the fitted line, by area. Kolm-Pollak: "
        f"kappa {EPSILON / reach:.4g} a minute (epsilon {EPSILON:g} over {reach:g} minutes{other})"
    )


def measure_fairness(place: Place, minutes: Floats, reach: float, horizon: float) -> pd.DataFrame:
    """Return every measure of fairness of access to some buildings.

    Parameters
    ----------
    place
        The place, with an origin for each of the minutes.
    minutes
        Minutes of each origin to its building; inf = beyond the horizon.
    reach
        Minutes that count as within reach.
    horizon
        Minutes beyond which journeys are not measured.

    Returns
    -------
    DataFrame
        `name`, `of`, `measure`, `unit`, `value`, `low`, `high` (95% interval; NaN = none),
        `direction`, `meaning`; rows as in `measure_inequality`.
    """
    rows: list[dict[str, object]] = []
    for of, sample in _samples(place, minutes, reach, horizon):
        for measure in MEASURES.values():
            if measure.fits(sample):
                row = _row(_label(of, measure, reach), measure, sample)
                low, high = _interval(measure, sample)
                value = measure.compute(sample)
                more = {"value": value, "low": low, "high": high, "name": measure.name}
                rows.append(row | more | {"direction": measure.direction})
    columns = ["name", "of", "measure", "unit", "value", "low", "high", "direction", "meaning"]
    return pd.DataFrame(rows)[columns]


def _samples(
    place: Place, minutes: Floats, reach: float, horizon: float
) -> Iterator[tuple[str, Sample]]:
    """Yield the share within reach and the minutes, as samples."""
    area = place.area_of_origin
    people = place.origins["people"].to_numpy(dtype=np.float64)
    rank, fifth = _rank(place), imd_quintile(place.areas, place.index_name)
    ranks = None if rank is None else rank[area]
    fifths: Ints | None = None
    if fifth is not None and ranks is not None:
        fifths = np.where(np.isfinite(ranks), fifth.to_numpy()[area], 0)
    inside = (minutes <= np.float32(reach)).astype(np.float64)
    capped, beyond = np.minimum(minutes, horizon), np.isinf(minutes)
    yield "share", Sample(inside, people, "share", area, beyond, ranks, fifths)
    yield (
        "minutes",
        Sample(capped, people, "minutes", area, beyond, ranks, fifths, reach, EPSILON / reach),
    )


def _row(of: str, measure: Measure, sample: Sample) -> dict[str, object]:
    return {
        "of": of,
        "measure": measure.title,
        "unit": measure.unit_of(sample.of),
        "meaning": measure.sentence,
    }


def _label(of: str, measure: Measure, reach: float) -> str:
    """Return what a measure is of: those by deprivation are of the mean, others of the spread."""
    if of == "share":
        return f"share within {reach:g} minutes"
    return "mean minutes" if measure.by else "minutes"


def _interval(measure: Measure, sample: Sample) -> tuple[float, float]:
    return (np.nan, np.nan) if measure.interval is None else measure.interval(sample)


def _rank(place: Place) -> Floats | None:
    """Return the rank of each area, the most deprived lowest; NaN if an area has none."""
    for column in ("imd_rank", "imd_decile"):
        if column in place.areas and place.areas[column].notna().any():
            ranks: Floats = place.areas[column].to_numpy(dtype=np.float64)
            return ranks
    return None
