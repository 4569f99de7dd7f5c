"""Part of the page Access: how fair access is, and how much of the buildings people can reach."""

from __future__ import annotations

import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.tables import access
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import session
from nhcplanner.pages.session import plain

_CATCHMENTS = "access catchments"


def draw(
    place: Place,
    result: workflow.Today,
    one: workflow.Reached,
    chosen: tuple[str, ...],
    settings: Scenario,
) -> None:
    """Draw every measure of fairness with its sentence, then floating catchments if wanted."""
    assert one.measures is not None  # `today` measures all
    table = access.measure_table(one.measures)
    st.dataframe(
        table.drop(columns=["Better", "What it says"]),
        hide_index=True,
        height=320,
        column_config={"Of": st.column_config.Column(width=200)},
    )
    st.caption(plain(f"{one.note}."))
    with st.expander("What each measure says"):
        rows = table.drop_duplicates("Measure").to_dict("records")
        st.markdown(
            "\n".join(
                f"- **{row['Measure']}**: {row['What it says']} {row['Better']}." for row in rows
            )
        )
    is_wanted = st.checkbox(
        "Show how much of the buildings each person can reach",
        key=session.widget_key("access_catchments", False),
        help="Floating catchments: each building is shared among all people within its catchment",
    )
    if is_wanted:
        _catchments(place, result, one, chosen, settings)


def _catchments(
    place: Place,
    result: workflow.Today,
    one: workflow.Reached,
    chosen: tuple[str, ...],
    settings: Scenario,
) -> None:
    """Draw the choice of a method, a supply and a catchment, and access by them."""
    methods, supplies = workflow.METHODS, workflow.list_supplies(result.sites)
    left, middle, right = st.columns([3, 2, 1])
    method = left.selectbox(
        "Method",
        list(methods),
        format_func=lambda name: methods[name].title,
        key=session.widget_key("access_method", "e2sfca", methods),
    )
    supply = middle.selectbox(
        "Supply",
        supplies,
        format_func=lambda name: access.supply_words(name).capitalize(),
        key=session.widget_key("access_supply", supplies[0], supplies),
    )
    catchment = right.number_input(
        "Minutes",
        min_value=5.0,
        max_value=one.horizon,
        step=5.0,
        key=session.widget_key("access_catchment", min(workflow.CATCHMENT, one.horizon)),
    )
    st.caption(methods[method].sentence)
    question = (place, settings, chosen, one.mode, method, supply, catchment)
    found = session.result_of(_CATCHMENTS, *question)
    if found is None:
        if not session.is_working(_CATCHMENTS, *question):
            label = "Sharing the buildings among people"
            session.start_work(label, workflow.floating_catchments, *question, slot=_CATCHMENTS)
            st.rerun()
        return
    way = terms.WAYS[one.mode]
    for line in access.catchment_sentences(found.measures, supply, catchment, way):
        st.markdown(f"- {plain(line)}")
    fifths, use = st.columns([2, 5])
    if found.by_fifth is not None:
        fifths.dataframe(
            found.by_fifth,
            column_config={
                "_index": "Fifth (1 = most deprived)",
                "people": st.column_config.NumberColumn("People", format="localized"),
                "supply": st.column_config.NumberColumn("For 1,000 people", format="%.2f"),
            },
        )
    use.dataframe(access.use_table(found.sites, found.use), hide_index=True, placeholder="")
