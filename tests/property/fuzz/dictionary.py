"""Dictionary: cells, figures, leaves, shapes and whole documents that harm is done with.

`@URL@`, `@PORT@` and `@SECRET@` stand for what `Lures` names; `filled` puts it in.
"""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np
import shapely

from tests.property.fuzz import canaries
from tests.property.fuzz.watch import VARIABLE, Lures

LURES = Lures()
"""What is pointed to in this process; `use` changes it."""

CELLS = (
    "", " ", "nan", "NaN", "inf", "-inf", "1e400", "1e308", "-1", "0", "-0.0", "0.5", "1,5",
    "99999999999999999999999", "9223372036854775808", "TBC", "#REF!", "=1+1", "=cmd|' /C calc'!A0",
    "@SUM(1)", "+44 20", "<script>alert(1)</script>", "</td><b>", "{{7*7}}", "${HOME}", "%s%n",
    "../../../etc/passwd", "C:\\Windows\\win.ini", "nul", "\ufeff", "\u202egpj.exe", "\u0000", "é",
    "\N{PILE OF POO}", "a\nb", 'say "so"', "E01000001", "W01000001", "E0100", "2025-02-30",
    "1900-01-01", "25:61:61", "999999:00:00", "TQ 30 80", "ZZ99 9ZZ", "SW1A 1AA", "True", "none",
    "[]", "{", "existing", "walk", "x" * 70_000,
    "%{", "{{", "{%", "#{7*7}", "${{7*7}}", f"%{{{VARIABLE}}}", f"${{{VARIABLE}}}", f"${VARIABLE}",
    "/vsicurl/@URL@", "/vsicurl_streaming/@URL@", "/vsizip/@SECRET@", "@SECRET@", "file://@SECRET@",
    "@URL@", "PG:host=127.0.0.1 port=@PORT@", "MYSQL:x,host=127.0.0.1,port=@PORT@",
    "WFS:@URL@", "\\\\127.0.0.1@PORT@\\x", "+1+1", "-1+1|cmd", "\t=1+1", "\r=1+1", "\uff1d1+1",
    "\u202eabc\u202c", "\u2066x\u2069", "a\u200bb", "\ufffe", "/proc/self/environ",
    *canaries.NAMES,
)  # fmt: skip
NUMBERS = (np.nan, np.inf, -np.inf, -1, 0, 0.5, 1e308, -1e308, 2**62, 1e-300)
LEAVES = (None, True, False, 0, -1, 1.5, 1e308, 2**70, "", "x", "<b>", "../..", "a\x00b", [], {},
          [[]], ["x", 1], {"x": {}}, "y" * 70_000, "nan", "2025-02-30", "@SECRET@", "@URL@",
          "/vsicurl/@URL@", f"${VARIABLE}", *canaries.NAMES)  # fmt: skip
SHAPES = (
    None, shapely.Point(), shapely.Polygon(), shapely.Point(np.nan, 1), shapely.Point(np.inf, 0),
    shapely.Point(1e300, -1e300), shapely.Point(0, 0), shapely.Point(450_500, 520_500, 3),
    shapely.LineString([(0, 0), (1, 1)]), shapely.MultiPoint([(450_500, 520_500), (1, 1)]),
    shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), shapely.box(0, 0, 7e5, 1.3e6),
    shapely.Polygon([(450_000, 520_000)] * 4), shapely.GeometryCollection(),
    shapely.GeometryCollection([shapely.Point(450_500, 520_500), shapely.box(0, 0, 1, 1)]),
)  # fmt: skip
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">'
    b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]><a>&d;&e;</a>'
)
_VRT = (
    "<OGRVRTDataSource><OGRVRTLayer name='{layer}'><SrcDataSource relativeToVRT='0'>{source}"
    "</SrcDataSource><GeometryType>wkbPoint</GeometryType><LayerSRS>EPSG:27700</LayerSRS>"
    "<GeometryField encoding='PointFromColumns' x='easting' y='northing'/>"
    "</OGRVRTLayer></OGRVRTDataSource>"
)
_PIPELINE = '{{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read {} ! x"}}'
_SERVICE = "<OGRWFSDataSource><URL>@URL@wfs</URL></OGRWFSDataSource>"
_ATOM = "<?xml version='1.0'?><!DOCTYPE k [<!ENTITY x SYSTEM '{}'>]>{}"
_KML = (
    "<kml xmlns='http://www.opengis.net/kml/2.2'><NetworkLink><Link><href>@URL@</href></Link>"
    "</NetworkLink><Placemark><name>&x;</name><Point><coordinates>-1.2,54.5</coordinates></Point>"
    "</Placemark></kml>"
)
_OSM = "<osm version='0.6'><node id='1' lat='54.5' lon='-1.2' version='1'><tag k='name' v='&x;'/>\
</node></osm>"
DOCUMENTS = (
    _VRT.format(layer="secret", source="@SECRET@"),
    _VRT.format(layer="secret", source="/vsicurl/@URL@sites.csv"),
    _VRT.format(layer="secret", source="CSV:@SECRET@"),
    _VRT.format(layer="x", source="PG:host=127.0.0.1 port=@PORT@ dbname=x"),
    _VRT.format(layer="x", source="/proc/self/environ"),
    _PIPELINE.format("@SECRET@"),
    _PIPELINE.format("/vsicurl/@URL@"),
    (
        '{"type": "FeatureCollection", "features": [], "crs": {"type": "link", "properties": '
        '{"href": "@URL@", "type": "proj4"}}}'
    ),
    _SERVICE,
    f"@URL@\n{_SERVICE}",
    "/vsicurl/@URL@",
    "WFS:@URL@",
    "OAPIF:@URL@",
    "PG:host=127.0.0.1 port=@PORT@",
    "<GDAL_WMS><Service name='WMS'><ServerUrl>@URL@</ServerUrl></Service></GDAL_WMS>",
    "<WFS_Capabilities version='1.1.0'><URL>@URL@</URL></WFS_Capabilities>",
    '{"spatialReference": {"wkid": 27700}, "features": "@URL@"}',
    "<?xml version='1.0'?><?xml-stylesheet href='@URL@'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    _ATOM.format("file://@SECRET@", _KML),
    _ATOM.format("@URL@", _OSM),
    _ATOM.format("file://@SECRET@", _OSM),
    (
        "<graphml xmlns='http://graphml.graphdrawing.org/xmlns' xmlns:xi='http://www.w3.org/2001/"
        "XInclude'><xi:include href='@SECRET@' parse='text'/><graph edgedefault='directed'/>"
        "</graphml>"
    ),
)
"""Documents that name another file or address, which whoever opens them by content then reads."""


def use(lures: Lures) -> None:
    """Let the dictionary point to these from now on."""
    global LURES  # noqa: PLW0603 - one process tries one case at a time
    LURES = lures


def filled(value: Any) -> Any:
    """A value of the dictionary with its marks replaced."""
    if not isinstance(value, str):
        return value
    found = value.replace("@URL@", LURES.url).replace("@PORT@", LURES.port)
    return found.replace("@SECRET@", LURES.secret)


def cell(chance: Random) -> str:
    """A cell of the dictionary."""
    return str(filled(chance.choice(CELLS)))


def document(chance: Random) -> bytes:
    """A document of the dictionary."""
    return str(filled(chance.choice(DOCUMENTS))).encode()
