"""Waves of a plan: the default ones, the people of their years, and when sites open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from nhcplanner import explore, models
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.plan import outcome_of
from nhcplanner.workflow.progress import ProgressCallback
from nhcplanner.workflow.robustness import on_outcome_rows
from nhcplanner.workflow.trade_off import with_plan
from nhcplanner.workflow.years import people_in_year, year_of

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


COMPARED = 0.3
"""Part of the time limit for planning the waves again for the people of today."""


def plan_waves(  # noqa: PLR0913  (one call describes a programme)
    place: Place,
    scenario: Scenario,
    problem: Problem,
    model: models.Model,
    waves: Sequence[explore.Wave],
    *,
    rows: npt.NDArray[np.intp] | None = None,
    order: explore.Order = "forwards",
    time_limit: float = 600.0,
    progress: ProgressCallback | None = None,
) -> explore.Phasing:
    """Plan waves, each for the people of its year if the scenario has a year.

    Parameters
    ----------
    place, scenario
        Those of the plan. A wave whose name holds a year of the place's projection, such as
        "2030", is planned for the people of that year, other waves for those of the scenario's.
    problem, model, waves
        As in `explore.plan_in_waves`.
    rows
        Starting points that are the rows of the problem; None = all.
    order, time_limit, progress
        As in `explore.plan_in_waves`.

    Returns
    -------
    Phasing
        Its notes state the people of each wave, and which centres would open if people stayed as
        they are.

    Raises
    ------
    InputError
        For waves that share a name, have no limit, or have limits that fall.

    Examples
    --------
    >>> from nhcplanner import Scenario, demo_place, explore, plan_waves, run
    >>> from nhcplanner.workflow import problem_of
    >>> scenario = Scenario(model="max_coverage", count=6, engine="estimate")
    >>> plan = run(demo_place(), scenario)
    >>> problem, model, rows = problem_of(plan)
    >>> waves = [explore.Wave("2030", 4), explore.Wave("2035", 6)]
    >>> phasing = plan_waves(plan.place, scenario, problem, model, waves, rows=rows)
    >>> [len(wave.plan.opened) for wave in phasing.waves]
    [4, 6]
    """
    if scenario.year is None or place.projection is None:
        found = explore.plan_in_waves(
            problem, model, waves, order=order, time_limit=time_limit, progress=progress
        )
        return replace(found, notes=_hint(place, waves))
    years = [year_of(place, one.name) or scenario.year for one in waves]
    dated = [
        _of_year(place, scenario, one, year, rows) for one, year in zip(waves, years, strict=True)
    ]
    found = explore.plan_in_waves(
        problem, model, dated, order=order, time_limit=time_limit * (1 - COMPARED),
        progress=progress,
    )  # fmt: skip
    still = [replace(_of_year(place, scenario, one, None, rows), plan=None) for one in waves]
    today = explore.plan_in_waves(
        problem, model, still, order=order, afresh=False, time_limit=time_limit * COMPARED,
        progress=progress,
    )  # fmt: skip
    notes = (_people_in_words(place, dated), _growth_in_words(place, found, today))
    return replace(found, notes=notes, seconds=found.seconds + today.seconds)


def outcome_of_wave(outcome: Outcome, wave: explore.WavePlan) -> Outcome:
    """Assess a wave for the people of its year; nothing is measured or solved.

    Parameters
    ----------
    outcome
        The plan that the waves open.
    wave
        One of its waves.
    """
    year = year_of(outcome.place, wave.wave.name)
    if outcome.scenario.year is None or year in (None, outcome.scenario.year):
        return with_plan(outcome, wave.plan)
    scenario = outcome.scenario.model_copy(update={"year": year})
    people, need = people_in_year(outcome.place, scenario, year)
    problem = replace(outcome.problem, people=people, need=need)
    plan = on_outcome_rows(outcome, wave.plan)
    plan = replace(plan, unreached=outcome.plan.unreached, assignment=None)
    return outcome_of(
        outcome.place, scenario, outcome.times, problem, plan, outcome.assessment.need
    )


def _of_year(
    place: Place,
    scenario: Scenario,
    wave: explore.Wave,
    year: int | None,
    rows: npt.NDArray[np.intp] | None,
) -> explore.Wave:
    people, need = people_in_year(place, scenario, year, rows)
    return replace(wave, people=people, need=need)


def _hint(place: Place, waves: Sequence[explore.Wave]) -> tuple[str, ...]:
    """Say that all waves are planned for the people of today, if they could be for others."""
    if place.projection is None or all(year_of(place, one.name) is None for one in waves):
        return ()
    return (
        (
            f"All waves are planned for the people of {place.projection.base_year}; with a year in "
            "the scenario, such as year=2035, each is planned for the people of its own year"
        ),
    )


def _people_in_words(place: Place, waves: Sequence[explore.Wave]) -> str:
    kind = "" if place.projection is None else place.projection.kind
    counts = ", ".join(
        f"{one.name}: {one.people.sum():,.0f}" for one in waves if one.people is not None
    )
    return f"Each wave is planned for the people of its year (projection, {kind}): {counts}"


def _growth_in_words(place: Place, found: explore.Phasing, today: explore.Phasing) -> str:
    """Say which centres would open if people stayed as they are."""
    base = "today" if place.projection is None else str(place.projection.base_year)
    if len(today.waves) < len(found.waves):
        return f"Whether growth changes the waves is not known: no time to plan for {base}"
    names = place.site_names
    changes = []
    for one, other in zip(found.waves, today.waves, strict=True):
        more = [names.iloc[site] for site in sorted({*one.plan.opened} - {*other.plan.opened})]
        fewer = [names.iloc[site] for site in sorted({*other.plan.opened} - {*one.plan.opened})]
        if more or fewer:
            changes.append(
                f"{one.wave.name} has {', '.join(more) or 'no other centre'} instead of "
                f"{', '.join(fewer) or 'none'}"
            )
    if not changes:
        return f"Growth changes no wave: the same centres open for the people of {base}"
    return f"Because of growth since {base}: {'; '.join(changes)}"
