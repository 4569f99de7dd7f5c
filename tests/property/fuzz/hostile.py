"""Hostile: input that somebody who means harm would bring, one of each kind, and how it comes in.

Each is brought by the command line and, where the app takes such files, as an upload. It must be
refused in words or used as plain data, within the limits, and touch nothing beside.
"""

from __future__ import annotations

import gzip
import io
import os
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tests.property.fuzz.dictionary import filled
from tests.property.fuzz.watch import VARIABLE

HEAD = "site_id,site_name,kind,status,easting,northing\n"
ROW = "S1,Hall,hall,candidate,450500,520500\n"
BIG = 200_000_000

Make = Callable[[Path], None]
"""Writes the hostile file into a folder that holds the originals."""


@dataclass(frozen=True)
class Hostile:
    """An input that means harm.

    Parameters
    ----------
    file
        Name of the file that is brought.
    make
        Writes it.
    option
        Option of `build` that takes it; "plan" where a place folder is planned by it as a
        scenario, "place" where it is a packed place.
    is_list
        Whether the app takes it as a list of buildings.
    """

    file: str
    make: Make
    option: str = "--sites"
    is_list: bool = True


def _text(name: str, text: str) -> Make:
    return lambda folder: (folder / name).write_text(filled(text), encoding="utf-8") and None


def _bytes(name: str, content: Callable[[], bytes]) -> Make:
    def make(folder: Path) -> None:
        (folder / name).write_bytes(content())

    return make


def _members(name: str, change: Callable[[dict[str, bytes]], object]) -> Make:
    """A zip of the originals with its members changed."""

    def make(folder: Path) -> None:
        with zipfile.ZipFile(folder / name) as packed:
            members = {one.filename: packed.read(one) for one in packed.infolist()}
        change(members)
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as packed:
            for one, content in members.items():
                packed.writestr(one, content)

    return make


def _sheet(old: str, new: str) -> Make:
    def change(members: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        members[name] = members[name].replace(old.encode(), filled(new).encode(), 1)

    return _members("sites.xlsx", change)


def _external_workbook(members: dict[str, bytes]) -> None:
    target = filled("@URL@book.xlsx")
    members["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>'
    )
    members["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        f'relationships/externalLinkPath" Target="{target}" TargetMode="External"/></Relationships>'
    ).encode()


def _symlink(folder: Path) -> None:
    with zipfile.ZipFile(folder / "place.zip", "a") as packed:
        link = zipfile.ZipInfo("place/notes.toml")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, filled("@SECRET@"))


