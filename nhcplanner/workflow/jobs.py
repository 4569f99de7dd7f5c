"""Jobs: long work as another process takes it on, reporting in words and in figures alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nhcplanner import explore, layers, models, outputs
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.hand_in import PLAN
from nhcplanner.workflow.exploration import Effort
from nhcplanner.workflow.hand_in import gather_for
from nhcplanner.workflow.plan import run, write_results
from nhcplanner.workflow.progress import report_progress
from nhcplanner.workflow.robustness import problem_of
from nhcplanner.workflow.trade_off import TradeOff, trace_trade_off

Reports = Callable[[models.Report | str], bool | None]
"""Is told how far a job has come; returning False stops the optimiser with its best."""


@dataclass(frozen=True, eq=False)
class NearBest:
    """Plans nearly as good as the best, and how they use each site.

    Parameters
    ----------
    found
        The alternatives, with the guarantee.
    roles
        One a site that is not forbidden; none where there are no alternatives.
    """

    found: explore.Alternatives
    roles: tuple[explore.Role, ...]


@dataclass(frozen=True)
class HandInFile:
    """A hand-in ready to be taken away.

    Parameters
    ----------
    name, content
        Of the one file: the document itself, or a zip of several.
    files
        What is in it.
    reasons
        What is not there or not complete, and why.
    """

    name: str
    content: bytes
    files: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]


def make_plan(place: Place, scenario: Scenario, progress: Reports) -> Outcome:
    """Tell the whole story, as `run` does."""
    return run(place, scenario, progress, progress)


def make_trade_off(
    outcome: Outcome, first: str, second: str, pace: explore.Pace, progress: Reports
) -> TradeOff:
    """Weigh two goals against each other, as `trace_trade_off` does."""
    return trace_trade_off(outcome, first, second, pace, progress)


def make_alternatives(
    outcome: Outcome, near: explore.Near, seconds: float, progress: Reports
) -> NearBest:
    """Find plans nearly as good as the best, then how they use each site.

    Parameters
    ----------
    outcome
        The plan.
    near
        Which plans count.
    seconds
        For all of it.
    progress
        Is told how far it has come.
    """
    problem, model, _ = problem_of(outcome)
    half = seconds / 2
    found = explore.alternatives(
        problem, model, near, best=outcome.plan, time_limit=half, progress=progress
    )
    left = seconds - found.seconds
    return NearBest(found, explore.roles(problem, model, found, time_limit=left, progress=progress))


def make_waves(
    outcome: Outcome,
    waves: tuple[explore.Wave, ...],
    order: explore.Order,
    seconds: float,
    progress: Reports,
) -> explore.Phasing:
    """Plan the question of an outcome in waves, as `explore.plan_in_waves` does."""
    problem, model, _ = problem_of(outcome)
    return explore.plan_in_waves(
        problem, model, waves, order=order, time_limit=seconds, progress=progress
    )


def make_hand_in(
    outcome: Outcome, formats: tuple[str, ...], effort: Effort, progress: Reports
) -> HandInFile:
    """Make the hand-in of a plan, as one file to take away.

    Parameters
    ----------
    outcome
        The plan.
    formats
        Names of `outputs.WRITERS`, and `outputs.packed.PLAN`.
    effort
        How much evidence; what no format shows is not gathered.
    progress
        Is told in words what is being done.

    Raises
    ------
    InputError
        For a format that there is not, or evidence that cannot be had.
    """
    named = tuple(name for name in formats if name != PLAN)
    reasons: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        if PLAN in formats:
            write_results(outcome, directory, progress)
        if named:
            found = gather_for(outcome, outputs.chosen_writers(named), effort, progress)
            reasons = dict(found.reasons)
            report_progress(progress, f"Writing {', '.join(named)}")
            inputs = layers.input_files(outcome.place, outcome.scenario)
            outputs.write_handin(found, directory, named, inputs)
        name, content, files = outputs.as_one(directory, f"nhc-{outcome.place.title}")
    return HandInFile(name, content, files, tuple(reasons.items()))
