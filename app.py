"""The app: `streamlit run app.py`."""

import streamlit as st

from nhcplanner.pages import pages

st.set_page_config(page_title="Neighbourhood health centre planner", layout="wide")
st.navigation(pages()).run()
