"""Neighbourhoods: built from areas, taken from a column or a lookup, and moved by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner import access, layers
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, suggest
from nhcplanner.districting import divisions
from nhcplanner.domain.neighbourhoods import GIVEN, LEVELS, Bounds, Division
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.division import Ground, footprints_of, travelling
from nhcplanner.workflow.division_minutes import joined_minutes
from nhcplanner.workflow.problem import people_of
from nhcplanner.workflow.progress import Progress, report_progress

BY_HAND = "changed by hand"
COLUMN = "neighbourhood"
LEAST_DIFFERENCE = 0.1
"""Share of a part's people that must be in another footprint in an alternative."""


def build_neighbourhoods(
    place: Place,
    bounds: Bounds | None = None,
    scenario: Scenario | None = None,
    keep_whole: pd.Series[str] | layers.Lookup | None = None,
    progress: Progress | None = None,
) -> Division:
    """Divide the areas of a place into contiguous neighbourhoods, compact by travel time.

    Each part (a council, or what `bounds.within` names) is divided separately: an integer
    program gives each block a middle with the fewest minutes of all people, within the bounds.

    Parameters
    ----------
    place
        From `load`, `england` or `demo_place`.
    bounds
        People of a neighbourhood, borders that hold, blocks and mode; by default `Bounds()`.
    scenario
        Speeds and the engine of travel times; with `year`, people are those of that year.
    keep_whole
        By area code, a label of areas that stay together, such as the practice or network that
        most of an area's patients belong to; takes precedence over `bounds.blocks`. Of a lookup
        that was read from a file, the notes are kept too.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    Division
        Within the bounds if possible; `notes` and `parts` name the parts that are not.

    Raises
    ------
    InputError
        For borders or areas that the place does not have.

    Examples
    --------
    >>> from nhcplanner import build_neighbourhoods, demo_place
    >>> division = build_neighbourhoods(demo_place())
    >>> int(division.footprints["pieces"].max())
    1
    """
    return neighbourhood_alternatives(place, 0, bounds, scenario, keep_whole, progress)[0]


@dataclass(frozen=True, eq=False)
class AlternativeDivision:
    """A division that differs from the best one.

    Parameters
    ----------
    division
        The division; its `bound` is blank, since it is not proved to be the best.
    share_moved
        Share of the people who are in another footprint than in the best division, where each
        footprint of one is paired with the one that it shares most people with.
    """

    division: Division
    share_moved: float


def neighbourhood_alternatives(
    place: Place,
    number: int,
    bounds: Bounds | None = None,
    scenario: Scenario | None = None,
    keep_whole: pd.Series[str] | layers.Lookup | None = None,
    progress: Progress | None = None,
) -> tuple[Division, tuple[AlternativeDivision, ...]]:  # fmt: skip
    """Return the best division and others that differ from it and from each other.

    Parameters
    ----------
    place
        As in `build_neighbourhoods`.
    number
        Number of alternatives; fewer are returned if there are no more.
    bounds, scenario, keep_whole, progress
        As in `build_neighbourhoods`.

    Returns
    -------
    Division
        As `build_neighbourhoods` returns it.
    tuple of AlternativeDivision
        In each, at least 10% of the people of each part are in another footprint than in every
        earlier one, where the search finds such a division within the bounds; other parts stay as
        they are.

    Raises
    ------
    InputError
        As `build_neighbourhoods` raises it.

    Examples
    --------
    >>> from nhcplanner import demo_place, neighbourhood_alternatives
    >>> best, others = neighbourhood_alternatives(demo_place(), 1)
    >>> others[0].division.mean_minutes >= best.mean_minutes
    True
    """
    bounds = bounds or Bounds()
    place = people_of(place, scenario or Scenario())
    notes: tuple[str, ...] = ()
    if isinstance(keep_whole, layers.Lookup):
        notes, keep_whole = keep_whole.notes, keep_whole.names
    ground = Ground.of(place, travelling(scenario, bounds), bounds, keep_whole, progress)
    solved = []
    for row, name in enumerate(ground.names):
        report_progress(progress, f"Dividing {name} ({row + 1:,} of {len(ground.names):,})")
        solved.append(ground.divide(np.flatnonzero(ground.part == row), bounds))
    best = ground.division(solved, bounds).with_notes(notes)
    others: list[AlternativeDivision] = []
    before = [[part.found.label] for part in solved]
    for turn in range(number):
        changed = []
        for row, part in enumerate(solved):
            report_progress(progress, f"Alternative {turn + 1} of {ground.names[row]}")
            other = divisions.divide_again(part.block, bounds, before[row], LEAST_DIFFERENCE)
            changed.append(part if other is None else replace(part, found=other))
            before[row].append(changed[-1].found.label)
        division = ground.division(changed, bounds).with_notes(notes)
        people = best.areas["people"].to_numpy(dtype=np.float64)
        share = divisions.elsewhere(people, best.labels, division.labels)
        if not share:
            break
        others.append(AlternativeDivision(division, share))
    return best, tuple(others)


