"""Answers of widgets read before they are drawn again, and undo for the list of sites."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages.session import state

MAX_STEPS = 50


def answer(key: str) -> Any:
    """Return a widget's latest answer before it is drawn again; None if it has none."""
    return st.session_state.get(key)


def latest_index(name: str, *answers: Any) -> int | None:
    """Return which of several answers to one question changed last; None if all are empty.

    Parameters
    ----------
    name
        The question, e.g. "need_area": an area may be chosen on the map or in a table.
    answers
        The current answer of each widget.
    """
    key = f"latest index {name}"
    before, latest = st.session_state.get(key, ((None,) * len(answers), None))
    for number, (old, new) in enumerate(zip(before, answers, strict=True)):
        if new is not None and new != old:
            latest = number
    st.session_state[key] = (answers, latest)
    return latest if latest is not None and answers[latest] is not None else None


def latest_answer(name: str, *answers: Any) -> Any:
    """Return the latest answer of several widgets, also after one of them was reset.

    Parameters
    ----------
    name
        The question.
    answers
        The current answer of each widget; None if it has none.
    """
    key = f"latest answer {name}"
    before, latest = st.session_state.get(key, ((None,) * len(answers), None))
    for old, new in zip(before, answers, strict=True):
        if new is not None and new != old:
            latest = new
    st.session_state[key] = (answers, latest)
    return latest


def site_choices() -> workflow.Choices:
    """Edits of the sites, and which sites must or must not open."""
    scenario = state.scenario()
    return workflow.Choices(state.edits(), scenario.keep, scenario.forbid, state.records())


def choose_sites(given: workflow.Choices) -> Place:
    """Replace the current choices, all of them or none; `undo` takes this back.

    Raises
    ------
    InputError
        If an edit has a fault; nothing is then changed.
    """
    before = site_choices()
    if given == before:
        return state.place()
    place = _apply(given)
    steps = state.current_session().undo_steps
    steps.append(before)
    del steps[:-MAX_STEPS]
    return place


def undo_count() -> int:
    """Number of changes of the list that can be undone."""
    return len(state.current_session().undo_steps)


def undo() -> None:
    """Undo the last change of the list."""
    if state.current_session().undo_steps:
        _apply(state.current_session().undo_steps.pop())


def _apply(given: workflow.Choices) -> Place:
    settings = state.scenario().model_dump() | {"keep": given.keep, "forbid": given.forbid}
    scenario = Scenario.from_settings(settings)
    place = state.set_edits(given.edits, given.records)
    state.set_scenario(scenario)
    return place
