"""Access today: who reaches existing buildings, how fast, by which mode, and who does not."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.windows import STANDARD, Window
from nhcplanner.outputs import charts
from nhcplanner.outputs.maps import plan_map
from nhcplanner.outputs.maps.screen import Drawing
from nhcplanner.outputs.tables import access
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import fairness, map_view, patients, session
from nhcplanner.pages.session import plain
from nhcplanner.workflow.access import default_kinds, list_kinds, list_modes, travel_settings

_BUILDINGS, _PATIENTS = "Who reaches buildings", "Registered patients"
_SLOT, _ISOCHRONES = "access", "access isochrones"


def show(place: Place) -> None:
    """Draw the page."""
    part = st.radio(
        "Show", [_BUILDINGS, _PATIENTS], horizontal=True, label_visibility="collapsed",
        key=session.widget_key("access_part", _BUILDINGS, [_BUILDINGS, _PATIENTS]),
    )  # fmt: skip
    if part == _PATIENTS:
        patients.draw(place)
        return
    chosen, ways = _choose(place)
    if not chosen or not ways:
        st.info("Choose at least one kind of building and one mode of travel.")
        return
    settings = _walks(place, ways, _hours(place, ways))
    question = (place, settings, chosen, ways)
    result = session.result_of(_SLOT, *question)
    if result is None:
        if not session.is_working(_SLOT, *question):
            label = f"Measuring who reaches {access.kinds_in_words(chosen)}"
            session.start_work(label, workflow.today, *question, slot=_SLOT, is_look=True)
            st.rerun()
        st.info("Travel times are being measured. This page shows them when they are ready.")
        return
    _summary(place, result, chosen)
    _map(place, result, chosen, settings)


def _choose(place: Place) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Draw the choice of buildings and modes of travel."""
    kinds, ways = list_kinds(place), list_modes(place)
    left, right = st.columns(2)
    chosen = left.multiselect(
        "Buildings",
        kinds,
        format_func=terms.kind,
        key=session.widget_key("access_kinds", default_kinds(place), kinds),
    )
    modes = right.pills(
        "Travel",
        ways,
        format_func=terms.option,
        selection_mode="multi",
        key=session.widget_key("access_ways", [session.scenario().journeys[0]], ways),
    )
    return tuple(chosen), tuple(way for way in ways if way in modes)


def _hours(place: Place, ways: tuple[str, ...]) -> Scenario:
    """Draw the choice of hours, and return the travel settings with them."""
    given = travel_settings(session.scenario())
    has_hours = "opening_hours" in place.sites and place.sites["opening_hours"].notna().any()
    is_timed = bool({"transit", "on_demand"} & set(ways))  # only modes that the place has
    if not (is_timed or (has_hours and given.transit_windows)):
        return given.model_copy(update={"transit_windows": (), "open_only": False})
    left, middle, right = st.columns([4, 2, 2])
    options = list(dict.fromkeys([*STANDARD, *given.transit_windows]))
    windows = left.multiselect(
        "Hours to compare",
        options,
        format_func=_window_label,
        key=session.widget_key("access_windows", list(given.transit_windows), options),
        placeholder="Only the hours of the settings",
        help="Buses of each are those of its typical day in the timetable. Other hours: add "
        "transit_windows to the settings of the plan, such as saturday 18:00-21:00.",
    )
    mix = middle.selectbox(
        "Together they count as",
        list(_MIXES),
        format_func=_MIXES.__getitem__,
        key=session.widget_key("access_mix", given.transit_mix, _MIXES),
        disabled=len(windows) < 2,
    )
    only = has_hours and right.checkbox(
        "Only buildings open then",
        key=session.widget_key("access_open_only", given.open_only),
        disabled=not windows,
        help="A building counts in hours of which it is open for at least half. Buildings whose "
        "opening hours are not known count as open.",
    )
    same = tuple(windows) == given.transit_windows
    return given.model_copy(
        update={
            "transit_windows": tuple(windows),
            "transit_mix": mix,
            "transit_weights": given.transit_weights if same else (),
            "open_only": bool(only and windows),
        }
    )


