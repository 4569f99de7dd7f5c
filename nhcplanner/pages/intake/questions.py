"""Step Units and questions: units of columns, and questions about the list."""

from __future__ import annotations

import streamlit as st

from nhcplanner.domain.intake import Question
from nhcplanner.pages.intake.messages import app_words, sentence
from nhcplanner.pages.intake.pending import AnyReview, Pending, widget_key
from nhcplanner.pages.session import plain
from nhcplanner.workflow import intake

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
    "m2": "Square metres (m2)",
    "sq ft": "Square feet",
}


def show(pending: Pending, upload: intake.Upload, review: AnyReview) -> None:
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
        fallback = "as each cell says" if ours == "floor_area_m2" else "pounds, unless a cell says"
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
