"""The audit log: who did what and when, as JSON lines, without the content of anybody's work.

Each line is one object with `time` (UTC), `who`, `action`, `outcome` and, where there is one,
`work` (the id of the work) and `detail` (a name from the program, never a user's text). A month has
one file, `audit-2026-11.jsonl`; months older than `settings.AUDIT_DAYS` are deleted.
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Literal

from nhcplanner.hosting import metrics, settings

Outcome = Literal["done", "refused", "failed"]
STDOUT = "stdout"
FOLDER = "audit"
"""Folder of the log in the data, where people sign in and no other place is set."""
YEAR_DAYS = 365.0
_NAME = re.compile(r"audit-(\d{4})-(\d{2})\.jsonl")
_LOG = logging.getLogger(__name__)
_LOCK = Lock()


def record(
    who: str,
    action: str,
    outcome: Outcome = "done",
    *,
    work: str = "",
    detail: str = "",
    home: Path | None = None,
) -> None:
    """Append a line to the log, if there is one.

    Parameters
    ----------
    who
        The person's address, or the hash of a browser.
    action
        Subject and verb, e.g. "work.save".
    outcome
        Whether it was done.
    work, detail
        The id of the work; what more there is to say, without content.
    home
        Folder of the app's data.
    """
    where = target(home)
    if where is None:
        return
    now = datetime.now(UTC)
    event = {
        "time": now.isoformat(timespec="milliseconds"),
        "who": who,
        "action": action,
        "outcome": outcome,
        **({"work": work} if work else {}),
        **({"detail": detail} if detail else {}),
    }
    line = json.dumps(event, ensure_ascii=True) + "\n"
    try:
        _append(where, now, line)
    except OSError:
        metrics.AUDIT_FAILURES.inc()
        _LOG.exception("The audit log cannot be written")


def target(home: Path | None) -> Path | None:
    """Return the log's folder, `Path("stdout")`, or None if there is no log."""
    chosen = settings.text(settings.AUDIT)
    if chosen:
        return Path(chosen)
    return home / FOLDER if home is not None and settings.text(settings.ROLES) else None


def delete_old(home: Path | None, now: datetime | None = None) -> list[str]:
    """Delete the months that ended longer ago than the log is kept; return their names."""
    where, deleted = target(home), []
    if where is None or where == Path(STDOUT) or not where.is_dir():
        return []
    first = (now or datetime.now(UTC)) - timedelta(
        days=settings.number(settings.AUDIT_DAYS, YEAR_DAYS)
    )
    for path in sorted(where.iterdir()):
        found = _NAME.fullmatch(path.name)
        if found and (int(found[1]), int(found[2])) < (first.year, first.month):
            path.unlink()
            deleted.append(path.name)
    return deleted


def _append(where: Path, now: datetime, line: str) -> None:
    if where == Path(STDOUT):
        sys.stdout.write(line)
        sys.stdout.flush()
        return
    for folder in (where.parent, where):  # a parent made on the way would be open to others
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = where / f"audit-{now:%Y-%m}.jsonl"
    with _LOCK:  # one write of a line, at the end whoever else writes
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(handle, line.encode())
        finally:
            os.close(handle)
