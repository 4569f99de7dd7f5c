"""Place folders: built from a user's files, fetched from official sources, and read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import geopandas as gpd

from nhcplanner import layers, travel
from nhcplanner.base import limited_reader
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.layers import england as packaged
from nhcplanner.workflow.progress import Progress, report_progress


@dataclass(frozen=True)
class OwnFiles:
    """A user's own files, from which a place is built.

    Parameters
    ----------
    areas
        Layer: GeoPackage, GeoParquet, GeoJSON, Shapefile or CSV with coordinates; None if
        `england` names the areas.
    sites
        One or several lists of buildings: Excel workbook, CSV or layer. With `england` they come
        before the packaged buildings, and are optional.
    tables
        Further tables, joined by area or council code.
    columns
        Column map (TOML).
    streets
        OpenStreetMap extract (.osm.pbf, .osm) or saved osmnx graph (.graphml); or several
        extracts, such as those of neighbouring counties.
    timetable
        GTFS zip.
    name
        Name of the place; empty = from the layers.
    origins
        "postcodes", or a file of points where people start; empty = one point an area.
    matrix
        Minutes from another tool (CSV, long or wide), by area code and site id.
    matrix_unit
        "minutes" or "seconds" of the matrix; empty = as its header says.
    extras
        Lookups of codes, life tables, and which councils alone are wanted.
    amenities
        OpenStreetMap extract whose public buildings become candidates.
    england
        Councils, ICBs or regions of England whose packaged areas and buildings make the place,
        together with the user's files; instead of `areas`.

    Raises
    ------
    InputError
        If neither or both of `areas` and `england` are given, or sites are missing.

    Examples
    --------
    >>> OwnFiles(Path("areas.gpkg"), Path("sites.xlsx"), tables=(Path("imd.csv"),)).sites.name
    'sites.xlsx'
    """

    areas: Path | None = None
    sites: Path | tuple[Path, ...] = ()
    tables: tuple[Path, ...] = ()
    columns: Path | None = None
    streets: Path | tuple[Path, ...] | None = None
    timetable: Path | None = None
    name: str = ""
    origins: str = ""
    matrix: Path | None = None
    matrix_unit: str = ""
    extras: layers.Extras | None = None
    amenities: Path | None = None
    england: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if (self.areas is None) == (not self.england):
            hint = "Give --areas with a layer, or --place with a council, ICB or region"
            raise InputError([Fault("a place needs either areas or a name", hint=hint)])
        if self.areas is not None and not self.sites:
            raise InputError([Fault("no list of sites is given", hint="Give --sites")])


def build(files: OwnFiles, folder: Path, progress: Progress | None = None) -> Path:
    """Make a place folder from a user's own files.

    Parameters
    ----------
    files
        Which files, and what is in them.
    folder
        Folder of the new place.
    progress
        Receives a sentence about the current step.

    Returns
    -------
    Path
        The folder, for `load`.

    Raises
    ------
    InputError
        With every fault in the files; nothing is then written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from nhcplanner import OwnFiles, build, demo_place, load
    >>> sources = demo_place().folder.parent / "sources"
    >>> areas, sites, columns = (sources / n for n in ("areas.gpkg", "sites.csv", "columns.toml"))
    >>> with TemporaryDirectory() as folder:
    ...     load(build(OwnFiles(areas, sites, columns=columns), Path(folder) / "mine")).title
    'SYNTHETIC Estmere and Saltwrack'
    """
    limited_reader.start_early()
    report_progress(progress, "Reading areas, sites and tables")
    place, pairs = _read_tables(files)
    if files.amenities is not None:
        report_progress(progress, "Reading public buildings of OpenStreetMap")
        place = layers.with_amenities(place, files.amenities)
    if files.origins:
        report_progress(progress, "Placing people at their origins")
        place = layers.start_at(place, files.origins)
    with TemporaryDirectory() as scratch:
        streets = matrix = None
        if files.streets is not None:
            report_progress(progress, "Reading streets")
            streets = Path(scratch) / "streets.npz"
            place = _with_streets(place, files.streets, streets)
        if files.timetable is not None:
            report_progress(progress, "Reading the timetable")
            place = _with_timetable(place, files.timetable)
        if files.matrix is not None and pairs is not None:
            report_progress(progress, "Reading the matrix")
            matrix = Path(scratch) / "matrix.parquet"
            lacks = travel.lacks(travel.matrix_times(pairs, place))
            pairs.frame.to_parquet(matrix)
            source = layers.matrix_source(files.matrix, len(pairs.frame), lacks)
            record = replace(travel.report_strangers(pairs, place), sha256=source.sha256)
            place = replace(place, sources=(*place.sources, source), intake=(*place.intake, record))
        return layers.write_place(place, folder, streets, files.timetable, matrix)


def _with_streets(place: Place, given: Path | Sequence[Path], out: Path) -> Place:
    """The place with the sources and the intake record of its streets, which are written."""
    paths = [given] if isinstance(given, Path) else list(given)
    network = travel.Network.read(paths)
    network.save(out)
    sources = [layers.street_source(path, len(network.source)) for path in paths]
    place = replace(place, sources=(*place.sources, *sources))
    return _with_record(place, network, " + ".join(path.name for path in paths), sources[0].sha256)


def _with_record(place: Place, network: travel.Network, file: str, sha256: str) -> Place:
    """The place with the intake record of streets, and the notes that a plan needs of it."""
    record = replace(travel.describe_streets(network, file), sha256=sha256)
    notes = (*place.notes, *travel.street_notes(record))
    return replace(place, intake=(*place.intake, record), notes=notes)


def _with_timetable(place: Place, path: Path) -> Place:
    """The place with the source and the intake record of a timetable."""
    read = travel.read_timetable(path)
    source = layers.timetable_source(path, read.dates)
    record = replace(read.record, sha256=source.sha256)
    return replace(place, sources=(*place.sources, source), intake=(*place.intake, record))


def _named(files: OwnFiles) -> Place:
    """Return the packaged place of England that the files name, with the user's files."""
    extras = files.extras or layers.Extras()
    unused = {
        "--only": extras.only,
        "--lookup": extras.lookups,
        "--life-table": extras.lives,
        "--prevalence": extras.health,
    }
    faults = [
        Fault(f"{option} is not used with --place", hint="Leave it out, or give --areas")
        for option, value in unused.items()
        if value
    ]
    if faults:
        raise InputError(faults)
    sites = (files.sites,) if isinstance(files.sites, Path) else files.sites
    choices = packaged.Choices(
        sites=sites,
        tables=files.tables,
        columns=files.columns,
        assume=extras.assume,
        origins="areas" if files.origins else "auto",
    )
    place = packaged.england(*files.england, choices=choices)
    return replace(place, name=files.name) if files.name else place


