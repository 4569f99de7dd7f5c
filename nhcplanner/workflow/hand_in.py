"""Export of a plan on disk as the documents of a hand-in."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath

from nhcplanner import layers, outputs, travel
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.case import Case
from nhcplanner.domain.evidence import Evidence
from nhcplanner.workflow.effort import Effort
from nhcplanner.workflow.evidence import gather_evidence
from nhcplanner.workflow.options import unmatched
from nhcplanner.workflow.progress import Progress, report_progress
from nhcplanner.workflow.rerun import open_plan, recorded


@dataclass(frozen=True)
class Delivery:
    """Folder, formats and database of a hand-in.

    Parameters
    ----------
    directory
        Folder of the files.
    formats
        Names from `outputs.WRITERS`.
    database
        PostGIS database for the layers; it keeps them only if the files are written.
    """

    directory: Path
    formats: Sequence[str]
    database: outputs.Database | None = None


@dataclass(frozen=True, eq=False)
class Exported:
    """Result of an export.

    Parameters
    ----------
    evidence
        Evidence for the plan.
    files
        The files written.
    tables
        Tables of the database, with their schema.
    """

    evidence: Evidence
    files: tuple[Path, ...]
    tables: tuple[str, ...] = ()


@dataclass(frozen=True)
class OwnCase:
    """A case that a user uploaded for a hand-in.

    Parameters
    ----------
    name
        Name of the file.
    case
        Entries of the file.
    """

    name: str
    case: Case

    def unmatched(self, outcome: Outcome) -> tuple[str, ...]:
        """Describe entries that the documents of a plan cannot show, in sentences."""
        return unmatched(self.case, outcome)


def receive_case(content: bytes, name: str) -> OwnCase:
    """Read an uploaded case file, in a process with limits.

    Raises
    ------
    InputError
        With every fault in it and its line, or if reading takes too much memory or time.
    """
    case = layers.receive_case(content, name)
    return OwnCase(PurePath(name.replace("\\", "/")).name, case)


def export_hand_in(
    plan: Path,
    to: Delivery,
    *,
    effort: Effort | None = None,
    place_folder: Path | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the hand-in of a plan on disk, all files or none.

    Parameters
    ----------
    plan
        Folder that `plan --out` wrote, or the plan.json in it.
    to
        Folder, formats and database.
    effort
        What to gather, and the time limit; parts that no format shows are left out.
    place_folder
        The place; by default the place that the record names.
    progress
        Receives a sentence about the current step; returning False stops the searches.

    Returns
    -------
    Exported
        The evidence, the files and the tables of the database that were written.

    Raises
    ------
    InputError
        For a format that there is not, a record or place that cannot be read, or a folder or
        database that cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import Scenario, demo_place, export_hand_in, write_results, run
    >>> from nhcplanner.workflow import Delivery
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> with TemporaryDirectory() as folder:
    ...     written = write_results(outcome, Path(folder) / "plan")
    ...     to = Delivery(Path(folder) / "handin", ["kml"])
    ...     files = export_hand_in(Path(folder) / "plan", to).files
    >>> [path.name for path in files if path.suffix == ".kml"]
    ['areas.kml', 'catchments.kml', 'centres.kml', 'sites.kml']
    """
    writers, database = outputs.chosen_writers(to.formats), to.database
    _, record = recorded(plan)
    if database is not None:
        outputs.check_postgis(database)
    found = gather_for(open_plan(plan, place_folder, progress), writers, effort, progress)
    if database is not None:
        found = _with_isochrones(found, progress)
    report_progress(progress, f"Writing {', '.join(one.name for one in writers)}")
    record_details = (record.inputs, record.date)
    found = replace(found, date=record.date)
    into = outputs.into_postgis(found, database, *record_details) if database else nullcontext(())
    with into as rows:
        files = outputs.write_handin(found, to.directory, to.formats, *record_details)
    return Exported(found, files, rows)


def gather_for(
    outcome: Outcome,
    writers: Sequence[outputs.Writer],
    effort: Effort | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """Gather the evidence that some formats show.

    Parameters
    ----------
    outcome
        The plan.
    wanted
        The formats, from `outputs.chosen_writers`.
    effort
        What to gather, and the time limit.
    progress
        As in `gather_evidence`.
    """
    effort = effort or Effort()
    if not any(one.explores for one in writers):
        effort = replace(effort, parts=("waves",) if effort.waves else ())
    found = gather_evidence(outcome, effort, progress)
    return _with_isochrones(found, progress) if any(one.ground for one in writers) else found


def _with_isochrones(found: Evidence, progress: Progress | None) -> Evidence:
    """Add isochrones to the evidence, unless it has them."""
    if found.isochrones is not None:
        return found
    place, scenario, opened = found.outcome.place, found.outcome.scenario, found.outcome.plan.opened
    ground = travel.around(place, scenario, opened, partial(report_progress, progress))
    if len(ground):
        return replace(found, isochrones=ground)
    why = f"Drawn only where minutes come from streets, for up to {travel.MOST_SITES} centres"
    return replace(found, reasons={**found.reasons, "isochrones": why})
