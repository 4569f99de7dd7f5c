"""Settings of the app as environment variables: reading them, and those of the command `app`."""

from __future__ import annotations

import os

PLACES = "NHCPLANNER_PLACES"
"""Folders whose place folders the app offers, separated as in PATH."""
HOSTS = "NHCPLANNER_HOSTS"
"""Names under which browsers may reach the app, separated by commas, besides localhost."""


def number(name: str, default: float) -> float:
    """Return a setting that is a number; its default if it is missing, not a number or below 1.

    Examples
    --------
    >>> number("NHCPLANNER_NO_SUCH_SETTING", 30)
    30
    """
    try:
        value = float(os.environ.get(name, ""))
    except ValueError:
        return default
    return value if value >= 1 else default


def words(name: str, separator: str) -> list[str]:
    """Return a setting that is a list of texts."""
    return [one.strip() for one in os.environ.get(name, "").split(separator) if one.strip()]
