"""Bodies of answers, unpacked while they arrive, within limits on bytes and time."""

from __future__ import annotations

import contextlib
import csv
import json
import re
import socket
import threading
import time
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
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
"""Largest size of each kind of file in bytes: several times the largest published file."""

STEP = 1 << 20
"""Bytes unpacked at a time."""


@dataclass(frozen=True)
class Limits:
    """Limits on the size and time of a download.

    Parameters
    ----------
    largest
        Bytes of one file, unpacked, by its kind.
    total
        Bytes of all files of a run.
    redirects
        Largest number of redirects.
    grace
        Seconds allowed for every answer.
    slowest
        Average bytes a second above which an answer may take longer than that.
    longest
        Largest number of seconds for any answer.
    """

    largest: Mapping[Kind, int] = field(default_factory=lambda: LARGEST)
    total: int = 20_000 * MB
    redirects: int = 5
    grace: float = 180.0
    slowest: float = 10_000.0
    longest: float = 4 * 3600.0


class Watch:
    """Closes a connection that takes too long, even if bytes keep arriving.

    The timeouts of a client start again with each byte; this one does not.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._start = time.monotonic()
        self._end = self._start + limits.grace
        self._stream: Any = None
        self._finished = threading.Event()
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
        self._finished.set()
        self._thread.join()

    def hold(self, stream: Any) -> None:
        """Set the connection to close."""
        self._stream = stream

    def count(self, received: int) -> None:
        """Extend the time by the bytes that have arrived.

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
        while not self._finished.wait(max(0.0, self._end - time.monotonic())):
            if time.monotonic() >= self._end:
                self.has_cut = True
                self._cut()
                self._finished.wait(1.0)

    def _cut(self) -> None:
        """Close the connection, so that reading fails at once."""
        line = self._stream and self._stream.get_extra_info("socket")
        if line is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def plain(answer: httpx.Response, what: str) -> Iterator[bytes]:
    """Yield the bytes of an answer as they arrive, unpacked in small steps.

    Parameters
    ----------
    answer
        The answer, before anything of it is read.
    what
        The file, for messages.

    Raises
    ------
    TransientError
        If a packed answer is incomplete.
    FetchError
        If it is damaged, or packed in a way that was not requested and cannot be limited.
    """
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if coding in {"", "identity"}:
        yield from answer.iter_raw()
    elif coding in {"gzip", "x-gzip", "deflate"}:
        yield from _unpacked(answer.iter_raw(), what)
    else:
        raise FetchError(
            f"{what} comes packed as '{in_one_line(coding, 20)}', which was not requested"
        )


def _unpacked(parts: Iterator[bytes], what: str) -> Iterator[bytes]:
    unpack = zlib.decompressobj(wbits=47)  # gzip or zlib, by its head
    try:
        for part in parts:
            rest = part
            while rest and not unpack.eof:
                # An empty step is passed on too, as the reader counts received bytes.
                yield unpack.decompress(rest, STEP)
                rest = unpack.unconsumed_tail
            if unpack.unused_data or (rest and unpack.eof):
                raise FetchError(f"{what} has bytes after its packed content")
    except zlib.error:
        raise FetchError(f"{what} is packed but damaged") from None
    if not unpack.eof:
        raise TransientError(f"{what} ends before its packed content is complete")


HEAD = 4096
NAMES: dict[Kind, str] = {
    "csv": "CSV", "json": "JSON", "xlsx": "an Excel workbook", "zip": "a zip file",
    "pbf": "an OpenStreetMap extract (.osm.pbf)", "osm": "OpenStreetMap XML", "text": "plain text",
}  # fmt: skip


def unlike(path: Path, looks: Kind) -> str:
    """Return why a file is not of the expected kind; "" if it is.

    Parameters
    ----------
    path
        The file.
    looks
        What it should be.
    """
    with path.open("rb") as opened:
        head = opened.read(HEAD)
    if not head.strip():
        return "is empty"
    problem = _page(head) or _UNLIKE[looks](path, head)
    return f"should be {NAMES[looks]}, but {problem}" if problem else ""


def _page(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start.startswith((b"<!doctype html", b"<html", b"<head")):
        return ""
    title = re.search(rb"<title[^>]*>\s*(.*?)\s*</title", head, re.IGNORECASE | re.DOTALL)
    words = in_one_line(title[1].decode("utf-8", "replace"), 80) if title else ""
    return f'is a web page titled "{words}"' if words else "is a web page"


def _unlike_zip(path: Path, head: bytes) -> str:
    if not head.startswith(b"PK"):
        return "does not begin like one"
    return "" if _names(path) is not None else "has no end: it was cut short"


def _unlike_xlsx(path: Path, head: bytes) -> str:
    wrong = _unlike_zip(path, head)
    if wrong:
        return wrong
    workbook = "[Content_Types].xml" in (_names(path) or ())
    return "" if workbook else "is another kind of zip file"


def _names(path: Path) -> list[str] | None:
    """Return the names in a zip file; None if its list cannot be read."""
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return None


def _unlike_pbf(path: Path, head: bytes) -> str:  # noqa: ARG001  (one shape for all kinds)
    return "" if b"OSMHeader" in head[:64] else "does not begin like one"


def _unlike_json(path: Path, head: bytes) -> str:  # noqa: ARG001
    try:
        json.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        return "is no text"
    except json.JSONDecodeError as error:
        return f"cannot be read as such: {error.msg} in line {error.lineno}"
    except RecursionError:
        return "it is nested too deeply"
    except ValueError:  # a number of thousands of digits
        return "it holds a number that is too long"
    return ""


def _unlike_osm(path: Path, head: bytes) -> str:  # noqa: ARG001
    return "" if re.search(rb"<osm[\s>]", head) else "does not begin like one"


def _unlike_text(path: Path, head: bytes) -> str:  # noqa: ARG001
    return "is no text" if b"\x00" in head else ""


def _unlike_csv(path: Path, head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if b"\x00" in head:
        return "is no text"
    if start.startswith((b"{", b"[{")):
        return f"is JSON: {in_one_line(start.decode('utf-8', 'replace'), 120)}"
    if start.startswith(b"<"):
        return f"is XML: {in_one_line(start.decode('utf-8', 'replace'), 120)}"
    return "breaks off in its last row: it was cut short" if _breaks_off(path, head) else ""


def _breaks_off(path: Path, head: bytes) -> bool:
    """Whether the last row has no end and fewer cells than the first."""
    with path.open("rb") as opened:
        opened.seek(max(0, path.stat().st_size - 16 * HEAD))
        tail = opened.read()
    if tail.endswith((b"\n", b"\r")):
        return False
    first, last = (_cells(part) for part in (head.splitlines()[0], tail.splitlines()[-1]))
    return len(last) < len(first)


def _cells(line: bytes) -> list[str]:
    return next(csv.reader([line.decode("utf-8", "replace")]), [])


_UNLIKE = {
    "csv": _unlike_csv, "json": _unlike_json, "xlsx": _unlike_xlsx, "zip": _unlike_zip,
    "pbf": _unlike_pbf, "osm": _unlike_osm, "text": _unlike_text,
}  # fmt: skip
