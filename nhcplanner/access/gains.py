"""Gains: who comes nearer and who does not, a row a group."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]

NOTICED = 0.1
"""Minutes by which a journey must change to count as nearer or farther."""
COLUMNS = (
    "people", "within_before", "within_after", "mean_minutes_before", "mean_minutes_after",
    "beyond_before", "beyond_after", "gained", "lost", "nearer", "farther",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Journeys:
    """Minutes to the nearest centre, before and after, a value a row.

    Parameters
    ----------
    before, after
        Minutes; inf = beyond the horizon.
    reach
        Minutes that count as reached.
    horizon
        Minutes beyond which no journey was looked at.
    """

    before: Floats
    after: Floats
    reach: float
    horizon: float


def gains(groups: pd.Series, people: npt.ArrayLike, journeys: Journeys) -> pd.DataFrame:
    """Say for each group who is within reach, before and after, and who gains and loses.

    Parameters
    ----------
    groups
        Group of each row; rows in group 0 or "" are left out.
    people
        Of each row.
    journeys
        Of each row.

    Returns
    -------
    DataFrame
        Rows = groups in order. `people`; `within_before`, `within_after` (people within reach);
        `mean_minutes_before`, `mean_minutes_after` (those beyond the horizon count as the
        horizon, so that it is at least so many; NaN where nobody is); `beyond_before`,
        `beyond_after` (people beyond the horizon); `gained`, `lost` (people who come within reach
        or fall out of it); `nearer`, `farther` (people whose journey changes by 0.1 minutes or
        more).
    """
    heads = np.asarray(people, dtype=np.float64)
    reach = np.float32(journeys.reach)
    inside = [minutes <= reach for minutes in (journeys.before, journeys.after)]
    capped = [np.minimum(m, journeys.horizon) for m in (journeys.before, journeys.after)]
    parts = {
        "people": np.ones(len(heads)),
        "within_before": inside[0],
        "within_after": inside[1],
        "mean_minutes_before": capped[0],
        "mean_minutes_after": capped[1],
        "beyond_before": np.isinf(journeys.before),
        "beyond_after": np.isinf(journeys.after),
        "gained": ~inside[0] & inside[1],
        "lost": inside[0] & ~inside[1],
        "nearer": capped[0] - capped[1] >= NOTICED,
        "farther": capped[1] - capped[0] >= NOTICED,
    }
    frame = pd.DataFrame({name: heads * part for name, part in parts.items()})
    labels = groups.to_numpy()
    placed = (labels != 0) & (labels != "")
    found: pd.DataFrame = frame[placed].groupby(labels[placed], sort=True).sum()
    means = ["mean_minutes_before", "mean_minutes_after"]
    found[means] = found[means].div(found["people"].where(found["people"] > 0), axis=0)
    found.index.name = groups.name
    return found.loc[:, list(COLUMNS)]
