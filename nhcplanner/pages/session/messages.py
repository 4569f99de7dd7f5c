"""What the app says when something goes wrong: a sentence and a way on, never a traceback."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import streamlit as st
from streamlit.errors import StreamlitAPIException

from nhcplanner.base.errors import PlannerError, without_folders
from nhcplanner.outputs.sanitise import isolated, printable

Given = ParamSpec("Given")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-!$|<>~:&]|^=)", re.MULTILINE)
_NUMBERED = re.compile(r"^(\d+)\.", re.MULTILINE)
_LINES = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")
_LINKS = re.compile(r"(?<=:)(?=//|material/)|(?<=www)(?=\.)|(?<=\w@)(?=\w)", re.IGNORECASE)
_JOINER = "\u2060"
"""A character without width: put in the middle of an address, it keeps links from being made."""
_LOG = logging.getLogger(__name__)


def plain(text: str) -> str:
    r"""Text that Streamlit shows as it stands, whatever a user wrote in it.

    Markdown, HTML, mathematics and the names of colours and icons are shown as they were typed.
    Addresses become no links. Spaces at both ends, which no page shows, are left out.

    Examples
    --------
    >>> print(plain("a_b"))
    a\_b
    """
    whole = isolated(printable(_LINES.sub("\n", text.strip())))
    escaped = _MARKUP.sub(r"\\\1", _LINKS.sub(_JOINER, whole))
    return _NUMBERED.sub(r"\1\.", escaped).replace("\n", "  \n")


@contextmanager
def guarded(way_on: Callable[[], None] | None = None) -> Iterator[None]:
    """Say in words what went wrong, and end the page there.

    Parameters
    ----------
    way_on
        Draws what may be done about it.
    """
    try:
        yield
    except PlannerError as error:
        st.error(plain(without_folders(str(error))))
        if way_on is not None:
            way_on()
        st.stop()
    except Exception as error:  # noqa: BLE001  (the last word on a page)
        _LOG.exception("A page failed")
        st.error(
            f"This part of the page could not be shown ({type(error).__name__}). Your work is "
            "kept: reload the page, or go on with another one. The app's log says more."
        )
        st.stop()


def fragment(draw: Callable[Given, None]) -> Callable[Given, None]:
    """Make a part of a page that reruns by itself, and fails in words."""

    @functools.wraps(draw)
    def safe(*given: Given.args, **named: Given.kwargs) -> None:
        with guarded():
            draw(*given, **named)

    return st.fragment(safe)


def again() -> None:
    """Draw the fragment anew; the whole page where that is being drawn."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()
