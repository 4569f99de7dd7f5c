"""A small invented England in the official layouts: served by the test's server, or in a folder.

Codes and headers are those of the publishers; every figure, shape and building is invented.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import pytest
import xlsxwriter
from pyproj import Transformer

from nhcplanner.layers.sources import census, geography, ods, statistics, streets, timetables

# area code, name, district, easting and northing of its square kilometre
AREAS = [
    ("E01015003", "Plymouth 001A", "E06000026", 248_000, 55_000),
    ("E01015004", "Plymouth 001B", "E06000026", 249_000, 55_000),
    ("E01015005", "Plymouth 001C", "E06000026", 248_000, 56_000),
    ("E01019998", "Exeter 001A", "E07000041", 292_000, 92_000),
    ("E01011229", "Leeds 001A", "E08000035", 430_000, 433_000),
]
DISTRICTS = {"E06000026": "Plymouth", "E07000041": "Exeter", "E08000035": "Leeds"}
ICBS = {
    "E06000026": ("E54000037", "QJK", "NHS Devon Integrated Care Board"),
    "E07000041": ("E54000037", "QJK", "NHS Devon Integrated Care Board"),
    "E08000035": ("E54000054", "QWO", "NHS West Yorkshire Integrated Care Board"),
}
UPPER = {"E06000026": ("E06000026", "Plymouth"), "E07000041": ("E10000008", "Devon")}
REGIONS = {
    "E06000026": "South West",
    "E07000041": "South West",
    "E08000035": "Yorkshire and The Humber",
}


def as_csv(rows: list[list[object]], header: list[str] | None = None) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows] if header else rows)
    return text.getvalue().encode()


def square(x: float, y: float) -> dict:
    ring = [[x, y], [x, y + 1000], [x + 1000, y + 1000], [x + 1000, y], [x, y]]
    return {"rings": [ring]}


@dataclass
class England:
    """The files of every source, as bytes; a test may spoil them."""

    tables: dict[str, list[dict]] = field(default_factory=dict)
    shapes: dict[str, dict] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def _lookups(england: England) -> None:
    england.tables[geography.AREA_LOOKUP.address] = [
        {"LSOA21CD": code, "LSOA21NM": name, "ICB26CD": ICBS[lad][0], "ICB26CDH": ICBS[lad][1],
         "ICB26NM": ICBS[lad][2], "LAD26CD": lad, "LAD26NM": DISTRICTS[lad]}
        for code, name, lad, _, _ in AREAS
    ]  # fmt: skip
    england.tables[geography.COUNCIL_LOOKUP.address] = [
        {"LTLA23CD": lad, "LTLA23NM": DISTRICTS[lad], "UTLA23CD": UPPER[lad][0],
         "UTLA23NM": UPPER[lad][1]}
        for lad in UPPER
    ]  # fmt: skip
    england.tables[geography.REGION_LOOKUP.address] = [
        {"LAD25CD": lad, "LAD25NM": DISTRICTS[lad], "RGN25CD": "E12000009", "RGN25NM": REGIONS[lad]}
        for lad in DISTRICTS
    ]
    england.tables[geography.RURAL_URBAN.address] = [
        {"LSOA21CD": code, "RUC21CD": "UN1", "RUC21NM": "Urban: Nearer to a major town or city",
         "Urban_rural_flag": "Rural" if code == "E01015005" else "Urban"}
        for code, *_ in AREAS
    ]  # fmt: skip
    england.tables[geography.BOUNDARIES.address] = [
        {"LSOA21CD": code, "LSOA21NM": name} for code, name, *_ in AREAS
    ]
    england.tables[geography.CENTROIDS.address] = england.tables[geography.BOUNDARIES.address]
    england.shapes = {code: square(x, y) for code, _, _, x, y in AREAS}


def _imd() -> bytes:
    header = [
        "LSOA code (2021)", "LSOA name (2021)", "Local Authority District code (2024)",
        "Local Authority District name (2024)", "Index of Multiple Deprivation (IMD) Score",
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
        "Income Score (rate)", "Income Rank (where 1 is most deprived)",
        "Income Decile (where 1 is most deprived 10% of LSOAs)", "Total population: mid 2022",
        "Dependent Children aged 0-15: mid 2022",
    ]  # fmt: skip
    rows = [[code, name, lad, DISTRICTS[lad], 30.5, 1 + 8000 * n, 1 + 2 * n, 0.1, 5, 1, 1500, 200]
            for n, (code, name, lad, *_) in enumerate(AREAS)]  # fmt: skip
    return as_csv(rows, header)


def _mid_year() -> bytes:
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    for sheet in ("Contents", "Mid-2023 LSOA 2021", "Mid-2024 LSOA 2021"):
        page = book.add_worksheet(sheet)
        page.write(0, 0, f"{sheet}: population estimates by single year of age and sex")
        if sheet == "Contents":
            continue
        ages = [f"{sex}{age}" for sex in "FM" for age in range(91)]
        page.write_row(3, 0, ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code",
                              "LSOA 2021 Name", "Total", *ages])  # fmt: skip
        each = 10 if sheet.startswith("Mid-2024") else 9
        for n, (code, name, lad, *_) in enumerate(AREAS):
            page.write_row(4 + n, 0, [lad, DISTRICTS[lad], code, name, 182 * each, *[each] * 182])
    book.close()
    return packed.getvalue()


def _hle() -> bytes:
    header = [
        "Indicator ID", "Indicator Name", "Parent Code", "Parent Name", "Area Code", "Area Name",
        "Area Type", "Sex", "Age", "Category Type", "Category", "Time period", "Value",
        "Lower CI 95.0 limit", "Upper CI 95.0 limit", "Lower CI 99.8 limit", "Upper CI 99.8 limit",
        "Count", "Denominator", "Value note", "Recent Trend",
        "Compared to England value or percentiles", "Compared to percentiles",
        "Time period Sortable", "New data", "Compared to goal", "Time period range",
    ]  # fmt: skip
    councils = [("E92000001", "England", "England"),
                ("E12000009", "South West region (statistical)", "Regions (statistical)"),
                ("E06000026", "Plymouth", "Counties & UAs (from Apr 2023)"),
                ("E10000008", "Devon", "Counties & UAs (from Apr 2023)")]  # fmt: skip
    rows = [
        [90362, "Healthy life expectancy at birth", "E92000001", "England", code, name, kind, sex,
         "All ages", "", "", period, value + n, value + n - 1.5, value + n + 1.5, "", "", "", "",
         "", "", "Not compared", "Not compared", "20220000", "", "", "3y"]
        for n, (code, name, kind) in enumerate(councils)
        for sex, value in (("Male", 58.0), ("Female", 60.0))
        for period in ("2021 - 23", "2022 - 24")
    ]  # fmt: skip
    decile = [*rows[0][:9], "IMD deciles", "Most deprived decile", *rows[0][11:]]
    return as_csv([*rows, decile], header)


def nomis(dimension: str, cells: dict[str, Callable[[int], int]]) -> Callable[[list[str]], bytes]:
    """A census table as Nomis answers it, for the codes asked."""
    upper = dimension.upper()
    header = [
        "DATE", "DATE_NAME", "DATE_CODE", "DATE_TYPE", "DATE_TYPECODE", "DATE_SORTORDER",
        "GEOGRAPHY", "GEOGRAPHY_NAME", "GEOGRAPHY_CODE", "GEOGRAPHY_TYPE", "GEOGRAPHY_TYPECODE",
        "GEOGRAPHY_SORTORDER", upper, f"{upper}_NAME", f"{upper}_CODE", f"{upper}_TYPE",
        f"{upper}_TYPECODE", f"{upper}_SORTORDER", "MEASURES", "MEASURES_NAME", "OBS_VALUE",
        "OBS_STATUS", "OBS_STATUS_NAME", "OBS_CONF", "OBS_CONF_NAME", "URN", "RECORD_OFFSET",
        "RECORD_COUNT",
    ]  # fmt: skip

    def answer(codes: list[str]) -> bytes:
        rows = []
        for n, code in enumerate(codes):
            for at, (cell, value) in enumerate(cells.items()):
                rows.append([
                    2021, 2021, 2021, "date", 0, 0, 633_000_000 + n, "name", code,
                    "2021 super output areas - lower layer", 151, n, at, cell, f"{dimension}_{at}",
                    "cells", 1000, at, 20100, "value", value(n), "A", "Normal Value", "F", "Free",
                    "urn", len(rows), len(codes) * len(cells),
                ])  # fmt: skip
        return as_csv(rows, header)

    return answer


BANDS = ["Aged 4 years and under",
         *(f"Aged {low} to {low + 4} years" for low in range(5, 85, 5)),
         "Aged 85 years and over"]  # fmt: skip
CENSUS = {
    "TS001": nomis("c2021_restype_3", {"Total: All usual residents": lambda n: 1800}),
    "TS007A": nomis(
        "c2021_age_19", {"Total": lambda n: 1800, **dict.fromkeys(BANDS, lambda n: 100)}
    ),
    "TS038": nomis("c2021_disability_5", {
        "Total: All usual residents": lambda n: 1800,
        "Disabled under the Equality Act": lambda n: 450,
        "Disabled under the Equality Act: Day-to-day activities limited a lot": lambda n: 180,
        "Disabled under the Equality Act: Day-to-day activities limited a little": lambda n: 270,
        "Not disabled under the Equality Act": lambda n: 1350,
    }),
    "TS045": nomis("c2021_cars_5", {
        "Total: All households": lambda n: 800,
        "No cars or vans in household": lambda n: 200,
        "1 car or van in household": lambda n: 600,
    }),
}  # fmt: skip
SOURCES = {"TS001": census.TS001, "TS007A": census.TS007A, "TS038": census.TS038,
           "TS045": census.TS045}  # fmt: skip


def _practices() -> bytes:
    """The ODS report of practices: 27 columns, no header; postcodes that exist."""
    rows = []
    for code, name, postcode, state, setting in (
        ("L83000", "INVENTED SURGERY", "PL1 2AA", "A", "4"),
        ("L83001", "INVENTED CLOSED SURGERY", "PL1 2AB", "C", "4"),
        ("B86000", "INVENTED LEEDS SURGERY", "LS1 1UR", "A", "4"),
    ):
        row = [""] * 27
        row[0], row[1], row[2], row[9], row[12], row[25] = (
            code,
            name,
            "Y58",
            postcode,
            state,
            setting,
        )
        row[10] = "19740401"
        rows.append(row)
    return as_csv(rows)


def _partners() -> bytes:
    """The ODS report of core partners of primary care networks: 11 columns, no header."""
    icb = ["15N", "NHS DEVON ICB - 15N"]
    return as_csv(
        [["L83000", "INVENTED SURGERY", *icb, "U00001", "INVENTED PCN", *icb, "20190701", "", "Y"]]
    )


TAGS = {
    5: {"barrier": "gate"},
    12: {"amenity": "library", "name": "Invented Library"},
    83: {"amenity": "clinic", "name": "Far Clinic"},
}
"""Tags of some of the invented streets' points."""


