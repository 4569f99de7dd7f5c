"""Saved work and uploads of the session's owner, to open, discard or delete."""

from __future__ import annotations

from typing import NamedTuple

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError, write_fault
from nhcplanner.hosting.roles import Role
from nhcplanner.pages.session import current, files, rights, state, trash


class SavedWork(NamedTuple):
    """One saved work or uploaded place.

    Parameters
    ----------
    item
        Its folder.
    description
        What it is, in words.
    megabytes
        Space on disk.
    deleted_on
        When it will be deleted, in words; empty unless it is in the trash.
    is_open
        Whether this session has it open or uses it.
    """

    item: trash.Item
    description: str
    megabytes: float
    deleted_on: str
    is_open: bool


def saved_work() -> tuple[list[SavedWork], float]:
    """List what the owner has on disk, and return how many megabytes they may use."""
    session = state.current_session()
    quota = files.quota()
    if not session.can_be_saved:
        return [], quota
    in_use = {session.key.name, session.place_id.removeprefix(current.UPLOAD)}
    saved = [
        SavedWork(
            item,
            _describe(item),
            files.size(item.path) / 1e6,
            f"will be deleted on {trash.deleted_on(item):%d %B %Y}" if item.is_trash else "",
            item.name in in_use,
        )
        for item in trash.items(session.visitor)
    ]
    return saved, quota


def discard_saved(saved: SavedWork) -> None:
    """Move a work or an upload to the trash; opening its address brings it back.

    Raises
    ------
    InputError
        If it is open, or the disk refuses.
    """
    _require_own(saved, "work.discard")
    key = files.Key(saved.item.owner, saved.item.name)
    if saved.is_open or files.is_held(key) or not files.hold(key):
        raise InputError([Fault("this work is open", hint="Close its window first")])
    try:
        trash.discard(saved.item)
    except OSError as error:
        raise InputError([write_fault(saved.item.path, error)]) from None
    finally:
        files.release(key)


def delete_saved(saved: SavedWork) -> None:
    """Delete an item of the trash for good.

    Raises
    ------
    InputError
        If it is not in the trash, or the disk refuses.
    """
    _require_own(saved, "work.delete")
    if not saved.item.is_trash:
        raise InputError([Fault("only items in the trash can be deleted")])
    try:
        trash.delete(saved.item)
    except OSError as error:
        raise InputError([write_fault(saved.item.path, error)]) from None


def _require_own(saved: SavedWork, action: str) -> None:
    """Refuse to remove another person's item, whatever was on screen."""
    rights.require_role(Role.PLANNER, action)
    if saved.item.owner != state.current_session().visitor:
        rights.refuse(action, "this is not your work", "Ask its owner", work=saved.item.name)
    rights.record(action, work=saved.item.name)


def _describe(item: trash.Item) -> str:
    if item.kind == files.PLACES:
        return f"Uploaded place {item.name[:6]}"
    try:
        work = layers.read_saved(item.path / files.WORK)
    except InputError:
        return f"Work {item.name[:6]}, which cannot be read"
    names = ", ".join(plan.name for plan in work.plans) or "no plans"
    return f"Work {item.name[:6]}: {names}"
