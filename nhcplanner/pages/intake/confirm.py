"""Step Check and add: the summary, and the button that adds the sites."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.pages import session
from nhcplanner.pages.intake.messages import app_words, fault_table
from nhcplanner.pages.intake.pending import Pending, cancel_button
from nhcplanner.pages.session import plain
from nhcplanner.workflow import intake


def show(pending: Pending, review: intake.Review, preview: intake.Preview) -> None:
    """Draw the summary and the button that adds the sites."""
    st.subheader("Check and add", anchor=False)
    if preview.waiting:
        st.caption("The list can be added once what is named at the top of the page is done.")
    if not preview.waiting:
        for title, lines in intake.summary(preview):
            listed = "\n".join(f"- {plain(app_words(line))}" for line in lines)
            st.markdown(f"**{title}**\n\n{listed}")
        if review.sites is not None:
            with st.expander("All sites of the list as they were read"):
                sites = review.sites.drop(columns="geometry").dropna(axis=1, how="all")
                st.dataframe(pd.DataFrame(sites), placeholder="")
    number = len(preview.added)
    label = f"Add {plural(number, 'site')}" if number else "Add no new site"
    label += f", change {len(preview.changed):,}" if preview.changed else ""
    is_off = bool(preview.waiting) or not (preview.added or preview.changed)
    add, cancel, _ = st.columns([2, 2, 4])
    if add.button("Add the sites" if preview.waiting else label, type="primary", disabled=is_off):
        try:
            session.choose_sites(preview.choices)
        except InputError as error:
            fault_table(error, pending.name)
        else:
            result = f"{plural(number, 'site')} added, {len(preview.changed):,} changed."
            session.keep_upload(None)
            session.keep_upload(Pending(pending.name, b"", "", done=result))
            st.rerun()
    with cancel:
        cancel_button()
