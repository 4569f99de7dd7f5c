"""Settings of a hosted app as environment variables: their list, and how they are read."""

from __future__ import annotations

import os
from typing import NamedTuple


class Setting(NamedTuple):
    """One environment variable.

    Parameters
    ----------
    name
        Its name.
    default
        Its value in words if it is missing.
    words
        What it does.
    """

    name: str
    default: str
    words: str


PLACES = "NHCPLANNER_PLACES"
HOSTS = "NHCPLANNER_HOSTS"
DATA = "NHCPLANNER_DATA"
DATABASE = "NHCPLANNER_DATABASE"
ROLES = "NHCPLANNER_ROLES"
AUDIT = "NHCPLANNER_AUDIT"
AUDIT_DAYS = "NHCPLANNER_AUDIT_DAYS"
SHARE_DAYS = "NHCPLANNER_SHARE_DAYS"
IDLE_DAYS = "NHCPLANNER_IDLE_DAYS"
TRASH_DAYS = "NHCPLANNER_TRASH_DAYS"
QUOTA_MB = "NHCPLANNER_QUOTA_MB"
WORKERS = "NHCPLANNER_WORKERS"
USER_WORKERS = "NHCPLANNER_USER_WORKERS"
CPU_SECONDS = "NHCPLANNER_CPU_SECONDS"
METRICS_TOKEN = "NHCPLANNER_METRICS_TOKEN"  # noqa: S105 - the name of a setting

SETTINGS = (
    Setting(PLACES, "-", "folders of places, separated as in `PATH`; as `--places`"),
    Setting(HOSTS, "-", "host names of the app, separated by commas; as `--allow-host`"),
    Setting(DATA, "the user's data folder", "folder of saved work and of the audit log"),
    Setting(DATABASE, "-", "address of PostgreSQL, `postgresql://...`, for saved work of teams"),
    Setting(ROLES, "-", "file of roles (TOML); everyone must then sign in"),
    Setting(AUDIT, "-", "folder of the audit log, or `stdout`; with roles, `audit` in the data"),
    Setting(AUDIT_DAYS, "365", "days after which a month of the audit log is deleted"),
    Setting(SHARE_DAYS, "30", "days for which a link or an invitation is valid"),
    Setting(IDLE_DAYS, "30", "days after which work that was not opened goes to the trash"),
    Setting(TRASH_DAYS, "30", "days in the trash before deletion; until then it can be restored"),
    Setting(QUOTA_MB, "2000", "largest size of one owner's work and uploads, in megabytes"),
    Setting(WORKERS, "the number of cores", "long jobs that run at the same time"),
    Setting(USER_WORKERS, "2", "long jobs of one owner that run at the same time"),
    Setting(CPU_SECONDS, "no limit", "processor seconds that one long job may use"),
    Setting(METRICS_TOKEN, "-", "token for `/metrics`; without it there is no `/metrics`"),
)
"""Every setting of the app, in the order of the guide."""


def text(name: str) -> str:
    """Return a setting as it is; empty if it is missing."""
    return os.environ.get(name, "").strip()


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


def markdown() -> str:
    """Return the table of all settings for the guide."""
    head = "| setting | default | what it does |\n|---|---|---|\n"
    return head + "\n".join(f"| `{one.name}` | {one.default} | {one.words} |" for one in SETTINGS)
