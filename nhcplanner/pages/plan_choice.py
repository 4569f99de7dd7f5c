"""Choice of the plan that a page is about, or a button to make one."""

from __future__ import annotations

import streamlit as st

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import menu, session
from nhcplanner.pages.session import plain

FIRST = "Plan A"


def choose_plan(purpose: str) -> Outcome | None:
    """Draw the choice of a plan, its question and its proof; return None if there is none.

    Parameters
    ----------
    purpose
        End of the sentence "You need a plan ...", e.g. "to compare its goals".
    """
    names = session.plan_names()
    if not names:
        _offer_plan(purpose)
        return None
    if len(names) > 1:
        at = session.plan_on_screen()
        number = names.index(at) if at in names else 0
        chosen = st.selectbox("Plan", names, number, key=f"basis {' '.join(names)} {at}")
        if chosen != at:
            session.show_plan(chosen)
            st.rerun()
    name = session.plan_on_screen() or names[0]
    outcome = session.plan(name)
    if outcome is None:
        session.reopen_plans(name)
        st.info(f"Opening {plain(name)}.")
        return None
    st.markdown(
        f"**{plain(name)}.** {plain(terms.question(outcome))} "
        f":small[{plain(Verdict.of(outcome.plan).words)}.]"
    )
    if session.is_outdated(outcome):
        st.warning(
            "Sites have changed since this plan was made, and this page shows the plan as it was. "
            "Make it again under **Plan** to include the changes."
        )
    if not outcome.plan.opened:
        st.error("This plan opens no centre. Change the rules under **Plan**.")
        return None
    return outcome


def _offer_plan(purpose: str) -> None:
    if session.jobs():
        st.info("The plan is being made. This page continues when it is ready.")
        return
    st.info(f"You need a plan {purpose}. Make it now with the settings shown on the left.")
    if st.button("Make the plan", type="primary"):
        session.make_plan(FIRST)
        st.rerun()
    menu.link("plan", "Go to Plan to set its rules")
