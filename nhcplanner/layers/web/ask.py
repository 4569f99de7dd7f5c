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

Kind = Literal["csv", "json", "xlsx", "zip", "pbf", "text"]


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
        Name to keep it under; by default the address's last part.
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
        return re.sub(r"[^\w.() -]+", "_", self.name or last) or "file"

    @property
    def host(self) -> str:
        """The machine that is asked."""
        return urlsplit(self.address).netloc


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

    def made(self, key: str, name: str, make: Callable[[Path], None]) -> Path:
        """Bring a file that another library fetches, and keep it in the cache like the rest.

        Parameters
        ----------
        key
            What is asked, in full.
        name
            Name to keep it under.
        make
            Fetches it to a path.

        Raises
        ------
        FetchError
            Where it cannot be had.
        """
        ...

    def tell(self, words: str) -> None:
        """Say what is being done."""
        ...
