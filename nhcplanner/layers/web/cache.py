"""The network through a cache: each file is fetched once, with pauses, and kept if complete."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import platformdirs
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.web.bodies import Limits
from nhcplanner.layers.web.request import Request, TransientError, UnreachableError, check_address
from nhcplanner.layers.web.transfer import Part, Transfer, changed, keep, refuse_unsound, unsound

AGENT = "nhcplanner (https://pypi.org/project/nhcplanner)"
TIMEOUT = httpx.Timeout(60.0, connect=15.0)


def new_client() -> httpx.Client:
    """Return an HTTP client that names this program and has time limits."""
    return httpx.Client(timeout=TIMEOUT, headers={"user-agent": AGENT})


@dataclass(frozen=True)
class RetryPolicy:
    """Number of attempts, and the pauses between requests.

    Parameters
    ----------
    attempts
        Number of attempts for a file.
    pause
        Seconds between two requests to one machine, at least.
    longest
        Longest wait in seconds that a server may ask for; the run ends if it asks for more.
    sleep
        Function that waits for some seconds.
    """

    attempts: int = 5
    pause: float = 0.25
    longest: float = 120.0
    sleep: Callable[[float], None] = time.sleep


@dataclass(eq=False)
class CachedWeb:
    """Fetches files into a folder, and reuses the files in it.

    A partial download is continued if the server says that the file is still the same; the file is
    moved to its place only when it is complete and of the expected kind.

    Parameters
    ----------
    cache
        Folder of files fetched.
    client
        Connections; by default one of httpx.
    offline
        True: use the cache only.
    refresh
        True: fetch cached files again, each once a run.
    progress
        Receives a line about each step; returns False to stop.
    retry_policy
        Number of attempts and pauses between them.
    limits
        Largest size and lowest speed of a download.
    loopback
        True: allow requests to this machine, by http at 127.0.0.1 too; for tests.
    """

    cache: Path
    client: httpx.Client = field(default_factory=new_client)
    offline: bool = False
    refresh: bool = False
    progress: Callable[[str], object] | None = None
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    limits: Limits = field(default_factory=Limits)
    loopback: bool = False
    _received: int = 0
    _last_request: dict[str, float] = field(default_factory=dict)
    _fresh: set[Path] = field(default_factory=set)
    _unreachable: dict[str, str] = field(default_factory=dict)

    def tell(self, words: str) -> None:
        """Report the current step.

        Raises
        ------
        KeyboardInterrupt
            If `progress` returns False; the part received is kept.
        """
        if self.progress is not None and self.progress(words) is False:
            raise KeyboardInterrupt

    def file(self, ask: Request) -> Path:
        """Fetch a file into the cache if it is not there, and return its path.

        Raises
        ------
        FetchError
            If the file is not available, or not of the expected kind.
        """
        check_address(ask.address, {ask.host} - {""}, self.loopback)
        target = self.cache / ask.host / ask.key / ask.file
        if not self._is_cached(ask, target):
            if ask.host in self._unreachable:
                raise UnreachableError(self._unreachable[ask.host])
            self._with_retries(ask, target)
            self._fresh.add(target)
        return target

    def _is_cached(self, ask: Request, target: Path) -> bool:
        """Whether the file in the cache can be used; offline there is no other."""
        if target in self._fresh:
            return target.is_file()
        what, wrong = f"{ask.file} of {ask.host}", ""
        if target.is_file() and (self.offline or not self.refresh):
            wrong = changed(target) or unsound(ask, target)
            if not wrong:
                self._fresh.add(target)
                return True
            wrong = f"{what} in the cache {self.cache} {wrong}"
        if self.offline:
            wrong = wrong or f"{what} is not in the cache {self.cache}"
            raise FetchError(
                f"{wrong}, and offline the network is not used. Fetch once without --offline"
            )
        if wrong:
            self.tell(f"{wrong}: it is fetched again")
        target.parent.mkdir(parents=True, exist_ok=True)
        return False

    def _with_retries(self, ask: Request, target: Path) -> None:
        retry_policy = self.retry_policy
        try:
            for attempt in Retrying(
                stop=stop_after_attempt(retry_policy.attempts),
                wait=_wait,
                retry=retry_if_exception_type(TransientError),
                sleep=retry_policy.sleep,
                reraise=True,
            ):
                with attempt:
                    self._once(ask, target)
        except UnreachableError as error:
            self._unreachable[ask.host] = str(error)
            raise
        except TransientError as error:
            raise FetchError(
                f"{error}; tried {retry_policy.attempts} times. The part received is kept: run the "
                "same command again later to continue"
            ) from None

    def _once(self, ask: Request, target: Path) -> None:
        self._pace(ask.host)
        part = Part(target)
        transfer = Transfer(
            ask,
            part,
            self.client,
            self.limits,
            self.limits.total - self._received,
            self.loopback,
            self.retry_policy.longest,
            self.tell,
        )
        try:
            transfer.run()
        finally:
            self._received += transfer.received
        refuse_unsound(ask, part)
        keep(part.path, target)
        part.drop()

    def _pace(self, host: str) -> None:
        """Pause if the last request to the same host was a moment ago."""
        wait = self._last_request.get(host, -1e9) + self.retry_policy.pause - time.monotonic()
        if wait > 0:
            self.retry_policy.sleep(wait)
        self._last_request[host] = time.monotonic()


def user_cache() -> Path:
    """Return the user's own folder for fetched files."""
    return Path(platformdirs.user_cache_dir("nhcplanner", appauthor=False)) / "fetched"


def _wait(state: RetryCallState) -> float:
    """Return seconds until the next attempt: as the server asks, or longer each time."""
    error = state.outcome.exception() if state.outcome else None
    wait = error.wait if isinstance(error, TransientError) else None
    return wait if wait is not None else wait_exponential_jitter(initial=1, max=30)(state)
