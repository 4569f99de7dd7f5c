"""Hand-in: export of a plan's documents as one file to download."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.case import TEMPLATE, Case
from nhcplanner.domain.place import Place
from nhcplanner.outputs import export_formats
from nhcplanner.pages import plan_choice, session, uploaded_files
from nhcplanner.pages.session import plain
from nhcplanner.pages.waves import chosen_waves

_SLOT = "hand-in"
_USUAL = ["xlsx"]
_CASE_MB = 1


def show(_: Place) -> None:
    """Draw the page."""
    outcome = plan_choice.choose_plan("before you can export documents")
    if outcome is None:
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        question = _choose(outcome)
        if question is not None:
            _export(question)
    with right:
        _blanks(outcome)


def _choose(outcome: Outcome) -> tuple[Any, ...] | None:
    """Draw formats and amount of evidence; return None if no format is chosen."""
    st.subheader("Documents", anchor=False)
    chosen = [
        name
        for name in export_formats.formats()
        if st.checkbox(
            f"**{export_formats.title(name)}**: {plain(export_formats.words(name))}",
            key=session.widget_key(f"handin_{name}", name in _USUAL),
        )
    ]
    seconds = st.slider(
        "Time for the searches, in seconds",
        10,
        300,
        step=10,
        key=session.widget_key("handin_seconds", 60),
        help="The searches find alternatives, the price of priority, the value of each site and "
        "the plan under other assumptions. More time proves more.",
    )
    waves: tuple[explore.Wave, ...] = ()
    if st.checkbox("Include the waves", key=session.widget_key("handin_waves", False)):
        waves = chosen_waves(outcome)
        st.caption(plain(export_formats.programme([(one.name, one.count) for one in waves])))
    if not chosen:
        st.warning("Choose at least one format.")
        return None
    case = _case(outcome)
    effort = workflow.Effort(seconds=float(seconds), waves=waves, case=case)
    return outcome, tuple(chosen), effort


def _case(outcome: Outcome) -> Case:
    """Draw the uploader of a case file, and what the documents take from it."""
    st.markdown("**Case file**: author, price base, optimism bias, benefits, criteria, reasons")
    st.download_button(
        "Download an empty case file", TEMPLATE, "case.toml", "application/toml", on_click="ignore"
    )
    file = st.file_uploader(
        f"Your case file (TOML), up to {_CASE_MB} MB",
        type="toml",
        max_upload_size=_CASE_MB,
        key=session.case_key(),
        help="Facts that no model can compute. Missing entries stay marked blanks. The file is "
        "kept until you close the app; your saved work does not include it.",
    )
    if file is not None:
        try:
            with st.spinner("Reading the case file"):
                own = workflow.receive_case(file.getvalue(), file.name)
        except InputError as error:
            session.fault_table(error, file.name)
        else:
            uploaded_files.release(file)
            session.keep_case(own)
            st.rerun()
    return _show_case(outcome)


def _show_case(outcome: Outcome) -> Case:
    """Draw the case that the documents use, and its entries that they cannot show."""
    own = session.case()
    if own is None:
        return Case()
    case = own.case
    parts = [
        case.author,
        case.version,
        f"own criteria: {len(case.criteria):,}",
        f"judgements of sites: {len(case.fit):,}",
        f"reasons for ruled-out sites: {len(case.ruled_out):,}",
    ]
    st.success(f"{plain(own.name)} is used: {plain(', '.join(part for part in parts if part))}.")
    for words in own.unmatched(outcome):
        st.warning(f"{plain(words)}. The documents leave these out.")
    if st.button("Do not use this case file"):
        session.keep_case(None)
        st.rerun()
    return case


def _export(question: tuple[Any, ...]) -> None:
    under_way = session.is_working(_SLOT, *question)
    if st.button("Export documents", type="primary", disabled=under_way):
        session.start_work(
            "Exporting documents",
            workflow.make_hand_in,
            *question,
            slot=_SLOT,
            has_partial_result=True,
            is_look=True,
        )
        st.rerun()
    if under_way:
        st.caption("The documents are being made. You can use other pages meanwhile.")
        return
    made = session.result_of(_SLOT, *question)
    if made is None:
        st.caption(
            "The documents are made on the computer that runs this app; nothing is sent elsewhere."
        )
        return
    size = len(made.content) / 1e6
    st.download_button(
        f"Download {plain(made.name)} ({size:.1f} MB)",
        made.content,
        made.name,
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )
    _contents(made)


def _contents(made: workflow.HandInFile) -> None:
    with st.expander(f"Contents: {plural(len(made.files), 'file')}"):
        st.markdown("\n".join(f"- {plain(name)}" for name in made.files))
    if made.reasons:
        with st.expander(f"Missing or incomplete ({len(made.reasons):,})"):
            st.dataframe(export_formats.reasons(made.reasons), hide_index=True)


def _blanks(outcome: Outcome) -> None:
    st.subheader("Figures to fill in", anchor=False)
    st.markdown(
        "Unknown figures stay blank, never zero. The marked cells in the documents are for them."
    )
    st.dataframe(
        export_formats.blanks(outcome),
        hide_index=True,
        height=420,
        column_config={
            "what": st.column_config.Column("Figure", width=225),
            "known": st.column_config.Column(
                "Known", width=65, help="Number of centres for which it is known"
            ),
        },
    )
    st.caption("Never enter figures about patients in these documents.")
