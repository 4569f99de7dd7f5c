"""Services near sites, counted by hand on a line of buildings."""

import geopandas as gpd
import pytest
from shapely.geometry import Point

from nhcplanner import Scenario
from nhcplanner.domain.colocation import kinds_near, names_near, services_of, walk_metres

SITES = gpd.GeoDataFrame(
    {"kind": ["library", "gp_practice", "gp_practice", "shop"]},
    geometry=[Point(x, 0) for x in (0, 280, 290, 1000)],
    crs="EPSG:27700",
)


def test_buildings_within_the_walk_count_with_the_sites_own():
    # 5 minutes at 4.8 km/h are 400 m of street, 287.8 m in a straight line
    assert walk_metres(5, 4.8, 1.39) == pytest.approx(400 / 1.39)
    near = services_of(SITES, Scenario())
    assert near["library"].tolist() == [1, 1, 0, 0]
    assert near["gp_practice"].tolist() == [1, 2, 2, 0]
    assert kinds_near(near).tolist() == [2, 2, 1, 0]
    assert names_near(near).tolist()[:2] == ["gp practice, library", "gp practice (2), library"]
    far = services_of(SITES, Scenario(near_minutes=20, near_kinds=("shop",)))
    assert far["shop"].tolist() == [1, 1, 1, 1]
