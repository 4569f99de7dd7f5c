"""Scenarios: read from a user's TOML file."""

from __future__ import annotations

from pathlib import Path

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.scenario import Scenario


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a TOML file.

    Raises
    ------
    InputError
        Where there is no such file, or with every fault in it.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), mend="Check the path")])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError([Fault("is not text in UTF-8", path.name)]) from None
    return Scenario.from_toml(text, path.name)
