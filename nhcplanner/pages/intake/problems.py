"""Step Rows with problems: a table to correct rows or leave them out."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner.base.errors import Fault, without_folders
from nhcplanner.base.text import plural
from nhcplanner.pages import session
from nhcplanner.pages.intake.pending import Pending, widget_key
from nhcplanner.pages.session import app_words, plain, sentence
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import Decisions

MOST_ROWS = 200
"""Rows with problems that the table shows at once."""
MOST_HINTS = 6
ROW_HEIGHT = 72
"""Height of a row with problems, in which three lines fit."""
MOST_COLUMNS = 12
"""Columns of the list that the table of rows with problems shows."""


def show_problems(
    pending: Pending,
    upload: intake.Upload,
    review: intake.FileReview,
    decisions: Decisions,
) -> None:
    """Draw the rows with problems as a table to correct, or to leave out."""
    for fault in (f for f in review.blocking if f.column not in upload.columns):
        st.error(plain(sentence(app_words(f"{fault.problem}. {fault.hint}"))))
    doubts = [
        question
        for key in review.open_keys
        for question in review.questions[key]
        if question.row is not None and (key == "duplicates" or key.endswith(".check"))
    ]
    faults = [
        *(() if decisions.no_faulty else review.faults),
        *(() if decisions.no_far else review.far),
        *doubts,
    ]
    if not (review.faults or review.far or doubts) and not pending.cells and not pending.left_out:
        return
    heading = "Rows with problems" if review.faults or review.far else "Rows to check"
    st.subheader(heading, anchor=False)
    if review.faults:
        rows = plural(len(review.open_rows), "row")
        st.checkbox(f"Leave out {rows} with problems, and add the others",
                    key=widget_key(pending, "no faulty", value=False))  # fmt: skip
    if review.far:
        rows = plural(len(review.far), "row")
        st.checkbox(f"Leave out {rows} outside the place",
                    key=widget_key(pending, "no far", value=False))  # fmt: skip
    if faults:
        _editor(pending, upload, review, faults)
    if pending.cells or pending.left_out:
        corrected = f"{plural(len(pending.cells), 'cell')} corrected"
        left_out = f"{plural(len(pending.left_out), 'row')} left out"
        text, undo = st.columns([4, 1], vertical_alignment="center")
        text.caption(f"So far: {corrected}, {left_out}.")
        if undo.button("Undo corrections", width="stretch"):
            pending.cells, pending.left_out = {}, set()
            session.rerun()


def _editor(
    pending: Pending,
    upload: intake.Upload,
    review: intake.FileReview,
    faults: list[Fault],
) -> None:
    problems: dict[int, list[str]] = {}
    for fault in sorted(faults, key=lambda fault: fault.row or 0):
        column = f"{fault.column}: " if fault.column in upload.columns else ""
        words = sentence(app_words(f"{column}{fault.problem}"))
        problems.setdefault(fault.row or 0, []).append(words)
    rows = list(problems)[:MOST_ROWS]
    with_faults = dict.fromkeys(fault.column for fault in faults if fault.column in upload.columns)
    used = [choice.theirs for choice in review.columns if choice.ours]
    columns = list(dict.fromkeys([*with_faults, *used]))[: max(MOST_COLUMNS, len(with_faults))]
    table = upload.cells(rows, columns, pending.cells)
    frame = pd.DataFrame(table, columns=[f"c{n}" for n in range(len(columns))])
    frame.insert(
        0, "problem", [without_folders(" ".join(dict.fromkeys(problems[row]))) for row in rows]
    )
    frame.insert(0, "leave", value=False)
    frame.insert(0, "row", rows)
    config: dict[str, Any] = {
        "row": st.column_config.NumberColumn("Row", disabled=True, pinned=True),
        "leave": st.column_config.CheckboxColumn("Leave out", pinned=True),
        "problem": st.column_config.TextColumn("Problem", disabled=True, width="large"),
    }
    config |= {f"c{n}": st.column_config.TextColumn(name) for n, name in enumerate(columns)}
    hints = dict.fromkeys(sentence(app_words(fault.hint)) for fault in faults if fault.hint)
    st.caption("  \n".join(plain(without_folders(hint)) for hint in list(hints)[:MOST_HINTS]))
    if len(problems) > len(rows):
        st.caption(f"The first {len(rows):,} of {plural(len(problems), 'row')}.")
    with st.form(f"{pending.prefix} rows", border=False):
        edited = st.data_editor(
            frame,
            key=f"{pending.prefix} rows {hash((tuple(rows), tuple(pending.cells.items())))}",
            hide_index=True,
            column_config=config,
            row_height=ROW_HEIGHT,
            placeholder="",
        )
        is_saved = st.form_submit_button("Save corrections")
    if is_saved:
        for before, after in zip(frame.to_dict("records"), edited.to_dict("records"), strict=True):
            row = int(before["row"])
            if after["leave"]:
                pending.left_out.add(row)
            for n, name in enumerate(columns):
                text = after[f"c{n}"]
                if text != before[f"c{n}"]:
                    pending.cells[row, name] = "" if text is None else str(text)
        session.rerun()
