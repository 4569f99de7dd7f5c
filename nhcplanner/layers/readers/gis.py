"""Read layers from GeoPackage, GeoJSON, Shapefile and FlatGeobuf, after checks of each format."""

from __future__ import annotations

import mmap
import re
import sqlite3
import stat
import warnings
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pyproj
import shapely

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.file_checks import VECTOR_DRIVERS, WRITE_DRIVERS, restrict_drivers
from nhcplanner.base.text import shortened
from nhcplanner.layers.readers.delimited import MOST_COLUMNS

_LETTERS = (rb"(?:c|\\u0063)", rb"(?:r|\\u0072)", rb"(?:s|\\u0073)")
_KEY = re.compile(rb"[\"']" + rb"".join(_LETTERS) + rb"[\"']")
"""The text "crs" in each way that GDAL's JSON parser takes: escaped, or in single quotes."""
_OBJECT = re.compile(rb"\s*(?::\s*(?:\{|/)|/)")
"""Text after the key of an object, including a comment."""
_NAMED = re.compile(
    rb'\s*:\s*\{\s*"type"\s*:\s*"(?:name|EPSG)"\s*,\s*"properties"\s*:\s*\{\s*'
    rb'"(?:name|code)"\s*:\s*(?:"([\w:./ -]*)"|(\d+))\s*\}\s*\}'
)
_SCALAR = rb'"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[\w.+-]+)\s*'
_TEXT = rb'"crs"\s*:\s*("[^"\\]*"|\d+|true|false|\[)'
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{\s*(?:" + _SCALAR + rb",\s*)*" + _TEXT)
_LAST = re.compile(rb",\s*" + _TEXT + rb"\s*(?:,\s*" + _SCALAR + rb")*\}\s*\Z")
_END = 10_000
"""Bytes at a file's end searched for a "crs" after the features."""
DEGREES = ("CRS84", "EPSG:4326")
GEOJSON_HINT = 'Save it in longitude and latitude, without "crs"'


def check_crs(path: Path) -> None:
    """Reject a GeoJSON file whose coordinate system is not given by name.

    The whole file is searched as bytes: each "crs" that begins an object must be
    `{"type": "name", "properties": {"name": ...}}`. A "crs" of the file itself must be an object.

    Raises
    ------
    InputError
        If a coordinate system is given in another way.
    """
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for key in _KEY.finditer(text):
            if _OBJECT.match(text, key.end()) and not _NAMED.match(text, key.end()):
                words = 'gives its coordinate system ("crs") by a link or in an unusual way'
                raise InputError([Fault(words, path.name, hint=GEOJSON_HINT)])
        if _FIRST.match(text) or _LAST.search(text[-_END:]):
            words = 'has a "crs" that is not an object, and that no reader of GeoJSON understands'
            raise InputError([Fault(words, path.name, hint=GEOJSON_HINT)])


def check_known(path: Path, read: str | None) -> None:
    """Reject a GeoJSON file that names another coordinate system than GDAL used.

    GDAL reads a file in degrees if it does not know the name in "crs", and ignores the "crs" of a
    single feature.

    Parameters
    ----------
    path
        A file that `check_crs` accepts.
    read
        The coordinate system that GDAL reads it in.

    Raises
    ------
    InputError
        If a name is unknown or differs from `read`.
    """
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as text:
        matches = (_NAMED.match(text, key.end()) for key in _KEY.finditer(text))
        codes = {match.groups() for match in matches if match}
    for word, code in sorted(codes, key=str):
        name = (b"EPSG:" + code if word is None else word).decode()
        if not _is_same(name, read):
            words = f'names a coordinate system ("crs") that is not supported: {name or "no name"}'
            raise InputError([Fault(words, path.name, hint=GEOJSON_HINT)])


def _is_same(name: str, read: str | None) -> bool:
    if name in DEGREES:
        name = DEGREES[1]
    try:
        stated = pyproj.CRS.from_user_input(name)
        return stated.equals(pyproj.CRS.from_user_input(read), ignore_axis_order=True)
    except pyproj.exceptions.CRSError:
        return False


MOST_TABLES = 2_000
"""Tables, indexes and triggers of one GeoPackage, at most."""
MOST_STEPS = 5_000_000
"""Largest number of steps of SQLite's virtual machine to read the schema."""
PLAIN_VIEWS = frozenset({"st_spatial_ref_sys", "st_geometry_columns"})
"""Views of version 1.0 of the standard, which are never read here."""
_RTREE = re.compile(r"create\s+virtual\s+table\s+\S+\s+using\s+rtree\s*\(", re.IGNORECASE)
_QUOTED = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]""")
GEOPACKAGE_HINT = "Save the layer as a new GeoPackage: in QGIS, Export, Save Features As"

Schema = list[tuple[str, str, str]]
"""Type, name and SQL of each thing in a database."""


def check_geopackage(path: Path) -> None:
    """Refuse a GeoPackage that holds SQL which reading it would run.

    Views, virtual tables other than spatial indexes, and computed columns are refused. Triggers
    are allowed: every GeoPackage has some, they run only when rows are written, and layers are
    opened read-only.

    Raises
    ------
    InputError
        For everything that is refused, and if the file is not a valid SQLite database.
    """
    try:
        with closing(_opened(path)) as database:
            faults = [
                Fault(words, path.name, hint=GEOPACKAGE_HINT) for words in _problems(database)
            ]
    except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
        words = f"cannot be read: its database is damaged ({error})"
        raise InputError([Fault(words, path.name, hint=GEOPACKAGE_HINT)]) from None
    if faults:
        raise InputError(faults)


def _opened(path: Path) -> sqlite3.Connection:
    """Open the database so that none of its code runs and no other file is changed."""
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    steps = iter(range(MOST_STEPS // 1_000))
    database.set_progress_handler(lambda: next(steps, None) is None, 1_000)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA cell_size_check = ON")
    return database


def _problems(database: sqlite3.Connection) -> Iterable[str]:
    """Return the reasons why the database is refused."""
    query = "SELECT type, name, coalesce(sql, '') FROM sqlite_master LIMIT ?"
    schema: Schema = database.execute(query, (MOST_TABLES + 1,)).fetchall()
    if len(schema) > MOST_TABLES:
        yield f"holds more than {MOST_TABLES:,} tables and indexes"
        return
    views = [name for kind, name, _ in schema if kind == "view" and name not in PLAIN_VIEWS]
    if views:
        yield f"holds views, stored SQL that is not run here: {shortened(views)}"
    tables = [(name, sql) for kind, name, sql in schema if kind == "table"]
    virtual = [name for name, sql in tables if _is_virtual(sql) and not _RTREE.match(sql.strip())]
    if virtual:
        yield f"holds virtual tables, which are not read here: {shortened(virtual)}"
    computed = [name for name, sql in tables if not _is_virtual(sql) and _is_computed(sql)]
    if computed:
        yield f"holds tables with computed columns, which are not run here: {shortened(computed)}"


def _is_virtual(sql: str) -> bool:
    return re.match(r"\s*create\s+virtual\b", sql, re.IGNORECASE) is not None


def _is_computed(sql: str) -> bool:
    """Whether a table has generated columns: `AS (` outside quotes and comments."""
    plain = _QUOTED.sub("x", re.sub(r"--[^\n]*|/\*.*?\*/", " ", sql, flags=re.DOTALL))
    return re.search(r"\bas\s*\(", plain, re.IGNORECASE) is not None


DRIVERS = {
    ".gpkg": ("GPKG",),
    ".geojson": ("GeoJSON", "ESRIJSON"),
    ".json": ("GeoJSON", "ESRIJSON"),
    ".shp": ("ESRI Shapefile",),
    ".fgb": ("FlatGeobuf",),
}
"""Ending -> the only GDAL drivers that may read such a file; ArcGIS writes either kind of JSON."""
GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
"""Application ids of a GeoPackage, at byte 68 of its SQLite header (OGC 12-128r18)."""
BESIDE_SHAPEFILE = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".idm", ".ind")
_HEAD_BYTES = 1_000


def check_layer(path: Path) -> tuple[str, ...]:
    """Return the drivers that may read a layer, after a check of its format.

    Parameters
    ----------
    path
        A GeoPackage, GeoJSON, Shapefile or FlatGeobuf, by its ending.

    Returns
    -------
    tuple of str
        GDAL's short names of the drivers.

    Raises
    ------
    InputError
        If the file is not a regular file, is of another format than its ending says, or holds
        what would make its driver run SQL or call an address.
    """
    ending = path.suffix.lower()
    check_regular(path)
    if "!" in str(path.resolve()) or path.resolve().as_posix().startswith("/vsi"):
        hint = "Move it to a folder whose name has no ! and does not begin with /vsi"
        raise InputError([Fault("lies in a folder that GDAL cannot open", path.name, hint=hint)])
    with path.open("rb") as opened:
        start = opened.read(_HEAD_BYTES)
    if not _STARTS[ending](start):
        words = f"cannot be read: it is not a {ending[1:]} file, or is damaged"
        hint = "Give a file of the format that its name says"
        raise InputError([Fault(words, path.name, hint=hint)])
    if ending == ".gpkg":
        check_geopackage(path)
    elif ending in (".geojson", ".json"):
        check_crs(path)
    elif ending == ".shp":
        _check_beside(path)
    return DRIVERS[ending]


def check_regular(path: Path) -> None:
    """Refuse pipes, devices and folders, which would be waited for without end.

    Raises
    ------
    InputError
        If the path is not that of a regular file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise InputError([Fault("is not an ordinary file", path.name, hint="Give a file")])


