"""GeoJSON: refuse coordinate systems that are a link, which GDAL would fetch."""

from __future__ import annotations

import mmap
import re
from pathlib import Path

from nhcplanner.base.errors import Fault, InputError

_LETTERS = (rb"(?:c|\\u0063)", rb"(?:r|\\u0072)", rb"(?:s|\\u0073)")
_KEY = re.compile(rb"[\"']" + rb"".join(_LETTERS) + rb"[\"']")
"""The text "crs" in each way that GDAL's JSON parser takes: escaped, or in single quotes."""
_OBJECT = re.compile(rb"\s*(?::\s*(?:\{|/)|/)")
"""What follows the key of an object, also where a comment stands between."""
_NAMED = re.compile(
    rb'\s*:\s*\{\s*"type"\s*:\s*"(?:name|EPSG)"\s*,\s*"properties"\s*:\s*\{\s*'
    rb'"(?:name|code)"\s*:\s*(?:"[\w:./ -]*"|\d+)\s*\}\s*\}'
)
MEND = 'Save it in longitude and latitude, without "crs"'


def check_crs(path: Path) -> None:
    """Refuse a GeoJSON file that names a coordinate system otherwise than by name.

    The file is searched as bytes, whatever its size: each "crs" that begins an object must be
    `{"type": "name", "properties": {"name": ...}}`.

    Raises
    ------
    InputError
        Where one is not.
    """
    with path.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as text:
        for key in _KEY.finditer(text):
            if _OBJECT.match(text, key.end()) and not _NAMED.match(text, key.end()):
                words = 'gives its coordinate system ("crs") by a link or in an unusual way'
                raise InputError([Fault(words, path.name, hint=MEND)])
