"""Settings of the app as environment variables; `nhcplanner app` sets some."""

from __future__ import annotations

import os

PLACES = "NHCPLANNER_PLACES"
"""Folders whose place folders the app offers, separated as in PATH."""
HOSTS = "NHCPLANNER_HOSTS"
"""Names under which browsers may reach the app, separated by commas, besides localhost."""
IDLE_DAYS = "NHCPLANNER_IDLE_DAYS"
"""Days without being opened after which saved work goes to the trash; 30 by default."""
TRASH_DAYS = "NHCPLANNER_TRASH_DAYS"
"""Days in the trash after which saved work is deleted; 30 by default."""
QUOTA_MB = "NHCPLANNER_QUOTA_MB"
"""Megabytes that one user's work and uploads may take on the disk; 2,000 by default."""

_NUMBERS = {IDLE_DAYS: 30.0, TRASH_DAYS: 30.0, QUOTA_MB: 2_000.0}


def number(name: str) -> float:
    """Return a setting that is a number; its default if it is missing, not a number or below 1.

    Examples
    --------
    >>> number(TRASH_DAYS)
    30.0
    """
    try:
        given = float(os.environ.get(name, ""))
    except ValueError:
        return _NUMBERS[name]
    return given if given >= 1 else _NUMBERS[name]


def words(name: str, separator: str) -> list[str]:
    """Return a setting that is a list of texts."""
    return [one.strip() for one in os.environ.get(name, "").split(separator) if one.strip()]
