"""What a session knows: its place, scenario, site edits and plans; saved whenever it changes."""

from __future__ import annotations

import shutil
from collections.abc import Container, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from nhcplanner import layers, workflow
from nhcplanner.base.errors import Fault, InputError, write_fault
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place, SiteEdit, with_edit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages.session import address, files, queue, storage, trash
from nhcplanner.pages.session.current import DEMO, PLACE, UPLOAD, Kept

MOST_PLANS = 6
_OURS = "nhcplanner"
_STAYS = "stays_"


def session_state() -> Kept:
    """The work of this session; opened from the address bar when it is first asked for."""
    if _OURS not in st.session_state:
        st.session_state[_OURS] = storage.opened(st.query_params.to_dict())
    found: Kept = st.session_state[_OURS]
    return found


def begin() -> None:
    """Start a run of a page: be there for the session's work, keep answers, write the address."""
    ours = session_state()
    if queue.is_taken(ours.key):  # this page slept, and another opened its work meanwhile
        storage.part(ours)
    queue.attend(ours.key)
    if ours.unsaved:
        save()
    for name in list(st.session_state):
        if str(name).startswith(_STAYS):
            st.session_state[name] = st.session_state[name]
    said = address.written(ours.key.name, _said_place(ours.at), ours.scenario)
    if st.query_params.to_dict() != said:
        st.query_params.from_dict(said)


def stays(name: str, value: object, among: Container[object] | None = None) -> str:
    """Key for a widget whose answer is still there when its page is seen again.

    Parameters
    ----------
    name
        Which answer, e.g. "need_colour".
    value
        What it is until somebody answers; give the widget no value of its own.
    among
        What may be answered; an answer that no longer may becomes `value`.
    """
    key = f"{_STAYS}{name}"
    if key not in st.session_state:
        st.session_state[key] = value
    now = st.session_state[key]
    chosen = now if isinstance(now, list) else [now]
    if among is not None and any(one not in among for one in chosen):
        st.session_state[key] = value
    return key


def fresh(name: str, value: Any) -> bool:
    """Whether an answer is another than when this was last asked, e.g. a new click on a map."""
    before = st.session_state.get(f"fresh {name}")
    st.session_state[f"fresh {name}"] = value
    return value is not None and value != before


def stayed(name: str) -> Any:
    """What a widget of `stays` was last answered; None where it was never shown."""
    return st.session_state.get(f"{_STAYS}{name}")


def notices() -> list[str]:
    """Sentences to show once."""
    said, session_state().notices = session_state().notices, []
    return said


def unsaved() -> str:
    """Why the last change is not on the disk, in a sentence; empty = it is."""
    return session_state().unsaved


def scenario() -> Scenario:
    """What is asked, the same on all pages."""
    return session_state().scenario


def choose(**changes: object) -> Scenario:
    """Change some of the scenario's keys.

    Raises
    ------
    InputError
        For values that a scenario refuses.
    """
    return set_scenario(Scenario.from_settings({**scenario().model_dump(), **changes}))


def set_scenario(given: Scenario) -> Scenario:
    """Ask something else.

    Raises
    ------
    InputError
        For a table of speeds that does not come with the package.
    """
    storage.check_profile(given)
    if given != session_state().scenario:
        session_state().scenario = given
        save()
    return given


def at() -> str:
    """Where the place comes from: "demo", "place:NAME" or "upload:NAME"."""
    return session_state().at


def base_place() -> Place:
    """The place as it was read, without site edits."""
    ours = session_state()
    stamp = _stamp(ours)
    if ours.base is None or ours.base[0] != stamp:
        ours.base = (stamp, _read(ours, stamp))
    return ours.base[1]


def place() -> Place:
    """The place with the session's site edits: the same object until something changes."""
    ours, base = session_state(), base_place()
    if not ours.edits:
        return base
    known = ours.changed
    if known is None or known[0] is not base or known[1] != ours.edits:
        ours.changed = (base, ours.edits, workflow.with_edits(base, ours.edits))
    return ours.changed[2]  # type: ignore[index]


def open_place(where: str) -> Place:
    """Go to another place; site edits and plans of the one before go, choices stay.

    Raises
    ------
    InputError
        Where it cannot be read; the session then stays where it is.
    """
    ours = session_state()
    before = replace(ours)
    ours.at, ours.base, ours.edits = where, None, ()
    ours.plans, ours.edits_of, ours.waiting, ours.shown, ours.found = {}, {}, {}, "", {}
    ours.earlier = []
    try:
        found = place()
    except Exception:
        st.session_state[_OURS] = before
        raise
    save()
    return found


