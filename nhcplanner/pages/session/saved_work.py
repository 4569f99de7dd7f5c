"""What the owner of a session has on the disk, to open, to throw away, and to delete."""

from __future__ import annotations

from typing import NamedTuple

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError, write_fault
from nhcplanner.pages.session import files, settings, state, trash


class SavedWork(NamedTuple):
    """A work or an upload.

    Parameters
    ----------
    item
        Which.
    what
        What it is, in words.
    megabytes
        How much of the disk it takes.
    until
        When it is deleted, in words; empty for what does not lie in the trash.
    is_open
        Whether it is open, or stands in use, in this session.
    """

    item: trash.Item
    what: str
    megabytes: float
    until: str
    is_open: bool


def saved_work() -> tuple[list[SavedWork], float]:
    """All that the owner has on the disk, and how many megabytes they may have."""
    ours = state.session_state()
    if not ours.lasts:
        return [], settings.number(settings.QUOTA_MB)
    here = {ours.key.name, ours.at.removeprefix(state.UPLOAD)}
    found = [
        SavedWork(
            one,
            _what(one),
            files.size(one.path) / 1e6,
            f"deleted on {trash.deleted_on(one):%d %B %Y}" if one.is_trash else "",
            one.name in here,
        )
        for one in trash.items(ours.key.owner)
    ]
    return found, settings.number(settings.QUOTA_MB)


def discard_saved(one: SavedWork) -> None:
    """Put a work or an upload into the trash, from where its address brings it back.

    Raises
    ------
    InputError
        Where it is open, or the disk refuses.
    """
    key = files.Key(one.item.owner, one.item.name)
    if one.is_open or files.is_held(key) or not files.hold(key):
        raise InputError([Fault("this work is open", hint="Close its window first")])
    try:
        trash.discard(one.item)
    except OSError as error:
        raise InputError([write_fault(one.item.path, error)]) from None
    finally:
        files.release(key)


def delete_saved(one: SavedWork) -> None:
    """Delete something from the trash for good.

    Raises
    ------
    InputError
        Where it does not lie in the trash, or the disk refuses.
    """
    if not one.item.is_trash:
        raise InputError([Fault("only what lies in the trash is deleted")])
    try:
        trash.delete(one.item)
    except OSError as error:
        raise InputError([write_fault(one.item.path, error)]) from None


def _what(item: trash.Item) -> str:
    if item.kind == files.PLACES:
        return f"Uploaded place {item.name[:6]}"
    try:
        work = layers.read_saved(item.path / files.WORK)
    except InputError:
        return f"Work {item.name[:6]}, which cannot be read"
    names = ", ".join(one.name for one in work.plans) or "no plans"
    return f"Work {item.name[:6]}: {names}"
