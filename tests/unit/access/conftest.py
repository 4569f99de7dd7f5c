import geopandas as gpd
import pytest

from nhcplanner.domain.place import CRS, Place


@pytest.fixture
def one_area_each() -> Place:
    """Three areas, the healthiest the most deprived, one origin each, one site."""
    points = gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS)
    codes = ["E01000001", "E01000002", "E01000003"]
    areas = gpd.GeoDataFrame(
        {"area_code": codes, "people": [100, 100, 100], "hle": [50.0, 60.0, 70.0]}
        | {"imd_rank": [30_000.0, 20_000.0, 1.0]},
        geometry=points,
    )
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": [100.0] * 3}, geometry=points
    )
    sites = gpd.GeoDataFrame(
        {"site_id": ["p"], "kind": ["library"], "status": ["candidate"]}, geometry=points[:1]
    )
    return Place("Somewhere", areas, sites, origins, index_name="IMD 2025")
