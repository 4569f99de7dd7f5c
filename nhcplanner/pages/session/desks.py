"""The desks of all sessions: whose work is whose, and who is still there."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock, Thread

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nhcplanner.pages.session import files
from nhcplanner.pages.session.files import Key
from nhcplanner.pages.session.queue import SPARE, Desk

SHOWN = 1.0
"""Seconds that a browser needs to show a page that has been drawn."""
RELOAD = 1.0
"""Seconds that a page which is being reloaded may take to let go of its session."""
LOOK = 5.0
"""Seconds between two looks at which desks were left: other servers may then open their work."""


@dataclass
class _Seat:
    """A desk and the browser page that sits at it."""

    visitor: str
    desk: Desk


_SEATS: dict[Key, _Seat] = {}
_LOCK = Lock()
_CLEARING: list[Thread] = []


def attend(key: Key) -> None:
    """Say that this page is the one that works under a key."""
    with _LOCK:
        _clear()
        if key not in _SEATS:
            _SEATS[key] = _seat()
        _SEATS[key].visitor = _visitor()
        if not _CLEARING and runtime.exists():
            _CLEARING.append(Thread(target=_keep_clear, daemon=True, name="desks"))
            _CLEARING[0].start()


def drawn() -> None:
    """Say that a page has been drawn: a process for long work may now start beside it."""
    SPARE.prepare(SHOWN)


def is_known(key: Key) -> bool:
    """Whether somebody works under a key in this server, or did a moment ago."""
    return key in _SEATS


def free(key: Key) -> bool:
    """Whether no other page that is still open works under a key, in this server or another."""
    until = time.monotonic() + RELOAD
    while is_taken(key) or not files.hold(key):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def desk(key: Key) -> Desk:
    """The desk of a session that has been attended."""
    return _SEATS[key].desk


def _clear() -> None:
    """Take away the desks that were left, and let other servers have their work."""
    for other, seat in list(_SEATS.items()):
        if seat.desk.left:
            del _SEATS[other]
            files.release(other)


def _keep_clear() -> None:
    while True:
        time.sleep(LOOK)
        with _LOCK:
            _clear()


def _seat() -> _Seat:
    seat = _Seat("", Desk(lambda: _there(seat.visitor)))
    return seat


def is_taken(key: Key) -> bool:
    """Whether another page of this server that is still open works under a key."""
    seat = _SEATS.get(key)
    return seat is not None and seat.visitor != _visitor() and _there(seat.visitor)


def _visitor() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _there(visitor: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(visitor)
