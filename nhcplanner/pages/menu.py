"""The menu: every page with its title, in order, and links from one to another."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from nhcplanner.domain.place import Place
from nhcplanner.pages.frame import framed

_MENU = {
    "start": "Start",
    "need": "Need",
    "access": "Access today",
    "sites": "Sites",
    "plan": "Plan",
    "trade_offs": "Trade-offs",
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
        framed(_MENU[name], _opened(name)),
        title=_MENU[name],
        url_path=name.replace("_", "-"),
        default=name == "start",
    )


def _opened(name: str) -> Callable[[Place], None]:
    def show(place: Place) -> None:
        import_module(f"nhcplanner.pages.{name}").show(place)

    return show
