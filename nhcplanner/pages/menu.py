"""Menu of the pages, and the frame around each: heading, sidebar, messages and progress."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from html import escape
from importlib import import_module
from typing import NamedTuple

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.navigation.page import StreamlitPage

from nhcplanner import workflow
from nhcplanner.base.errors import without_folders
from nhcplanner.domain.place import Place
from nhcplanner.hosting import metrics
from nhcplanner.models import Report
from nhcplanner.outputs import style
from nhcplanner.outputs.wording import terms
from nhcplanner.pages import session, sign_in
from nhcplanner.pages.session import plain
from nhcplanner.pages.session.queue import Job

PROGRESS_SECONDS = 1.0
"""Seconds between two updates of the progress of long work."""


class _Item(NamedTuple):
    """A page of the menu.

    Parameters
    ----------
    title
        Its heading.
    advice
        What to do on it, in one line.
    old_address
        An address that the page had before; it leads to the page.
    """

    title: str
    advice: str
    old_address: str = ""


ADMINISTRATION = "administration"
"""The page that only administrators find in the menu, and only they can open."""
_MENU = {
    "start": _Item("Start", "Open a place and check its data, then go to Need."),
    "need": _Item("Need", "See who lives where and in what health, then go to Access today."),
    "neighbourhoods": _Item(
        "Neighbourhoods",
        "Join areas into neighbourhoods of about 50,000 people, then go to Access today.",
    ),
    "access": _Item(
        "Access today", "See who reaches a GP practice or another building today, then go to Sites."
    ),
    "sites": _Item("Sites", "Check where a centre could open, then go to Plan."),
    "plan": _Item("Plan", "Set the rules, make the plan, then go to Trade-offs or Compare."),
    "trade_off": _Item(
        "Trade-offs", "See what other goals or sites would cost, then go to Waves.", "trade-offs"
    ),
    "waves": _Item("Waves", "Set how many centres open by when, then go to Hand-in."),
    "compare": _Item("Compare", "See who gains and who loses, then go to Hand-in."),
    "hand_in": _Item("Hand-in", "Choose the documents, export them, then download the file."),
    "method": _Item(
        "Method and data",
        "Look up how the figures are made, where they come from, and their limits.",
    ),
    "administration": _Item(
        "Administration", "See who uses the app, its queue and its audit log, then tidy up."
    ),
}
"""The modules of this package that are pages, in the order of the menu."""


def pages() -> list[StreamlitPage]:
    """Return every page in menu order; its module is imported when it is first opened."""
    moved = [_forward(item.old_address, name) for name, item in _MENU.items() if item.old_address]
    own = [name for name in _MENU if name != ADMINISTRATION or sign_in.is_administrator()]
    return [*map(_page, own), *moved]


def link(name: str, words: str) -> None:
    """Draw a link to another page.

    Parameters
    ----------
    name
        The page's module.
    words
        Text of the link.
    """
    st.page_link(_page(name), label=words, icon=":material/arrow_forward:")


def with_frame(title: str, show: Callable[[Place], None], advice: str = "") -> Callable[[], None]:
    """Return a page as the menu calls it, with its frame.

    Parameters
    ----------
    title
        Its heading.
    show
        Draws it for the session's place.
    advice
        What to do on it, in one line.
    """

    @wraps(show)
    def page() -> None:
        with metrics.PAGES.labels(title).time():
            draw()

    def draw() -> None:
        st.html(style.PAGE)
        head = st.container(horizontal=True, vertical_alignment="center", gap="medium")
        head.title(title, anchor=False, width="content")
        if advice:
            head.caption(advice, width="content")
        with session.report_errors():
            session.begin_page()
            session.take_results()
        with session.report_errors(_offer_demo):
            place = session.place()
            session.reopen_plans()
        _show_progress()
        _show_notices()
        save_error = st.container()
        _show_save_error(save_error)
        with session.report_errors():
            _show_rights()
            _sidebar(place)
            if place.synthetic:
                head.badge(terms.SYNTHETIC, color="orange")
            before = session.save_error()
            show(place)
        if session.save_error() and not before:
            _show_save_error(save_error)
        session.prepare_worker()

    return page


def _page(name: str) -> StreamlitPage:
    item = _MENU[name]
    return st.Page(
        with_frame(item.title, _importer(name), item.advice),
        title=item.title,
        url_path=name.replace("_", "-"),
        default=name == "start",
    )


def _importer(name: str) -> Callable[[Place], None]:
    def show(place: Place) -> None:
        import_module(f"nhcplanner.pages.{name}").show(place)

    return show


def _forward(old_address: str, name: str) -> StreamlitPage:
    """Return a page outside the menu that leads from an old address to a page."""

    def forward() -> None:
        st.switch_page(_page(name), query_params=st.query_params.to_dict())

    return st.Page(forward, title=_MENU[name].title, url_path=old_address, visibility="hidden")


def _offer_demo() -> None:
    """Offer the demo place where the session's place can no longer be read."""
    if session.place_id() != "demo" and st.button("Open the demo place", type="primary"):
        session.open_place("demo")
        st.rerun()


