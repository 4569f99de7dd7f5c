"""Exporting: from a plan on disk to the documents of a hand-in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from nhcplanner import layers, outputs, travel
from nhcplanner.domain.evidence import Evidence
from nhcplanner.workflow.again import reopen
from nhcplanner.workflow.effort import Effort
from nhcplanner.workflow.handin import evidence
from nhcplanner.workflow.told import Progress, tell


@dataclass(frozen=True, eq=False)
class Exported:
    """A hand-in that was written.

    Parameters
    ----------
    evidence
        What it was made from.
    files
        What was written.
    """

    evidence: Evidence
    files: tuple[Path, ...]


def export(
    plan: Path,
    directory: Path,
    formats: Sequence[str],
    *,
    effort: Effort | None = None,
    place_folder: Path | None = None,
    progress: Progress | None = None,
) -> Exported:
    """Write the hand-in of a plan that lies on disk, all of it or nothing.

    Parameters
    ----------
    plan
        Folder that `plan --out` wrote, or the plan.json in it.
    directory
        Where to.
    formats
        Of `outputs.WRITERS`.
    effort
        How much evidence; what no format shows is not gathered.
    place_folder
        The place; where the record says, by default.
    progress
        Is told in words what is being done; returning False ends the search for more evidence.

    Raises
    ------
    InputError
        For a format that there is not, a record or place that cannot be read, or a folder that
        cannot be written.
    """
    wanted = outputs.chosen_writers(formats)
    effort = effort or Effort()
    if not any(one.explores for one in wanted):
        effort = replace(effort, parts=())
    record = layers.read_record(plan)
    found = evidence(reopen(plan, place_folder, progress), effort, progress)
    if any(one.ground for one in wanted):
        found = _with_isochrones(found, progress)
    tell(progress, f"Writing {', '.join(one.name for one in wanted)}")
    files = outputs.write_handin(found, directory, formats, record.inputs, record.date)
    return Exported(found, files)


def _with_isochrones(found: Evidence, progress: Progress | None) -> Evidence:
    place, scenario, opened = found.outcome.place, found.outcome.scenario, found.outcome.plan.opened
    ground = travel.around(place, scenario, opened, partial(tell, progress))
    if len(ground):
        return replace(found, isochrones=ground)
    why = f"Drawn only where minutes come from streets, for up to {travel.MOST_SITES} centres"
    return replace(found, reasons={**found.reasons, "isochrones": why})
