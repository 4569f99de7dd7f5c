"""Originals: one small sound file of every kind that comes in by a door, to be spoilt."""

import shutil
import zipfile
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import osmium
import osmnx
import pandas as pd
import xlsxwriter
from pyproj import Transformer
from shapely import box

from nhcplanner import Scenario, layers, workflow
from nhcplanner.domain.place import CRS
from nhcplanner.layers.planning_files import Saved, SavedPlan
from tests.property.fuzz.canaries import NAMES

CORNER = (450_000, 520_000)
WIDE = 6
CODES = [f"E0100{1000 + n}" for n in (1, 2, 3, 5, 6, 7)]
SITES = [
    [
        "S1",
        f"Library {NAMES[0]}",
        "library",
        "existing",
        "450500",
        "520500",
        "5000",
        "1.2",
        "2025-04-01",
    ],
    ["S2", NAMES[11], "clinic", "candidate", "452500", "520500", "", "2", "2025"],
    ["S3", NAMES[3], "hall", "candidate", "454500", "520500", "9000", "", ""],
    ["S4", NAMES[5], "school", "forbidden", "455500", "520500", "", "", ""],
]
SITE_NAMES = ["site_id", "site_name", "kind", "status", "easting", "northing", "capacity",
              "cost (£m)", "cost_date"]  # fmt: skip
SCENARIO = """model = "lowest_hle_first"
count = 2
reach = 15
bands = 2
keep = ["S1"]
forbid = []
floors = ["imd_quintile:*=0"]
time_limit = 5
"""
MAP = """[place]
name = "Six squares {NAME}"
notes = ["invented {NOTE}"]

[areas]
people = "folk"
own_shops = "shops"

[tables."hle.csv"]
hle_male = "men"

[source."areas.csv"]
title = "Squares {TITLE}"
licence = "OGL v3"

[hle]
level = "area"
"""