def _check_beside(path: Path) -> None:
    """Refuse files of a Shapefile that are links out of its folder."""
    home = path.resolve().parent
    strays = [
        near.name
        for near in sorted(path.parent.glob("*"))
        if near.stem.lower() == path.stem.lower()
        and near.suffix.lower() in BESIDE_SHAPEFILE
        and near.resolve().parent != home
    ]
    if strays:
        words = f"has files beside it that lie elsewhere: {', '.join(strays)}"
        hint = "Copy the files of the Shapefile into one folder"
        raise InputError([Fault(words, path.name, hint=hint)])


def _is_geopackage(start: bytes) -> bool:
    return start.startswith(b"SQLite format 3\x00") and start[68:72] in GEOPACKAGE_IDS


def _is_json_object(start: bytes) -> bool:
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def _is_shapefile(start: bytes) -> bool:
    return start[:4] == (9994).to_bytes(4, "big") and start[28:32] == (1000).to_bytes(4, "little")


def _is_flatgeobuf(start: bytes) -> bool:
    return start.startswith(b"fgb\x03fgb")


_STARTS: dict[str, Callable[[bytes], bool]] = {
    ".gpkg": _is_geopackage,
    ".geojson": _is_json_object,
    ".json": _is_json_object,
    ".shp": _is_shapefile,
    ".fgb": _is_flatgeobuf,
}


