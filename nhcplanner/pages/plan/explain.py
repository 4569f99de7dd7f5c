"""Why a plan is as it is: what centres give, what other sites would add, what priority costs."""

from __future__ import annotations

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.outputs import frames
from nhcplanner.outputs.tables import explain
from nhcplanner.pages import session
from nhcplanner.pages.session import plain

_SLOT = "why"
_CENTRES = ["number", "name", "reaches", "only", "first_reaches", "first_only", "must", "site_id"]


def centres(outcome: Outcome) -> None:
    """What each centre gives."""
    found = _found(outcome, "centres")
    if found is None:
        return
    st.markdown(
        "People whom a centre **alone** reaches would lose theirs if it shut; the rest of those "
        "in its reach have another."
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
            "reaches": _people("In its reach"),
            "only": _people("In its reach alone"),
            "first_reaches": _people("Of band 1 in its reach"),
            "first_only": _people("Of band 1, alone"),
        },
    )


def candidates(outcome: Outcome) -> None:
    """What each site that was not opened would add."""
    found = _found(outcome, "candidates")
    if found is None:
        return
    st.markdown(
        "What a site **would add** is the people in its reach whom no centre of the plan reaches. "
        "Letting it in may mean shutting another: the best such swap is shown."
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
            "first_adds": _people("Of band 1"),
            "reaches": _people("In its reach"),
            "instead_of": "Best in place of",
            "change": "What that changes first",
        },
    )


def price(outcome: Outcome) -> None:
    """What serving those in most need first costs in people reached."""
    found = _found(outcome, "price")
    if found is None:
        return
    if found.price is not None:
        st.markdown(f"**The price of priority.** {plain(explain.words(found.price))}")
        st.dataframe(
            explain.table(found.price),
            hide_index=True,
            column_config={
                "band": "Band (1 = first)",
                "people_plan": _people("In reach, the plan"),
                "people_without": _people("In reach without priority"),
                "made": _people("More (or fewer) because of priority"),
            },
        )
    if "price" in found.reasons:
        st.caption(plain(found.reasons["price"]))


def _found(outcome: Outcome, part: str) -> workflow.PlanReasons | None:
    """The reasons; a button that asks for them where nobody has."""
    found: workflow.PlanReasons | None = session.found(_SLOT, outcome)
    if found is not None:
        return found
    if session.busy(_SLOT, outcome):
        st.info("The reasons are being worked out: they are shown as soon as they are there.")
    elif st.button("Work out the reasons", key=f"why {part}", help="Takes up to 20 seconds"):
        session.ask("Working out why", workflow.explain_plan, outcome, slot=_SLOT, gives=True)
        st.rerun()
    return None


def _people(label: str) -> object:
    return st.column_config.NumberColumn(label, format="localized", help="People")
