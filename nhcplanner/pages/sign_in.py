"""Sign-in: the only screen for people without a role, and who is signed in on all others."""

from __future__ import annotations

import streamlit as st
from streamlit.auth_util import get_secrets_auth_section

from nhcplanner.base.errors import InputError
from nhcplanner.hosting import roles
from nhcplanner.hosting.roles import Role
from nhcplanner.pages.session import owner, plain, rights, show_error


def is_open() -> bool:
    """Return whether the person may open the app; draw the sign-in screen if not."""
    try:
        role = rights.role()
    except InputError as error:  # nobody gets in by a file of roles that is wrong
        st.title("This app is closed", anchor=False)
        show_error(error)
        return False
    user = rights.user_claims()
    if role is not None:
        rights.record_sign_in(role)
        return True
    st.title("Neighbourhood health centre planner", anchor=False)
    if not user:
        st.markdown("Sign in with the account of your organisation.")
        if owner.SHARED in st.query_params:
            st.info("Then open the link that you were sent again.")
        if _can_sign_in():
            st.button("Sign in", type="primary", on_click=st.login)
        else:
            st.warning("Sign-in is not set up. Ask the people who run this app.")
        return False
    rights.record_sign_in(None)
    st.warning(
        f"You are signed in as {plain(roles.name_of(user))}, but have no role in this app. Ask an "
        "administrator of this app for one."
    )
    _sign_out()
    return False


def show_user() -> None:
    """Draw who is signed in, with a button to sign out."""
    user, role = rights.user_claims(), rights.role()
    if user and role is not None and roles.current() is not None:
        st.caption(plain(f"Signed in as {roles.name_of(user)}, {role.words}"))
        _sign_out()


def may_plan() -> bool:
    """Whether the person has the role planner or a higher one."""
    role = rights.role()
    return role is not None and role >= Role.PLANNER


def is_administrator() -> bool:
    """Whether the person is an administrator."""
    return rights.role() is Role.ADMINISTRATOR


def _can_sign_in() -> bool:
    return get_secrets_auth_section() is not None


def _sign_out() -> None:
    if _can_sign_in():
        st.button("Sign out", on_click=st.logout)
