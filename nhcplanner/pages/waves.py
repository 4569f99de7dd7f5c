"""Waves: centres opened in steps, the centres open after each, and the cost of phasing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts, frames
from nhcplanner.outputs.tables.waves import by_band, chart, price
from nhcplanner.pages import map_view, plan_choice, session
from nhcplanner.pages.session import plain

MAX_WAVES = 6
_PER_ROW = 3


def _draw_fields(outcome: Outcome) -> None:
    """Draw fields for name, centres and budget of each wave."""
    usual = workflow.default_waves(outcome, _number())
    for start in range(0, len(usual), _PER_ROW):
        columns = st.columns(_PER_ROW)
        for number in range(start, min(start + _PER_ROW, len(usual))):
            with columns[number % _PER_ROW], st.container(border=True):
                _wave(outcome, number, usual[number])


def _draw_number() -> None:
    """Draw the number of waves."""
    st.slider("Waves", 1, MAX_WAVES, key=session.widget_key("waves_many", 3))


def chosen_waves(outcome: Outcome) -> tuple[explore.Wave, ...]:
    """Return the waves as chosen, or the default ones."""
    waves = []
    for position, usual in enumerate(workflow.default_waves(outcome, _number())):
        name, count, budget = (session.answer(key) for key in _keys(outcome, position, usual))
        waves.append(explore.Wave(name.strip(), int(count), budget * 1e6 if budget else None))
    return tuple(waves)


def _number() -> int:
    return int(session.answer(session.widget_key("waves_many", 3)))


def _keys(outcome: Outcome, position: int, usual: explore.Wave) -> tuple[str, str, str]:
    prefix = f"wave {position} {outcome.place.name} {len(outcome.plan.opened)} {_number()}"
    return (
        session.widget_key(f"{prefix} name", usual.name),
        session.widget_key(f"{prefix} count", usual.count),
        session.widget_key(f"{prefix} budget", None),
    )


def _wave(outcome: Outcome, position: int, usual: explore.Wave) -> None:
    name, count, budget = _keys(outcome, position, usual)
    left, right = st.columns(2)
    left.text_input(f"Wave {position + 1}", key=name, max_chars=30, help="For example its year")
    right.number_input(
        "Centres open by then",
        0,
        len(outcome.place.sites),
        key=count,
        help="Including those open today",
    )
    if workflow.has_costs(outcome):
        st.number_input(
            "Spent by then (£ million)", 0.0, key=budget, placeholder="no limit", help="In total"
        )


_SLOT = "waves"
_ORDERS = {
    "backwards": "The last wave: each earlier wave opens some of its centres",
    "forwards": "The first wave: each later wave adds centres to it",
}


def show(_: Place) -> None:
    """Draw the page."""
    outcome = plan_choice.choose_plan("to open it in waves")
    if outcome is None:
        return
    st.markdown(
        "Centres stay open once they open. Earlier waves serve the areas in most need first; the "
        "last wave follows the plan's own goals."
    )
    question = _choose(outcome)
    if session.is_working(_SLOT, *question):
        st.info("The waves are being planned.")
        return
    found = session.result_of(_SLOT, *question)
    if found is None:
        st.info(
            "Set how many centres are open by the end of each wave, then press **Plan the waves**."
        )
        return
    if found.reason:
        st.warning(plain(f"Some waves have no plan. {found.reason}"))
    if found.waves:
        _show_waves(outcome, found)


def _choose(outcome: Outcome) -> tuple[Any, ...]:
    """Draw the waves and the order of planning; return the arguments of the work."""
    order = session.widget_key("waves_order", "backwards", _ORDERS)
    seconds = max(outcome.scenario.time_limit, 60.0)
    waves = chosen_waves(outcome)
    question = (outcome, waves, session.answer(order), seconds)
    has_result = session.result_of(_SLOT, *question) is not None
    steps = ", ".join(f"{one.name}: {one.count or 0:,}" for one in waves)
    with st.expander(f"**Centres open by the end of each wave.** {plain(steps)}", not has_result):
        _fields(outcome, question, order)
    return question


def _fields(outcome: Outcome, question: tuple[Any, ...], order: str) -> None:
    many, way, button = st.columns([2, 6, 2], vertical_alignment="bottom")
    with many:
        _draw_number()
    way.radio("Plan first", list(_ORDERS), format_func=_ORDERS.__getitem__, key=order)
    _draw_fields(outcome)
    under_way = session.is_working(_SLOT, *question)
    if button.button("Plan the waves", type="primary", width="stretch", disabled=under_way):
        session.start_work("Planning the waves", workflow.make_waves, *question, slot=_SLOT)
        st.rerun()


@session.fragment
def _show_waves(outcome: Outcome, found: explore.Phasing) -> None:
    for note in found.notes:
        st.caption(plain(note))
    outcomes = {one.wave.name: workflow.outcome_of_wave(outcome, one) for one in found.waves}
    names = list(outcomes)
    chosen = st.select_slider(
        "By the end of", names, format_func=plain, key=session.widget_key("wave", names[0], names)
    )
    number = names.index(chosen)
    left, right = st.columns([6, 5])
    with left:
        map_view.draw_plan(outcomes[chosen], "waves", 360)
    with right:
        _figures(outcomes[chosen], found.waves[number])
        _opens(outcome, found, number)
    _show_bands(outcome, outcomes)
    _show_price(outcome, found)


def _figures(then: Outcome, wave: explore.WavePlan) -> None:
    reach = then.scenario.reach
    row = then.assessment.people_within.loc[reach]
    centres, people = st.columns(2)
    centres.metric(
        f"Centres open by {plain(wave.wave.name)}",
        f"{len(then.plan.opened):,}",
        f"{len(wave.new):,} open in this wave",
        delta_color="off",
        delta_arrow="off",
    )
    people.metric(
        f"People within {reach:g} minutes",
        f"{row['people_after']:,.0f}",
        f"{row['people_after'] - row['people_before']:+,.0f} against today",
    )


def _opens(outcome: Outcome, found: explore.Phasing, number: int) -> None:
    stand = workflow.outcome_of_wave(outcome, found.waves[number])
    opens = {site: one.wave.name for one in found.waves for site in one.new}
    table = frames.centres(stand)
    table["wave"] = [opens.get(site, "Open already") for site in stand.plan.opened]
    st.dataframe(
        table[["number", "name", "wave", "people_served"]],
        hide_index=True,
        column_config={
            "number": st.column_config.NumberColumn("On the map", width=78),
            "name": st.column_config.Column("Centre", width=140),
            "wave": st.column_config.Column("Opens in", width=80),
            "people_served": st.column_config.NumberColumn(
                "People served",
                format="localized",
                help="People whom the centre serves by then",
                width=98,
            ),
        },
    )


def _show_bands(outcome: Outcome, outcomes: dict[str, Outcome]) -> None:
    people = by_band(outcomes)
    st.subheader("People in reach by band", anchor=False)
    left, right = st.columns(2)
    bars = chart(people, outcome.scenario.reach)
    left.altair_chart(charts.legible(bars), width="stretch")
    right.dataframe(
        people,
        column_config={
            name: st.column_config.NumberColumn(name.capitalize(), format="localized")
            for name in map(str, people)
        },
    )


def _show_price(outcome: Outcome, found: explore.Phasing) -> None:
    st.subheader("Cost of phasing", anchor=False)
    waves, _ = explore.wave_frames(found, outcome.problem, workflow.site_names(outcome.place))
    st.markdown(plain(price(waves)))
    waves["gap"] = waves["gap"] * 100
    number = st.column_config.NumberColumn
    st.dataframe(
        waves.drop(columns="status"),
        hide_index=True,
        placeholder="unknown",
        column_config={
            "wave": "Wave",
            "centres": "Centres open by then",
            "people": number("People in reach", format="localized"),
            "gap": number("Distance from the best", format="%.2f%%", help="0 = proved best"),
            "afresh": number("People in reach if this wave were planned alone", format="localized"),
        },
    )