def _overlap() -> bytes:
    """An archive whose 2,000 entries all share the bytes of one member of 20 MB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("place/place.toml", b"a" * 20_000_000)
    raw = made.getvalue()
    start = raw.index(b"PK\x01\x02")
    central, end = raw[start : raw.index(b"PK\x05\x06")], raw[raw.index(b"PK\x05\x06") :]
    count = 2_000
    head, size, offset = end[:8], len(central) * count, start
    tail = head + struct.pack("<HHIIH", count, count, size, offset, 0)
    return raw[:start] + central * count + tail


def _pbf_claims() -> bytes:
    """A block of OpenStreetMap that claims to unpack to 2 GB."""
    packed = zlib.compress(b"\x00" * 1000)
    blob = b"\x10" + _varint(2**31 - 1) + b"\x1a" + _varint(len(packed)) + packed
    head = b"\x0a\x09OSMHeader\x18" + _varint(len(blob))
    return struct.pack(">I", len(head)) + head + blob


def _varint(value: int) -> bytes:
    found = b""
    while value > 127:
        found += bytes([value & 127 | 128])
        value >>= 7
    return found + bytes([value])


def _geopackage(change: Callable[[sqlite3.Connection], object]) -> Make:
    def make(folder: Path) -> None:
        base = sqlite3.connect(folder / "sites.gpkg")
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type='trigger'"):
            base.execute(f'DROP TRIGGER "{trigger}"')
        change(base)
        base.commit()
        base.close()

    return make


def _many_points(base: sqlite3.Connection) -> None:
    shape = b"GP\x00\x01" + struct.pack("<i", 27700) + b"\x01" + struct.pack("<II", 2, 2**31 - 1)
    base.execute("UPDATE sites SET geom = ?", (shape + b"\x00" * 64,))


def _grid_file(base: sqlite3.Connection) -> None:
    words = filled(
        'BOUNDCRS[SOURCECRS[GEOGCRS["x",DATUM["x",ELLIPSOID["x",6377563,299.3]],CS[ellipsoidal,2],'
        'AXIS["a",north],AXIS["b",east],ANGLEUNIT["degree",0.0174532925199433]]],TARGETCRS['
        'GEOGCRS["WGS 84",DATUM["x",ELLIPSOID["x",6378137,298.257]],CS[ellipsoidal,2],AXIS["a",'
        'north],AXIS["b",east],ANGLEUNIT["degree",0.0174532925199433]]],ABRIDGEDTRANSFORMATION["x",'
        'METHOD["NTv2"],PARAMETERFILE["Latitude and longitude difference file","@SECRET@"]]]'
    )
    base.execute("UPDATE gpkg_spatial_ref_sys SET definition = ? WHERE srs_id > 0", (words,))


def _rows_of_one_value() -> bytes:
    """Twenty million rows of one long text in some kilobytes."""
    made = io.BytesIO()
    cell = pa.array(["x" * 1000], pa.string())
    column = pa.DictionaryArray.from_arrays(np.zeros(20_000_000, np.int32), cell)
    names = ("site_id", "site_name", "easting", "northing")
    pq.write_table(pa.table(dict.fromkeys(names, column)), made, compression="zstd")
    return made.getvalue()


def _odd_metadata(folder: Path) -> None:
    layer = gpd.read_parquet(folder / "areas.parquet")
    layer.to_parquet(folder / "areas.parquet")
    table = pq.read_table(folder / "areas.parquet")
    deep = '{"columns": {"geometry": {"encoding": "WKB", "crs": ' + "[" * 50_000
    table = table.replace_schema_metadata({**(table.schema.metadata or {}), b"geo": deep.encode()})
    pq.write_table(table, folder / "areas.parquet")


def _frequencies(members: dict[str, bytes]) -> None:
    members["frequencies.txt"] = (
        b"trip_id,start_time,end_time,headway_secs\nT0,00:00:00,999999:00:00,1\nT1,07:00:00,"
        b"08:00:00,0\n"
    )


def _calendar(members: dict[str, bytes]) -> None:
    members["calendar.txt"] = members["calendar.txt"].replace(
        b"20250101,20251231", b"00010101,99991231"
    )


def _stops_in_a_circle(members: dict[str, bytes]) -> None:
    members["stops.txt"] = (
        b"stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station\n"
        + b"".join(b"B%d,x,54.57,-1.2,1,B%d\n" % (n, (n + 1) % 6) for n in range(6))
    )


def _fifo(folder: Path) -> None:
    os.mkfifo(folder / "pipe.csv")


def _dbf_claims(folder: Path) -> None:
    raw = bytearray((folder / "areas.dbf").read_bytes())
    raw[4:8] = struct.pack("<I", 2**32 - 1)
    (folder / "areas.dbf").write_bytes(raw)


def _manifest(folder: Path) -> None:
    def change(members: dict[str, bytes]) -> None:
        text = members["place/place.toml"].decode()
        members["place/place.toml"] = (
            filled('streets = "@SECRET@"\nmatrix = "../../secret/secret.csv"\n') + text
        ).encode()

    _members("place.zip", change)(folder)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE osm ['
    '<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    + "]><osm version='0.6'><node id='1' lat='54' lon='-1'><tag k='n' v='&a12;'/></node></osm>"
)
FEATURE = (
    '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"%s"}},"features":['
    '{"type":"Feature","properties":{"site_id":"S1","site_name":"x","kind":"hall"},"geometry":'
    '{"type":"Point","coordinates":[%s]}}]}'
)
HOSTILE: Mapping[str, Hostile] = MappingProxyType({
    "workbook linked to a workbook elsewhere": Hostile("sites.xlsx", _members(
        "sites.xlsx", _external_workbook)),
    "workbook with a web formula": Hostile("sites.xlsx", _sheet(
        "</row>", '<c r="Z1"><f>WEBSERVICE("@URL@")</f><v>1</v></c></row>')),
    "workbook with an external entity": Hostile("sites.xlsx", _sheet(
        "<worksheet", '<!DOCTYPE w [<!ENTITY x SYSTEM "file://@SECRET@">]><worksheet')),
    "workbook that claims every cell there can be": Hostile("sites.xlsx", _sheet(
        '<dimension ref="A1:I5"/>', '<dimension ref="A1:XFD1048576"/>')),
    "workbook with a cell in its farthest corner": Hostile("sites.xlsx", _sheet(
        "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
    "workbook that is an old one's first bytes": Hostile("sites.xls", _bytes(
        "sites.xls", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 5_000)),
    "list in UTF-16 that does not say so": Hostile("sites.csv", _bytes(
        "sites.csv", lambda: (HEAD + ROW).encode("utf-16-le"))),
    "list with a quotation never closed": Hostile("sites.csv", _text(
        "sites.csv", HEAD + 'S1,"' + "x\n" * 2_000_000)),
    "list of 200,000 wrong rows": Hostile("sites.csv", _text(
        "sites.csv", HEAD + "S1,x,x,x,x,x\n" * 200_000)),
    "list with Python's own names for columns": Hostile("sites.csv", _text(
        "sites.csv", f"__class__,__dict__,{HEAD[:-1]},geometry,index,site_id\n"
        f"x,x,{ROW[:-1]},x,1,S1\n")),
    "list with a name of a million marks": Hostile("sites.csv", _text(
        "sites.csv", HEAD + f"S1,H{chr(0x301) * 1_000_000},hall,candidate,450500,520500\n")),
    "list of figures in other alphabets": Hostile("sites.csv", _text(
        "sites.csv", HEAD + "S1,Hall,hall,candidate,٤٥٠٥٠٠,５２０５００\n")),  # noqa: RUF001
    "packed table of 200 MB": Hostile("areas.csv.gz", _bytes(
        "areas.csv.gz", lambda: gzip.compress(b"a,b\n" * (BIG // 4), 1)), "--areas", is_list=False),
    "layer nested 100,000 deep": Hostile("sites.geojson", _text(
        "sites.geojson", FEATURE % ("x", "[" * 100_000 + "]" * 100_000))),
    "layer with places beyond numbers": Hostile("sites.geojson", _text(
        "sites.geojson", FEATURE % ("EPSG:27700", "1e400,-1e400"))),
    "layer in coordinates that name a file": Hostile("sites.geojson", _text(
        "sites.geojson", FEATURE % ("+proj=longlat +nadgrids=@SECRET@ +type=crs", "-1.2,54.5"))),
    "layer in coordinates that name an address": Hostile("sites.geojson", _text(
        "sites.geojson", FEATURE % ("@URL@crs", "-1.2,54.5"))),
    "GeoPackage of a shape of 2 thousand million points": Hostile("sites.gpkg", _geopackage(
        _many_points)),
    "GeoPackage whose coordinates name a grid file": Hostile("sites.gpkg", _geopackage(_grid_file)),
    "GeoPackage with a layer named as SQL": Hostile("sites.gpkg", _geopackage(
        lambda base: base.execute(
            "UPDATE gpkg_contents SET identifier = 'x''); DROP TABLE sites; --'"))),
    "shapefile that claims 4 thousand million rows": Hostile(
        "areas.shp", _dbf_claims, "--areas", is_list=False),
    "shapefile in an encoding that is a path": Hostile("areas.shp", _text(
        "areas.cpg", "../../../../@SECRET@"), "--areas", is_list=False),
    "Parquet of one value 20 million times": Hostile("sites.parquet", _bytes(
        "sites.parquet", _rows_of_one_value)),
    "Parquet with metadata nested 50,000 deep": Hostile(
        "areas.parquet", _odd_metadata, "--areas", is_list=False),
    "Parquet whose end claims more than there is": Hostile("areas.parquet", _bytes(
        "areas.parquet", lambda: b"PAR1" + b"\x00" * 100 + struct.pack("<I", 2**31 - 1) + b"PAR1"),
        "--areas", is_list=False),
    "timetable of a bus every second for a century": Hostile(
        "gtfs.zip", _members("gtfs.zip", _frequencies), "--gtfs", is_list=False),
    "timetable for ten thousand years": Hostile(
        "gtfs.zip", _members("gtfs.zip", _calendar), "--gtfs", is_list=False),
    "timetable of stops that are each other's parents": Hostile(
        "gtfs.zip", _members("gtfs.zip", _stops_in_a_circle), "--gtfs", is_list=False),
    "streets with entities that multiply": Hostile("streets.osm", _text(
        "streets.osm", LAUGHS), "--streets", is_list=False),
    "streets whose block claims 2 GB": Hostile("streets.osm.pbf", _bytes(
        "streets.osm.pbf", _pbf_claims), "--streets", is_list=False),
    "streets that are a page of the web": Hostile("streets.graphml", _text(
        "streets.graphml", "<html><body onload='x()'>@URL@</body></html>"), "--streets",
        is_list=False),
    "pipe that nobody writes into": Hostile("pipe.csv", _fifo, is_list=False),
    "device that never ends": Hostile("/dev/zero", lambda folder: None, "--areas", is_list=False),
    "column map of another place on the disk": Hostile("columns.toml", _text(
        "columns.toml", '[place]\nname = "../../x"\n[areas]\npeople = "__class__"\n'
        '[tables."@SECRET@"]\nx = "y"\n'), "--columns", is_list=False),
    "scenario whose speeds are a secret file": Hostile("scenario.toml", _text(
        "scenario.toml", 'count = 2\nprofile = "@SECRET@"\n'), "plan", is_list=False),
    "scenario that names the environment": Hostile("scenario.toml", _text(
        "scenario.toml", f'count = 2\ntitle = "${{{VARIABLE}}} %{VARIABLE}% {{0.__class__}}"\n'),
        "plan", is_list=False),
    "packed place with a link out of it": Hostile("place.zip", _symlink, "place", is_list=False),
    "packed place of 2,000 members in the same bytes": Hostile(
        "place.zip", _bytes("place.zip", _overlap), "place", is_list=False),
    "packed place that names files outside it": Hostile(
        "place.zip", _manifest, "place", is_list=False),
})  # fmt: skip
"""Every hostile input by what it is."""
