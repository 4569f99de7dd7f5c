"""Trade-offs: two goals against each other, alternatives, and the sites that they share."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts
from nhcplanner.outputs.tables import alternatives, trade_off
from nhcplanner.pages import map_view, plan_choice, session
from nhcplanner.pages.alternatives import keep_button, show_plans, show_sites
from nhcplanner.pages.session import plain

GOALS, GOOD, SITES = "Two goals", "Alternatives", "Sites in good plans"
_SLOT, _CHART, _TABLE = "trade-off", "trade_off_chart", "trade_off_table"
UPDATE_SECONDS = 1.0
"""Seconds between two updates of the curve while points are found."""


def show(_: Place) -> None:
    """Draw the page."""
    outcome = plan_choice.choose_plan("to compare its goals and find alternatives")
    if outcome is None:
        return
    views = [GOALS, GOOD, SITES]
    view = st.segmented_control(
        "View",
        views,
        key=session.widget_key("trade_view", GOALS, views),
        label_visibility="collapsed",
    )
    if view == GOOD:
        show_plans(outcome)
    elif view == SITES:
        show_sites(outcome)
    else:
        _goals(outcome)


def _goals(outcome: Outcome) -> None:
    question = _choose(outcome)
    if question is None:
        st.warning("Choose two different goals.")
        return
    if session.is_working(_SLOT, *question):
        _show_partial(outcome, question)
        return
    found = session.result_of(_SLOT, *question)
    if found is not None:
        _show_result(outcome, question, found)
    else:
        st.info(
            "Choose two goals, then press **Compare goals**. Each mark is a plan that is best on "
            "one "
            "goal at a given level of the other. The plan's limits and rules apply; these two "
            "goals "
            "replace its own."
        )


def _choose(outcome: Outcome) -> tuple[Any, ...] | None:
    """Draw the two goals and the number of points; return None if the goals are the same."""
    names = workflow.aims_of(outcome)
    one, two, many, button = st.columns([4, 4, 3, 2], vertical_alignment="bottom")
    chosen = [
        column.selectbox(
            label,
            names,
            format_func=lambda name: trade_off.AIMS[name][0],
            key=session.widget_key(f"trade_{label}", names[start], names),
        )
        for column, label, start in ((one, "First goal", 0), (two, "Second goal", 1))
    ]
    points = many.slider("Plans on the curve", 3, 30, key=session.widget_key("trade_points", 12))
    seconds = max(outcome.scenario.time_limit, 60.0)
    if chosen[0] == chosen[1]:
        return None
    question = (outcome, *chosen, explore.Pace(points=points, seconds=seconds))
    under_way = session.is_working(_SLOT, *question)
    if button.button("Compare goals", type="primary", width="stretch", disabled=under_way):
        label = " against ".join(trade_off.AIMS[name][0].lower() for name in chosen)
        session.start_work(
            f"Comparing goals: {label}", workflow.make_trade_off, *question, slot=_SLOT
        )
        st.rerun()
    return question


def _show_partial(outcome: Outcome, question: tuple[Any, ...]) -> None:
    @st.fragment(run_every=UPDATE_SECONDS)  # type: ignore[untyped-decorator]
    def partial_curve() -> None:
        with session.report_errors():
            points = session.latest_report(_SLOT, "points") or ()
            if points:
                _draw_curve(outcome, question, explore.curve(points), None)
            else:
                st.info("Plans appear as they are found. **Stop** keeps those found so far.")

    partial_curve()


def _show_result(outcome: Outcome, question: tuple[Any, ...], found: workflow.TradeOff) -> None:
    if not found.curve.points:
        st.error(
            plain(
                found.reason
                or "No plan was found in the time. Choose other goals, or allow more time under "
                "Plan."
            )
        )
        return
    if found.left_out:
        st.caption(f"{found.left_out:,.0f} people out of reach of every site are left out.")
    _show_curve(outcome, question, found)


@session.fragment
def _show_curve(outcome: Outcome, question: tuple[Any, ...], found: workflow.TradeOff) -> None:
    _draw_curve(outcome, question, found.curve, found.complete)


def _draw_curve(
    outcome: Outcome, question: tuple[Any, ...], curve: explore.Curve, complete: bool | None
) -> None:
    first, second = question[1:3]
    points = trade_off.table([point.plan for point in curve.points], curve.knees)
    name = f"{first} {second}"
    chosen = _chosen(name, len(points))
    st.markdown(plain(trade_off.summary(points, first, second, complete)))
    left, right = st.columns([6, 5])
    with left:
        st.altair_chart(
            charts.legible(trade_off.chart(points, first, second, chosen + 1)),
            key=f"{_CHART} {name}",
            on_select="rerun",
            selection_mode=trade_off.PICK,
            width="stretch",
        )
        st.caption(
            "Click a mark, or choose a row below, to see its plan. Grey bars show what is not "
            "proved."
        )
        words = alternatives.differs(outcome.place, outcome.plan, curve.points[chosen].plan)
        st.markdown(f"**Plan {chosen + 1}** compared with the plan above: {plain(words)}")
    outcome_of_point = workflow.with_plan(outcome, curve.points[chosen].plan)
    with right:
        st.markdown(f"**{plain(trade_off.point_in_words(points.iloc[chosen], first, second))}**")
        map_view.draw_plan(outcome_of_point, "trade-off", 330)
        keep_button(outcome_of_point, f"trade {name}")
    _table(points, name, first, second)


def _chosen(name: str, number: int) -> int:
    """Return the position of the point chosen last, on the chart or in the table; 0 at first."""
    state = (session.answer(f"{_CHART} {name}") or {}).get("selection", {})
    picked = [one["point"] - 1 for one in state.get(trade_off.PICK, [])]
    rows = (session.answer(f"{_TABLE} {name}") or {}).get("selection", {}).get("rows", [])
    answers = (picked[0] if picked else None, rows[0] if rows else None)
    return min(session.latest_answer(f"trade {name}", *answers) or 0, number - 1)


def _table(points: pd.DataFrame, name: str, first: str, second: str) -> None:
    frame = points.assign(
        proof=points["gap"].map(trade_off.gap), knee=points["knee"].map({True: "Yes", False: ""})
    )
    number = {"format": "localized"}
    st.dataframe(
        frame[["point", "first", "second", "centres", "proof", "knee"]],
        key=f"{_TABLE} {name}",
        hide_index=True,
        height=240,
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "point": st.column_config.NumberColumn("Plan", width=50),
            "first": st.column_config.NumberColumn(trade_off.AIMS[first][1], **number),
            "second": st.column_config.NumberColumn(trade_off.AIMS[second][1], **number),
            "centres": st.column_config.NumberColumn("Centres", width=80),
            "proof": "Proof",
            "knee": st.column_config.Column(
                "Best-value point",
                width=110,
                help="Beyond it, a little more of one goal costs much of the other",
            ),
        },
    )
