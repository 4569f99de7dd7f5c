"""Measure public transport in Newport: 500 origins, 50 sites, each minute from 07:00 to 10:00.

    python tests/benchmarks/bench_transit.py [--real FOLDER]

FOLDER holds the real layers (default: NHCPLANNER_REAL). Where ferrobus is installed too, it
answers the same pairs for one departure in twenty, and its CPU seconds are scaled up; its rules
of walking differ, so only the time compares.
"""

# ruff: noqa: T201 - it prints

import argparse
import os
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
from pyproj import Transformer

from nhcplanner.travel import Network
from nhcplanner.travel.transit import Timetable, transit_times

ORIGINS, SITES, EVERY = 500, 50, 20


def measured(work: Callable[[], object]) -> tuple[float, float, object]:
    """CPU seconds of all threads, seconds by the clock, and what came of it."""
    cpu, wall = time.process_time(), time.perf_counter()
    result = work()
    return time.process_time() - cpu, time.perf_counter() - wall, result


def say(what: str, cpu: float, wall: float, ours: float | None = None) -> None:
    ratio = f"{cpu / ours:8.1f} x" if ours else ""
    print(f"  {what:<52}{cpu:8.2f} s CPU{wall:8.2f} s{ratio}", flush=True)


def points(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Points drawn evenly in the areas."""
    areas = gpd.read_file(folder / "lsoa.gpkg", layer="lsoa")
    drawn = areas.sample_points(10, rng=1).get_coordinates().to_numpy()
    mixed = np.random.default_rng(1).permutation(drawn)
    return mixed[:ORIGINS], mixed[ORIGINS : ORIGINS + SITES]


def by_ferrobus(pbf: Path, feed: Path, origins: np.ndarray, sites: np.ndarray) -> Callable | None:
    """Make the search of the other tool ready; None where it is not installed."""
    try:
        import ferrobus  # noqa: PLC0415 - only for comparison
    except ImportError:
        return None
    day = Timetable.read(feed).day
    with tempfile.TemporaryDirectory() as unpacked, zipfile.ZipFile(feed) as packed:
        packed.extractall(unpacked)
        model = ferrobus.create_transit_model(str(pbf), [unpacked], day, 300)
    degrees = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)

    def tied(xy: np.ndarray) -> list:
        found = []
        for lon, lat in np.column_stack(degrees.transform(*xy.T)):
            try:
                found.append(ferrobus.create_transit_point(lat, lon, model, 1200, 1000))
            except (RuntimeError, ValueError):
                continue  # off its streets
        return found

    homes, ends = tied(origins), tied(sites)
    print(f"  ferrobus ties {len(homes)} origins and {len(ends)} sites")
    return lambda: [
        ferrobus.find_routes_one_to_many(model, home, ends, minute * 60, 3)
        for minute in range(7 * 60, 10 * 60, EVERY)
        for home in homes
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, default=os.environ.get("NHCPLANNER_REAL"))
    real = parser.parse_args().real
    if not real:
        parser.error("give --real, or set NHCPLANNER_REAL")
    folder = Path(real) / "places" / "newport_wales"
    feed, pbf = next(folder.glob("*_gtfs.zip")), next(folder.glob("*.osm.pbf"))
    origins, sites = points(folder)
    print(f"Newport, {len(origins)} origins x {len(sites)} sites, 180 departures")
    cpu, wall, timetable = measured(lambda: Timetable.read(feed))
    say("nhcplanner, timetable", cpu, wall)
    cpu, wall, streets = measured(lambda: Network.from_pbf(pbf).streets("walk"))
    say("nhcplanner, streets", cpu, wall)
    streets.times(origins[:2], sites[:2])  # compiles, unless kept on disk
    ours, wall, found = measured(lambda: transit_times(timetable, streets.times, origins, sites))
    say("nhcplanner, minutes", ours, wall)
    print(f"  pairs within the hour {found.median.pairs:,} of {len(origins) * len(sites):,}")
    other = by_ferrobus(pbf, feed, origins, sites)
    if other:
        cpu, wall, _ = measured(other)
        say(f"ferrobus (from one departure in {EVERY})", cpu * EVERY, wall * EVERY, ours)


if __name__ == "__main__":
    main()
