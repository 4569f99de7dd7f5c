"""Formats: whether a file is what its ending says, by its first bytes."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.readers.geojson import check_crs
from nhcplanner.layers.readers.geopackage import check_geopackage

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
_SHOWN = 1_000


def check_layer(path: Path) -> tuple[str, ...]:
    """Say which drivers may read a layer, once the file shows itself to be of that format.

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
        Where the file is no regular file, is of another format than its ending says, or holds
        what would make its driver run SQL or call an address.
    """
    ending = path.suffix.lower()
    check_regular(path)
    if "!" in str(path.resolve()) or path.resolve().as_posix().startswith("/vsi"):
        hint = "Move it to a folder whose name has no ! and does not begin with /vsi"
        raise InputError([Fault("lies in a folder that GDAL cannot open", path.name, hint=hint)])
    with path.open("rb") as opened:
        start = opened.read(_SHOWN)
    if not _STARTS[ending](start):
        words = f"cannot be read: it is no {ending[1:]} file, or is damaged"
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
        Where the path leads to something else than a file.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise InputError([Fault("is no ordinary file", path.name, hint="Give a file")])


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
