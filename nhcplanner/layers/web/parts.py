"""Files on their way into the cache, and proof that they are still what came."""

from __future__ import annotations

import json
from pathlib import Path

import httpx

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import FetchError
from nhcplanner.base.hashing import hash_file
from nhcplanner.layers.web.request import Request, TransientError
from nhcplanner.layers.web.sniff import unlike


class Part:
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
        except (ValueError, KeyError, TypeError):
            return {}
        if not (validator.isascii() and validator.isprintable()):
            return {}
        return {"range": f"bytes={self.path.stat().st_size}-", "if-range": validator}

    def begin(self, answer: httpx.Response) -> int:
        """Bytes that stay; 0 where the answer is the whole file.

        Raises
        ------
        PassingError
            Where another part comes than was asked for.
        """
        is_packed = answer.headers.get("content-encoding", "identity").lower() != "identity"
        if answer.status_code == 206:
            there = self.path.stat().st_size if self.path.is_file() else 0
            if not is_packed and answer.headers.get("content-range", "").startswith(
                f"bytes {there}-"
            ):
                return there
            self.drop()
            raise TransientError(f"{answer.url.host} sent another part than was asked for")
        self.drop()
        tag = answer.headers.get("etag", "")
        validator = tag if tag.startswith('"') else answer.headers.get("last-modified", "")
        if validator and not is_packed:
            self.note.write_text(json.dumps({"validator": validator}), encoding="utf-8")
        return 0

    def drop(self) -> None:
        """Forget what is there."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def refuse_unsound(ask: Request, part: Part) -> None:
    """Refuse a file that is not what it says, and throw it away.

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
    """Why a file has not the size or hash that its publisher says; "" where it has."""
    size = path.stat().st_size
    if ask.size is not None and size != ask.size:
        return f"should have {ask.size:,} bytes and has {size:,}"
    if ask.digest:
        kind, _, expected = ask.digest.partition(":")
        found = hash_file(path, kind)
        if found != expected.lower():
            return f"should hash to {ask.digest} and hashes to {kind}:{found}"
    return ""


def keep(fresh: Path, target: Path) -> None:
    """Move a whole file to its place in the cache, with its hash beside it.

    While one file takes the place of another, both hashes stand there: whenever this is broken off,
    the file that is there is known.
    """
    new = hash_file(fresh, "sha256")
    before = [hash_file(target, "sha256")] if target.is_file() and not changed(target) else []
    _write_hashes(target, [*before, new])
    fresh.replace(target)
    _write_hashes(target, [new])


def changed(target: Path) -> str:
    """Why a file in the cache is not the one that came; "" where it is."""
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
