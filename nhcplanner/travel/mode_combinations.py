"""Combinations of modes: the fastest of several, people by car availability, and missing pairs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.choices import Mode
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import Snap, TravelTimes
from nhcplanner.travel.transit.rules import transit_notes
from nhcplanner.travel.windows import mix_words


def best_of(times: Sequence[TravelTimes]) -> TravelTimes:
    """Return the minutes of the fastest of several modes for each pair.

    Parameters
    ----------
    times
        One or more, of the same origins and sites.

    Returns
    -------
    TravelTimes
        The least minutes of each pair that any mode reaches. `mode`, `engine` and `window` name
        all modes, and parameters carry the mode before their name. A point is far or cut off if
        it is so for every mode.

    Raises
    ------
    InputError
        If there are none, or their origins or sites differ.
    """
    if not times:
        raise InputError(["there is no mode to travel by"])
    if len({one.minutes.shape for one in times}) > 1:
        raise InputError(["the modes are not of the same origins and sites"])
    if len(times) == 1:
        return times[0]
    snaps = [one.snap for one in times if one.snap is not None]
    return TravelTimes(
        minutes=_least([one.minutes for one in times]),
        mode=" or ".join(one.mode for one in times),
        engine="; ".join(f"{one.mode} by {one.engine}" for one in times),
        estimate=any(one.estimate for one in times),
        horizon=max(one.horizon for one in times),
        window="; ".join(one.window for one in times if one.window),
        parameters={
            f"{one.mode}: {name}": value for one in times for name, value in one.parameters.items()
        },
        snap=_nearest(snaps) if len(snaps) == len(times) else None,
    )


def at_least(times: TravelTimes, least: TravelTimes) -> TravelTimes:
    """Return times of which none is shorter than that of its pair in other times.

    Parameters
    ----------
    times
        Minutes.
    least
        Minutes of the same origins and sites; pairs that it lacks are beyond the horizon.
    """
    rows, sites = times.minutes.shape
    one, other = times.minutes.tocoo(), least.minutes.tocoo()
    keys = [pair.coords[0].astype(np.int64) * sites + pair.coords[1] for pair in (one, other)]
    key, first, second = np.intersect1d(keys[0], keys[1], assume_unique=True, return_indices=True)
    row, column = np.divmod(key, max(sites, 1))
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=rows))])
    data = np.maximum(one.data[first], other.data[second])
    minutes = sparse.csr_array((data, column.astype(np.int32), start), (rows, sites))
    return replace(times, minutes=minutes)


def split_by_mode(without: TravelTimes, with_car: TravelTimes) -> TravelTimes:
    """Stack the minutes of people without a car on those of the others.

    Parameters
    ----------
    without, with_car
        Minutes of the same origins and sites.

    Returns
    -------
    TravelTimes
        Every origin twice: first all without a car, then all with one. `snap` has each origin
        once.
    """
    minutes = sparse.vstack([without.minutes, with_car.minutes], format="csr")
    mode = f"{without.mode}; with a car {with_car.mode}"
    return replace(with_car, minutes=minutes, mode=mode)


def _least(minutes: Sequence[sparse.csr_array]) -> sparse.csr_array:
    """Return the least stored minutes of each pair, float32."""
    rows, sites = minutes[0].shape
    pairs = [one.tocoo() for one in minutes]
    row, col = (np.concatenate([pair.coords[axis] for pair in pairs]) for axis in (0, 1))
    data = np.concatenate([pair.data for pair in pairs])
    key = row.astype(np.int64) * sites + col
    order = np.lexsort((data, key))
    key = key[order]
    first = order[np.append(True, key[1:] != key[:-1])[: len(key)]]
    start = np.concatenate([[0], np.cumsum(np.bincount(row[first], minlength=rows))])
    return sparse.csr_array((data[first], col[first].astype(np.int32), start), (rows, sites))


def _nearest(snaps: Sequence[Snap]) -> Snap:
    origins = _together([snap.origins for snap in snaps])
    return Snap(origins, _together([snap.sites for snap in snaps]))


def _together(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return the least distance of each point; a flag is set if it is set in every frame."""
    least = pd.DataFrame({"distance_m": np.min([frame["distance_m"] for frame in frames], axis=0)})
    flags = [name for name in frames[0] if all(frame.get(name) is not None for frame in frames)]
    for name in flags:
        if name != "distance_m":
            least[name] = np.all([frame[name] for frame in frames], axis=0)
    return least


