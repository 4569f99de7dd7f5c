"""Files of a planner's work: scenarios, cases, plan records and unfinished work.

The SYNTHETIC demo place and the scenarios of the package are found here too.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path, PurePath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from pydantic import TypeAdapter, ValidationError

from nhcplanner.base.atomic import write_whole
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.limited_reader import read_apart
from nhcplanner.base.validation import faults_of
from nhcplanner.domain.assessment import KeyFigures
from nhcplanner.domain.case import Case
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place, SiteEdit
from nhcplanner.domain.plan_record import FORMAT as FORMAT_PLAN_RECORD
from nhcplanner.domain.plan_record import InputFile, PlanFile, PlanRecord
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.england.store import PACKAGE
from nhcplanner.layers.england.store import cache_folder as england_cache
from nhcplanner.layers.place_folder import manifest
from nhcplanner.layers.place_folder.folder import KEYS, is_place_folder, layer_path
from nhcplanner.layers.place_folder.projections import HOMES, PROJECTION
from nhcplanner.layers.zones import FILE as ZONES


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


def demo_folder() -> Path:
    """Return the folder of the SYNTHETIC demo place, in the installed package or in a checkout."""
    return _data("demo") / "place"


def demo_scenario() -> Path:
    """Return the scenario (TOML) of the demo."""
    return _data("scenarios") / "lowest-first.toml"


def _data(name: str) -> Path:
    installed = PACKAGE / "data" / name
    return installed if installed.is_dir() else PACKAGE.parent / "data" / name


NAME = "plan.json"
MOST_BYTES = 200_000_000
"""Largest size of a table of areas beside a record, in bytes."""
_AGAIN = "Give the plan.json that 'nhcplanner plan --out' wrote, or plan again"


def read_record(path: Path) -> PlanFile:
    """Read plan.json.

    Parameters
    ----------
    path
        The file, or the folder it lies in.

    Raises
    ------
    InputError
        If the file is missing, broken or of another format, or its scenario has
        faults: every fault at once.
    """
    path = record_path(path)
    content = _parsed(path)
    scenario = Scenario.from_settings(content.pop("scenario"), path.name)
    try:
        record = PlanFile.model_validate({**content, "scenario": Scenario()})
    except ValidationError as error:
        raise InputError(faults_of(error, path.name, hint=_AGAIN)) from None
    return record.model_copy(update={"scenario": _beside(scenario, path.parent)})


def record_path(path: Path) -> Path:
    """Return the record in a plan's folder, or the file itself."""
    path = Path(path)
    return path / NAME if path.is_dir() else path


