"""Silent differences: a sound input damaged in one place must never change figures without a word.

    python -m tests.property.fuzz.differential [--cases 500] [--seed 1] [--door NAME] [--number N]

Each case damages one place of one file: a cell, a row, a heading, a tag, a member of a zip. The
place that is then built must have the same figures; or the build is refused or asks a question; or
what it reports has a line more that names the place of the damage. Anything else is a silent
difference. Damage that makes another sound input (a 5 for a 6) is no damage, and is not tried.
"""

# ruff: noqa: T201 - it prints

from __future__ import annotations

import argparse
import csv
import io
import re
import sys
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

import numpy as np
import pandas as pd
from pyproj import Transformer

from nhcplanner import layers, workflow
from nhcplanner.base import reader
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario

Rows = list[list[str]]
CODES = [f"E0100{1000 + n}" for n in (1, 2, 3, 5, 6, 7)]
X, Y = 486_000, 308_500
TO_DEGREES = Transformer.from_crs(27700, 4326, always_xy=True)
AREAS: Rows = [
    ["LSOA21CD", "LSOA name", "People", "Easting", "Northing", "UTLA23CD", "IMD rank",
     "IMD decile", "Households without a car (%)"],
    *([code, f"Square {n}", str(1100 + 137 * n), str(X + 700 * n + 13), str(Y + 17), "E06000017",
       str(2500 + 5000 * n), str(int((2500 + 5000 * n) * 10 / 33755) + 1), str(12.5 + n)]
      for n, code in enumerate(CODES)),
]  # fmt: skip
SITES: Rows = [
    ["Site id", "Site", "Kind", "Status", "Easting", "Northing", "Capital cost", "Cost date",
     "Floor area (m2)", "Capacity"],
    ["S1", "Oak House", "clinic", "candidate", "486213", "308511", "1200000", "2025-04-01", "1200",
     "9000"],
    ["S2", "Elm Hall", "library", "candidate", "487411", "308611", "850000", "2025-04-01", "900",
     "7000"],
    ["S3", "Ash Court", "town hall", "forbidden", "488521", "308409", "2400000", "2025-04-01",
     "2100", "12000"],
    ["S4", "Yew Place", "pharmacy", "existing", "489333", "308577", "640000", "2025-04-01", "450",
     "5000"],
]  # fmt: skip
TABLE: Rows = [
    ["lsoa21cd", "HLE male", "HLE female"],
    *([code, str(55.5 + n), str(56.25 + n)] for n, code in enumerate(CODES)),
]
MATRIX: Rows = [
    ["from_id", "to_id", "minutes"],
    *([code, site[0], str(4 + 6 * a + 5 * b)] for a, code in enumerate(CODES)
      for b, site in enumerate(SITES[1:])),
]  # fmt: skip
NUMBERS = {"People", "IMD rank", "IMD decile", "Households without a car (%)", "Capital cost",
           "Floor area (m2)", "Capacity", "HLE male", "HLE female", "minutes"}  # fmt: skip
PLACES = {"Easting", "Northing"}
KEYS = {"LSOA21CD", "UTLA23CD", "lsoa21cd", "from_id", "to_id", "Site id"}


@dataclass(frozen=True)
class Damage:
    """One place of one file, damaged.

    Parameters
    ----------
    file
        The file's name.
    content
        What it holds now.
    words
        What was done.
    names
        Words of which a line must hold one to name the place: a row, a heading, an id, a value.
    """

    file: str
    content: bytes
    words: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a case: "same", "refused", "told", "silent" or "traceback"."""

    door: str
    number: int
    kind: str
    words: str = ""


Harm = Callable[[Rows, Random], tuple[str, tuple[str, ...]]]
"""Damages rows in place; gives what was done and what names the place."""


def text_of(rows: Rows) -> str:
    """Rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def _spot(rows: Rows, chance: Random, among: Iterable[str] | None = None) -> tuple[int, int]:
    wanted = set(among) if among is not None else set(rows[0])
    columns = [n for n, name in enumerate(rows[0]) if name in wanted] or [0]
    return chance.randrange(1, len(rows)), chance.choice(columns)


