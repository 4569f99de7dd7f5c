"""Further tables joined to a place that is there already: need and people by code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain import schema
from nhcplanner.domain.place import Place
from nhcplanner.layers.build import assembled
from nhcplanner.layers.health.modelled import ABOUT
from nhcplanner.layers.inputs import Inputs
from nhcplanner.layers.population.attribute_tables import AttributeTable, read_attribute_table
from nhcplanner.layers.readers.column_map import ColumnMap, read_map
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.merge import SiteList

CODES = ("area_code", "council_code")
AREAS = "areas of the place"
"""Name of the place's own areas where one is asked for: no user has such a file."""
OF_HLE = (*ABOUT, "lowest_band_probability")


def with_tables(
    place: Place, tables: Sequence[Path], columns: Path | ColumnMap | None = None
) -> Place:
    """Return a place with further tables, whose figures replace those of the place.

    Parameters
    ----------
    place
        The place; its sites, networks and starting points stay.
    tables
        Tables by area or council code.
    columns
        Column map for the tables.

    Returns
    -------
    Place
        With the sources and intake records of the tables. Where a table gives people, the people
        of each starting point change in proportion; where it gives no healthy life expectancy,
        that of the place stays.

    Raises
    ------
    InputError
        With every fault and question of all tables.
    """
    column_map = read_map(columns)
    further: list[AttributeTable] = []
    faults: list[Fault] = []
    for path in tables:
        try:
            further.append(read_attribute_table(Path(path), column_map))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    own = {name for each in further for name in each.table.frame} - set(CODES)
    if own & set(ABOUT):
        own |= set(OF_HLE)
    replaced = [str(name) for name in place.areas if name in own]
    try:
        renewed = _assemble(place, further, column_map, replaced)
    except InputError as error:
        raise InputError([_named(fault, place) for fault in error.faults]) from None
    notes = [f"{name} is that of your table" for name in replaced if name in renewed.areas]
    hle_columns = [name for name in OF_HLE if name in place.areas and name not in own]
    is_modelled = bool((place.areas["hle_basis"] == "modelled").any())
    if hle_columns and is_modelled and own & {"imd_rank", "imd_decile"}:
        notes.append("HLE stays as it was, modelled with the deprivation that your table replaces")
    areas = renewed.areas.drop(
        columns=[name for name in OF_HLE if name in renewed.areas and hle_columns]
    )
    areas = areas.assign(**{name: place.areas[name] for name in hle_columns})
    areas = schema.typed(gpd.GeoDataFrame(areas), "areas")
    files = {each.table.file for each in further}
    return replace(
        place,
        areas=areas,
        origins=_with_people(place, areas),
        index_name=renewed.index_name or place.index_name,
        sources=(*place.sources, *(one for one in renewed.sources if one.file in files)),
        intake=(*place.intake, *(one for one in renewed.intake if one.file in files)),
        notes=(*place.notes, *notes),
        folder=None,
        times=None,
    )


def _named(fault: Fault, place: Place) -> Fault:
    """Name the area, not the row of a file that the user does not have."""
    if not fault.file.startswith(AREAS) or fault.row is None:
        return fault
    code = place.areas["area_code"].iloc[fault.row - 1]
    hint = f"Give {fault.column} of {code} in a table, or leave that column out"
    return replace(fault, file="", row=None, problem=f"{code}: {fault.problem}", hint=hint)


def _assemble(
    place: Place, further: Sequence[AttributeTable], column_map: ColumnMap, replaced: list[str]
) -> Place:
    """Join the tables to the areas, as when a place is built."""
    with TemporaryDirectory() as scratch:
        paths = Path(scratch) / f"{AREAS}.parquet", Path(scratch) / "sites of the place.parquet"
        place.areas.to_parquet(paths[0])
        place.sites.to_parquet(paths[1])
        sites = Table(paths[1], place.sites, 1)
        areas = place.areas.drop(columns=replaced)
        inputs = Inputs(
            areas=Table(paths[0], areas, 1),
            sites=sites,
            area_names={str(name): str(name) for name in areas},
            lists=(SiteList(sites, {str(name): str(name) for name in place.sites}),),
            further=tuple(further),
            vintage=place.vintage,
        )
        settings = {"vintage": place.vintage, **column_map.place}
        if not {"imd_rank", "imd_decile"} & set(replaced):
            settings.setdefault("index_name", place.index_name)
        return assembled(inputs, replace(column_map, place=settings), place.name)


def _with_people(place: Place, areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the starting points with people in proportion to those of their areas.

    Raises
    ------
    InputError
        If an area without people before has some now: nothing says where they start.
    """
    before: pd.Series = place.areas.set_index("area_code")["people"].astype("float64")
    now: pd.Series = areas.set_index("area_code")["people"].astype("float64")
    if (before == now.loc[before.index]).all():
        return place.origins
    people = place.origins["people"].astype("float64")
    total = people.groupby(place.origins["area_code"]).sum()
    empty = [code for code in now.index[now > 0] if not total.get(code, 0.0) > 0]
    if empty:
        words = f"{empty[0]} has people now, but no starting point with people"
        raise InputError([Fault(words, hint="Build the place from your own areas instead")])
    share = people / place.origins["area_code"].map(total)
    spread = share * place.origins["area_code"].map(now)
    return gpd.GeoDataFrame(place.origins.assign(people=spread.fillna(0.0)))
