"""The app's pages: widgets, one workflow call, a drawing. No page works anything out."""

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from nhcplanner.pages import method, plan


def pages() -> list[StreamlitPage]:
    """Every page, in the order of the menu."""
    return [
        st.Page(plan.show, title="Plan", url_path="plan", default=True),
        st.Page(method.show, title="Method and sources", url_path="method"),
    ]
