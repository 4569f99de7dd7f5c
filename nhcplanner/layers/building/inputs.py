"""Inputs: users' files read, each checked by itself, all their faults together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pandas as pd

from nhcplanner.domain import schema
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.building.further import Further, read_further
from nhcplanner.layers.building.lives import read_lives
from nhcplanner.layers.building.origins import centroid_faults
from nhcplanner.layers.codes import vintage
from nhcplanner.layers.codes.recode import Lookup, read_lookup
from nhcplanner.layers.files.columns import ColumnMap, in_their_words, matched, renamed
from nhcplanner.layers.files.tables import Table, read_table
from nhcplanner.layers.sites.lists import SiteList, as_one, of_lists, read_lists
from nhcplanner.layers.where.coordinates import mended, placed

Read = TypeVar("Read")


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that a place is built from, each file sound by itself.

    Parameters
    ----------
    areas, sites
        With the schema's names, and shapes in EPSG:27700.
    area_names
        Schema column -> the user's column, of the areas.
    lists
        The lists that the sites are made of.
    further
        The further tables.
    vintage
        Vintage of the areas' codes.
    lookups
        Which codes of one year became which of another.
    only
        Names or codes of the councils, districts or ICBs wanted; empty = all.
    """

    areas: Table
    sites: Table
    area_names: dict[str, str]
    lists: tuple[SiteList, ...]
    further: tuple[Further, ...]
    vintage: str
    lookups: tuple[Lookup, ...] = ()
    only: tuple[str, ...] = ()

    def in_their_words(self, faults: Sequence[Fault]) -> list[Fault]:
        """Name rows and columns in the faults of areas and sites as the users' files do."""
        told = []
        for fault in faults:
            if fault.file == self.areas.file:
                told += in_their_words(self.areas.numbered([fault]), self.area_names)
            elif fault.file == self.sites.file:
                told += of_lists(self.lists, self.sites.numbered([fault]))
            else:
                told.append(fault)
        return told


@dataclass(frozen=True)
class Extras:
    """What a place may be made of beside areas, sites and tables.

    Parameters
    ----------
    lookups
        Lookups of codes (ONS), by which tables of 2011 codes are brought to those of 2021.
    lives, health
        Deaths and people, and good health, by age: HLE by Sullivan's method; both or neither.
    only
        Names or codes of councils, districts or ICBs: only their areas are kept; empty = all.
    """

    lookups: tuple[Path, ...] = ()
    lives: Path | None = None
    health: Path | None = None
    only: tuple[str, ...] = ()


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
    area_layer = _tried(faults, lambda: _read_areas(areas, column_map))
    lists = _tried(faults, lambda: read_lists(sites, column_map.sites, column_map.file))
    further = [_tried(faults, lambda p=path: read_further(p, column_map)) for path in tables]
    extras = extras or Extras()
    lookups = [_tried(faults, lambda p=path: read_lookup(p)) for path in extras.lookups]
    lived = _tried(faults, lambda: _read_lives(extras))
    year = ""
    if area_layer is not None:
        year = _vintage(area_layer[0].frame, column_map)
        faults += in_their_words(_area_faults(area_layer[0], year, bool(tables)), area_layer[1])
    if faults or area_layer is None or lists is None:
        raise InputError(faults)
    given = tuple(each for each in (*(lived or ()), *further) if each is not None)
    found = tuple(each for each in lookups if each is not None)
    return Inputs(
        areas=area_layer[0],
        sites=as_one([each.table for each in lists]),
        area_names=area_layer[1],
        lists=lists,
        further=given,
        vintage=year,
        lookups=found,
        only=extras.only,
    )


def _read_lives(extras: Extras) -> tuple[Further, ...]:
    """HLE by Sullivan's method, which goes before other figures, where both tables are given."""
    if extras.lives is None and extras.health is None:
        return ()
    if extras.lives is None or extras.health is None:
        mend = "Give both --life-table and --prevalence, or neither"
        raise InputError([Fault("Sullivan's method needs a life table and good health", mend=mend)])
    return (read_lives(extras.lives, extras.health),)


def _tried(faults: list[Fault], read: Callable[[], Read]) -> Read | None:
    try:
        return read()
    except InputError as error:
        faults.extend(error.faults)
        return None


def _read_areas(path: Path, column_map: ColumnMap) -> tuple[Table, dict[str, str]]:
    table = placed(read_table(path, column_map.areas.get("layer", "")), column_map.areas)
    names = matched(table.frame, "areas", column_map.areas, table.file, column_map.file)
    return mended(table.with_frame(renamed(table.frame, "areas", names))), names


def _area_faults(table: Table, year: str, tables: bool) -> list[Fault]:
    frame = table.frame
    lacking = ("people",) if tables else ()
    found = schema.faults(frame, "areas", table.file, table.first_row, lacking)
    if "area_code" in frame:
        found += vintage.area_faults(frame["area_code"], year, table.file, table.first_row)
    return found + centroid_faults(frame, table.file, table.first_row)


def _vintage(areas: pd.DataFrame, column_map: ColumnMap) -> str:
    if "area_code" not in areas:
        return vintage.OWN
    return column_map.place.get("vintage") or vintage.of_codes(areas["area_code"])
