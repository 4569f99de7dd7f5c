"""Changes by hand: a centre moved, swapped, shut or opened, and the new figures at once."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import SiteEdit
from nhcplanner.outputs import frames
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain
from nhcplanner.workflow import sites

MAP = "plan"
SUFFIX = ", by hand"
_MOVE, _SWAP, _SHUT, _OPEN = "Move", "Swap", "Shut", "Open more"
_WAYS = (_MOVE, _SWAP, _SHUT, _OPEN)
_CENTRE, _WAY = "plan_centre", "plan_way"


def origin() -> Outcome | None:
    """The plan that the one on screen was changed from; None where it was not."""
    name = session.plan_on_screen()
    return session.plan(name.removesuffix(SUFFIX)) if name.endswith(SUFFIX) else None


def take_click() -> None:
    """Move the chosen centre to a point that was just clicked."""
    outcome = session.plan()
    if outcome is None:
        return
    click = map_view.clicked(outcome.place, MAP)
    if session.fresh("plan click", click) and click is not None and moving():
        _move(outcome, moving(), f"{click.easting:.1f}, {click.northing:.1f}")


def moving() -> str:
    """Id of the centre that a click on the map moves; empty where a click moves none."""
    return (session.stayed(_CENTRE) or "") if session.stayed(_WAY) == _MOVE else ""


def changes_in_words(outcome: Outcome) -> None:
    """Say what was changed, which rules that breaks, and the ways back and on."""
    name = session.plan_on_screen()
    before = name.removesuffix(SUFFIX)
    words, back, on = st.columns([5, 2, 3], vertical_alignment="center")
    compared = f" Changes are told from {before}." if origin() is not None else ""
    words.markdown(f"{plain(outcome.plan.reason)}.{plain(compared)}")
    if back.button("Undo all of it", width="stretch"):
        session.drop_plan(name)
        if session.plan(before) is not None:
            session.show_plan(before)
        st.rerun()
    moved = session.plan_edits(name) != session.edits()
    if moved and on.button("Keep the moves in the list of sites", width="stretch"):
        now = session.site_choices()
        session.choose_sites(replace(now, edits=session.plan_edits(name)))
        st.rerun()
    for rule in workflow.broken_rules(outcome):
        st.warning(f"Breaks a rule: {plain(rule)}.")


def controls(outcome: Outcome) -> None:
    """Draw what a plan can be changed with."""
    names = frames.called(outcome.place)
    opened = list(outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)])
    shut = [site for site in names if site not in opened]
    way = st.segmented_control(
        "What", _WAYS, key=session.stays(_WAY, None, _WAYS), label_visibility="collapsed"
    )
    if way is None:
        st.markdown(
            "Move a centre, swap it for another site, shut it, or open one more: the new figures "
            "are there at once. Nothing is solved again."
        )
        return
    site = ""
    if way != _OPEN:
        numbers = {one: f"{n}. {names[one]}" for n, one in enumerate(opened, 1)}
        site = st.selectbox(
            "Centre",
            opened,
            format_func=numbers.__getitem__,
            key=session.stays(_CENTRE, opened[0], opened),
        )
    if way == _MOVE:
        _move_form(outcome, site)
    elif way in (_SWAP, _OPEN):
        _swap_form(outcome, site, {one: names[one] for one in shut})
    elif way == _SHUT and st.button("Shut it", type="primary"):
        _change(outcome, site, "", f"{names[site]} shut")


def _move_form(outcome: Outcome, site: str) -> None:
    st.markdown("**Click the map** where it should stand, or type where:")
    with st.form("move centre", border=False, clear_on_submit=True):
        where = st.text_input(
            "Postcode, grid reference or metres", placeholder="SK 857 086 or 485700, 308600"
        )
        if st.form_submit_button("Move it there", type="primary"):
            _move(outcome, site, where)
            session.again()


def _swap_form(outcome: Outcome, site: str, shut: dict[str, str]) -> None:
    with st.form("swap centre", border=False):
        other = st.selectbox(
            "For another site of the list" if site else "Site",
            shut,
            index=None,
            format_func=lambda one: f"{shut[one]} ({one})",
            placeholder="Type to search",
        )
        pressed = st.form_submit_button("Swap them" if site else "Open it", type="primary")
    if pressed and other is not None:
        names = frames.called(outcome.place)
        words = f"{names[site]} swapped for {shut[other]}" if site else f"{shut[other]} opened"
        _change(outcome, site, other, words)


def _change(outcome: Outcome, out: str, into: str, words: str) -> None:
    opened = workflow.swap_sites(outcome, out, into)
    _keep(workflow.edit_plan(outcome, outcome.place, opened, _all(outcome, words)), None)
    session.again()


def _move(outcome: Outcome, site: str, where: str) -> None:
    with session.guarded(), st.spinner("Measuring from where people start to the new point"):
        edits = session.plan_edits(session.plan_on_screen())
        now = sites.moved(site, workflow.spot(where), workflow.Choices(edits, (), ()))
        place = workflow.with_edits(session.base_place(), now.edits)
        words = _all(outcome, f"{frames.called(place)[site]} moved")
        made = workflow.edit_plan(outcome, place, workflow.swap_sites(outcome, "", ""), words)
        _keep(made, now.edits)


def _all(outcome: Outcome, words: str) -> str:
    """All that was changed so far, and this."""
    before = outcome.plan.reason.split("; ") if session.plan_on_screen().endswith(SUFFIX) else []
    return "; ".join(dict.fromkeys([*before, words]))


def _keep(made: Outcome, edits: tuple[SiteEdit, ...] | None) -> None:
    name = session.plan_on_screen().removesuffix(SUFFIX) + SUFFIX
    known = session.plan_edits(session.plan_on_screen()) if edits is None else edits
    session.keep_plan(name, made, known)
