"""The steps of a programme as they are chosen under Waves and used again for the hand-in.

Waves: centres opened in steps, what is open by each, and what the steps cost.
"""

from __future__ import annotations

import streamlit as st

from nhcplanner import explore, workflow
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts, frames
from nhcplanner.outputs.tables import waves as tables_waves
from nhcplanner.pages import map_view, plan_choice, session
from nhcplanner.pages.session import plain

MOST = 6
_ACROSS = 3


def draw(outcome: Outcome) -> None:
    """Fields for name, centres and money of each wave."""
    usual = workflow.usual_waves(outcome, _many())
    for start in range(0, len(usual), _ACROSS):
        columns = st.columns(_ACROSS)
        for number in range(start, min(start + _ACROSS, len(usual))):
            with columns[number % _ACROSS], st.container(border=True):
                _wave(outcome, number, usual[number])


def number() -> None:
    """How many waves there are."""
    st.slider("Waves", 1, MOST, key=session.stays("waves_many", 3))


def chosen_waves(outcome: Outcome) -> tuple[explore.Wave, ...]:
    """The waves as chosen, or the usual ones where nothing was."""
    found = []
    for position, usual in enumerate(workflow.usual_waves(outcome, _many())):
        name, count, budget = (session.answer(key) for key in _keys(outcome, position, usual))
        found.append(explore.Wave(name.strip(), int(count), budget * 1e6 if budget else None))
    return tuple(found)


def _many() -> int:
    return int(session.answer(session.stays("waves_many", 3)))


def _keys(outcome: Outcome, position: int, usual: explore.Wave) -> tuple[str, str, str]:
    here = f"wave {position} {outcome.place.name} {len(outcome.plan.opened)} {_many()}"
    return (
        session.stays(f"{here} name", usual.name),
        session.stays(f"{here} count", usual.count),
        session.stays(f"{here} budget", None),
    )


def _wave(outcome: Outcome, position: int, usual: explore.Wave) -> None:
    name, count, budget = _keys(outcome, position, usual)
    left, right = st.columns(2)
    left.text_input(f"Wave {position + 1}", key=name, max_chars=30, help="For instance its year")
    right.number_input(
        "Centres by then", 0, len(outcome.place.sites), key=count, help="Those open today counted"
    )
    if workflow.costed(outcome):
        st.number_input(
            "Million pounds spent by then", 0.0, key=budget, placeholder="no limit", help="In all"
        )


_SLOT = "waves"
_ORDERS = {
    "backwards": "The last: each earlier one is a part of it",
    "forwards": "The first: each later one adds to it",
}


def show(_: Place) -> None:
    """Draw the page."""
    outcome = plan_choice.plan("to open it in waves")
    if outcome is None:
        return
    st.markdown(
        "What opens stays open. Earlier waves put the areas of lowest HLE first; the last one goes "
        "by the plan's own goals."
    )
    question = _asked(outcome)
    if session.busy(_SLOT, *question):
        st.info("The waves are being planned.")
        return
    found = session.found(_SLOT, *question)
    if found is None:
        st.info(
            "Say how many centres are open by the end of each wave, then press **Plan the waves**."
        )
        return
    if found.reason:
        st.warning(plain(f"Not all waves have a plan. {found.reason}"))
    if found.waves:
        _programme(outcome, found)


def _asked(outcome: Outcome) -> tuple:
    """Waves, from which end, and how long it may take."""
    order = session.stays("waves_order", "backwards", _ORDERS)
    seconds = max(outcome.scenario.time_limit, 60.0)
    waves = chosen_waves(outcome)
    question = (outcome, waves, session.answer(order), seconds)
    there = session.found(_SLOT, *question) is not None
    steps = ", ".join(f"{one.name}: {one.count or 0:,}" for one in waves)
    with st.expander(f"**Centres open by the end of each wave.** {plain(steps)}", not there):
        _fields(outcome, question, order)
    return question


def _fields(outcome: Outcome, question: tuple, order: str) -> None:
    many, way, button = st.columns([2, 6, 2], vertical_alignment="bottom")
    with many:
        number()
    way.radio("Planned first", list(_ORDERS), format_func=_ORDERS.__getitem__, key=order)
    draw(outcome)
    under_way = session.busy(_SLOT, *question)
    if button.button("Plan the waves", type="primary", width="stretch", disabled=under_way):
        session.ask("Planning the waves", workflow.make_waves, *question, slot=_SLOT)
        st.rerun()


@session.fragment
def _programme(outcome: Outcome, found: explore.Phasing) -> None:
    stands = {one.wave.name: workflow.with_plan(outcome, one.plan) for one in found.waves}
    names = list(stands)
    chosen = st.select_slider(
        "By the end of", names, format_func=plain, key=session.stays("wave", names[0], names)
    )
    number = names.index(chosen)
    left, right = st.columns([6, 5])
    with left:
        map_view.plan(stands[chosen], "waves", 360)
    with right:
        _figures(stands[chosen], found.waves[number])
        _opens(outcome, found, number)
    _by_band(outcome, stands)
    _price(outcome, found)


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
    stand = workflow.with_plan(outcome, found.waves[number].plan)
    opens = {site: one.wave.name for one in found.waves for site in one.new}
    table = frames.centres(stand)
    table["wave"] = [opens.get(site, "Open before") for site in stand.plan.opened]
    st.dataframe(
        table[["number", "name", "wave", "people_served"]],
        hide_index=True,
        column_config={
            "number": st.column_config.NumberColumn("On the map", width=80),
            "name": st.column_config.Column("Centre", width=150),
            "wave": st.column_config.Column("Opens in", width=90),
            "people_served": st.column_config.NumberColumn(
                "People served", format="localized", help="Whom the centre serves then", width=85
            ),
        },
    )


def _by_band(outcome: Outcome, stands: dict[str, Outcome]) -> None:
    people = tables_waves.by_band(stands)
    st.subheader("People in reach, by band", anchor=False)
    chart, table = st.columns(2)
    bars = tables_waves.chart(people, outcome.scenario.reach)
    chart.altair_chart(charts.legible(bars), width="stretch")
    table.dataframe(
        people,
        column_config={
            name: st.column_config.NumberColumn(name.capitalize(), format="localized")
            for name in people
        },
    )


def _price(outcome: Outcome, found: explore.Phasing) -> None:
    st.subheader("The price of fitting together", anchor=False)
    waves, _ = explore.wave_frames(found, outcome.problem, workflow.site_names(outcome.place))
    st.markdown(plain(tables_waves.price(waves)))
    waves["gap"] = waves["gap"] * 100
    number = st.column_config.NumberColumn
    st.dataframe(
        waves.drop(columns="status"),
        hide_index=True,
        placeholder="not known",
        column_config={
            "wave": "Wave",
            "centres": "Centres open by then",
            "people": number("People in reach", format="localized"),
            "gap": number("Widest gap", format="%.2f%%", help="0 = proved best"),
            "afresh": number("People in reach if planned alone", format="localized"),
        },
    )