def osm(path: Path) -> bytes:
    """Streets of a small grid around Plymouth's squares, and one far away."""
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    writer = osmium.SimpleWriter(str(path))
    points = [(248_000 + 250 * i, 55_000 + 250 * j) for j in range(9) for i in range(9)]
    points += [(292_000, 92_000), (292_500, 92_000)]
    for n, point in enumerate(points, 1):
        tags = TAGS.get(n, {})
        writer.add_node(
            osmium.osm.mutable.Node(
                id=n, location=to_degrees.transform(*point), tags=tags, version=1
            )
        )
    rows = [list(range(1 + 9 * j, 10 + 9 * j)) for j in range(9)]
    lines = [*rows, *[list(column) for column in zip(*rows, strict=True)], [82, 83]]
    for n, nodes in enumerate(lines, 1):
        writer.add_way(
            osmium.osm.mutable.Way(id=n, nodes=nodes, tags={"highway": "residential"}, version=1)
        )
    writer.add_relation(osmium.osm.mutable.Relation(
        id=1, members=[("w", 1, "from"), ("n", 1, "via"), ("w", 10, "to")], version=1,
        tags={"type": "restriction", "restriction": "no_left_turn"},
    ))  # fmt: skip
    writer.close()
    return path.read_bytes()


def gtfs() -> bytes:
    """A feed of two lines: one through Plymouth, one in Exeter."""
    to_degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
    stops = [("p1", 248_200, 55_200), ("p2", 249_500, 55_500), ("far", 270_000, 70_000),
             ("x1", 292_100, 92_100), ("x2", 292_500, 92_500)]  # fmt: skip
    rows = [[stop, f"Stop {stop}", *reversed(to_degrees.transform(x, y))] for stop, x, y in stops]
    files = {
        "agency.txt": as_csv([["A", "Invented Buses", "https://example.com", "Europe/London"]],
                             ["agency_id", "agency_name", "agency_url", "agency_timezone"]),
        "stops.txt": as_csv(rows, ["stop_id", "stop_name", "stop_lat", "stop_lon"]),
        "routes.txt": as_csv([["r1", "A", "1", "3"], ["r2", "A", "2", "3"]],
                             ["route_id", "agency_id", "route_short_name", "route_type"]),
        "trips.txt": as_csv([["r1", "week", "t1", "s1"], ["r2", "week", "t2", "s1"]],
                            ["route_id", "service_id", "trip_id", "shape_id"]),
        "stop_times.txt": as_csv(
            [["t1", "08:00:00", "08:00:00", "p1", 1], ["t1", "08:05:00", "08:05:00", "p2", 2],
             ["t1", "08:40:00", "08:40:00", "far", 3], ["t2", "08:00:00", "08:00:00", "x1", 1],
             ["t2", "08:05:00", "08:05:00", "x2", 2]],
            ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"]),
        "calendar.txt": as_csv([["week", 1, 1, 1, 1, 1, 0, 0, "20260101", "20261231"]],
                               ["service_id", "monday", "tuesday", "wednesday", "thursday",
                                "friday", "saturday", "sunday", "start_date", "end_date"]),
    }  # fmt: skip
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as feed:
        for name, content in files.items():
            feed.writestr(name, content)
    return packed.getvalue()


EXTRACT = "https://download.geofabrik.de/europe/united-kingdom/england/devon-latest.osm.pbf"


def index(west: float = -4.7) -> bytes:
    box = [[west, 50.0], [west, 51.3], [-2.8, 51.3], [-2.8, 50.0], [west, 50.0]]
    return json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [[box]]},
         "properties": {"id": "devon", "parent": "england", "name": "Devon",
                        "urls": {"pbf": EXTRACT}}},
    ]}).encode()  # fmt: skip


