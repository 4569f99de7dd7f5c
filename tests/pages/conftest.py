"""A place small enough to plan in a blink, where the demo place would be."""

import geopandas as gpd
import numpy as np
import pytest
import streamlit as st
from shapely.geometry import box

from nhcplanner import workflow
from nhcplanner.domain.place import CRS, Place, Source


def small_place(title="Row", synthetic=True):
    """Ten square areas in a row, five sites of which one exists, no streets."""
    n = 10
    areas = gpd.GeoDataFrame(
        {
            "area_code": [f"E010000{i:02d}" for i in range(n)],
            "people": [1500] * n,
            "imd_rank": np.arange(1, n + 1) * 3000,
            "imd_decile": np.arange(1, n + 1),
            "hle": np.linspace(52.0, 68.0, n),
            "hle_basis": "modelled",
        },
        geometry=[box(400_000 + 1000 * i, 300_000, 401_000 + 1000 * i, 301_000) for i in range(n)],
        crs=CRS,
    )
    centres = areas.centroid
    sites = gpd.GeoDataFrame(
        {
            "site_id": [f"S{i}" for i in range(5)],
            "site_name": [f"House *{i}*" for i in range(5)],
            "kind": "library",
            "status": ["existing", *["candidate"] * 4],
        },
        geometry=centres.iloc[::2].reset_index(drop=True),
        crs=CRS,
    )
    origins = gpd.GeoDataFrame(
        {
            "origin_id": areas["area_code"],
            "area_code": areas["area_code"],
            "people": areas["people"],
        },
        geometry=centres,
        crs=CRS,
    )
    sources = (Source("areas", "Squares", licence="OGL v3"),)
    return Place(title, areas, sites, origins, sources, synthetic=synthetic, index_name="IMD 2025")


@pytest.fixture(autouse=True)
def demo(monkeypatch):
    """Put the small place where the demo place would be."""
    st.cache_resource.clear()
    monkeypatch.setattr(workflow, "demo_place", small_place)
    yield
    st.cache_resource.clear()
