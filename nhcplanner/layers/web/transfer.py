"""Transfers: one attempt to download one file, within the limits of its source."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import FetchError
from nhcplanner.base.hashing import hash_file
from nhcplanner.layers.web.bodies import Limits, Watch, plain, unlike
from nhcplanner.layers.web.request import (
    Request,
    TransientError,
    check_address,
    check_machine,
    in_one_line,
    in_words,
    refuse,
)


class Part:
    """A partial download with its server's headers, so that it can be continued."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self.note = target.with_name(f"{target.name}.part.json")

    def headers(self) -> dict[str, str]:
        """Return headers that request the rest if the file is still the same."""
        if not (self.path.is_file() and self.note.is_file() and self.path.stat().st_size):
            return {}
        try:
            validator = str(json.loads(self.note.read_text(encoding="utf-8"))["validator"])
        except (ValueError, KeyError, TypeError):
            return {}
        if not (validator.isascii() and validator.isprintable()):
            return {}
        return {"range": f"bytes={self.path.stat().st_size}-", "if-range": validator}

    def begin(self, answer: httpx.Response) -> int:
        """Return the number of bytes to keep; 0 if the answer is the whole file.

        Raises
        ------
        TransientError
            If the server sends another part than the requested one.
        """
        is_packed = answer.headers.get("content-encoding", "identity").lower() != "identity"
        if answer.status_code == 206:
            there = self.path.stat().st_size if self.path.is_file() else 0
            if not is_packed and answer.headers.get("content-range", "").startswith(
                f"bytes {there}-"
            ):
                return there
            self.drop()
            raise TransientError(f"{answer.url.host} sent another part than requested")
        self.drop()
        tag = answer.headers.get("etag", "")
        validator = tag if tag.startswith('"') else answer.headers.get("last-modified", "")
        if validator and not is_packed:
            self.note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        return 0

    def drop(self) -> None:
        """Delete the partial file."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def refuse_unsound(ask: Request, part: Part) -> None:
    """Delete and refuse a file that differs from its publisher's size or hash.

    Raises
    ------
    FetchError
        In words.
    """
    try:
        wrong = unsound(ask, part.path) or unlike(part.path, ask.looks)
        if wrong:
            raise FetchError(f"{ask.file} of {ask.host} {wrong}. It was not kept")
        if ask.check is not None:
            ask.check(part.path)
    except FetchError:
        part.drop()
        raise


def unsound(ask: Request, path: Path) -> str:
    """Return how a file differs from its publisher's size or hash; "" if it does not."""
    size = path.stat().st_size
    if ask.size is not None and size != ask.size:
        return f"should have {ask.size:,} bytes and has {size:,}"
    if ask.digest:
        kind, _, expected = ask.digest.partition(":")
        computed = hash_file(path, kind)
        if computed != expected.lower():
            return f"should hash to {ask.digest} and hashes to {kind}:{computed}"
    return ""


def keep(fresh: Path, target: Path) -> None:
    """Move a complete file to its place in the cache, with its hash beside it.

    While one file replaces another, both hashes are stored, so that the file is known even if this
    is interrupted.
    """
    new = hash_file(fresh, "sha256")
    before = [hash_file(target, "sha256")] if target.is_file() and not changed(target) else []
    _write_hashes(target, [*before, new])
    fresh.replace(target)
    _write_hashes(target, [new])


def changed(target: Path) -> str:
    """Return why a file in the cache is not the one that was fetched; "" if it is."""
    try:
        expected = _hashes_of(target).read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return "has no hash beside it, or none that can be read"
    if hash_file(target, "sha256") not in expected:
        return "has changed since it was fetched"
    return ""


def _hashes_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.sha256")


def _write_hashes(target: Path, hashes: list[str]) -> None:
    write_whole(_hashes_of(target), "".join(f"{one}\n" for one in hashes).encode())


REPORT_EVERY = 4 << 20  # bytes


