"""Registered patients on the page Access: where they live, and what a closure or a move changes."""

from __future__ import annotations

import folium
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from nhcplanner import layers, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.place import Place
from nhcplanner.layers import RegisteredPatients
from nhcplanner.outputs.maps.screen import Drawing
from nhcplanner.outputs.sanitise import csv_bytes, isolated
from nhcplanner.outputs.tables import patients
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import map_view, session, uploaded_files
from nhcplanner.pages.session import plain
from nhcplanner.workflow.access import travel_settings

_FLOWS, _CLOSURE, _FILE = "patients", "closure", "registered patients"
MAX_MB = 100
TYPES = ["csv", "gz", "tsv", "xlsx", "parquet"]
SHUTS, MOVES = "It shuts", "It moves to another site"


def draw(place: Place) -> None:
    """Draw the part of the page."""
    registered = choose_registered(place)
    if registered is None:
        return
    settings = travel_settings(session.scenario())
    mode = st.selectbox(
        "Patients travel", ("drive", "walk", "cycle"), format_func=terms.option,
        key=session.widget_key("patients_mode", "drive", ("drive", "walk", "cycle")),
    )  # fmt: skip
    scenario = settings.model_copy(update={"mode": mode, "modes": ()})
    question = (place, registered, scenario)
    flows = session.result_of(_FLOWS, *question)
    if flows is None:
        if not session.is_working(_FLOWS, *question):
            session.start_work(
                "Joining patients to practices", workflow.registered_patients, *question,
                slot=_FLOWS,
            )  # fmt: skip
            st.rerun()
        st.info("Patients are being joined to practices. This page shows them when ready.")
        return
    _practice(place, flows)


def choose_registered(place: Place) -> RegisteredPatients | None:
    """Return the patients of the file in use; draw the uploader if there is none."""
    stored = session.answer(_FILE)
    if stored is not None and stored[0] == session.place_id():
        registered: RegisteredPatients = stored[1]
        name, button = st.columns([4, 1], vertical_alignment="center")
        words = f"{plain(registered.file)}: {registered.table['patients'].sum():,} patients"
        name.markdown(f"{words} of the place's practices and areas are in use.")
        if button.button("Use another file"):
            session.keep_answer(_FILE, None)
            st.rerun()
        return registered
    st.markdown(
        "NHS England publishes each quarter how many patients of each practice live in each LSOA: "
        "**Patients registered at a GP practice**, file gp-reg-pat-prac-lsoa-all.csv. Upload it, "
        "or the rows of your practices."
    )
    in_place = layers.find_patients_file(place)
    if in_place is not None and st.button(f"Use {plain(in_place.name)} of the place"):
        _keep(place, in_place.read_bytes(), in_place.name)
    st.warning(
        "Counts by practice and area only. **Never upload anything about single patients.**",
        icon=":material/shield_person:",
    )
    file = st.file_uploader(
        f"Patients by practice and area: CSV, packed CSV, Excel or Parquet, up to {MAX_MB} MB",
        type=TYPES,
        max_upload_size=MAX_MB,
        key="registered patients upload",
    )
    if file is not None:
        content = file.getvalue()
        uploaded_files.release(file)
        _keep(place, content, file.name)
    return None


def _keep(place: Place, content: bytes, name: str) -> None:
    """Read a file, and keep the rows that the place needs."""
    try:
        with st.spinner("Reading the file"):
            registered = layers.receive_registered_patients(content, name).of_place(place)
    except InputError as error:
        session.show_error(error)
        return
    session.keep_answer(_FILE, (session.place_id(), registered))
    st.rerun()


@session.fragment
def _practice(place: Place, flows: workflow.PatientFlows) -> None:
    """Draw the choice of a practice, where its patients live, and what if it shuts or moves."""
    listed = flows.practices[flows.practices["patients"] > 0]
    names = {
        row["practice"]: f"{row['name']} ({row['practice']}), {row['patients']:,.0f} patients"
        for row in listed.sort_values("name").to_dict("records")
    }
    chosen = st.selectbox(
        "Practice", list(names), format_func=lambda code: isolated(names[code]),
        key=session.widget_key("patients_practice", next(iter(names)), names),
    )  # fmt: skip
    row = listed.set_index("practice").loc[chosen]
    st.markdown(
        f"**{plain(row['name'])} has {row['patients']:,.0f} registered patients; "
        f"{row['from_elsewhere']:,.0f} of them live outside the place.**"
    )
    what = st.radio(
        "What if", ["It stays", SHUTS, MOVES], horizontal=True,
        key=session.widget_key("patients_what", "It stays", ["It stays", SHUTS, MOVES]),
    )  # fmt: skip
    if what == "It stays":
        _today(place, flows, chosen)
        return
    others = [code for code in names if code != chosen]
    also = st.multiselect(
        "Practices that shut at the same time", others,
        format_func=lambda code: isolated(names[code]),
        key=session.widget_key("patients_also", [], others),
    )  # fmt: skip
    move: tuple[tuple[str, str], ...] = ()
    if what == MOVES:
        move = ((chosen, _site(place)),)
    shut = (*also,) if what == MOVES else (chosen, *also)
    question = (flows, shut, move)
    page = session.result_of(_CLOSURE, *question)
    if page is None:
        if not session.is_working(_CLOSURE, *question):
            label = "Working out what changes for patients"
            session.start_work(label, workflow.make_closure, *question, slot=_CLOSURE)
            st.rerun()
        st.info("What changes is being worked out. This page shows it when ready.")
        return
    _change(place, page)


