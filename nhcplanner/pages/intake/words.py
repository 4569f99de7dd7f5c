"""Step Words: what the words for status, works and kind mean."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nhcplanner.base.text import plural
from nhcplanner.outputs.wording import terms
from nhcplanner.pages.intake.pending import AnyReview, Pending, widget_key
from nhcplanner.pages.session import plain
from nhcplanner.workflow import intake

STATUSES = {
    "existing": "existing (a centre open today)",
    "committed": "committed (a centre that will open)",
    "candidate": "candidate (may open)",
    "forbidden": "forbidden (must not open)",
}


def show(pending: Pending, review: AnyReview) -> None:
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
