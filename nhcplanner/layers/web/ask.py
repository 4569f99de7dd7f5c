"""What is asked of the network: a request that can be told from every other."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import unquote, urlsplit

Kind = Literal["csv", "json", "xlsx", "zip", "pbf", "osm", "text"]
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that Windows keeps for itself."""
LONGEST = 80


@dataclass(frozen=True)
class Ask:
    """One file asked for.

    Parameters
    ----------
    address
        Address, without what `query` says.
    query
        Names and values of the query.
    form
        Names and values sent as a form instead, for queries too long for an address.
    looks
        What the file must look like.
    name
        Name to keep it under; by default the address's last part. An address that came from a
        server wants one.
    hosts
        Hosts besides the address's own that a redirect may lead to.
    size
        Bytes it must have, where the publisher says.
    digest
        "sha256:..." or "md5:...", what it must hash to, where the publisher says.
    check
        Looks into the file before it is kept: raises `FetchError` where it is an error told
        with a 200, `PassingError` where asking again may help.
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
        """Hash of the request, hex; the same for the same request."""
        said = json.dumps([self.address, self.query, self.form])
        return hashlib.sha256(said.encode()).hexdigest()[:24]

    @property
    def file(self) -> str:
        """Name of the file it is kept in, fit for every file system."""
        last = unquote(urlsplit(self.address).path.rstrip("/").split("/")[-1])
        name = re.sub(r"[^\w.() -]+", "_", self.name or last).strip(". ")
        stem, dot, suffix = name[-LONGEST:].lstrip(". ").partition(".")
        fit = f"_{stem}{dot}{suffix}" if RESERVED.fullmatch(stem) else f"{stem}{dot}{suffix}"
        return fit or "file"

    @property
    def host(self) -> str:
        """The machine that is asked; "" where the address names none."""
        try:
            return (urlsplit(self.address).hostname or "").lower()
        except ValueError:
            return ""


class Web(Protocol):
    """Whatever brings files: the network, the cache alone, or a test's own server."""

    def file(self, ask: Ask) -> Path:
        """Bring a file into the cache and say where it lies.

        Raises
        ------
        FetchError
            Where it cannot be had, or is not what it says.
        """
        ...

    def tell(self, words: str) -> None:
        """Say what is being done."""
        ...
