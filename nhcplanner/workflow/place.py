"""Place folders: built from a user's own files, and read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import geopandas as gpd

from nhcplanner import layers, travel
from nhcplanner.base import limited_reader
from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import Place
from nhcplanner.layers import england as packaged
from nhcplanner.layers.codes.vintages import LSOA21
from nhcplanner.workflow.progress import Progress, report_progress

PACKAGED = "england"
"""Name of the packaged projection among files."""


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
        "postcodes", or a file of points where people start; empty = one point for each area.
    matrix
        Minutes from another tool (CSV, long or wide), by area code and site id.
    matrix_unit
        "minutes" or "seconds" of the matrix; empty = as its header says.
    extras
        Lookups of codes, life tables, and the only councils to include.
    amenities
        OpenStreetMap extract whose public buildings become candidates.
    england
        Councils, ICBs or regions of England whose packaged areas and buildings make the place,
        together with the user's files; instead of `areas`.
    projections
        Population projection (a file), or "england" for the packaged one of sub-ICB locations.
    housing
        List of housing sites with homes and years, or a brownfield register.
    heights
        Heights above sea level, for walks by slope: ASCII grids (.asc), zips of them, or lists of
        easting, northing and height.
    on_demand
        Zones of demand-responsive transport: polygons with zone, hours, wait_minutes, speed_kmh and
        detour.

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
    projections: str = ""
    housing: Path | None = None
    heights: tuple[Path, ...] = ()
    on_demand: Path | None = None

    def __post_init__(self) -> None:
        if (self.areas is None) == (not self.england):
            hint = "Give --areas with a layer, or --place with a council, ICB or region"
            raise InputError([Fault("a place needs either areas or a name", hint=hint)])
        if self.areas is not None and not self.sites:
            raise InputError([Fault("no list of sites is given", hint="Give --sites")])
        if self.heights and self.streets is None:
            raise InputError([Fault("heights need streets", hint="Give --streets too")])


def build(files: OwnFiles, folder: Path, progress: Progress | None = None) -> Path:
    """Make a place folder from a user's own files.

    Parameters
    ----------
    files
        The files, and what each of them is.
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
        place = layers.start_at(place, files.origins, _column_map(files))
    place = with_years(place, files.projections, files.housing, _column_map(files), progress)
    if files.on_demand is not None:
        report_progress(progress, "Reading zones of on-demand transport")
        place = layers.with_zones(place, files.on_demand, _column_map(files))
    with TemporaryDirectory() as scratch:
        streets = matrix = None
        if files.streets is not None:
            report_progress(progress, "Reading streets")
            streets = Path(scratch) / "streets.npz"
            place = _with_streets(place, files.streets, streets, files.heights)
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


def with_years(
    place: Place,
    projections: str | Path,
    housing: Path | None,
    column_map: layers.ColumnMap,
    progress: Progress | None = None,
) -> Place:
    """Return a place with a projection of its people, and with new homes.

    Parameters
    ----------
    place
        The place; new homes of an earlier list stay unless `housing` is given.
    projections
        Published file, or "england" for the packaged projection; empty = the place's own, if any.
    housing
        List of housing sites.
    column_map
        What the user says of both files.
    progress
        Receives a sentence about the current step.

    Raises
    ------
    InputError
        As `layers.with_projection` and `layers.with_housing` raise it.
    """
    is_packaged = projections == PACKAGED
    if projections and not (is_packaged and place.projection is not None):
        report_progress(progress, "Reading the population projection")
        published = (
            packaged.projection()
            if is_packaged
            else layers.read_projection(Path(projections), column_map)
        )
        year = place.projection.base_year if place.projection is not None else None
        units = packaged.projection_units() if place.vintage == LSOA21 else None
        place = layers.with_projection(place, published, year, column_map.answers, units)
    if housing is not None:
        report_progress(progress, "Reading housing sites")
        place = layers.with_housing(place, housing, column_map)
    return place


