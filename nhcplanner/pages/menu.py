"""Around every page: heading, sidebar, what the app has to say, and long work under way.

The menu: every page with its title, in order, and links from one to another.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape
from importlib import import_module

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from nhcplanner import workflow
from nhcplanner.base.errors import without_folders
from nhcplanner.domain.place import Place
from nhcplanner.models import Report
from nhcplanner.outputs import style
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import session
from nhcplanner.pages.session import plain
from nhcplanner.pages.session.queue import Job

LOOK = 1.0
"""Seconds between two looks at long work."""


def with_frame(title: str, show: Callable[[Place], None]) -> Callable[[], None]:
    """A page as the menu calls it.

    Parameters
    ----------
    title
        Its heading.
    show
        Draws it for the session's place.
    """

    @wraps(show)
    def page() -> None:
        st.html(style.PAGE)
        st.header(title, anchor=False)
        with session.guarded():
            session.begin()
            session.take()
        with session.guarded(_way_on):
            place = session.place()
            session.reopen()
        _progress()
        _notices()
        loss = st.container()
        _loss(loss)
        with session.guarded():
            _sidebar(place)
            if place.synthetic:
                st.badge(terms.SYNTHETIC, color="orange")
            before = session.unsaved()
            show(place)
        if session.unsaved() and not before:
            _loss(loss)
        session.drawn()

    return page


def _way_on() -> None:
    """Where the place cannot be read any more."""
    if session.at() != "demo" and st.button("Go to the demo place", type="primary"):
        session.open_place("demo")
        st.rerun()


def _notices() -> None:
    with st.container():  # there even when empty, as in `_progress`
        for words in session.notices():
            st.warning(plain(without_folders(words)))


def _loss(where: DeltaGenerator) -> None:
    """Say that the disk refused the last change, as long as it does."""
    if session.unsaved():
        where.warning(plain(without_folders(session.unsaved())))


def _sidebar(place: Place) -> None:
    """Place and question in a few lines, the same on all pages."""
    scenario = session.scenario()
    with st.sidebar:
        st.html(
            f'<div class="here"><b>{escape(place.title)}</b><br>{place.people:,} people, '
            f"{len(place.areas):,} areas, {len(place.sites):,} sites"
            f"<hr><b>The question</b><br>{escape(terms.words(scenario))}</div>"
        )


def _progress() -> None:
    with st.container():  # there even when empty: what stands below, a map above all, stays put
        if session.jobs():
            _watched()


@st.fragment(run_every=LOOK)
def _watched() -> None:
    """How far long work has come, looked at again and again; the page is drawn anew at its end."""
    jobs = session.jobs()
    if not jobs or any(job.state == "done" for job in jobs):
        st.rerun()
    for job in jobs:
        _one(job)


def _one(job: Job) -> None:
    with st.container(border=True):
        words, button = st.columns([5, 1], vertical_alignment="center")
        said = f"**{plain(job.label)}** · {job.seconds:.0f} s"
        if job.state == "waiting":
            said += " · waits for the one before"
        if job.cancelled:
            said += " · stopping"
        words.markdown(said)
        if isinstance(job.report, Report):
            words.markdown(f":small[{plain(workflow.in_words(job.report))}]")
        elif job.report:
            words.markdown(f":small[{plain(job.report)}]")
        stop = "Give up" if job.cancelled else "Stop"
        tip = "End it now, with nothing" if job.cancelled else "End it with what there is by now"
        if button.button(stop, key=f"{stop} {job.slot}", help=tip):
            session.cancel(job)
            session.again()


_MENU = {
    "start": "Start",
    "need": "Need",
    "access": "Access today",
    "sites": "Sites",
    "plan": "Plan",
    "trade_off": "Trade-offs",
    "waves": "Waves",
    "compare": "Compare",
    "hand_in": "Hand-in",
    "method": "Method and data",
}
"""The modules of this package that are pages, with their titles, in the order of the menu."""


def pages() -> list[StreamlitPage]:
    """Every page, in the order of the menu; its module is imported when it is first opened."""
    return [_page(name) for name in _MENU]


def link(name: str, words: str) -> None:
    """Draw a link to a page, which keeps the session's work.

    Parameters
    ----------
    name
        The page's module.
    words
        What the link says.
    """
    st.page_link(_page(name), label=words, icon=":material/arrow_forward:")


def _page(name: str) -> StreamlitPage:
    return st.Page(
        with_frame(_MENU[name], _opened(name)),
        title=_MENU[name],
        # an address that people have kept is not changed
        url_path="trade-offs" if name == "trade_off" else name.replace("_", "-"),
        default=name == "start",
    )


def _opened(name: str) -> Callable[[Place], None]:
    def show(place: Place) -> None:
        import_module(f"nhcplanner.pages.{name}").show(place)

    return show