def take_neighbourhoods(
    place: Place,
    names: pd.Series[str] | Mapping[str, str] | layers.Lookup | None = None,
    bounds: Bounds | None = None,
    scenario: Scenario | None = None,
    progress: Progress | None = None,
) -> Division:
    """Return the figures of existing neighbourhoods.

    Parameters
    ----------
    place
        From `load`, `england` or `demo_place`.
    names
        Neighbourhood of each area by its code, or a lookup that was read from a file; None = the
        column `neighbourhood` of the areas.
    bounds, scenario, progress
        As in `build_neighbourhoods`.

    Returns
    -------
    Division
        With the status "given".

    Raises
    ------
    InputError
        If areas have no neighbourhood, or names are given for areas that the place lacks.

    Examples
    --------
    >>> from nhcplanner import demo_place, take_neighbourhoods
    >>> place = demo_place()
    >>> names = place.areas.set_index("area_code")["council_name"]
    >>> len(take_neighbourhoods(place, names).footprints)
    2
    """
    bounds = bounds or Bounds()
    place = people_of(place, scenario or Scenario())
    notes_of_file: tuple[str, ...] = ()
    if isinstance(names, layers.Lookup):
        notes_of_file, names = names.notes, names.names
    names_of_areas = names_in_areas(place, names)
    labelled = replace(place, areas=place.areas.assign(**{COLUMN: names_of_areas.to_numpy()}))
    within_names = replace(bounds, within=(COLUMN,), join_small=False, blocks="area")
    ground = Ground.of(labelled, travelling(scenario, bounds), within_names, None, progress)
    minutes = [
        ground.minutes_to(np.flatnonzero(ground.part == row)) for row in range(len(ground.names))
    ]
    areas = ground.frame.assign(neighbourhood=names_of_areas.to_numpy().astype(str))
    contact, together = ground.touching, joined_minutes(minutes, len(areas))
    table = footprints_of(areas, contact, together, bounds)
    rows = table[["neighbourhood", "people", "minutes"]].rename(columns={"neighbourhood": "part"})
    rows = rows.assign(neighbourhoods=1, bound=np.nan, status=GIVEN)
    notes = tuple(note for note in ground.notes if not note.startswith("Linked"))
    notes = (*notes_of_file, *notes)
    return Division(
        place.title, bounds, areas, contact, together, table, rows, notes, year=place.year
    )


def names_in_areas(
    place: Place, names: pd.Series[str] | Mapping[str, str] | None = None
) -> pd.Series[str]:
    """Return the neighbourhood of each area, by code or of the column; none may be blank."""
    codes = place.areas["area_code"]
    if names is None:
        if COLUMN not in place.areas:
            hint = "Build the place with a table that has area_code and neighbourhood"
            raise InputError([Fault(f"the areas of {place.name} have no neighbourhood", hint=hint)])
        column = place.areas[COLUMN]
    else:
        by_code = pd.Series(names)
        strange = by_code.index.difference(pd.Index(codes))
        if len(strange):
            words = f"{plural(len(strange), 'area')} not in {place.name}: {shortened(strange)}"
            raise InputError([Fault(words, hint="Keep the rows of the place's areas")])
        column = codes.map(by_code)
    blank = column.isna() | (column.astype("str").str.strip() == "")
    if blank.any():
        bare = codes[blank]
        words = f"{plural(len(bare), 'area')} without a neighbourhood: {shortened(bare)}"
        raise InputError([Fault(words, hint="Give each area of the place a neighbourhood")])
    named: pd.Series[str] = column.astype("str").str.strip()
    return named


