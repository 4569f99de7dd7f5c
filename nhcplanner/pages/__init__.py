"""The app's pages: widgets, one workflow call, a drawing. No page works anything out."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from nhcplanner.pages import access, compare, method, need, plan, sites, start
from nhcplanner.pages.frame import framed


def pages() -> list[StreamlitPage]:
    """Every page, in the order of the menu."""
    rows = [
        ("Start", "start", start.show),
        ("Need", "need", need.show),
        ("Access today", "access", access.show),
        ("Sites", "sites", sites.show),
        ("Plan", "plan", plan.show),
        ("Compare", "compare", compare.show),
        ("Method and data", "method", method.show),
    ]
    return [
        st.Page(framed(title, show), title=title, url_path=path, default=number == 0)
        for number, (title, path, show) in enumerate(rows)
    ]