def _read_tables(files: OwnFiles) -> tuple[Place, travel.Pairs | None]:
    """The place without networks, and the matrix; faults and questions of both together."""
    faults: list[Fault] = []
    place = pairs = None
    try:
        place = (
            _named(files)
            if files.areas is None
            else layers.build_place(
                files.areas, files.sites, files.tables, files.columns, files.name, files.extras
            )
        )
    except InputError as error:
        faults += error.faults
    try:
        if files.matrix is not None:
            answers = layers.read_answers(files.columns, files.extras)
            cells = layers.read_workbook_cells(files.matrix, answers)
            pairs = travel.read_pairs(files.matrix, files.matrix_unit, answers, cells)
    except InputError as error:
        faults += [fault for fault in error.faults if fault not in faults]
    if faults or place is None:
        raise InputError(faults)
    return place, pairs


def load(folder: Path) -> Place:
    """Read a place folder; minutes are kept in it, unless it is the demo's.

    Main roads are taken from its streets; where those cannot be read it has none to draw, and
    what is wrong is said when minutes are asked for.

    Parameters
    ----------
    folder
        That `build` or `fetch` wrote.

    Returns
    -------
    Place
        Its layers passed the schema.

    Raises
    ------
    InputError
        Where there is no place, or its layers do not pass the schema.

    Examples
    --------
    >>> from nhcplanner import demo_place, load
    >>> load(demo_place().folder).people
    350000
    """
    own = Path(folder).resolve() != layers.demo_folder().resolve()
    with nullcontext() if own else limited_reader.in_process():  # the demo comes with the package
        place = layers.read_place(folder)
    times = place.times if own else None
    return replace(place, times=times, roads=_roads(place))


def _roads(place: Place) -> gpd.GeoSeries | None:
    if place.streets is None:
        return None
    try:
        return travel.main_roads(place.streets)
    except InputError:
        return None


def demo_place() -> Place:
    """Read the SYNTHETIC demo place, which comes with the package.

    Returns
    -------
    Place
        The same each time.

    Examples
    --------
    >>> from nhcplanner import demo_place
    >>> demo_place().title
    'SYNTHETIC Estmere and Saltwrack'
    """
    return load(layers.demo_folder())


