"""Packaged: the SYNTHETIC demo place and the scenarios that come with nhcplanner."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def demo_folder() -> Path:
    """Folder of the SYNTHETIC demo place, in the installed package or in a checkout."""
    return _data("demo") / "place"


def demo_scenario() -> Path:
    """The scenario (TOML) that the demo plans by."""
    return _data("scenarios") / "lowest-first.toml"


def _data(name: str) -> Path:
    installed = PACKAGE / "data" / name
    return installed if installed.is_dir() else PACKAGE.parent / "data" / name
