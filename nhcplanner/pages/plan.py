"""Choose a place and a question, make the plan, see it."""

from __future__ import annotations

import streamlit as st

from nhcplanner import models
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import charts, tables, wording
from nhcplanner.pages import mapview, session
from nhcplanner.pages.session import plain

_GROUPS = {
    "by_band": ("Band of need", "Band (1 = first)"),
    "by_imd_quintile": ("Deprivation", "IMD quintile (1 = most deprived)"),
    "by_rural_urban": ("Rural and urban", "Class"),
}

_MODES = ("walk", "cycle", "transit", "drive")
_NAME = "Plan A"


def show(place: Place) -> None:
    """Draw the page."""
    scenario = _choose_scenario()
    if scenario is not None:
        session.set_scenario(scenario)
        session.make_plan(_NAME)
        st.rerun()
    outcome = session.plan()
    if outcome is None:
        _welcome(place)
    else:
        _draw(outcome)


def _choose_scenario() -> Scenario | None:
    """The scenario asked for; None until the button is pressed."""
    start = session.scenario()
    aims = list(models.catalogue)
    with st.sidebar, st.form("scenario", border=False):
        model = st.selectbox(
            "Aim",
            aims,
            aims.index(start.model),
            format_func=lambda name: wording.MODELS.get(name, name),
        )
        mode = st.radio("Travel", _MODES, _MODES.index(start.mode), horizontal=True)
        reach = st.slider("Reach (minutes)", 5, 60, int(start.reach), 5)
        count = st.number_input(
            "Centres open at most",
            min_value=0,
            value=8 if start.count is None else start.count,
            help="Those already open are counted.",
        )
        with st.expander("More choices"):
            unlimited = st.checkbox("Any number of centres", start.count is None)
            bands = st.slider("Bands of need", 1, 7, start.bands)
            seconds = st.number_input("Seconds for the optimiser", 5, 600, int(start.time_limit), 5)
            reachable = st.checkbox(
                "Leave out people whom no site can reach", start.everyone == "reachable"
            )
        pressed = st.form_submit_button("Make the plan", type="primary", width="stretch")
    if not pressed:
        return None
    return start.model_copy(
        update={
            "model": model,
            "mode": mode,
            "modes": (),
            "reach": float(reach),
            "count": None if unlimited else int(count),
            "bands": bands,
            "time_limit": float(seconds),
            "everyone": "reachable" if reachable else "all",
        }
    )


def _welcome(place: Place) -> None:
    st.markdown(
        f"**{place.people:,} people** live in {len(place.areas):,} areas here, with "
        f"**{len(place.sites):,} sites** where a neighbourhood health centre could open.\n\n"
        "Choose on the left what to aim for and how people travel, then press "
        "**Make the plan**. You will see which sites to open, who then reaches a centre, and how "
        "far the plan may be from the best possible."
    )


def _draw(outcome: Outcome) -> None:
    st.markdown(plain(wording.question(outcome)))
    labels = wording.labels(outcome)
    others = ". ".join(label for label in labels if label != wording.SYNTHETIC)
    if others:
        st.markdown(f":small[{plain(others)}]")
    if not outcome.plan.opened:
        st.error(plain(wording.status(outcome.plan)))
        return
    _figures(outcome)
    mapview.show(outcome)
    centres, shares, proof, sources = st.tabs(
        ["Centres", "Who reaches them", "How good is it?", "Sources and notes"]
    )
    with centres:
        _centres(outcome)
    with shares:
        _shares(outcome)
    with proof:
        st.markdown(f"**{plain(wording.status(outcome.plan))}.**")
        number = st.column_config.NumberColumn(format="localized")
        st.dataframe(
            tables.stages(outcome),
            hide_index=True,
            column_config={"Reached": number, "Best possible": number},
        )
    with sources:
        _notes(outcome)


def _figures(outcome: Outcome) -> None:
    reached, centres, proof = st.columns(3)
    now = outcome.assessment.people_within.loc[outcome.scenario.reach]
    gained = now["people_after"] - now["people_before"]
    reached.metric(
        f"People within {outcome.scenario.reach:g} minutes",
        f"{now['people_after']:,.0f} ({wording.share(now['share_after'])})",
        f"{gained:+,.0f} by the plan",
    )
    new = int((tables.role(outcome) == "new").sum())
    plain_delta = {"delta_color": "off", "delta_arrow": "off"}
    centres.metric("Centres open", f"{len(outcome.plan.opened):,}", f"{new:,} new", **plain_delta)
    proof.metric(
        "Distance from the best possible",
        wording.gap(outcome.plan),
        f"in {outcome.plan.seconds:.1f} seconds",
        **plain_delta,
    )


def _centres(outcome: Outcome) -> None:
    table = tables.centres(outcome)
    table["role"] = table["role"].map(wording.ROLES)
    table["kind"] = table["kind"].str.replace("_", " ")
    st.dataframe(
        table.dropna(axis=1, how="all"),
        hide_index=True,
        placeholder="",
        column_config={
            "number": "On the map",
            "site_id": "Site id",
            "name": "Site",
            "role": "Role",
            "kind": "Kind",
            "people_served": st.column_config.NumberColumn(
                "Nearest for",
                format="localized",
                help="People in reach, nearer here than elsewhere",
            ),
            "capacity": st.column_config.NumberColumn(
                "Capacity", format="localized", help="People; blank = not known"
            ),
            "over_capacity": st.column_config.NumberColumn(
                "Over capacity", format="localized", help="People beyond the capacity"
            ),
        },
    )


def _shares(outcome: Outcome) -> None:
    for groups, (name, axis) in _GROUPS.items():
        shares = tables.shares(outcome, groups)
        if shares is None:
            continue
        st.subheader(name)
        chart, table = st.columns(2)
        reach = outcome.scenario.reach
        chart.altair_chart(charts.before_after(shares, axis, reach), width="stretch")
        table.dataframe(
            (shares * [1, 100, 100]).rename_axis(axis),
            column_config={
                "_index": st.column_config.Column(width="medium"),
                "people": st.column_config.NumberColumn("People", format="localized"),
                "before": st.column_config.NumberColumn("Before", format="%.1f %%"),
                "after": st.column_config.NumberColumn("After", format="%.1f %%"),
            },
        )


def _notes(outcome: Outcome) -> None:
    for note in outcome.assessment.notes:
        st.markdown(f"- {plain(note)}")
    st.markdown(f"- Travel times: {plain(outcome.times.engine)}")
    st.dataframe(tables.sources(outcome.place), hide_index=True)
