"""Own areas and tables on the page Start: upload, check each file, confirm, and open the place."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import streamlit as st

from nhcplanner import layers
from nhcplanner.base.text import plural
from nhcplanner.domain.place import Place
from nhcplanner.pages import session, uploaded_files
from nhcplanner.pages.intake import problems, questions
from nhcplanner.pages.intake.pending import (
    Pending,
    PendingPlace,
    cancel_button,
    decisions_of,
    pending_place,
)
from nhcplanner.pages.intake.upload import MAX_MB, TYPES, show_error
from nhcplanner.pages.session import app_words, plain, sentence
from nhcplanner.workflow import intake

MOST_FILES = 8
"""Files of one place: areas, a list of buildings and tables."""
HINTS = {
    "areas": "One row for each area, with its code, people and position or shape.",
    "table": "One row for each area or council, with its code: need, people, deprivation, cars, "
    "neighbourhood.",
    "sites": "The buildings that may become a centre.",
    "projections": "People of each council or sub-ICB location by age, a column for each year.",
    "housing": "New homes with their year and place, or a brownfield register.",
}


def is_place_pending() -> bool:
    """Whether files of a place wait to be checked and confirmed."""
    pending = pending_place()
    return pending is not None and pending.is_ready


def place_uploader(place: Place) -> None:
    """Draw the uploader of areas, tables and a list of buildings, and the files so far."""
    st.warning(
        "Upload statistics about areas and lists of buildings only. **Never upload anything about "
        "patients.**",
        icon=":material/shield_person:",
    )
    pending = pending_place() or PendingPlace(is_new=False)
    kinds = {False: f"Add tables to {plain(place.title)}", True: "Make a new place of own areas"}
    is_new = st.radio("What to make", list(kinds), int(pending.is_new),
                      format_func=kinds.__getitem__)  # fmt: skip
    if is_new != pending.is_new:
        pending = PendingPlace(is_new)
        session.keep_upload(pending)
    st.caption("Registered patients by practice and area go to the page Access today.")
    _files(pending)
    roles = _missing_roles(pending)
    if len(pending.files) < MOST_FILES:
        role = st.radio("Kind of file", roles, format_func=intake.ROLES.__getitem__,
                        captions=[HINTS[role] for role in roles])  # fmt: skip
        file = st.file_uploader(
            f"Excel, CSV or GIS layer, up to {MAX_MB} MB",
            type=TYPES,
            max_upload_size=MAX_MB,
            key=f"{session.upload_key()} place {len(pending.files)} {is_new}",
            help="Nothing is changed before you have seen a summary and confirmed it.",
        )
        if file is not None:
            _receive(pending, file, str(role))
    is_sound = bool(pending.files) and all(one.error is None for one in pending.files)
    if is_sound and st.button("Check the files", type="primary"):
        pending.is_ready = True
        st.rerun()


def _missing_roles(pending: PendingPlace) -> list[str]:
    """Kinds of files that can still be added: any tables, one of each other kind."""
    roles = [role for role in intake.ROLES if pending.is_new or role not in ("areas", "sites")]
    roles_so_far = {one.role for one in pending.files}
    return [role for role in roles if role == "table" or role not in roles_so_far]


def _files(pending: PendingPlace) -> None:
    """List the files so far, each with its error and a button to remove it."""
    for number, one in enumerate(pending.files):
        name, button = st.columns([4, 1], vertical_alignment="center")
        name.markdown(f"**{plain(one.name)}**: {intake.ROLES[one.role]}")
        if button.button("Remove", key=f"remove {number} {one.sha}"):
            del pending.files[number]
            st.rerun()
        if one.error is not None:
            show_error(one)


def _receive(pending: PendingPlace, file: Any, role: str) -> None:
    """Take an uploaded file over from the server's memory, and read it."""
    content = file.getvalue()
    sha = sha256(content).hexdigest()
    if any(sha == one.sha or file.name == one.name for one in pending.files):
        st.error(f"{plain(file.name)} is one of the files already.")
        return
    one = Pending(file.name, content, sha, role=role)
    with st.spinner("Reading the file"):
        one.load()
    if one.error is not None and intake.patient_columns(one.error):
        uploaded_files.release(file)
        show_error(one)
        return
    pending.files.append(one)
    if session.upload() is not pending:
        session.keep_upload(pending)
    uploaded_files.release(file)
    st.rerun()


