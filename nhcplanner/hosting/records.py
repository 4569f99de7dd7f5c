"""Records of saved work, uploaded places and shares: one form for folders, PostgreSQL and backups.

work/OWNER/works/NAME/work.json       kind "works": the content is the file
work/OWNER/places/NAME/               kind "places": the content is a zip of the folder
work/OWNER/trash/KIND/NAME            the same in the trash
work/shares/ID.json                   kind "shares": the content is the file, the name is ID
"""

from __future__ import annotations

import io
import json
import math
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import uuid4
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from nhcplanner.base.atomic import open_atomic, write_whole
from nhcplanner.base.errors import Fault, InputError, write_fault
from nhcplanner.hosting import shares

WORKS, PLACES, SHARES, TRASH = "works", "places", shares.FOLDER, "trash"
WORK, OPENED, CALENDAR = "work.json", "opened.json", "calendar.json"
FORMAT = 1
"""Version of the form of a backup."""
INDEX = "backup.json"
_KEPT = ("audit",)
"""Folders beside saved work that a restore leaves as they are."""
_OWNER = re.compile(r"[0-9a-f]{32}")
_NAMES = {
    WORKS: re.compile(r"[A-Za-z0-9_-]{22}"),
    PLACES: re.compile(r"[0-9a-f]{16}"),
    SHARES: re.compile(r"[0-9a-f]{64}"),
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Record:
    """One saved work, uploaded place or share.

    Parameters
    ----------
    owner, kind, name
        Its identity.
    content
        What it holds.
    day
        Day of the app's calendar on which it was opened last.
    is_trash
        Whether it is in the trash.
    version
        Number of changes in the database; 0 = it is not from a database.

    Raises
    ------
    ValueError
        If owner, kind and name are not of the app, so that none becomes another path.
    """

    owner: str
    kind: str
    name: str
    content: bytes
    day: float = 0.0
    is_trash: bool = False
    version: int = 0

    def __post_init__(self) -> None:
        pattern = _NAMES.get(self.kind)
        if pattern is None or not pattern.fullmatch(self.name) or not _OWNER.fullmatch(self.owner):
            raise ValueError("no record of this app")

    @property
    def identity(self) -> tuple[str, str, str]:
        """Owner, kind and name."""
        return self.owner, self.kind, self.name


def path_of(home: Path, record: Record) -> Path:
    """Return the folder of a work or a place, or the file of a share."""
    if record.kind == SHARES:
        return home / SHARES / f"{record.name}.json"
    trash = (TRASH,) if record.is_trash else ()
    return home.joinpath(record.owner, *trash, record.kind, record.name)


def read_folder(home: Path, owner: str = "") -> Iterator[Record]:
    """Yield the records in the app's folder, of one owner or of all; shares only for all."""
    owners = [owner] if owner else sorted(_names(home, _OWNER))
    for one in owners:
        for kind in (WORKS, PLACES):
            for is_trash in (False, True):
                parent = home.joinpath(one, *((TRASH,) if is_trash else ()), kind)
                for name in sorted(_names(parent, _NAMES[kind])):
                    with suppress(OSError):  # just moved to the trash, or half deleted
                        yield _read(parent / name, one, kind, is_trash=is_trash)
    if not owner and (home / SHARES).is_dir():
        for path in sorted((home / SHARES).glob("*.json")):
            with suppress(OSError, ValueError, KeyError, TypeError):
                content = path.read_bytes()
                yield Record(json.loads(content)["owner"], SHARES, path.stem, content)


def write_to_folder(home: Path, record: Record) -> Path:
    """Write a record where the app looks for it; the app's own checks read it again.

    Raises
    ------
    InputError
        If the disk cannot be written, or the content is no zip.
    """
    path = path_of(home, record)
    _make_private(home, path.parent)
    if record.kind == SHARES:
        return write_whole(path, record.content, private=True)
    if record.kind == WORKS:
        _make_private(home, path)
        write_whole(path / WORK, record.content, private=True)
    else:
        fresh = path.with_name(f".{uuid4().hex[:8]}.new")
        try:
            _unzip(record.content, fresh)
            shutil.rmtree(path, ignore_errors=True)
            fresh.replace(path)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    write_whole(path / OPENED, json.dumps({"day": record.day}).encode(), private=True)
    other = path_of(home, Record(*record.identity, b"", is_trash=not record.is_trash))
    shutil.rmtree(other, ignore_errors=True)
    return path


def replace_folder(home: Path, saved: Backup) -> None:
    """Replace all saved work in the app's folder by a backup; the audit log stays.

    The backup is first unpacked beside the folder, so that a full disk leaves everything as it is.
    """
    fresh = home.with_name(f"{home.name}.{uuid4().hex[:8]}.new")
    old = home.with_name(f"{home.name}.{uuid4().hex[:8]}.old")
    try:
        for record in saved.records():
            write_to_folder(fresh, record)
        write_calendar(fresh, saved.calendar)
        for name in _KEPT:
            if (home / name).is_dir():
                _make_private(fresh, fresh)
                shutil.copytree(home / name, fresh / name)
        if home.is_dir():
            home.replace(old)
        fresh.replace(home)
    except OSError as error:
        raise InputError([write_fault(home, error)]) from None
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def write_backup(path: Path, records: Iterable[Record], calendar: dict[str, float]) -> int:
    """Write all records to one zip, whole or not at all; return how many there are.

    Parameters
    ----------
    path
        The zip.
    records
        From a folder or a database.
    calendar
        The app's days, which the days of records count from.
    """
    index = []
    with open_atomic(path, private=True) as target, ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for record in records:
            member = "/".join(record.identity)
            packed.writestr(_member(member), record.content)
            line = {name: value for name, value in asdict(record).items() if name != "content"}
            index.append({**line, "sha256": sha256(record.content).hexdigest()})
        head = {
            "format": FORMAT,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "calendar": calendar,
            "records": index,
        }
        packed.writestr(_member(INDEX), json.dumps(head, indent=1))
    return len(index)


class Backup:
    """A backup, every record of which was checked against its hash.

    Parameters
    ----------
    path
        The zip that `write_backup` wrote.

    Raises
    ------
    InputError
        If it is no backup, or damaged: nothing of it is then used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with _sound(path), ZipFile(path) as packed:
            head = json.loads(packed.read(INDEX))
            if head["format"] != FORMAT:
                hint = "Restore it with the version that wrote it"
                raise InputError([Fault(f"has format {head['format']}", path.name, hint=hint)])
            self.calendar = {name: float(value) for name, value in head["calendar"].items()}
            self.made = str(head["made"])
            self._lines = list(head["records"])
            for line in self._lines:
                _from_backup(packed, line)

    def __len__(self) -> int:
        return len(self._lines)

    def records(self) -> Iterator[Record]:
        """Yield the records, one in memory at a time."""
        with _sound(self._path), ZipFile(self._path) as packed:
            for line in self._lines:
                yield _from_backup(packed, line)


@contextmanager
def _sound(path: Path) -> Iterator[None]:
    """Turn what a damaged zip raises into a fault."""
    try:
        yield
    except (OSError, BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, InputError):
            raise
        words = f"is no sound backup ({type(error).__name__})"
        raise InputError([Fault(words, path.name, hint="Use another backup")]) from None


def calendar_of(home: Path) -> dict[str, float]:
    """Return the app's days and the clock when they were counted."""
    try:
        content = json.loads((home / CALENDAR).read_text(encoding="utf-8"))
        return {name: float(content[name]) for name in ("days", "clock")}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def write_calendar(home: Path, calendar: dict[str, float]) -> None:
    """Write the app's days."""
    if calendar:
        _make_private(home, home)
        write_whole(home / CALENDAR, json.dumps(calendar).encode(), private=True)


def _from_backup(packed: ZipFile, line: dict[str, object]) -> Record:
    identity = (str(line["owner"]), str(line["kind"]), str(line["name"]))
    content = packed.read("/".join(identity))
    if sha256(content).hexdigest() != line["sha256"]:
        raise ValueError("a hash differs")
    day = line["day"]
    if not isinstance(day, int | float) or not math.isfinite(day):
        raise ValueError("a day is no number")
    return Record(*identity, content, float(day), line["is_trash"] is True)


def _read(path: Path, owner: str, kind: str, *, is_trash: bool) -> Record:
    try:
        day = float(json.loads((path / OPENED).read_text(encoding="utf-8"))["day"])
    except (OSError, ValueError, KeyError, TypeError):
        day = 0.0
    content = (path / WORK).read_bytes() if kind == WORKS else _zipped(path)
    return Record(owner, kind, path.name, content, day, is_trash)


def read_item(home: Path, owner: str, kind: str, name: str) -> Record:
    """Return one record of the folder that is not in the trash."""
    return _read(home / owner / kind / name, owner, kind, is_trash=False)


def _names(folder: Path, pattern: re.Pattern[str]) -> list[str]:
    try:
        found = [one for one in folder.iterdir() if one.is_dir() and not one.is_symlink()]
    except OSError:
        return []
    return [one.name for one in found if pattern.fullmatch(one.name)]


def _zipped(folder: Path) -> bytes:
    """Return a folder as a zip: the same bytes for the same files."""
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as target:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != OPENED and not path.is_symlink():
                target.writestr(_member(path.relative_to(folder).as_posix()), path.read_bytes())
    return packed.getvalue()


def _unzip(content: bytes, folder: Path) -> None:
    try:
        with ZipFile(io.BytesIO(content)) as packed:
            for one in packed.infolist():  # `extract` keeps every name inside the folder
                packed.extract(one, folder)
    except (BadZipFile, OSError, ValueError) as error:
        raise InputError([Fault(f"an uploaded place cannot be unpacked: {error}")]) from None
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    folder.chmod(0o700)


def _member(name: str) -> ZipInfo:
    member = ZipInfo(name, _EPOCH)
    member.compress_type = ZIP_DEFLATED
    return member


def _make_private(home: Path, folder: Path) -> None:
    chain = [one for one in (folder, *folder.parents) if one == home or home in one.parents]
    for one in reversed(chain):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)