def upload_place(packed: bytes) -> Place:
    """Take in a zipped place folder, for its owner alone, and go there.

    Raises
    ------
    InputError
        Where it holds no sound place, or the owner's share of the disk is used up.
    """
    whose, name = session_state().key.owner, sha256(packed).hexdigest()[:16]
    target = files.upload_folder(whose, name)
    if not target.is_dir() and not trash.restore(whose, files.PLACES, name):
        files.check_quota(whose, len(packed))
        try:
            files.private(target.parent)
        except OSError as error:
            raise InputError([write_fault(Path("upload"), error)]) from None
        layers.unpack_place(packed, target)
        files.close(target)
        try:
            files.check_quota(whose, 1)
        except InputError:
            shutil.rmtree(target, ignore_errors=True)
            raise
    trash.mark_opened(target)
    return open_place(f"{UPLOAD}{name}")


def edits() -> tuple[SiteEdit, ...]:
    """What was changed about the sites."""
    return session_state().edits


def edit(one: SiteEdit) -> Place:
    """Change, move or add a site; gives the place as it then stands.

    Raises
    ------
    InputError
        Where the edit has a fault; nothing is then changed.
    """
    return set_edits(with_edit(session_state().edits, one))


def set_edits(given: tuple[SiteEdit, ...]) -> Place:
    """Put these edits in the place of all that were made; () undoes them.

    Raises
    ------
    InputError
        Where an edit has a fault; nothing is then changed.
    """
    ours, base = session_state(), base_place()
    found = workflow.with_edits(base, given)
    ours.edits, ours.changed = given, (base, given, found)
    save()
    return found


def plans() -> Mapping[str, Outcome]:
    """The plans at hand by name, the oldest first."""
    return session_state().plans


def plan(name: str = "") -> Outcome | None:
    """A plan by its name, or the one on screen; None where there is none."""
    ours = session_state()
    return ours.plans.get(name or ours.shown)


def plan_edits(name: str) -> tuple[SiteEdit, ...]:
    """The site edits that a plan was made with."""
    return session_state().edits_of.get(name, ())


def plan_on_screen() -> str:
    """Name of the plan on screen; empty = none."""
    return session_state().shown


def keep_plan(name: str, outcome: Outcome, edits: tuple[SiteEdit, ...] | None = None) -> None:
    """Keep a plan under a name and show it; beyond `MOST_PLANS` the oldest goes.

    Parameters
    ----------
    name, outcome
        The plan.
    edits
        Site edits of its place; None = as they stand.
    """
    ours = session_state()
    ours.plans.pop(name, None)
    ours.waiting.pop(name, None)
    while len(ours.plans) >= MOST_PLANS:
        oldest = next(iter(ours.plans))
        del ours.plans[oldest], ours.edits_of[oldest]
        ours.notices.append(f"{oldest} was let go: {MOST_PLANS} plans are kept at most.")
    ours.plans[name] = outcome
    ours.edits_of[name] = ours.edits if edits is None else edits
    ours.shown = name
    save()


def show_plan(name: str) -> None:
    """Make another plan the one on screen."""
    session_state().shown = name
    save()


def drop_plan(name: str) -> None:
    """Let a plan go."""
    ours = session_state()
    ours.plans.pop(name, None)
    ours.edits_of.pop(name, None)
    if ours.shown == name:
        ours.shown = next(reversed(ours.plans), "")
    save()


def stale(outcome: Outcome) -> bool:
    """Whether a plan was made for sites that have been edited since."""
    here = place()
    return outcome.place is not here and not outcome.place.sites.equals(here.sites)


def save() -> None:
    """Write the session's work to its file; where the disk refuses, `unsaved` says why."""
    storage.save(session_state())


def _said_place(where: str) -> str:
    return where.removeprefix(PLACE) if where.startswith(PLACE) else DEMO


def _stamp(ours: Kept) -> str:
    """What the place is read from, and when its files last changed."""
    if ours.at == DEMO:
        return DEMO
    found = [
        one.stat().st_mtime_ns for one in storage.place_folder(ours).glob("*") if one.is_file()
    ]
    return f"{ours.at} {max(found, default=0)}"


def _read(ours: Kept, stamp: str) -> Place:
    if ours.at.startswith(UPLOAD):
        folder = storage.place_folder(ours)
        if not folder.is_dir():
            raise InputError([Fault("this upload is no longer there", hint="Upload it again")])
        trash.mark_opened(folder)
        return workflow.load(folder)
    return _shared(str(storage.place_folder(ours)) if ours.at != DEMO else "", stamp)


@st.cache_resource(show_spinner="Reading the place", max_entries=4)
def _shared(folder: str, stamp: str) -> Place:  # noqa: ARG001  (part of the cache's key)
    """A place that is on this machine for all to read."""
    if folder:
        return workflow.load(Path(folder))
    return replace(workflow.demo_place(), times=files.times())