@session.fragment
def place_steps(place: Place) -> None:
    """Draw every step of the files that wait, until they are confirmed or cancelled."""
    pending = pending_place()
    if pending is None or any(one.upload is None or one.error for one in pending.files):
        if pending is not None:
            pending.is_ready = False
        st.rerun()
    else:
        _draw_steps(place, pending)


def _draw_steps(place: Place, pending: PendingPlace) -> None:
    base = None if pending.is_new else place
    files = [
        intake.PlaceFile(one.upload, one.content, decisions_of(one, one.upload))
        for one in pending.files
        if one.upload is not None
    ]
    basis = [(one.upload, one.decisions) for one in files]
    if pending.read is None or pending.read[0] is not base or pending.read[1] != basis:
        with st.spinner("Checking the files"):
            pending.read = (base, basis, intake.review_place(files, base))
    review = pending.read[2]
    is_without = {one.name: one.decisions.no_faulty for one in files}
    waiting = review.waiting(is_without)
    st.subheader("A new place" if base is None else f"Add tables to {plain(place.title)}",
                 anchor=False)  # fmt: skip
    if waiting:
        listed = "\n".join(f"- {plain(sentence(line))}" for line in waiting)
        st.info(f"Before the place can be opened:\n\n{listed}")
    else:
        st.info("Check how the files were read. Nothing is changed until you confirm it below.")
    for one, file in zip(pending.files, files, strict=True):
        _file(one, file, review.files[file.name])
    _confirm(pending, review, waiting)


def _file(one: Pending, file: intake.PlaceFile, review: intake.FileReview) -> None:
    """Draw the steps of one file."""
    one.words = [(choice.column, choice.word) for choice in review.words]
    one.keys = [*(f"{ours}.unit" for ours in review.units), *review.questions]
    st.subheader(f"{intake.ROLES[one.role]}: {plain(one.name)}", anchor=False, divider=True)
    if review.is_long:
        st.caption("A row for each code, sex and period: columns are recognised by their headings.")
    else:
        questions.show_columns(one, file.upload, review)
    questions.show_words(one, review)
    questions.show_questions(one, file.upload, review)
    problems.show_problems(one, file.upload, review, file.decisions)


def _confirm(pending: PendingPlace, review: intake.PlaceReview, waiting: list[str]) -> None:
    """Draw the summary, and the button that opens the place."""
    st.subheader("Check and open", anchor=False)
    made = review.place
    if not waiting and made is not None:
        st.markdown(
            f"{plural(len(made.areas), 'area')}, {made.people:,} people, "
            f"{plural(len(made.sites), 'site')}."
        )
        for record in review.records:
            lines = "\n".join(f"- {plain(app_words(line.removeprefix('- ')))}"
                              for line in record.lines())  # fmt: skip
            st.markdown(f"**{plain(record.file)}**\n\n{lines}")
        known = {one.file for one in review.records}
        joined = [f"{one.file}: {one.joined}" for one in made.sources
                  if one.file in known and one.joined]  # fmt: skip
        if joined:
            listed = "\n".join(f"- {plain(line)}" for line in joined)
            st.markdown(f"**Rows that matched**\n\n{listed}")
        st.caption("Plans of the place that is open now stay under Your saved work.")
    confirm, back, cancel = st.columns([2, 2, 4])
    if confirm.button("Open the place", type="primary", disabled=bool(waiting) or made is None):
        with session.report_errors(), st.spinner("Making the place"):
            if made is not None:
                session.upload_place(layers.pack_place(made))
                st.rerun()
    if back.button("Back: add or remove files"):
        pending.is_ready = False
        st.rerun()
    with cancel:
        cancel_button()
