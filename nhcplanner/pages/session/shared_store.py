"""The database of a team behind the folder of saved work; nothing where none is set.

`pull` brings an owner's folder up to date when a page opens, `push` writes a changed work or a new
upload to the database first. Versions of what was read are kept, so that a change made elsewhere
meanwhile is noticed and not overwritten.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from nhcplanner.hosting import database, records, shares
from nhcplanner.hosting.database import ConflictError
from nhcplanner.hosting.records import Record
from nhcplanner.pages.session import files
from nhcplanner.pages.session.files import Key
from nhcplanner.pages.session.owner import OWNER

_VERSIONS: dict[tuple[str, str, str], int] = {}


def is_used() -> bool:
    """Whether a database is set."""
    return database.current() is not None


def pull(owner: str) -> None:
    """Make an owner's folder as it is in the database.

    Work that a page of this server has open is left alone: it is at least as new.

    Raises
    ------
    InputError
        If the database does not answer.
    """
    store = database.current()
    if store is None:
        return
    known = {}
    for state in store.records(owner, with_content=False):
        known[state.identity] = state
        if files.is_held(Key(owner, state.name)):
            continue
        path = records.path_of(files.home(), state)
        if _VERSIONS.get(state.identity) != state.version or not path.exists():
            whole = store.read(*state.identity)
            if whole is not None:
                records.write_to_folder(files.home(), whole)
                _VERSIONS[whole.identity] = whole.version
    for record in list(records.read_folder(files.home(), owner)):
        if record.identity not in known and not files.is_held(Key(owner, record.name)):
            shutil.rmtree(records.path_of(files.home(), record), ignore_errors=True)
            _VERSIONS.pop(record.identity, None)
    for share in shares.of_owner(files.home() / shares.FOLDER, owner):
        if (owner, records.SHARES, share.id) not in known:
            _share_path(share.id).unlink(missing_ok=True)
    records.write_calendar(files.home(), store.calendar())


def push(owner: str, name: str, content: bytes, day: float, kind: str = records.WORKS) -> None:
    """Write a work, an upload or a share to the database.

    Raises
    ------
    ConflictError
        If another server has changed it.
    InputError
        If the database does not answer.
    """
    store = database.current()
    if store is None:
        return
    identity = (owner, kind, name)
    record = Record(*identity, content, day, version=_VERSIONS.get(identity, 0))
    try:
        _VERSIONS[identity] = store.write(record)
    except ConflictError:
        there = store.read(*identity)
        if there is None or there.content != content:
            raise
        _VERSIONS[identity] = there.version  # our own write, whose answer was lost


def push_upload(owner: str, name: str, day: float) -> None:
    """Write an uploaded place of the folder to the database."""
    if is_used():
        record = records.read_item(files.home(), owner, records.PLACES, name)
        push(owner, name, record.content, day, records.PLACES)


def pull_share(token: str) -> None:
    """Make the file of a share as it is in the database."""
    store = database.current()
    if store is not None:
        name = shares.id_of(token)
        found = store.find(records.SHARES, name)
        if found is None:
            _share_path(name).unlink(missing_ok=True)
        else:
            records.write_to_folder(files.home(), found)


def push_share(owner: str, token: str) -> None:
    """Write a new share of the folder to the database."""
    if not is_used():
        return
    name = shares.id_of(token)
    push(owner, name, _share_path(name).read_bytes(), 0.0, records.SHARES)


def tidy(day: float, idle_days: float, trash_days: float) -> None:
    """Apply the days of the settings in the database, and to the copies in the folder."""
    store = database.current()
    if store is None:
        return
    store.tidy(day, idle_days, trash_days)
    for folder in files.home().iterdir():
        if OWNER.fullmatch(folder.name):
            pull(folder.name)


def calendar() -> dict[str, float]:
    """Return the team's days; empty without a database."""
    store = database.current()
    return {} if store is None else store.calendar()


def put_calendar(days: float, clock: float) -> None:
    """Write the team's days."""
    store = database.current()
    if store is not None:
        store.set_calendar(days, clock)


def _share_path(name: str) -> Path:
    return files.home() / shares.FOLDER / f"{name}.json"


def put_state(owner: str, kind: str, name: str, day: float, *, is_trash: bool) -> None:
    """Write when an item was opened and whether it is in the trash."""
    store = database.current()
    if store is not None:
        store.set_state(Record(owner, kind, name, b"", day, is_trash))


def forget(owner: str, kind: str, name: str) -> None:
    """Delete an item from the database for good."""
    store = database.current()
    if store is not None:
        store.delete(owner, kind, name)
        _VERSIONS.pop((owner, kind, name), None)
