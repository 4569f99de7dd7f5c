"""Problems of places: what their rows are called in messages."""

import pandas as pd

from nhcplanner import Place, Scenario, run


def test_rows_are_areas_or_starting_points():
    areas = pd.DataFrame(
        {
            "area_code": ["X01000001", "X01000002"],
            "people": [1500, 700],
            "easting": [430_000, 450_000],
            "northing": [310_000, 310_000],
        }
    )
    sites = pd.DataFrame({"site_id": ["S1"], "easting": [430_100], "northing": [310_000]})
    starts = pd.DataFrame(
        {
            "area_code": ["X01000001", "X01000002", "X01000002"],
            "people": [1500, 300, 400],
            "easting": [430_000, 450_000, 450_100],
            "northing": [310_000, 310_000, 310_000],
        }
    )
    scenario = Scenario(model="set_cover", engine="estimate")
    reason = run(Place.from_frames(areas, sites), scenario).plan.reason
    assert reason == "1 area (700 people) has no allowed site within 20 minutes"
    reason = run(Place.from_frames(areas, sites, origins=starts), scenario).plan.reason
    assert reason == "2 starting points (700 people) have no allowed site within 20 minutes"
