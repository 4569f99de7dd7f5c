"""When saved work goes: never by count, first into a trash, and only after days that were lived.

Work and uploads that nobody opened for `settings.IDLE_DAYS` go to the trash, where opening their
address brings them back; after `settings.TRASH_DAYS` there they are deleted. What is open in any
server is left alone.

Days are counted by `Calendar`, not by dates of files: those may lie in 1970 or in the future
after a restore, a copy or a wrong clock. The calendar moves on with the machine's clock by at most
`MOST_STEP` days at a time and never back, so a jump of the clock by years deletes nothing, and a
mended clock mends the count.
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
from nhcplanner.pages.session import files, settings
from nhcplanner.pages.session.owner import OWNER

DAY = 86_400.0
MOST_STEP = 7.0
"""Days by which the calendar moves on at most between two looks at the clock."""
EVERY = 3_600.0
"""Seconds between two times of tidying by one server."""
_CALENDAR = "calendar.json"
_OPENED = "opened.json"
_KINDS = (files.WORKS, files.PLACES)


class Item(NamedTuple):
    """A work or an upload of an owner.

    Parameters
    ----------
    owner, kind, name
        Which: `kind` is "works" or "places".
    path
        Where it lies now.
    """

    owner: str
    kind: str
    name: str
    path: Path

    @property
    def is_trash(self) -> bool:
        """Whether it lies in the trash."""
        return self.path.parents[1].name == files.TRASH


class _Last:
    """When this server tidied last."""

    tidied = -math.inf


def today() -> float:
    """Days that the calendar has counted."""
    return _numbers(files.home() / _CALENDAR).get("days", 0.0)


def tick(now: float | None = None) -> float:
    """Move the calendar on to the machine's clock, and say which day it is.

    Parameters
    ----------
    now
        Seconds since 1970; the machine's clock by default.
    """
    path, now = files.home() / _CALENDAR, time.time() if now is None else now
    there = _numbers(path)
    days = there.get("days", 0.0)
    step = min(max((now - there.get("clock", now)) / DAY, 0.0), MOST_STEP)
    with suppress(InputError, OSError):
        _write(path, {"days": days + step, "clock": now})
    return days + step


def mark_opened(path: Path) -> None:
    """Write down that a work or an upload is used today; a full disk costs the date alone."""
    with suppress(InputError, OSError):
        _write(path / _OPENED, {"day": today()})


def tidy(*, at_once: bool = False) -> None:
    """Put into the trash what nobody opened for long, and delete what was there for long.

    Done by one server at a time, and by each but once an hour; what the disk refuses is left.
    """
    if not files.home().is_dir() or not (at_once or time.monotonic() - _Last.tidied > EVERY):
        return
    _Last.tidied = time.monotonic()
    with suppress(OSError, Timeout):  # another server is at it
        lock = FileLock(files.home() / "tidy.lock", timeout=0, mode=0o600, thread_local=False)
        with lock:
            day = tick()
            for one in list(_everything()):
                with suppress(OSError, InputError):
                    _judge(one, day)


def items(owner: str) -> list[Item]:
    """What an owner has, that in the trash last."""
    folder = files.owner_folder(owner)
    return [*_in(owner, folder), *_in(owner, folder / files.TRASH)]


def discard(item: Item) -> None:
    """Put something into the trash.

    Raises
    ------
    InputError, OSError
        Where the disk lets nothing be written: then it stays.
    """
    target = _trashed(item)
    _write(item.path / _OPENED, {"day": today()})  # its days in the trash begin before it is there
    files.private(target.parent)
    if target.exists():
        shutil.rmtree(target)
    item.path.replace(target)


def restore(owner: str, kind: str, name: str) -> bool:
    """Bring something back from the trash; says whether it was there, and the disk let it."""
    target = files.owner_folder(owner) / kind / name
    there = _trashed(Item(owner, kind, name, target))
    if target.exists() or not there.is_dir():
        return False
    try:
        files.private(target.parent)
        there.replace(target)
    except OSError:
        return False
    mark_opened(target)
    return True


def delete(item: Item) -> None:
    """Delete something for good."""
    shutil.rmtree(item.path)
    with suppress(OSError):
        (files.owner_folder(item.owner) / files.LOCKS / f"{item.name}.lock").unlink()


def deleted_on(item: Item) -> date:
    """The day on which something in the trash is deleted, if the app runs every week."""
    left = settings.number(settings.TRASH_DAYS) - (today() - _day(item.path))
    return datetime.now(UTC).date() + timedelta(days=math.ceil(max(left, 1)))


def _judge(item: Item, day: float) -> None:
    since = _numbers(item.path / _OPENED).get("day")
    if since is None or since > day:  # damaged, or of a calendar that was lost: it begins today
        _write(item.path / _OPENED, {"day": day})
        return
    limit = settings.TRASH_DAYS if item.is_trash else settings.IDLE_DAYS
    if day - since <= settings.number(limit):
        return
    key = files.Key(item.owner, item.name)
    if item.kind == files.WORKS and (files.is_held(key) or not files.hold(key)):
        return
    try:
        (delete if item.is_trash else discard)(item)
    finally:
        files.release(key)


def _everything() -> Iterator[Item]:
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
    """Numbers of a small file of our own; none where it is missing or damaged."""
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    found = said.items() if isinstance(said, dict) else ()
    return {
        key: float(value)
        for key, value in found
        if isinstance(value, int | float) and math.isfinite(value)
    }


def _write(path: Path, said: dict[str, float]) -> None:
    write_whole(path, json.dumps(said).encode(), private=True)
