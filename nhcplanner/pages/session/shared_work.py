"""Work that people share: the right to change it, its shares, and a copy of one's own."""

from __future__ import annotations

import shutil

from nhcplanner.hosting.roles import Role
from nhcplanner.hosting.shares import Right, Share
from nhcplanner.pages.session import (
    files,
    owner,
    queue,
    rights,
    shared_store,
    sharing,
    state,
    storage,
    trash,
)
from nhcplanner.pages.session.current import UPLOAD
from nhcplanner.pages.session.files import Key


def copy_shared() -> None:
    """Make a copy of shared work that is the visitor's own and can be changed.

    Raises
    ------
    InputError
        If the visitor may only look, or their quota is used up.
    """
    session = state.current_session()
    rights.require_role(Role.PLANNER, "share.copy")
    if session.source is None:
        return
    if session.place_id.startswith(UPLOAD):
        found = storage.place_folder(session)
        target = files.upload_folder(session.visitor, found.name)
        if not target.is_dir() and not trash.restore(session.visitor, files.PLACES, found.name):
            files.check_quota(session.visitor, files.size(found))
            files.make_private(target.parent)
            shutil.copytree(found, target)
            shared_store.push_upload(session.visitor, found.name, trash.today())
    rights.record("share.copy", work=session.source.name)
    session.key = Key(session.visitor, files.new_name())
    queue.attend(session.key)
    session.source, session.token, session.is_read_only = None, "", False
    session.can_be_saved = owner.current_owner() is not None
    state.save()


def share_work(right: Right, email: str = "") -> str:
    """Share the session's work, saved now, and return the token for the address."""
    state.save()
    return sharing.share(state.current_session(), right, email)


def shares() -> list[Share]:
    """Valid shares of the session's work; empty for work of others."""
    return sharing.shares_of(state.current_session())


def end_share(share_id: str) -> None:
    """End a share of the session's work."""
    sharing.end(state.current_session(), share_id)


def may_change() -> bool:
    """Whether the person may change and save what is open."""
    return rights.may_change(state.current_session())


def is_shared() -> bool:
    """Whether what is open is another person's work."""
    return state.current_session().source is not None
