"""Where saved work lies on disk: a folder for each owner, for their eyes alone.

    work/OWNER/works/NAME/work.json     what the app saves, on each change
    work/OWNER/places/NAME/             a place that was uploaded, named by the hash of its zip
    work/OWNER/trash/works/NAME         what was not opened for long, and until when it stays
    work/OWNER/locks/NAME.lock          held by the server in which the work is open

OWNER is a hash (see `owner`), NAME an id of the app's own making; no text that reaches the app
becomes part of a path. Nothing is deleted by count or because others come: see `trash`.
"""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from filelock import FileLock, Timeout
from platformdirs import user_cache_path, user_data_path

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.pages.session import settings
from nhcplanner.pages.session.owner import OWNER

NAME = re.compile(r"[A-Za-z0-9_-]{22}")
UPLOAD = re.compile(r"[0-9a-f]{16}")
WORK = "work.json"
WORKS, PLACES, TRASH, LOCKS = "works", "places", "trash", "locks"

_HELD: dict[Key, FileLock] = {}
_LOCK = Lock()


class Key(NamedTuple):
    """Which work: whose it is, and its id in the address bar."""

    owner: str
    name: str


def home() -> Path:
    """Folder of all saved work."""
    return user_data_path("nhcplanner", appauthor=False) / "work"


def times() -> Path:
    """Folder in which minutes of the demo place are kept, for its own folder may be read-only."""
    folder = user_cache_path("nhcplanner", appauthor=False) / "demo-times"
    with suppress(OSError):  # where nothing can be kept, measuring says so
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def new_name() -> str:
    """An id for new work."""
    return secrets.token_urlsafe(16)


def is_name(text: str) -> bool:
    """Whether a text may be the id of some work."""
    return NAME.fullmatch(text) is not None


def owner_folder(owner: str) -> Path:
    """Folder of all that one owner has."""
    if not OWNER.fullmatch(owner):
        raise ValueError("no id of an owner")
    return home() / owner


def folder(key: Key) -> Path:
    """Folder of one work."""
    if not is_name(key.name):
        raise ValueError("no id of a work")
    return owner_folder(key.owner) / WORKS / key.name


def upload_folder(owner: str, name: str) -> Path:
    """Folder of a place that an owner uploaded."""
    if not UPLOAD.fullmatch(name):
        raise ValueError("no name of an upload")
    return owner_folder(owner) / PLACES / name


def private(folder: Path) -> Path:
    """Make a folder below `home`, and close each on the way to all but the server (mode 700)."""
    ours = [one for one in (folder, *folder.parents) if one == home() or home() in one.parents]
    for one in reversed(ours):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name != "nt" and one.stat().st_mode & 0o077:
            one.chmod(0o700)
    return folder


def close(folder: Path) -> None:
    """Take the rights of all but the server from what lies in a folder."""
    if os.name != "nt":
        for one in folder.rglob("*"):
            one.chmod(0o700 if one.is_dir() else 0o600)


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    total = 0
    for one in path.rglob("*"):
        with suppress(OSError):  # another page has just replaced it
            total += one.lstat().st_size if not one.is_dir() else 0
    return total


def check_quota(owner: str, more: int) -> None:
    """Refuse to write so many bytes more than there are where an owner has used up their share.

    Raises
    ------
    InputError
        With how much they have, and what to do.
    """
    most = settings.number(settings.QUOTA_MB) * 1e6
    used = size(owner_folder(owner))
    if more > 0 and used + more > most:
        words = (
            f"your saved work takes {used / 1e6:,.0f} MB of the {most / 1e6:,.0f} MB you may use"
        )
        raise InputError([Fault(words, hint="Delete some of it under Start, Your saved work")])


def hold(key: Key) -> bool:
    """Keep some work for this server until `release`; False = another server has it open.

    What is not saved yet, no other server knows. Where the disk lets nothing be written, nothing
    can be spoilt either. Both count as held.
    """
    with _LOCK:
        if key in _HELD or not folder(key).is_dir():
            return True
        try:
            path = private(owner_folder(key.owner) / LOCKS) / f"{key.name}.lock"
            lock = FileLock(path, mode=0o600, thread_local=False)
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError:
            return True
        _HELD[key] = lock
        return True


def release(key: Key) -> None:
    """Let other servers open some work."""
    with _LOCK:
        lock = _HELD.pop(key, None)
        if lock is not None:
            lock.release()


def is_held(key: Key) -> bool:
    """Whether this server holds some work."""
    return key in _HELD
