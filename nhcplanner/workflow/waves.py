"""Waves of a plan: the default ones, and the years in which sites open."""

from __future__ import annotations

import pandas as pd

from nhcplanner import explore
from nhcplanner.domain.assessment import Outcome

YEARS = ("2027", "2030", "2035")


def default_waves(outcome: Outcome, number: int = len(YEARS)) -> tuple[explore.Wave, ...]:
    """Return waves that open equal numbers of centres, the last with the whole plan.

    Parameters
    ----------
    outcome
        The plan.
    number
        Number of waves.

    Returns
    -------
    tuple of Wave
        Named by `YEARS` if there are three, otherwise "Wave 1" and so on.
    """
    sites, opened = outcome.place.sites, outcome.plan.opened
    is_open = sites["status"].iloc[list(opened)].isin(["existing", "committed"])
    first = int(is_open.sum())
    names = YEARS if number == len(YEARS) else [f"Wave {n}" for n in range(1, number + 1)]
    counts = [first + round((len(opened) - first) * n / number) for n in range(1, number + 1)]
    return tuple(explore.Wave(name, count) for name, count in zip(names, counts, strict=True))


def has_costs(outcome: Outcome) -> bool:
    """Whether the cost of a site is known, so that waves may have budgets."""
    sites = outcome.place.sites
    return "cost" in sites and bool(sites["cost"].notna().any())


def opening_years(wave_sites: pd.DataFrame | None) -> dict[str, int]:
    """Return the year in which each site opens; only waves named by a year count."""
    if wave_sites is None:
        return {}
    dated = wave_sites[wave_sites["wave"].str.fullmatch(r"20\d\d")]
    return dict(zip(dated["site_id"], dated["wave"].astype("int64"), strict=True))
