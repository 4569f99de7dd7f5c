"""Start: which place, what it holds and lacks, and how work is kept."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from nhcplanner import layers, outputs
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import place as outputs_place
from nhcplanner.pages import menu, session
from nhcplanner.pages.session import plain

_MOST_MB = 200
_WHENCE = {
    "demo": "The demo place",
    "place": "A place that this app offers",
    "upload": "A zipped place folder",
}


def show(place: Place) -> None:
    """Draw the page."""
    st.markdown(
        "Where should neighbourhood health centres open, so that most people reach one within 20 "
        "minutes of home, beginning where **healthy life expectancy** is lowest? Look at "
        "**Need** and **Access today**, list your buildings under **Sites**, then make a **Plan** "
        "that says how far it may be from the best possible."
    )
    here, other = st.columns([3, 2], gap="large")
    with here:
        _held(place)
    with other:
        _choose()
        _choices()
        with session.guarded():
            _saved()


def _held(place: Place) -> None:
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
    menu.link("need", "Go on: who lives here, and in what health")
    _lines("What it holds", outputs_place.holds(place))
    _lines("What it lacks, and what that means", layers.lacks(place))
    with st.expander("In full, with sources"):
        for section in layers.sections(place):
            _lines(section.title, section.lines)


def _lines(title: str, lines: Iterable[str]) -> None:
    said = "\n".join(f"- {plain(line)}" for line in lines)
    st.markdown(f"**{title}**\n\n{said or '- Nothing'}")


def _choose() -> None:
    st.subheader("Open another place", anchor=False)
    whence = st.radio(
        "Where from",
        list(_WHENCE),
        format_func=_WHENCE.__getitem__,
        key=session.stays("start_whence", session.at().partition(":")[0], _WHENCE),
    )
    with session.guarded():
        if whence == "place":
            _offered()
        elif whence == "upload":
            _upload()
        elif session.at() != "demo" and st.button("Open the demo place", type="primary"):
            session.open_place("demo")
            st.rerun()


def _offered() -> None:
    names = list(session.offered())
    if not names:
        st.info(
            "No folder of places is set up. Start the app with "
            "`nhcplanner app --places FOLDER`, where FOLDER holds what nhcplanner build made; "
            "or zip a place folder and upload it."
        )
        return
    with st.form("place", border=False):
        name = st.selectbox(
            "Which place",
            names,
            key=session.stays("start_place", names[0], names),
            help="The place folders that whoever runs this app has set up",
        )
        if st.form_submit_button("Open", type="primary"):
            session.open_place(f"place:{name}")
            st.rerun()


def _upload() -> None:
    st.warning(
        "Only statistics about areas and lists of buildings belong here. **Never upload anything "
        "about patients.**",
        icon=":material/shield_person:",
    )
    packed = st.file_uploader(
        f"A zip of a folder made by nhcplanner build, up to {_MOST_MB} MB",
        type="zip",
        max_upload_size=_MOST_MB,
        help="Only this session sees it. Its content is checked before it is used.",
    )
    if packed is not None and st.button("Open the upload", type="primary"):
        session.upload_place(packed.getvalue())
        st.rerun()


def _choices() -> None:
    st.subheader("Your choices", anchor=False)
    st.markdown(
        "What you choose is kept as you go: reload this page, or open its address again, and you "
        "are where you were. The address opens your work for you alone: whoever else opens it "
        "begins anew with your choices. To share choices as a file, share this one."
    )
    st.download_button(
        "Download choices (scenario.toml)",
        lambda: outputs.scenario_text(session.scenario()),
        "scenario.toml",
        "application/toml",
    )
    given = st.file_uploader("Or take choices from a file", type="toml", max_upload_size=1)
    if given is not None and st.button("Use these choices"):
        with session.guarded():
            session.set_scenario(_read(given.getvalue(), given.name))
            st.rerun()


def _saved() -> None:
    """What the visitor has on the disk, with what may be done about it."""
    found, most = session.saved_work()
    if not found:
        return
    total = sum(one.megabytes for one in found)
    with st.expander(f"Your saved work: {total:,.1f} of {most:,.0f} MB"):
        for one in found:
            words, button = st.columns([4, 1], vertical_alignment="center")
            state = "open here" if one.is_open else one.until
            said = f"{one.what} · {one.megabytes:,.1f} MB" + (f" · {state}" if state else "")
            words.markdown(plain(said))
            label = "Delete now" if one.item.is_trash else "To the trash"
            if button.button(
                label, key=f"{label} {one.item.kind} {one.item.name}", disabled=one.is_open
            ):
                (session.delete_saved if one.item.is_trash else session.discard_saved)(one)
                st.rerun()


def _read(content: bytes, name: str) -> Scenario:
    return Scenario.from_toml(content.decode("utf-8-sig", errors="replace"), name)
