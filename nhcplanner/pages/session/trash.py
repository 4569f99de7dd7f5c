"""Trash for saved work and uploads that nobody has opened for a long time.

Work and uploads not opened for `IDLE_DAYS` move to the trash, where opening their address
restores them; after `TRASH_DAYS` there they are deleted. Work open in any server stays.

Days are counted by a calendar file, not by dates of files, which may be in 1970 or in the future
after a restore, a copy or a wrong clock. The calendar follows the machine's clock by at most
`MAX_STEP` days at a time and never goes back, so a clock that jumps by years deletes nothing.
"""

from __future__ import annotations

import json
import math
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import InputError
from nhcplanner.hosting import audit, settings, shares
from nhcplanner.pages.session import files, shared_store
from nhcplanner.pages.session.owner import OWNER

DEFAULT_DAYS = 30.0
"""Days without being opened until the trash, and days in it, if they are not set."""
DAY = 86_400.0
"""Seconds."""
MAX_STEP = 7.0
"""Most days that the calendar advances between two readings of the clock."""
TIDY_SECONDS = 3_600.0
"""Seconds between two runs of `tidy` by one server."""
_CALENDAR = "calendar.json"
_OPENED = "opened.json"
_KINDS = (files.WORKS, files.PLACES)


class Item(NamedTuple):
    """One work or upload of an owner.

    Parameters
    ----------
    owner, kind, name
        Identity; `kind` is "works" or "places".
    path
        Its folder.
    """

    owner: str
    kind: str
    name: str
    path: Path

    @property
    def is_trash(self) -> bool:
        """Whether it is in the trash."""
        return self.path.parents[1].name == files.TRASH


class _Last:
    """Time of this server's last run of `tidy`."""

    tidied = -math.inf


def today() -> float:
    """Return the number of days that the calendar has counted."""
    return _numbers(files.home() / _CALENDAR).get("days", 0.0)


def advance_calendar(now: float | None = None) -> float:
    """Advance the calendar to the machine's clock and return its day.

    Parameters
    ----------
    now
        Seconds since 1970; the machine's clock by default.
    """
    path, now = files.home() / _CALENDAR, time.time() if now is None else now
    stored = shared_store.calendar() or _numbers(path)
    days = stored.get("days", 0.0)
    step = min(max((now - stored.get("clock", now)) / DAY, 0.0), MAX_STEP)
    with suppress(InputError, OSError):
        _write(path, {"days": days + step, "clock": now})
        shared_store.put_calendar(days + step, now)
    return days + step


def mark_opened(path: Path) -> None:
    """Record that a work or an upload is used today, unless the disk refuses."""
    with suppress(InputError, OSError):
        _write(path / _OPENED, {"day": today()})
        owner, kind, name = path.parents[1].name, path.parent.name, path.name
        shared_store.put_state(owner, kind, name, today(), is_trash=False)


def tidy(*, at_once: bool = False) -> None:
    """Move items not opened for long to the trash, and delete what is kept long enough.

    That is what was long in the trash, shares that ended, and old months of the audit log. One
    server at a time does this, at most once an hour; items that the disk refuses stay.
    """
    if not files.home().is_dir() or not (at_once or time.monotonic() - _Last.tidied > TIDY_SECONDS):
        return
    _Last.tidied = time.monotonic()
    with suppress(OSError, Timeout, InputError):  # another server is tidying
        lock = FileLock(files.home() / "tidy.lock", timeout=0, mode=0o600, thread_local=False)
        with lock:
            shares.delete_ended(files.home() / shares.FOLDER)
            audit.delete_old(files.home())
            day = advance_calendar()
            if shared_store.is_used():
                limits = (settings.IDLE_DAYS, settings.TRASH_DAYS)
                shared_store.tidy(day, *(settings.number(name, DEFAULT_DAYS) for name in limits))
                return
            for one in list(_all_items()):
                with suppress(OSError, InputError):
                    _discard_if_old(one, day)


def items(owner: str) -> list[Item]:
    """List the items of an owner, those in the trash last."""
    folder = files.owner_folder(owner)
    return [*_in(owner, folder), *_in(owner, folder / files.TRASH)]


def discard(item: Item) -> None:
    """Move an item to the trash.

    Raises
    ------
    InputError, OSError
        If the disk cannot be written; the item then stays.
    """
    target = _trashed(item)
    shared_store.put_state(item.owner, item.kind, item.name, today(), is_trash=True)
    _write(item.path / _OPENED, {"day": today()})  # its days in the trash start now
    files.make_private(target.parent)
    if target.exists():
        shutil.rmtree(target)
    item.path.replace(target)


def restore(owner: str, kind: str, name: str) -> bool:
    """Restore an item from the trash; return whether that was possible."""
    target = files.owner_folder(owner) / kind / name
    trashed = _trashed(Item(owner, kind, name, target))
    if target.exists() or not trashed.is_dir():
        return False
    try:
        files.make_private(target.parent)
        trashed.replace(target)
    except OSError:
        return False
    mark_opened(target)
    return True


def delete(item: Item) -> None:
    """Delete an item for good."""
    shared_store.forget(item.owner, item.kind, item.name)
    shutil.rmtree(item.path)
    with suppress(OSError):
        (files.owner_folder(item.owner) / files.LOCKS / f"{item.name}.lock").unlink()


def deleted_on(item: Item) -> date:
    """Return the day when an item in the trash is deleted, if the app runs every week."""
    left = settings.number(settings.TRASH_DAYS, DEFAULT_DAYS) - (today() - _day(item.path))
    return datetime.now(UTC).date() + timedelta(days=math.ceil(max(left, 1)))


def _discard_if_old(item: Item, day: float) -> None:
    since = _numbers(item.path / _OPENED).get("day")
    if since is None or since > day:  # damaged, or from a lost calendar: start today
        _write(item.path / _OPENED, {"day": day})
        return
    limit = settings.TRASH_DAYS if item.is_trash else settings.IDLE_DAYS
    if day - since <= settings.number(limit, DEFAULT_DAYS):
        return
    key = files.Key(item.owner, item.name)
    if item.kind == files.WORKS and (files.is_held(key) or not files.hold(key)):
        return
    try:
        (delete if item.is_trash else discard)(item)
    finally:
        files.release(key)


def _all_items() -> Iterator[Item]:
    for one in files.home().iterdir():
        if OWNER.fullmatch(one.name):
            yield from items(one.name)


def _in(owner: str, folder: Path) -> Iterator[Item]:
    known = {files.WORKS: files.NAME, files.PLACES: files.UPLOAD}
    for kind in _KINDS:
        with suppress(OSError):
            for one in sorted((folder / kind).iterdir()):
                if known[kind].fullmatch(one.name) and one.is_dir() and not one.is_symlink():
                    yield Item(owner, kind, one.name, one)


def _trashed(item: Item) -> Path:
    return files.owner_folder(item.owner) / files.TRASH / item.kind / item.name


def _day(path: Path) -> float:
    return _numbers(path / _OPENED).get("day", today())


def _numbers(path: Path) -> dict[str, float]:
    """Return the numbers in a small JSON file; empty if it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    found = content.items() if isinstance(content, dict) else ()
    return {
        key: float(value)
        for key, value in found
        if isinstance(value, int | float) and math.isfinite(value)
    }


def _write(path: Path, numbers: dict[str, float]) -> None:
    write_whole(path, json.dumps(numbers).encode(), private=True)
