"""Compare: two plans side by side on maps that move together, and who gains and who loses."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nhcplanner import workflow
from nhcplanner.domain.assessment import Comparison, Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.plan import BY_HAND
from nhcplanner.outputs import charts
from nhcplanner.outputs.maps import panel, plan_map
from nhcplanner.outputs.maps.screen import Behaviour, Drawing
from nhcplanner.outputs.maps.shading import Shading, minutes
from nhcplanner.outputs.report import headline
from nhcplanner.outputs.tables import compare, plans
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import map_view, menu, session
from nhcplanner.pages.session import plain

_HEIGHT = 360
MOST = 4
"""Plans in the table of key figures."""
_IN_STEP = Behaviour(popup=True, group="compare")


def show(place: Place) -> None:  # noqa: ARG001  (each plan has a place of its own)
    """Draw the page."""
    names = session.plan_names()
    if len(names) < 2:
        st.info(
            "You need two plans to compare. Make one under **Plan**, then change the rules, enter "
            "**Plan B** as its name and make that too, or change a plan by hand."
        )
        menu.link("plan", "Go to Plan")
        return
    left, right, more = st.columns([3, 3, 4])
    first = left.selectbox("Plan", names, key=session.widget_key("compare_a", names[0], names))
    second = right.selectbox(
        "Compared with", names, key=session.widget_key("compare_b", names[-1], names)
    )
    others = [name for name in names if name not in (first, second)]
    also = []
    if others:
        also = more.multiselect(
            "Also in the table",
            others,
            key=session.widget_key("compare_also", [], others),
            max_selections=MOST - 2,
            placeholder="Up to two more plans",
        )
    if first == second:
        st.info("Choose two different plans.")
        return
    a, b = session.plan(first), session.plan(second)
    if a is None or b is None:
        session.reopen_plans(first, second)
        st.info("Opening the plans.")
        return
    found = workflow.compare_plans(a, b, (first, second))
    _maps(a, b, (first, second))
    _key_figures((first, second, *also))
    st.markdown("\n".join(f"- {plain(words)}" for words in found.words))
    with st.expander("Rules of both plans"):
        for column, one, name in zip(st.columns(2), (a, b), (first, second), strict=True):
            _show_question(column, one, name)
    _change(a, found, (first, second), _horizon(a, b))
    _tables(found, (first, second), _horizon(a, b))


def _horizon(a: Outcome, b: Outcome) -> float:
    """Return the longest journey that was measured for both plans, in minutes."""
    return min(a.times.horizon, b.times.horizon)


def _show_question(column: DeltaGenerator, one: Outcome, name: str) -> None:
    column.markdown(f"**{plain(name)}**")
    column.markdown(plain(terms.question(one)))
    if one.plan.solver == BY_HAND:  # it is not what the question alone would give
        column.caption(plain(f"Changed by hand: {one.plan.reason}"))


def _maps(a: Outcome, b: Outcome, names: tuple[str, str]) -> None:
    """Draw both plans side by side, each with its first figure."""
    shades, against = (minutes(a), minutes(b)), (None, a)
    both = zip(st.columns(2), (a, b), names, shades, against, "ab", strict=True)
    for column, one, name, shading, other, key in both:
        with column:
            people = headline(one, other)[0]
            figures = ", ".join(filter(None, (f"{people.value} in reach", people.change)))
            st.markdown(f"**{plain(name)}**: {plain(figures)}")  # one line, so that maps align
            _map(one, f"compare {key}", shading)
            if key == "a":
                st.caption(plain(shading.title))
            if key == "a" or shading.labels != shades[0].labels:
                map_view.legend(shading)


@session.fragment
def _map(one: Outcome, key: str, shading: Shading) -> None:
    tip, above = plan_map.area_tips(one, shading), [plan_map.centre_layer(one)]
    map_view.draw(one.place, key, Drawing(shading, tip, above), _IN_STEP, _HEIGHT)


def _key_figures(names: Sequence[str]) -> None:
    """Draw key figures of up to four plans, a row for each."""
    table = plans.table(names, session.key_figures()).drop(columns=["pinned", "made"])
    table[["share", "first_band"]] *= 100
    share = st.column_config.NumberColumn
    st.dataframe(
        table,
        hide_index=True,
        placeholder="",
        column_config={
            "name": "Plan",
            "share": share("People in reach", format="%.1f%%"),
            "first_band": share("Band 1 in reach", format="%.1f%%"),
            **plans.LABELS,
        },
    )


@session.fragment
def _change(a: Outcome, found: Comparison, names: tuple[str, str], horizon: float) -> None:
    """Draw the minutes that each area gains or loses from one plan to the other."""
    wide, narrow = st.columns([5, 3])
    change = compare.shading(a.place, found, horizon)
    with wide:
        st.markdown(f"**Minutes gained and lost**, from {plain(names[0])} to {plain(names[1])}")
        tip = compare.tips(a.place, found, names, horizon)
        map_view.draw(a.place, "compare change", Drawing(change, tip), _IN_STEP, _HEIGHT)
    with narrow:
        map_view.legend(change, panel.ground(a.place))
        st.caption("The three maps move together.")


def _tables(found: Comparison, names: tuple[str, str], horizon: float) -> None:
    who, centres, areas = st.tabs(["Who gains and who loses", "Centres that differ", "All areas"])
    with who:
        every = list(compare.groups(found).items())
        for words, table in every[: compare.FIRST]:
            _group(words, table, names)
        with st.expander("More groups"):
            for words, table in every[compare.FIRST :]:
                _group(words, table, names)
        st.caption(
            "Figures by age, household and disability are estimates: each group is taken to be "
            "spread evenly within each area."
        )
    with centres:
        st.dataframe(
            compare.differing(found),
            hide_index=True,
            column_config={
                "site_id": "Site id",
                "name": "Site",
                "in_a": st.column_config.CheckboxColumn(f"In {names[0]}"),
                "in_b": st.column_config.CheckboxColumn(f"In {names[1]}"),
            },
        )
    with areas:
        st.dataframe(
            compare.areas(found, horizon),
            hide_index=True,
            height=360,
            placeholder=f"more than {horizon:g}",
            column_config={
                "area_code": "Area code",
                "area_name": "Area",
                "people": st.column_config.NumberColumn("People", format="localized"),
                "minutes_a": st.column_config.NumberColumn(f"{names[0]} (min)", format="%.1f"),
                "minutes_b": st.column_config.NumberColumn(f"{names[1]} (min)", format="%.1f"),
                "change": st.column_config.NumberColumn("Change (minutes)", format="%+.1f"),
                "verdict": "Result",
            },
        )


def _group(words: str, table: pd.DataFrame, names: tuple[str, str]) -> None:
    st.markdown(f"**{words}**")
    chart, figures = st.columns([1, 2])
    chart.altair_chart(charts.legible(compare.bars(table)), width="stretch")
    figures.dataframe(
        (table * [1, 1, 100, 100, 1, 1]).rename_axis("Group"),
        column_config={
            "_index": st.column_config.Column(width=112),
            "people": st.column_config.NumberColumn("People", format="localized", width=62),
            "difference": st.column_config.NumberColumn("Gain or loss", format="%+,d", width=84),
            "a": _share(names[0]),
            "b": _share(names[1]),
            "minutes_a": _mean(names[0]),
            "minutes_b": _mean(names[1]),
        },
    )


def _share(name: str) -> object:
    words = "Share of the group's people within reach"
    return st.column_config.NumberColumn(f"{name} (%)", format="%.1f%%", help=words, width=78)


def _mean(name: str) -> object:
    words = (
        "Mean minutes to the centre that the plan sends people to, or to the nearest if it sends "
        "nobody; a longer journey counts as the longest measured"
    )
    return st.column_config.NumberColumn(f"{name} (min)", format="%.1f", help=words, width=86)
