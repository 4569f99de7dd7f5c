"""A place small enough to plan in a blink, where the demo place would be."""

import geopandas as gpd
import numpy as np
import pytest
import streamlit as st
from shapely.geometry import box
from streamlit.testing.v1 import AppTest

from nhcplanner import workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.hosting import settings
from nhcplanner.pages.session import files, owner, queue, trash

OURS, THEIRS = "0" * 32, "f" * 32
"""Owners: the browser of most tests, and another one."""


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


class InThisProcess:
    """Long work done at once, in this process."""

    report = None
    is_done = True
    cpu_seconds = 0.0

    def __init__(self, work, *arguments, ready):
        try:
            self._made, self._error = work(*arguments, progress=lambda _: None), None
        except PlannerError as error:
            self._error = error

    def result(self, seconds=None):
        if self._error is not None:
            raise self._error
        return self._made


class AtOnce:
    """A thread that has ended when it is started."""

    def __init__(self, target, **_):
        self.start = target


class NoWorker:
    """No process waits for work that is done at once."""

    def take(self):
        return None

    def prepare(self, seconds):
        return None


@pytest.fixture(autouse=True)
def demo(monkeypatch, tmp_path):
    """Put the small place where the demo place would be, and work where nobody else's is."""
    st.cache_resource.clear()
    monkeypatch.setattr(workflow, "demo_place", small_place)
    monkeypatch.setattr(queue, "WorkerProcess", InThisProcess)
    monkeypatch.setattr(queue, "Thread", AtOnce)
    monkeypatch.setattr(queue, "_clear_repeatedly", lambda: None)  # it never ends
    monkeypatch.setattr(queue, "WARM_WORKER", NoWorker())
    monkeypatch.setattr(files, "user_data_path", lambda *_, **__: tmp_path / "data")
    monkeypatch.setattr(files, "user_cache_path", lambda *_, **__: tmp_path / "cache")
    monkeypatch.setattr(owner, "current_owner", lambda: OURS)
    monkeypatch.setattr(trash, "_Last", type("Never", (), {"tidied": float("-inf")}))
    for name in (one.name for one in settings.SETTINGS):
        monkeypatch.delenv(name, raising=False)
    yield
    st.cache_resource.clear()


@pytest.fixture
def opened():
    """Open one page in its frame."""

    def open_page(name, **params):
        script = (
            f"from nhcplanner.pages import {name}\n"
            "from nhcplanner.pages.menu import with_frame\n"
            f"with_frame('{name.title()}', {name}.show)()"
        )
        app = AppTest.from_string(script, default_timeout=60)
        for key, value in params.items():
            app.query_params[key] = value
        return app.run()

    return open_page


@pytest.fixture
def said():
    """All that a page says in words."""

    def words(app):
        assert not app.exception
        kinds = [app.markdown, app.title, app.error, app.info, app.warning, app.caption]
        return " ".join(one.value for kind in [*kinds, app.success] for one in kind)

    return words
