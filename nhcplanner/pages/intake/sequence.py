"""The steps from an uploaded list to sites of the place."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nhcplanner.domain.place import Place
from nhcplanner.pages import session
from nhcplanner.pages.intake import columns, confirm, matches, problems, questions, words
from nhcplanner.pages.intake.pending import Pending, decisions_of, pending_list
from nhcplanner.pages.session import plain
from nhcplanner.workflow import intake


@session.fragment
def steps(place: Place) -> None:
    """Draw every step of a list that waits to be added, until it is added or cancelled."""
    pending = pending_list()
    if pending is None or pending.upload is None or pending.error is not None:
        st.rerun()
    else:
        _draw_steps(place, pending, pending.upload)


def _draw_steps(place: Place, pending: Pending, upload: intake.Upload) -> None:
    decisions = decisions_of(pending, upload)
    basis = replace(decisions, matches=(), no_faulty=False, no_far=False)
    if pending.read is None or pending.read[0] is not place or pending.read[1] != basis:
        with st.spinner("Checking the list"):
            pending.read = (place, basis, intake.review(place, upload, basis))
    review = pending.read[2]
    pending.words = [(choice.column, choice.word) for choice in review.words]
    pending.keys = [*(f"{ours}.unit" for ours in review.units), *review.questions]
    now = session.site_choices()
    preview = intake.preview(session.base_place(), place, review, decisions, now)
    st.subheader(f"Upload a list: {plain(pending.name)}", anchor=False)
    _show_waiting(preview)
    columns.show(pending, upload, review)
    words.show(pending, review)
    questions.show(pending, upload, review)
    problems.show(pending, upload, review, decisions)
    matches.show(pending, review)
    confirm.show(pending, review, preview)


def _show_waiting(preview: intake.Preview) -> None:
    """Draw what remains to be done, or that the list is ready."""
    if preview.waiting:
        listed = "\n".join(f"- {sentence}" for sentence in preview.waiting)
        st.info(f"Before the list can be added:\n\n{listed}")
    elif preview.added or preview.changed:
        st.info("Check how the list was read. Nothing is added until you confirm it below.")
    else:
        st.info("The place has these sites as the list says already: there is nothing to add.")
