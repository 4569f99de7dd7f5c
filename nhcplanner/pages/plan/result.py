"""A plan on the page: its figures, its map, and the tables behind them."""

from __future__ import annotations

import streamlit as st

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.plan import BY_HAND as SOLVED_BY_HAND
from nhcplanner.outputs import charts, maps, method, panel, reached, tables, wording
from nhcplanner.outputs.headline import headline
from nhcplanner.outputs.shading import shadings
from nhcplanner.pages import mapview, session
from nhcplanner.pages.plan import byhand, reasons
from nhcplanner.pages.session import plain

BY_HAND = byhand.SUFFIX


@session.fragment
def show() -> None:
    """Draw the plan on screen; a click or a change by hand reruns nothing else."""
    byhand.take_click()
    outcome = session.plan()
    if outcome is None:
        return
    with st.container():  # whatever is said in it, what stands below stays put
        _head(outcome)
    if not outcome.plan.opened:
        st.error(plain(f"{wording.status(outcome.plan)}."))
        st.markdown("Loosen a rule, or list more sites under **Sites**, and make the plan again.")
        return
    _figures(outcome)
    _picture(outcome)
    centres, shares, why, shut, proof, notes = st.tabs(
        ["Centres", "Who reaches them", "Why these", "Sites not opened", "How good is it?", "Notes"]
    )
    with centres:
        _centres(outcome)
    with shares:
        _shares(outcome)
    with why:
        reasons.centres(outcome)
    with shut:
        reasons.candidates(outcome)
    with proof:
        _proof(outcome)
    with notes:
        _notes(outcome)


def _head(outcome: Outcome) -> None:
    names = list(session.plans())
    shown, told = st.columns([2, 5], vertical_alignment="center")
    chosen = shown.selectbox(
        "Plan on screen", names, names.index(session.shown()), label_visibility="collapsed"
    )
    if chosen != session.shown():
        session.show_plan(chosen)
        session.again()
    asked = wording.question(outcome)
    if outcome.scenario != session.scenario():
        told.markdown(plain(asked))
    others = ". ".join(one for one in wording.labels(outcome) if one != wording.SYNTHETIC)
    if others:
        told.caption(plain(f"{others}."))
    by_hand = outcome.plan.solver == SOLVED_BY_HAND
    if not by_hand and session.stale(outcome):
        st.warning("The list of sites was changed after this plan was made. Make it again.")
    if by_hand:
        byhand.told(outcome)


def _figures(outcome: Outcome) -> None:
    parts = headline(outcome, byhand.origin())
    for column, one in zip(st.columns(len(parts)), parts, strict=True):
        colour = {} if one.good else {"delta_color": "off", "delta_arrow": "off"}
        column.metric(one.label, one.value, one.change or None, help=plain(one.exact), **colour)


def _picture(outcome: Outcome) -> None:
    ways = {one.name: one for one in shadings(outcome)}
    wide, narrow = st.columns([5, 3])
    with narrow:
        look, change = st.tabs(["The map", "Change it by hand"])
        with look:
            chosen = st.radio(
                "Colour areas by",
                ways,
                format_func=lambda name: plain(ways[name].title),
                key=session.stays("plan_colour", next(iter(ways)), ways),
            )
            mapview.legend(ways[chosen], panel.key(outcome))
        with change:
            byhand.controls(outcome)
    with wide:
        mapview.draw(
            outcome.place,
            byhand.MAP,
            [
                maps.area_layer(outcome, ways[chosen], popup=not byhand.moving()),
                maps.outline_layer(outcome.place),
                maps.site_layer(outcome),
                maps.centre_layer(outcome),
            ],
            clicks=True,
        )


def _centres(outcome: Outcome) -> None:
    table = tables.centres(outcome)
    table["role"] = table["role"].map(wording.ROLES)
    table["kind"] = table["kind"].map(reached.kind)
    people = {"format": "localized"}
    st.dataframe(
        table.dropna(axis=1, how="all"),
        hide_index=True,
        placeholder="",
        column_config={
            "number": st.column_config.NumberColumn("On the map", width=90),
            "site_id": "Site id",
            "name": "Site",
            "role": "Role",
            "kind": "Kind",
            "people_served": st.column_config.NumberColumn(
                "Nearest for", help="People in reach, nearer here than elsewhere", **people
            ),
            "capacity": st.column_config.NumberColumn(
                "Capacity", help="People; blank = not known", **people
            ),
            "over_capacity": st.column_config.NumberColumn(
                "Over capacity", help="People beyond the capacity", **people
            ),
        },
    )


def _shares(outcome: Outcome) -> None:
    for groups, (name, axis) in tables.GROUPS.items():
        shares = tables.shares(outcome, groups)
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
                "before": st.column_config.NumberColumn("Before", format="%.1f %%", width=62),
                "after": st.column_config.NumberColumn("After", format="%.1f %%", width=62),
            },
        )


def _proof(outcome: Outcome) -> None:
    st.markdown(f"**{plain(wording.status(outcome.plan))}.**")
    number = st.column_config.NumberColumn(format="localized")
    st.dataframe(
        tables.stages(outcome),
        hide_index=True,
        placeholder="not known",
        column_config={"Reached": number, "Best possible": number},
    )
    reasons.price(outcome)


def _notes(outcome: Outcome) -> None:
    notes = [*outcome.assessment.notes, f"Travel times: {outcome.times.engine}"]
    st.markdown("\n".join(f"- {plain(note)}" for note in notes))
    st.dataframe(method.sources(outcome.place), hide_index=True, placeholder="")
