"""Addresses: which may be asked, where a redirect may lead, and which machines may answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web.request import BY_HAND, in_one_line

LOOPBACK = "127.0.0.1"


def check_address(address: str, hosts: Collection[str], loopback: bool = False) -> None:
    """Refuse an address that is no https address of a listed host.

    Parameters
    ----------
    address
        The address.
    hosts
        Names of the hosts that may be asked, in lower case.
    loopback
        True: 127.0.0.1 may be asked too, by http and at any port; for tests.

    Raises
    ------
    FetchError
        With the host at most: the rest of an address may hold a key.
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
        raise FetchError(f"{name} is asked over https only, not over {in_one_line(parts.scheme)}")
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

    A name of a publisher that leads there is a forged or rebound one. Where a proxy is set, the
    connection is the proxy's, and the proxy decides.

    Parameters
    ----------
    stream
        The connection, as httpcore has it; closed where it is refused.
    host
        The host that was meant.

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
