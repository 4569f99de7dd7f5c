"""Shares of saved work: links that only read, and invitations of a person by e-mail.

A share is known by a random token of 256 bits in the address. The app stores a hash of the token,
so its files give nobody access. A share ends on a day, and its maker can end it at any time.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.hosting import settings

Right = Literal["read", "change"]
DAY = 86_400.0
DEFAULT_DAYS = 30.0
FOLDER = "shares"
MOST = 200
"""Shares that one owner may have."""
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_ID = re.compile(r"[0-9a-f]{64}")
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}")


@dataclass(frozen=True)
class Share:
    """One share.

    Parameters
    ----------
    id
        Hash of its token.
    owner, work
        Whose work it is, and its id.
    right
        "read" or "change".
    email
        The person invited, in lower case; empty = whoever has the link and may open the app.
    until
        Seconds since 1970 when it ends.
    """

    id: str
    owner: str
    work: str
    right: Right
    email: str
    until: float

    @property
    def is_valid(self) -> bool:
        """Whether it has not ended yet."""
        return time.time() < self.until


def make(folder: Path, owner: str, work: str, right: Right = "read", email: str = "") -> str:
    """Share a work and return the token for the address; it is not stored and not shown again.

    Raises
    ------
    InputError
        For an address that is none, a right to change without a person, or too many shares.
    """
    email = email.strip().lower()
    if email and not _EMAIL.fullmatch(email):
        raise InputError([Fault("this is no e-mail address", hint="Write one address")])
    if right == "change" and not email:
        hint = "Name the person who may change the work"
        raise InputError([Fault("a link for everyone can only be read", hint=hint)])
    if len(of_owner(folder, owner)) >= MOST:
        raise InputError([Fault(f"you have {MOST} shares", hint="End some of them first")])
    token = secrets.token_urlsafe(32)
    until = time.time() + DAY * settings.number(settings.SHARE_DAYS, DEFAULT_DAYS)
    share = Share(id_of(token), owner, work, right, email, until)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(_path(folder, share.id), json.dumps(asdict(share)).encode(), private=True)
    return token


def find(folder: Path, token: str, email: str = "") -> Share | None:
    """Return the valid share of a token for a person; None if there is none.

    Parameters
    ----------
    folder
        Folder of all shares.
    token
        From the address.
    email
        Verified address of the person who is signed in; empty = nobody is.
    """
    if not _TOKEN.fullmatch(token):
        return None
    share = _read(_path(folder, id_of(token)))
    if share is None or not share.is_valid or share.email not in ("", email.lower()):
        return None
    return share


def of_owner(folder: Path, owner: str) -> list[Share]:
    """List an owner's valid shares, those that end first first."""
    found = (_read(path) for path in folder.glob("*.json")) if folder.is_dir() else ()
    ours = [one for one in found if one is not None and one.owner == owner and one.is_valid]
    return sorted(ours, key=lambda one: one.until)


def end(folder: Path, owner: str, share_id: str) -> None:
    """End a share of this owner; those of others stay."""
    if any(one.id == share_id for one in of_owner(folder, owner)):
        _path(folder, share_id).unlink(missing_ok=True)


def delete_ended(folder: Path) -> None:
    """Delete the files of shares that have ended or cannot be read."""
    for path in folder.glob("*.json") if folder.is_dir() else ():
        share = _read(path)
        if share is None or not share.is_valid:
            with suppress(OSError):
                path.unlink()


def id_of(token: str) -> str:
    """Return the id of a share from its token."""
    return sha256(token.encode()).hexdigest()


def _path(folder: Path, share_id: str) -> Path:
    if not _ID.fullmatch(share_id):
        raise ValueError("not an id of a share")
    return folder / f"{share_id}.json"


def _read(path: Path) -> Share | None:
    try:
        content: Any = json.loads(path.read_text(encoding="utf-8"))
        share = Share(**content)
    except (OSError, ValueError, TypeError, RecursionError):
        return None
    is_sound = isinstance(share.until, int | float) and share.right in ("read", "change")
    return share if is_sound and share.id == path.stem else None
