"""Sound streets and a sound timetable, and damage in one place of them."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

from pyproj import Transformer

from tests.property.fuzz.differential.tables import Damage, X, Y

TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)


def _degrees(east: float, north: float) -> tuple[float, float]:
    lon, lat = TO_DEGREES.transform(east, north)
    return float(lat), float(lon)


def streets() -> list[str]:
    """Lines of an OSM file: two rows of streets and the rungs between them, a ferry, a turn."""
    lines = ['<?xml version="1.0"?>', '<osm version="0.6">']
    for n in range(10):
        for m in range(2):
            lat, lon = _degrees(X - 200 + 500 * n, Y + 400 * m)
            lines.append(f'<node id="{100 * m + n + 1}" lat="{lat:.7f}" lon="{lon:.7f}"/>')
    way = '<way id="{}">{}{}</way>'
    for number, nodes, tags in [
        (1001, range(1, 11), {"highway": "tertiary", "maxspeed": "30 mph"}),
        (1002, range(101, 111), {"highway": "residential", "oneway": "no"}),
        *((2000 + n, (n, 100 + n), {"highway": "footway", "access": "yes"}) for n in range(1, 11)),
    ]:
        refs = "".join(f'<nd ref="{n}"/>' for n in nodes)
        kept = "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(way.format(number, refs, kept))
    lines.append('<relation id="9"><tag k="type" v="site"/></relation>')
    return [*lines, "</osm>"]


def damage_streets(chance: Random) -> Damage:
    """Damage one node, way or tag."""
    lines = streets()
    nodes = [n for n, line in enumerate(lines) if line.startswith("<node")]
    ways = [n for n, line in enumerate(lines) if line.startswith("<way")]
    at = chance.choice(nodes if chance.random() < 0.4 else ways)
    old = lines[at]
    found = re.search(r'id="(\d+)"', old)
    own = found[1] if found else ""
    if at in nodes:
        new = chance.choice([
            "", re.sub(r'lat="5', 'lat="6', old), re.sub(r'lat="52', 'lat="25', old),
            old.replace("lat", "LAT"), old.replace('lon="', 'lon="9'),
            re.sub(r'lat="([^"]*)" lon="([^"]*)"', r'lat="\2" lon="\1"', old),
            re.sub(r'lat="[^"]*"', 'lat="0"', old), re.sub(r'id="\d+"', 'id="77777"', old),
            old.replace("/>", '><tag k="barrier" v="locked_gat"/></node>'), old + old,
        ])  # fmt: skip
    else:
        new = chance.choice([
            old.replace("tertiary", "tertary").replace("residential", "residental")
            .replace("footway", "fotway"), old.replace('v="30 mph"', 'v="30 mphh"'),
            old.replace('v="no"', 'v="yess"'), old.replace('k="access" v="yes"',
            'k="access" v="privat"'), re.sub(r'<nd ref="\d+"/>', '<nd ref="999"/>', old, count=1),
            re.sub(r'(<nd ref="\d+"/>)', "", old), old.replace('k="highway"', 'k="higway"'),
            re.sub(r'id="\d+"', 'id="1001"', old), old + old, old.replace("</way>", ""),
            re.sub(r'v="30 mph"', 'v="3000"', old),
        ])  # fmt: skip
    lines[at] = new
    values = re.findall(r'v="([^"]*)"', new)
    return Damage("streets.osm", "\n".join(lines).encode(), f"{old[:60]} -> {new[:90]}",
                  (own, *values, "Streets", "streets.osm"))  # fmt: skip


def timetable() -> dict[str, str]:
    """Files of a small feed: a bus every 20 minutes along the areas."""
    stops = [("P", X + 50), ("Q", X + 1800), ("R", X + 3400)]
    times = []
    trips = [f"t{n}" for n in range(13)]
    for n, trip in enumerate(trips):
        for m, (stop, _) in enumerate(stops):
            clock = 390 + 20 * n + 4 * m
            at = f"{clock // 60:02d}:{clock % 60:02d}:00"
            times.append(f"{trip},{at},{at},{stop},{m + 1}")
    lines = {
        "agency.txt": ["agency_id,agency_name,agency_url,agency_timezone",
                       "A,Bus,http://x.uk,Europe/London"],
        "stops.txt": ["stop_id,stop_name,stop_lat,stop_lon", *(
            "{0},{0},{1:.6f},{2:.6f}".format(stop, *_degrees(east, Y + 30)) for stop, east in stops
        )],
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", "1,A,1,3"],
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            "W,1,1,1,1,1,0,0,20250106,20350330",
        ],
        "trips.txt": ["route_id,service_id,trip_id", *(f"1,W,{trip}" for trip in trips)],
        "stop_times.txt": ["trip_id,arrival_time,departure_time,stop_id,stop_sequence", *times],
    }  # fmt: skip
    return {name: "\n".join(rows) + "\n" for name, rows in lines.items()}


def damage_timetable(chance: Random) -> Damage:
    """Damage one cell, row or member of a feed."""
    files = timetable()
    file = chance.choice(["stops.txt", "stops.txt", "stop_times.txt", "stop_times.txt",
                          "trips.txt", "calendar.txt", "routes.txt"])  # fmt: skip
    rows = [line.split(",") for line in files[file].splitlines()]
    if chance.random() < 0.1:
        del files[file]
        return Damage("gtfs.zip", pack(files), f"{file} left out", (file,))
    row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]))
    heading, old, own = rows[0][column], rows[row][column], rows[row][0]
    if heading in ("stop_name", "agency_name", "route_short_name"):
        column, heading, old = 0, rows[0][0], rows[row][0]
    new = chance.choice([
        "", "x", f"{old} ", f" {old}", f"{old}9", "0", f"-{old}", "99:99:99", "20251399",
        old.replace("0", "O"), "2", f'"{old}"',
    ])  # fmt: skip
    way = chance.randrange(4)
    if way == 0:
        rows.append(list(rows[row]))
        new = "twice"
    elif way == 1:
        rows[row] = rows[row][:-1]
        new = "cut"
    else:
        rows[row][column] = new
    files[file] = "\n".join(",".join(cells) for cells in rows) + "\n"
    words = f"{file} row {row + 1}, {heading}: {old!r} -> {new!r}"
    return Damage("gtfs.zip", pack(files), words, (f"row {row + 1}", own, file))


def pack(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return out.getvalue()
