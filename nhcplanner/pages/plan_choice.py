"""The plan that a page is about: chosen among those at hand, or made where there is none."""

from __future__ import annotations

import streamlit as st

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import menu, session
from nhcplanner.pages.session import plain

FIRST = "Plan A"


def plan(purpose: str) -> Outcome | None:
    """Draw which plan it is, what it was asked and how sure it is; None where there is none.

    Parameters
    ----------
    purpose
        What the page does with a plan, in words, e.g. "to weigh its goals".
    """
    names = list(session.plans())
    if not names:
        _none(purpose)
        return None
    if len(names) > 1:
        at = session.plan_on_screen()
        number = names.index(at) if at in names else 0
        chosen = st.selectbox("Which plan", names, number, key=f"basis {' '.join(names)} {at}")
        if chosen != at:
            session.show_plan(chosen)
            st.rerun()
    outcome = session.plan(session.plan_on_screen()) or session.plan(names[0])
    if outcome is None:
        return None
    name = session.plan_on_screen() or names[0]
    st.markdown(
        f"**{plain(name)}.** {plain(terms.question(outcome))} "
        f":small[{plain(Verdict.of(outcome.plan).words)}.]"
    )
    if session.stale(outcome):
        st.warning(
            "Sites were changed since this plan was made. What stands here is about the plan as it "
            "was: make it anew under **Plan** to take the changes in."
        )
    if not outcome.plan.opened:
        st.error("This plan opens no centre. Change what is asked under **Plan**.")
        return None
    return outcome


def _none(purpose: str) -> None:
    if session.jobs():
        st.info("The plan is being made: the page goes on as soon as it is there.")
        return
    st.info(f"A plan is needed {purpose}. Make it now, for the question on the left.")
    if st.button("Make the plan", type="primary"):
        session.make_plan(FIRST)
        st.rerun()
    menu.link("plan", "Go to Plan, to choose its rules")
