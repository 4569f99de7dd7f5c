"""Files of saved work: one private folder for each owner.

    work/OWNER/works/NAME/work.json     saved at each change
    work/OWNER/places/NAME/             an uploaded place, named by the hash of its zip
    work/OWNER/trash/works/NAME         work not opened for a long time, before it is deleted
    work/OWNER/locks/NAME.lock          locked by the server that has the work open

OWNER is a hash (see `owner`) and NAME a random id; no text from outside becomes part of a path.
Nothing is deleted because of its number or other users: see `trash`.
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
from nhcplanner.hosting import settings
from nhcplanner.pages.session.owner import OWNER

NAME = re.compile(r"[A-Za-z0-9_-]{22}")
UPLOAD = re.compile(r"[0-9a-f]{16}")
WORK = "work.json"
WORKS, PLACES, TRASH, LOCKS = "works", "places", "trash", "locks"

_HELD: dict[Key, FileLock] = {}
_LOCK = Lock()


class Key(NamedTuple):
    """Identity of a work: its owner, and its id in the address bar."""

    owner: str
    name: str


def home() -> Path:
    """Return the folder of all saved work."""
    chosen = settings.text(settings.DATA)
    return Path(chosen or user_data_path("nhcplanner", appauthor=False)) / "work"


def times() -> Path:
    """Return the folder for travel times of the demo place, whose own folder may be read-only."""
    folder = user_cache_path("nhcplanner", appauthor=False) / "demo-times"
    with suppress(OSError):  # measuring reports a folder that cannot be used
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def new_name() -> str:
    """Return an id for new work."""
    return secrets.token_urlsafe(16)


def is_name(text: str) -> bool:
    """Whether a text has the form of an id."""
    return NAME.fullmatch(text) is not None


def owner_folder(owner: str) -> Path:
    """Return the folder of an owner."""
    if not OWNER.fullmatch(owner):
        raise ValueError("not an id of an owner")
    return home() / owner


def folder(key: Key) -> Path:
    """Return the folder of a work."""
    if not is_name(key.name):
        raise ValueError("not an id of a work")
    return owner_folder(key.owner) / WORKS / key.name


def upload_folder(owner: str, name: str) -> Path:
    """Return the folder of a place that an owner uploaded."""
    if not UPLOAD.fullmatch(name):
        raise ValueError("not a name of an upload")
    return owner_folder(owner) / PLACES / name


def make_private(folder: Path) -> Path:
    """Make a folder below `home`, with access for the server only up to `home` (mode 700)."""
    ours = [one for one in (folder, *folder.parents) if one == home() or home() in one.parents]
    for one in reversed(ours):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name != "nt" and one.stat().st_mode & 0o077:
            one.chmod(0o700)
    return folder


def restrict_access(folder: Path) -> None:
    """Give access to the content of a folder to the server only."""
    if os.name != "nt":
        for one in folder.rglob("*"):
            one.chmod(0o700 if one.is_dir() else 0o600)


def size(path: Path) -> int:
    """Return the bytes of a file, or of all files in a folder."""
    if path.is_file():
        return path.stat().st_size
    total = 0
    for one in path.rglob("*"):
        with suppress(OSError):  # another page has just replaced it
            total += one.lstat().st_size if not one.is_dir() else 0
    return total


def quota() -> float:
    """Return the megabytes that one user's work and uploads may take on the disk."""
    return settings.number(settings.QUOTA_MB, 2_000.0)


def check_quota(owner: str, more: int) -> None:
    """Refuse to write this many more bytes if they exceed the owner's quota.

    Raises
    ------
    InputError
        With the space used and what to do.
    """
    most = quota() * 1e6
    used = size(owner_folder(owner))
    if more > 0 and used + more > most:
        words = (
            f"your saved work takes {used / 1e6:,.0f} MB of the {most / 1e6:,.0f} MB you may use"
        )
        raise InputError([Fault(words, hint="Delete some of it under Start, Your saved work")])


def hold(key: Key) -> bool:
    """Lock a work for this server until `release`; return False if another server has it open.

    Work that is not saved yet, or on a disk that cannot be written, counts as locked: no other
    server can change it.
    """
    with _LOCK:
        if key in _HELD or not folder(key).is_dir():
            return True
        try:
            path = make_private(owner_folder(key.owner) / LOCKS) / f"{key.name}.lock"
            lock = FileLock(path, mode=0o600, thread_local=False)
            lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError:
            return True
        _HELD[key] = lock
        return True


def release(key: Key) -> None:
    """Unlock a work, so that other servers may open it."""
    with _LOCK:
        lock = _HELD.pop(key, None)
        if lock is not None:
            lock.release()


def is_held(key: Key) -> bool:
    """Whether this server has locked a work."""
    return key in _HELD