def measurable(place: Place, scenario: Scenario) -> tuple[Mode, ...]:
    """Return the modes of a scenario that the place can measure.

    Public transport is left out if the place has no timetable and only the division by car
    availability needs it.

    Raises
    ------
    InputError
        If the place lacks what the scenario needs; every fault at once.
    """
    modes = scenario.journeys
    if scenario.engine == "matrix":
        return _of_matrix(place, scenario)
    if "transit" not in scenario.modes and place.timetable is None and scenario.modes:
        modes = tuple(mode for mode in modes if mode != "transit")
    faults = []
    if "transit" in modes and place.timetable is None:
        hint = "Build the place with a timetable (--gtfs), or choose another mode"
        faults.append(Fault(f"{place.name} has no timetable", hint=hint))
    if "on_demand" in modes and place.zones is None:
        hint = "Build the place with zones (--on-demand), or choose another mode"
        faults.append(Fault(f"{place.name} has no zones of on-demand transport", hint=hint))
    if scenario.engine == "streets" and place.streets is None:
        hint = "Set engine to estimate, or add streets"
        faults.append(Fault(f"{place.name} has no streets", hint=hint))
    if faults:
        raise InputError(faults)
    return modes


def _of_matrix(place: Place, scenario: Scenario) -> tuple[Mode, ...]:
    faults = []
    if place.matrix is None:
        hint = "Build the place with a matrix (--matrix), or choose another engine"
        faults.append(Fault(f"{place.name} has no matrix of its own", hint=hint))
    if len(scenario.journeys) > 1 or scenario.by_car:
        hint = "Name one mode, the one that the matrix is of"
        faults.append(Fault("a matrix holds the minutes of one mode", hint=hint))
    if faults:
        raise InputError(faults)
    return scenario.journeys


WORDS = {
    "pairs_missing": "pairs of starting point and site are not in the matrix and "
    "count as unreachable",
    "origins_missing": "starting points have no minutes to any site in the matrix",
    "sites_missing": "sites have no minutes from anywhere in the matrix",
    "origins_unknown": "origins of the matrix are not of the place and were left out",
    "sites_unknown": "destinations of the matrix are not of the place and were left out",
    "transfers_not_used": "rules of the timetable for changes between some routes or trips only "
    "are not applied",
}
"""Meaning of each count in the parameters of travel times."""


NOTE = "_note"
"""End of the names of parameters that hold a note for readers."""
SENTENCES = ("matrix_column", "matrix_turned", "matrix_not_used")
"""Parameters that hold a sentence on a matrix."""


def own_notes(times: TravelTimes) -> tuple[str, ...]:
    """Return the notes that minutes carry on how they were measured, each once."""
    notes = (str(words) for name, words in times.parameters.items() if name.endswith(NOTE))
    return tuple(dict.fromkeys(notes))


def lacks(times: TravelTimes) -> tuple[str, ...]:
    """Return notes on pairs that a matrix lacks, and on a timetable, one line each."""
    counts = {
        name: sum(
            float(value)
            for key, value in times.parameters.items()
            if key == name or key.endswith(f": {name}")
        )
        for name in WORDS
    }
    lines = tuple(f"{count:,.0f} {WORDS[name]}" for name, count in counts.items() if count)
    lines += tuple(str(times.parameters[name]) for name in SENTENCES if name in times.parameters)
    lines += own_notes(times)
    return (*mix_words(times), *transit_notes(times.parameters, times.pairs), *lines)
