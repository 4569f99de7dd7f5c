"""Sites: the buildings where a centre could open, and changes to their list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from nhcplanner import workflow
from nhcplanner.base.errors import InputError, PlannerError
from nhcplanner.domain.colocation import names_near, services_of
from nhcplanner.domain.columns import SITES
from nhcplanner.domain.place import Place
from nhcplanner.outputs import frames
from nhcplanner.outputs.maps import panel
from nhcplanner.outputs.maps.screen import Behaviour, Drawing
from nhcplanner.outputs.maps.shading import Shading, one_colour
from nhcplanner.outputs.sanitise import isolated
from nhcplanner.outputs.tables import need, sites
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import intake, map_view, session
from nhcplanner.pages.session import plain
from nhcplanner.workflow.sites import (
    CHOICE,
    CHOICES,
    FACTS,
    added,
    changed,
    edit_table,
    moved,
    without,
)

_MAP, _PICK = "sites", "sites_pick"


def show(place: Place) -> None:
    """Draw the page."""
    if intake.is_pending():
        intake.steps(place)
        return
    intake.show_result()
    table = workflow.site_table(place, session.scenario())
    words, *buttons = st.columns([4, 2, 2, 2, 2], vertical_alignment="center")
    words.markdown(f"**{sites.summary(place, table[CHOICE])}**")
    _buttons(place, buttons)
    _map(place, table[CHOICE])
    every, changes, upload = st.tabs(
        ["All sites", f"Changed ({len(session.edits()):,})", "Upload a list"]
    )
    with every:
        _editor(place, table)
    with changes:
        _changes()
    with upload:
        intake.uploader()


def _buttons(place: Place, columns: list[Any]) -> None:
    undo, redo, here, empty = columns
    if undo.button(
        "Undo last change",
        disabled=not session.undo_count(),
        icon=":material/undo:",
        width="stretch",
    ):
        session.undo()
        st.rerun()
    if redo.button(
        "Redo",
        disabled=not session.redo_count(),
        icon=":material/redo:",
        width="stretch",
        help="Make the change again that you undid last",
    ):
        session.redo()
        st.rerun()
    here.download_button(
        "Download list (CSV)",
        lambda: sites.list_csv(place),
        "sites.csv",
        "text/csv",
        width="stretch",
    )
    empty.download_button(
        "Template (XLSX)",
        sites.template,
        "sites-template.xlsx",
        width="stretch",
        help="An empty list of sites to fill in and upload",
    )


@session.fragment
def _map(place: Place, choice: pd.Series) -> None:
    wide, narrow = st.columns([5, 3])
    is_picking = session.stored_answer(_PICK) is True
    click = map_view.clicked_point(place, _MAP) if is_picking else None
    measure = next(iter(need.measures(place).values()), None)
    with narrow:
        st.toggle(
            "Choose a position on the map",
            key=session.widget_key(_PICK, False),
            help="While this is on, a click on the map sets a pin, which you can drag. While it is "
            "off, clicks only show facts.",
        )
        st.caption(_describe_click(place, click))
        add, move, colours = st.tabs(["Add a site", "Move a site", "Colours"])
        with add:
            _add(place, click)
        with move:
            _move(place, click)
        with colours:
            if measure is not None:
                st.caption(plain(measure.title))
                map_view.legend(measure.shading(place))
    with wide:
        names = need.labels(place).map(isolated).tolist()
        shading: Shading = one_colour(len(place.areas))
        tips: Callable[[int], str] = names.__getitem__
        if measure is not None:
            shading, tips = measure.shading(place), need.tips(place, measure)
        behaviour = map_view.POPUP
        if is_picking:
            words = "Click the map to set the position, or drag the pin"
            behaviour = Behaviour(mode=words, pin=map_view.position(click))
        drawing = Drawing(shading, tips, sites.layers(place, choice))
        map_view.draw(place, _MAP, drawing, behaviour)
        key = f"{sites.key(place, choice)}{panel.ground(place)}"
        st.html(f'<div class="legend">{key}</div>')
        if measure is not None:
            st.caption(f"Areas: {plain(measure.title)}; see Colours.")


def _describe_click(place: Place, click: map_view.Click | None) -> str:
    if click is None:
        return "Enter a postcode or a grid reference, or choose the position on the map."
    row = map_view.area_at(place, click)
    inside = "outside all areas" if row is None else f"in {need.labels(place)[row]}"
    where = f"{click.easting:,.0f} east, {click.northing:,.0f} north, {inside}"
    return f"Point clicked: {plain(where)}."


def _position_field(click: map_view.Click | None) -> str:
    return st.text_input(
        "Postcode, grid reference, or easting and northing",
        placeholder="LE15 6AA, SK 857 086 or 485700, 308600",
        help="Leave blank to use the point clicked on the map",
    ) or ("" if click is None else f"{click.easting:.1f}, {click.northing:.1f}")


def _choose(make: Callable[[], workflow.Choices]) -> None:
    """Change the list; on an error show it below the form, whose answers stay."""
    try:
        session.choose_sites(make())
    except PlannerError as error:
        session.show_error(error)
    else:
        st.rerun()


def _add(place: Place, click: map_view.Click | None) -> None:
    with st.form(f"add {hash(session.site_choices())}", border=False):  # empty after a change
        where = _position_field(click)
        name = st.text_input("Name of the site", max_chars=120)
        kind = st.text_input("Kind of building", placeholder="library", max_chars=60)
        pressed = st.form_submit_button("Add this site", type="primary")
    if pressed:
        now = session.site_choices()
        _choose(lambda: added(place, workflow.spot(where), name, kind, now))


def _move(place: Place, click: map_view.Click | None) -> None:
    names = frames.called(place)
    with st.form("move", border=False):
        site = st.selectbox(
            "Site",
            names,
            index=None,
            format_func=lambda one: f"{names[one]} ({one})",
            placeholder="Type to search",
        )
        where = _position_field(click)
        pressed = st.form_submit_button("Move this site", type="primary")
    if pressed and site is None:
        st.warning("Choose a site.")
    elif pressed:
        _choose(lambda: moved(site, workflow.spot(where), session.site_choices()))


def _editor(place: Place, table: pd.DataFrame) -> None:
    with st.form("list", border=False):
        near = names_near(services_of(place.sites, session.scenario()))
        edited = st.data_editor(
            table.assign(services=near.to_numpy()),
            key=f"list {hash(session.site_choices())}",
            hide_index=True,
            height=360,
            disabled=["site_id", "services"],
            placeholder="",
            column_config=_columns(place),
        )
        save, words = st.columns([1, 4], vertical_alignment="center")
        pressed = save.form_submit_button("Save changes", type="primary")
        words.caption("Save your changes to use them in plans. Leave blank if unknown.")
    if pressed:
        try:
            session.choose_sites(changed(place, edited, session.site_choices()))
        except InputError as error:
            session.fault_table(error, "the table")
        else:
            st.rerun()


def _columns(place: Place) -> dict[str, object]:
    labels = {column.name: column for column in SITES}
    columns: dict[str, object] = {"site_id": st.column_config.Column("Site id", pinned=True)}
    columns["kind"] = st.column_config.SelectboxColumn(
        "Kind", options=place.sites["kind"].unique().tolist(), format_func=terms.kind,
        help=labels["kind"].meaning,
    )  # fmt: skip
    for name in (one for one in FACTS if one not in columns):
        one = labels[name]
        unit = f" ({one.unit})" if one.unit else ""
        if one.kind == "number":
            columns[name] = st.column_config.NumberColumn(
                f"{one.label}{unit}", help=one.meaning, min_value=0, format="localized"
            )
        elif one.choices:
            columns[name] = st.column_config.SelectboxColumn(
                one.label, help=one.meaning, options=list(one.choices), required=True
            )
        else:
            columns[name] = st.column_config.TextColumn(one.label, help=one.meaning, max_chars=120)
    columns["services"] = st.column_config.Column(
        "Services near", help="Kinds of listed buildings within an estimated walk of "
        f"{session.scenario().near_minutes:g} minutes, its own included",
    )  # fmt: skip
    columns[CHOICE] = st.column_config.SelectboxColumn(
        "In a plan", options=list(CHOICES), required=True,
        help="Available: a plan may open it. Existing and committed centres must open; sites with "
        "the status forbidden are excluded.",
    )  # fmt: skip
    return columns


def _changes() -> None:
    edits = session.edits()
    if not edits:
        st.info("No changes: these are the sites that came with the place.")
        return
    st.dataframe(
        edit_table(edits),
        hide_index=True,
        height=240,
        column_config={"site_id": "Site id", "what": "Change"},
    )
    site, one, every = st.columns([3, 2, 2], vertical_alignment="bottom")
    chosen = site.selectbox("Site", [one.site_id for one in edits], index=None)
    now = session.site_choices()
    if one.button("Undo its changes", disabled=chosen is None, width="stretch"):
        session.choose_sites(without([chosen], now))
        st.rerun()
    if every.button("Undo all changes", width="stretch"):
        session.choose_sites(without([one.site_id for one in edits], now))
        st.rerun()
