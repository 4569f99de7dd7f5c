"""Administration: who uses the app, its queue, its disk and its audit log; no content of work."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner.domain.place import Place
from nhcplanner.hosting import pool, settings
from nhcplanner.hosting.roles import Role
from nhcplanner.pages.session import administration, rights


def show(place: Place) -> None:  # noqa: ARG001  (every page is called with the place)
    """Draw the page."""
    rights.require_role(Role.ADMINISTRATOR, "administration.open")
    rights.record("administration.open")
    running, waiting = pool.POOL.counts()
    usage = administration.usage()
    figures = {
        "People with saved work": len(usage),
        "Megabytes": round(sum(one.megabytes for one in usage)),
        "Jobs running": running,
        "Jobs waiting": waiting,
    }
    for column, (label, number) in zip(st.columns(4), figures.items(), strict=True):
        column.metric(label, f"{number:,}")
    st.subheader("Saved work", anchor=False)
    st.caption("People are known by a hash. Nobody sees another person's work here.")
    st.dataframe(pd.DataFrame(usage, columns=administration.COLUMNS), hide_index=True)
    if st.button("Apply retention now", help="Move old work to the trash and delete old trash"):
        administration.tidy()
        st.rerun()
    st.subheader("Audit log", anchor=False)
    lines = administration.audit_lines()
    if lines:
        st.dataframe(pd.DataFrame(lines).fillna(""), hide_index=True)
    else:
        st.caption("There is no audit log, or it goes to the standard output.")
    st.subheader("Settings", anchor=False)
    st.dataframe(pd.DataFrame(administration.setting_rows()), hide_index=True)
    st.caption(f"Set them as environment variables; {settings.ROLES} names the file of roles.")
