"""Places gathered from official sources, by the names of councils or an ICB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import FetchError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Place, Source
from nhcplanner.layers.build import assembled
from nhcplanner.layers.codes.naming import areas_named
from nhcplanner.layers.codes.vintages import LSOA21, Lookup, read_lookup, with_other_years
from nhcplanner.layers.gathering import (
    Finder,
    FolderFirst,
    FromWeb,
    Gathering,
    find_in_folder,
    recorded,
    sound,
)
from nhcplanner.layers.health.long_form import to_wide
from nhcplanner.layers.inputs import Inputs
from nhcplanner.layers.population.attribute_tables import AttributeTable
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.merge import SiteList, as_one, own_list
from nhcplanner.layers.sites.public_buildings import gathered_sites, in_networks
from nhcplanner.layers.sources import SOURCES, Extent, OfficialSource, streets
from nhcplanner.layers.sources.census import TS001, TS007A, TS038, TS045
from nhcplanner.layers.sources.geography import (
    AREA_LOOKUP,
    BOUNDARIES,
    CENTROIDS,
    CHANGE_LOOKUP,
    COUNCIL_LOOKUP,
    REGION_LOOKUP,
    RURAL_URBAN,
)
from nhcplanner.layers.sources.ods import PARTNERS
from nhcplanner.layers.sources.recognition import FoundFile
from nhcplanner.layers.sources.statistics import HLE, IMD_2019, IMD_2025, MID_YEAR
from nhcplanner.layers.sources.streets import OVERPASS, STREETS
from nhcplanner.layers.sources.timetables import TIMETABLE, clip_feeds
from nhcplanner.layers.web import CachedWeb, user_cache

HALO_M = 5_000.0
"""Distance from the place within which sites, streets and buses are included, metres."""

OWN_UPPER_TIER = ("E06", "E08", "E09")
"""Districts that are their own upper tier: unitary, metropolitan, London."""

CLIPPED = f"clipped to the place and {HALO_M / 1000:g} km around it"


@dataclass(frozen=True, eq=False)
class Gathered:
    """A place gathered from official sources.

    Parameters
    ----------
    place
        With its sources; its notes name sources that are not available.
    streets, timetable
        Files clipped to the place and its halo; None if there are none.
    """

    place: Place
    streets: Path | None
    timetable: Path | None


def from_web(
    cache: Path | None, offline: bool, refresh: bool, progress: Callable[[str], object] | None
) -> Finder:
    """Fetch from the publishers, through a cache; by default the user's own."""
    return FromWeb(
        CachedWeb(cache or user_cache(), offline=offline, refresh=refresh, progress=progress)
    )


def from_folder(folder: Path, scratch: Path, rest: Finder | None = None) -> Finder:
    """Take official files out of a folder, whatever their names.

    Parameters
    ----------
    folder
        The folder.
    scratch
        An empty folder for unpacked and converted files; keep it until they are read.
    rest
        Provider of sources that the folder lacks; None = the folder only.

    Raises
    ------
    InputError
        If no file is recognised, or two files are of one source.
    """
    here = find_in_folder(folder, SOURCES, scratch)
    return here if rest is None else FolderFirst(here, rest)


def networks(streets_from: str, timetable: bool) -> tuple[OfficialSource, ...]:
    """Return the sources of streets ("geofabrik", "overpass" or "none") and of a timetable."""
    ways = {"geofabrik": (STREETS,), "overpass": (OVERPASS,), "none": ()}[streets_from]
    return (*ways, TIMETABLE) if timetable else ways


def gather(  # noqa: PLR0913, PLR0917  (own lists come with what their user says of them)
    names: Sequence[str],
    finder: Finder,
    scratch: Path,
    networks: Sequence[OfficialSource] = (),
    own_sites: Sequence[Path] = (),
    tell: Callable[[str], object] | None = None,
    own_map: ColumnMap | None = None,
) -> Gathered:
    """Gather a place from official sources.

    Parameters
    ----------
    names
        Councils, ICBs or codes of areas.
    finder
        Provider of the files: from the network, or from a folder.
    scratch
        An empty folder for clipped files.
    networks
        Sources of streets and of a timetable; empty = neither.
    own_sites
        A user's own lists of buildings, besides the official ones.
    tell
        Receives a sentence about each step.
    own_map
        The user's statements about those lists, with answers to questions.

    Returns
    -------
    Gathered
        The place. Its intake record lists unused files, and its notes list optional sources
        that are not available.

    Raises
    ------
    InputError
        For unknown names, and needed files of another form.
    FetchError
        If a source that every place needs is not available.
    """
    gathering = Gathering(finder, tell=tell)
    lookup, councils = _lookup(gathering)
    extent = areas_named(names, lookup.frame)
    inside = lookup.frame[lookup.frame["area_code"].isin(extent.areas)]
    gathering.extent = _extent_of(inside)
    areas = _areas(gathering)
    gathering.extent = replace(gathering.extent, bounds=_with_halo(areas))
    imd, changes = _deprivation(gathering)
    further = _further(gathering, lookup, imd)
    sites, partners = _sites(gathering, areas, own_sites, own_map)
    lists = tuple(SiteList(table, _own(table)) for table in sites)
    inputs = Inputs(areas, as_one(sites), _own(areas), lists, further, LSOA21, lookups=changes)
    place = assembled(inputs, _column_map(gathering, inputs), extent.title)
    files, records = _networks(gathering, networks, inside, scratch)
    place = replace(
        place,
        sources=(*place.sources, councils, *partners, *records),
        notes=(*extent.notes, *place.notes, *gathering.lacking),
        intake=_all_records(place.intake, gathering.intake, finder.passed_over(gathering.brought)),
    )
    return Gathered(place, files.get("streets"), files.get("timetable"))


