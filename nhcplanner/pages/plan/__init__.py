"""Plan: its rules in sentences, the resulting plan, and changes by hand."""

from __future__ import annotations

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.outputs.wording.method import sentences
from nhcplanner.pages import session
from nhcplanner.pages.plan import form, result
from nhcplanner.pages.session import plain

__all__ = ["show"]


def show(place: Place) -> None:
    """Draw the page."""
    plan = session.plan()
    has_centres = plan is not None and bool(plan.plan.opened)
    rule_lines = sentences(session.scenario(), workflow.need_basis(place, session.scenario()))
    with st.expander(f"**Rules.** {plain(rule_lines[0])}", expanded=not has_centres):
        request = form.form(place, session.scenario(), _next_name())
        st.markdown("\n".join(f"- {plain(line)}" for line in rule_lines[1:]))
    if request is not None:
        session.set_scenario(request.scenario)
        session.make_plan(request.name)
        st.rerun()
    if plan is not None or session.plan_on_screen() or session.failed_plan() is not None:
        result.show()
    elif not session.jobs():
        _welcome(place)


def _next_name() -> str:
    """Return the name of the plan on screen without "by hand"; "Plan A" if there is none."""
    return session.plan_on_screen().removesuffix(result.BY_HAND) or "Plan A"


def _welcome(place: Place) -> None:
    st.markdown(
        f"**{place.people:,} people** live in {len(place.areas):,} areas here, with "
        f"**{len(place.sites):,} sites** where a neighbourhood health centre could open. Set the "
        "rules and press **Make the plan**. It shows which sites to open, who then reaches a "
        "centre, "
        "and how far the plan may be from the best possible."
    )