@pytest.fixture
def england(tmp_path: Path) -> England:
    one = England()
    _lookups(one)
    extract = osm(tmp_path / "devon.osm.pbf")
    md5 = hashlib.md5(extract, usedforsecurity=False).hexdigest()
    one.files = {
        statistics.IMD_2025.address: _imd(),
        statistics.MID_YEAR.address: _mid_year(),
        statistics.HLE.address: _hle(),
        ods.PRACTICES.address: _practices(),
        ods.PARTNERS.address: _partners(),
        streets.INDEX: index(),
        EXTRACT: extract,
        f"{EXTRACT}.md5": f"{md5} devon-latest.osm.pbf".encode(),
        f"{timetables.ROOT}/south_west/": gtfs(),
    }
    return one


@pytest.fixture
def served(england: England, publisher, feature_service, answer) -> England:
    """The invented England on the test's server."""
    points = {code: {"x": shape["rings"][0][0][0] + 400, "y": shape["rings"][0][0][1] + 600}
              for code, shape in england.shapes.items()}  # fmt: skip
    for address, rows in england.tables.items():
        centroid = address == geography.CENTROIDS.address
        publisher.serves(address, feature_service(rows, points if centroid else england.shapes))
    for name, source in SOURCES.items():
        publisher.serves(
            source.address,
            lambda asked, n=name: answer(CENSUS[n](asked.terms["geography"].split(","))),
        )
    by_path: dict[str, dict[str, bytes]] = {}
    for address, body in england.files.items():
        path, _, query = address.partition("?")
        by_path.setdefault(path, {})[query] = body

    for path, bodies in by_path.items():

        def route(asked, bodies=bodies):
            query = "&".join(f"{k}={v}" for k, v in asked.terms.items())
            return answer(bodies[query]) if query in bodies else answer(b"no", 404)

        publisher.serves(path, route)
    return england
