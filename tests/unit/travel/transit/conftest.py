"""Small feeds as text, and a walk along a line at 100 metres a minute."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer

from nhcplanner.domain.travel_times import TravelTimes, as_minutes
from nhcplanner.travel.transit import Timetable, TransitRules, TransitTimes, transit_times

TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
EVERY_DAY = "1,1,1,1,1,1,1"
KILOMETRE = {"A": 0, "B": 5, "C": 10, "D": 15}

Write = Callable[..., Path]


def stop_rows(kilometres: dict[str, float], parents: dict[str, str]) -> str:
    rows = ["stop_id,stop_lat,stop_lon,parent_station"]
    for name, place in kilometres.items():
        lon, lat = TO_DEGREES.transform(330_000 + 1000 * place, 190_000)
        rows.append(f"{name},{lat:.9f},{lon:.9f},{parents.get(name, '')}")
    return "\n".join(rows)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a feed: stops A to D, 5 km apart; trip t1 from A at 07:10 to B and C, each day.

    `moved` puts stops elsewhere (kilometres), `parents` gives them stations; each other name is
    a file's text, None leaving it out.
    """

    def write_feed(
        moved: dict[str, float] | None = None,
        parents: dict[str, str] | None = None,
        **changed: str | None,
    ) -> Path:
        files: dict[str, str | None] = {
            "agency": "agency_name\nBuses",
            "routes": "route_id\nr",
            "stops": stop_rows(KILOMETRE | (moved or {}), parents or {}),
            "trips": "trip_id,service_id\nt1,daily",
            "stop_times": "trip_id,stop_sequence,stop_id,arrival_time,departure_time\n"
            "t1,1,A,07:10:00,07:10:00\nt1,2,B,07:16:00,07:17:00\nt1,3,C,07:22:00,07:22:00",
            "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,"
            f"start_date,end_date\ndaily,{EVERY_DAY},20250101,20251231",
        }
        path = tmp_path / "feed.zip"
        with zipfile.ZipFile(path, "w") as packed:
            for name, text in (files | changed).items():
                if text is not None:
                    packed.writestr(f"{name}.txt", text)
        return path

    return write_feed


def walk(area_xy: np.ndarray, site_xy: np.ndarray, *, horizon: float) -> TravelTimes:
    minutes = np.round(np.abs(np.subtract.outer(area_xy[:, 0], site_xy[:, 0]))) / 100
    minutes[minutes > horizon] = np.inf
    return TravelTimes(as_minutes(minutes), "walk", "line", estimate=False, horizon=horizon)


@pytest.fixture
def on_the_line() -> Callable[..., TravelTimes]:
    return walk


@pytest.fixture
def journeys() -> Callable[..., TransitTimes]:
    """Journeys between places on the line, in kilometres, by a feed."""

    def search(
        feed: Path,
        homes: list[float],
        sites: list[float],
        window: tuple[str, str] = ("07:00", "07:01"),
        day: str = "2025-06-03",
        **rules: float,
    ) -> TransitTimes:
        points = (np.array([[330_000 + 1000 * p, 190_000] for p in ps]) for ps in (homes, sites))
        timetable = Timetable.read(feed, day, window)
        return transit_times(timetable, walk, *points, TransitRules(**rules))

    return search
