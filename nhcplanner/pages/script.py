"""Script that Streamlit runs for each view of a page."""

if __name__ == "__main__":  # worker processes import this file again
    import streamlit as st

    from nhcplanner.pages import pages, sign_in

    st.set_page_config(page_title="Neighbourhood health centre planner", layout="wide")
    if sign_in.is_open():
        st.navigation(pages()).run()
