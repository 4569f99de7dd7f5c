"""Public transport by ferrobus, as its documentation shows; imports nothing of nhcplanner."""

# ruff: noqa: PLC0415 - the tool may be missing

import tempfile
import zipfile
from datetime import date
from importlib.metadata import version

import numpy as np

from tests.benchmarks.child import measured

MOST_RIDES = 3
WALK_SECONDS = 1200


def ferrobus_minutes(pbf: str, feed: str, day: str, points: str, every: int) -> dict:
    """Journeys from each origin to all sites at 07:00 and each `every` minutes until 10:00."""
    import ferrobus

    with tempfile.TemporaryDirectory() as unpacked, zipfile.ZipFile(feed) as packed:
        packed.extractall(unpacked)
        ready, model = measured(
            lambda: ferrobus.create_transit_model(pbf, [unpacked], date.fromisoformat(day), 300)
        )
    with np.load(points) as file:
        homes, ends = (_tied(ferrobus, model, file[name]) for name in ("origins", "sites"))

    def search() -> list:
        return [
            ferrobus.find_routes_one_to_many(model, home, ends, minute * 60, MOST_RIDES)
            for minute in range(7 * 60, 10 * 60, every)
            for home in homes
        ]

    spent, _ = measured(search)
    note = (
        f"ties {len(homes)} origins and {len(ends)} sites; walks by other rules: only time compares"
    )
    return {**spent, "ready": ready["cpu"], "version": version("ferrobus"), "note": note}


def _tied(ferrobus, model, degrees: np.ndarray) -> list:
    found = []
    for lon, lat in degrees.tolist():
        try:
            found.append(ferrobus.create_transit_point(lat, lon, model, WALK_SECONDS, 1000))
        except (RuntimeError, ValueError):
            continue  # off its streets
    return found
