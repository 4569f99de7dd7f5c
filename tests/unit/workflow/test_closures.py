"""Closures on three areas in a row and practices in a line, with minutes set by hand."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import Point, box

from nhcplanner import workflow
from nhcplanner.access.choice import Fit
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.patients import PatientFlows

KM = 1000.0
MINUTES = np.array([[4.0, 15.0, 30.0], [9.0, 12.0, 25.0], [28.0, np.inf, 6.0]])
PATIENTS = np.array([[100.0, 0.0, 0.0], [60.0, 40.0, 0.0], [10.0, 0.0, 500.0]])
WEIGHTS = np.array([-1.0, -0.05, 0.5])
SIZES = [175.0, 40.0, 500.0]


def _place() -> Place:
    areas = gpd.GeoDataFrame(
        {
            "area_code": ["E01000001", "E01000002", "E01000003"],
            "area_name": ["West", "Middle", "East"],
            "people": [100, 100, 600],
            "imd_decile": [1, 2, 9],
            "hle": [55.0, 60.0, 65.0],
            "no_car_share": [0.5, 0.25, 0.0],
        },
        geometry=[box(i * 10 * KM, 0, (i + 1) * 10 * KM, 10 * KM) for i in range(3)],
        crs=CRS,
    )
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["A", "B", "C", "L"],
            "site_name": ["Alder", "Birch", "Cedar", "Library"],
            "kind": ["gp_practice"] * 3 + ["library"],
            "status": "possible",
        },
        geometry=[Point(5 * KM, 5 * KM), Point(5 * KM, 20 * KM), Point(25 * KM, 5 * KM),
                  Point(15 * KM, 5 * KM)],
        crs=CRS,
    )  # fmt: skip
    origins = gpd.GeoDataFrame(
        {"origin_id": list("123"), "area_code": areas["area_code"], "people": areas["people"]},
        geometry=areas.centroid,
        crs=CRS,
    )
    return Place("Row", areas, sites, origins, index_name="IMD 2025")


@pytest.fixture(scope="module")
def flows() -> PatientFlows:
    practices = pd.DataFrame({
        "practice": ["A", "B", "C"], "name": ["Alder", "Birch", "Cedar"],
        "patients": [175, 40, 500], "from_place": [170, 40, 500],
        "from_elsewhere": [5, 0, 0], "list_size": SIZES,
    })  # fmt: skip
    fit = Fit(WEIGHTS, 0.7, 0.2, 0.1, 0.8, 0.6, 710.0)
    return PatientFlows(
        _place(), PATIENTS, MINUTES, practices, fit, True, ("a note",),
        Scenario(mode="drive", engine="estimate", bands=2), 2.0, 3, "file.csv", "2026-07",
    )  # fmt: skip


def _shares(row: np.ndarray) -> np.ndarray:
    """Choice of one area, term by term."""
    odds = [
        np.exp(WEIGHTS[0] * np.log(m + 1) + WEIGHTS[1] * m + WEIGHTS[2] * np.log(size))
        if np.isfinite(m)
        else 0.0
        for m, size in zip(row, SIZES, strict=True)
    ]
    return np.array(odds) / sum(odds)


def test_a_closure_shares_its_patients_among_the_others(flows):
    closure = workflow.close_practices(flows, ["A"])
    expected = np.zeros(3)
    after = []
    for heads, row in zip(PATIENTS[:, 0], MINUTES, strict=True):
        rest = np.array([np.inf, row[1], row[2]])
        share = _shares(rest)
        expected += heads * share
        after.append(sum(s * m for s, m in zip(share, rest, strict=True) if s > 0))
    gained = closure.practices.set_index("practice")["patients_gained"]
    assert gained.to_dict() == pytest.approx({"A": 0, "B": expected[1], "C": expected[2]})
    change = closure.practices.set_index("practice")["list_change"]
    assert change["B"] == pytest.approx(expected[1] / 40)
    of = closure.figures
    assert of["minutes_before"] == pytest.approx((100 * 4 + 60 * 9 + 10 * 28) / 170)
    assert of["minutes_after"] == pytest.approx(np.average(after, weights=[100, 60, 10]))
    assert of["nearest_after"] == pytest.approx((100 * 15 + 60 * 12 + 10 * 6) / 170)
    assert (of["patients"], of["from_place"], of["from_elsewhere"]) == (175, 170, 5)
    assert closure.areas["area_name"].tolist() == ["West", "Middle", "East"]
    assert closure.areas["without_car"].tolist() == [50, 15, 0]
    # Birch lies north of the areas: its 40 patients from the place, and 3 of unknown practices.
    assert (of["place_in"], of["place_out"]) == (5, 43)
    assert of["to_outside"] == pytest.approx(expected[1])


def test_two_closures_at_once_leave_only_the_third(flows):
    closure = workflow.close_practices(flows, ["A", "B"])
    of = closure.figures
    assert of["minutes_after"] == of["nearest_after"]
    assert of["minutes_after"] == pytest.approx((100 * 30 + 100 * 25 + 10 * 6) / 210)
    assert of["without_practice"] == of["newly_without"] == 200
    assert of["people_without"] == 200
    assert closure.practices.set_index("practice")["patients_gained"]["C"] == pytest.approx(210)
    household = closure.groups.set_index("grouping").loc["household"]
    assert household["patients"] == pytest.approx(0.5 * 100 + 0.25 * 100)


def test_groups_add_up_to_all_patients_of_the_place(flows):
    groups = workflow.close_practices(flows, ["A"]).groups
    fifths = groups[groups["grouping"] == "imd_quintile"]
    assert fifths.set_index("group")["patients"].to_dict() == {"1": 160, "5": 10}
    assert groups.loc[groups["grouping"] == "band", "patients"].sum() == 170


def test_patients_of_a_practice_that_moves_stay_with_it(flows):
    closure = workflow.close_practices(flows, move={"A": "L"})
    library = replace(flows.place, sites=flows.place.sites.iloc[3:].reset_index(drop=True))
    minutes = workflow.measure(library, flows.scenario).minutes.toarray()[:, 0]
    assert closure.figures["minutes_after"] == pytest.approx(
        np.average(minutes, weights=[100, 60, 10])
    )
    assert closure.practices["patients_gained"].sum() == 0
    assert closure.practices["easting"].iloc[0] == 15 * KM
    assert closure.title == "Alder (A) moves to Library"


def test_wrong_codes_are_reported_together(flows):
    with pytest.raises(InputError) as error:
        workflow.close_practices(flows, ["A", "Z"], {"A": "X"})
    text = str(error.value)
    assert "is called Z" in text
    assert "no site of the place is called X" in text
    assert "cannot both shut and move" in text
    with pytest.raises(InputError, match="no practice shuts"):
        workflow.close_practices(flows)


def test_a_closure_of_all_practices_is_refused(flows):
    with pytest.raises(InputError, match="has a practice left"):
        workflow.close_practices(flows, ["A", "B", "C"])


def test_where_the_patients_of_a_practice_live(flows):
    frame = workflow.practice_areas(flows, "A")
    assert frame["patients"].tolist() == [100, 60, 10]
    assert frame["share"].iloc[0] == pytest.approx(100 / 175)
    assert frame["minutes"].tolist() == [4, 9, 28]
