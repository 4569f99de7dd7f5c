"""Trade-offs: two goals against each other, plans nearly as good, and which sites they share."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts
from nhcplanner.outputs.tables import alternatives, trade_off
from nhcplanner.pages import alternatives as pages_alternatives
from nhcplanner.pages import map_view, plan_choice, session
from nhcplanner.pages.session import plain

GOALS, GOOD, SITES = "Two goals", "Plans nearly as good", "Sites in good plans"
_SLOT, _CHART, _TABLE = "trade-off", "trade_off_chart", "trade_off_table"
LOOK = 1.0


def show(_: Place) -> None:
    """Draw the page."""
    outcome = plan_choice.plan("to weigh its goals and to look for others nearly as good")
    if outcome is None:
        return
    views = [GOALS, GOOD, SITES]
    view = st.segmented_control(
        "Look at",
        views,
        key=session.stays("trade_view", GOALS, views),
        label_visibility="collapsed",
    )
    if view == GOOD:
        pages_alternatives.plans(outcome)
    elif view == SITES:
        pages_alternatives.sites(outcome)
    else:
        _goals(outcome)


def _goals(outcome: Outcome) -> None:
    question = _asked(outcome)
    if question is None:
        st.warning("Choose two different goals.")
        return
    if session.busy(_SLOT, *question):
        _coming(outcome, question)
        return
    found = session.found(_SLOT, *question)
    if found is not None:
        _finished(outcome, question, found)
    else:
        st.info(
            "Choose two goals, then press **Weigh them**. Each mark will be a plan that is best on "
            "one goal at a given level of the other. The limits and rules of the plan hold; its "
            "own goals give way to these two."
        )


def _asked(outcome: Outcome) -> tuple | None:
    """The two goals and how far to go; None where they are the same."""
    names = workflow.aims_of(outcome)
    one, two, many, button = st.columns([4, 4, 3, 2], vertical_alignment="bottom")
    chosen = [
        column.selectbox(
            label,
            names,
            format_func=lambda name: trade_off.AIMS[name][0],
            key=session.stays(f"trade_{label}", names[start], names),
        )
        for column, label, start in ((one, "One goal", 0), (two, "Against", 1))
    ]
    points = many.slider("Plans on the curve", 3, 30, key=session.stays("trade_points", 12))
    seconds = max(outcome.scenario.time_limit, 60.0)
    if chosen[0] == chosen[1]:
        return None
    question = (outcome, *chosen, explore.Pace(points=points, seconds=seconds))
    under_way = session.busy(_SLOT, *question)
    if button.button("Weigh them", type="primary", width="stretch", disabled=under_way):
        label = " against ".join(trade_off.AIMS[name][0].lower() for name in chosen)
        session.ask(f"Weighing: {label}", workflow.make_trade_off, *question, slot=_SLOT)
        st.rerun()
    return question


def _coming(outcome: Outcome, question: tuple) -> None:
    @st.fragment(run_every=LOOK)
    def drawn() -> None:
        with session.guarded():
            points = session.reported(_SLOT, "points") or ()
            if points:
                _drawn(outcome, question, explore.curve(points), None)
            else:
                st.info("Plans are shown as they come. **Stop** keeps those that are there.")

    drawn()


def _finished(outcome: Outcome, question: tuple, found: workflow.TradeOff) -> None:
    if not found.curve.points:
        st.error(plain(found.reason or "No plan was found in the time. Weigh other goals."))
        return
    if found.left_out:
        st.caption(f"{found.left_out:,.0f} people whom no site can reach are left out.")
    _whole(outcome, question, found)


@session.fragment
def _whole(outcome: Outcome, question: tuple, found: workflow.TradeOff) -> None:
    _drawn(outcome, question, found.curve, found.complete)


def _drawn(outcome: Outcome, question: tuple, curve: explore.Curve, complete: bool | None) -> None:
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
        st.caption("Click a mark, or choose a row below, to see its plan. Grey bars: not proved.")
        words = alternatives.differs(outcome.place, outcome.plan, curve.points[chosen].plan)
        st.markdown(f"**Plan {chosen + 1}** beside the plan above: {plain(words)}")
    seen = workflow.with_plan(outcome, curve.points[chosen].plan)
    with right:
        st.markdown(f"**{plain(trade_off.point_in_words(points.iloc[chosen], first, second))}**")
        map_view.plan(seen, "trade-off", 330)
        pages_alternatives.keep(seen, f"trade {name}")
    _table(points, name, first, second)


def _chosen(name: str, number: int) -> int:
    """Position of the point chosen last, on the chart or in the table; the first at first."""
    drawn = (session.answer(f"{_CHART} {name}") or {}).get("selection", {})
    picked = [one["point"] - 1 for one in drawn.get(trade_off.PICK, [])]
    rows = (session.answer(f"{_TABLE} {name}") or {}).get("selection", {}).get("rows", [])
    answers = (picked[0] if picked else None, rows[0] if rows else None)
    return min(session.last(f"trade {name}", *answers) or 0, number - 1)


def _table(points: pd.DataFrame, name: str, first: str, second: str) -> None:
    frame = points.assign(
        sure=points["gap"].map(trade_off.gap), knee=points["knee"].map({True: "Yes", False: ""})
    )
    number = {"format": "localized"}
    st.dataframe(
        frame[["point", "first", "second", "centres", "sure", "knee"]],
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
            "sure": "How sure",
            "knee": st.column_config.Column(
                "Bend", width=80, help="Beyond it a little more of one goal costs much of the other"
            ),
        },
    )
