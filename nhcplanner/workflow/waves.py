"""Programme: the waves that a plan is usually opened in, until a planner says otherwise."""

from __future__ import annotations

from nhcplanner import explore
from nhcplanner.domain.assessment import Outcome

YEARS = ("2027", "2030", "2035")


def usual_waves(outcome: Outcome, number: int = len(YEARS)) -> tuple[explore.Wave, ...]:
    """Steps in which as many centres open each time, the last with all of the plan.

    Parameters
    ----------
    outcome
        The plan.
    number
        How many.

    Returns
    -------
    tuple of Wave
        Called by the plan's years where they are three, "Wave 1" and so on where they are not.
    """
    sites, opened = outcome.place.sites, outcome.plan.opened
    there = sites["status"].iloc[list(opened)].isin(["existing", "committed"])
    first = int(there.sum())
    names = YEARS if number == len(YEARS) else [f"Wave {n}" for n in range(1, number + 1)]
    counts = [first + round((len(opened) - first) * n / number) for n in range(1, number + 1)]
    return tuple(explore.Wave(name, count) for name, count in zip(names, counts, strict=True))


def costed(outcome: Outcome) -> bool:
    """Whether the cost of some site is known, so that waves may have budgets."""
    sites = outcome.place.sites
    return "cost" in sites and bool(sites["cost"].notna().any())
