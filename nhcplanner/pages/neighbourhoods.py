"""Neighbourhoods: footprints on a map, alternatives, larger areas, and areas moved by a click."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from nhcplanner import workflow
from nhcplanner.domain.neighbourhoods import LEVELS, Division
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.maps.screen import Behaviour, Drawing
from nhcplanner.outputs.sanitise import csv_bytes, isolated
from nhcplanner.outputs.tables import neighbourhoods
from nhcplanner.pages import map_view, neighbourhood_choices, session
from nhcplanner.pages.session import plain

_SLOT, _NESTED = "neighbourhoods", "larger areas"
_MOVES, _MOVED = "neighbourhood moves", "neighbourhoods after moves"
_STAY = "nowhere: a click only shows the area"
_SMALL = 260
"""Height of the maps side by side, pixels."""
Moves = tuple[tuple[str, str], ...]
"""Areas by code, each with the neighbourhood that it moves to, in order."""


@dataclass(frozen=True, eq=False)
class _Choice:
    """Divisions to choose from, the best first, each with the share of people elsewhere."""

    divisions: tuple[Division, ...]
    shares: tuple[float, ...]


def show(place: Place) -> None:
    """Draw the page."""
    with session.report_errors():
        choices = neighbourhood_choices.ask(place)
        if choices is None:
            return
        work, question, scenario = choices
        result = session.result_of(_SLOT, *question)
        if result is None:
            if session.is_working(_SLOT, *question):
                st.info("Neighbourhoods are being worked out. This page shows them when ready.")
                return
            st.markdown(
                "A neighbourhood joins areas whose people live close together. Set how many people "
                "it may have, then press **Show neighbourhoods**."
            )
            if st.button("Show neighbourhoods", type="primary"):
                session.start_work("Working out neighbourhoods", work, *question, slot=_SLOT)
                st.rerun()
            return
        _result(place, _choice(result), scenario)


def _choice(
    result: Division | tuple[Division, tuple[workflow.AlternativeDivision, ...]],
) -> _Choice:
    if isinstance(result, Division):
        return _Choice((result,), (0.0,))
    best, others = result
    divisions = (best, *(one.division for one in others))
    return _Choice(divisions, (0.0, *(one.share_moved for one in others)))


@session.fragment
def _result(place: Place, choice: _Choice, scenario: Scenario) -> None:
    built = _alternative(place, choice)
    _take_click(place, built)
    division = _moved(built, _moves(built))
    st.markdown(f"**{plain(division.summary)}**")
    nested = _larger_areas(place, division, scenario)
    _map(place, built, division, nested)
    table, moved, larger, need, about = st.tabs(
        ["Neighbourhoods", "Changed by hand", "Larger areas", "Without a centre", "Parts and notes"]
    )
    frame = neighbourhoods.for_reading(division)
    table.dataframe(frame, hide_index=True, column_config=_columns(frame))
    table.download_button(
        "Download the lookup of areas (CSV)",
        lambda: csv_bytes(neighbourhoods.lookup(division, nested)),
        "neighbourhoods.csv",
        "text/csv",
    )
    changes = neighbourhoods.changes(built, division)
    if changes.empty:
        moved.info("No changes: choose a neighbourhood above the map, then click an area.")
    else:
        moved.dataframe(changes, hide_index=True, placeholder="", column_config=_columns(changes))
    if not nested:
        larger.info("Choose above in which larger areas the neighbourhoods nest.")
    for groups in nested.values():
        larger.markdown(plain(groups.summary))
        rows = neighbourhoods.for_reading(groups)
        larger.dataframe(rows, hide_index=True, column_config=_columns(rows))
    with_names = workflow.with_neighbourhoods(place, division, nested)
    rules = session.scenario().model_copy(update={"year": division.year})
    for level in workflow.levels_of(with_names):
        without = workflow.neighbourhoods_without_centre(with_names, rules, session.plan(), level)
        if level in nested:
            need.markdown(plain(f"**{nested[level].noun.capitalize()}s without a centre**"))
        need.dataframe(without, hide_index=True, column_config=_columns(without))
    about.dataframe(division.parts, hide_index=True)
    notes = dict.fromkeys([*division.notes, *(n for one in nested.values() for n in one.notes)])
    about.markdown("\n".join(f"- {plain(note)}" for note in notes))


def _alternative(place: Place, choice: _Choice) -> Division:
    """Draw the divisions side by side with their quality; return the one in use."""
    if len(choice.divisions) == 1:
        return choice.divisions[0]
    names = ["Best", *(f"Alternative {n}" for n in range(1, len(choice.divisions)))]
    label = f"Compare {len(names)} divisions side by side"
    if st.toggle(label, key=session.widget_key("nb_compare", False)):
        _side_by_side(place, choice, names)
    used = st.radio(
        "Division in use", names, horizontal=True,
        key=session.widget_key("nb_alternative", names[0], names),
    )  # fmt: skip
    return choice.divisions[names.index(used)]


def _side_by_side(place: Place, choice: _Choice, names: list[str]) -> None:
    for column, name, one in zip(st.columns(len(names)), names, choice.divisions, strict=True):
        with column:
            st.markdown(f"**{name}**")
            shading, tips = neighbourhoods.shading(one), neighbourhoods.tips(one)
            behaviour = Behaviour(group="divisions")
            map_view.draw(place, f"nb {name}", Drawing(shading, tips), behaviour, _SMALL)
    quality = neighbourhoods.quality(choice.divisions, choice.shares, names)
    st.dataframe(quality, hide_index=True, column_config=_columns(quality))


def _take_click(place: Place, built: Division) -> None:
    """Draw where areas move to, and undo; store the move of a new click or of a name."""
    names = [_STAY, *sorted(set(built.names))]
    left, right = st.columns([4, 1], vertical_alignment="bottom")
    target = left.selectbox(
        "Move the area that you click to", names, format_func=isolated,
        key=session.widget_key("nb_target", _STAY, names),
    )  # fmt: skip
    right.button("Undo the last move", disabled=not _moves(built), on_click=_undo, args=(built,))
    click = map_view.clicked_area(place, "neighbourhoods")
    number = map_view.count_of(place, "neighbourhoods", "area")
    if session.is_new("neighbourhood click", number or None) and click is not None:
        _move(built, click, target)
    with st.expander("Move an area by its name"):
        areas = neighbourhoods.lookup(built)
        labels = (areas["area_name"] + ", " if "area_name" in areas else "") + areas["area_code"]
        row = st.selectbox(
            "Area", range(len(areas)), format_func=lambda one: isolated(str(labels.iloc[one])),
            key=session.widget_key("nb_area", 0, range(len(areas))),
        )  # fmt: skip
        st.button("Move it", disabled=target == _STAY, on_click=_move, args=(built, row, target))


def _undo(built: Division) -> None:
    session.keep_answer(_MOVES, (built, _moves(built)[:-1]))


def _move(built: Division, row: int, target: str) -> None:
    """Store the move of an area, unless it is there already."""
    now = _moved(built, _moves(built))
    if target not in {_STAY, str(now.names.iloc[row])}:
        code = str(built.areas["area_code"].iloc[row])
        session.keep_answer(_MOVES, (built, (*_moves(built), (code, target))))


def _moves(built: Division) -> Moves:
    """Return the moves of this division so far."""
    of, moves = session.answer(_MOVES) or (None, ())
    return tuple(moves) if of is built else ()


def _moved(built: Division, moves: Moves) -> Division:
    """Return the division after moves; the same object for the same moves."""
    if not moves:
        return built
    stored = session.answer(_MOVED)
    if stored is not None and stored[0] is built and stored[1] == moves:
        same: Division = stored[2]
        return same
    division = built
    for area, name in moves:
        division = workflow.move_area(division, area, name)
    session.keep_answer(_MOVED, (built, moves, division))
    return division


def _larger_areas(place: Place, division: Division, scenario: Scenario) -> dict[str, Division]:
    """Draw the choice of levels; return the groups that are ready."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    levels = left.multiselect(
        "Group them into", list(LEVELS), format_func=lambda one: f"{LEVELS[one].noun}s",
        key=session.widget_key("nb_levels", [], LEVELS),
        help="; ".join(
            f"{one.noun}: {one.bounds.least:,.0f} to {one.bounds.most:,.0f} people"
            for one in LEVELS.values()
        ),
    )  # fmt: skip
    whole = right.checkbox(
        "Keep councils whole where they fit", key=session.widget_key("nb_councils", False)
    )
    if not levels:
        return {}
    bounds = {one: LEVELS[one].bounds for one in LEVELS if one in levels}
    question = (place, division, bounds, scenario, bool(whole))
    nested: dict[str, Division] | None = session.result_of(_NESTED, *question)
    if nested is None:
        if not session.is_working(_NESTED, *question):
            session.start_work(
                "Grouping neighbourhoods", workflow.nest_neighbourhoods, *question, slot=_NESTED
            )
            st.rerun()
        st.info("Neighbourhoods are being grouped. This page shows the groups when ready.")
    return nested or {}