@dataclass
class Transfer:
    """One attempt to download one file.

    Parameters
    ----------
    ask
        The file.
    part
        Target of the bytes, after the part that is there.
    client
        Connections.
    limits
        Limits on size and time.
    room
        Bytes left for this run.
    loopback
        True: allow requests to this machine; for tests.
    patience
        Longest wait in seconds that a server may ask for.
    tell
        Receives the progress; may raise to stop.
    received
        Bytes received.
    """

    ask: Request
    part: Part
    client: httpx.Client
    limits: Limits
    room: int
    loopback: bool
    patience: float
    tell: Callable[[str], None]
    received: int = 0

    def run(self) -> None:
        """Download the file.

        Raises
        ------
        TransientError
            If another attempt may help; the part received is kept.
        FetchError
            If another attempt does not help.
        """
        name, host = self.ask.file, self.ask.host
        with Watch(self.limits) as watch:
            try:
                with self._answer(watch) as answer:
                    self._take(answer, watch)
                if watch.has_cut:  # the end of a body without a length looks like its whole
                    raise httpx.ReadTimeout("too slow")
            except httpx.TransportError as error:
                if watch.has_cut:
                    raise TransientError(f"{name}: {host} sends too slowly") from None
                raise in_words(error, name, host) from None
            except httpx.InvalidURL as error:
                words = f"{name}: {host} names an invalid address"
                raise FetchError(f"{words} ({in_one_line(error)})") from None

    @contextmanager
    def _answer(self, watch: Watch) -> Iterator[httpx.Response]:
        """Send the request, and follow redirects to hosts that the source lists."""
        ask = self.ask
        request = self.client.build_request(
            "POST" if ask.form else "GET",
            ask.address,
            params=ask.query or None,
            data=dict(ask.form) or None,
            # A connection of its own, so that the watch knows which one to cut.
            headers={"accept-encoding": "identity", "connection": "close", **self.part.headers()},
        )
        hosts = {ask.host, *ask.hosts}
        for _ in range(self.limits.redirects + 1):
            check_address(str(request.url), hosts, self.loopback)
            request.extensions["trace"] = self._guard(request.url.host, watch)
            answer = self.client.send(request, stream=True, follow_redirects=False)
            try:
                if answer.next_request is None:
                    yield answer
                    return
                request = answer.next_request
            finally:
                answer.close()
        raise FetchError(f"{ask.file}: {ask.host} sends round in circles")

    def _guard(self, host: str, watch: Watch) -> Callable[[str, dict[str, Any]], None]:
        """Pass a new connection to the watch, or refuse it."""

        def guard(event: str, details: dict[str, Any]) -> None:
            if event.endswith(("connect_tcp.complete", "start_tls.complete")):
                stream = details["return_value"]
                watch.hold(stream)
                if not self.loopback:
                    check_machine(stream, host)

        return guard

    def _take(self, answer: httpx.Response, watch: Watch) -> None:
        """Write an answer's body after the part that is there, or over it."""
        if answer.status_code == 416:
            self.part.drop()
        self._refuse(answer)
        there = self.part.begin(answer)
        declared = answer.headers.get("content-length", "")
        size = there + int(declared) if declared.isdecimal() else None
        try:
            self._refuse_large(size or 0)
            self._write(answer, watch, there, size)
        except TransientError:
            raise
        except FetchError:
            self.part.drop()
            raise

    def _write(self, answer: httpx.Response, watch: Watch, there: int, size: int | None) -> None:
        """Write the bytes that arrive, and count them packed and unpacked."""
        reported = there
        with self.part.path.open("ab" if there else "wb") as opened:
            for chunk in plain(answer, self.ask.file):
                there += len(chunk)
                packed = answer.num_bytes_downloaded
                watch.count(packed)
                self.received = max(packed, self.received + len(chunk))
                self._refuse_large(max(there, packed))
                opened.write(chunk)
                if there - reported >= REPORT_EVERY:
                    reported = there
                    self.tell(f"Fetching {self.ask.file}: {_megabytes(there, size)}")

    def _refuse(self, answer: httpx.Response) -> None:
        """Refuse an answer that is not a success, or one that asks to wait for hours."""
        try:
            refuse(answer, self.ask.file)
        except TransientError as error:
            if (error.wait or 0) > self.patience:
                raise FetchError(
                    f"{error}, and asks to wait {error.wait:.0f} seconds. Run the same command "
                    "again after that; the part received is kept"
                ) from None
            raise

    def _refuse_large(self, size: int) -> None:
        """Refuse a file larger than its kind may be, or larger than the run's limit."""
        most = self.limits.largest[self.ask.looks]
        if size > most:
            raise FetchError(
                f"{self.ask.file} of {self.ask.host} is larger than {most / 1e6:,.0f} MB, the most "
                "that is taken of such a file. It was not kept"
            )
        if self.received > self.room:
            raise FetchError(
                f"{self.ask.file}: more than {self.limits.total / 1e6:,.0f} MB came in one run"
            )


def _megabytes(there: int, size: int | None) -> str:
    of = f" of {size / 1e6:,.0f}" if size else ""
    return f"{there / 1e6:,.0f}{of} MB"
