"""A plan: its figures, its map and its tables."""

from __future__ import annotations

import streamlit as st

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan import BY_HAND as SOLVED_BY_HAND
from nhcplanner.domain.verdict import Verdict
from nhcplanner.outputs import charts, frames
from nhcplanner.outputs.maps import panel
from nhcplanner.outputs.maps.shading import shadings
from nhcplanner.outputs.report import headline, over_capacity
from nhcplanner.outputs.tables import explain as reasons
from nhcplanner.outputs.wording import method, terms
from nhcplanner.pages import map_view, session
from nhcplanner.pages.plan import edit, explain, plan_table
from nhcplanner.pages.session import plain

BY_HAND = edit.SUFFIX


@session.fragment
def show() -> None:
    """Draw the plan on screen; a click or a change by hand redraws only this part."""
    edit.take_click()
    _show_failure()
    outcome = session.plan()
    if outcome is None:
        if session.plan_on_screen():
            st.info(f"Opening {plain(session.plan_on_screen())}.")
        return
    with st.container():  # one element, so that what is below does not move
        _warnings(outcome)
    _answer(outcome)
    centres, shares, why, shut, proof, notes = st.tabs(
        ["Centres", "People in reach", "Why these sites", "Sites not opened", "Proof", "Notes"]
    )
    with centres:
        _centres(outcome)
    with shares:
        _shares(outcome)
    with why:
        explain.centres(outcome)
    with shut:
        explain.candidates(outcome)
    with proof:
        _proof(outcome)
    with notes:
        _notes(outcome)


def _show_failure() -> None:
    """Say why the last attempt opens no centre; it took the place of no plan."""
    failure = session.failed_plan()
    if failure is None:
        return
    name, outcome = failure
    st.error(plain(f"{name}: {Verdict.of(outcome.plan).words}."))
    st.markdown("\n".join(f"- {plain(one)}" for one in reasons.failure_advice(outcome)))


def _warnings(outcome: Outcome) -> None:
    by_hand = outcome.plan.solver == SOLVED_BY_HAND
    if not by_hand and session.is_outdated(outcome):
        st.warning(
            "Sites have changed since this plan was made. Make it again to include the changes."
        )
    if by_hand:
        edit.show_changes(outcome)


def _answer(outcome: Outcome) -> None:
    """Draw the map with a panel beside it: the plan, its figures, its rules, changes by hand."""
    colours = {one.name: one for one in shadings(outcome)}
    wide, narrow = st.columns([5, 3])
    with narrow:
        _choice()
        _figures(outcome)
        look, rules, change = st.tabs(["Map", "Rules and price", "Change by hand"])
        with look:
            chosen = st.radio(
                "Colour areas by",
                colours,
                format_func=lambda name: plain(colours[name].title),
                key=session.widget_key("plan_colour", next(iter(colours)), colours),
            )
            map_view.legend(colours[chosen], panel.key(outcome))
        with rules:
            _rules(outcome)
        with change:
            edit.controls(outcome)
    with wide:
        map_view.draw_outcome(outcome, edit.MAP, colours[chosen], behaviour=edit.behaviour(outcome))


def _choice() -> None:
    names = session.plan_names()
    choice, every = st.columns([3, 2], vertical_alignment="center")
    with every:
        plan_table.show()
    chosen = choice.selectbox(
        "Plan on screen", names, names.index(session.plan_on_screen()), label_visibility="collapsed"
    )
    if chosen != session.plan_on_screen():
        session.show_plan(chosen)
        session.rerun()


def _figures(outcome: Outcome) -> None:
    parts = headline(outcome, edit.origin())
    columns = [column for _ in parts[::2] for column in st.columns(2)]
    for column, one in zip(columns, parts, strict=False):
        colour = {} if one.good else {"delta_color": "off", "delta_arrow": "off"}
        column.metric(one.label, one.value, one.change or None, help=plain(one.exact), **colour)
    if over := over_capacity(outcome):
        st.caption(plain(over))
    for words in reasons.surprises(outcome):
        st.caption(plain(words))


