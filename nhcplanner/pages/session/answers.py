"""What widgets were answered, as a page asks before it draws them again."""

from __future__ import annotations

from typing import Any

import streamlit as st


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
