"""Users' files for a place, read and checked, with all their faults together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError, attempt
from nhcplanner.base.text import plural
from nhcplanner.domain import column_checks
from nhcplanner.layers.codes import vintages
from nhcplanner.layers.codes.naming import CODES, LEVELS, areas_named
from nhcplanner.layers.codes.vintages import Lookup, read_lookup
from nhcplanner.layers.geocoding.coordinates import make_valid, to_shapes
from nhcplanner.layers.population.attribute_tables import AttributeTable, read_attribute_table
from nhcplanner.layers.population.figures import read_figures
from nhcplanner.layers.population.origins import centroid_faults
from nhcplanner.layers.population.sullivan_inputs import read_lives
from nhcplanner.layers.readers.column_map import ColumnMap, read_corrected
from nhcplanner.layers.readers.columns import in_their_words, match_columns
from nhcplanner.layers.readers.tables import Reading, Table
from nhcplanner.layers.sites.facts import with_role
from nhcplanner.layers.sites.merge import SiteList, as_one, of_lists, read_lists
from nhcplanner.layers.validate import (
    HALO_M,
    metres_outside,
    report_far_areas,
    report_odd_areas,
    small_shape_faults,
)


@dataclass(frozen=True, eq=False)
class Inputs:
    """The files that a place is built from, each checked.

    Parameters
    ----------
    areas, sites
        With our column names, and shapes in EPSG:27700.
    area_names
        Schema column -> the user's column, of the areas.
    lists
        The lists that the sites are made of.
    further
        The further tables.
    vintage
        Vintage of the areas' codes.
    lookups
        Lookups between codes of two years.
    only
        Names or codes of councils, districts or ICBs to which the place is limited; empty = all.
    """

    areas: Table
    sites: Table
    area_names: dict[str, str]
    lists: tuple[SiteList, ...]
    further: tuple[AttributeTable, ...]
    vintage: str
    lookups: tuple[Lookup, ...] = ()
    only: tuple[str, ...] = ()

    def in_their_words(self, faults: Sequence[Fault]) -> list[Fault]:
        """Name rows and columns in the faults of areas and sites as the users' files do."""
        worded = []
        for fault in faults:
            if fault.file == self.areas.file:
                worded += in_their_words(self.areas.numbered([fault]), self.area_names)
            elif fault.file == self.sites.file:
                worded += of_lists(self.lists, self.sites.numbered([fault]))
            else:
                worded.append(fault)
        return worded


@dataclass(frozen=True)
class Extras:
    """Further inputs of a place beside areas, sites and tables.

    Parameters
    ----------
    lookups
        Lookups of codes (ONS) that convert tables by 2011 codes to codes of 2021.
    lives, health
        Deaths and people, and good health, by age: HLE by Sullivan's method; both or neither.
    only
        Names or codes of councils, districts or ICBs: only their areas are kept; empty = all.
    assume
        Answers to questions, each KEY=VALUE; they replace those of the column map.
    further
        Files that are joined to the place later, such as housing sites: a column map may name
        them.
    """

    lookups: tuple[Path, ...] = ()
    lives: Path | None = None
    health: Path | None = None
    only: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    further: tuple[Path, ...] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """All files that a column map may name beside areas, sites and tables."""
        own = (*self.lookups, self.lives, self.health, *self.further)
        return tuple(Path(one) for one in own if one is not None)


def read_inputs(
    areas: Path,
    sites: Sequence[Path],
    tables: Sequence[Path],
    column_map: ColumnMap,
    extras: Extras | None = None,
) -> Inputs:
    """Read and check every file.

    Raises
    ------
    InputError
        With the faults of all files together.
    """
    faults: list[Fault] = []
    area_layer = attempt(faults, lambda: _read_areas(areas, column_map))
    lists = attempt(faults, lambda: read_lists(sites, column_map))
    further = [attempt(faults, partial(read_attribute_table, path, column_map)) for path in tables]
    extras = extras or Extras()
    lookups = [attempt(faults, partial(read_lookup, path, column_map)) for path in extras.lookups]
    lived = attempt(faults, lambda: _read_lives(extras, column_map))
    year = ""
    if area_layer is not None:
        year = _vintage(area_layer[0].frame, column_map)
        faults += in_their_words(_area_faults(area_layer[0], year, bool(tables)), area_layer[1])
    if faults or area_layer is None or lists is None:
        raise InputError(faults)
    own_tables = tuple(each for each in (*(lived or ()), *further) if each is not None)
    known_lookups = tuple(each for each in lookups if each is not None)
    return Inputs(
        areas=area_layer[0],
        sites=as_one([each.table for each in lists]),
        area_names=area_layer[1],
        lists=lists,
        further=own_tables,
        vintage=year,
        lookups=known_lookups,
        only=extras.only,
    )


