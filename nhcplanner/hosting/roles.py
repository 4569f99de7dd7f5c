"""Roles of people who sign in: viewer, planner and administrator, by a file of rules.

The file named by the setting `ROLES` says who has which role. Without the setting, nobody has to
sign in and everybody is a planner. With it, only people who sign in and have a role may open the
app; a file that is missing or wrong lets nobody in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import suggest
from nhcplanner.base.validation import read_toml
from nhcplanner.hosting import settings


class Role(IntEnum):
    """What a person may do; each role may do all that those below may."""

    VIEWER = 1
    PLANNER = 2
    ADMINISTRATOR = 3

    @property
    def words(self) -> str:
        """The role as it is written in the file and on screen."""
        return self.name.lower()


_ROLES = {role.words: role for role in Role}
_KEYS = ("issuer", "claim", "everyone")


@dataclass(frozen=True)
class Roles:
    """Rules that give people their roles.

    Parameters
    ----------
    issuer
        The identity provider whose users are accepted; empty = the one that the app signs in with.
    claim
        Name of the claim that lists a person's groups.
    everyone
        Role of all who sign in; None = only those named below have one.
    emails, groups
        Roles by e-mail address and by group, in lower case and as written.
    """

    issuer: str = ""
    claim: str = "groups"
    everyone: Role | None = None
    emails: Mapping[str, Role] = field(default_factory=dict)
    groups: Mapping[str, Role] = field(default_factory=dict)

    def of(self, user: Mapping[str, object]) -> Role | None:
        """Return the highest role of a signed-in person; None if they have none.

        Parameters
        ----------
        user
            Claims of the identity provider. An address that it calls unverified is not used.
        """
        if self.issuer and str(user.get("iss", "")) != self.issuer:
            return None
        found = {self.everyone, self.emails.get(email_of(user))}
        found |= {self.groups.get(one) for one in _texts(user.get(self.claim))}
        return max((role for role in found if role is not None), default=None)


def email_of(user: Mapping[str, object]) -> str:
    """Return a person's e-mail address in lower case; empty if it is missing or not verified.

    Examples
    --------
    >>> email_of({"email": "Ann@nhs.net"}), email_of({"email": "a@b.c", "email_verified": False})
    ('ann@nhs.net', '')
    """
    is_refused = str(user.get("email_verified", True)).lower() == "false"
    return "" if is_refused else str(user.get("email") or "").strip().lower()


def name_of(user: Mapping[str, object]) -> str:
    """Return how the audit log names a person: by address, else by the provider's id."""
    return email_of(user) or str(user.get("sub") or user.get("user") or "")


def read_roles(path: Path) -> Roles:
    """Read the rules from a TOML file.

    Raises
    ------
    InputError
        If it is missing, or with every fault in it.
    """
    try:
        content = read_toml(path.read_text(encoding="utf-8-sig"), path.name)
    except (OSError, UnicodeDecodeError):
        hint = f"Set {settings.ROLES} to a file that the app can read"
        raise InputError([Fault("cannot be read", path.name, hint=hint)]) from None
    faults = list(_faults(content, path.name))
    if faults:
        raise InputError(faults)
    named = {role: content.get(role.words, {}) for role in Role}
    return Roles(
        content.get("issuer", ""),
        content.get("claim", "groups"),
        _ROLES.get(content.get("everyone", "")),
        {one.strip().lower(): role for role in Role for one in named[role].get("emails", ())},
        {one: role for role in Role for one in named[role].get("groups", ())},
    )


def current() -> Roles | None:
    """Return the rules of this app; None if nobody has to sign in.

    The file is read at each call, so that a change holds at once.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    path = settings.text(settings.ROLES)
    return read_roles(Path(path)) if path else None


def _texts(claim: object) -> list[str]:
    """Return the groups of a claim, which is a list, or a text with commas from a proxy."""
    found = claim.split(",") if isinstance(claim, str) else claim
    return [str(one).strip() for one in found] if isinstance(found, list | tuple) else []


def _faults(content: Mapping[str, Any], file: str) -> list[Fault]:
    faults = []
    known = (*_KEYS, *_ROLES)
    for key, value in content.items():
        if key not in known:
            faults.append(Fault("is no key of roles", file, column=key, hint=suggest(key, known)))
        elif key in _ROLES and not _is_rule(value):
            hint = 'Write emails = ["..."] or groups = ["..."]'
            faults.append(Fault("should list e-mails or groups", file, column=key, hint=hint))
        elif key not in _ROLES and not isinstance(value, str):
            faults.append(Fault("should be a text", file, column=key))
    everyone = content.get("everyone", "viewer")
    if isinstance(everyone, str) and everyone not in _ROLES:
        hint = f"Choose {', '.join(_ROLES)}, or leave it out"
        faults.append(Fault(f"there is no role {everyone!r}", file, column="everyone", hint=hint))
    return faults


def _is_rule(value: object) -> bool:
    return isinstance(value, dict) and all(
        key in ("emails", "groups")
        and isinstance(names, list)
        and all(isinstance(one, str) for one in names)
        for key, names in value.items()
    )
