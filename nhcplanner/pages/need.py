"""Need: people and their health on one map, with a table and a distribution."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts
from nhcplanner.outputs.maps.screen import Drawing
from nhcplanner.outputs.maps.shading import Shading
from nhcplanner.outputs.tables import need
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain

_MAP, _TABLE = "need", "need_table"
MANY = 7_000
"""Number of areas from which only the tab that is open is worked out."""


def show(place: Place) -> None:
    """Draw the page."""
    if not need.measures(place):
        st.info(
            "This place has no measure of need. Add one, for example the IMD rank of each area, "
            "then open the place again."
        )
        return
    _map_and_tables(place)


@session.fragment
def _map_and_tables(place: Place) -> None:
    measures = need.measures(place)
    wide, narrow = st.columns([5, 2])
    with narrow:
        chosen = st.radio(
            "Colour areas by",
            list(measures),
            format_func=lambda name: plain(measures[name].title),
            key=session.widget_key("need_measure", next(iter(measures)), measures),
        )
        measure = measures[chosen]
        shading = measure.shading(place)
        map_view.legend(shading, map_view.line_legend(place))
        in_part = map_view.choose_part(place)
    row = _chosen(place)
    with wide:
        chosen_area = [] if row is None else [row]
        drawing = Drawing(shading, need.tips(place, measure), chosen=chosen_area, in_part=in_part)
        map_view.draw(place, _MAP, drawing)
    st.markdown(f"**{plain(measure.title)}.** {plain(measure.meaning)}")
    st.markdown(f"{plain(need.summary(place, measure))}")
    parts: dict[str, Callable[[], None]] = {
        "Chosen area": lambda: _facts(place, row),
        "Distribution": lambda: _spread(place, measure, shading),
        "All areas": lambda: _table(place),
        "People by year": lambda: _years(place),
    }
    is_large = len(place.areas) > MANY
    tabs = st.tabs(list(parts), on_change="rerun" if is_large else "ignore")
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open or not is_large:
            with tab:
                draw()
    missing = need.lacking(place)
    if missing:
        st.caption(f"Data missing for this place: {plain(', '.join(missing))}.")


def _chosen(place: Place) -> int | None:
    """Return the row of the area chosen last, on the map or in the table."""
    clicked = map_view.clicked_area(place, _MAP)
    picked = (session.answer(_TABLE) or {}).get("selection", {}).get("rows", [])
    answers = (clicked, picked[0] if picked else None)
    last = session.latest_index(f"need {place.name}", *answers)
    return None if last is None else answers[last]


def _facts(place: Place, row: int | None) -> None:
    if row is None:
        st.info("Click an area on the map, or choose a row under All areas, to see its figures.")
        return
    st.subheader(plain(need.labels(place)[row]), anchor=False)
    st.dataframe(need.facts(place, row), hide_index=True)


def _spread(place: Place, measure: need.NeedMeasure, shading: Shading) -> None:
    if measure.scale is None:
        heads = place.areas["people"].groupby(measure.values(place.areas)).sum()
        st.dataframe(heads.rename("People").rename_axis(measure.title))
        return
    values = measure.values(place.areas)
    people = place.areas["people"]
    chart = charts.distribution(values, people, shading, measure.scale)
    st.altair_chart(charts.legible(chart), width="stretch")


def _years(place: Place) -> None:
    """Draw people by year and age, with their source and method."""
    projection = place.projection
    if projection is None:
        st.info(
            "This place has no population projection. Build it with --projections, or open a part "
            "of England."
        )
        return
    scenario = session.scenario()
    years = workflow.years_of(place, scenario)
    table = need.by_year(workflow.year_tables(place, scenario, years)["years"])
    number = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        table,
        column_config={
            "_index": st.column_config.NumberColumn("Year", format="%d"),
            **{name: number for name in table if name != "Basis"},
        },
    )
    st.markdown(plain(f"{workflow.projection_words(projection)}."))
    then = place.in_year(years[-1], scenario.housing)
    st.markdown("\n".join(f"- {plain(note)}." for note in then.year_notes[1:]))
    st.caption("Set the year that a plan is for on the page Plan, under Rules, Need.")


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
        column_config={name: _column(frame, name, unit) for name, unit in need.units().items()
                       if name in frame},
    )  # fmt: skip


def _column(frame: pd.DataFrame, name: str, unit: str) -> object:
    """Show years with one decimal, shares in per cent and other numbers with separators."""
    if not pd.api.types.is_numeric_dtype(frame[name]):
        return st.column_config.Column(name)  # None would hide the column
    if unit == need.SHARE:
        return st.column_config.NumberColumn(f"{name} (%)", format="percent")
    if unit == "years":
        return st.column_config.NumberColumn(f"{name} (years)", format="%.1f")
    return st.column_config.NumberColumn(name, format="localized")
