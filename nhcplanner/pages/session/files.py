"""Where a session's work lies on disk: a folder a session, in the user's own data folder.

The folder's name is the session's key, a random one that only its address bar holds; no other
name that reaches the app becomes part of a path.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

KEY = re.compile(r"[A-Za-z0-9_-]{22}")
WORK = "work.json"
MOST = 200
DAYS = 90
"""Work not opened for so many days goes, and the oldest beyond `MOST` sessions."""


def home() -> Path:
    """Folder of all sessions."""
    return user_data_path("nhcplanner", appauthor=False) / "sessions"


def times() -> Path:
    """Folder in which minutes of the demo place are kept, for its own folder may be read-only."""
    folder = user_cache_path("nhcplanner", appauthor=False) / "demo-times"
    with suppress(OSError):  # where nothing can be kept, measuring says so
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def new_key() -> str:
    """A key that nobody guesses."""
    return secrets.token_urlsafe(16)


def is_key(text: str) -> bool:
    """Whether a text may be a session's key."""
    return KEY.fullmatch(text) is not None


def folder(key: str) -> Path:
    """Folder of one session."""
    if not is_key(key):
        raise ValueError("no key of a session")
    return home() / key


def copy(key: str, other: str) -> None:
    """Let another session begin with the same work."""
    if folder(key).is_dir():
        shutil.copytree(folder(key), folder(other))


def tidy() -> None:
    """Take away what nobody has opened for long."""
    if not home().is_dir():
        return
    found = [one for one in home().iterdir() if is_key(one.name) and (one / WORK).is_file()]
    found.sort(key=lambda one: (one / WORK).stat().st_mtime, reverse=True)
    oldest = time.time() - DAYS * 86_400
    for rank, one in enumerate(found):
        if rank >= MOST or (one / WORK).stat().st_mtime < oldest:
            shutil.rmtree(one, ignore_errors=True)
