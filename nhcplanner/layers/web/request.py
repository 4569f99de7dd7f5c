"""Requests to the network: addresses that are allowed, answers that are refused, and probes."""

from __future__ import annotations

import hashlib
import ipaddress
import json
import re
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Literal, Protocol
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from nhcplanner.base.errors import FetchError

Kind = Literal["csv", "json", "xlsx", "zip", "pbf", "osm", "text"]
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself."""
LONGEST = 80


@dataclass(frozen=True)
class Request:
    """A request for one file.

    Parameters
    ----------
    address
        Address, without the query.
    query
        Names and values of the query.
    form
        Names and values sent as a form instead, for queries too long for an address.
    looks
        Expected kind of the file.
    name
        Name of the file in the cache; by default the last part of the address. Needed for an
        address from a server.
    hosts
        Hosts besides the address's own that a redirect may lead to.
    size
        Size in bytes that the publisher states.
    digest
        "sha256:..." or "md5:...", the hash that the publisher states.
    check
        Checks the file before it is kept: raises `FetchError` if it is an error with status
        200, `TransientError` if another attempt may help.
    """

    address: str
    query: tuple[tuple[str, str], ...] = ()
    form: tuple[tuple[str, str], ...] = ()
    looks: Kind = "csv"
    name: str = ""
    hosts: tuple[str, ...] = ()
    size: int | None = None
    digest: str = ""
    check: Callable[[Path], None] | None = None

    @property
    def key(self) -> str:
        """Hash of the request, hex; equal for equal requests."""
        content = json.dumps([self.address, self.query, self.form])
        return hashlib.sha256(content.encode()).hexdigest()[:24]

    @property
    def file(self) -> str:
        """Name of the file in the cache, valid on every file system."""
        last = unquote(urlsplit(self.address).path.rstrip("/").split("/")[-1])
        name = re.sub(r"[^\w.() -]+", "_", self.name or last).strip(". ")
        stem, dot, suffix = name[-LONGEST:].lstrip(". ").partition(".")
        fit = f"_{stem}{dot}{suffix}" if RESERVED.fullmatch(stem) else f"{stem}{dot}{suffix}"
        return fit or "file"

    @property
    def host(self) -> str:
        """Host of the address; "" if it names none."""
        try:
            return (urlsplit(self.address).hostname or "").lower()
        except ValueError:
            return ""


class WebClient(Protocol):
    """A provider of files: the network, the cache alone, or a test's own server."""

    def file(self, ask: Request) -> Path:
        """Fetch a file into the cache if it is not there, and return its path.

        Raises
        ------
        FetchError
            If the file is not available, or not of the expected kind.
        """
        ...

    def tell(self, words: str) -> None:
        """Report the current step."""
        ...


BY_HAND = "download the file in a browser and bring it with 'nhcplanner fetch --from-files FOLDER'"
FINAL = {
    401: f"asks for a sign-in (401): {BY_HAND}",
    403: f"refuses this machine (403): perhaps a firewall; {BY_HAND}",
    404: "has no such file (404): the publisher may have moved it; look for its new address on the "
    "publisher's page, and bring the file with 'nhcplanner fetch --from-files FOLDER'",
    410: f"has removed the file (410): {BY_HAND}",
}
PASSING = {
    408: "took too long (408)",
    416: "no longer has the file that was begun (416)",
    425: "asks for patience (425)",
    429: "has been asked too often (429)",
    500: "has failed (500)",
    502: "cannot be reached behind its own gate (502)",
    503: "is out of service for now (503)",
    504: "cannot be reached behind its own gate (504)",
}


class TransientError(FetchError):
    """A failure that may pass, so that another attempt may help.

    Parameters
    ----------
    words
        What happened.
    wait
        Seconds that the server asks to wait; None = it does not say.
    """

    def __init__(self, words: str, wait: float | None = None) -> None:
        super().__init__(words)
        self.wait = wait


class UnreachableError(FetchError):
    """A host that cannot be reached, so that another attempt at once does not help."""


def in_one_line(words: object, most: int = 200) -> str:
    """Return text of another host for a message: one line, printable, short."""
    line = " ".join(str(words).split())
    plain = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in line)
    return plain if len(plain) <= most else f"{plain[:most]}..."


def refuse(answer: httpx.Response, what: str) -> None:
    """Raise an error if an answer's status is not a success.

    Raises
    ------
    TransientError
        If another attempt may help; with the server's Retry-After.
    FetchError
        If another attempt does not help.
    """
    status = answer.status_code
    if status in PASSING:
        raise TransientError(f"{what}: the server {PASSING[status]}", retry_after(answer))
    if not answer.is_success:
        words = FINAL.get(
            status, f"answers {status} {in_one_line(answer.reason_phrase)}: {BY_HAND}"
        )
        raise FetchError(f"{what}: the server {words}")


