"""Projects of one visit: each place has work of its own, and its long work goes on meanwhile.

A project that is set aside stays in memory while it has jobs, so that their results are stored in
it and not in the work that is open when they end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.pages.session import files, owner, queue, rights, storage
from nhcplanner.pages.session.current import Session
from nhcplanner.pages.session.files import Key

SESSION = "nhcplanner"
"""Key under which Streamlit holds the session."""


def has_work(session: Session) -> bool:
    """Whether a session holds anything that another place would not have."""
    has_jobs = bool(queue.queue_of(session.key).jobs)
    return bool(session.order or session.edits or session.records or has_jobs)


def next_project(session: Session) -> Session:
    """Set a session aside, and return a new one for another place, with the same choices."""
    is_known = owner.current_owner() is not None
    key = Key(session.visitor, files.new_name())
    new = Session(key, can_be_saved=is_known, visitor=session.visitor, scenario=session.scenario)
    new.is_tour_over = True
    set_aside(session, new)
    return new


def set_aside(session: Session, new: Session) -> None:
    """Let the jobs of a session go on behind a new one; without jobs, let others open it."""
    others = [*session.others, session]
    session.others = []
    new.others = [one for one in others if one is not new and queue.queue_of(one.key).jobs]
    for one in others:
        if one is not new and one not in new.others:
            queue.leave(one.key)
    queue.attend(new.key)


def open_project(name: str) -> None:
    """Open another work of the owner in this page.

    Raises
    ------
    InputError
        If it is open in another window, or is no work of the owner's.
    """
    session: Session = st.session_state[SESSION]
    if name == session.key.name:
        return
    new = next((one for one in session.others if one.key.name == name), None)
    if new is None:
        if queue.is_taken(Key(session.visitor, name)):
            hint = "Close its other window first"
            raise InputError([Fault("this project is open in another window", hint=hint)])
        new = storage.open_session({owner.WORK: name})
    set_aside(session, new)
    st.session_state[SESSION] = new
    rights.record("work.switch", work=name)


@contextmanager
def acting_as(session: Session) -> Iterator[None]:
    """Make another project the current one inside, for the results of its jobs."""
    before = st.session_state[SESSION]
    st.session_state[SESSION] = session
    try:
        yield
    finally:
        st.session_state[SESSION] = before