def move_area(division: Division, area: str, to: str) -> Division:
    """Move one area to another neighbourhood, with all figures worked out again.

    Parameters
    ----------
    division
        Any division.
    area
        Code of the area.
    to
        Name of the neighbourhood, or a new name.

    Returns
    -------
    Division
        The parts that the area belongs to are "changed by hand" and no longer proved.

    Raises
    ------
    InputError
        For an unknown area or an empty name.

    Examples
    --------
    >>> from nhcplanner import build_neighbourhoods, demo_place, move_area
    >>> division = build_neighbourhoods(demo_place())
    >>> code, other = division.areas["area_code"][0], division.names.unique()[-1]
    >>> move_area(division, code, other).names[0] == other
    True
    """
    areas, name = division.areas, to.strip()
    faults = []
    if area not in set(areas["area_code"]):
        hint = suggest(area, areas["area_code"])
        faults.append(Fault(f"{division.title} has no area {area}", "--move", hint=hint))
    if not name:
        faults.append(Fault("the name of the neighbourhood is missing", "--move"))
    if faults:
        raise InputError(faults)
    moved = areas.assign(
        neighbourhood=areas["neighbourhood"].mask(areas["area_code"] == area, name)
    )
    touched = set(areas.loc[areas["area_code"] == area, "part"])
    state = division.parts["status"].mask(division.parts["part"].isin(touched), BY_HAND)
    table = footprints_of(moved, division.contact, division.minutes, division.bounds)
    rows = division.parts.assign(status=state)
    return replace(division, areas=moved, footprints=table, parts=rows)


def with_neighbourhoods(
    place: Place, division: Division, nested: Mapping[str, Division] | None = None
) -> Place:
    """Return the place with the neighbourhood of each area, for plans, rules and the hand-in.

    Sites get the neighbourhood that they lie in; those outside the place keep their own.

    Parameters
    ----------
    place
        The place that was divided.
    division
        Its neighbourhoods.
    nested
        Groups of them by level, from `nest_neighbourhoods`: further columns of the areas.

    Returns
    -------
    Place
        With a column `neighbourhood` in its areas and sites, and a note on the division.

    Examples
    --------
    >>> from nhcplanner import build_neighbourhoods, demo_place, with_neighbourhoods
    >>> place = demo_place()
    >>> named = with_neighbourhoods(place, build_neighbourhoods(place))
    >>> bool(named.sites["neighbourhood"].notna().all())
    True
    """
    place = place.in_year(None)
    groups = {LEVELS[level].column: one.names.to_numpy() for level, one in (nested or {}).items()}
    areas = place.areas.assign(**{COLUMN: division.names.to_numpy()}, **groups)
    here = division.names.to_numpy()[access.area_of_site(place.sites, place.areas)]
    blank = pd.Series(None, index=place.sites.index, dtype="object")
    own = place.sites.get(COLUMN, blank).astype("object")
    inside = inside_areas(place.sites, place.areas)
    sites = place.sites.assign(**{COLUMN: own.where(~inside, pd.Series(here, own.index))})
    notes = [f"Neighbourhoods: {one.summary}" for one in (division, *(nested or {}).values())]
    other = int((inside & own.notna().to_numpy() & (own.to_numpy() != here)).sum())
    if other:
        notes.append(
            f"Neighbourhoods: {plural(other, 'site')} had another in their list; the footprint "
            "that they lie in is used instead"
        )
    rest = tuple(note for note in place.notes if not note.startswith("Neighbourhoods: "))
    return replace(place, areas=areas, sites=sites, notes=(*rest, *notes))


def inside_areas(sites: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Flag the sites that lie in an area of the place."""
    rows, _ = areas.sindex.query(sites.geometry, predicate="intersects")
    return np.isin(np.arange(len(sites)), rows)