def _with_streets(
    place: Place, streets: Path | Sequence[Path], out: Path, heights: Sequence[Path] = ()
) -> Place:
    """Write the streets, and return the place with their sources and their intake record."""
    paths = [streets] if isinstance(streets, Path) else list(streets)
    network = travel.Network.read(paths)
    if heights:
        known, records = layers.read_heights(heights)
        network = network.with_heights(known)
        if network.report["heights"]["unknown"] == len(network.xy):
            words = "none of the streets lies where the heights are"
            raise InputError([Fault(words, heights[0].name, hint="Give heights of this place")])
        more = tuple(layers.height_source(path) for path in heights)
        place = replace(place, sources=(*place.sources, *more), intake=(*place.intake, *records))
    network.save(out)
    sources = [layers.street_source(path, len(network.source)) for path in paths]
    place = replace(place, sources=(*place.sources, *sources))
    return with_street_record(
        place, network, " + ".join(path.name for path in paths), sources[0].sha256
    )


def with_street_record(place: Place, network: travel.Network, file: str, sha256: str) -> Place:
    """Return the place with the intake record of its streets, and notes on them."""
    record = replace(travel.describe_streets(network, file), sha256=sha256)
    notes = (*place.notes, *travel.street_notes(record))
    return replace(place, intake=(*place.intake, record), notes=notes)


def _with_timetable(place: Place, path: Path) -> Place:
    """Return the place with the source and the intake record of a timetable."""
    read = travel.read_timetable(path)
    source = layers.timetable_source(path, read.dates)
    record = replace(read.record, sha256=source.sha256)
    return replace(place, sources=(*place.sources, source), intake=(*place.intake, record))


def _packaged_place(files: OwnFiles) -> Place:
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
    """Read the place without networks, and its matrix; report faults of all files together."""
    faults: list[Fault] = []
    place = pairs = None
    try:
        place = (
            _packaged_place(files)
            if files.areas is None
            else layers.build_place(
                files.areas, files.sites, files.tables, files.columns, files.name, _extras(files)
            )
        )
    except InputError as error:
        faults += error.faults
    try:
        if files.matrix is not None:
            answers = _column_map(files).answers
            cells = layers.read_workbook_cells(files.matrix, answers)
            pairs = travel.read_pairs(files.matrix, files.matrix_unit, answers, cells)
    except InputError as error:
        faults += [fault for fault in error.faults if fault not in faults]
    for read in _readers_of_others(files):
        try:
            read()
        except InputError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults or place is None:
        raise InputError(faults)
    return place, pairs


def _readers_of_others(files: OwnFiles) -> list[Callable[[], object]]:
    """Readers of the files that are joined to the place later, so that all faults come at once."""
    column_map = _column_map(files)
    readers: list[Callable[[], object]] = []
    if files.origins not in ("", "postcodes"):
        readers.append(lambda: layers.read_points(Path(files.origins), column_map))
    if files.projections not in ("", PACKAGED):
        readers.append(lambda: layers.read_projection(Path(files.projections), column_map))
    if files.on_demand is not None:
        zones = files.on_demand
        readers.append(lambda: layers.read_zones(zones, column_map))
    if files.heights:
        readers.append(lambda: layers.read_heights(files.heights))
    if files.housing is not None:
        housing = files.housing
        readers.append(lambda: layers.read_housing(housing, column_map))
    return readers


def _extras(files: OwnFiles) -> layers.Extras:
    """Return the extras with all files that are joined later."""
    origins = "" if files.origins == "postcodes" else files.origins
    projections = "" if files.projections == PACKAGED else files.projections
    later = (origins, projections, files.housing, files.matrix)
    extras = files.extras or layers.Extras()
    return replace(extras, further=tuple(Path(one) for one in later if one))


def _column_map(files: OwnFiles) -> layers.ColumnMap:
    return layers.read_answered_map(files.columns, (files.extras or layers.Extras()).assume)


def load(folder: Path) -> Place:
    """Read a place folder.

    Travel times are stored in the folder, unless it is the demo's. Main roads come from the
    streets; if these cannot be read, the place has no roads to draw, and measuring travel times
    reports the reason.

    Parameters
    ----------
    folder
        From `build` or `fetch`.

    Returns
    -------
    Place
        Its layers have passed the schema.

    Raises
    ------
    InputError
        If there is no place, or its layers do not pass the schema.

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
