"""Neighbourhoods grouped into multi-neighbourhood areas, places and systems by the same method."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse

from nhcplanner import districting
from nhcplanner.base.arrays import Ints
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, suggest
from nhcplanner.districting import block_search, divisions
from nhcplanner.domain.neighbourhoods import LEVELS, Bounds, Division
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.division import Ground, Solved, travelling
from nhcplanner.workflow.division_minutes import dense_minutes
from nhcplanner.workflow.progress import Progress, report_progress

_ALL = "all_in_one"
"""Column with the same label everywhere: no border holds."""


def group_neighbourhoods(
    place: Place,
    division: Division,
    bounds: Bounds | None = None,
    scenario: Scenario | None = None,
    keep_councils: bool = False,
    progress: Progress | None = None,
) -> Division:
    """Group the neighbourhoods of a division into larger contiguous areas.

    Each group is a set of whole neighbourhoods. The program is that of `build_neighbourhoods`,
    with neighbourhoods as blocks. Groups can be grouped again.

    Parameters
    ----------
    place
        The place that was divided.
    division
        Its neighbourhoods, or groups of them; people are those of its year.
    bounds
        People of a group; by default those of a multi-neighbourhood area. Borders of
        `bounds.within` hold; empty = ICBs if the place knows them, else none.
    scenario
        Speeds and the engine of travel times.
    keep_councils
        Whether councils with at most `bounds.most` people stay whole, where a division within
        the bounds allows it.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    Division
        The name of each area's group is in its column `neighbourhood`.

    Raises
    ------
    InputError
        If the division is of another place, or borders are unknown.

    Examples
    --------
    >>> from nhcplanner import Bounds, build_neighbourhoods, demo_place, group_neighbourhoods
    >>> place = demo_place()
    >>> groups = group_neighbourhoods(
    ...     place, build_neighbourhoods(place), Bounds(175_000, 150_000, 200_000)
    ... )
    >>> len(groups.footprints)
    2
    """
    place = place.in_year(division.year, (scenario or Scenario()).housing)
    if division.areas["area_code"].tolist() != place.areas["area_code"].tolist():
        raise InputError([Fault(f"the division is not one of {place.name}")])
    bounds = bounds or LEVELS["multi"].bounds
    if not bounds.within:
        known = "icb_code" in place.areas and bool(place.areas["icb_code"].notna().all())
        bounds = replace(bounds, within=("icb_code",) if known else (_ALL,))
    labelled = replace(place, areas=place.areas.assign(**{_ALL: place.name}))
    names = pd.Series(division.names.to_numpy(), index=division.areas["area_code"].to_numpy())
    ground = Ground.of(labelled, travelling(scenario, bounds), bounds, names, progress)
    label = division.labels
    _move_to_main_part(ground, label)
    solved = []
    for row, name in enumerate(ground.names):
        inside = np.flatnonzero(ground.part == row)
        if len(inside):
            report_progress(progress, f"Grouping neighbourhoods of {name}")
            solved.append(_divide(ground, inside, label[inside], bounds, keep_councils))
    named = tuple(one for one in bounds.within if one != _ALL)
    return ground.division(solved, replace(bounds, within=named))


def _move_to_main_part(ground: Ground, label: Ints) -> None:
    """Put each neighbourhood into the part that most of its people live in."""
    heads = sparse.coo_array((ground.people + 1e-9, (label, ground.part))).toarray()
    main = np.argmax(heads, axis=1)[label]
    moved = np.unique(label[main != ground.part])
    if len(moved):
        words = plural(len(moved), "neighbourhood")
        ground.add_note(f"{words} lie across a border that holds; the side with most people counts")
    ground.part = main
    ground.frame["part"] = [ground.names[one] for one in main]


def _divide(
    ground: Ground, inside: Ints, label: Ints, bounds: Bounds, keep_councils: bool
) -> Solved:
    """Group the neighbourhoods of one part, with whole councils if that fits the bounds."""
    names, of_area = np.unique(label, return_inverse=True)
    heads = np.bincount(of_area, weights=ground.people[inside], minlength=len(names))
    people = heads.astype(np.float64)
    contact = _contact_of(of_area, ground.contact[inside][:, inside], len(names))
    whole = np.arange(len(names))
    if keep_councils:
        council = _main_council(ground, inside, of_area)
        blocks = block_search.whole_blocks(council, people, contact, bounds.most)
        found = _solve(ground, inside, blocks[of_area], bounds)
        if found.found.status != divisions.OUTSIDE:
            return found
        ground.add_note(
            f"{ground.names[ground.part[inside[0]]]}: councils are divided between groups, "
            "because no division of whole councils is within the bounds"
        )
    return _solve(ground, inside, whole[of_area], bounds)


def _solve(ground: Ground, inside: Ints, block: Ints, bounds: Bounds) -> Solved:
    people = ground.people[inside]
    middle = block_search.middles_of(block, people, ground.points[inside])
    minutes = ground.minutes_to(inside, inside[middle])
    dense = dense_minutes(minutes, inside, inside[middle])
    contact = ground.contact[inside][:, inside]
    made = districting.make_block(block, people, dense, contact)
    return Solved(inside, made, minutes, districting.divide_part(made, bounds))


def _contact_of(label: Ints, contact: sparse.csr_array, number: int) -> sparse.csr_array:
    """Return which neighbourhoods touch, from which areas touch."""
    of_area = sparse.csr_array(
        (np.ones(len(label)), (label, np.arange(len(label)))), shape=(number, len(label))
    )
    return sparse.csr_array(of_area @ contact.astype(np.float64) @ of_area.T)


def _main_council(ground: Ground, inside: Ints, of_area: Ints) -> Ints:
    """Return the council that most people of each neighbourhood live in."""
    areas = ground.place.areas
    column = next((one for one in ("council_code", "district_code") if one in areas), None)
    if column is None:
        hint = suggest("council_code", map(str, areas.columns))
        raise InputError([Fault(f"{ground.place.name} knows no councils", hint=hint)])
    codes, _ = pd.factorize(areas[column].iloc[inside])
    heads = sparse.coo_array((ground.people[inside] + 1e-9, (of_area, codes))).toarray()
    return np.asarray(np.argmax(heads, axis=1), dtype=np.int64)


def nest_neighbourhoods(
    place: Place,
    division: Division,
    levels: dict[str, Bounds],
    scenario: Scenario | None = None,
    keep_councils: bool = False,
    progress: Progress | None = None,
) -> dict[str, Division]:
    """Group neighbourhoods level by level, each level from the groups of the one below.

    Parameters
    ----------
    place, division, scenario, keep_councils, progress
        As in `group_neighbourhoods`.
    levels
        Bounds by level, a key of `LEVELS`; the smallest level comes first, whatever their order.

    Returns
    -------
    dict of str to Division
        By level, from the smallest.

    Raises
    ------
    InputError
        For unknown levels, and as `group_neighbourhoods` does.
    """
    strange = [one for one in levels if one not in LEVELS]
    if strange:
        hint = f"Use {shortened(LEVELS)}"
        raise InputError([Fault(f"no level is called {one}", "--level", hint=hint)
                          for one in strange])  # fmt: skip
    nested: dict[str, Division] = {}
    below = division
    for level in (one for one in LEVELS if one in levels):
        groups = group_neighbourhoods(
            place, below, levels[level], scenario, keep_councils, progress
        )
        below = replace(groups, noun=LEVELS[level].noun)
        nested[level] = below
    return nested
