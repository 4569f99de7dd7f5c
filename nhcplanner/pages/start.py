"""Start: the place, the data it includes and misses, and saved work."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from nhcplanner import layers, outputs, workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.tables.place import list_data
from nhcplanner.pages import intake, menu, session, share_panel, uploaded_files
from nhcplanner.pages.session import plain

_MAX_MB = 200
_RECENT = 5
"""Projects that are listed with a button to open them."""
_ORIGINS = {
    "demo": "The demo place",
    "place": "A place on this server",
    "upload": "A zipped place folder",
    "own": "Your own areas and tables",
}


_STEP = "tour step"
_TOUR = {
    "Choose a place": "Type a council, an ICB or a neighbourhood below and press Enter. The demo "
    "place opens first; its figures are invented.",
    "See need and access": "**Need** colours areas by health, **Access today** shows who reaches a "
    "GP practice or another building. Click an area on the map for its figures.",
    "Check the sites": "**Sites** lists the buildings where a centre could open. Add, move or "
    "exclude sites, or upload your own list.",
    "Make a plan": "**Plan** chooses the sites by your rules and states how far it may be from the "
    "best. Make a second plan and see on **Compare** who gains, then export under **Hand-in**.",
}
"""Steps of the tour for a first visit."""


def show(place: Place) -> None:
    """Draw the page."""
    if intake.is_place_pending():
        intake.place_steps(place)
        return
    st.markdown(
        "Decide where neighbourhood health centres should open, so that most people reach one "
        "within 20 minutes of home, and areas with the lowest **healthy life expectancy** (HLE) "
        "come first. See **Need** and **Access today**, list your buildings under **Sites**, then "
        "make a **Plan**. It states how far it may be from the best possible plan."
    )
    _tour()
    here, other = st.columns([3, 2], gap="large")
    with here:
        _choose()
        with session.report_errors():
            _projects()
        _show_place(place)
    with other:
        _open_another(place)
        _settings(place)
        with session.report_errors():
            share_panel.show()
            _saved()


def _tour() -> None:
    """Draw one step of the tour, until it is finished or skipped."""
    if session.is_tour_over():
        return
    at = min(session.answer(_STEP) or 0, len(_TOUR) - 1)
    title, words = list(_TOUR.items())[at]
    with st.container(border=True):
        st.markdown(f"**{title}** (step {at + 1} of {len(_TOUR)}). {words}")
        back, on, skip, _ = st.columns([1, 1, 1, 3])
        if back.button("Step back", disabled=not at, width="stretch"):
            session.keep_answer(_STEP, at - 1)
            st.rerun()
        is_last = at == len(_TOUR) - 1
        if not is_last and on.button("Next step", width="stretch"):
            session.keep_answer(_STEP, at + 1)
            st.rerun()
        label = "End the tour" if is_last else "Skip the tour"
        if skip.button(label, width="stretch"):
            session.end_tour()
            st.rerun()


def _choose() -> None:
    """Search the parts of England; a match opens when it is pressed."""
    st.subheader("Choose a place", anchor=False)
    text = st.text_input(
        "Council, ICB, region or MSOA of England",
        key=session.widget_key("start_search", ""),
        placeholder="For example Blackpool, Norfolk and Suffolk ICB, North East or Hull",
        max_chars=100,
        help="Planned from official figures that come with the app; nothing is downloaded.",
    )
    if not text.strip():
        st.caption(f"{len(workflow.place_labels()):,} places by name. Press Enter to search.")
        return
    labels = workflow.search_places(text)
    if not labels:
        st.info("No place of England has a name like that. Check the spelling, or try the council.")
    open_now = session.place_id().removeprefix("place:")
    if open_now in labels:
        st.caption(plain(f"{open_now} is open. Search again to open another place."))
        return
    for label in labels:
        if st.button(plain(f"Open {label}"), key=f"open {label}"):
            with session.report_errors(), st.spinner(plain(f"Opening {label}")):
                session.open_place(f"place:{label}")
                st.rerun()


def _show_place(place: Place) -> None:
    st.subheader(plain(place.title), anchor=False)
    existing = int((place.sites["status"] == "existing").sum())
    figures = {
        "People": place.people,
        "Areas": len(place.areas),
        "Sites": len(place.sites),
        "Centres open today": existing,
    }
    for column, (label, number) in zip(st.columns(4), figures.items(), strict=True):
        column.metric(label, f"{number:,}")
    menu.link("need", "Next: see need")
    _lines("Data included", list_data(place))
    _lines("Data missing", layers.lacks(place))
    with st.expander("All data, with sources"):
        for section in layers.sections(place):
            _lines(section.title, section.lines)


def _lines(title: str, lines: Iterable[str]) -> None:
    rows = "\n".join(f"- {plain(line)}" for line in lines)
    st.markdown(f"**{title}**\n\n{rows or '- Nothing'}")


def _open_another(place: Place) -> None:
    st.subheader("Open another place", anchor=False)
    origin = st.radio(
        "Source",
        list(_ORIGINS),
        index=None,
        format_func=_ORIGINS.__getitem__,
        key=session.widget_key(f"start_origin {session.place_id()}", None),
    )
    with session.report_errors():
        if origin == "place":
            _offered()
        elif origin == "upload":
            _upload()
        elif origin == "own":
            intake.place_uploader(place)
        elif origin == "demo":
            _offer_demo()


def _offer_demo() -> None:
    if session.place_id() != "demo" and st.button("Open the demo place", type="primary"):
        session.open_place("demo")
        st.rerun()


def _offered() -> None:
    names = list(session.offered_places())
    if not names:
        st.info(
            "No places are set up on this server. Start the app with "
            "`nhcplanner app --places FOLDER`, where FOLDER holds place folders made by "
            "`nhcplanner build`. Or zip a place folder and upload it."
        )
        return
    with st.form("place", border=False):
        name = st.selectbox(
            "Place",
            names,
            key=session.widget_key("start_place", names[0], names),
            help="Place folders that the person who runs this app has set up",
        )
        if st.form_submit_button("Open", type="primary"):
            session.open_place(f"place:{name}")
            st.rerun()


def _upload() -> None:
    st.warning(
        "Upload statistics about areas and lists of buildings only. **Never upload anything about "
        "patients.**",
        icon=":material/shield_person:",
    )
    packed = st.file_uploader(
        f"Zip of a place folder made by nhcplanner build, up to {_MAX_MB} MB",
        type="zip",
        max_upload_size=_MAX_MB,
        help="Only you can open it. Its content is checked before it is used.",
    )
    if packed is not None and st.button("Open the upload", type="primary"):
        session.upload_place(packed.getvalue())
        uploaded_files.release(packed)
        st.rerun()


def _settings(place: Place) -> None:
    st.subheader("Settings", anchor=False)
    st.markdown(
        "Your work is saved as you go. Reload this page or open its address again to continue. "
        "Nobody else can open your work: people who open the address start afresh with your "
        "settings. To let others see the work, share it below. To share the settings as a file, "
        "download them."
    )
    st.download_button(
        "Download the settings (scenario.toml)",
        lambda: outputs.scenario_text(
            session.scenario(), workflow.need_basis(place, session.scenario())
        ),
        "scenario.toml",
        "application/toml",
    )
    settings_file = st.file_uploader("Or upload a settings file", type="toml", max_upload_size=1)
    if settings_file is not None and st.button("Use these settings"):
        with session.report_errors():
            session.set_scenario(_read(settings_file.getvalue(), settings_file.name))
            st.rerun()


def _projects() -> None:
    """List the visitor's other projects, the one opened last first, each with its figures."""
    projects = [one for one in session.saved_work()[0] if one.place and not one.item.is_trash]
    if not any(not one.is_open for one in projects):
        return
    st.subheader("Your projects", anchor=False)
    for one in projects[:_RECENT]:
        words, button = st.columns([4, 1], vertical_alignment="center")
        plans = one.description.partition(": ")[2]
        figures = "" if one.figures is None else f", {one.figures.share:.0%} of people in reach"
        words.markdown(f"**{plain(one.place)}** · {plain(plans)}{figures}")
        is_here = one.item.name == session.work_name()
        label = "Open here" if is_here else "Open"
        if button.button(label, key=f"project {one.item.name}", disabled=is_here):
            with session.report_errors():
                session.open_project(one.item.name)
                st.rerun()
    if len(projects) > _RECENT:
        st.caption(f"And {len(projects) - _RECENT:,} more, under Your saved work.")


def _saved() -> None:
    """List the visitor's saved work, each with a button to delete it."""
    saved, quota = session.saved_work()
    if not saved:
        return
    total = sum(work.megabytes for work in saved)
    with st.expander(f"Your saved work: {total:,.1f} of {quota:,.0f} MB"):
        for work in saved:
            words, button = st.columns([4, 1], vertical_alignment="center")
            state = "open here" if work.is_open else work.deleted_on
            line = f"{work.description} · {work.megabytes:,.1f} MB"
            words.markdown(plain(f"{line} · {state}" if state else line))
            label = "Delete now" if work.item.is_trash else "Move to trash"
            key = f"{label} {work.item.kind} {work.item.name}"
            if button.button(label, key=key, disabled=work.is_open):
                remove = session.delete_saved if work.item.is_trash else session.discard_saved
                remove(work)
                st.rerun()


def _read(content: bytes, name: str) -> Scenario:
    return Scenario.from_toml(content.decode("utf-8-sig", errors="replace"), name)