def _site(place: Place) -> str:
    """Draw the choice of the site that a practice moves to."""
    sites = dict(zip(place.sites["site_id"], place.site_names, strict=True))
    ids = sorted(sites, key=lambda one: str(sites[one]))
    return str(
        st.selectbox(
            "Site that it moves to", ids, format_func=lambda one: isolated(f"{sites[one]} ({one})"),
            key=session.widget_key("patients_site", ids[0], ids),
        )
    )  # fmt: skip


def _today(place: Place, flows: workflow.PatientFlows, practice: str) -> None:
    frame = workflow.practice_areas(flows, practice)
    _map(place, "patients", frame, [patients.practice_layer(place, practice)])
    areas, practices, notes = st.tabs(["Where its patients live", "All practices", "Notes"])
    _table(areas, frame.assign(share=frame["share"] * 100))
    choice = flows.practices.assign(by_choice=flows.by_choice.sum(axis=0).round())
    _table(practices, choice)
    if flows.fit is not None:
        notes.markdown(
            f"{flows.fit.nearest:.1%} of patients are at their nearest practice. The choice model "
            f"places {flows.fit.overlap:.1%} of them right in councils held out of its fit, the "
            f"nearest practice alone {flows.fit.overlap_nearest:.1%}."
        )
    notes.markdown("\n".join(f"- {plain(note)}" for note in flows.notes))


def _change(place: Place, page: workflow.ClosurePage) -> None:
    closure = page.closure
    st.markdown(f"**{plain(closure.summary)}**")
    if closure.estimate:
        st.warning(
            "Minutes are an **estimate** from straight lines; where patients go is modelled."
        )
    layers_above = [patients.change_layer(closure)]
    if closure.moves:
        layers_above.append(patients.old_address_layer(closure))
        st.caption("A hollow point is the address today of a practice that moves.")
    _map(place, "patients", closure.areas, layers_above)
    name = f"closure-{closure.code}"
    html, word, table = st.columns(3)
    html.download_button("Download one page (HTML)", page.html, f"{name}.html", "text/html")
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    word.download_button("Download one page (Word)", page.word, f"{name}.docx", kind)
    table.download_button(
        "Download the table (CSV)", lambda: csv_bytes(closure.areas), f"{name}.csv", "text/csv"
    )
    gain = closure.practices[
        (closure.practices["patients_gained"] >= 0.5) | (closure.practices["change"] != "stays")
    ]
    groups, practices, areas = st.tabs(
        ["By need and deprivation", f"{plural(len(gain), 'practice')} concerned", "By area"]
    )
    _table(groups, closure.groups.replace({"grouping": terms.GROUPINGS}))
    columns = ["name", "practice", "change", "list_size", "patients_gained", "list_change"]
    _table(practices, gain.assign(list_change=gain["list_change"] * 100)[columns])
    _table(areas, closure.areas)


def _map(place: Place, key: str, frame: pd.DataFrame, above: list[folium.FeatureGroup]) -> None:
    shading = patients.shading(place, frame)
    wide, narrow = st.columns([5, 2])
    with narrow:
        map_view.legend(shading, map_view.line_legend(place))
    with wide:
        map_view.draw(place, key, Drawing(shading, patients.tips(place, frame), above))


def _table(where: DeltaGenerator, frame: pd.DataFrame) -> None:
    shares = {"share", "list_change"}
    columns: dict[str, object] = {}
    for name in map(str, frame):
        label = patients.WORDS.get(name, name)
        if name in shares:
            columns[name] = st.column_config.NumberColumn(label, format="%.1f%%")
        elif "minutes" in name or name == "nearest_after":
            columns[name] = st.column_config.NumberColumn(label, format="%.1f")
        elif pd.api.types.is_bool_dtype(frame[name]):
            columns[name] = st.column_config.CheckboxColumn(label)
        elif pd.api.types.is_numeric_dtype(frame[name]):
            columns[name] = st.column_config.NumberColumn(label, format="localized")
        else:
            columns[name] = st.column_config.Column(label)
    whole = {
        name: frame[name].round() for name in ("patients_gained", "without_car", "farther",
                                               "without_practice", "newly_without")
        if name in frame
    }  # fmt: skip
    where.dataframe(frame.assign(**whole), hide_index=True, column_config=columns)