def _show_notices() -> None:
    with st.container():  # always there, so that what is below does not move
        for words in session.notices():
            st.warning(plain(without_folders(words)))


def _show_rights() -> None:
    """Say that the work may only be looked at, with a button for a copy where it is shared."""
    if session.may_change():
        return
    words, button = st.columns([5, 1], vertical_alignment="center")
    words.info("You may look at everything here and export it, but change and save nothing.")
    if session.is_shared() and sign_in.may_plan() and button.button("Make my own copy"):
        session.copy_shared()
        st.rerun()


def _show_save_error(where: DeltaGenerator) -> None:
    """Warn that the last change is not on disk, for as long as it is not."""
    if session.save_error():
        where.warning(plain(without_folders(session.save_error())))


def _sidebar(place: Place) -> None:
    """Draw the place, and the question of the plan on screen or of the next plan."""
    plan = session.plan()
    scenario, heading = session.scenario(), "Settings for the next plan"
    basis = workflow.need_basis(place, scenario)
    if plan is not None:
        scenario, heading = plan.scenario, f"Settings of {session.plan_on_screen()}"
        basis = plan.assessment.need.by
    changed = "" if scenario == session.scenario() else "<br>The settings have changed since."
    with st.sidebar:
        st.html(
            f'<div class="here"><b>{escape(place.title)}</b><br>{place.people:,} people, '
            f"{len(place.areas):,} areas, {len(place.sites):,} sites"
            f"<hr><b><bdi>{escape(heading)}</bdi></b><br>{escape(terms.words(scenario, basis))}"
            f"{changed}</div>"
        )
        sign_in.show_user()


def _show_progress() -> None:
    with st.container():  # always there, so that what is below, above all a map, does not move
        if session.jobs():
            _jobs()


@st.fragment(run_every=PROGRESS_SECONDS)  # type: ignore[untyped-decorator]
def _jobs() -> None:
    """Draw the progress of long work, and the whole page again once work is done."""
    jobs = session.jobs()
    if not jobs or any(job.state == "done" for job in jobs):
        st.rerun()
    for job in jobs:
        _job(job)


def _job(job: Job) -> None:
    with st.container(border=True):
        words, button = st.columns([5, 1], vertical_alignment="center")
        line = f"**{plain(job.label)}** · {job.seconds:.0f} s"
        if job.state == "waiting":
            line += " · waiting for the work before it"
        if job.is_cancelled:
            line += " · stopping"
        words.markdown(line)
        if isinstance(job.report, Report):
            words.markdown(f":small[{plain(workflow.in_words(job.report))}]")
        elif job.report:
            words.markdown(f":small[{plain(job.report)}]")
        label = "Stop now" if job.is_cancelled else "Stop"
        tip = "End it now, without a result" if job.is_cancelled else "End it with its best result"
        if button.button(label, key=f"{label} {job.slot}", help=tip):
            session.stop_job(job)
            session.rerun()
