"""Method and data: how figures are made, their sources, and their limits."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner import layers, workflow
from nhcplanner.domain.place import Place
from nhcplanner.outputs.maps import leaflet
from nhcplanner.outputs.sanitise import csv_bytes
from nhcplanner.outputs.wording import method
from nhcplanner.pages import session
from nhcplanner.pages.session import plain

_TITLES = {"Missing": "Data missing", "Old": "Old data"}


def show(place: Place) -> None:
    """Draw the page."""
    data, how, parameters, limits, words = st.tabs(
        ["Data of this place", "How it works", "Parameters", "Limits", "Glossary and versions"]
    )
    with data:
        _data(place)
    with how:
        st.markdown(method.STORY)
        st.subheader("Aims", anchor=False)
        st.table(method.aims())
    with parameters:
        st.markdown(
            "The settings under **Plan** and in a scenario file: their names there, their current "
            "values, and where each default comes from."
        )
        st.table(_as_text(method.parameters(session.scenario())))
    with limits:
        st.subheader("What the planner leaves out", anchor=False)
        st.markdown(method.LIMITS)
    with words:
        words_of = method.GLOSSARY | workflow.glossary()
        st.table(pd.Series(words_of, name="Meaning").rename_axis("Word"))
        st.subheader("Background of the maps", anchor=False)
        st.markdown(plain(leaflet.background_in_words()))
        st.subheader("Versions", anchor=False)
        st.table(pd.Series(workflow.versions(), name="Version").rename_axis("Part"))


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the frame for `st.table`, which would read its text as Markdown."""
    return frame.map(lambda cell: plain(cell) if isinstance(cell, str) else cell)


def _data(place: Place) -> None:
    st.subheader("Sources", anchor=False)
    st.markdown(
        "Every figure comes from these. Compare the SHA-256 to check that a file is the same file."
    )
    sources = method.sources(place)
    if sources.empty:
        st.info("The sources of this place are not recorded.")
    else:
        st.dataframe(
            sources,
            hide_index=True,
            placeholder="",
            column_config={
                "What it is": st.column_config.Column(width=330),
                "Publisher": st.column_config.Column(width=190),
                "Period": st.column_config.Column(width=130),
                "Rows": st.column_config.NumberColumn(format="localized"),
            },
        )
        st.download_button(
            "Download sources (CSV)", lambda: csv_bytes(sources), "sources.csv", "text/csv"
        )
    sections = [one for one in layers.sections(place) if one.title != "Sources"]
    for section in sections:
        with st.expander(_TITLES.get(section.title, section.title)):
            st.markdown("\n".join(f"- {plain(line)}" for line in section.lines))
    with st.expander("Meaning of each column"):
        st.dataframe(method.columns(), hide_index=True, placeholder="")
