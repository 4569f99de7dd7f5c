"""Files are read in this process here, except in the tests of the reading process itself."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pytest

from nhcplanner.base.limited_reader import in_process
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.travel_times import TravelTimes, as_minutes


@pytest.fixture(autouse=True)
def _read_here(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.path.parent.name == "base":
        yield
        return
    with in_process():
        yield


@pytest.fixture
def two_centres() -> Place:
    """Three areas of 100, 200 and 300 people; site p is open and holds 150, q may open for 500.

    The nearest centre of the first two areas is p. The least travel within capacity sends 50 people
    of the second area to p and 150 to q, since a person of the first would lose a minute more.
    """
    points = gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS)
    codes = ["E01000001", "E01000002", "E01000003"]
    people = [100.0, 200.0, 300.0]
    areas = gpd.GeoDataFrame(
        {
            "area_code": codes,
            "area_name": ["One", "Two", "Three"],
            "people": [100, 200, 300],
            "hle": [50.0, 55.0, 60.0],
            "imd_decile": [1, 5, 10],
            "imd_rank": [1.0, 2.0, 3.0],
            "disabled_share": [0.5, 0.25, 0.0],
        },
        geometry=points,
    )
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": people}, geometry=points
    )
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["p", "q"],
            "kind": ["library", "library"],
            "status": ["existing", "candidate"],
            "cost": [np.nan, 100.0],
            "capacity": [150.0, 500.0],
        },
        geometry=points[:2],
    )
    return Place("Two centres", areas, sites, origins)


@pytest.fixture
def times_of_two_centres() -> TravelTimes:
    """Minutes of the place of two centres: p is nearer for the first two areas, q for the third."""
    minutes = as_minutes([[5, 12], [8, 14], [25, 9]])
    return TravelTimes(minutes, "walk", "by hand", False, 60.0)
