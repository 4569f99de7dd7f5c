"""Choices of the page Neighbourhoods: source, bounds, year, and groups that stay whole."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nhcplanner import layers, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.neighbourhoods import LEAST, MOST, TARGET, Blocks, Bounds
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import patients, session, uploaded_files
from nhcplanner.pages.session import plain
from nhcplanner.workflow.access import travel_settings

_BUILD, _TAKE, _TAKE_FILE = "Build new ones", "Use those in the data", "Use those of a file"
_MODES: tuple[Mode, ...] = ("drive", "walk", "cycle")
_OTHERS = 2
"""Alternatives that the page offers."""
_MSOAS, _AREAS = "Middle-layer areas (MSOAs)", "Single areas only"
_NETWORKS, _FILE = "Primary care networks", "Groups of a file"
_GROUPS = "neighbourhood groups"
_MAX_MB = 20
_TYPES = ["csv", "xlsx", "gpkg", "geojson", "parquet"]
Work = tuple[Callable[..., object], tuple[object, ...], Scenario]
"""The work, its arguments, and the year and the speeds that it is done with."""


def ask(place: Place) -> Work | None:
    """Draw the choices; None until the files that they need are there."""
    ways = [_BUILD, *([_TAKE] if "neighbourhood" in place.areas else []), _TAKE_FILE]
    usual = _TAKE if _TAKE in ways else _BUILD
    left, *numbers, right = st.columns([1.4, 1.2, 1.2, 1.2, 1.2])
    way = left.radio("Source", ways, key=session.widget_key("nb_way", usual, ways))
    figures = [
        column.number_input(
            label, min_value=1, step=1000, key=session.widget_key(f"nb_{label}", number)
        )
        for column, label, number in zip(
            numbers,
            ("Target (people)", "Fewest people", "Most people"),
            (TARGET, LEAST, MOST),
            strict=True,
        )
    ]
    mode = right.selectbox(
        "People travel", _MODES, format_func=terms.option,
        key=session.widget_key("nb_mode", _MODES[0], _MODES),
    )  # fmt: skip
    target, least, most = (float(one or number) for one, number in
                           zip(figures, (TARGET, LEAST, MOST), strict=True))  # fmt: skip
    scenario = travel_settings(session.scenario())
    scenario = scenario.model_copy(
        update={"year": _year(place), "housing": session.scenario().housing}
    )
    whole = _keep_whole() if way == _BUILD else _MSOAS
    blocks: Blocks = "msoa" if whole == _MSOAS else "area"
    bounds = Bounds(target, least, most, blocks=blocks, mode=mode)
    groups = None
    if way == _TAKE_FILE or whole == _FILE:
        groups = _of_file(place)
    elif whole == _NETWORKS:
        groups = _of_networks(place)
    if groups is None and (way == _TAKE_FILE or whole in {_NETWORKS, _FILE}):
        return None
    if way == _BUILD:
        return workflow.neighbourhood_alternatives, (
            place, _OTHERS, bounds, scenario, groups
        ), scenario  # fmt: skip
    return workflow.take_neighbourhoods, (place, groups, bounds, scenario), scenario


def _year(place: Place) -> int | None:
    """Draw the year of the people; the place's own if it has no projection."""
    if place.projection is None:
        return None
    base = place.projection.base_year
    years: list[int | None] = [None, *workflow.years_of(place, session.scenario())]
    chosen: int | None = st.selectbox(
        "People of the year", years,
        format_func=lambda one: f"{base} (today's figures)" if one is None else str(one),
        key=session.widget_key("nb_year", session.scenario().year, years),
        help=f"Later years follow the place's population projection, {place.projection.kind}",
        width=240,
    )  # fmt: skip
    return chosen


def _keep_whole() -> str:
    options = [_MSOAS, _AREAS, _NETWORKS, _FILE]
    return str(
        st.radio(
            "Stay whole", options, horizontal=True,
            key=session.widget_key("nb_whole", _MSOAS, options),
            help="Units that no neighbourhood divides. Networks are those of most registered "
            "patients of each area. A unit with more people than a neighbourhood may have is "
            "divided, and the notes name it.",
        )
    )  # fmt: skip


def _of_file(place: Place) -> layers.Lookup | None:
    """Return the groups of an uploaded file; draw its uploader if there is none."""
    return _stored(_FILE, place) or _upload(
        _FILE, place, "Table with area_code and a name of the group, or polygons with a name",
        layers.receive_lookup,
    )  # fmt: skip


def _of_networks(place: Place) -> layers.Lookup | None:
    """Return the network of each area, by the registered patients in use."""
    registered = patients.choose_registered(place)
    if registered is None:
        return None
    stored = session.answer(_GROUPS)
    if stored is not None and stored[:2] == (session.place_id(), registered):
        return _stored(registered, place)
    try:
        return _keep(registered, layers.Lookup(*layers.networks_of_areas(place, registered)))
    except InputError:  # the list of sites does not name the networks of practices
        return _upload(
            registered, place, "Network of each practice: epcncorepartnerdetails.csv, or a table "
            "of practices and networks",
            lambda content, name, place: layers.Lookup(
                *layers.networks_of_areas(place, registered, layers.receive_networks(content, name))
            ),
        )  # fmt: skip


def _stored(key: object, place: Place) -> layers.Lookup | None:
    """Return the groups in use, with a button that drops them."""
    stored = session.answer(_GROUPS)
    if stored is None or stored[:2] != (session.place_id(), key):
        return None
    groups: layers.Lookup = stored[2]
    here = groups.names[groups.names.index.isin(place.areas["area_code"])]
    words, button = st.columns([4, 1], vertical_alignment="center")
    words.markdown(f"{plural(here.nunique(), 'group')} of {plural(len(here), 'area')} in use.")
    if button.button("Use other groups"):
        session.keep_answer(_GROUPS, None)
        st.rerun()
    return groups


def _keep(key: object, groups: layers.Lookup) -> layers.Lookup:
    """Keep the groups, so that the work for them is the same each time."""
    session.keep_answer(_GROUPS, (session.place_id(), key, groups))
    return groups


def _upload(
    key: object, place: Place, label: str, read: Callable[[bytes, str, Place], layers.Lookup]
) -> layers.Lookup | None:
    st.warning(
        "Groups of areas or practices only. **Never upload anything about patients.**",
        icon=":material/shield_person:",
    )
    file = st.file_uploader(
        f"{label}, up to {_MAX_MB} MB", type=_TYPES, max_upload_size=_MAX_MB,
        key=f"neighbourhood groups {key if isinstance(key, str) else 'networks'}",
    )  # fmt: skip
    if file is None:
        return None
    content, name = file.getvalue(), file.name
    uploaded_files.release(file)
    try:
        with st.spinner(f"Reading {plain(name)}"):
            _keep(key, read(content, name, place))
    except InputError as error:
        session.show_error(error)
        return None
    st.rerun()
    return None
