"""Problems of an upload as a table, row by row."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner.domain.errors import InputError
from nhcplanner.domain.refused import without_folders
from nhcplanner.domain.words import counted
from nhcplanner.pages.session import plain


def table(error: InputError, what: str) -> None:
    """Say how many problems there are, and show each with its row, column and mend.

    Parameters
    ----------
    error
        What was found.
    what
        What it was found in, in words.
    """
    problems = counted(len(error.faults), "problem")
    st.error(f"{problems} in {plain(what)}: nothing was taken.")
    frame = pd.DataFrame(
        {
            "Row": one.row,
            "Column": one.column,
            "Problem": without_folders(
                one.problem if one.row is not None or not one.file else f"{one.file}: {one.problem}"
            ),
            "What to do": without_folders(one.mend),
        }
        for one in error.faults
    )
    frame["Row"] = frame["Row"].astype("Int64")
    st.dataframe(frame, hide_index=True, placeholder="")
