"""All plans of the work in one table, with key figures; each can be shown, renamed or deleted."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner.base.errors import InputError
from nhcplanner.outputs.tables import plans
from nhcplanner.pages import session
from nhcplanner.pages.session import plain

_TABLE = "plans of the work"


def show() -> None:
    """Draw the button that opens the table."""
    names = session.plan_names()
    with st.popover(f"All plans ({len(names):,})", width="stretch"):
        _table(names)


def _table(names: list[str]) -> None:
    figures = session.key_figures()
    pinned = {name for name in names if session.is_pinned(name)}
    event = st.dataframe(
        plans.table(names, figures, pinned).apply(_as_percent),
        key=f"{_TABLE} {hash(tuple(names))}",
        hide_index=True,
        width=800,
        height=min(38 + 36 * len(names), 400),
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        column_config={
            "share": st.column_config.NumberColumn("People in reach", format="%.1f%%"),
            "first_band": st.column_config.NumberColumn("Band 1 in reach", format="%.1f%%"),
            "name": st.column_config.TextColumn("Plan", width="medium"),
            **{key: st.column_config.Column(label) for key, label in plans.LABELS.items()},
        },
    )
    rows = event["selection"]["rows"]
    if not rows:
        st.caption("Choose a row to show, rename, pin, copy or delete a plan.")
        return
    _actions(names[rows[0]])


def _as_percent(column: pd.Series) -> pd.Series:
    return column * 100 if column.name in {"share", "first_band"} else column


def _actions(name: str) -> None:
    st.markdown(f"**{plain(name)}**")
    buttons = st.columns(4)
    is_pinned = session.is_pinned(name)
    if buttons[0].button("Show", disabled=name == session.plan_on_screen(), width="stretch"):
        session.show_plan(name)
        st.rerun()
    if buttons[1].button("Unpin" if is_pinned else "Pin", width="stretch"):
        session.pin_plan(name, not is_pinned)
        st.rerun()
    if buttons[2].button("Copy", width="stretch"):
        session.copy_plan(name)
        st.rerun()
    if buttons[3].button("Delete", width="stretch"):
        session.delete_plan(name)
        st.rerun()
    with st.form(f"rename {name}", border=False):
        field, button = st.columns([3, 1], vertical_alignment="bottom")
        new = field.text_input("New name", name, max_chars=session.LONGEST_NAME)
        if button.form_submit_button("Rename") and new.strip() != name:
            try:
                session.rename_plan(name, new)
            except InputError as error:
                session.show_error(error)
            else:
                st.rerun()
