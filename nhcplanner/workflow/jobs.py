"""Jobs: long work as another process takes it on, reporting in words and in figures alike."""

from __future__ import annotations

from collections.abc import Callable

from nhcplanner import models
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.story import run

Reports = Callable[[models.Report | str], bool | None]
"""Is told how far a job has come; returning False stops the optimiser with its best."""


def planned(place: Place, scenario: Scenario, progress: Reports) -> Outcome:
    """Tell the whole story, as `run` does."""
    return run(place, scenario, progress, progress)
