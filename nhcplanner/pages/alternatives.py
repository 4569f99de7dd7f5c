"""Alternatives: plans nearly as good as the best, and the sites that they share."""

from __future__ import annotations

from string import ascii_uppercase
from typing import Any

import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan import BY_HAND
from nhcplanner.outputs.maps import panel, plan_map
from nhcplanner.outputs.maps.screen import Drawing
from nhcplanner.outputs.maps.shading import shadings
from nhcplanner.outputs.tables import alternatives
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain

_SLOT, _TABLE = "good plans", "good_plans_table"


def show_plans(outcome: Outcome) -> None:
    """Draw different plans that are nearly as good, with what is guaranteed about them."""
    found = _alternatives(outcome)
    if found is not None:
        _plans(outcome, found)


def show_sites(outcome: Outcome) -> None:
    """Draw how good plans use each site."""
    found = _alternatives(outcome)
    if found is not None:
        _sites(outcome, found)


def keep_button(outcome: Outcome, where: str) -> None:
    """Draw a button that keeps a plan under a name of its own, to compare or to export.

    What was proved about it concerns other goals than the scenario's, so no proof is kept.
    """
    names = session.plans()
    free = (f"Plan {letter}" for letter in ascii_uppercase)
    name = next((one for one in free if one not in names), "")
    if name and st.button(f"Keep as {name}", key=f"keep {where}"):
        centres = workflow.swap_sites(outcome, "", "")
        words = f"chosen under Trade-offs as an alternative to {session.plan_on_screen()}"
        made = workflow.edit_plan(outcome, outcome.place, centres, words)
        session.keep_plan(name, made, session.plan_edits(session.plan_on_screen()))
        st.toast(f"Kept as {name}: see Plan, Compare and Hand-in.")
        session.rerun()


def _alternatives(outcome: Outcome) -> workflow.NearBest | None:
    if outcome.plan.solver == BY_HAND:
        st.info(
            "A plan changed by hand has no proof of how good it is, so there is nothing to measure "
            "alternatives against. Choose a plan that was made under **Plan**."
        )
        return None
    question = _choose(outcome)
    if session.is_working(_SLOT, *question):
        st.info("Looking for alternatives.")
        return None
    found: workflow.NearBest | None = session.result_of(_SLOT, *question)
    if found is None:
        st.info("Set how much worse an alternative may be, then press **Find alternatives**.")
        return None
    st.markdown(f"**Guarantee.** {plain(found.found.words)}.")
    if not found.found.plans:
        return None
    with st.expander("Guarantee for each goal"):
        st.markdown("\n".join(f"- {plain(floor.words)}" for floor in found.found.floors))
    return found


def _choose(outcome: Outcome) -> tuple[Any, ...]:
    """Draw what counts as nearly as good, and how many alternatives to find."""
    one, two, three, button = st.columns([3, 3, 3, 2], vertical_alignment="bottom")
    within = one.slider(
        "Worse than the best by at most (%)",
        0,
        20,
        key=session.widget_key("good_within", 5),
        help="On every goal, compared with the best that any plan can reach",
    )
    differ = two.slider(
        "Different centres, at least",
        1,
        5,
        key=session.widget_key("good_differ", 1),
        help="Each plan leaves out at least this many centres of every plan before it",
    )
    number = three.slider("Plans, at most", 2, 12, key=session.widget_key("good_number", 5))
    near = explore.Near(within / 100, differ, number)
    question = (outcome, near, max(outcome.scenario.time_limit, 60.0))
    under_way = session.is_working(_SLOT, *question)
    if button.button("Find alternatives", type="primary", width="stretch", disabled=under_way):
        label = "Finding alternatives"
        session.start_work(label, workflow.make_alternatives, *question, slot=_SLOT)
        st.rerun()
    return question


@session.fragment
def _plans(outcome: Outcome, found: workflow.NearBest) -> None:
    plans = found.found.plans
    rows = (session.answer(_TABLE) or {}).get("selection", {}).get("rows", [])
    chosen = min(rows[0], len(plans) - 1) if rows else 0
    st.caption("Choose a row to see its plan on the map. Plan 1 is the plan shown above.")
    frame = alternatives.plans(outcome.place, plans)
    figures: dict[str, object] = {
        name: st.column_config.NumberColumn(format="localized") for name in frame.columns[3:]
    }
    figures |= {name: st.column_config.Column(width=170) for name in frame.columns[1:3]}
    st.dataframe(
        frame,
        key=_TABLE,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        column_config={"Plan": st.column_config.NumberColumn(width=50), **figures},
    )
    outcome_of_plan = workflow.with_plan(outcome, plans[chosen])
    left, right = st.columns([6, 5])
    with left:
        map_view.draw_plan(outcome_of_plan, "good plans", 330)
    with right:
        words = alternatives.differs(outcome.place, plans[0], outcome_of_plan.plan)
        st.markdown(f"**Plan {chosen + 1}.** {plain(words)}")
        if chosen:
            keep_button(outcome_of_plan, "good plans")


@session.fragment
def _sites(outcome: Outcome, found: workflow.NearBest) -> None:
    place = outcome.place
    roles = explore.role_frame(found.roles, workflow.site_names(place))
    st.markdown(plain(alternatives.summary(roles)))
    left, right = st.columns([6, 5])
    shading = shadings(outcome)[0]
    with left:
        tip, above = plan_map.area_tips(outcome, shading), alternatives.layers(place, roles)
        map_view.draw(place, "uses", Drawing(shading, tip, above), map_view.POPUP, 400)
    with right:
        st.html(f'<div class="legend">{alternatives.key(roles)}{panel.ground(place)}</div>')
        st.dataframe(
            alternatives.table(roles),
            hide_index=True,
            height=300,
            column_config={
                "Site": st.column_config.Column(width=150),
                "In good plans": st.column_config.Column(width=88),
                "Share of plans": st.column_config.NumberColumn(width=96, format="%.0f%%"),
                "Proof": st.column_config.Column(width=68),
            },
        )
        st.caption(f"Areas: {plain(shading.title)}")
        map_view.legend(shading)
