"""Record of what one session works on, in memory."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nhcplanner import workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.assessment import KeyFigures, Outcome
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place, SiteEdit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.hosting import settings
from nhcplanner.layers.place_folder import manifest
from nhcplanner.layers.planning_files import SavedPlan
from nhcplanner.pages.session import owner
from nhcplanner.pages.session.files import Key

DEMO, PLACE, UPLOAD = "demo", "place:", "upload:"


@dataclass
class Session:
    """One session's work.

    Parameters
    ----------
    key
        Its owner and its id.
    can_be_saved
        Whether its owner can be recognised again, so that the work is worth saving.
    visitor
        Owner id of the person of the session, who may have been invited to another's work.
    token, source
        Token of the share through which the work was opened, and the work; empty for one's own.
    is_read_only
        Whether it may only be looked at.
    place_id
        Where its place comes from: "demo", "place:NAME" of those that the app offers, or
        "upload:NAME".
    scenario, edits
        Current choices and site edits.
    records
        Intake records of the uploaded lists that edits came from.
    plans, plan_name
        Plans by name, the oldest first, and the name of the one on screen.
    edits_of
        The site edits that each plan was made with.
    unopened, reopening
        Plans that are saved but not open, and names of those whose opening was queued.
    order, pinned, figures
        Names of all plans, the oldest first; those that are pinned; key figures by name.
    failure
        Name and outcome of the last attempt, if it found no plan.
    results
        Slot -> arguments and result (or error) of long work.
    notices
        Sentences to show once.
    undo_steps
        Earlier states of the list of sites, the oldest first.
    upload, uploads
        An uploaded list that is not added yet, with what was decided about it; number of lists
        that were dropped or added.
    case, cases
        An uploaded case for the hand-in; number of cases that were added or dropped.
    others
        Projects that this page has set aside and whose long work goes on.
    save_error
        Why the last change is not on the disk, in a sentence; empty = it is.
    base, edited
        The place as read, with its version; the place with edits, with what it was made from.
    """

    key: Key
    can_be_saved: bool = True
    visitor: str = ""
    token: str = ""
    source: Key | None = None
    is_read_only: bool = False
    place_id: str = DEMO
    scenario: Scenario = owner.START
    edits: tuple[SiteEdit, ...] = ()
    records: tuple[FileIntake, ...] = ()
    plans: dict[str, Outcome] = field(default_factory=dict)
    edits_of: dict[str, tuple[SiteEdit, ...]] = field(default_factory=dict)
    plan_name: str = ""
    unopened: dict[str, SavedPlan] = field(default_factory=dict)
    reopening: set[str] = field(default_factory=set)
    order: list[str] = field(default_factory=list)
    pinned: set[str] = field(default_factory=set)
    figures: dict[str, KeyFigures] = field(default_factory=dict)
    failure: tuple[str, Outcome] | None = None
    results: dict[str, tuple[tuple[Any, ...], Any]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    undo_steps: list[workflow.Choices] = field(default_factory=list)
    redo_steps: list[workflow.Choices] = field(default_factory=list)
    is_tour_over: bool = False
    upload: Any = None
    uploads: int = 0
    case: workflow.OwnCase | None = None
    cases: int = 0
    others: list[Session] = field(default_factory=list)
    save_error: str = ""
    base: tuple[str, Place] | None = None
    edited: tuple[Place, tuple[SiteEdit, ...], tuple[FileIntake, ...], Place] | None = None


def offered_places() -> dict[str, Path]:
    """Return place folders by name: each root that is one, and those directly inside a root.

    The first root wins where several have a name. Links that lead out of their root are left out.
    """
    found: dict[str, Path] = {}
    for root_text in settings.words(settings.PLACES, os.pathsep):
        with suppress(OSError, RuntimeError):  # a missing root offers nothing
            root = Path(root_text).expanduser().resolve()
            for one in [root, *sorted(root.iterdir())]:
                inside = one == root or one.resolve().parent == root
                if inside and (one / manifest.NAME).is_file():
                    found.setdefault(one.name, one)
    return found


def place_folder(name: str) -> Path:
    """Return the folder of a place by its name.

    Parameters
    ----------
    name
        Of `offered_places`, else a label of `workflow.place_labels`.

    Raises
    ------
    InputError
        For a name that is not offered, with the same words whether or not such a folder exists.
    """
    found = offered_places().get(name)
    if found is not None:
        return found
    part = workflow.place_labels().get(name)
    if part is None:
        hint = "Choose a place under Start, or start the app with --places FOLDER"
        raise InputError([Fault("this app has no place of that name", hint=hint)])
    return _made(part)


@cache
def _made(part: str) -> Path:
    """The place folder of a part of England, made when it is first asked for."""
    return workflow.named_place(part)
