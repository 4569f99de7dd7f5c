"""What the app remembers, and what it says when something goes wrong.

Only this file touches `st.session_state` and `st.cache_*`, and only here a page's PlannerError
is caught.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.errors import PlannerError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-!$|<>~:])")


def plain(text: str) -> str:
    r"""Text that Streamlit shows as it stands, whatever a user wrote in it.

    Examples
    --------
    >>> print(plain("a_b"))
    a\_b
    """
    return _MARKUP.sub(r"\\\1", text).replace("\n", "  \n")


@contextmanager
def guarded() -> Iterator[None]:
    """Say in words what went wrong, and end the page there."""
    try:
        yield
    except PlannerError as error:
        st.error(plain(str(error)))
        st.stop()


def remember(**answers: object) -> None:
    """Note what was answered on this page."""
    st.session_state.setdefault("answers", {}).update(answers)


def leave() -> None:
    """Make what was answered on the page left behind the first answers when it is seen again."""
    st.session_state["first"] = dict(st.session_state.get("answers", {}))


def first(name: str, otherwise: Any) -> Any:
    """The answer that a widget starts from."""
    return st.session_state.get("first", {}).get(name, otherwise)


def place(folder: str) -> Place:
    """Read a place folder once; again when a file in it changes. Empty = the demo place."""
    path = Path(folder).expanduser()
    files = [f for f in path.glob("*") if f.is_file()] if folder else []
    stamp = max((f.stat().st_mtime_ns for f in files), default=0)
    return _place(folder, stamp)


@st.cache_resource(show_spinner="Reading the place", max_entries=4)
def _place(folder: str, stamp: int) -> Place:  # noqa: ARG001  (part of the cache's key)
    return workflow.load(Path(folder).expanduser()) if folder else workflow.demo_place()


def plan(given: Place, scenario: Scenario) -> Outcome:
    """Run the story and remember its outcome, saying meanwhile what is being done."""
    told = st.empty()
    with told.status("Making the plan") as status:
        outcome = workflow.run(given, scenario, lambda words: status.update(label=plain(words)))
    told.empty()
    st.session_state["outcome"] = outcome
    return outcome


def outcome(given: Place) -> Outcome | None:
    """The last outcome for a place; None where there is none yet."""
    last: Outcome | None = st.session_state.get("outcome")
    return last if last is not None and last.place is given else None
