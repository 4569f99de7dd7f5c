"""Evidence of the hand-made outcome, its names as bad as names can be, with isochrones."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES

NAMES = ("CON/../<b>", "=1+1 😀 & Ünïcode\x01", "é" * 300, None)
"""Of the four sites."""


@pytest.fixture
def evidence(outcome: Outcome) -> Evidence:
    sites = outcome.place.sites.assign(site_name=pd.Series(NAMES, dtype="str"))
    place = replace(outcome.place, sites=sites)
    found = outcome.assessment.areas.copy()
    found["centre"] = ["S0"] * 2 + ["S1"] * 4 + ["S3"] * 5 + [""]
    assessment = replace(outcome.assessment, areas=found)
    squares = place.areas.geometry
    ground = gpd.GeoDataFrame(
        {"site_id": ["S1", "S1"], "mode": "walk", "minutes": [10.0, 20.0], "cell_m": 50.0},
        geometry=[squares[3], squares[2:5].union_all()],
        crs=place.areas.crs,
    )
    areas = found.replace([np.inf, -np.inf], np.nan).assign(area_name="", change=-1.0)
    centres = pd.DataFrame({"site_id": ["S0", "S1", "S3"], "council": "Row"})
    centres = centres.reindex(columns=TABLES["catchments"].names)
    centres["people_q_unknown"] = 0.0
    centres["people_q1"] = [10.0, 20.0, 30.0]
    return Evidence(
        replace(outcome, place=place, assessment=assessment),
        areas=areas[TABLES["areas"].names],
        catchments=centres,
        isochrones=ground,
        reasons={"price": "Not requested"},
    )