@dataclass(frozen=True)
class Fetching:
    """How a place is fetched.

    Parameters
    ----------
    from_files
        Folder of official files downloaded by hand; nothing is then asked of the network.
    cache
        Folder of files fetched; by default the user's own.
    offline
        True: only what the cache holds.
    refresh
        True: ask anew for what the cache holds.
    streets
        "geofabrik" (the county's extract, clipped), "overpass" (small places) or "none".
    timetable
        False: no bus timetable.
    sites
        A user's own lists of buildings, added to the official ones.
    fetch_rest
        True: what the folder of files lacks is asked of the network all the same.
    amenities
        True: public buildings of the county's extract become candidates, marked so.
    columns
        Column map (TOML) of the user's own lists.
    assume
        Answers to questions about those lists, each KEY=VALUE.
    """

    from_files: Path | None = None
    cache: Path | None = None
    offline: bool = False
    refresh: bool = False
    streets: Literal["geofabrik", "overpass", "none"] = "geofabrik"
    timetable: bool = True
    sites: tuple[Path, ...] = ()
    fetch_rest: bool = False
    amenities: bool = False
    columns: Path | None = None
    assume: tuple[str, ...] = ()


def fetch(
    names: Sequence[str],
    folder: Path,
    how: Fetching | None = None,
    progress: Progress | None = None,
    finder: layers.Finder | None = None,
) -> Path:
    """Make a place folder from official sources.

    Parameters
    ----------
    names
        Councils, ICBs, codes of areas, councils or ICBs, or a text file of such codes.
    folder
        The place folder to make.
    how
        Where files come from.
    progress
        Told what is being done.
    finder
        Brings the files, instead of what `how` says.

    Returns
    -------
    Path
        The folder; what could not be had stands in the place's notes.

    Raises
    ------
    InputError
        For unknown names, official files of another form, and amenities without an extract.
    FetchError
        Where a source is not to be had without which there is no place; what has come is kept in
        the cache.
    """
    how = how or Fetching()
    layers.may_replace(folder)
    if how.amenities and how.streets != "geofabrik":
        words, hint = "public buildings come with the county's extract", "Say --streets geofabrik"
        raise InputError([Fault(words, hint=hint)])
    own_map = layers.read_map(how.columns).with_answers(how.assume)
    for own in how.sites:
        # Reports the faults of the list before anything is fetched.
        layers.read_estates(own, column_map=own_map)
    with TemporaryDirectory() as scratch, TemporaryDirectory() as unpacked:
        finder = finder or _finder(how, progress, Path(unpacked))
        networks = layers.networks(how.streets, how.timetable)
        found = layers.gather(
            layers.list_areas(names), finder, Path(scratch), networks, how.sites,
            lambda words: report_progress(progress, words), own_map,
        )  # fmt: skip
        place, streets = found.place, None
        if found.streets is not None:
            report_progress(progress, "Reading streets")
            network = travel.Network.read(found.streets)
            streets = Path(scratch) / "streets.npz"
            network.save(streets)
            place = _of_extract(place, found.streets, len(network.source), how.amenities)
            used = next(source for source in place.sources if source.layer == "streets")
            place = _with_record(place, network, used.file or found.streets.name, used.sha256)
        if found.timetable is not None:
            report_progress(progress, "Reading the timetable")
            place = _of_clip(place, found.timetable)
        report_progress(progress, "Writing the place folder")
        return layers.write_place(place, folder, streets, found.timetable)


def _of_clip(place: Place, clip: Path) -> Place:
    """The place with the dates and the intake record of a timetable that was clipped for it."""
    read = travel.read_timetable(clip)
    sources = tuple(
        replace(source, vintage=read.dates) if source.layer == "timetable" else source
        for source in place.sources
    )
    return replace(place, sources=sources, intake=(*place.intake, read.record))


def _of_extract(place: Place, extract: Path, ways: int, amenities: bool) -> Place:
    """The place with its count of streets and, where wanted, the extract's public buildings."""
    record = next(source for source in place.sources if source.layer == "streets")
    sources = tuple(
        replace(source, rows=ways) if source is record else source for source in place.sources
    )
    place = replace(place, sources=sources)
    return layers.with_amenities(place, extract, record) if amenities else place


def _finder(how: Fetching, progress: Progress | None, unpacked: Path) -> layers.Finder:
    web = layers.from_web(how.cache, how.offline, how.refresh, progress)
    if how.from_files is None:
        return web
    return layers.from_folder(how.from_files, unpacked, web if how.fetch_rest else None)
