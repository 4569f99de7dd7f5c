"""Messages about an uploaded list in the words of the page."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

from nhcplanner.base.errors import InputError, without_folders
from nhcplanner.base.text import plural
from nhcplanner.pages.session import plain

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
