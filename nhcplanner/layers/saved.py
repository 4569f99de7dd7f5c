"""Saved: a planner's unfinished work as one JSON file, written whole and read back sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from nhcplanner.domain.edits import SiteEdit
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import Plan, Stage, Status
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.files.written import write_whole

FORMAT = 1


@dataclass(frozen=True)
class SavedPlan:
    """A plan without what can be worked out again from its place.

    Parameters
    ----------
    name
        What the planner calls it.
    scenario, edits
        What it was made for.
    opened
        Ids of the sites open in it.
    status, stages, model, solver, seconds, reason
        As in `Plan`.
    """

    name: str
    scenario: Scenario
    edits: tuple[SiteEdit, ...]
    opened: tuple[str, ...]
    status: Status
    stages: tuple[Stage, ...]
    model: str
    solver: str
    seconds: float
    reason: str = ""

    @classmethod
    def of(
        cls, name: str, scenario: Scenario, edits: tuple[SiteEdit, ...], place: Place, plan: Plan
    ) -> SavedPlan:
        """Take a plan for a place as it stood after the edits."""
        ids = place.sites["site_id"]
        return cls(
            name=name,
            scenario=scenario,
            edits=edits,
            opened=tuple(ids.iloc[list(plan.opened)]),
            status=plan.status,
            stages=plan.stages,
            model=plan.model,
            solver=plan.solver,
            seconds=plan.seconds,
            reason=plan.reason,
        )

    def plan(self, place: Place) -> Plan:
        """The plan for a place with the same edits.

        Raises
        ------
        InputError
            Where the place has lost a site that the plan opens.
        """
        rows = {site: row for row, site in enumerate(place.sites["site_id"])}
        lost = [site for site in self.opened if site not in rows]
        if lost:
            mend = "Make the plan again"
            raise InputError(
                [Fault(f"{place.name} has no site {site}", self.name, mend=mend) for site in lost]
            )
        return Plan(
            opened=tuple(sorted(rows[site] for site in self.opened)),
            status=self.status,
            stages=self.stages,
            model=self.model,
            solver=self.solver,
            seconds=self.seconds,
            reason=self.reason,
        )


@dataclass(frozen=True)
class Saved:
    """All that brings a planner's work back.

    Parameters
    ----------
    place
        Where the place comes from, in the app's own notation.
    scenario, edits
        As they stand.
    plans
        Those at hand, in the order that they were made.
    shown
        Name of the plan on screen; empty = none.
    format
        Version of the file.
    """

    place: str
    scenario: Scenario
    edits: tuple[SiteEdit, ...] = ()
    plans: tuple[SavedPlan, ...] = ()
    shown: str = ""
    format: int = FORMAT


_FILE = TypeAdapter(Saved)


def save(work: Saved, path: Path) -> Path:
    """Write work, whole or not at all.

    Raises
    ------
    InputError
        Where it cannot be written.
    """
    return write_whole(path, content(work), private=True)


def content(work: Saved) -> bytes:
    """The file that `save` writes."""
    return _FILE.dump_json(work, indent=1)


def read_saved(path: Path) -> Saved:
    """Read work back.

    Raises
    ------
    InputError
        Where the file is missing, damaged, or of another version.
    """
    try:
        work = _FILE.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise InputError([Fault("saved work cannot be read back", path.name)]) from None
    if work.format != FORMAT:
        words = f"is of format {work.format}, not {FORMAT}"
        raise InputError([Fault(words, path.name, mend="Open it with the version that wrote it")])
    return work
