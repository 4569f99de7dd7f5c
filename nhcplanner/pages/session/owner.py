"""Whom saved work belongs to, so that an address alone opens nothing.

An address bar holds the id of a work, which is no secret: addresses are sent by e-mail, stand in
logs and on screenshots. Work is therefore looked for only among that of the *owner* who asks, and
the owner is known by something that never stands in an address, a file or an export:

- where people sign in (Streamlit's `[auth]`, or a proxy whose headers are named in
  `server.trustedUserHeaders`), by who is signed in;
- else by a random secret of 256 bits that `middleware` gives each browser as a cookie which scripts
  cannot read (`HttpOnly`), which other sites cannot have sent (`SameSite=Lax`, and the websocket's
  origin is checked), and which travels by TLS alone where there is TLS (`Secure`, `__Host-`).

On disk stands only the hash of either. So who has a hand-in, an address, or even a listing of the
server's folders can open no work of others, while a reload, another tab and a bookmark in the same
browser find it again, on a laptop as on a server. Another browser of the same person is another
owner unless they sign in; choices travel as scenario.toml, and in the address itself.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256

import streamlit as st
from streamlit import config

COOKIE = "nhcplanner-owner"
SECURE_COOKIE = f"__Host-{COOKIE}"
"""The cookie's name where the page came by TLS: browsers then take it from this host alone."""
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
OWNER = re.compile(r"[0-9a-f]{32}")
_KEYS = ("sub", "email", "user")


def new_secret() -> str:
    """A secret that nobody guesses."""
    return secrets.token_urlsafe(32)


def is_secret(text: str | None) -> bool:
    """Whether a text may be a browser's secret."""
    return text is not None and SECRET.fullmatch(text) is not None


def current_owner() -> str | None:
    """Id of the owner who opens this session; None where the browser keeps no cookie."""
    who = _signed_in(st.user.to_dict())
    if who:
        return _hashed(f"user {who}")
    secret = browser_secret(st.context.cookies)
    return _hashed(f"browser {secret}") if secret else None


def browser_secret(cookies: Mapping[str, str]) -> str | None:
    """The secret among a browser's cookies; the one that came by TLS goes first."""
    found = (cookies.get(name) for name in (SECURE_COOKIE, COOKIE))
    return next((one for one in found if is_secret(one)), None)


def passing_owner() -> str:
    """Id of an owner for one session, which no later one finds again."""
    return _hashed(new_secret())


def _signed_in(user: Mapping[str, object]) -> str:
    """Who is signed in; empty = nobody, or nobody says so whom this app trusts."""
    trusted = config.get_option("server.trustedUserHeaders")
    if not user.get("is_logged_in") and not trusted:
        return ""
    keys = (*_KEYS, *sorted(user.keys() - {"is_logged_in", "iss"}))
    name = next((str(user[key]) for key in keys if user.get(key)), "")
    return f"{user.get('iss', '')} {name}" if name else ""


def _hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
