"""Public transport in Newport measured: 500 origins, 50 sites, each minute from 07:00 to 10:00."""

from collections.abc import Iterator
from pathlib import Path

import geopandas as gpd
import numpy as np

from nhcplanner.domain.windows import STANDARD
from nhcplanner.travel import Network
from nhcplanner.travel.transit import (
    Timetable,
    TransitRules,
    Walks,
    search_window,
    transit_times,
)
from tests.benchmarks.child import measured
from tests.benchmarks.frame import Asked, Row, lacking, scaled_up

ORIGINS, SITES, EVERY = 500, 50, 20
JOB = f"Newport by bus, {ORIGINS} origins x {SITES} sites, 180 departures"


WINDOWS = f"Newport by bus, {ORIGINS} x {SITES}, all {len(STANDARD)} standard windows"


def rows(asked: Asked) -> Iterator[Row]:
    """Measure our minutes by bus, and ferrobus on one departure in twenty."""
    if asked.real is None or asked.short:
        for job in (JOB, WINDOWS):
            yield lacking(job, "no real layers" if asked.real is None else "a short run")
        return
    folder = asked.real / "places" / "newport_wales"
    feed, pbf = next(folder.glob("*_gtfs.zip")), next(folder.glob("*.osm.pbf"))
    points = write_points(folder / "lsoa.gpkg", asked.scratch / "points.npz")
    given = {"pbf": pbf, "feed": feed, "points": points}
    yield asked.measure(JOB, "bench_transit:minutes", **given)
    yield asked.measure(WINDOWS, "bench_transit:minutes_by_window", **given)
    day = Timetable.read(feed).day.isoformat()
    row = asked.measure(
        JOB, "peers_transit:ferrobus_minutes", tool="ferrobus", **given, day=day, every=EVERY
    )
    yield scaled_up(row, EVERY)


def write_points(areas: Path, file: Path) -> Path:
    """Draw points evenly in the areas, and write them in metres and in degrees."""
    drawn = gpd.read_file(areas, layer="lsoa").sample_points(10, rng=1).explode(ignore_index=True)
    drawn = drawn.sample(ORIGINS + SITES, random_state=1)
    metres = drawn.get_coordinates().to_numpy()
    degrees = drawn.to_crs("EPSG:4326").get_coordinates().to_numpy()
    np.savez(
        file, origins_m=metres[:ORIGINS], sites_m=metres[ORIGINS:],
        origins=degrees[:ORIGINS], sites=degrees[ORIGINS:],
    )  # fmt: skip
    return file


def minutes(pbf: str, feed: str, points: str) -> dict:
    """Our minutes: the median of all departures in the window."""
    with np.load(points) as file:
        origins, sites = file["origins_m"], file["sites_m"]
    ready, (timetable, streets) = measured(
        lambda: (Timetable.read(feed), Network.from_pbf(Path(pbf)).streets("walk"))
    )
    transit_times(timetable, streets.times, origins[:2], sites[:2])  # compiles
    spent, found = measured(lambda: transit_times(timetable, streets.times, origins, sites))
    return {**spent, "ready": ready["cpu"], "value": found.median.pairs, "unit": "pairs"}


def minutes_by_window(pbf: str, feed: str, points: str) -> dict:
    """Our minutes in each standard window, with one set of walks and one reading of the feed."""
    with np.load(points) as file:
        origins, sites = file["origins_m"], file["sites_m"]
    windows = [one.window for one in STANDARD.values()]
    hours = [(None if w.day == "weekday" else w.day, (w.start, w.end)) for w in windows]
    ready, (timetables, streets) = measured(
        lambda: (
            Timetable.read_windows(feed, hours),
            Network.from_pbf(Path(pbf)).streets("walk"),
        )
    )
    transit_times(timetables[0], streets.times, origins[:2], sites[:2])  # compiles

    def search() -> int:
        rules = TransitRules()
        walks = Walks.measure(timetables, streets.times, origins, sites, rules)
        every = [search_window(one, walks, rules) for one in timetables]
        return sum(one.median.pairs for one in every)

    spent, pairs = measured(search)
    return {**spent, "ready": ready["cpu"], "value": pairs, "unit": "pairs"}
