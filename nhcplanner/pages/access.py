"""Access today: who reaches what there is, how soon, by which mode, and who does not."""

from __future__ import annotations

import geopandas as gpd
import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.outputs import charts
from nhcplanner.outputs.maps import plan_map
from nhcplanner.outputs.tables import access
from nhcplanner.pages import map_view, session
from nhcplanner.pages.session import plain
from nhcplanner.workflow import access as workflow_access

_SLOT, _GROUND = "access", "access ground"


def show(place: Place) -> None:
    """Draw the page."""
    chosen, ways = _asked(place)
    if not chosen or not ways:
        st.info("Choose at least one kind of building and one way of travelling.")
        return
    question = (place, workflow_access.about(session.scenario()), chosen, ways)
    found = session.found(_SLOT, *question)
    if found is None:
        if not session.busy(_SLOT, *question):
            label = f"Measuring who reaches {access.kinds_in_words(chosen)}"
            session.ask(label, workflow.today, *question, slot=_SLOT)
            st.rerun()
        st.info("Minutes are being measured: the page shows them as soon as they are there.")
        return
    _told(place, found, chosen)
    _map(place, found, chosen)


def _asked(place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds of building and ways of travelling."""
    kinds, ways = workflow_access.kinds(place), workflow_access.modes(place)
    left, right = st.columns(2)
    chosen = left.multiselect(
        "Who reaches",
        kinds,
        format_func=access.kind,
        key=session.stays("access_kinds", workflow_access.usual(place), kinds),
    )
    modes = right.pills(
        "By",
        ways,
        format_func=access.WAYS.__getitem__,
        selection_mode="multi",
        key=session.stays("access_ways", [session.scenario().journeys[0]], ways),
    )
    return tuple(chosen), tuple(way for way in ways if way in modes)


def _told(place: Place, found: workflow.Today, chosen: tuple[str, ...]) -> None:
    by_mode = {one.mode: one.assessment for one in found.by_mode}
    reach = session.scenario().reach
    st.markdown(f"**{plain(access.summary(place, chosen, by_mode, reach))}**")
    estimates = [one.mode for one in found.by_mode if one.estimate]
    if estimates:
        named = ", ".join(access.WAYS[mode] for mode in estimates)
        st.warning(f"Minutes are an **estimate** from straight lines: {named}.")


def _minutes(found: workflow.Today) -> None:
    curve = access.within({one.mode: one.assessment for one in found.by_mode})
    figures = access.as_table(curve)
    chart, table = st.columns([3, 2])
    chart.altair_chart(charts.legible(charts.within(curve)), width="stretch")
    table.dataframe(
        figures,
        column_config={
            name: st.column_config.NumberColumn(name, format="%.1f%%") for name in figures
        },
    )


@session.fragment
def _map(place: Place, found: workflow.Today, chosen: tuple[str, ...]) -> None:
    by_mode = {one.mode: one for one in found.by_mode}
    wide, narrow = st.columns([5, 2])
    with narrow:
        mode = st.radio(
            "Show on the map",
            list(by_mode),
            format_func=access.WAYS.__getitem__,
            key=session.stays("access_mode", next(iter(by_mode)), by_mode),
        )
        one = by_mode[mode]
        shading = access.shading(one.assessment, mode, one.horizon, one.estimate)
        st.caption(plain(shading.title))
        map_view.legend(shading, access.key(found.sites, chosen) + map_view.lines(place))
        ground, what = _ground(place, chosen, mode), access.kinds_in_words(chosen)
    with wide:
        isochrones = (
            [] if ground is None else [plan_map.isochrone_layer(ground, show=True, what=what)]
        )
        above = [*isochrones, access.layer(found.sites)]
        map_view.areas(place, "access", shading, access.tips(place, one.assessment), above)
    minutes, fifths, far = st.tabs(["By minutes", "By need and place", "Who is not served"])
    with minutes:
        _minutes(found)
    with fifths:
        _groups(one)
    with far:
        _unserved(place, one)


def _ground(place: Place, chosen: tuple[str, ...], mode: str) -> gpd.GeoDataFrame | None:
    """Isochrones, where they are asked for and there."""
    wanted = st.checkbox(
        "Show from where it is in time",
        key=session.stays("access_ground", False),
        help="Isochrones of 10, 15, 20 and 30 minutes on streets, for up to 60 buildings",
    )
    question = (place, workflow_access.about(session.scenario()), chosen, mode)
    drawn = session.found(_GROUND, *question) if wanted else None
    if wanted and drawn is None and not session.busy(_GROUND, *question):
        session.ask("Drawing isochrones", workflow.ground, *question, slot=_GROUND)
        st.rerun()
    if drawn is not None and drawn.empty:
        st.caption("No isochrones: minutes are not from streets, or the buildings are very many.")
    return drawn


def _groups(one: workflow.Reached) -> None:
    for title, axis, table in access.groups(one.assessment, session.scenario().reach):
        st.markdown(f"**{title}**")
        chart, figures = st.columns(2)
        bars = charts.shares(table, axis, session.scenario().reach)
        chart.altair_chart(charts.legible(bars), width="stretch")
        figures.dataframe(
            (table * [1, 100]).rename_axis(axis),
            column_config={
                "_index": st.column_config.Column(width=285),
                "people": st.column_config.NumberColumn("People", format="localized", width=75),
                "share": st.column_config.NumberColumn("In reach", format="%.1f%%", width=75),
            },
        )


def _unserved(place: Place, one: workflow.Reached) -> None:
    reach = session.scenario().reach
    far = workflow.unserved(place, one, reach)
    st.markdown(
        f"**{far['people'].sum():,} people** live in {len(far):,} areas from which most of them "
        f"reach none within {reach:g} minutes. Those in most need stand first."
    )
    st.dataframe(
        far,
        hide_index=True,
        height=320,
        placeholder="none in time",
        column_config={
            "area_code": "Area code",
            "area_name": "Area",
            "people": st.column_config.NumberColumn("People", format="localized"),
            "band": "Band (1 = first)",
            "minutes": st.column_config.NumberColumn("Minutes", format="%.0f"),
        },
    )