def _walks(place: Place, ways: tuple[str, ...], given: Scenario) -> Scenario:
    """Draw the choice of how people walk, and return the travel settings with it."""
    if place.streets is None or not {"walk", "transit"} & set(ways):
        return given
    left, right = st.columns(2)
    step_free = left.checkbox(
        terms.STEP_FREE,
        key=session.widget_key("access_step_free", given.step_free),
        help=terms.STEP_FREE_HELP,
    )
    slopes = (given.slopes or place.has_heights) and right.checkbox(
        terms.SLOPES,
        key=session.widget_key("access_slopes", given.slopes),
        help=terms.SLOPES_HELP,
    )
    return given.model_copy(update={"step_free": step_free, "slopes": bool(slopes)})


_MIXES = {"worst": "The worst of them", "best": "The best of them", "mean": "Their mean"}


def _window_label(text: str) -> str:
    """Name a window with its hours."""
    window = Window.parse(text)
    if not window.name:
        return text[0].upper() + text[1:]
    return f"{STANDARD[text].label}, {window.hours}"


def _summary(place: Place, result: workflow.Today, chosen: tuple[str, ...]) -> None:
    by_mode = {one.mode: one.assessment for one in result.by_mode}
    reach = session.scenario().reach
    st.markdown(f"**{plain(access.summary(place, chosen, by_mode, reach))}**")
    if why := access.why_equal(by_mode, reach):
        st.caption(plain(why))
    for one in result.by_mode:
        if one.hours:
            st.caption(f"{terms.option(one.mode)}: {plain(one.hours)}")
    for note in dict.fromkeys(note for one in result.by_mode for note in one.notes):
        st.caption(plain(note))
    estimates = [one.mode for one in result.by_mode if one.estimate]
    if estimates:
        mode_words = ", ".join(terms.WAYS[mode] for mode in estimates)
        error = max(one.half_within for one in result.by_mode if one.estimate)
        st.warning(
            f"Travel times {mode_words} are an **estimate** from straight-line distances: where "
            f"the estimate is {session.scenario().reach:g} minutes, half of the official figures "
            f"are within {error:.1f} minutes of it."
        )


def _minutes(result: workflow.Today) -> None:
    curve = access.within({one.mode: one.assessment for one in result.by_mode})
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
def _map(place: Place, result: workflow.Today, chosen: tuple[str, ...], settings: Scenario) -> None:
    by_mode = {one.mode: one for one in result.by_mode}
    wide, narrow = st.columns([5, 2])
    with narrow:
        mode = st.radio(
            "Show on the map",
            list(by_mode),
            format_func=terms.option,
            key=session.widget_key("access_mode", next(iter(by_mode)), by_mode),
        )
        one, reach = by_mode[mode], session.scenario().reach
        shading = access.shading(one.assessment, mode, one.horizon, one.estimate, reach)
        st.caption(plain(shading.title))
        map_view.legend(shading, access.key(result.sites, chosen) + map_view.line_legend(place))
        isochrones, what = _isochrones(place, chosen, mode, settings), access.kinds_in_words(chosen)
        of_site = _isochrones_of_click(place, result, mode, settings)
        in_part = map_view.choose_part(place)
    with wide:
        above = [access.layer(result.sites)]
        drawn = isochrones if of_site is None else of_site
        if drawn is not None:
            above.insert(0, plan_map.isochrone_layer(drawn, show=True, what=what, filled=True))
        tips = access.tips(place, one.assessment, one.horizon)
        map_view.draw(place, "access", Drawing(shading, tips, above, in_part=in_part))
    names = ["By minutes", "By group", "Fairness", "People out of reach"]
    names += ["By hours"] * (one.windows is not None)
    minutes, fifths, fair, far, *hours = st.tabs(names)
    for tab in hours:
        with tab:
            _by_hours(one, chosen, settings)
    with minutes:
        _minutes(result)
    with fifths:
        _groups(one)
    with fair:
        fairness.draw(place, result, one, chosen, settings)
    with far:
        _unserved(place, one)