def read_planned_areas(path: Path) -> pd.DataFrame | None:
    """Return the areas of a plan from the file beside its record.

    Parameters
    ----------
    path
        plan.json.

    Returns
    -------
    DataFrame or None
        Text of `areas.csv`, which `plan --out` and `hand-in` write, or of a hand-in's
        `tables/areas_wide.csv`; None if there is no readable file.
    """
    for beside in (path.with_name("areas.csv"), path.parent / "tables" / "areas_wide.csv"):
        if beside.is_file() and beside.stat().st_size <= MOST_BYTES:
            try:
                frame = pd.read_csv(beside, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            except (ValueError, OSError):
                continue
            if "area_code" in frame:
                return frame
    return None


def find_place(record: PlanFile, path: Path) -> Path | None:
    """Return the place folder that a record was made from, by its name; None if not found.

    Searches the folder of plan.json and the three above it, the working folder, the places of
    England made by name, and the demo place. A folder with the record's own place.toml is first,
    then the nearest. A path in an older or foreign record is not followed, as it may lead anywhere.

    Parameters
    ----------
    record, path
        The record, and the file that it was read from.
    """
    around = [*path.resolve().parents[:4], Path.cwd(), england_cache()]
    folder = record.place.folder
    folders = [base / folder for base in around] if folder else []
    folders += [base for base in around if base.name == folder]
    then = next((one.sha256 for one in record.inputs if one.layer == "place"), None)
    there = [one for one in folders if is_place_folder(one)]
    same = [
        one for one in (*there, demo_folder()) if then and hash_file(one / manifest.NAME) == then
    ]
    return next(iter((*same, *there)), None)


def _beside(scenario: Scenario, folder: Path) -> Scenario:
    """Return the scenario with the table of speeds beside the record, if there is one.

    A path in a record is not followed, as it may be from somebody else and lead anywhere.
    """
    name = PureWindowsPath(scenario.profile).name
    is_beside = name.endswith(".toml") and (folder / name).is_file()
    return scenario.model_copy(update={"profile": str(folder / name) if is_beside else name})


def input_files(place: Place, scenario: Scenario) -> tuple[InputFile, ...]:
    """Return every file that a plan was made from, with its hash.

    Empty for a place that was made in memory.
    """
    if place.folder is None:
        return ()
    files = {layer: layer_path(place.folder, layer) for layer in KEYS}
    files["place"] = place.folder / manifest.NAME
    own = {"streets": place.streets, "timetable": place.timetable, "matrix": place.matrix}
    files |= {layer: path for layer, path in own.items() if path is not None}
    further = {"projection": place.folder / PROJECTION, "homes": place.folder / HOMES,
               "zones": place.folder / ZONES}  # fmt: skip
    files |= {layer: path for layer, path in further.items() if path.is_file()}
    if Path(scenario.profile).is_file():
        files["profile"] = Path(scenario.profile)
    return tuple(InputFile(layer, path.name, hash_file(path)) for layer, path in files.items())


def _parsed(path: Path) -> dict[str, Any]:
    """Return the content of plan.json, which must have a known format and a scenario."""
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint=_AGAIN)])
    try:
        parsed = json.loads(path.read_text(encoding="utf-8"))
    except RecursionError:
        raise InputError([Fault("is nested too deeply", str(path), hint=_AGAIN)]) from None
    except ValueError as error:
        raise InputError([Fault(f"is not JSON: {error}", str(path), hint=_AGAIN)]) from None
    if not isinstance(parsed, dict) or parsed.get("format") != FORMAT_PLAN_RECORD:
        number = parsed.get("format", "unknown") if isinstance(parsed, dict) else "unknown"
        words = f"is a record of format {number}, not {FORMAT_PLAN_RECORD}"
        raise InputError([Fault(words, str(path), hint=_AGAIN)])
    if not isinstance(parsed.get("scenario"), dict):
        raise InputError([Fault("has no scenario", path.name, column="scenario", hint=_AGAIN)])
    return parsed


FORMAT = 1


class SavedPlan(PlanRecord):
    """A plan without the figures that can be computed again from its place.

    Parameters
    ----------
    name
        The planner's name for it.
    scenario, edits
        Scenario and edits that it was made for.
    is_pinned
        Whether the planner has pinned it.
    figures
        Its key figures; None in files of earlier versions.
    """

    name: str
    scenario: Scenario
    edits: tuple[SiteEdit, ...]
    is_pinned: bool = False
    figures: KeyFigures | None = None


@dataclass(frozen=True)
class Saved:
    """A planner's saved work.

    Parameters
    ----------
    place
        Source of the place, in the app's own notation.
    scenario, edits
        Present scenario and edits.
    plans
        Plans, in the order in which they were made.
    shown
        Name of the plan on screen; empty = none.
    format
        Version of the file.
    records
        Intake records of the lists that edits came from.
    is_tour_over
        Whether the tour of the app was finished or skipped.
    """

    place: str
    scenario: Scenario
    edits: tuple[SiteEdit, ...] = ()
    plans: tuple[SavedPlan, ...] = ()
    shown: str = ""
    format: int = FORMAT
    records: tuple[FileIntake, ...] = ()
    is_tour_over: bool = False


_FILE = TypeAdapter(Saved)


def save(work: Saved, path: Path) -> Path:
    """Write work, completely or not at all.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    return write_whole(path, content(work), private=True)


def content(work: Saved) -> bytes:
    """Return the content of the file that `save` writes."""
    return _FILE.dump_json(work, indent=1)


def read_saved(path: Path) -> Saved:
    """Read saved work.

    Raises
    ------
    InputError
        If the file is missing, damaged, or of another version.
    """
    try:
        work = _FILE.validate_json(path.read_bytes())
    except (OSError, ValidationError):
        raise InputError([Fault("saved work cannot be read back", path.name)]) from None
    if work.format != FORMAT:
        words = f"is of format {work.format}, not {FORMAT}"
        raise InputError([Fault(words, path.name, hint="Open it with the version that wrote it")])
    return work