def _named(rows: Rows, row: int, column: int, *more: str) -> tuple[str, ...]:
    kept = [word for word in (rows[0][column], *more) if word.strip(" \u00a0\u200b?-*'")]
    return (f"row {row + 1}", *kept, rows[row][0])


def _cell(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    """A cell typed as nobody should."""
    row, column = _spot(rows, chance)
    heading, old = rows[0][column], rows[row][column]
    ways = list(ANYTHING)
    ways += NUMERIC if heading in NUMBERS else []
    ways += POSITION if heading in PLACES else []
    ways += CODED if heading in KEYS else []
    ways += WORDED if heading in ("Status", "Kind") else []
    new = chance.choice(ways)(old)
    names = _named(rows, row, column, new, old)
    rows[row][column] = new
    return f"row {row + 1}, {heading}: {old!r} -> {new!r}", names


ANYTHING: list[Callable[[str], str]] = [
    lambda t: "", lambda t: "N/A", lambda t: "TBC", lambda t: "?", lambda t: "#REF!",
    lambda t: "see note", lambda t: f"{t}\u00a0", lambda t: f"\u200b{t}", lambda t: f"  {t} ",
    lambda t: f"'{t}", lambda t: f"={t}", lambda t: "not avail.", lambda t: "-",
]  # fmt: skip
NUMERIC: list[Callable[[str], str]] = [
    lambda t: f"{float(t):,.10g}", lambda t: f"{float(t):,.10g}".replace(",", " "),
    lambda t: f"{float(t):.2e}", lambda t: f"{float(t):.12e}", lambda t: f"{t} approx",
    lambda t: f"~{t}", lambda t: f"{t}*", lambda t: f"-{t}", lambda t: f"({t})",
    lambda t: t.replace("0", "O").replace("1", "l", 1), lambda t: f"{float(t) * 1e6:.10g}",
    lambda t: f"{float(t) / 1e6:.10g}", lambda t: f"{t},5", lambda t: f"{t}-{t}",
    lambda t: f"${t}", lambda t: f"{t} m2 each",
]  # fmt: skip
POSITION: list[Callable[[str], str]] = [
    lambda t: t[:-1], lambda t: f"{t}0", lambda t: "0", lambda t: f"-{t}", lambda t: "-0.72",
    lambda t: f"{float(t):.2e}", lambda t: f"{t[:3]},{t[3:]}", lambda t: "SK 861 085",
    lambda t: t[::-1],
]  # fmt: skip
CODED: list[Callable[[str], str]] = [
    lambda t: t.lower(), lambda t: t[:-1], lambda t: f"{t}1", lambda t: t.replace("0", "O"),
    lambda t: f"{t} ", lambda t: "Oct-14", lambda t: "1.01E+07", lambda t: "E01099999",
]  # fmt: skip
WORDED: list[Callable[[str], str]] = [
    str.upper, str.title, lambda t: t[:-1], lambda t: "Closed 2019", lambda t: "Not available",
    lambda t: "Open", lambda t: f"{t} (tbc)", lambda t: t.replace("a", "\u0430"),
]  # fmt: skip


def _swap_cells(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = chance.randrange(1, len(rows)), chance.randrange(len(rows[0]) - 1)
    names = _named(rows, row, column, rows[0][column + 1])
    if {rows[0][column], rows[0][column + 1]} <= {"HLE male", "HLE female"}:
        return "nothing", names
    cells = rows[row]
    cells[column], cells[column + 1] = cells[column + 1], cells[column]
    return f"row {row + 1}: columns {column} and {column + 1} swapped", names


def _shift(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = _spot(rows, chance)
    names = _named(rows, row, column)
    rows[row] = [*rows[row][:column], "", *rows[row][column:-1]]
    return f"row {row + 1} shifted from column {column}", names


def _cut(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = _spot(rows, chance)
    names = _named(rows, row, column)
    rows[row] = rows[row][: max(1, column)]
    return f"row {row + 1} cut at column {column}", names


def _longer(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row, column = _spot(rows, chance)
    names = _named(rows, row, column)
    rows[row].insert(column, chance.choice(["5", "x", "1.2"]))
    return f"row {row + 1} with a cell more at column {column}", names


def _again(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row = chance.randrange(1, len(rows))
    rows.insert(chance.randrange(1, len(rows) + 1), list(rows[row]))
    return f"row {row + 1} twice", ("row", rows[row][0])


def _again_renamed(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    row = chance.randrange(1, len(rows))
    rows.append(["S99" if rows[0][0] == "Site id" else rows[row][0], *rows[row][1:]])
    return f"row {row + 1} again under another id", ("S99", rows[row][0], rows[row][1])


def _between(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    """A row that is none: a total, a caption, a note, the headings, blanks."""
    width, at = len(rows[0]), chance.randrange(1, len(rows) + 1)
    more = chance.choice([
        ["Total", *[""] * (width - 2), "99999"], ["North locality", *[""] * (width - 1)],
        list(rows[0]), [""] * width, ["* provisional"], ["Sub-total", "12", *[""] * (width - 2)],
        ["Average", *["5"] * (width - 1)], ["Source: our own list", *[""] * (width - 1)],
    ])  # fmt: skip
    rows.insert(at, more)
    names = (f"row {at + 1}", *(cell for cell in more if len(cell) > 3), "blank row")
    return f"row {at + 1} put in: {more[:2]}", names


def _heading(rows: Rows, chance: Random) -> tuple[str, tuple[str, ...]]:
    column = chance.randrange(len(rows[0]))
    old = rows[0][column]
    new = chance.choice([
        "Remarks", "", rows[0][column - 1], f"{old} 2", f"{old} (old)", old.upper(), f" {old} ",
        f"{old} (\u00a3m)", f"{old} per year", f"{old} 2011", f"{old}\n(note 1)", f"Not {old}",
        f"{old} change since 2019", f"{old} (000s)", f"{old} rank",
    ])  # fmt: skip
    rows[0][column] = new
    return f"heading {old!r} -> {new!r}", tuple(filter(None, (
        new.strip(), old, " ".join(new.split()), f"column {chr(65 + column)}", LABELS.get(old, ""),
    )))  # fmt: skip


LABELS = {"Capacity": "Capacity", "Capital cost": "Cost", "Cost date": "date", "Kind": "kinds",
          "Status": "status", "Site id": "ids", "UTLA23CD": "Council", "IMD rank": "Deprivation",
          "IMD decile": "decile"}  # fmt: skip
"""What the description of a place calls a column that is not there."""


def _as_text(rows: Rows, chance: Random) -> tuple[bytes, str, tuple[str, ...]]:
    """The file's text damaged, not its cells."""
    text = text_of(rows)
    lines = text.splitlines()
    at = chance.randrange(1, len(lines))
    kind = chance.randrange(8)
    if kind == 0:
        lines[at] = lines[at].replace(",", ";")
    elif kind == 1:
        lines[at] = f'"{lines[at]}'
    elif kind == 2:
        lines[at] = lines[at].replace(",", ",,", 1)
    elif kind == 3:
        lines[at] = lines[at].replace(",", "\n", 1)
    elif kind == 4:
        lines.insert(0, chance.choice(["sep=;", "Our list, 2026", "sep=,", "\ufeff", ",,"]))
    elif kind == 5:
        coded = chance.choice(["utf-16", "utf-8-sig", "utf-16-le", "cp1252"])
        return "\n".join(lines).encode(coded), f"in {coded}", (coded,)
    elif kind == 6:
        lines[at] = lines[at].replace(",", "\t")
    else:
        lines[at] += chance.choice([",", ",,", ",x", '"', "\x00", " "])
    names = (f"row {at + 1}", rows[at][0], "title row", "above the headings", "column")
    return "\n".join(lines).encode(), f"line {at + 1}, way {kind}", names


HARMS: list[Harm] = [_cell] * 8 + [_swap_cells, _shift, _cut, _longer, _again, _again_renamed,
                                   _between, _between, _heading, _heading]  # fmt: skip
TABLES = {"areas.csv": AREAS, "sites.csv": SITES, "table.csv": TABLE, "matrix.csv": MATRIX}


def damage_table(file: str, chance: Random) -> Damage:
    """Damage one place of a table."""
    rows = [list(row) for row in TABLES[file]]
    if chance.random() < 0.15:
        return Damage(file, *_as_text(rows, chance))
    words, names = chance.choice(HARMS)(rows, chance)
    return Damage(file, text_of(rows).encode(), words, names)


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
        return Damage("gtfs.zip", _zipped(files), f"{file} left out", (file,))
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
    return Damage("gtfs.zip", _zipped(files), words, (f"row {row + 1}", own, file))


def _zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return out.getvalue()


DOORS: dict[str, Callable[[Random], Damage]] = {
    "areas": lambda chance: damage_table("areas.csv", chance),
    "sites": lambda chance: damage_table("sites.csv", chance),
    "table": lambda chance: damage_table("table.csv", chance),
    "matrix": lambda chance: damage_table("matrix.csv", chance),
    "streets": damage_streets,
    "timetable": damage_timetable,
}
MODES = {"streets": ("walk", "cycle", "drive"), "timetable": ("transit",), "matrix": ("drive",)}
LABELLED = ("area_name", "site_id", "site_name", "listed_by")
"""Columns that name rows and are no figures."""
ENGINES = {"matrix": "matrix", "streets": "streets"}


def write_sound(folder: Path) -> None:
    """Write every file, sound."""
    for file, rows in TABLES.items():
        (folder / file).write_text(text_of(rows), encoding="utf-8")
    (folder / "streets.osm").write_text("\n".join(streets()), encoding="utf-8")
    (folder / "gtfs.zip").write_bytes(_zipped(timetable()))


def build(folder: Path, door: str) -> Place:
    """Build a place from a folder of files, as the door's user would."""
    more = {"table": ((folder / "table.csv"),)} if door in ("table", "areas", "sites") else {}
    files = workflow.OwnFiles(
        folder / "areas.csv",
        folder / "sites.csv",
        tables=more.get("table", ()),
        streets=folder / "streets.osm" if door == "streets" else None,
        timetable=folder / "gtfs.zip" if door == "timetable" else None,
        matrix=folder / "matrix.csv" if door == "matrix" else None,
        name="Six squares",
    )
    with reader.in_process():
        return workflow.load(workflow.build(files, folder / "place"))


def figures(place: Place, door: str) -> str:
    """All figures of a place that a plan rests on: people, need, sites, points and minutes."""
    found = []
    for layer in ("areas", "sites", "origins"):
        frame = getattr(place, layer)
        labels = [name for name in LABELLED if name in frame]
        points = frame.geometry.representative_point()
        plain = pd.DataFrame(frame.drop(columns=["geometry", *labels]))
        plain = plain.assign(x=points.x.round(1), y=points.y.round(1)).dropna(axis=1, how="all")
        plain = plain.sort_values(["x", "y"])
        found.append(plain.reindex(columns=sorted(plain.columns)).to_csv(index=False))
    for mode in MODES.get(door, ("walk",)):
        engine = ENGINES.get(door, "auto")
        scenario = Scenario().with_settings([f"mode={mode}", f"engine={engine}"])
        try:
            times = workflow.measure(place, scenario, keep=False)
        except PlannerError as error:
            found.append(f"refused: {error}")
        else:
            order = np.lexsort((place.sites.geometry.y, place.sites.geometry.x))
            found.append(str(np.round(times.minutes.toarray()[:, order], 1).tolist()))
    return "\n".join(found)


def lines_of(place: Place) -> set[str]:
    """Everything that `check` prints of a place, a line each, without what every copy changes."""
    text = " ".join(layers.describe(place).split("\n      "))
    words = re.sub(r"sha256 \w+", "", re.sub(r"\s{2,}", "\n", text))
    return {piece.strip() for line in words.split("\n") for piece in line.split("; ")}


def judge(door: str, seed: int, number: int, sound: dict[str, tuple[str, set[str]]]) -> Outcome:
    """Damage one place, build, and compare with the sound place."""
    damage = DOORS[door](Random(f"{seed} {door} {number}"))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_sound(folder)
        (folder / damage.file).write_bytes(damage.content)
        try:
            place = build(folder, door)
            now = figures(place, door)
        except PlannerError as error:
            return Outcome(door, number, "refused" if str(error).strip() else "silent", str(error))
        except Exception:  # noqa: BLE001 - whatever it is, it is what this looks for
            return Outcome(door, number, "traceback", f"{damage.words}\n{traceback.format_exc()}")
        before, told = sound[door]
        if now == before:
            return Outcome(door, number, "same", damage.words)
        more = lines_of(place) - told
        if "refused: " in now and "refused: " not in before:
            return Outcome(door, number, "refused", damage.words)
        named = [line for line in more if any(name and name in line for name in damage.names)]
        if named:
            return Outcome(door, number, "told", f"{damage.words}\n{named[0]}")
        shown = "\n  ".join(sorted(more)) or "nothing"
        return Outcome(door, number, "silent", f"{damage.words}\n  {shown}")


def sound_places(doors: Iterable[str]) -> dict[str, tuple[str, set[str]]]:
    """Figures and lines of the sound place, by door."""
    found = {}
    for door in doors:
        with tempfile.TemporaryDirectory() as scratch:
            write_sound(Path(scratch))
            place = build(Path(scratch), door)
            found[door] = (figures(place, door), lines_of(place))
    return found


def run(doors: Iterable[str], seed: int, numbers: Iterable[int]) -> Iterator[Outcome]:
    """Judge cases, the doors in turn."""
    doors = list(doors)
    sound = sound_places(doors)
    for number in numbers:
        for door in doors:
            yield judge(door, seed, number, sound)


def _side_by_side(
    doors: list[str], seed: int, numbers: Sequence[int], jobs: int
) -> Iterator[Outcome]:
    """Judge cases on so many processes, a slice of the numbers each."""
    if jobs < 2 or len(numbers) < jobs:
        yield from run(doors, seed, numbers)
        return
    with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
        parts = [pool.submit(_listed, doors, seed, numbers[n::jobs]) for n in range(jobs)]
        for part in parts:
            yield from part.result()


def _listed(doors: list[str], seed: int, numbers: Sequence[int]) -> list[Outcome]:
    return list(run(doors, seed, numbers))


def table(found: Iterable[Outcome]) -> str:
    """The table of outcomes by door, as Markdown."""
    kinds = ("same", "refused", "told", "silent", "traceback")
    counts = Counter((one.door, one.kind) for one in found)
    doors = list(dict.fromkeys(door for door, _ in counts))
    lines = [f"| door | cases | {' | '.join(kinds)} |", f"|{'---|' * (len(kinds) + 2)}"]
    for door in doors:
        row = [counts[door, kind] for kind in kinds]
        lines.append(f"| {door} | {sum(row):,} | {' | '.join(f'{n:,}' for n in row)} |")
    return "\n".join(lines)


def main(words: list[str] | None = None) -> int:
    """Run what is asked for; 1 where figures changed in silence."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    asked.add_argument("--cases", type=int, default=500)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--door", choices=list(DOORS))
    asked.add_argument("--number", type=int)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--jobs", type=int, default=1)
    said = asked.parse_args(words)
    doors = [said.door] if said.door else list(DOORS)
    last = said.first + -(-said.cases // len(doors))
    numbers = [said.number] if said.number is not None else range(said.first, last)
    found = []
    for one in _side_by_side(doors, said.seed, numbers, said.jobs):
        found.append(one)
        if one.kind in ("silent", "traceback") or said.number is not None:
            print(f"--- {one.door} {one.number}: {one.kind}: {one.words}", flush=True)
    print(table(found))
    return int(any(one.kind in ("silent", "traceback") for one in found))


if __name__ == "__main__":
    sys.exit(main())
