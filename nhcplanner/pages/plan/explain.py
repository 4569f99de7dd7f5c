"""Reasons for a plan: what each centre and each other site adds, and the price of priority."""

from __future__ import annotations

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs import frames
from nhcplanner.outputs.tables import explain
from nhcplanner.pages import session
from nhcplanner.pages.session import plain

_SLOT = "reasons"
_FEWER = next(cell.label for cell in TABLES["price"].cells if cell.name == "difference")
_CENTRES = [
    "number",
    "name",
    "serves",
    "reaches",
    "only",
    "first_reaches",
    "first_only",
    "must",
    "site_id",
]


def centres(outcome: Outcome) -> None:
    """Draw what each centre adds."""
    found = _reasons(outcome, "centres")
    if found is None:
        return
    st.markdown(
        "**People with no other centre in reach** would lose access if their centre closed. The "
        "other people in its reach have another centre."
    )
    numbers = frames.centres(outcome)[["site_id", "number"]]
    st.dataframe(
        numbers.merge(found.centres, on="site_id"),
        hide_index=True,
        column_order=_CENTRES,
        column_config={
            "number": st.column_config.NumberColumn("On the map", width=90),
            "site_id": "Site id",
            "name": "Site",
            "must": st.column_config.CheckboxColumn("Must open"),
            "serves": _people("Serves"),
            "reaches": _people("In reach"),
            "only": _people("People with no other centre in reach"),
            "first_reaches": _people("Band 1 in reach"),
            "first_only": _people("Band 1, no other centre in reach"),
        },
    )


def candidates(outcome: Outcome) -> None:
    """Draw what each site that was not opened would add."""
    found = _reasons(outcome, "candidates")
    if found is None:
        return
    st.markdown(
        "A site **would add** the people in its reach who have no centre of the plan in reach. If "
        "the rules allow no further centre, it replaces one: the table shows the best swap."
    )
    st.dataframe(
        found.candidates.assign(
            instead_of=found.candidates["instead_of"].map(frames.called(outcome.place))
        ),
        hide_index=True,
        height=320,
        placeholder="",
        column_order=["name", "adds", "first_adds", "reaches", "instead_of", "change", "site_id"],
        column_config={
            "site_id": "Site id",
            "name": "Site",
            "adds": _people("Would add"),
            "first_adds": _people("Band 1"),
            "reaches": _people("In reach"),
            "instead_of": "Best swap with",
            "change": "Main effect of the swap",
        },
    )


def price(outcome: Outcome) -> None:
    """Draw the people reached that putting areas in most need first costs."""
    found = _reasons(outcome, "price")
    if found is None:
        return
    if found.price is not None:
        money = f" {found.money}." if found.money else ""
        st.markdown(f"**The price of priority.** {plain(explain.words(found.price) + money)}")
        st.dataframe(
            explain.table(found.price),
            hide_index=True,
            column_config={
                "band": "Band (1 = first)",
                "people_plan": _people("In reach in this plan"),
                "people_without": _people("In reach without priority"),
                "difference": _people(_FEWER),
            },
        )
    if "price" in found.reasons:
        st.caption(plain(found.reasons["price"]))


def _reasons(outcome: Outcome, part: str) -> workflow.PlanReasons | None:
    """Return the reasons; draw a button that works them out if there are none."""
    found: workflow.PlanReasons | None = session.result_of(_SLOT, outcome)
    if found is not None:
        return found
    if session.is_working(_SLOT, outcome):
        st.info("The reasons are being worked out. They appear here when they are ready.")
    elif st.button("Work out the reasons", key=f"why {part}", help="Takes up to 20 seconds"):
        session.start_work(
            "Working out the reasons",
            workflow.explain_plan,
            outcome,
            slot=_SLOT,
            has_partial_result=True,
            is_look=True,
        )
        st.rerun()
    return None


def _people(label: str) -> object:
    return st.column_config.NumberColumn(label, format="localized", help="People")
