"""The uploader, the errors of files that cannot be read, and the result of the last list."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import streamlit as st

from nhcplanner.base.errors import without_folders
from nhcplanner.base.text import shortened
from nhcplanner.domain.intake import questions_of
from nhcplanner.pages import session, uploaded_files
from nhcplanner.pages.intake.messages import app_words, fault_table, sentence
from nhcplanner.pages.intake.pending import Pending, cancel_button, pending_list
from nhcplanner.pages.intake.questions import answer_label
from nhcplanner.pages.session import plain
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