def make(folder: Path) -> None:
    """Write every original into a folder: layers, lists, tables, a place, a plan, saved work."""
    _areas(folder)
    _sites(folder)
    _tables(folder)
    _streets(folder)
    _timetable(folder / "gtfs.zip")
    _official(folder / "official")
    (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    columns = MAP.replace("{NAME}", NAMES[9]).replace("{NOTE}", NAMES[1])
    (folder / "columns.toml").write_text(columns.replace("{TITLE}", NAMES[2]), encoding="utf-8")
    _made(folder)


def _areas(folder: Path) -> None:
    x, y = CORNER
    frame = gpd.GeoDataFrame(
        {
            "LSOA21CD": CODES,
            "folk": [1000, 2000, 3000, 4000, 500, 1500],
            "shops": [1, 2, 3, 4, 5, 6],
            "UTLA23CD": ["E06000001"] * 3 + ["E06000002"] * 3,
            "UTLA23NM": [f"Hartlepool {NAMES[8]}"] * 3 + [f"Middlesbrough {NAMES[4]}"] * 3,
            "IMD_rank": [100, 30_000, 5_000, 20_000, 9_000, 12_000],
        },
        geometry=[box(x + 1000 * n, y, x + 1000 * (n + 1), y + 1000) for n in range(WIDE)],
        crs=CRS,
    )
    frame.to_file(folder / "areas.gpkg")
    frame.to_crs(4326).to_file(folder / "areas.geojson")
    frame.to_parquet(folder / "areas.parquet")
    frame.to_file(folder / "areas.shp")
    points = pd.DataFrame(frame.drop(columns="geometry"))
    points["easting"] = [x + 1000 * n + 500 for n in range(WIDE)]
    points["northing"] = y + 500
    points.to_csv(folder / "areas.csv", index=False)
    points.to_csv(folder / "areas.csv.gz", index=False)


def _sites(folder: Path) -> None:
    frame = pd.DataFrame(SITES, columns=SITE_NAMES)
    frame.to_csv(folder / "sites.csv", index=False)
    with xlsxwriter.Workbook(folder / "sites.xlsx", {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Buildings")
        for number, row in enumerate([SITE_NAMES, *SITES]):
            sheet.write_row(number, 0, row)
    east, north = (frame.pop(name).astype(float) for name in ("easting", "northing"))
    layer = gpd.GeoDataFrame(frame, geometry=gpd.points_from_xy(east, north), crs=CRS)
    layer.to_file(folder / "sites.gpkg")
    layer.to_crs(4326).to_file(folder / "sites.geojson")


def _tables(folder: Path) -> None:
    pd.DataFrame({"lsoa21cd": CODES, "men": [60.5 + n for n in range(WIDE)]}).to_csv(
        folder / "hle.csv", index=False
    )
    pd.DataFrame({"lsoa11cd": CODES, "lsoa21cd": CODES, "chgind": "U"}).to_csv(
        folder / "lookup.csv", index=False
    )
    pairs = [(code, row[0], 5 + n) for n, code in enumerate(CODES) for row in SITES]
    pd.DataFrame(pairs, columns=["area_code", "site_id", "minutes"]).to_csv(
        folder / "matrix.csv", index=False
    )
    x, y = CORNER
    rows = [(code, x + 1000 * n + at, y + 500) for n, code in enumerate(CODES) for at in (300, 700)]
    pd.DataFrame(rows, columns=["lsoa21cd", "easting", "northing"]).to_csv(
        folder / "origins.csv", index=False
    )
    ages = ["<1", "1-4", *(f"{age}-{age + 4}" for age in range(5, 90, 5)), "90+"]
    lives = [
        (council, sex, age, 3 + n, 900)
        for council in ("E06000001", "E06000002")
        for sex in ("Male", "Female")
        for n, age in enumerate(ages)
    ]
    frame = pd.DataFrame(lives, columns=["area_code", "sex", "age", "deaths", "people"])
    frame.to_csv(folder / "lives.csv", index=False)
    health = frame.drop(columns=["deaths", "people"]).assign(good_health=0.7)
    health.to_csv(folder / "health.csv", index=False)


def _streets(folder: Path) -> None:
    """Two roads along the squares with rungs between them, a building, and a forbidden turn."""
    degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    x, y = CORNER
    places = {
        1 + row * 100 + n: degrees.transform(x + 500 * n, y + 300 + 400 * row)
        for row in (0, 1)
        for n in range(2 * WIDE + 1)
    }
    road = {"highway": "residential", "maxspeed": "30 mph"}
    ways = [([1 + row * 100 + n for n in range(2 * WIDE + 1)], road) for row in (0, 1)]
    ways += [([1 + n, 101 + n], {"highway": "footway"}) for n in range(2 * WIDE + 1)]
    hall = {"building": "yes", "amenity": "library", "name": f"Reading room {NAMES[0]}"}
    ways.append(([2, 3, 103, 102, 2], hall))
    for name in ("streets.osm.pbf", "streets.osm"):
        with osmium.SimpleWriter(str(folder / name)) as out:
            for ref, place in places.items():
                out.add_node(osmium.osm.mutable.Node(id=ref, location=place, version=1))
            for ref, (nodes, tags) in enumerate(ways, start=1000):
                out.add_way(osmium.osm.mutable.Way(id=ref, nodes=nodes, tags=tags, version=1))
            members = [("w", 1000, "from"), ("n", 4, "via"), ("w", 1005, "to")]
            turn = {"type": "restriction", "restriction": "no_left_turn"}
            out.add_relation(
                osmium.osm.mutable.Relation(id=9000, members=members, tags=turn, version=1)
            )
    graph = nx.MultiDiGraph(crs="EPSG:4326")
    for ref, (lon, lat) in places.items():
        graph.add_node(ref, x=lon, y=lat)
    for nodes, tags in ways[:-1]:
        for one, other in pairwise(nodes):
            graph.add_edge(one, other, osmid=1, length=500.0, **tags)
            graph.add_edge(other, one, osmid=1, length=500.0, **tags)
    osmnx.save_graphml(graph, folder / "streets.graphml")


def _timetable(path: Path) -> None:
    degrees = Transformer.from_crs(CRS, "EPSG:4326", always_xy=True)
    x, y = CORNER
    stops = ["stop_id,stop_name,stop_lat,stop_lon"]
    for n in range(WIDE):
        lon, lat = degrees.transform(x + 1000 * n + 500, y + 300)
        stops.append(f"B{n},Stop {n} {NAMES[3]},{lat:.6f},{lon:.6f}")
    calls = ["trip_id,arrival_time,departure_time,stop_id,stop_sequence"]
    for trip in range(8):
        for n in range(WIDE):
            clock = f"{7 + trip // 2:02}:{30 * (trip % 2) + 3 * n:02}:00"
            calls.append(f"T{trip},{clock},{clock},B{n},{n + 1}")
    week = "1,1,1,1,1,1,1"
    files = {
        "agency.txt": [
            "agency_id,agency_name,agency_url,agency_timezone",
            "A,Bus,http://b,Europe/London",
        ],
        "stops.txt": stops,
        "routes.txt": ["route_id,agency_id,route_short_name,route_type", "R,A,1,3"],
        "trips.txt": ["route_id,service_id,trip_id", *(f"R,D,T{n}" for n in range(8))],
        "stop_times.txt": calls,
        "calendar.txt": [
            "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date",
            f"D,{week},20250101,20251231",
        ],
        "calendar_dates.txt": ["service_id,date,exception_type", "D,20251225,2"],
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, lines in files.items():
            packed.writestr(name, "\n".join(lines) + "\n")


def _official(folder: Path) -> None:
    """Official files as a user downloads them: lookups, shapes, points, deprivation, census."""
    folder.mkdir()
    x, y = CORNER
    areas = pd.DataFrame({"LSOA21CD": CODES, "LSOA21NM": [f"Square {code}" for code in CODES]})
    lookup = areas.assign(
        ICB24CD="E54000050", ICB24CDH="QHM", ICB24NM="NHS Squares", LAD24CD="E06000001",
        LAD24NM="Hartlepool",
    )  # fmt: skip
    councils = {"LTLA23CD": ["E06000001"], "LTLA23NM": ["Hartlepool"],
                "UTLA23CD": ["E06000001"], "UTLA23NM": ["Hartlepool"]}  # fmt: skip
    ranked = {
        "LSOA code (2021)": CODES,
        "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)": range(1, WIDE + 1),
        "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)": 1,
        "Total population: mid 2022": 1500,
    }
    homes = "Number of cars or vans: "
    cars = {
        "geography code": CODES,
        f"{homes}Total: All households": 800,
        f"{homes}No cars or vans in household": 200,
    }
    points = {"LSOA21CD": CODES, "x": [x + 1000 * n + 500 for n in range(WIDE)], "y": y + 500}
    tables = {"areas": lookup, "councils": councils, "imd": ranked, "cars": cars, "points": points}
    for name, table in tables.items():
        pd.DataFrame(table).to_csv(folder / f"{name}.csv", index=False)
    shapes = [box(x + 1000 * n, y, x + 1000 * (n + 1), y + 1000) for n in range(WIDE)]
    gpd.GeoDataFrame(areas, geometry=shapes, crs=CRS).to_file(folder / "shapes.gpkg")


def _made(folder: Path) -> None:
    """A place folder with minutes kept in it, its zip, a plan, and an app's saved work."""
    own = workflow.OwnFiles(
        folder / "areas.gpkg",
        folder / "sites.csv",
        (folder / "hle.csv",),
        folder / "columns.toml",
        folder / "streets.osm.pbf",
        folder / "gtfs.zip",
        matrix=folder / "matrix.csv",
    )
    place = workflow.load(workflow.build(own, folder / "place"))
    scenario = layers.read_scenario(folder / "scenario.toml")
    for mode in ("drive", "walk"):
        asked = scenario.model_copy(update={"mode": mode, "engine": "streets"})
        outcome = workflow.run(place, asked)
    workflow.write_results(outcome, folder / "plan")
    with zipfile.ZipFile(folder / "place.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted((folder / "place").rglob("*")):
            packed.write(path, path.relative_to(folder))
    kept = SavedPlan.of(outcome.plan, place, name="Plan 1", scenario=outcome.scenario, edits=())
    layers.save(Saved("demo", Scenario(count=2), (), (kept,), "Plan 1"), folder / "work.json")
    shutil.copytree(folder / "plan", folder / "plan2")
