"""Saved work and uploads of the session's owner, to open, discard or delete."""

from __future__ import annotations

from typing import NamedTuple

from nhcplanner import layers
from nhcplanner.base.errors import Fault, InputError, write_fault
from nhcplanner.domain.assessment import KeyFigures
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
    place
        Title of the place of a work with plans or edits; else empty.
    figures
        Key figures of the plan on screen; None if there is none.
    """

    item: trash.Item
    description: str
    megabytes: float
    deleted_on: str
    is_open: bool
    place: str = ""
    figures: KeyFigures | None = None


def saved_work() -> tuple[list[SavedWork], float]:
    """List what the owner has on disk, and return how many megabytes they may use.

    Work comes first that was changed last.
    """
    session = state.current_session()
    quota = files.quota()
    if not session.can_be_saved:
        return [], quota
    in_use = {session.key.name, session.place_id.removeprefix(current.UPLOAD)}
    in_use |= {one.key.name for one in session.others}
    items = sorted(trash.items(session.visitor), key=_changed, reverse=True)
    return [_saved(item, item.name in in_use) for item in items], quota


def _changed(item: trash.Item) -> float:
    path = item.path / files.WORK
    return path.stat().st_mtime if path.is_file() else 0.0


def _saved(item: trash.Item, is_open: bool) -> SavedWork:
    """Return what a list of saved work shows of an item."""
    until = f"will be deleted on {trash.deleted_on(item):%d %B %Y}" if item.is_trash else ""
    size = files.size(item.path) / 1e6
    if item.kind == files.PLACES:
        return SavedWork(item, f"Uploaded place {item.name[:6]}", size, until, is_open)
    try:
        work = layers.read_saved(item.path / files.WORK)
    except InputError:
        words = f"Work {item.name[:6]}, which cannot be read"
        return SavedWork(item, words, size, until, is_open)
    names = ", ".join(plan.name for plan in work.plans) or "no plans"
    return SavedWork(
        item,
        f"Work {item.name[:6]}: {names}",
        size,
        until,
        is_open,
        _place_title(work.place) if work.plans or work.edits else "",
        next((plan.figures for plan in work.plans if plan.name == work.shown), None),
    )


def _place_title(place_id: str) -> str:
    kind, _, name = place_id.partition(":")
    if f"{kind}:" == current.PLACE:
        return name
    return f"Uploaded place {name[:6]}" if name else "The demo place"


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
