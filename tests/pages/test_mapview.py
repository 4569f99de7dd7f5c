from dataclasses import replace

import geopandas as gpd
import pytest
from shapely.geometry import LineString

from nhcplanner import workflow
from nhcplanner.domain.place import CRS
from tests.pages.conftest import small_place


@pytest.mark.parametrize("page", ["need", "access", "sites"])
def test_the_key_of_a_map_names_its_main_roads(page, opened, monkeypatch):
    road = LineString([(400_000, 300_500), (410_000, 300_500)])
    place = replace(small_place(), roads=gpd.GeoSeries({"trunk": road}, crs=CRS))
    monkeypatch.setattr(workflow, "demo_place", lambda: place)
    app = opened(page)
    assert not app.exception
    assert any("Main roads" in one.proto.body for one in app.get("html"))