def retry_after(answer: httpx.Response) -> float | None:
    """Return the seconds that a server asks to wait; None if it does not say."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None


def in_words(error: httpx.TransportError, what: str, host: str) -> FetchError:
    """Return the transport's error as `UnreachableError` or `TransientError`."""
    if _is_unknown_host(error):
        return UnreachableError(
            f"{what}: {host} cannot be found. Is this machine on the internet? Behind a firewall, "
            f"{BY_HAND}"
        )
    if isinstance(error, httpx.TimeoutException):
        return TransientError(f"{what}: {host} did not answer in time")
    if isinstance(error, httpx.ConnectError):
        return UnreachableError(
            f"{what}: {host} cannot be reached ({in_one_line(error)}). Try later, or {BY_HAND}"
        )
    return TransientError(f"{what}: the connection to {host} broke off ({in_one_line(error)})")


def _is_unknown_host(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, socket.gaierror):
            return True
        error = error.__cause__ or error.__context__
    return False


LOOPBACK = "127.0.0.1"


def check_address(address: str, hosts: Collection[str], loopback: bool = False) -> None:
    """Refuse an address that is not an https address of a listed host.

    Parameters
    ----------
    address
        The address.
    hosts
        Names of the allowed hosts, in lower case.
    loopback
        True: allow 127.0.0.1 too, by http and at any port; for tests.

    Raises
    ------
    FetchError
        With the host only, as the rest of an address may hold a key.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise FetchError("an address cannot be read") from None
    if loopback and host == LOOPBACK:
        return
    name = in_one_line(host) or "an address without a host"
    if not address.isprintable() or " " in address or "\\" in address:
        raise FetchError(f"an address of {name} holds characters that no address has")
    if parts.scheme != "https":
        raise FetchError(f"{name} is used over https only, not over {in_one_line(parts.scheme)}")
    if parts.username is not None or parts.password is not None:
        raise FetchError(f"an address of {name} holds a user's name or password")
    if port not in {None, 443} or _is_number(host) or host not in hosts:
        name += f":{port}" if port else ""
        raise FetchError(
            f"{name} is not among the hosts of this source ({', '.join(sorted(hosts))}). The "
            f"publisher may have moved it: {BY_HAND}"
        )


def check_machine(stream: Any, host: str) -> None:
    """Refuse a connection to this machine or its own network, before anything is sent.

    A publisher's name that leads there is forged or rebound. If a proxy is set, the connection is
    the proxy's, and the proxy decides.

    Parameters
    ----------
    stream
        The connection of httpcore; it is closed if it is refused.
    host
        The host of the request.

    Raises
    ------
    FetchError
        For addresses that are not public.
    """
    peer = stream.get_extra_info("server_addr")
    if peer is None or _has_proxy(host):
        return
    where = ipaddress.ip_address(str(peer[0]).partition("%")[0])
    mapped = getattr(where, "ipv4_mapped", None) or where
    if mapped.is_global and not mapped.is_multicast:
        return
    stream.close()
    raise FetchError(
        f"{host} leads to {where}, an address of this machine or its own network: nothing was "
        "asked. Is the name resolved by a filter or a captive portal?"
    )


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _has_proxy(host: str) -> bool:
    proxies = getproxies()
    return bool(proxies.get("https") or proxies.get("all")) and not proxy_bypass(host)


FIRST_BYTES = 65_536
STATUS = {
    401: "asks for a sign-in (401)",
    403: "refuses this machine (403), perhaps a firewall",
    404: "has moved or was removed: no such file (404)",
    410: "was removed (410)",
}


@dataclass(frozen=True)
class Answer:
    """The answer of an address.

    Parameters
    ----------
    head
        The first bytes; empty if there is a problem.
    problem
        The problem, in words; empty = none.
    """

    head: bytes = b""
    problem: str = ""


def probe(client: httpx.Client, address: str, query: dict[str, str] | None = None) -> Answer:
    """Request the first bytes of an address, without following redirects.

    Parameters
    ----------
    client
        Connections.
    address, query
        Address and query of the request.
    """
    url = httpx.URL(address)
    url = url.copy_merge_params(query) if query else url
    ranged = {} if query else {"range": f"bytes=0-{FIRST_BYTES - 1}"}
    try:
        check_address(str(url), {url.host}, False)
        with client.stream("GET", url, headers=ranged, follow_redirects=False) as answer:
            if answer.is_redirect:
                to = in_one_line(answer.headers.get("location", "elsewhere"))
                return Answer(problem=f"has moved to {to}")
            if not answer.is_success:
                plain = f"answers {answer.status_code} {in_one_line(answer.reason_phrase)}"
                return Answer(problem=STATUS.get(answer.status_code, plain))
            head = b""
            for piece in answer.iter_bytes():
                head += piece
                if len(head) >= FIRST_BYTES:
                    break
            return Answer(head=head)
    except httpx.TransportError as error:
        return Answer(problem=_short(in_words(error, "it", url.host)))
    except FetchError as error:
        return Answer(problem=_short(error))


def _short(error: FetchError) -> str:
    """Return an error without its hint about a file."""
    words = str(error).removeprefix("it: ")
    return words.partition(" Behind a firewall,")[0].partition(" Try later,")[0]
