"""Part of Start where people share their work by a link or an invitation, and end shares."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from nhcplanner.pages import session
from nhcplanner.pages.session import owner, plain

_RIGHTS = {"read": "Look only", "change": "Change"}


def show() -> None:
    """Draw the shares of the work that is open; nothing for people who cannot share it."""
    if session.is_shared() or not session.may_change():
        return
    with st.expander(f"Share this work: {len(session.shares()):,} shares"):
        st.markdown(
            "A **link** shows your work, as it is when somebody opens it, to whoever has the link "
            "and may open this app. They can change nothing. An **invitation** is for one person "
            "who signs in with that address."
        )
        if st.button("Make a link that only reads"):
            _address(session.share_work("read"))
        with st.form("invitation", border=False):
            email = st.text_input("E-mail address", max_chars=254)
            right = st.radio("They may", list(_RIGHTS), format_func=_RIGHTS.__getitem__)
            if st.form_submit_button("Invite") and email.strip():
                _address(session.share_work("change" if right == "change" else "read", email))
        for share in session.shares():
            words, button = st.columns([4, 1], vertical_alignment="center")
            until = datetime.fromtimestamp(share.until, UTC)
            who = share.email or "whoever has the link"
            words.markdown(plain(f"{_RIGHTS[share.right]} · {who} · until {until:%d %B %Y}"))
            if button.button("End", key=f"end {share.id}"):
                session.end_share(share.id)
                st.rerun()


def _address(token: str) -> None:
    """Show the address of a share, the only time that it can be seen."""
    parts = urlsplit(st.context.url or "")
    address = urlunsplit(
        (parts.scheme, parts.netloc, parts.path or "/", f"{owner.SHARED}={token}", "")
    )
    st.success("Copy this address now: it is not shown again.")
    st.code(address, language=None)
