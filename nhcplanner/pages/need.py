"""Need: who lives here, in what health, on one map with its table, its spread and its sources."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts
from nhcplanner.outputs.maps import plan_map
from nhcplanner.outputs.tables import need
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain

_MAP, _TABLE = "need", "need_table"


def show(place: Place) -> None:
    """Draw the page."""
    if not need.measures(place):
        st.info("This place tells nothing of its areas but where they are.")
        return
    _picture(place)


@session.fragment
def _picture(place: Place) -> None:
    ways = need.measures(place)
    wide, narrow = st.columns([5, 2])
    with narrow:
        chosen = st.radio(
            "Colour areas by",
            list(ways),
            format_func=lambda name: plain(ways[name].title),
            key=session.stays("need_measure", next(iter(ways)), ways),
        )
        measure = ways[chosen]
        shading = measure.shading(place)
        map_view.legend(shading, map_view.lines(place))
    row = _chosen(place)
    with wide:
        chosen_area = plan_map.chosen_layer(place, [] if row is None else [row])
        map_view.areas(place, _MAP, shading, need.tips(place, measure), [chosen_area])
    st.markdown(f"**{plain(measure.title)}.** {plain(measure.meaning)}")
    st.markdown(f"{plain(need.summary(place, measure))}")
    one, spread, every = st.tabs(["Chosen area", "Spread", "All areas"])
    with one:
        _facts(place, row)
    with spread:
        _spread(place, measure, shading)
    with every:
        _table(place)
    missing = need.lacking(place)
    if missing:
        st.caption(f"Not known of this place: {plain(', '.join(missing))}.")


def _chosen(place: Place) -> int | None:
    """The area chosen last, on the map or in the table."""
    clicked = map_view.area_clicked(place, _MAP)
    picked = (session.answer(_TABLE) or {}).get("selection", {}).get("rows", [])
    answers = (clicked, picked[0] if picked else None)
    last = session.newest(f"need {place.name}", *answers)
    return None if last is None else answers[last]


def _facts(place: Place, row: int | None) -> None:
    if row is None:
        st.info("Click an area on the map, or choose a row under All areas, to see what is known.")
        return
    st.subheader(plain(need.labels(place)[row]), anchor=False)
    st.dataframe(need.facts(place, row), hide_index=True)


def _spread(place: Place, measure: need.NeedMeasure, shading: map_view.Shading) -> None:
    if measure.scale is None:
        heads = place.areas["people"].groupby(measure.values(place.areas)).sum()
        st.dataframe(heads.rename("People").rename_axis(measure.title))
        return
    values = measure.values(place.areas)
    people = place.areas["people"]
    chart = charts.distribution(values, people, shading, measure.scale)
    st.altair_chart(charts.legible(chart), width="stretch")


def _table(place: Place) -> None:
    frame = need.table(place)
    st.dataframe(
        frame,
        key=_TABLE,
        hide_index=True,
        height=320,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="",
        column_config={name: _column(frame, name) for name in frame},
    )


def _column(frame: pd.DataFrame, name: str) -> object:
    """Numbers with separators; all else as it is."""
    if not pd.api.types.is_numeric_dtype(frame[name]):
        return None
    return st.column_config.NumberColumn(name, format="localized")
