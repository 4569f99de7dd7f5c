"""Windows of the day: minutes and people within reach in each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from nhcplanner import access, travel
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Need, Outcome
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.journeys import journeys_of, on_points
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Allocation
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.travel import WindowTimes
from nhcplanner.workflow.plan import measure
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.progress import Progress, report_progress

Parts = tuple[WindowTimes, ...]


def measure_windows(
    place: Place, scenario: Scenario, progress: Progress | None = None, *, keep: bool = True
) -> tuple[TravelTimes, Parts]:
    """Measure travel times of a scenario, and those of each of its windows.

    Parameters
    ----------
    place, scenario, progress, keep
        As in `measure`.

    Returns
    -------
    TravelTimes
        As `measure` gives them.
    tuple of WindowTimes
        One for each window; empty if minutes do not depend on the window.

    Raises
    ------
    InputError
        As in `measure`.
    """
    if not travel.has_windows(place, scenario):
        return measure(place, scenario, progress, keep=keep), ()
    parts = travel.measure_windows(place, scenario, partial(report_progress, progress), keep)
    every = [part.times for part in parts]
    return travel.mix_windows(every, scenario.transit_mix, scenario.transit_weights), parts


OWN, BY_BUS = "own", "transit"
"""Journeys whose windows are in the evidence: the plan's own, or those by public transport."""
NO_WINDOWS = "The scenario names no windows of the day to compare (transit_windows)"
NO_TIMETABLE = "The place has no timetable, so minutes do not depend on the window"


@dataclass(frozen=True, eq=False)
class PlanWindows:
    """Minutes of a plan's place in each window.

    Parameters
    ----------
    journeys
        `OWN`, or `BY_BUS` if the plan's own minutes do not depend on the window.
    starts
        The place with a row of its origins for each row of the minutes.
    parts
        Minutes in each window.
    allocation
        Whom each centre serves, on the rows of the minutes; None = everyone goes to the nearest.
    """

    journeys: str
    starts: Place
    parts: Parts
    allocation: Allocation | None

    def times(self) -> dict[str, TravelTimes]:
        """Return the minutes of each window by the name that tables give it."""
        return {
            f"{self.journeys}, {label}{' (estimate)' if part.times.estimate else ''}": part.times
            for label, part in zip(travel.labels_of(self.parts), self.parts, strict=True)
        }

    def cases(self) -> dict[str, TravelTimes]:
        """Return the minutes of each window by the name of its case of robustness."""
        start = "on" if self.journeys == OWN else f"by {self.journeys} on"
        labels = travel.labels_of(self.parts)
        return {
            f"{start} {label}": part.times for label, part in zip(labels, self.parts, strict=True)
        }

    def table(self, outcome: Outcome) -> pd.DataFrame:
        """Return the evidence's table `windows` of a plan."""
        need, reach = outcome.assessment.need, outcome.scenario.reach
        opened = outcome.plan.opened
        table = window_table(self.starts, need, self.parts, opened, reach, self.allocation)
        return table.assign(mode=self.journeys)[TABLES["windows"].names]

    def by_minute(self, outcome: Outcome, minutes: Iterable[float]) -> pd.DataFrame:
        """Return the rows of the evidence's table `within` for each window of a plan."""
        limits, opened = list(minutes), outcome.plan.opened
        parts = [
            access.by_minute(self.starts, times, opened, limits, self.allocation).assign(mode=mode)
            for mode, times in self.times().items()
        ]
        return pd.concat(parts, ignore_index=True)[TABLES["within"].names]


def plan_windows(outcome: Outcome, progress: Progress | None = None) -> PlanWindows | str:
    """Measure the windows of a plan, or return why there are none.

    Raises
    ------
    PlannerError
        If the caller asks to stop.
    """
    place, scenario = outcome.place, outcome.scenario
    if not scenario.transit_windows:
        return NO_WINDOWS
    starts, sent = starts_of(place, scenario), outcome.plan.allocation
    if travel.has_windows(place, scenario):
        _, parts = measure_windows(place, scenario, progress)
        return PlanWindows(OWN, starts, parts, sent)
    if place.timetable is None or scenario.engine == "matrix":
        return NO_TIMETABLE
    by_bus = scenario.model_copy(update={"mode": "transit", "modes": ()})
    if sent is not None:
        sent = on_points(sent, starts.origins["people"].to_numpy(np.float64), len(place.origins))
    return PlanWindows(BY_BUS, place, measure_windows(place, by_bus, progress)[1], sent)


def named_windows(
    outcome: Outcome, names: Sequence[str], progress: Progress | None = None
) -> PlanWindows | None:
    """Measure the windows of some names, or those of the scenario if there are no names.

    Returns
    -------
    PlanWindows or None
        None if the scenario has no windows, or minutes do not depend on them.

    Raises
    ------
    InputError
        If a name is no window, or minutes do not depend on the named windows.
    """
    scenario = outcome.scenario
    if names:
        values = scenario.model_dump() | {"transit_windows": tuple(names), "transit_weights": ()}
        scenario = Scenario.from_settings(values, "--window")
    found = plan_windows(replace(outcome, scenario=scenario), progress)
    if isinstance(found, str) and names:
        raise InputError([Fault(found, "--window")])
    return None if isinstance(found, str) else found


def window_table(
    place: Place,
    need: Need,
    parts: Parts,
    opened: Sequence[int],
    reach: float,
    allocation: Allocation | None = None,
) -> pd.DataFrame:
    """Return who is within reach in each window: everyone, by band, by deprivation and household.

    Parameters
    ----------
    place
        With a row of its origins for each row of the minutes.
    need
        Band of each area.
    parts
        Minutes in each window.
    opened
        Positions of the sites that are open in the plan.
    reach
        Minutes that count as within reach.
    allocation
        Whom each centre serves; None = everyone goes to the nearest open site.

    Returns
    -------
    DataFrame
        Columns of the table `windows` of the evidence but `mode`; the windows in order.
    """
    rows = list(opened)
    frames = []
    for label, part in zip(travel.labels_of(parts), parts, strict=True):
        people, journeys = journeys_of(place, part.times, rows, reach, allocation)
        is_open = part.is_open[rows]
        frames.append(
            access.window_groups(people, need, journeys).assign(
                window=label,
                day=part.day.isoformat(),
                hours=part.window.hours,
                closed=int((is_open == 0).sum()),
                unknown=int(np.isnan(is_open).sum()),
            )
        )
    names = [name for name in TABLES["windows"].names if name != "mode"]
    return pd.concat(frames, ignore_index=True)[names]