def _rules(outcome: Outcome) -> None:
    """Draw the rules of this plan, what is estimated in it, and the price of priority."""
    rules = terms.list_rules(outcome.scenario, outcome.assessment.need.by)
    st.markdown("\n".join(f"- {plain(rule)}" for rule in rules))
    others = ". ".join(one for one in terms.labels(outcome) if one != terms.SYNTHETIC)
    if others:
        st.caption(plain(f"{others}."))
    if outcome.scenario != session.scenario():
        st.caption("The settings for the next plan have changed since.")
    explain.price(outcome)


def _centres(outcome: Outcome) -> None:
    table = frames.centres(outcome)
    table["role"] = table["role"].map(terms.ROLES)
    table["kind"] = table["kind"].map(terms.kind)
    people = {"format": "localized"}
    last = ["site_id"]  # ids may be long
    order = [name for name in table.dropna(axis=1, how="all") if name not in last]
    st.dataframe(
        table[[*order, *last]],
        hide_index=True,
        placeholder="",
        column_config={
            "number": st.column_config.NumberColumn("On the map", width=90),
            "site_id": "Site id",
            "name": "Site",
            "role": "Role",
            "kind": "Kind",
            "people_served": st.column_config.NumberColumn(
                "People served", help=terms.served(outcome.plan), **people
            ),
            "people_nearest": st.column_config.NumberColumn(
                "People nearest", help=terms.NEAREST.capitalize(), **people
            ),
            "capacity": st.column_config.NumberColumn(
                "Capacity", help="People; blank = unknown", **people
            ),
            "over_capacity": st.column_config.NumberColumn(
                "Over capacity", help="People beyond the capacity", **people
            ),
            "services_near": st.column_config.NumberColumn(
                "Services near",
                help="Kinds of listed services within an estimated walk of "
                f"{outcome.scenario.near_minutes:g} minutes",
            ),
            "services_near_kinds": "Which services",
            "services_to_add": "Services to add",
            "rooms_needed": "Rooms needed",
            "staff_needed": "Staff needed",
            "plan_size": "Size",
            "cost": st.column_config.NumberColumn(
                "Cost (£)", help="Of the size; blank = not given", **people
            ),
            "room_left": st.column_config.NumberColumn(
                "Room left", help="People for whom the size has room left", **people
            ),
        },
    )


def _shares(outcome: Outcome) -> None:
    for groups, (name, axis) in frames.GROUPS.items():
        shares = frames.shares(outcome, groups)
        if shares is None:
            continue
        st.markdown(f"**{name}**")
        chart, table = st.columns([5, 6])
        reach = outcome.scenario.reach
        bars = charts.before_after(shares, axis, reach)
        chart.altair_chart(charts.legible(bars), width="stretch")
        table.dataframe(
            (shares * [1, 100, 100]).rename_axis(axis),
            column_config={
                "_index": st.column_config.Column(width=285),
                "people": st.column_config.NumberColumn("People", format="localized", width=66),
                "before": st.column_config.NumberColumn("Before", format="%.1f%%", width=62),
                "after": st.column_config.NumberColumn("After", format="%.1f%%", width=62),
            },
        )


def _proof(outcome: Outcome) -> None:
    st.markdown(f"**{plain(Verdict.of(outcome.plan).words)}.**")
    number = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        frames.stages(outcome),
        hide_index=True,
        placeholder="unknown",
        column_config={"Reached": number, "Best possible": number},
    )


def _notes(outcome: Outcome) -> None:
    notes = [*outcome.assessment.notes, f"Travel times: {outcome.times.engine}"]
    st.markdown("\n".join(f"- {plain(note)}" for note in notes))
    st.dataframe(method.sources(outcome.place), hide_index=True, placeholder="")
