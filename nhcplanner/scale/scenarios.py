"""Scenarios of a sweep: reading their files, and checks before travel times are measured."""

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
    """Read scenario files; each is named after its file, without the ending.

    Parameters
    ----------
    patterns
        Paths; `*`, `?` and `**` match many files, even if the shell does not expand them.
    settings
        `key=value`, changed in every scenario.

    Returns
    -------
    dict of str to Scenario
        In the order of the patterns, and by name within one pattern.

    Raises
    ------
    InputError
        If a pattern matches nothing, two files have the same name, or a file has faults; it
        carries every fault of every file.
    """
    settings = list(settings)
    scenarios: dict[str, Scenario] = {}
    faults: list[Fault] = []
    paths = list(_paths(patterns, faults))
    faults += [
        Fault(f"has the same name as {paths[first]}", str(paths[second]), hint=RENAME)
        for first, second in _duplicates(path.stem for path in paths)
    ]
    for path in paths:
        try:
            scenarios[path.stem] = layers.read_scenario(path).with_settings(settings)
        except InputError as error:
            faults += error.faults
    if not paths and not faults:
        faults.append(NONE)
    if faults:
        raise InputError(dict.fromkeys(faults))
    return scenarios


def check_scenarios(place: Place, scenarios: Mapping[str, Scenario]) -> None:
    """Check that scenarios fit a place, without measuring travel times.

    Raises
    ------
    InputError
        If there is no scenario, or two would write the same file, or with every fault of every
        scenario.
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


def travel_key(place: Place, scenario: Scenario) -> tuple[object, ...]:
    """Return everything that determines a scenario's minutes; equal keys share their minutes."""
    modes = travel.measurable(place, scenario)
    hours: tuple[object, ...] = ()
    if scenario.open_only:  # then minutes depend on the windows by every mode
        windows = (scenario.transit_day, scenario.transit_windows)
        hours = (*windows, scenario.transit_mix, scenario.transit_weights)
    if scenario.engine == "matrix":
        return ("matrix", scenario.horizon, modes, *hours)
    keys = (travel.Measure(place, scenario, mode, lambda _: None).cache_key for mode in modes)
    return ("by car" if scenario.by_car else "", *hours, *keys)


def _faults(place: Place, scenario: Scenario) -> Iterator[Fault]:
    """Yield every fault that can be found without travel times."""
    try:
        travel_key(place, scenario)
    except InputError as error:
        yield from error.faults
    try:
        starts, sites = len(starts_of(place, scenario).origins), len(place.sites)
        none = _no_minutes(starts, sites)
        times = TravelTimes(none, scenario.mode, "", estimate=True, horizon=scenario.horizon)
        need = workflow.rank(place, scenario)
        models.build_model(workflow.build_problem(place, times, scenario, need), scenario)
    except InputError as error:
        yield from error.faults


def _paths(patterns: Iterable[str], faults: list[Fault]) -> Iterator[Path]:
    """Yield each file once."""
    seen = set()
    for pattern in patterns:
        is_file = Path(pattern).is_file()
        paths = [pattern] if is_file else sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 (a pattern may be absolute)
        files = [path for path in map(Path, paths) if path.is_file()]
        if not files:
            faults.append(Fault("no such file", str(pattern), hint="Check the path"))
        for path in files:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _same_files(names: Iterable[str]) -> list[Fault]:
    """Return a fault for each scenario whose plan would overwrite an earlier one's."""
    in_order = list(names)
    return [
        Fault(f"would write the same file as '{in_order[first]}'", in_order[second], hint=RENAME)
        for first, second in _duplicates(map(file_name, in_order))
    ]


def _duplicates(names: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of each repeated name: of its first use, and its own. Case is ignored."""
    seen: dict[str, int] = {}
    for position, name in enumerate(names):
        first = seen.setdefault(name.casefold(), position)
        if first != position:
            yield first, position


def _no_minutes(rows: int, columns: int) -> sparse.csr_array:
    starts = np.zeros(rows + 1, dtype=np.int32)
    empty = np.zeros(0, dtype=np.float32), np.zeros(0, dtype=np.int32), starts
    return sparse.csr_array(empty, shape=(rows, columns))
