"""A session's place, scenario, site edits and plans; saved at every change."""

from __future__ import annotations

import shutil
from collections.abc import Container
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from nhcplanner import layers, workflow
from nhcplanner.base.errors import Fault, InputError, write_fault
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place, SiteEdit, with_edit
from nhcplanner.domain.scenario import Scenario
from nhcplanner.hosting.roles import Role
from nhcplanner.pages.session import (
    files,
    owner,
    projects,
    queue,
    rights,
    shared_store,
    sharing,
    storage,
    trash,
)
from nhcplanner.pages.session.current import DEMO, PLACE, UPLOAD, Session
from nhcplanner.pages.session.projects import SESSION

_WIDGET = "answer "
UPLOADED = "upload "
"""Prefix of the names of answers about an uploaded list."""


def current_session() -> Session:
    """Return this session's work; the first call opens it from the address bar.

    Raises
    ------
    RefusalError
        If the person has no role in this app.
    """
    rights.require_role(Role.VIEWER, "app.open")
    if SESSION not in st.session_state:
        st.session_state[SESSION] = storage.open_session(st.query_params.to_dict())
    session: Session = st.session_state[SESSION]
    return session


def begin_page() -> None:
    """Start a run of a page: claim the session's work, keep answers, write the address."""
    session = current_session()
    if sharing.is_ended(session):
        queue.leave(session.key)
        st.session_state[SESSION] = session = storage.open_session({owner.SHARED: ""})
    if queue.is_taken(session.key):  # another page opened it meanwhile
        storage.continue_as_copy(session)
    for one in (session, *session.others):
        queue.attend(one.key)
    if session.save_error:
        save()
    for name in list(st.session_state):
        if str(name).startswith(_WIDGET):
            st.session_state[name] = st.session_state[name]
    params = owner.parameters(session.key.name, _place_name(session.place_id), session.scenario)
    if session.token:
        params = {owner.SHARED: session.token}
    if st.query_params.to_dict() != params:
        st.query_params.from_dict(params)


def widget_key(name: str, value: object, among: Container[object] | None = None) -> str:
    """Return the key of a widget whose answer survives a change of page.

    Parameters
    ----------
    name
        Name of the answer, e.g. "need_colour".
    value
        Answer until somebody gives another; give the widget no value of its own.
    among
        Answers that are allowed; any other is reset to `value`.
    """
    key = f"{_WIDGET}{name}"
    if key not in st.session_state:
        st.session_state[key] = value
    current = st.session_state[key]
    chosen = current if isinstance(current, list) else [current]
    if among is not None and any(choice not in among for choice in chosen):
        st.session_state[key] = value
    return key


def is_new(name: str, value: Any) -> bool:
    """Whether an answer changed since the last call, e.g. a new click on a map."""
    before = st.session_state.get(f"seen {name}")
    st.session_state[f"seen {name}"] = value
    return value is not None and value != before


def stored_answer(name: str) -> Any:
    """Return the answer of a widget with a `widget_key`; None if it was never drawn."""
    return st.session_state.get(f"{_WIDGET}{name}")


def keep_answer(key: str, value: Any) -> None:
    """Store a value of a page for `answer`, as long as the browser's page is open."""
    st.session_state[key] = value


def notices() -> list[str]:
    """Remove and return the sentences to show once."""
    session = current_session()
    sentences, session.notices = session.notices, []
    return sentences


def save_error() -> str:
    """Why the last change is not on the disk, in a sentence; empty = it is."""
    return current_session().save_error


def scenario() -> Scenario:
    """The choices, the same on all pages."""
    return current_session().scenario


def change_scenario(**changes: object) -> Scenario:
    """Change some keys of the scenario.

    Raises
    ------
    InputError
        For values that a scenario refuses.
    """
    return set_scenario(Scenario.from_settings({**scenario().model_dump(), **changes}))


def set_scenario(new: Scenario) -> Scenario:
    """Replace the scenario.

    Raises
    ------
    InputError
        For a speed profile that does not come with the package.
    """
    storage.check_profile(new)
    if new != current_session().scenario:
        current_session().scenario = new
        save()
    return new


def work_name() -> str:
    """Return the name of the work in the address."""
    return current_session().key.name


def place_id() -> str:
    """Identity of the place: "demo", "place:NAME" or "upload:NAME"."""
    return current_session().place_id


def is_tour_over() -> bool:
    """Whether the tour of the app was finished or skipped, or the person has planned before."""
    session = current_session()
    if session.is_tour_over or session.is_read_only or projects.has_work(session):
        return True
    others = trash.items(session.visitor) if session.can_be_saved else []
    return any(one.kind == files.WORKS and one.name != session.key.name for one in others)


def end_tour() -> None:
    """End the tour for this work and for the projects that follow."""
    current_session().is_tour_over = True
    save()


def base_place() -> Place:
    """Return the place as read, without site edits."""
    session = current_session()
    version = _version(session)
    if session.base is None or session.base[0] != version:
        session.base = (version, _read(session, version))
    return session.base[1]


def place() -> Place:
    """Return the place with the site edits: the same object until something changes."""
    session, base = current_session(), base_place()
    if not session.edits and not session.records:
        return base
    known = session.edited
    made_of = (session.edits, session.records)
    if known is None or known[0] is not base or known[1:3] != made_of:
        known = (base, *made_of, workflow.with_edits(base, *made_of))
        session.edited = known
    return known[3]


