"""Messages in the words of the page, and user's text as typed."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec

import pandas as pd
import streamlit as st
from streamlit.errors import StreamlitAPIException

from nhcplanner.base.errors import InputError, PlannerError, without_folders
from nhcplanner.base.text import plural
from nhcplanner.outputs.sanitise import isolated, printable

Given = ParamSpec("Given")
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-!$|<>~:&]|^=)", re.MULTILINE)
_NUMBERED = re.compile(r"^(\d+)\.", re.MULTILINE)
_LINES = re.compile(r"[ \t]*(?:\r\n?|\n)[ \t]*")
_LINKS = re.compile(r"(?<=:)(?=//|material/)|(?<=www)(?=\.)|(?<=\w@)(?=\w)", re.IGNORECASE)
_JOINER = "\u2060"
"""Character without width; in the middle of an address it prevents a link."""
_LOG = logging.getLogger(__name__)


def plain(text: str) -> str:
    r"""Return text that Streamlit shows as typed, without any effect of markup.

    Markdown, HTML, mathematics and names of colours and icons have no effect, and addresses do
    not become links. Spaces at both ends are dropped.

    Examples
    --------
    >>> print(plain("a_b"))
    a\_b
    """
    whole = isolated(printable(_LINES.sub("\n", text.strip())))
    escaped = _MARKUP.sub(r"\\\1", _LINKS.sub(_JOINER, whole))
    return _NUMBERED.sub(r"\1\.", escaped).replace("\n", "  \n")


def show_error(error: PlannerError) -> None:
    """Show an error as a sentence; the page goes on, so that its map and form stay."""
    st.error(plain(without_folders(str(error))))


@contextmanager
def report_errors(offer_way_out: Callable[[], None] | None = None) -> Iterator[None]:
    """Show an error as a sentence and end the page there.

    Parameters
    ----------
    offer_way_out
        Draws what the user can do about it.
    """
    try:
        yield
    except PlannerError as error:
        show_error(error)
        if offer_way_out is not None:
            offer_way_out()
        st.stop()
    except Exception as error:  # noqa: BLE001  (a page shows no traceback)
        _LOG.exception("A page failed")
        st.error(
            f"This part of the page could not be shown ({type(error).__name__}). Your work is "
            "kept. Reload the page or open another one; the app's log has the details."
        )
        st.stop()


def fragment(draw: Callable[Given, None]) -> Callable[Given, None]:
    """Make a part of a page rerun by itself and show its errors as sentences."""

    @functools.wraps(draw)
    def safe(*args: Given.args, **kwargs: Given.kwargs) -> None:
        with report_errors():
            draw(*args, **kwargs)

    rerun_alone: Callable[Given, None] = st.fragment(safe)
    return rerun_alone


def rerun() -> None:
    """Draw the fragment again, or the whole page if that is being drawn."""
    try:
        st.rerun(scope="fragment")
    except StreamlitAPIException:
        st.rerun()


_OPTION = re.compile(r";?\s*(or\s+)?--assume \S+( reads them)?|Say --assume.*$")
"""Part of a message that names an option of the command line; the page has widgets instead."""


def fault_table(error: InputError, what: str) -> None:
    """Draw how many problems there are, and each with its row, column and hint.

    Parameters
    ----------
    error
        The problems.
    what
        Name of the checked file or table.
    """
    problems = plural(len(error.faults), "problem")
    st.error(f"{problems} in {plain(what)}. Nothing was changed: correct it and try again.")
    frame = pd.DataFrame(
        {
            "Row": fault.row,
            "Column": fault.column,
            "Problem": without_folders(
                fault.problem
                if fault.row is not None or not fault.file
                else f"{fault.file}: {fault.problem}"
            ),
            "What to do": without_folders(app_words(fault.hint)),
        }
        for fault in error.faults
    )
    frame["Row"] = frame["Row"].astype("Int64")
    st.dataframe(frame, hide_index=True, placeholder="")


def sentence(text: str) -> str:
    """Return the text with a full stop."""
    text = text.strip()
    return text if text.endswith((".", "?", "!")) else f"{text}."


def app_words(text: str) -> str:
    """Return a message without the options of the command line."""
    return _OPTION.sub("", text).strip()
