"""Uploaded files that the server holds in memory, limited for each session.

Streamlit keeps each uploaded file until its session ends, also if a page no longer shows it, and
takes as many as a client sends.
"""

from __future__ import annotations

import re
from typing import Protocol

from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

MOST_FILES = 4
"""Files that a session may hold: one for each uploader of the app."""
_PATH = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+/?$")


class Uploaded(Protocol):
    """A file of `st.file_uploader`."""

    file_id: str


def session_of(path: str) -> str:
    """Return the session that a request's path uploads to; empty if it uploads nothing.

    Examples
    --------
    >>> session_of("/nhc/_stcore/upload_file/a1/b2"), session_of("/_stcore/health")
    ('a1', '')
    """
    found = _PATH.search(path)
    return found[1] if found else ""


def keep_latest(session: str) -> None:
    """Delete all but the latest files of a session."""
    manager = _manager()
    if manager:
        for file_id in list(manager.file_storage.get(session, ()))[:-MOST_FILES]:
            manager.remove_file(session, file_id)


def release(file: Uploaded) -> None:
    """Delete a file of the current session that is no longer needed."""
    manager, context = _manager(), get_script_run_ctx()
    if manager and context:
        manager.remove_file(context.session_id, file.file_id)


def _manager() -> MemoryUploadedFileManager | None:
    manager = runtime.get_instance().uploaded_file_mgr if runtime.exists() else None
    return manager if isinstance(manager, MemoryUploadedFileManager) else None