def _by_hours(one: workflow.Reached, chosen: tuple[str, ...], settings: Scenario) -> None:
    """Draw the windows side by side: everyone, then each group."""
    reach, what = session.scenario().reach, access.kinds_in_words(chosen)
    windows = one.windows
    assert windows is not None  # the caller checks
    for line in access.window_sentences(windows, settings, what, terms.WAYS[one.mode]):
        st.markdown(f"- {plain(line)}")
    st.caption(plain(one.hours))
    everyone = access.windows_of(windows)
    bars = charts.shares(everyone, "Hours", reach)
    st.altair_chart(charts.legible(bars), width="stretch")
    for title, table in access.windows_by_group(windows):
        st.markdown(f"**{title}: share within {reach:g} minutes**")
        st.dataframe(
            table * 100,
            column_config={
                name: st.column_config.NumberColumn(name, format="%.1f%%") for name in table
            },
        )


def _isochrones_of_click(
    place: Place, result: workflow.Today, mode: Mode, settings: Scenario
) -> gpd.GeoDataFrame | None:
    """Return the isochrones of the building clicked last; None after a click on an area."""
    site = map_view.clicked_site(place, "access")
    clicks = [map_view.count_of(place, "access", name) or None for name in ("area", "site")]
    is_latest = session.latest_index(f"access map {place.name}", *clicks) == 1
    names = result.sites.set_index("site_id").get("site_name", pd.Series(dtype=str))
    if not is_latest or site is None or site not in set(result.sites["site_id"]):
        st.caption("Click a building to see from where it is reached.")
        return None
    with st.spinner("Drawing the travel-time area"):
        found = workflow.ground_of_site(place, settings, site, mode)
    words = plain(str(names.get(site, site)))
    if found.empty:
        st.caption(f"No travel-time area of {words}: it needs travel times from streets.")
        return None
    limits = ", ".join(f"{one:g}" for one in sorted(found["minutes"].unique()))
    st.caption(f"Blue: within {limits} minutes of {words}. Click an area to remove it.")
    return found


def _isochrones(
    place: Place, chosen: tuple[str, ...], mode: str, settings: Scenario
) -> gpd.GeoDataFrame | None:
    """Return the isochrones if they are wanted and ready."""
    is_wanted = st.checkbox(
        "Show travel-time areas",
        key=session.widget_key("access_isochrones", False),
        help="Areas within 10, 15, 20 and 30 minutes by street, for up to 60 buildings",
    )
    question = (place, settings, chosen, mode)
    isochrones = session.result_of(_ISOCHRONES, *question) if is_wanted else None
    if is_wanted and isochrones is None and not session.is_working(_ISOCHRONES, *question):
        session.start_work(
            "Drawing travel-time areas",
            workflow.ground,
            *question,
            slot=_ISOCHRONES,
            is_look=True,
        )
        st.rerun()
    if isochrones is not None and isochrones.empty:
        st.caption(
            "No travel-time areas: they need travel times from streets, and at most 60 buildings."
        )
    return isochrones


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
        f"**{far['people'].sum():,} people** live in the {len(far):,} areas where most people are "
        f"more than {reach:g} minutes from a building. Areas in most need come first."
    )
    st.dataframe(
        far,
        hide_index=True,
        height=320,
        placeholder=f"more than {one.horizon:g}",
        column_config={
            "area_code": "Area code",
            "area_name": "Area",
            "people": st.column_config.NumberColumn("People", format="localized"),
            "band": "Band (1 = first)",
            "minutes": st.column_config.NumberColumn("Minutes", format="%.0f"),
        },
    )