def open_place(place_id: str) -> Place:
    """Open another place, as a new project if the last has edits, plans or long work.

    The last project stays saved as it is, its jobs go on, and choices are taken along.

    Raises
    ------
    InputError
        If it cannot be read; the session then keeps its place.
    """
    session = current_session()
    if session.source is not None:
        rights.require_change(session, "place.open")
    new = replace(
        session,
        place_id=place_id,
        base=None,
        edited=None,
        results={},
        upload=None,
        undo_steps=[],
        redo_steps=[],
    )
    st.session_state[SESSION] = new
    try:
        opened = place()
    except Exception:
        st.session_state[SESSION] = session
        raise
    if projects.has_work(session):
        base = new.base
        new = projects.next_project(session)
        new.place_id, new.base = place_id, base
        st.session_state[SESSION] = new
    save()
    return opened


def upload_place(packed: bytes) -> Place:
    """Unpack a zipped place folder for its owner only, and open it.

    Raises
    ------
    InputError
        If it holds no valid place, or the owner's quota is used up.
    """
    rights.require_change(current_session(), "place.upload")
    owner, name = _place_owner(current_session()), sha256(packed).hexdigest()[:16]
    target = files.upload_folder(owner, name)
    if not target.is_dir() and not trash.restore(owner, files.PLACES, name):
        files.check_quota(owner, len(packed))
        try:
            files.make_private(target.parent)
        except OSError as error:
            raise InputError([write_fault(Path("upload"), error)]) from None
        layers.unpack_place(packed, target)
        files.restrict_access(target)
        try:
            files.check_quota(owner, 1)
        except InputError:
            shutil.rmtree(target, ignore_errors=True)
            raise
        shared_store.push_upload(owner, name, trash.today())
    trash.mark_opened(target)
    rights.record("place.upload", work=name)
    return open_place(f"{UPLOAD}{name}")


def case() -> workflow.OwnCase | None:
    """The uploaded case for the hand-in; None if there is none."""
    return current_session().case


def case_key() -> str:
    """Return the key of the widget for a case; a new one empties it."""
    return f"case {current_session().cases}"


def keep_case(new: workflow.OwnCase | None) -> None:
    """Keep a case for the hand-in, in place of another; None drops it."""
    session = current_session()
    if new is not None:
        rights.require_change(session, "case.upload")
    session.case, session.cases = new, session.cases + 1


def upload() -> Any:
    """An uploaded list that is not added yet; None if there is none."""
    return current_session().upload


def upload_key() -> str:
    """Return the key of the widget for uploads; a new one empties it."""
    return f"{UPLOADED}{current_session().uploads}"


def keep_upload(new: Any) -> None:
    """Keep an uploaded list until it is added, in place of another; None drops it."""
    session = current_session()
    if new is not None:
        rights.require_change(session, "list.upload")
    session.upload = new
    session.uploads += new is None
    for name in [n for n in st.session_state if str(n).startswith(f"{_WIDGET}{UPLOADED}")]:
        del st.session_state[name]


def edits() -> tuple[SiteEdit, ...]:
    """The site edits."""
    return current_session().edits


def edit(change: SiteEdit) -> Place:
    """Change, move or add a site, and return the place with the edit.

    Raises
    ------
    InputError
        If the edit has a fault; nothing is then changed.
    """
    return set_edits(with_edit(current_session().edits, change))


def records() -> tuple[FileIntake, ...]:
    """Intake records of the uploaded lists that edits came from."""
    return current_session().records


def set_edits(
    new_edits: tuple[SiteEdit, ...], records: tuple[FileIntake, ...] | None = None
) -> Place:
    """Replace all edits; () removes them.

    Parameters
    ----------
    new_edits
        The edits.
    records
        Intake records of the lists that they came from; None = those there are.

    Raises
    ------
    InputError
        If an edit has a fault; nothing is then changed.
    """
    session, base = current_session(), base_place()
    rights.require_change(session, "sites.edit")
    made_of = (new_edits, session.records if records is None else records)
    edited = workflow.with_edits(base, *made_of)
    session.edits, session.records = made_of
    session.edited = (base, *made_of, edited)
    save()
    return edited


def is_outdated(outcome: Outcome) -> bool:
    """Whether sites have been edited since a plan was made."""
    current = place()
    return outcome.place is not current and not outcome.place.sites.equals(current.sites)


def save() -> None:
    """Write the session's work to its file; if the disk refuses, `save_error` says why."""
    storage.save(current_session())


def _place_name(place_id: str) -> str:
    return place_id.removeprefix(PLACE) if place_id.startswith(PLACE) else DEMO


def _place_owner(session: Session) -> str:
    return session.source.owner if session.source else session.key.owner


def _version(session: Session) -> str:
    """Return the source of the place, and when its files last changed."""
    if session.place_id == DEMO:
        return DEMO
    paths = storage.place_folder(session).glob("*")
    changes = [path.stat().st_mtime_ns for path in paths if path.is_file()]
    return f"{session.place_id} {max(changes, default=0)}"


def _read(session: Session, version: str) -> Place:
    if session.place_id.startswith(UPLOAD):
        folder = storage.place_folder(session)
        if not folder.is_dir():
            raise InputError([Fault("this upload is no longer there", hint="Upload it again")])
        if not session.is_read_only:
            trash.mark_opened(folder)
        return workflow.load(folder)
    folder_of_place = "" if session.place_id == DEMO else str(storage.place_folder(session))
    place: Place = _shared(folder_of_place, version)
    return place


@st.cache_resource(show_spinner="Reading the place", max_entries=4)  # type: ignore[untyped-decorator]
def _shared(folder: str, version: str) -> Place:  # noqa: ARG001  (part of the cache's key)
    """Read a place that all sessions share."""
    if folder:
        return workflow.load(Path(folder))
    return replace(workflow.demo_place(), times=files.times())
