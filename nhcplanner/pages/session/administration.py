"""Figures for administrators: use of the disk, the audit log's end, and settings."""

from __future__ import annotations

import json
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from nhcplanner.hosting import audit, settings
from nhcplanner.hosting.roles import Role
from nhcplanner.pages.session import files, rights, trash
from nhcplanner.pages.session.owner import OWNER

LINES = 200
"""Lines of the audit log that are shown."""
SECRET = (settings.METRICS_TOKEN, settings.DATABASE)
"""Settings whose value is not shown."""
COLUMNS = ("Owner", "Works", "Places", "In the trash", "Megabytes")


class Usage(NamedTuple):
    """What one owner has on disk.

    Parameters
    ----------
    owner
        First figures of the owner's hash, as in the audit log.
    works, places, trash
        Number of works, uploaded places, and items in the trash.
    megabytes
        Space on disk.
    """

    owner: str
    works: int
    places: int
    trash: int
    megabytes: float


def usage() -> list[Usage]:
    """List owners by space on disk, the largest first."""
    rights.require_role(Role.ADMINISTRATOR, "administration.open")
    found = []
    for folder in files.home().iterdir() if files.home().is_dir() else ():
        if OWNER.fullmatch(folder.name):
            items = trash.items(folder.name)
            own = [one for one in items if not one.is_trash]
            works = sum(one.kind == files.WORKS for one in own)
            size = files.size(folder) / 1e6
            counts = (works, len(own) - works, len(items) - len(own))
            found.append(Usage(folder.name[:8], *counts, round(size, 1)))
    return sorted(found, key=lambda one: -one.megabytes)


def tidy() -> None:
    """Apply the retention of the settings to saved work, shares and the audit log."""
    rights.require_role(Role.ADMINISTRATOR, "administration.tidy")
    trash.tidy(at_once=True)
    rights.record("administration.tidy")


def audit_lines() -> list[dict[str, str]]:
    """Return the latest lines of the audit log, the latest first."""
    rights.require_role(Role.ADMINISTRATOR, "administration.audit")
    where = audit.target(files.home())
    if where is None or where == Path(audit.STDOUT) or not where.is_dir():
        return []
    latest: deque[dict[str, str]] = deque(maxlen=LINES)
    for path in sorted(where.glob("audit-*.jsonl"))[-2:]:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                with suppress(ValueError):  # a line cut off by a full disk
                    latest.append(json.loads(line))
    return list(reversed(latest))


def setting_rows() -> list[dict[str, str]]:
    """Return every setting with its value; passwords and tokens are not shown."""
    rights.require_role(Role.ADMINISTRATOR, "administration.settings")
    rows = []
    for one in settings.SETTINGS:
        value = settings.text(one.name)
        shown = "set" if value and one.name in SECRET else value
        rows.append({"Setting": one.name, "Value": shown or f"default: {one.default}"})
    return rows
