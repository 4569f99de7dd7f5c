"""The app's pages: widgets, one workflow call, a drawing. No page works anything out."""

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
    return [
        st.Page(
            framed(title, _opened(name)),
            title=title,
            url_path=name.replace("_", "-"),
            default=name == "start",
        )
        for name, title in _MENU.items()
    ]


def _opened(name: str) -> Callable[[Place], None]:
    def show(place: Place) -> None:
        import_module(f"{__name__}.{name}").show(place)

    return show
