"""Owner of saved work, so that an address alone opens nothing.

The address bar holds the id of a work, which is no secret: addresses are in e-mails, logs and
screenshots. The app therefore looks for work only in the folder of the *owner* who asks, and knows
the owner by something that is never in an address, a file or an export:

- the signed-in user, where people sign in (Streamlit's `[auth]`, or a proxy whose headers are named
  in `server.trustedUserHeaders`);
- otherwise a random secret of 256 bits that `middleware` gives each browser as a cookie. Scripts
  cannot read it (`HttpOnly`), other sites cannot have it sent (`SameSite=Lax`, and the websocket's
  origin is checked), and with TLS it is sent over TLS only (`Secure`, `__Host-`).

Only a hash of either is on disk. An export, an address or even a listing of the server's folders
therefore opens nobody's work, while a reload, another tab and a bookmark in the same browser find
it again. Another browser of the same person is another owner unless they sign in; settings can be
shared as scenario.toml or in the address itself.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from hashlib import sha256

import streamlit as st
from streamlit import config

from nhcplanner.domain.scenario import Scenario

COOKIE = "nhcplanner-owner"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""Name of the cookie over TLS; browsers then accept it from this host only."""
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
OWNER = re.compile(r"[0-9a-f]{32}")
_KEYS = ("sub", "email", "user")


def new_secret() -> str:
    """Return a random secret."""
    return secrets.token_urlsafe(32)


def is_secret(text: str | None) -> bool:
    """Whether a text has the form of a secret."""
    return text is not None and SECRET.fullmatch(text) is not None


def current_owner() -> str | None:
    """Return the id of this session's owner; None if the browser keeps no cookie."""
    user = _name(st.user.to_dict())
    if user:
        return _hash(f"user {user}")
    secret = browser_secret(st.context.cookies)
    return _hash(f"browser {secret}") if secret else None


def browser_secret(cookies: Mapping[str, str]) -> str | None:
    """Return the secret among a browser's cookies; the one sent over TLS goes first."""
    found = (cookies.get(name) for name in (SECURE_COOKIE, COOKIE))
    return next((one for one in found if is_secret(one)), None)


def temporary_owner() -> str:
    """Return the id of an owner for this session only."""
    return _hash(new_secret())


def is_signed_in(user: Mapping[str, object]) -> bool:
    """Whether a trusted source says who the user is."""
    return bool(_name(user))


def _name(user: Mapping[str, object]) -> str:
    """Return the signed-in user; empty if nobody is, or no trusted source says so."""
    trusted = config.get_option("server.trustedUserHeaders")
    if not user.get("is_logged_in") and not trusted:
        return ""
    keys = (*_KEYS, *sorted(user.keys() - {"is_logged_in", "iss"}))
    name = next((str(user[key]) for key in keys if user.get(key)), "")
    return f"{user.get('iss', '')} {name}" if name else ""


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


START = Scenario(count=8)
"""Choices until somebody makes others; people count as on the command line."""

WORK, PLACE, SHARED = "work", "place", "shared"
MAX_LENGTH = 300
"""Choices written longer than this stay out of the address; the saved work has them."""
_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_ ]*")


def parameters(work: str, place: str, scenario: Scenario) -> dict[str, str]:
    """Return the query parameters for a work's id, the name of its place and its scenario.

    Examples
    --------
    >>> parameters("k", "demo", START.model_copy(update={"count": 5, "mode": "drive"}))
    {'work': 'k', 'mode': 'drive', 'count': '5'}
    """
    values, first = scenario.all_values(), START.all_values()
    changed = {name: _text(value) for name, value in values.items() if value != first[name]}
    place_parameter = {} if place == "demo" else {PLACE: place}
    return {
        WORK: work,
        **place_parameter,
        **{k: v for k, v in changed.items() if len(v) <= MAX_LENGTH},
    }


def scenario(params: Mapping[str, str], base: Scenario) -> Scenario:
    """Return `base` with the choices of an address; parameters that are no choices are ignored.

    Raises
    ------
    InputError
        For values that a scenario refuses.
    """
    settings = [f"{name}={params[name]}" for name in Scenario.model_fields if name in params]
    return base.with_settings(settings)


def _text(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, str) and _BARE.fullmatch(value):
        return value
    return json.dumps(value, ensure_ascii=False)
