"""Shares of the session's work: made, listed, opened and ended; a copy of what is shared."""

from __future__ import annotations

from pathlib import Path

from nhcplanner.base.errors import InputError
from nhcplanner.hosting import roles, shares
from nhcplanner.hosting.shares import Right, Share
from nhcplanner.pages.session import files, rights, shared_store
from nhcplanner.pages.session.current import Session


def folder() -> Path:
    """Return the folder of all shares."""
    return files.home() / shares.FOLDER


def find(token: str) -> Share | None:
    """Return the valid share of a token for the person of this session; None if there is none.

    Raises
    ------
    InputError
        If the database does not answer: whether the share has ended is then not known.
    """
    shared_store.pull_share(token)
    return shares.find(folder(), token, roles.email_of(rights.user_claims()))


def is_ended(session: Session) -> bool:
    """Whether the share through which a session was opened has ended, as far as is known."""
    try:
        return bool(session.token) and find(session.token) is None
    except InputError:  # what is open stays open while the database does not answer
        return False


def share(session: Session, right: Right = "read", email: str = "") -> str:
    """Share the session's own work and return the token for the address.

    Raises
    ------
    InputError
        For somebody else's work, an address that is none, or too many shares.
    """
    _require_own(session, "share.make")
    token = shares.make(folder(), session.visitor, session.key.name, right, email)
    shared_store.push_share(session.visitor, token)
    rights.record("share.make", work=session.key.name, detail=right)
    return token


def shares_of(session: Session) -> list[Share]:
    """List the valid shares of the session's own work."""
    ours = shares.of_owner(folder(), session.visitor)
    return [one for one in ours if one.work == session.key.name]


def end(session: Session, share_id: str) -> None:
    """End a share of the session's own work; pages that have it open close it at the next step."""
    _require_own(session, "share.end")
    shares.end(folder(), session.visitor, share_id)
    shared_store.forget(session.visitor, shares.FOLDER, share_id)
    rights.record("share.end", work=session.key.name)


def _require_own(session: Session, action: str) -> None:
    rights.require_change(session, action)
    if session.key.owner != session.visitor or not session.can_be_saved:
        rights.refuse(action, "only the owner can share this work", "Make a copy of your own first")
