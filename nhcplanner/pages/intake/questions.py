"""Questions about an uploaded list: its columns, words and units, and sites met before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner.base.text import plural
from nhcplanner.domain.columns import AREAS, SITES, Column
from nhcplanner.domain.intake import Question
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import session
from nhcplanner.pages.intake.pending import ONE_BY_ONE, Pending, widget_key
from nhcplanner.pages.session import app_words, plain, sentence
from nhcplanner.workflow import intake
from nhcplanner.workflow.intake import ADD, CHANGE, LEAVE_OUT, NOT_USED

ANSWERS = {
    "building": "Existing buildings that may become a centre",
    "nhc": "Neighbourhood health centres that are open today",
    "accept": "Use the figures as they are",
    "read": "Read these rows",
    "leave": "Leave these rows out",
    "one": "All columns, as one table",
    "two": "The first table only",
    "keep": "Keep both rows as sites of their own",
    "pounds": "Pounds",
    "thousands": "Thousands of pounds",
    "millions": "Millions of pounds",
    "share": "Shares of 1",
    "percent": "Per cent",
    "m2": "Square metres (m²)",
    "sq ft": "Square feet",
}


def show_questions(pending: Pending, upload: intake.Upload, review: intake.FileReview) -> None:
    """Draw units and questions; nothing if there are none."""
    questions = {
        key: group for key, group in review.questions.items() if not intake.is_word_question(key)
    }
    units = [ours for ours in review.units if f"{ours}.unit" not in questions]
    if not questions and not units:
        return
    st.subheader("Units and questions", anchor=False)
    names = {choice.ours: choice.theirs for choice in review.columns if choice.ours}
    for key, group in questions.items():
        _question(pending, upload, key, group)
    for ours in units:
        options = ["", *intake.UNITS[ours]]
        unit = review.units[ours]
        fallback = "pounds, unless a cell states another unit"
        fallback = "as each cell states" if ours == "floor_area_m2" else fallback
        start = f"As the heading says: {unit}" if unit else f"Not in the heading: {fallback}"
        words, choice = st.columns([3, 2], vertical_alignment="center")
        words.markdown(f"Unit of **{plain(names[ours])}**")
        choice.selectbox(
            f"Unit of {plain(names[ours])}",
            options,
            format_func=lambda value, start=start: ANSWERS.get(value, value) if value else start,
            key=widget_key(pending, f"answer {ours}.unit", "", options),
            label_visibility="collapsed",
        )


def _question(
    pending: Pending, upload: intake.Upload, key: str, questions: tuple[Question, ...]
) -> None:
    for question in questions:
        where = f"Column {question.column} " if question.column in upload.columns else ""
        words = f"{where}{app_words(question.problem)}"
        st.markdown(plain(sentence(words[:1].upper() + words[1:])))
    options = list(questions[0].answers)
    if not options:
        st.text_input("Answer", key=widget_key(pending, f"answer {key}", ""))
        return
    st.radio(
        "Your answer" if len(options) > 1 else "Your answer, if the list is right as it is",
        options,
        index=None,
        format_func=answer_label,
        key=widget_key(pending, f"answer {key}", None),
        horizontal=len(options) > 2,
    )


def answer_label(answer: str) -> str:
    """Return the label of an answer to a question."""
    return plain(ANSWERS.get(answer, answer))


def _labels(columns: Iterable[Column]) -> dict[str, str]:
    labels = {one.name: f"{one.label} ({one.unit})" if one.unit else one.label for one in columns}
    return {NOT_USED: "Not used", **labels}


POSITION_FIELDS = {
    "easting": "Easting (metres)",
    "northing": "Northing (metres)",
    "lon": "Longitude (degrees)",
    "lat": "Latitude (degrees)",
}
FIELDS = {
    **_labels(SITES),
    "cost": "Cost (pounds, paid once)",
    **POSITION_FIELDS,
    "grid_reference": "Grid reference",
}
AREA_FIELDS = {
    **_labels(column for column in AREAS if column.kind != "geometry"),
    intake.OWN_MEASURE: "A measure of need of your own (0 or more)",
}
PROJECTION_FIELDS = {
    NOT_USED: "Not used", "code": "Code of the council or sub-ICB location", "name": "Name",
    "age": "Age or age band", "sex": "Sex", "component": "Component (population, births, ...)",
    intake.OF_YEAR: "People of the year in the heading", "year": "Year", "people": "People",
}  # fmt: skip
HOUSING_FIELDS = {
    NOT_USED: "Not used", "name": "Name", "homes": "Homes", "minimum": "Fewest homes",
    "maximum": "Most homes", "year": "Year in which the homes are complete",
    "people_per_home": "People per home", "ended": "Date of removal from the register",
    **POSITION_FIELDS, "grid_reference": "Grid reference", "postcode": "Postcode",
    "wkt": "Point or shape (WKT)",
}  # fmt: skip
FIELDS_OF = {
    "sites": FIELDS, "table": AREA_FIELDS, "areas": {**AREA_FIELDS, **POSITION_FIELDS},
    "projections": PROJECTION_FIELDS, "housing": HOUSING_FIELDS,
}  # fmt: skip
"""Role of a file -> what its columns may be used as."""


def show_columns(pending: Pending, upload: intake.Upload, review: intake.FileReview) -> None:
    """Draw what each column is used as."""
    st.subheader("Columns", anchor=False)
    _source(pending, upload)
    fields = FIELDS_OF[upload.role]
    guesses = upload.guesses
    rest = []
    for n, choice in enumerate(review.columns):
        if guesses.get(choice.theirs) or choice.problem or choice.theirs not in guesses:
            _column(pending, n, choice, guesses, fields)
        else:
            rest.append((n, choice))
    if rest:
        columns = plural(len(rest), "column")
        label = f"{columns} not recognised: not used unless you choose what to use them as"
        with st.expander(label, expanded=len(rest) <= 6):
            for n, choice in rest:
                _column(pending, n, choice, guesses, fields)


def _source(pending: Pending, upload: intake.Upload) -> None:
    """Name the sheet and headings that were read; offer other sheets and hidden rows."""
    record = upload.table.intake
    details = [f"sheet {record.sheet}"] if record.sheet else []
    details += [f"headings in row {record.heading_row}"] if record.heading_row else []
    details += [plural(len(upload.table.frame), "row"), plural(len(upload.columns), "column")]
    st.markdown(f"**{plain(pending.name)}**: {plain(', '.join(details))}.")
    if len(upload.table.sheets) > 1:
        sheet = st.selectbox(
            "Sheet to read",
            upload.table.sheets,
            index=upload.table.sheets.index(record.sheet),
            key=f"{pending.prefix} sheet",
        )
        if sheet != record.sheet:
            pending.load(sheet=sheet)
            st.rerun()
    if record.rows_hidden:
        is_read = dict(upload.options).get("hidden") == "read"
        rows = plural(record.rows_hidden, "hidden or filtered row")
        is_wanted = st.checkbox(f"Also read {rows}", value=is_read, key=f"{pending.prefix} hidden")
        if is_wanted != is_read:
            pending.load(hidden="read" if is_wanted else "")
            st.rerun()


def _column(
    pending: Pending,
    number: int,
    column: intake.ColumnChoice,
    guesses: dict[str, str],
    fields: Mapping[str, str],
) -> None:
    words, choice = st.columns([3, 2], vertical_alignment="center")
    samples = "; ".join(column.samples) or "no values"
    words.markdown(f"**{plain(column.theirs)}**  \n{plain(samples)}")
    guess = guesses.get(column.theirs)
    choice.selectbox(
        f"Use column {plain(column.theirs)} as",
        list(fields),
        index=None if guess is None else 0,
        format_func=fields.__getitem__,
        placeholder="Choose",
        key=widget_key(pending, f"column {number}", guess),
        label_visibility="collapsed",
    )
    if column.problem:
        words.error(plain(sentence(column.problem)))


STATUSES = {
    "existing": "existing (a centre open today)",
    "committed": "committed (a centre that will open)",
    "candidate": "candidate (may open)",
    "forbidden": "forbidden (must not open)",
}


def show_words(pending: Pending, review: intake.FileReview) -> None:
    """Draw the words for status, works and kind with their meanings."""
    for column, label in (("status", "Status"), ("works", "Works"), ("kind", "Kind")):
        words = [choice for choice in review.words if choice.column == column]
        if not words:
            continue
        unknown = sum(not choice.ours for choice in words if choice.word)
        not_known = f", {unknown:,} not known" if unknown else ""
        heading = f"Words of {label}: {plural(len(words), 'word')}{not_known}"
        with st.expander(heading, expanded=bool(unknown) or column == "status"):
            for choice in words[: intake.MOST_WORDS]:
                _word(pending, choice)
            if len(words) > intake.MOST_WORDS:
                rest = len(words) - intake.MOST_WORDS
                st.caption(f"{plural(rest, 'more word')} kept as they are.")


def _word(pending: Pending, word: intake.WordChoice) -> None:
    options = list(intake.WORD_COLUMNS[word.column])
    blank = "" if word.word or word.column != "status" else "candidate"
    start = word.guess or blank
    options += [start] if start and start not in options else []
    text, box = st.columns([3, 2], vertical_alignment="center")
    label = plain(word.word) if word.word else "Blank, TBC or the like"
    text.markdown(f"{label} ({plural(word.count, 'row')})")
    box.selectbox(
        f"{label} means",
        options,
        index=0 if start else None,
        format_func=_word_label(word.column),
        placeholder="Choose",
        key=widget_key(pending, f"word {(word.column, word.word)}", start or None),
        label_visibility="collapsed",
    )
    if word.word and not word.ours:
        text.error("Say what this word means.")


def _word_label(column: str) -> Any:
    if column == "status":
        return lambda word: STATUSES.get(word, word)
    return terms.kind if column == "kind" else str


MATCHES = {
    CHANGE: "The same site: change the site of the place",
    LEAVE_OUT: "Leave out",
    ADD: "Another site: add it",
}


def show_matches(pending: Pending, review: intake.Review) -> None:
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