def _map(place: Place, built: Division, division: Division, nested: dict[str, Division]) -> None:
    on_map = division
    if nested:
        views = {f"{one.noun}s".capitalize(): one for one in (division, *nested.values())}
        view = st.radio(
            "Show on the map", list(views), horizontal=True,
            key=session.widget_key("nb_view", next(iter(views)), views),
        )  # fmt: skip
        on_map = views[view]
    shading, tips = neighbourhoods.shading(on_map), neighbourhoods.tips(on_map)
    row = map_view.clicked_area(place, "neighbourhoods")
    drawing = Drawing(shading, tips, chosen=[] if row is None else [row])
    map_view.draw(place, "neighbourhoods", drawing)
    st.caption(
        "Neighbourhoods that touch have different colours; the same colour elsewhere is another "
        "neighbourhood. Point at an area to see its name."
    )
    if row is not None:
        area = division.areas.iloc[row]
        st.markdown(plain(f"Chosen: {area['area_code']}, {area['neighbourhood']}"))
    changes = neighbourhoods.changes(built, division)
    if len(changes):
        st.dataframe(changes, hide_index=True, placeholder="", column_config=_columns(changes))


def _columns(frame: pd.DataFrame) -> dict[str, object]:
    """Return headings in words, and numbers with separators or one decimal."""
    columns: dict[str, object] = {}
    for name in map(str, frame):
        label = neighbourhoods.WORDS.get(name, name)
        if pd.api.types.is_float_dtype(frame[name]):
            columns[name] = st.column_config.NumberColumn(label, format="%.1f")
        elif pd.api.types.is_integer_dtype(frame[name]):
            columns[name] = st.column_config.NumberColumn(label, format="localized")
        else:
            columns[name] = st.column_config.Column(label)
    return columns
