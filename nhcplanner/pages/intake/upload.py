"""An uploaded list of sites: its uploader, its errors, its steps, and the button that adds it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner.base.errors import InputError, without_folders
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.intake import questions_of
from nhcplanner.domain.place import Place
from nhcplanner.pages import session, uploaded_files
from nhcplanner.pages.intake import problems, questions
from nhcplanner.pages.intake.pending import Pending, cancel_button, decisions_of, pending_list
from nhcplanner.pages.intake.questions import answer_label
from nhcplanner.pages.session import app_words, fault_table, plain, sentence
from nhcplanner.workflow import intake

MAX_MB = 20
MOST_SENTENCES = 3
"""Problems of a file that appear as sentences; more become a table."""
TYPES = ["xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv", "geojson", "gpkg", "parquet"]


def is_pending() -> bool:
    """Whether a list waits to be added."""
    pending = pending_list()
    return pending is not None and pending.upload is not None and pending.error is None


def show_result() -> None:
    """Draw the result of the last list once."""
    pending = pending_list()
    if pending is not None and pending.done:
        st.success(f"{plain(pending.name)}: {pending.done} Undo last change takes it back.")
        session.keep_upload(None)


def uploader() -> None:
    """Draw the uploader, and the error of the latest file."""
    st.warning(
        "Upload a list of buildings only. **Never upload anything about patients.**",
        icon=":material/shield_person:",
    )
    file = st.file_uploader(
        f"Your own list: Excel, CSV or GIS layer, up to {MAX_MB} MB",
        type=TYPES,
        max_upload_size=MAX_MB,
        key=session.upload_key(),
        help="Nothing is added before you have seen a summary and confirmed it.",
    )
    pending = _receive(file)
    if pending is None:
        return
    if pending.error is not None:
        show_error(pending)
        cancel_button()
    else:
        if file is not None:
            uploaded_files.release(file)
        st.rerun()


def _receive(file: Any) -> Pending | None:
    pending = pending_list()
    if file is None:
        return pending
    content = file.getvalue()
    sha = sha256(content).hexdigest()
    if pending is None or (pending.sha, pending.name) != (sha, file.name):
        pending = Pending(file.name, content, sha)
        with st.spinner("Reading the list"):
            pending.load()
        if pending.error is not None and intake.patient_columns(pending.error):
            pending.content, pending.sha = b"", ""
            session.keep_upload(None)  # empties the uploader, so that nothing is kept
            uploaded_files.release(file)
            session.keep_upload(pending)
            st.rerun()
        session.keep_upload(pending)
    return pending


def show_error(pending: Pending) -> None:
    """Draw why a file cannot be read, with the questions that the user can answer here."""
    error = pending.error
    if error is None:
        return
    patients = intake.patient_columns(error)
    if patients:
        noun = "Column" if len(patients) == 1 else "Columns"
        verb = "looks" if len(patients) == 1 else "look"
        st.error(
            f"**{plain(pending.name)} was not read.** {noun} {plain(shortened(patients))} "
            f"{verb} like data about patients. Nothing was kept. Remove these columns, and check "
            "with whoever looks after data protection before you share the file."
        )
        return
    questions = questions_of(error)
    if questions and len(questions) == len(error.faults):
        for question in questions:
            key = question.key.rpartition(":")[2]
            chosen = st.selectbox(
                f"{plain(pending.name)} {sentence(plain(question.problem))} Which should be read?",
                question.answers,
                index=None,
                format_func=answer_label,
                placeholder="Choose",
                key=f"{pending.prefix} {key}",
            )
            if chosen is not None:
                pending.load(**{key: str(chosen)})
                st.rerun()
    elif len(error.faults) <= MOST_SENTENCES:
        for fault in error.faults:
            st.error(plain(without_folders(app_words(str(fault)))))
    else:
        fault_table(error, pending.name)


def show_summary(pending: Pending, review: intake.Review, preview: intake.Preview) -> None:
    """Draw the summary and the button that adds the sites."""
    st.subheader("Check and add", anchor=False)
    if preview.waiting:
        st.caption("Complete the steps at the top of the page, then add the list.")
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
    questions.show_columns(pending, upload, review)
    questions.show_words(pending, review)
    questions.show_questions(pending, upload, review)
    problems.show_problems(pending, upload, review, decisions)
    questions.show_matches(pending, review)
    show_summary(pending, review, preview)


def _show_waiting(preview: intake.Preview) -> None:
    """Draw what remains to be done, or that the list is ready."""
    if preview.waiting:
        listed = "\n".join(f"- {sentence}" for sentence in preview.waiting)
        st.info(f"Before the list can be added:\n\n{listed}")
    elif preview.added or preview.changed:
        st.info("Check how the list was read. Nothing is added until you confirm it below.")
    else:
        st.info("The place has all sites of this list already: there is nothing to add.")