def _read_lives(extras: Extras, column_map: ColumnMap) -> tuple[AttributeTable, ...]:
    """Return HLE by Sullivan's method if both of its tables are given."""
    if extras.lives is None and extras.health is None:
        return ()
    if extras.lives is None or extras.health is None:
        hint = "Give both --life-table and --prevalence, or neither"
        raise InputError([Fault("Sullivan's method needs a life table and good health", hint=hint)])
    return (read_lives(extras.lives, extras.health, column_map),)


def _read_areas(path: Path, column_map: ColumnMap) -> tuple[Table, dict[str, str]]:
    stated = column_map.areas
    names = frozenset(map(str, stated.values()))
    reading = Reading(stated.get("layer", ""), names, "", column_map.answers, defers=True)
    read = read_corrected(path, reading, column_map.corrections.get(path.name))
    with read.asking(), read.numbering():
        table = to_shapes(read, stated)
        columns = match_columns(
            table.frame,
            "areas",
            stated,
            table.file,
            column_map.file,
            column_map.ignored(table.file),
        )
        table, frame = read_figures(table, columns, column_map)
        whole = make_valid(with_role(table, "areas").with_frame(frame))
        return report_odd_areas(report_far_areas(whole)), columns


def _area_faults(table: Table, year: str, tables: bool) -> list[Fault]:
    frame = table.frame
    lacking = ("people",) if tables else ()
    faults = column_checks.faults(frame, "areas", table.file, table.first_row, lacking)
    if "area_code" in frame:
        faults += vintages.area_faults(frame["area_code"], year, table.file, table.first_row)
    faults += centroid_faults(frame, table.file, table.first_row)
    return table.numbered([*faults, *small_shape_faults(table)])


def _vintage(areas: pd.DataFrame, column_map: ColumnMap) -> str:
    if "area_code" not in areas:
        return vintages.OWN
    return column_map.place.get("vintage") or vintages.of_codes(areas["area_code"])


def subset(inputs: Inputs, known: pd.DataFrame) -> tuple[Inputs, tuple[str, ...]]:
    """Keep the areas of the named councils, and the sites near enough to serve them.

    Parameters
    ----------
    inputs
        All areas and sites of the files, and the names of councils to keep; none = all areas.
    known
        Known figures of each area, by area code.

    Returns
    -------
    Inputs, tuple of str
        With the areas and sites kept, and notes on what was left out.

    Raises
    ------
    InputError
        If no area belongs to such a name.
    """
    if not inputs.only:
        return inputs, ()
    codes = inputs.areas.frame["area_code"]
    columns = list(dict.fromkeys([*CODES, *(name for level in LEVELS for name in level)]))
    lookup = known.loc[codes].rename_axis("area_code").reset_index().reindex(columns=columns)
    extent = areas_named(inputs.only, lookup)
    is_inside = codes.isin(extent.areas).to_numpy()
    areas = inputs.areas.frame[is_inside]
    sites = inputs.sites.frame
    close = metres_outside(gpd.GeoDataFrame(areas), sites.geometry) <= HALO_M
    notes = [f"Only {extent.title}: {plural(len(areas), 'area')} of {len(codes):,}", *extent.notes]
    if not close.all():
        notes.append(
            f"{plural(int((~close).sum()), 'site')} farther than {HALO_M / 1000:g} km left out"
        )
    if not close.any():
        words = f"no site lies within {HALO_M / 1000:g} km of {extent.title}"
        raise InputError([Fault(words, inputs.sites.file, hint="Give sites of this place")])
    inputs = replace(
        inputs,
        areas=inputs.areas.select_rows(is_inside),
        sites=inputs.sites.select_rows(close),
    )
    return inputs, tuple(notes)
