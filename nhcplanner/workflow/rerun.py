"""Saved plans: opening one, and making one again to compare it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from nhcplanner import layers, models
from nhcplanner.base.atomic import finish_interrupted
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import Comparison, Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan_record import InputFile, PlanFile, SiteFacts
from nhcplanner.workflow.compare import changed_areas, changed_sites, compare_plans
from nhcplanner.workflow.named_places import name_of, named_place
from nhcplanner.workflow.place import load
from nhcplanner.workflow.plan import measure, outcome_of, rank, run
from nhcplanner.workflow.problem import build_problem, people_of
from nhcplanner.workflow.progress import Progress
from nhcplanner.workflow.results import MappedOutcome, versions


@dataclass(frozen=True, eq=False)
class Rerun:
    """Result of making a plan again.

    Parameters
    ----------
    before, now
        Ids of the sites that the record opens, and that the new plan opens.
    changed
        Inputs and versions that differ from the record, in words.
    outcome
        The new plan.
    comparison
        Old centres against new, both on the place as it is now; None where the place no longer
        has all of the old sites, or either has no plan.
    words
        Result in a sentence or two.
    """

    before: tuple[str, ...]
    now: tuple[str, ...]
    changed: tuple[str, ...]
    outcome: Outcome
    comparison: Comparison | None
    words: str

    @property
    def same(self) -> bool:
        """Whether the same centres open."""
        return set(self.before) == set(self.now)


def open_plan(
    plan: Path, place_folder: Path | None = None, progress: Progress | None = None
) -> MappedOutcome:
    """Open a plan on disk: measure and assess it again, without solving.

    Parameters
    ----------
    plan
        Folder that `plan --out` wrote, or the plan.json in it.
    place_folder
        The place; by default the place that the record names.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    Outcome
        With the record's plan, proof and versions. Where inputs are not those that the plan was
        made from, its notes say which.

    Raises
    ------
    InputError
        If there is no such record or place, or the place lacks a site of the plan.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import Scenario, demo_place, write_results, open_plan, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> with TemporaryDirectory() as folder:
    ...     written = write_results(outcome, Path(folder))
    ...     again = open_plan(Path(folder))
    >>> again.plan.opened == outcome.plan.opened
    True
    """
    path, record = recorded(plan)
    place = load(place_folder or _folder(record, path))
    return _reopened(record, place, progress)


def rerun_plan(
    plan: Path, place_folder: Path | None = None, progress: Progress | None = None
) -> Rerun:
    """Make a plan again from its record, and compare the two.

    Parameters
    ----------
    plan
        plan.json, or its folder.
    place_folder
        The place to plan for; by default the place that the record names.
    progress
        Receives a sentence about the current step; returning False stops with the best plan so far.

    Returns
    -------
    Rerun
        Old and new centres, changed inputs, and the result in a sentence or two.

    Raises
    ------
    InputError
        If there is no such record or place.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import Scenario, demo_place, write_results, rerun_plan, run
    >>> scenario = Scenario(model="max_coverage", count=4, engine="estimate")
    >>> outcome = run(demo_place(), scenario)
    >>> with TemporaryDirectory() as folder:
    ...     written = write_results(outcome, Path(folder))
    ...     rerun_plan(Path(folder), outcome.place.folder).words
    'Same centres: all 4. No input changed'
    """
    path, record = recorded(plan)
    place = people_of(load(place_folder or _folder(record, path)), record.scenario)
    changed = (
        *changed_sites(record.sites, SiteFacts.all_of(place)),
        *changed_areas(layers.read_planned_areas(path), place.areas),
        *changed_inputs(record, place),
        *_changed_versions(record),
    )
    outcome = run(place, record.scenario, progress)
    now = tuple(place.sites["site_id"].iloc[list(outcome.plan.opened)])
    ids = set(place.sites["site_id"])
    comparison = None
    if record.plan.opened and now and ids.issuperset(record.plan.opened):
        comparison = compare_plans(_reopened(record, place, progress), outcome)
    words = _rerun_words(record, outcome, now, changed)
    return Rerun(record.plan.opened, now, changed, outcome, comparison, words)


def changed_between(a: Path, b: Path) -> tuple[str, ...]:
    """Describe the changes of sites between the records of two plans."""
    (_, one), (_, two) = recorded(a), recorded(b)
    return changed_sites(one.sites, two.sites)


def recorded(plan: Path) -> tuple[Path, PlanFile]:
    """Read the record of a plan, after finishing a write that was interrupted.

    Raises
    ------
    InputError
        If there is no such record.
    """
    path = layers.record_path(plan)
    finish_interrupted(path.parent)
    return path, layers.read_record(path)


def changed_inputs(record: PlanFile, place: Place) -> tuple[str, ...]:
    """Describe the files of a place that differ from those a plan was made from."""
    then = {one.layer: one for one in record.inputs}
    now = {one.layer: one for one in layers.input_files(place, record.scenario)}
    if not then:
        return ("The record names no inputs, so whether they changed is not known",)
    found = []
    for layer in sorted(then.keys() | now.keys()):
        old, new = then.get(layer), now.get(layer)
        if old is None and new is not None:
            found.append(f"{layer}: {new.file} is new ({_short(new)})")
        elif new is None and old is not None:
            found.append(f"{layer}: {old.file} is no longer there ({_short(old)})")
        elif old is not None and new is not None and old.sha256 != new.sha256:
            found.append(f"{layer}: {new.file} changed ({_short(old)}, now {_short(new)})")
    return tuple(found)


def _reopened(record: PlanFile, place: Place, progress: Progress | None) -> MappedOutcome:
    scenario = record.scenario
    models.check_names(scenario)
    plan = record.plan.to_plan(place)
    need = rank(place, scenario)
    times = measure(place, scenario, progress)
    problem = build_problem(place, times, scenario, need)
    if record.plan.unreached:
        plan = replace(plan, unreached=tuple(problem.unreached.tolist()))
    changed = changed_inputs(record, place)
    if changed:  # the rows of the record's allocation may be other starting points now
        plan = replace(plan, allocation=None)
    outcome = outcome_of(place, scenario, times, problem, plan, need)
    notes = [f"Changed since the plan was made: {words}" for words in changed]
    found = replace(outcome.assessment, notes=(*outcome.assessment.notes, *notes))
    return replace(outcome, assessment=found, versions=record.versions)


def _folder(record: PlanFile, path: Path) -> Path:
    """Return the place folder that a record was made from."""
    found = layers.find_place(record, path)
    if found is None and (name := name_of(record.place.folder, record.place.name)):
        found = named_place(name)
    if found is None:
        folder_words = f" (a folder called '{record.place.folder}')" if record.place.folder else ""
        words = f"the place of '{record.place.name}'{folder_words} is not near the record"
        raise InputError(
            [
                Fault(
                    words, str(path), hint="Give the place: --place FOLDER; in rerun after the plan"
                )
            ]
        )
    return found


def _changed_versions(record: PlanFile) -> tuple[str, ...]:
    now = versions()
    return tuple(
        f"{name}: {old}, now {now.get(name, 'not there')}"
        for name, old in record.versions.items()
        if now.get(name) != old
    )


def _rerun_words(
    record: PlanFile, outcome: Outcome, now: tuple[str, ...], changed: tuple[str, ...]
) -> str:
    listed = "; ".join(changed)
    if set(record.plan.opened) == set(now):
        count = f"Same centres: all {len(now)}" if now else "The same: no plan"
        return f"{count}. {f'Though changed: {listed}' if changed else 'No input changed'}"
    new = ", ".join(sorted(set(now) - set(record.plan.opened))) or "none"
    closed = ", ".join(sorted(set(record.plan.opened) - set(now))) or "none"
    words = f"Other centres: new {new}; gone {closed}"
    if changed:
        return f"{words}. Changed: {listed}"
    proved = record.plan.status == outcome.plan.status == "optimal"
    why = (
        "both are proved best, so they are equally good"
        if proved
        else "the search was ended by its time, and another machine or hour ends it elsewhere"
    )
    return f"{words}. No input changed: {why}"


def _short(one: InputFile) -> str:
    return f"sha256 {one.sha256[:12]}"
