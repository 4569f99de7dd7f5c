"""What widgets were answered, as a page asks before it draws them again.

The session's candidate list: every change can be taken back, one after the other.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages.session import state


def answer(key: str) -> Any:
    """What a widget was last answered, before it is drawn again; None where it never was."""
    return st.session_state.get(key)


def newest(name: str, *answers: Any) -> int | None:
    """Which of several answers to one question changed last; None where all are still empty.

    Parameters
    ----------
    name
        Which question, e.g. "need_area": an area may be clicked on the map or in a table.
    answers
        What each widget says now.
    """
    before, last = st.session_state.get(f"newest {name}", ((None,) * len(answers), None))
    for number, (old, new) in enumerate(zip(before, answers, strict=True)):
        if new is not None and new != old:
            last = number
    st.session_state[f"newest {name}"] = (answers, last)
    return last if last is not None and answers[last] is not None else None


def last(name: str, *answers: Any) -> Any:
    """What several widgets were answered last, kept though one forgets it when drawn anew.

    Parameters
    ----------
    name
        Which question.
    answers
        What each widget says now; None where it says nothing.
    """
    before, found = st.session_state.get(f"last {name}", ((None,) * len(answers), None))
    for old, new in zip(before, answers, strict=True):
        if new is not None and new != old:
            found = new
    st.session_state[f"last {name}"] = (answers, found)
    return found


MOST_STEPS = 50


def site_choices() -> workflow.Choices:
    """What was changed about the sites, and which must or must not open."""
    asked = state.scenario()
    return workflow.Choices(state.edits(), asked.keep, asked.forbid)


def choose_sites(given: workflow.Choices) -> Place:
    """Put these choices in the place of the present ones, all or none of them.

    Raises
    ------
    InputError
        Where an edit has a fault; nothing is then changed.
    """
    before = site_choices()
    if given == before:
        return state.place()
    found = _put(given)
    steps = state.session_state().earlier
    steps.append(before)
    del steps[:-MOST_STEPS]
    return found


def steps() -> int:
    """How many changes of the list can be taken back."""
    return len(state.session_state().earlier)


def step_back() -> None:
    """Take the last change of the list back."""
    if state.session_state().earlier:
        _put(state.session_state().earlier.pop())


def _put(given: workflow.Choices) -> Place:
    asked = state.scenario().model_dump() | {"keep": given.keep, "forbid": given.forbid}
    scenario = Scenario.from_settings(asked)
    found = state.set_edits(given.edits)
    state.set_scenario(scenario)
    return found
