"""Bodies of answers: unpacked as they come, within limits on bytes and time."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType, TracebackType
from typing import Any, Self

import httpx

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web.request import Kind, TransientError, in_one_line

MB = 1_000_000
LARGEST: Mapping[Kind, int] = MappingProxyType(
    {
        "csv": 1_000 * MB,
        "json": 300 * MB,
        "osm": 500 * MB,
        "pbf": 3_000 * MB,
        "text": MB,
        "xlsx": 300 * MB,
        "zip": 3_000 * MB,
    }
)
"""Bytes that a file of a kind may have: several times the largest that is published."""

STEP = 1 << 20
"""Bytes unpacked at a time."""


@dataclass(frozen=True)
class Limits:
    """How much may come, and how slowly.

    Parameters
    ----------
    largest
        Bytes of one file, unpacked, by its kind.
    total
        Bytes of all files of a run.
    redirects
        How often an answer may lead to another address.
    grace
        Seconds that any answer may take.
    slowest
        Bytes a second, on average, that earn an answer more than that.
    longest
        Seconds that no answer may take.
    """

    largest: Mapping[Kind, int] = field(default_factory=lambda: LARGEST)
    total: int = 20_000 * MB
    redirects: int = 5
    grace: float = 180.0
    slowest: float = 10_000.0
    longest: float = 4 * 3600.0


class Watch:
    """Cuts a connection that takes too long, even if its bytes come one by one.

    The timeouts of a client start again with each byte; this one does not.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._start = time.monotonic()
        self._end = self._start + limits.grace
        self._stream: Any = None
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._wait, daemon=True)
        self.has_cut = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._done.set()
        self._thread.join()

    def hold(self, stream: Any) -> None:
        """Say which connection to cut."""
        self._stream = stream

    def count(self, received: int) -> None:
        """Give more time for the bytes that have come.

        Raises
        ------
        httpx.ReadTimeout
            Where the time is over.
        """
        earned = self._limits.grace + received / self._limits.slowest
        self._end = self._start + min(earned, self._limits.longest)
        if time.monotonic() > self._end:
            self.has_cut = True
            raise httpx.ReadTimeout("too slow")

    def _wait(self) -> None:
        while not self._done.wait(max(0.0, self._end - time.monotonic())):
            if time.monotonic() >= self._end:
                self.has_cut = True
                self._cut()
                self._done.wait(1.0)

    def _cut(self) -> None:
        """End the connection under the reader's hands; reading then fails at once."""
        line = self._stream and self._stream.get_extra_info("socket")
        if line is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def plain(answer: httpx.Response, what: str) -> Iterator[bytes]:
    """Bytes of an answer as they come, unpacked in small steps.

    Parameters
    ----------
    answer
        The answer, of which nothing has been read.
    what
        The file, for messages.

    Raises
    ------
    PassingError
        Where a packed answer is cut short.
    FetchError
        Where it is packed in a way that was not asked for and cannot be limited, or is damaged.
    """
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        yield from answer.iter_raw()
    elif coding in {"gzip", "x-gzip", "deflate"}:
        yield from _unpacked(answer.iter_raw(), what)
    else:
        raise FetchError(
            f"{what} comes packed as '{in_one_line(coding, 20)}', which was not asked for"
        )


def _unpacked(parts: Iterator[bytes], what: str) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=47)  # gzip or zlib, by its head
    try:
        for part in parts:
            rest = part
            while rest and not unpack.eof:
                # An empty step is passed on too, for the reader counts what has come.
                yield unpack.decompress(rest, STEP)
                rest = unpack.unconsumed_tail
            if unpack.unused_data or (rest and unpack.eof):
                raise FetchError(f"{what} goes on behind the end of what is packed")
    except zlib.error:
        raise FetchError(f"{what} is packed but damaged") from None
    if not unpack.eof:
        raise TransientError(f"{what} breaks off before the end of what is packed")
