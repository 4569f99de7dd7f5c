"""The desks of all sessions: whose work is whose, and who is still there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nhcplanner.pages.session.queue import SPARE, Desk

SHOWN = 1.0
"""Seconds that a browser needs to show a page that has been drawn."""
RELOAD = 1.0
"""Seconds that a page which is being reloaded may take to let go of its session."""


@dataclass
class _Seat:
    """A desk and the browser page that sits at it."""

    visitor: str
    desk: Desk


_SEATS: dict[str, _Seat] = {}
_LOCK = Lock()


def attend(key: str) -> None:
    """Say that this page is the one that works under a key."""
    with _LOCK:
        for other, seat in list(_SEATS.items()):
            if seat.desk.left:
                del _SEATS[other]
        if key not in _SEATS:
            _SEATS[key] = _seat()
        _SEATS[key].visitor = _visitor()


def drawn() -> None:
    """Say that a page has been drawn: a process for long work may now start beside it."""
    SPARE.prepare(SHOWN)


def free(key: str) -> bool:
    """Whether no other page that is still open works under a key."""
    until = time.monotonic() + RELOAD
    while _taken(key):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def desk(key: str) -> Desk:
    """The desk of a session that has been attended."""
    return _SEATS[key].desk


def _seat() -> _Seat:
    seat = _Seat("", Desk(lambda: _there(seat.visitor)))
    return seat


def _taken(key: str) -> bool:
    seat = _SEATS.get(key)
    return seat is not None and seat.visitor != _visitor() and _there(seat.visitor)


def _visitor() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _there(visitor: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(visitor)