def _all_records(*lists: Iterable[FileIntake]) -> tuple[FileIntake, ...]:
    """Return the records of all files, the first for each file."""
    by_file: dict[str, FileIntake] = {}
    for record in chain(*lists):
        by_file.setdefault(record.file, record)
    return tuple(by_file.values())


def _lookup(gathering: Gathering) -> tuple[Table, Source]:
    """Return every area of England with its district, council and ICB, and the lookup's source."""
    areas, councils = _needed(gathering, AREA_LOOKUP), _needed(gathering, COUNCIL_LOOKUP)
    frame = areas.frame.merge(councils.frame, on="district_code", how="left")
    own = frame["council_code"].isna() & frame["district_code"].str.startswith(OWN_UPPER_TIER)
    frame["council_code"] = frame["council_code"].where(~own, frame["district_code"])
    frame["council_name"] = frame["council_name"].where(~own, frame["district_name"])
    record = recorded(gathering.brought[councils.file], len(councils.frame), councils.notes)
    return areas.with_frame(frame), record


def _needed(gathering: Gathering, source: OfficialSource) -> Table:
    """Return the rows of a source that every place needs.

    Raises
    ------
    FetchError, InputError
        If they are not available.
    """
    table = gathering.table(source)
    if table is None:
        raise FetchError(f"{source.title}: not available")
    return table


def _own(table: Table) -> dict[str, str]:
    """Return a column map whose names are ours already."""
    return {str(name): str(name) for name in table.frame.columns}


def _extent_of(inside: pd.DataFrame) -> Extent:
    districts, councils = (
        tuple(sorted(inside[column].dropna().unique()))
        for column in ("district_code", "council_code")
    )
    return Extent(tuple(sorted(inside["area_code"])), districts, councils)


def _areas(gathering: Gathering) -> Table:
    """Return the shapes of the areas of the place.

    Raises
    ------
    FetchError
        If some areas have no shape.
    """
    table = _needed(gathering, BOUNDARIES)
    codes = gathering.extent.areas
    frame = table.frame[table.frame["area_code"].isin(codes)].reset_index(drop=True)
    missing = sorted(set(codes) - set(frame["area_code"]))
    if missing:
        raise FetchError(
            f"{table.file} has no shape of {plural(len(missing), 'area')} of the place: "
            f"{shortened(missing)}. Is it LSOA 2021, England and Wales, whole?"
        )
    return table.with_frame(frame)


def _with_halo(areas: Table) -> tuple[float, float, float, float]:
    west, south, east, north = map(float, areas.frame.total_bounds)
    return west - HALO_M, south - HALO_M, east + HALO_M, north + HALO_M


def _deprivation(gathering: Gathering) -> tuple[list[AttributeTable], tuple[Lookup, ...]]:
    """Return IMD 2025, or IMD 2019 with the lookup to the areas of 2021."""
    imd = gathering.further(IMD_2025)
    changes = (
        None if imd else gathering.read(CHANGE_LOOKUP, lambda files: read_lookup(files[0].path))
    )
    old = None if changes is None else gathering.table(IMD_2019)
    if old is None or changes is None:
        return imd, ()
    ranks = old.with_frame(old.frame.drop(columns="people"), "its people, of 2015, are not used")
    return [sound(ranks)], (changes,)


def _further(
    gathering: Gathering, lookup: Table, imd: Sequence[AttributeTable]
) -> tuple[AttributeTable, ...]:
    """Return all tables to join to the areas; a column comes from the first table that has it.

    Raises
    ------
    FetchError
        If no table counts people.
    """
    further = [
        sound(lookup.with_frame(lookup.frame.drop(columns="icb_ods", errors="ignore"))),
        *_people(gathering),
        *(
            table
            for source in (CENTROIDS, TS038, TS045, RURAL_URBAN)
            for table in gathering.further(source)
        ),
        *imd,
        *_hle(gathering),
    ]
    if not any("people" in each.table.frame for each in further):
        raise FetchError(f"No source of people is available. {' '.join(gathering.lacking)}")
    return tuple(further)


