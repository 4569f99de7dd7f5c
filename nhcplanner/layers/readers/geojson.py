"""GeoJSON: reject coordinate systems that GDAL fetches from a link or does not know."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

import pyproj

from nhcplanner.base.errors import Fault, InputError

_LETTERS = (rb"(?:c|\\u0063)", rb"(?:r|\\u0072)", rb"(?:s|\\u0073)")
_KEY = re.compile(rb"[\"']" + rb"".join(_LETTERS) + rb"[\"']")
"""The text "crs" in each way that GDAL's JSON parser takes: escaped, or in single quotes."""
_OBJECT = re.compile(rb"\s*(?::\s*(?:\{|/)|/)")
"""What follows the key of an object, also where a comment stands between."""
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
MEND = 'Save it in longitude and latitude, without "crs"'


def check_crs(path: Path) -> None:
    """Reject a GeoJSON file whose coordinate system is not given by name.

    The file is searched as bytes, whatever its size: each "crs" that begins an object must be
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
                raise InputError([Fault(words, path.name, hint=MEND)])
        if _FIRST.match(text) or _LAST.search(text[-_END:]):
            words = 'has a "crs" that is not an object, and that no reader of GeoJSON understands'
            raise InputError([Fault(words, path.name, hint=MEND)])


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
        named = {match.groups() for match in matches if match}
    for word, code in sorted(named, key=str):
        name = (b"EPSG:" + code if word is None else word).decode()
        if not _is_same(name, read):
            words = f'names a coordinate system ("crs") that is not supported: {name or "no name"}'
            raise InputError([Fault(words, path.name, hint=MEND)])


def _is_same(name: str, read: str | None) -> bool:
    if name in DEGREES:
        name = DEGREES[1]
    try:
        named = pyproj.CRS.from_user_input(name)
        return named.equals(pyproj.CRS.from_user_input(read), ignore_axis_order=True)
    except pyproj.exceptions.CRSError:
        return False
