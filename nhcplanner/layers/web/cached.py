"""The network through a cache: each file asked for once, politely, and kept only when whole."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import platformdirs
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from nhcplanner.domain.errors import FetchError
from nhcplanner.layers.web.ask import Ask
from nhcplanner.layers.web.failures import PassingError, UnreachableError, in_words, refuse
from nhcplanner.layers.web.looks import unlike

AGENT = "nhcplanner (https://pypi.org/project/nhcplanner)"
TIMEOUT = httpx.Timeout(60.0, connect=15.0)
TOLD_EVERY = 4 << 20  # bytes


def new_client() -> httpx.Client:
    """Connections that follow redirects, name this program and give up in time."""
    return httpx.Client(follow_redirects=True, timeout=TIMEOUT, headers={"user-agent": AGENT})


@dataclass(frozen=True)
class Manners:
    """How politely and how long to ask.

    Parameters
    ----------
    attempts
        How often a file is asked for before giving up.
    pause
        Seconds between two requests to one machine, at least.
    longest
        Seconds that a server may ask to wait; where it asks for more, the run ends.
    sleep
        How to wait.
    """

    attempts: int = 5
    pause: float = 0.25
    longest: float = 120.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(eq=False)
class CachedWeb:
    """Brings files from the network into a folder, and from the folder when they are there.

    A file that is half there goes on where it broke off, if the server says that it is still the
    same; it takes its place only when it is whole and looks like what it says.

    Parameters
    ----------
    cache
        Folder of files fetched.
    client
        Connections; by default one of httpx that follows redirects.
    offline
        True: only what the cache holds.
    refresh
        True: ask anew for what the cache holds; once a run for each file.
    progress
        Told what is being done; answers False to stop.
    manners
        How politely to ask.
    """

    cache: Path
    client: httpx.Client = field(default_factory=new_client)
    offline: bool = False
    refresh: bool = False
    progress: Callable[[str], object] | None = None
    manners: Manners = field(default_factory=Manners)
    _asked: dict[str, float] = field(default_factory=dict)
    _fresh: set[Path] = field(default_factory=set)
    _gone: dict[str, str] = field(default_factory=dict)

    def tell(self, words: str) -> None:
        """Say what is being done.

        Raises
        ------
        KeyboardInterrupt
            Where the answer is that the user wants no more; what has come is kept.
        """
        if self.progress is not None and self.progress(words) is False:
            raise KeyboardInterrupt

    def file(self, ask: Ask) -> Path:
        """Bring a file into the cache and say where it lies.

        Raises
        ------
        FetchError
            Where it cannot be had, or is not what it says.
        """
        target = self.cache / ask.host.replace(":", "_") / ask.key / ask.file
        if not self._kept(target, f"{ask.file} of {ask.host}"):
            if ask.host in self._gone:
                raise UnreachableError(self._gone[ask.host])
            self._patiently(ask, target)
            self._fresh.add(target)
        return target

    def made(self, key: str, name: str, make: Callable[[Path], None]) -> Path:
        """Bring a file that another library fetches, and keep it in the cache like the rest.

        Raises
        ------
        FetchError
            Where it cannot be had.
        """
        target = self.cache / "made" / hashlib.sha256(key.encode()).hexdigest()[:24] / name
        if not self._kept(target, name):
            fresh = target.with_name(f"new_{name}")
            try:
                make(fresh)
                fresh.replace(target)
            finally:
                fresh.unlink(missing_ok=True)
            self._fresh.add(target)
        return target

    def _kept(self, target: Path, what: str) -> bool:
        """Whether the cache's own file will do; offline there is no other."""
        if target.is_file() and (self.offline or not self.refresh or target in self._fresh):
            return True
        if self.offline:
            raise FetchError(
                f"{what} is not in the cache {self.cache}, and offline nothing is asked of the "
                "network. Fetch once without --offline"
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        return False

    def _patiently(self, ask: Ask, target: Path) -> None:
        manners = self.manners
        try:
            for attempt in Retrying(
                stop=stop_after_attempt(manners.attempts),
                wait=_wait,
                retry=retry_if_exception_type(PassingError),
                sleep=manners.sleep,
                reraise=True,
            ):
                with attempt:
                    self._once(ask, target)
        except UnreachableError as error:
            self._gone[ask.host] = str(error)
            raise
        except PassingError as error:
            raise FetchError(
                f"{error}; asked {manners.attempts} times. What has come is kept: run the same "
                "command again later and it goes on from there"
            ) from None

    def _once(self, ask: Ask, target: Path) -> None:
        self._pace(ask.host)
        part = _Part(target)
        try:
            with self.client.stream(
                "POST" if ask.form else "GET",
                ask.address,
                params=ask.query or None,
                data=dict(ask.form) or None,
                headers={"accept-encoding": "identity", **part.headers()},
            ) as answer:
                self._take(ask, part, answer)
        except httpx.TransportError as error:
            raise in_words(error, ask.file, ask.host) from None
        except httpx.TooManyRedirects:
            raise FetchError(f"{ask.file}: {ask.host} sends round in circles") from None
        except httpx.InvalidURL as error:
            raise FetchError(f"{ask.address} is no address: {error}") from None
        _whole(ask, part.path)
        part.finish(target)

    def _take(self, ask: Ask, part: _Part, answer: httpx.Response) -> None:
        """Write an answer's body behind what is there already, or in its stead."""
        if answer.status_code == 416:
            part.drop()
        try:
            refuse(answer, ask.file)
        except PassingError as error:
            if (error.wait or 0) > self.manners.longest:
                raise FetchError(
                    f"{error}, and asks to wait {error.wait:.0f} seconds. Run the same command "
                    "again after that; what has come is kept"
                ) from None
            raise
        there = part.begin(answer)
        length = answer.headers.get("content-length")
        size = there + int(length) if length else None
        told = there
        with part.path.open("ab" if there else "wb") as opened:
            for chunk in answer.iter_bytes(1 << 16):
                opened.write(chunk)
                there += len(chunk)
                if there - told >= TOLD_EVERY:
                    told = there
                    self.tell(f"Fetching {ask.file}: {_megabytes(there, size)}")

    def _pace(self, host: str) -> None:
        """Leave a pause since the last request to the same machine."""
        wait = self._asked.get(host, -1e9) + self.manners.pause - time.monotonic()
        if wait > 0:
            self.manners.sleep(wait)
        self._asked[host] = time.monotonic()


class _Part:
    """A file half there, and what its server said of it, so that it can go on."""

    def __init__(self, target: Path) -> None:
        self.path = target.with_name(f"{target.name}.part")
        self.note = target.with_name(f"{target.name}.part.json")

    def headers(self) -> dict[str, str]:
        """Ask for the rest, on condition that the file is still the same."""
        if not (self.path.is_file() and self.note.is_file() and self.path.stat().st_size):
            return {}
        try:
            validator = str(json.loads(self.note.read_text(encoding="utf-8"))["validator"])
        except (json.JSONDecodeError, KeyError, UnicodeDecodeError):
            return {}
        return {"range": f"bytes={self.path.stat().st_size}-", "if-range": validator}

    def begin(self, answer: httpx.Response) -> int:
        """Bytes that stay; 0 where the answer is the whole file."""
        if answer.status_code == 206:
            there = self.path.stat().st_size if self.path.is_file() else 0
            if answer.headers.get("content-range", "").startswith(f"bytes {there}-"):
                return there
            self.drop()
            raise PassingError(f"{answer.url.host} sent another part than was asked for")
        self.drop()
        tag = answer.headers.get("etag", "")
        validator = tag if tag.startswith('"') else answer.headers.get("last-modified", "")
        if validator:
            self.note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        return 0

    def drop(self) -> None:
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        self.path.replace(target)
        self.note.unlink(missing_ok=True)


def user_cache() -> Path:
    """The user's own folder for files fetched."""
    return Path(platformdirs.user_cache_dir("nhcplanner", appauthor=False)) / "fetched"


def _wait(state: RetryCallState) -> float:
    """Seconds until the next attempt: as the server asks, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.wait if isinstance(error, PassingError) else None
    return asked if asked is not None else wait_exponential_jitter(initial=1, max=30)(state)


def _whole(ask: Ask, part: Path) -> None:
    """Refuse a file that is not what it says, and throw it away."""
    try:
        wrong = _unsound(ask, part) or unlike(part, ask.looks)
        if wrong:
            raise FetchError(f"{ask.file} of {ask.host} {wrong}. It was not kept")
        if ask.check is not None:
            ask.check(part)
    except FetchError:
        part.unlink()
        raise


def _unsound(ask: Ask, part: Path) -> str:
    size = part.stat().st_size
    if ask.size is not None and size != ask.size:
        return f"should have {ask.size:,} bytes and has {size:,}"
    if ask.digest:
        kind, _, expected = ask.digest.partition(":")
        with part.open("rb") as opened:
            found = hashlib.file_digest(opened, kind).hexdigest()
        if found != expected:
            return f"should hash to {ask.digest} and hashes to {kind}:{found}"
    return ""


def _megabytes(there: int, size: int | None) -> str:
    of = f" of {size / 1e6:,.0f}" if size else ""
    return f"{there / 1e6:,.0f}{of} MB"
