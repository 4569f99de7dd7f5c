"""What the person of this session may do; every change of anything asks here first.

Buttons that somebody may not use are not drawn, but that protects nothing: `require_change` stands
in front of each function that changes, plans, uploads, shares or saves.
"""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.hosting import audit, metrics, roles
from nhcplanner.hosting.audit import Outcome
from nhcplanner.hosting.roles import Role
from nhcplanner.pages.session import files, owner
from nhcplanner.pages.session.current import Session

_SIGNED_IN = "role at sign-in"


class RefusalError(InputError):
    """An action that this person may not do."""


def role() -> Role | None:
    """Return the role of the person of this session; None if they may not open the app.

    Raises
    ------
    InputError
        If the file of roles cannot be used.
    """
    rules = roles.current()
    if rules is None:
        return Role.PLANNER
    user = user_claims()
    return rules.of(user) if user else None


def user_claims() -> Mapping[str, object]:
    """Return the claims of the signed-in person; empty if nobody has signed in."""
    user = st.user.to_dict()
    return user if owner.is_signed_in(user) else {}


def who() -> str:
    """Return how the audit log names the person, or the hash of a browser."""
    name = roles.name_of(user_claims())
    return name or f"browser {(owner.current_owner() or '-')[:8]}"


def record(action: str, outcome: Outcome = "done", *, work: str = "", detail: str = "") -> None:
    """Append a line about this person to the audit log."""
    audit.record(who(), action, outcome, work=work, detail=detail, home=files.home())


def record_sign_in(found: Role | None) -> None:
    """Append to the audit log, once a session, that somebody signed in, with a role or without."""
    if user_claims() and st.session_state.get(_SIGNED_IN, ()) != (found,):
        st.session_state[_SIGNED_IN] = (found,)
        record(
            "sign-in", "refused" if found is None else "done", detail=found.words if found else ""
        )


def may_change(session: Session) -> bool:
    """Whether the person may change and save this session's work."""
    found = role()
    return found is not None and found >= Role.PLANNER and not session.is_read_only


def require_change(session: Session, action: str) -> None:
    """Refuse a change by somebody who may only look.

    Parameters
    ----------
    session
        Work that would be changed.
    action
        Name for the audit log.

    Raises
    ------
    RefusalError
        With what the person can do instead.
    """
    if may_change(session):
        return
    hint = "Ask an administrator of this app for the role planner"
    if session.is_read_only:
        hint = "Make a copy of your own under Start, or ask its owner for an invitation"
    refuse(action, "you may look at this work, but not change it", hint, work=session.key.name)


def require_role(least: Role, action: str) -> None:
    """Refuse an action by somebody with a lower role, or none.

    Raises
    ------
    RefusalError
        With the role that is needed.
    """
    found = role()
    if found is None or found < least:
        refuse(action, f"this needs the role {least.words}", "Ask an administrator of this app")


def refuse(action: str, problem: str, hint: str, *, work: str = "") -> None:
    """Record a refused action and raise.

    Raises
    ------
    RefusalError
        Always.
    """
    metrics.REFUSALS.labels("action").inc()
    record(action, "refused", work=work)
    raise RefusalError([Fault(problem, hint=hint)])
