"""Open browser pages, and which saved work each of them works on."""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Lock, Thread

from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from nhcplanner.pages.session import files
from nhcplanner.pages.session.files import Key
from nhcplanner.pages.session.queue import SessionQueue

RELOAD_SECONDS = 1.0
"""Seconds that a page which is being reloaded may take to end its session."""
CLEAR_SECONDS = 5.0
"""Seconds between two checks for work that no page has open any more."""


@dataclass
class _OpenWork:
    """The page that has some work open, by its Streamlit session id, and its queue of jobs."""

    page: str
    queue: SessionQueue


_OPEN: dict[Key, _OpenWork] = {}
_LOCK = Lock()
_CLEARING: list[Thread] = []


def attend(key: Key) -> None:
    """Record that the current page is the one that has this work open."""
    with _LOCK:
        _clear()
        if key not in _OPEN:
            _OPEN[key] = _new_work()
        _OPEN[key].page = _current_page()
        if not _CLEARING and runtime.exists():
            _CLEARING.append(Thread(target=_clear_repeatedly, daemon=True, name="session clearing"))
            _CLEARING[0].start()


def is_known(key: Key) -> bool:
    """Whether a page of this server has this work open, or had it open a moment ago."""
    return key in _OPEN


def is_taken(key: Key) -> bool:
    """Whether another page of this server, still open, works on this work."""
    work = _OPEN.get(key)
    return work is not None and work.page != _current_page() and _is_active(work.page)


def wait_until_free(key: Key) -> bool:
    """Wait briefly for other pages and servers to close this work; return whether they did."""
    until = time.monotonic() + RELOAD_SECONDS
    while is_taken(key) or not files.hold(key):
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def queue_of(key: Key) -> SessionQueue:
    """The queue of jobs of a work that is open."""
    return _OPEN[key].queue


def _clear() -> None:
    """Forget work that no page has open any more, so that other servers may open it."""
    for key, work in list(_OPEN.items()):
        if work.queue.is_abandoned:
            del _OPEN[key]
            files.release(key)


def _clear_repeatedly() -> None:
    while True:
        time.sleep(CLEAR_SECONDS)
        with _LOCK:
            _clear()


def _new_work() -> _OpenWork:
    work = _OpenWork("", SessionQueue(lambda: _is_active(work.page)))
    return work


def _current_page() -> str:
    context = get_script_run_ctx(suppress_warning=True)
    return context.session_id if context is not None else ""


def _is_active(page: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(page)
