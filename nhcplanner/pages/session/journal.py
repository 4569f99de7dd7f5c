"""Labels of long jobs that a work has under way, so that a restart of the server can be told."""

from __future__ import annotations

import json
from contextlib import suppress

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import InputError
from nhcplanner.pages.session import files
from nhcplanner.pages.session.files import Key

JOBS = "jobs.json"


def write(key: Key, labels: list[str]) -> None:
    """Write the labels of the jobs of a work that is saved; [] = none is under way."""
    if not files.is_name(key.name) or not files.folder(key).is_dir():
        return
    path = files.folder(key) / JOBS
    with suppress(InputError, OSError):  # a full disk ends no job
        if labels:
            write_whole(path, json.dumps(labels).encode(), private=True)
        else:
            path.unlink(missing_ok=True)


def take(key: Key) -> list[str]:
    """Return the labels of jobs that ended without a result, and forget them."""
    path = files.folder(key) / JOBS
    try:
        labels = json.loads(path.read_text(encoding="utf-8"))
        path.unlink()
    except (OSError, ValueError):
        return []
    return [one for one in labels if isinstance(one, str)] if isinstance(labels, list) else []
