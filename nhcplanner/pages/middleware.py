"""Checks of hosts, origins and headers before Streamlit, and the owner's cookie.

Streamlit itself answers plain requests under any host name, and lets pages from other ports of
localhost open its websocket. This middleware

- refuses host names that are not this app's (*DNS rebinding*: a page of another site whose name
  leads to 127.0.0.1 would otherwise share the app's origin). Numeric addresses are always allowed,
  further names come from `settings.HOSTS`;
- refuses websockets and writing requests whose `Origin` is not the app's;
- deletes all but the latest uploaded files of a session;
- forbids frames of other sites and sets the security headers;
- answers `/metrics` to those who have its token;
- gives a new browser the secret that identifies its work (see `session.owner`).
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nhcplanner.hosting import metrics, settings
from nhcplanner.pages import uploaded_files
from nhcplanner.pages.session import owner

YEAR = 31_536_000
HEADERS = {
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy": "frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Headers of every answer. The app may frame itself, since maps are drawn in frames."""
METRICS = "metrics"
"""Last part of the path of the figures for Prometheus."""
_READING = ("GET", "HEAD", "OPTIONS")


class Middleware:
    """Outermost layer of the app.

    Parameters
    ----------
    app
        Answers the requests that pass.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or refuse a request."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal:
            metrics.REFUSALS.labels("request").inc()
        if refusal and scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        elif refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, _with_headers(send))
        elif scope["type"] == "http" and scope["path"].rsplit("/", 1)[-1] == METRICS:
            await _metrics(scope)(scope, receive, _with_headers(send))
        else:
            await self.app(scope, receive, _with_headers(send, _cookie(scope)))
            if session := uploaded_files.session_of(scope["path"]):
                uploaded_files.keep_latest(session)


def _metrics(scope: Scope) -> Response:
    """Return the figures for Prometheus, to those who have the token."""
    if metrics.is_allowed(Headers(scope=scope).get("authorization", "")):
        return Response(metrics.answer(), media_type=metrics.CONTENT_TYPE)
    return PlainTextResponse("Not found", status_code=404)


def is_allowed(host: str | None) -> bool:
    """Whether a `Host` is localhost, a numeric address, this machine's name or in the settings.

    Examples
    --------
    >>> is_allowed("localhost:8501"), is_allowed("[::1]:8501"), is_allowed("evil.example:8501")
    (True, True, False)
    """
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if not host or not name or parts.netloc != host or "@" in host:
        return False
    name = name.rstrip(".")
    if name == "localhost" or name.endswith(".localhost") or _is_number(name):
        return True
    ours = [socket.gethostname(), *settings.words(settings.HOSTS, ",")]
    return name in (one.lower().rstrip(".") for one in ours)


def _is_number(name: str) -> bool:
    try:
        ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return True


def _refusal(scope: Scope) -> str:
    """Return why a request is refused; empty if it is not."""
    headers = Headers(scope=scope)
    host = headers.get("host")
    if not is_allowed(host) or len(headers.getlist("host")) != 1:
        return "This app does not answer under this host name: add it with --allow-host"
    origin = headers.get("origin")
    writes = scope["type"] == "websocket" or scope["method"] not in _READING
    if writes and origin is not None and urlsplit(origin).netloc.lower() != str(host).lower():
        return "This request comes from another site"
    return ""


def _cookie(scope: Scope) -> str:
    """Return the cookie for a browser that asks for a page and has none; otherwise empty."""
    headers = Headers(scope=scope)
    if scope["type"] != "http" or "text/html" not in headers.get("accept", ""):
        return ""
    secure = scope["scheme"] == "https"
    name = owner.SECURE_COOKIE if secure else owner.COOKIE
    if owner.is_secret(cookie_parser(headers.get("cookie", "")).get(name)):
        return ""
    rest = f"Path=/; Max-Age={YEAR}; HttpOnly; SameSite=Lax{'; Secure' if secure else ''}"
    return f"{name}={owner.new_secret()}; {rest}"


def _with_headers(send: Send, cookie: str = "") -> Send:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            if cookie:
                headers.append("Set-Cookie", cookie)
                headers["Cache-Control"] = "no-store"
        await send(message)

    return answer
