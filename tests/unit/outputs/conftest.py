"""A small hand-made outcome: twelve areas in a row, four sites, two of them opened."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from nhcplanner.domain.assessment import Assessment, Need, Outcome
from nhcplanner.domain.place import CRS, Place, Source
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.domain.travel_times import TravelTimes, as_minutes

EVIL = '<script>alert(1)</script>`${x}` & "Q"'
LIMITS = (10.0, 15.0, 20.0, 30.0)


def _place() -> Place:
    n = 12
    squares = [box(400_000 + 1000 * i, 300_000, 401_000 + 1000 * i, 301_000) for i in range(n)]
    areas = gpd.GeoDataFrame(
        {
            "area_code": [f"E010000{i:02d}" for i in range(n)],
            "area_name": [f"Area {i}" for i in range(n)],
            "people": [1000 + 100 * i for i in range(n)],
            "imd_decile": [1 + i % 10 for i in range(n)],
            "hle": np.linspace(50.0, 70.0, n),
            "hle_basis": ["published"] * 8 + ["modelled"] * 4,
        },
        geometry=squares,
        crs=CRS,
    )
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["S0", "S1", "S2", "S3"],
            "site_name": ["Old Centre", EVIL, "Library", None],
            "kind": ["health_centre", "gp_practice", "library", "library"],
            "status": ["existing", "candidate", "candidate", "committed"],
            "capacity": [5000.0, np.nan, 900.0, np.nan],
        },
        geometry=[Point(400_500 + 3000 * i, 300_500) for i in range(4)],
        crs=CRS,
    )
    origins = gpd.GeoDataFrame(
        {
            "origin_id": areas["area_code"],
            "area_code": areas["area_code"],
            "people": areas["people"],
        },
        geometry=areas.centroid,
        crs=CRS,
    )
    sources = (
        Source("areas", "Squares", publisher="Tests", licence="OGL v3", sha256="ab" * 32),
        Source("sites", "Points", publisher="=cmd()", vintage="2024"),
    )
    return Place("Row", areas, sites, origins, sources, synthetic=True, index_name="IMD 2025")


def _groups(index: list[object], name: str) -> pd.DataFrame:
    frame = pd.DataFrame({"people": 1000.0}, index=pd.Index(index, name=name))
    for limit in LIMITS:
        frame[f"share_before_{limit:g}"] = limit / 100
        frame[f"share_after_{limit:g}"] = limit / 50
    return frame


def _assessment(place: Place, times: TravelTimes) -> Assessment:
    after = times.nearest([0, 1, 3])
    areas = pd.DataFrame(
        {
            "area_code": place.areas["area_code"],
            "people": place.areas["people"],
            "band": np.repeat([1, 2, 3], 4),
            "minutes_before": times.nearest([0]),
            "minutes_after": after,
            "share_before": (times.nearest([0]) <= 20).astype(float),
            "share_after": (after <= 20).astype(float),
            "centre": "S0",
            "nearest_centre": "S1",
        }
    )
    within = pd.DataFrame(
        {"people_before": [1e3, 2e3, 3e3, 4e3], "people_after": [2e3, 3e3, 9e3, 12e3]},
        index=pd.Index(LIMITS, name="minutes"),
    )
    within["share_before"] = within["people_before"] / place.people
    within["share_after"] = within["people_after"] / place.people
    catchments = pd.DataFrame(
        {
            "site_id": ["S0", "S1", "S3"],
            "people": [6000.0, 2000.0, 1000.0],
            "people_nearest": [5500.0, 2000.0, 1000.0],
            "capacity": [5000.0, np.nan, np.nan],
            "over_capacity": [1000.0, np.nan, np.nan],
        }
    )
    return Assessment(
        areas=areas,
        people_within=within,
        by_band=_groups([1, 2, 3], "band"),
        by_imd_quintile=_groups([1, 2, 3, 4, 5], "imd_quintile"),
        by_rural_urban=None,
        catchments=catchments,
        thresholds=LIMITS,
        need=Need(areas["band"], "hle", "3 bands of equal people, lowest HLE first"),
        notes=("3 bands of equal people, lowest HLE first",),
    )


@pytest.fixture
def outcome() -> Outcome:
    """An outcome with an existing, a new and a committed centre, and an area out of reach."""
    place = _place()
    gaps = place.origins.geometry.x.to_numpy()[:, None] - place.sites.geometry.x.to_numpy()
    minutes = np.abs(gaps) / 400
    times = TravelTimes(
        as_minutes(np.where(minutes <= 5, minutes, np.inf)), "walk", "straight lines", True, 60.0
    )
    scenario = Scenario(count=3, bands=3, title="Row & column")
    stages = (
        Stage("cover_band_1", 5000.0, 5000.0, 0.1),
        Stage("cover_band_2", 4000.0, 4400.0, 0.2),
    )
    return Outcome(
        scenario=scenario,
        place=place,
        times=times,
        problem=Problem.from_minutes(times.minutes, people=place.origins["people"]),
        plan=Plan((0, 1, 3), "feasible", stages, "lowest_hle_first", "HiGHS 1.11", 0.3),
        assessment=_assessment(place, times),
        versions={"nhcplanner": "0.1.0"},
    )


@pytest.fixture
def infeasible(outcome: Outcome) -> Outcome:
    """The same place where no plan keeps the rules."""
    plan = Plan((), "infeasible", (), "set_cover", "HiGHS 1.11", 0.1, "3 areas have no site near")
    found = outcome.assessment
    found = replace(found, catchments=found.catchments.iloc[:0])
    return replace(outcome, plan=plan, assessment=found)
