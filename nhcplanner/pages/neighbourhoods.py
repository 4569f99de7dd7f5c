"""Neighbourhoods: footprints on a map, their figures, and areas moved by hand."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.neighbourhoods import LEAST, MOST, TARGET, Bounds, Division
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Mode
from nhcplanner.outputs.sanitise import csv_bytes
from nhcplanner.outputs.tables import neighbourhoods
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain
from nhcplanner.workflow.access import travel_settings

_SLOT = "neighbourhoods"
_BUILD, _TAKE = "Build new ones", "Use those in the data"
_MODES: tuple[Mode, ...] = ("drive", "walk", "cycle")


def show(place: Place) -> None:
    """Draw the page."""
    with session.report_errors():
        work, question = _ask(place)
        result = session.result_of(_SLOT, *question)
        if result is None:
            if session.is_working(_SLOT, *question):
                st.info("Neighbourhoods are being worked out. This page shows them when ready.")
                return
            st.markdown(
                "A neighbourhood joins areas whose people live close together. Set how many people "
                "it may have, then press **Show neighbourhoods**."
            )
            if st.button("Show neighbourhoods", type="primary"):
                session.start_work("Working out neighbourhoods", work, *question, slot=_SLOT)
                st.rerun()
            return
        _result(place, result)


def _ask(place: Place) -> tuple[Callable[..., Division], tuple[object, ...]]:
    """Draw the choices; return the work and its arguments."""
    ways = [_BUILD, _TAKE] if "neighbourhood" in place.areas else [_BUILD]
    left, *numbers, right = st.columns([1.4, 1.2, 1.2, 1.2, 1.2])
    way = left.radio("Source", ways, key=session.widget_key("nb_way", ways[-1], ways))
    figures = [
        column.number_input(
            label, min_value=1, step=1000, key=session.widget_key(f"nb_{label}", usual)
        )
        for column, label, usual in zip(
            numbers,
            ("Target (people)", "Fewest people", "Most people"),
            (TARGET, LEAST, MOST),
            strict=True,
        )
    ]
    mode = right.selectbox(
        "People travel", _MODES, format_func=terms.option,
        key=session.widget_key("nb_mode", _MODES[0], _MODES),
    )  # fmt: skip
    target, least, most = (float(one or usual) for one, usual in
                           zip(figures, (TARGET, LEAST, MOST), strict=True))  # fmt: skip
    bounds = Bounds(target, least, most, mode=mode)
    scenario = travel_settings(session.scenario())
    if way == _TAKE:
        return workflow.take_neighbourhoods, (place, None, bounds, scenario)
    return workflow.build_neighbourhoods, (place, bounds, scenario)


@session.fragment
def _result(place: Place, built: Division) -> None:
    division = _by_hand(built)
    st.markdown(f"**{plain(division.summary)}**")
    shading, tips = neighbourhoods.shading(division), neighbourhoods.tips(division)
    row = map_view.draw_areas(place, "neighbourhoods", shading, tips)
    st.caption(
        "Neighbourhoods that touch have different colours; the same colour elsewhere is another "
        "neighbourhood. Point at an area to see its name."
    )
    if row is not None:
        area = division.areas.iloc[row]
        st.markdown(plain(f"Chosen: {area['area_code']}, {area['neighbourhood']}"))
    table, moved, need, about = st.tabs(
        ["Neighbourhoods", "Changed by hand", "Without a centre", "Parts and notes"]
    )
    frame = neighbourhoods.for_reading(division)
    table.dataframe(frame, hide_index=True, column_config=_columns(frame))
    table.download_button(
        "Download the lookup of areas (CSV)",
        lambda: csv_bytes(neighbourhoods.lookup(division)),
        "neighbourhoods.csv",
        "text/csv",
    )
    changes = neighbourhoods.changes(built, division)
    if changes.empty:
        moved.info("No changes: move areas by hand, above the map.")
    else:
        moved.dataframe(changes, hide_index=True, placeholder="", column_config=_columns(changes))
    with_names = workflow.with_neighbourhoods(place, division)
    without = workflow.neighbourhoods_without_centre(with_names, session.scenario(), session.plan())
    need.dataframe(without, hide_index=True, column_config=_columns(without))
    about.dataframe(division.parts, hide_index=True)
    about.markdown("\n".join(f"- {plain(note)}" for note in division.notes))


def _columns(frame: pd.DataFrame) -> dict[str, object]:
    """Return headings in words, and numbers with separators or one decimal."""
    columns: dict[str, object] = {}
    for name in map(str, frame):
        label = neighbourhoods.WORDS.get(name, name)
        if pd.api.types.is_float_dtype(frame[name]):
            columns[name] = st.column_config.NumberColumn(label, format="%.1f")
        elif pd.api.types.is_integer_dtype(frame[name]):
            columns[name] = st.column_config.NumberColumn(label, format="localized")
        else:
            columns[name] = st.column_config.Column(label)
    return columns


def _by_hand(built: Division) -> Division:
    """Draw the list of areas, whose neighbourhoods can be changed; return the division changed."""
    with st.expander("Move areas by hand"):
        frame = neighbourhoods.lookup(built)
        names = sorted(set(frame["neighbourhood"]))
        edited = st.data_editor(
            frame,
            hide_index=True,
            disabled=[name for name in frame if name != "neighbourhood"],
            column_config=_columns(frame)
            | {
                "neighbourhood": st.column_config.SelectboxColumn(
                    "Neighbourhood", options=names, required=True
                )
            },
            key=f"nb moves {built.summary}",
        )
    return _moved(built, edited)


def _moved(division: Division, edited: pd.DataFrame) -> Division:
    changed = edited["neighbourhood"].to_numpy() != division.names.to_numpy()
    for area, name in edited.loc[changed, ["area_code", "neighbourhood"]].itertuples(index=False):
        division = workflow.move_area(division, str(area), str(name))
    return division
