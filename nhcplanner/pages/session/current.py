"""What one session works on, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nhcplanner import workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place, SiteEdit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.saved import SavedPlan
from nhcplanner.pages.session import address
from nhcplanner.pages.session.files import Key

DEMO, PLACE, UPLOAD = "demo", "place:", "upload:"


@dataclass
class Kept:
    """One session's work.

    Parameters
    ----------
    key
        Whose it is, and its id.
    lasts
        Whether its owner can be known again, so that it is worth saving.
    at
        Where its place comes from: "demo", "place:NAME" of those that the app offers, or
        "upload:NAME".
    scenario, edits, plans, shown
        As they stand; `plans` by name, `shown` names the one on screen.
    edits_of
        The site edits that each plan was made with.
    waiting, asked
        Plans read back from disk that are not worked out again yet; whether that was asked for.
    found
        Slot -> what long work made there, with what it was made from.
    notices
        Sentences to show once.
    earlier
        What the list of sites was before each change of it, the oldest first.
    unsaved
        Why the last change is not on the disk, in a sentence; empty = it is.
    base, changed
        The place as read, with what it was read from; with the edits that `changed` is of.
    """

    key: Key
    lasts: bool = True
    at: str = DEMO
    scenario: Scenario = address.START
    edits: tuple[SiteEdit, ...] = ()
    plans: dict[str, Outcome] = field(default_factory=dict)
    edits_of: dict[str, tuple[SiteEdit, ...]] = field(default_factory=dict)
    shown: str = ""
    waiting: dict[str, SavedPlan] = field(default_factory=dict)
    asked: bool = False
    found: dict[str, tuple[tuple[Any, ...], Any]] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    earlier: list[workflow.Choices] = field(default_factory=list)
    unsaved: str = ""
    base: tuple[str, Place] | None = None
    changed: tuple[Place, tuple[SiteEdit, ...], Place] | None = None
