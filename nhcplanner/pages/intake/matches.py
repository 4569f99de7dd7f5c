"""Step Rows that may be in the place already: what to do with each."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner.base.text import plural
from nhcplanner.pages import session
from nhcplanner.pages.intake.pending import ONE_BY_ONE, Pending, widget_key
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import ADD, CHANGE, LEAVE_OUT

MATCHES = {
    CHANGE: "The same site: change the site of the place",
    LEAVE_OUT: "Leave out",
    ADD: "Another site: add it",
}


def show(pending: Pending, review: intake.Review) -> None:
    """Draw rows that may be sites of the place; nothing if there are none."""
    doubtful = [match for match in review.matches if not match.sure]
    if not doubtful:
        return
    st.subheader("Rows that may be in the place already", anchor=False)
    options = {**MATCHES, ONE_BY_ONE: "Choose for each row"}
    chosen = st.radio(
        f"What to do with {plural(len(doubtful), 'row')}",
        list(options),
        index=None,
        format_func=options.__getitem__,
        key=widget_key(pending, "matches", None),
    )
    frame = pd.DataFrame(
        {
            "Row": match.row,
            "In your list": match.name,
            "In the place": f"{match.site_name} ({match.site_id})",
            "Apart": f"{match.metres:,.0f} m",
            "Why": "same id, but another name or position" if match.same_id else "alike and close",
            "What to do": pending.matches.get(match.row),
        }
        for match in doubtful
    )
    height = "content" if len(frame) <= 8 else 320
    if chosen != ONE_BY_ONE:
        pairs = frame.drop(columns="What to do")
        st.dataframe(pairs, hide_index=True, placeholder="", height=height)
        return
    config = {
        "What to do": st.column_config.SelectboxColumn(
            options=list(MATCHES), format_func=MATCHES.__getitem__, required=True, pinned=True
        )
    }
    with st.form(f"{pending.prefix} pairs", border=False):
        edited = st.data_editor(
            frame,
            key=f"{pending.prefix} pairs {hash(tuple(pending.matches.items()))}",
            hide_index=True,
            disabled=[name for name in frame.columns if name != "What to do"],
            column_config=config,
            placeholder="",
            height=height,
        )
        is_saved = st.form_submit_button("Save choices")
    if is_saved:
        rows = zip(edited["Row"], edited["What to do"], strict=True)
        pending.matches = {int(row): str(action) for row, action in rows if action in MATCHES}
        session.rerun()
