"""Changes by hand: move, swap, close or open a centre and see the new figures at once."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import SiteEdit
from nhcplanner.outputs import frames
from nhcplanner.outputs.maps.screen import Behaviour
from nhcplanner.outputs.sanitise import isolated
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain
from nhcplanner.workflow import sites

MAP = "plan"
SUFFIX = ", by hand"
_MOVE, _SWAP, _CLOSE, _OPEN = "Move", "Swap", "Close", "Open another"
_ACTIONS = (_MOVE, _SWAP, _CLOSE, _OPEN)
_CENTRE, _ACTION = "plan_centre", "plan_action"


def origin() -> Outcome | None:
    """Return the plan that the one on screen was changed from; None if it was not changed."""
    name = session.plan_on_screen()
    return session.plan(name.removesuffix(SUFFIX)) if name.endswith(SUFFIX) else None


def take_click() -> None:
    """Move the chosen centre to a newly clicked point."""
    outcome = session.plan()
    if outcome is None:
        return
    click = map_view.clicked_point(outcome.place, MAP)
    number = map_view.count_of(outcome.place, MAP, "point")
    if session.is_new("plan click", number or None) and click is not None and centre_to_move():
        _move(outcome, centre_to_move(), f"{click.easting:.1f}, {click.northing:.1f}")


def behaviour(outcome: Outcome) -> Behaviour:
    """Return what a click on the map does: nothing to the plan unless a centre is being moved."""
    site = centre_to_move()
    sites = outcome.place.sites
    if not site or site not in set(sites["site_id"]):
        return map_view.POPUP
    point = sites.geometry[sites["site_id"] == site].iloc[0]
    name = frames.called(outcome.place)[site]
    return Behaviour(
        mode=f"Click the map, or drag the pin, to move {isolated(name)}",
        pin=map_view.position(map_view.Click(point.x, point.y)),
    )


def centre_to_move() -> str:
    """Return the id of the centre that a click moves; empty if clicks move none."""
    return (session.stored_answer(_CENTRE) or "") if session.stored_answer(_ACTION) == _MOVE else ""


def show_changes(outcome: Outcome) -> None:
    """Draw what was changed, the rules that this breaks, and buttons to undo or to keep it."""
    name = session.plan_on_screen()
    before = name.removesuffix(SUFFIX)
    words, back, on = st.columns([5, 2, 3], vertical_alignment="center")
    compared = f" Changes compared with {plain(before)}." if origin() is not None else ""
    words.markdown(f"{plain(outcome.plan.reason)}.{compared}")
    if back.button("Undo all changes", width="stretch"):
        session.delete_plan(name)
        if session.plan(before) is not None:
            session.show_plan(before)
        st.rerun()
    moved = session.plan_edits(name) != session.edits()
    if moved and on.button("Save the moves in the list of sites", width="stretch"):
        choices = session.site_choices()
        session.choose_sites(replace(choices, edits=session.plan_edits(name)))
        st.rerun()
    for rule in workflow.broken_rules(outcome):
        st.warning(f"This breaks a rule: {plain(rule)}.")


def controls(outcome: Outcome) -> None:
    """Draw the controls that change a plan by hand."""
    names = frames.called(outcome.place)
    opened = list(outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)])
    closed = [site for site in names if site not in opened]
    action = st.segmented_control(
        "Action",
        _ACTIONS,
        key=session.widget_key(_ACTION, None, _ACTIONS),
        label_visibility="collapsed",
    )
    if action is None:
        st.markdown(
            "Move a centre, swap it for another site, close it, or open another. The figures "
            "change "
            "at once; the plan is not optimised again."
        )
        return
    site = ""
    if action != _OPEN:
        numbers = {one: f"{n}. {names[one]}" for n, one in enumerate(opened, 1)}
        site = st.selectbox(
            "Centre",
            opened,
            format_func=numbers.__getitem__,
            key=session.widget_key(_CENTRE, opened[0], opened),
        )
    if action == _MOVE:
        _move_form(outcome, site)
    elif action in (_SWAP, _OPEN):
        _swap_form(outcome, site, {one: names[one] for one in closed})
    elif action == _CLOSE and st.button("Close this centre", type="primary"):
        _change(outcome, site, "", f"{isolated(names[site])} closed")


def _move_form(outcome: Outcome, site: str) -> None:
    st.markdown("**Click the map** at the new position, or enter it:")
    with st.form(f"move centre {outcome.plan.reason}", border=False):  # empty after each move
        where = st.text_input(
            "Postcode, grid reference, or easting and northing",
            placeholder="SK 857 086 or 485700, 308600",
        )
        pressed = st.form_submit_button("Move this centre", type="primary")
    if pressed and _move(outcome, site, where):
        session.rerun()


def _swap_form(outcome: Outcome, site: str, closed: dict[str, str]) -> None:
    with st.form("swap centre", border=False):
        other = st.selectbox(
            "Another site of the list" if site else "Site",
            closed,
            index=None,
            format_func=lambda one: f"{closed[one]} ({one})",
            placeholder="Type to search",
        )
        pressed = st.form_submit_button("Swap" if site else "Open this site", type="primary")
    if pressed and other is not None:
        names = frames.called(outcome.place)
        new = isolated(closed[other])
        words = f"{isolated(names[site])} swapped for {new}" if site else f"{new} opened"
        _change(outcome, site, other, words)


def _change(outcome: Outcome, out: str, into: str, words: str) -> None:
    opened = workflow.swap_sites(outcome, out, into)
    _keep(workflow.edit_plan(outcome, outcome.place, opened, _all_changes(outcome, words)), None)
    session.rerun()


def _move(outcome: Outcome, site: str, where: str) -> bool:
    """Move a centre; return whether that was possible, after an error is shown."""
    try:
        with st.spinner("Measuring journeys to the new point"):
            edits = session.plan_edits(session.plan_on_screen())
            choices = sites.moved(site, workflow.spot(where), workflow.Choices(edits, (), ()))
            place = workflow.with_edits(session.base_place(), choices.edits)
            words = _all_changes(outcome, f"{isolated(frames.called(place)[site])} moved")
            made = workflow.edit_plan(outcome, place, workflow.swap_sites(outcome, "", ""), words)
            _keep(made, choices.edits)
    except PlannerError as error:
        session.show_error(error)
        return False
    return True


def _all_changes(outcome: Outcome, words: str) -> str:
    """Return all changes so far, with this one."""
    before = outcome.plan.reason.split("; ") if session.plan_on_screen().endswith(SUFFIX) else []
    return "; ".join(dict.fromkeys([*before, words]))


def _keep(made: Outcome, edits: tuple[SiteEdit, ...] | None) -> None:
    name = session.plan_on_screen().removesuffix(SUFFIX) + SUFFIX
    known = session.plan_edits(session.plan_on_screen()) if edits is None else edits
    session.keep_plan(name, made, known)
