"""Scenarios and cases that are read from a user's TOML file.

Packaged: the SYNTHETIC demo place and the scenarios that come with nhcplanner.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.domain.case import Case
from nhcplanner.domain.scenario import Scenario


def read_scenario(path: Path) -> Scenario:
    """Read a scenario from a TOML file.

    Raises
    ------
    InputError
        If the file is missing, or with every fault in it.
    """
    return Scenario.from_toml(*_read(path))


def read_case(path: Path) -> Case:
    """Read a case from a TOML file.

    Raises
    ------
    InputError
        If the file is missing, or with every fault in it.
    """
    return Case.from_toml(*_read(path))


def receive_case(content: bytes, name: str) -> Case:
    """Read an uploaded case, in a process with limits.

    Parameters
    ----------
    content, name
        The file's content and its name.

    Raises
    ------
    InputError
        With every fault in it, or if reading takes too much memory or time.
    """
    label = PurePath(name.replace("\\", "/")).name or "case.toml"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_bytes(content)
        try:
            case: Case = read_apart(read_case, path)
        except InputError as error:
            raise InputError(replace(fault, file=label) for fault in error.faults) from None
    return case


def _read(path: Path) -> tuple[str, str]:
    """Return the text of a file and the file's name."""
    path = Path(path)
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    try:
        return path.read_text(encoding="utf-8-sig"), path.name
    except UnicodeDecodeError:
        raise InputError([Fault("is not text in UTF-8", path.name)]) from None


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
