"""Scenarios: many files by name, and whether a place can answer them, before anything starts."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy import sparse

from nhcplanner import layers, models, travel, workflow
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes
from nhcplanner.outputs.sanitise import file_name
from nhcplanner.workflow.problem import starts_of

RENAME = "Give each scenario a name of its own"
NONE = Fault("no scenario is named", hint="Name files, such as scenarios/*.toml")


def read_scenarios(patterns: Iterable[str], settings: Iterable[str] = ()) -> dict[str, Scenario]:
    """Read scenario files, each called by its file's name without the ending.

    Parameters
    ----------
    patterns
        Paths; `*`, `?` and `**` stand for many, also where the shell leaves them as they are.
    settings
        `key=value`, changed in every scenario.

    Returns
    -------
    dict of str to Scenario
        In the order of the patterns, those of one pattern by name.

    Raises
    ------
    InputError
        Where a pattern matches nothing, two files have one name, or a file has faults: every
        fault of every file at once.
    """
    settings = list(settings)
    found: dict[str, Scenario] = {}
    faults: list[Fault] = []
    paths = list(_paths(patterns, faults))
    faults += [
        Fault(f"is called as {paths[first]} is", str(paths[twin]), hint=RENAME)
        for first, twin in _twins(path.stem for path in paths)
    ]
    for path in paths:
        try:
            found[path.stem] = layers.read_scenario(path).with_settings(settings)
        except InputError as error:
            faults += error.faults
    if not paths and not faults:
        faults.append(NONE)
    if faults:
        raise InputError(dict.fromkeys(faults))
    return found


def check_scenarios(place: Place, scenarios: Mapping[str, Scenario]) -> None:
    """See that a place can answer scenarios; nothing is measured.

    Raises
    ------
    InputError
        Where there is none, two would have one file, or with every fault of every scenario at
        once.
    """
    if not scenarios:
        raise InputError([NONE])
    faults = _same_files(scenarios)
    faults += [
        replace(fault, file=f"{name}: {fault.file}" if fault.file else name)
        for name, scenario in scenarios.items()
        for fault in _faults(place, scenario)
    ]
    if faults:
        raise InputError(faults)


def way_of(place: Place, scenario: Scenario) -> tuple[object, ...]:
    """All that shapes a scenario's minutes: two scenarios with the same share them."""
    modes = travel.measurable(place, scenario)
    if scenario.engine == "matrix":
        return ("matrix", scenario.horizon, modes)
    asked = (travel.Measure(place, scenario, mode, lambda _: None).question for mode in modes)
    return ("by car" if scenario.by_car else "", *asked)


def _faults(place: Place, scenario: Scenario) -> Iterator[Fault]:
    """Every fault that shows without minutes."""
    try:
        way_of(place, scenario)
    except InputError as error:
        yield from error.faults
    try:
        starts, sites = len(starts_of(place, scenario).origins), len(place.sites)
        none = sparse.csr_array((starts, sites), dtype=np.float32)
        times = TravelTimes(none, scenario.mode, "", estimate=True, horizon=scenario.horizon)
        need = workflow.rank(place, scenario)
        models.build_model(workflow.build_problem(place, times, scenario, need), scenario)
    except InputError as error:
        yield from error.faults


def _paths(patterns: Iterable[str], faults: list[Fault]) -> Iterator[Path]:
    """Each file once."""
    seen = set()
    for pattern in patterns:
        named = Path(pattern).is_file()
        matched = [pattern] if named else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        files = [path for path in map(Path, matched) if path.is_file()]
        if not files:
            faults.append(Fault("no such file", str(pattern), hint="Check the path"))
        for path in files:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _same_files(names: Iterable[str]) -> list[Fault]:
    """A fault for each scenario whose plan would have the file of one before it."""
    listed = list(names)
    return [
        Fault(f"would have the file of '{listed[first]}'", listed[twin], hint=RENAME)
        for first, twin in _twins(map(file_name, listed))
    ]


def _twins(names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Positions of names that stood before, whatever their capitals; the first one's first."""
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        first = seen.setdefault(name.casefold(), position)
        if first != position:
            yield first, position