GIS = (".gpkg", ".geojson", ".json", ".shp", ".fgb")
KNOWN = (
    "GeoPackage (.gpkg), GeoParquet (.parquet), GeoJSON (.geojson), Shapefile (.shp), Excel, ODS "
    "or CSV"
)
BROKEN = (RuntimeError, OSError, ValueError, NameError, shapely.errors.ShapelyError)
"""Errors of GDAL, GEOS and their wrappers for damaged files."""
MOST_FEATURES = 5_000_000
"""Features of one layer, at most; England has about 190,000 output areas."""


def read_layer(
    path: Path, layer: str = "", most: int | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Read a layer, and give what GDAL warned of in words.

    Parameters
    ----------
    path
        GeoPackage, GeoJSON, Shapefile or FlatGeobuf.
    layer
        Name of the layer in a file with several; empty = the only one.
    most
        Number of features to read, from the first.

    Raises
    ------
    InputError
        If the file is of another format than its ending says, damaged, too large, or would
        make GDAL run SQL, read another file or call an address.
    """
    path = Path(path)
    drivers = check_layer(path)
    restrict_drivers(VECTOR_DRIVERS | WRITE_DRIVERS)
    whole = path.resolve()
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            about = _about(whole, layer, drivers)
            _check_size(about, path.name, drivers)
            if about["driver"] == "GeoJSON":
                check_known(whole, about["crs"])
            frame = pyogrio.read_dataframe(whole, layer=about["layer_name"], max_features=most)
    except InputError:
        raise
    except (pyproj.exceptions.CRSError, pyogrio.errors.CRSError):
        words = "is in a coordinate system that is not supported"
        raise InputError([Fault(words, path.name, hint="Save it in EPSG:27700")]) from None
    except BROKEN as error:
        first = str(error).partition("\n")[0].replace(str(whole), path.name)
        strange = "not recognized" in first
        why = f"it is not a {path.suffix[1:]} file, or is damaged" if strange else first
        hint = f"Give {KNOWN}"
        raise InputError([Fault(f"cannot be read: {why}", path.name, hint=hint)]) from None
    return frame, tuple(sorted({f"in reading: {warning.message}" for warning in warned}))


def _about(path: Path, layer: str, drivers: tuple[str, ...]) -> dict[str, Any]:
    """Return GDAL's facts about the layer; GDAL parses a GeoJSON file completely for this."""
    if "GPKG" in drivers:
        listed = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
        names = [name for name, kind in listed if kind] or [name for name, _ in listed]
        about: dict[str, Any] = pyogrio.read_info(path, layer=_chosen(names, layer, path.name))
    else:
        about = pyogrio.read_info(path)
        _chosen([str(about["layer_name"])], layer, path.name)
    return about


def _chosen(names: list[str], layer: str, file: str) -> str:
    if layer in names or len(names) == 1:
        return layer if layer in names else names[0]
    hint = 'Say which in the column map: layer = "..."'
    if not names:
        raise InputError([Fault("holds no layer", file)])
    if layer:
        words = f"has no layer {layer}; it holds {', '.join(names)}"
    else:
        words = f"holds several layers: {', '.join(names)}"
    raise InputError([Fault(words, file, hint=hint)])


def _check_size(about: dict[str, Any], file: str, drivers: tuple[str, ...]) -> None:
    """Refuse a layer of another driver, or with more columns or features than any table has."""
    faults = []
    if about["driver"] not in drivers:
        faults.append(Fault(f"is read as {about['driver']}, not as {drivers[0]}", file))
    if len(about["fields"]) > MOST_COLUMNS:
        words = f"has {len(about['fields']):,} columns, more than {MOST_COLUMNS:,}"
        faults.append(Fault(words, file, hint="Keep the columns that are needed"))
    if about["features"] > MOST_FEATURES:
        words = f"has {about['features']:,} features, more than {MOST_FEATURES:,}"
        faults.append(Fault(words, file, hint="Keep the features of the place"))
    if faults:
        raise InputError(faults)
