"""Long work in the form that another process runs: results whole, progress reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nhcplanner import explore, layers, models, outputs
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.closures import Closure
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.export_formats import PLAN
from nhcplanner.workflow.closures import close_practices
from nhcplanner.workflow.effort import Effort
from nhcplanner.workflow.hand_in import gather_for
from nhcplanner.workflow.patients import PatientFlows
from nhcplanner.workflow.plan import run
from nhcplanner.workflow.progress import report_progress
from nhcplanner.workflow.results import write_results
from nhcplanner.workflow.robustness import on_problem_rows, problem_of
from nhcplanner.workflow.trade_off import TradeOff, trace_trade_off
from nhcplanner.workflow.waves import plan_waves

Reports = Callable[[models.Report | str], bool | None]
"""Receives the progress of a job; returning False stops the optimiser with its best plan."""


@dataclass(frozen=True, eq=False)
class NearBest:
    """Plans nearly as good as the best, and how they use each site.

    Parameters
    ----------
    found
        The alternatives, with the guarantee.
    roles
        One per site that is not forbidden; empty if there are no alternatives.
    """

    found: explore.Alternatives
    roles: tuple[explore.Role, ...]


@dataclass(frozen=True)
class HandInFile:
    """Exported documents, ready to download.

    Parameters
    ----------
    name, content
        Name and content of one file: the document itself, or a zip of several.
    files
        Names of the documents.
    reasons
        Parts that are missing or incomplete, and why.
    """

    name: str
    content: bytes
    files: tuple[str, ...]
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class ClosurePage:
    """Practices that shut or move, with one page for a board.

    Parameters
    ----------
    closure
        What changes for patients.
    html, word
        The page, as HTML and as a Word document.
    """

    closure: Closure
    html: bytes
    word: bytes


def make_closure(
    flows: PatientFlows, shut: tuple[str, ...], move: tuple[tuple[str, str], ...], progress: Reports
) -> ClosurePage:
    """Work out what changes if practices shut or move, and write the page on it."""
    closure = close_practices(flows, shut, dict(move), progress)
    report_progress(progress, "Writing the page")
    return ClosurePage(closure, *outputs.closure_page(closure))


def make_plan(place: Place, scenario: Scenario, progress: Reports) -> Outcome:
    """Make a plan, as `run` does."""
    return run(place, scenario, progress, progress)


def make_trade_off(
    outcome: Outcome, first: str, second: str, pace: explore.Pace, progress: Reports
) -> TradeOff:
    """Compare two goals, as `trace_trade_off` does."""
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
        Which plans count as nearly as good.
    seconds
        Time limit of both steps together.
    progress
        Receives the progress.
    """
    problem, model, rows = problem_of(outcome)
    half, best = seconds / 2, on_problem_rows(outcome.plan, rows)
    found = explore.alternatives(
        problem, model, near, best=best, time_limit=half, progress=progress
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
    """Plan the centres of an outcome in waves, as `explore.plan_in_waves` does."""
    problem, model, rows = problem_of(outcome)
    return plan_waves(
        outcome.place, outcome.scenario, problem, model, waves, rows=rows, order=order,
        time_limit=seconds, progress=progress,
    )  # fmt: skip


def make_hand_in(
    outcome: Outcome, formats: tuple[str, ...], effort: Effort, progress: Reports
) -> HandInFile:
    """Export the documents of a plan as one file.

    Parameters
    ----------
    outcome
        The plan.
    formats
        Names of `outputs.WRITERS`, and `outputs.packed.PLAN`.
    effort
        How much evidence to gather; parts that no format shows are left out.
    progress
        Receives a sentence about the current step.

    Raises
    ------
    InputError
        For an unknown format, or evidence that cannot be gathered.
    """
    formats_only = tuple(name for name in formats if name != PLAN)
    reasons: dict[str, str] = {}
    with TemporaryDirectory() as folder:
        directory = Path(folder)
        if PLAN in formats:
            write_results(outcome, directory, progress)
        if formats_only:
            found = gather_for(outcome, outputs.chosen_writers(formats_only), effort, progress)
            reasons = dict(found.reasons)
            report_progress(progress, f"Writing {', '.join(formats_only)}")
            inputs = layers.input_files(outcome.place, outcome.scenario)
            outputs.write_handin(found, directory, formats_only, inputs)
        name, content, files = outputs.as_one(directory, f"nhc-{outcome.place.title}")
    return HandInFile(name, content, files, tuple(reasons.items()))