def _sites(
    gathering: Gathering, areas: Table, own: Sequence[Path], own_map: ColumnMap | None
) -> tuple[tuple[Table, ...], list[Source]]:
    """Return lists of buildings in and around the place, the user's first, and their partners.

    Raises
    ------
    FetchError
        If there is no building.
    """
    mine = [own_list(path, areas.frame, own_map) for path in own]
    before = len(gathering.lacking)
    lists = [gathering.table(source) for source in SOURCES if source.layer == "sites"]
    there = [table for table in lists if table is not None]
    own_ids = {site for table in mine for site in table.frame["site_id"]}
    every_list = (*mine, *gathered_sites(there, areas.frame, HALO_M, own_ids))
    if not any(len(table.frame) for table in every_list):
        words = "No building is known in or around the place. Give your own list with --sites"
        raise FetchError("\n".join([words, *gathering.lacking[before:]]))
    return _in_networks(gathering, every_list)


def _in_networks(
    gathering: Gathering, lists: tuple[Table, ...]
) -> tuple[tuple[Table, ...], list[Source]]:
    """Return lists whose practices have their primary care network, if it is available."""
    table = gathering.table(PARTNERS)
    if table is None:
        return lists, []
    labelled, count = in_networks(lists, table.frame.set_index("site_id")["neighbourhood"])
    notes = (*table.notes, f"{plural(count, 'site')} of the place in a network")
    return labelled, [recorded(gathering.brought[table.file], len(table.frame), notes)]


def _people(gathering: Gathering) -> list[AttributeTable]:
    """Return people and their ages: mid-year estimates, or the census."""
    return gathering.further(MID_YEAR) or [
        *gathering.further(TS001),
        *gathering.further(TS007A),
    ]


def _hle(gathering: Gathering) -> list[AttributeTable]:
    """Return HLE by council in its latest period, or nothing."""

    def latest(files: Sequence[FoundFile]) -> AttributeTable:
        long = gathering.parsed(files[0])
        wide, names = to_wide(long, "council_code", "")
        return gathering.matched(AttributeTable(wide, names, len(long.frame)))

    published = gathering.read(HLE, latest)
    return [] if published is None else [published]


def _column_map(gathering: Gathering, inputs: Inputs) -> ColumnMap:
    """Return a column map with the facts of the official files."""
    ranked = any("imd_rank" in each.table.frame for each in inputs.further)
    index = "IMD 2019" if inputs.lookups else "IMD 2025"
    place = {"vintage": LSOA21} | ({"index_name": index} if ranked else {})
    sources = {
        name: {"layer": file.source.layer, **file.pedigree()}
        for name, file in gathering.brought.items()
    }
    return ColumnMap(place=place, source=sources)


def _networks(
    gathering: Gathering, networks: Sequence[OfficialSource], inside: pd.DataFrame, scratch: Path
) -> tuple[dict[str, Path], list[Source]]:
    """Streets and timetable, clipped, and their records, one for each file."""
    files: dict[str, Path] = {}
    records: list[Source] = []
    for source in networks:
        if source.layer == "timetable":
            gathering.extent = replace(gathering.extent, regions=_regions(gathering, inside))
        clipped = gathering.read(source, partial(_clip_whole, source, gathering, scratch))
        if clipped is not None:
            whole, files[source.layer], notes = clipped
            records += [recorded(one, notes=(*one.notes, *notes, CLIPPED)) for one in whole]
    return files, records


def _clip(
    source: OfficialSource, files: Sequence[FoundFile], gathering: Gathering, scratch: Path
) -> tuple[Path, tuple[str, ...]]:
    """Clip files to the place and its halo; return the new file and a note on what was done."""
    bounds = gathering.extent.bounds
    assert bounds is not None  # areas come first
    paths = [one.path for one in files]
    if source.layer == "timetable":
        gathering.say("Clipping the timetable")
        return clip_feeds(paths, bounds, scratch / "gtfs.zip")
    gathering.say("Clipping streets")
    return streets.clip(paths, bounds, scratch / "streets.osm.pbf"), ()


def _clip_whole(
    source: OfficialSource, gathering: Gathering, scratch: Path, files: Sequence[FoundFile]
) -> tuple[Sequence[FoundFile], Path, tuple[str, ...]]:
    """Return the files, the file clipped from them, and notes on what was done."""
    return (files, *_clip(source, files, gathering, scratch))


def _regions(gathering: Gathering, inside: pd.DataFrame) -> tuple[str, ...]:
    table = gathering.table(REGION_LOOKUP)
    if table is None:
        return ()
    mine = table.frame["district_code"].isin(with_other_years(inside["district_code"]))
    return tuple(sorted(table.frame.loc[mine, "region"].unique()))
