"""Patients of Lincolnshire: whom they choose, against what was measured with another program."""

import gzip

import numpy as np
import pandas as pd
import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.scenario import Scenario

FILE = "truth/gp_registered_patients_by_lsoa21_lincolnshire_2026-07.csv.gz"


SPILSBY, STICKNEY = "C83005", "C83055"


@pytest.fixture(scope="module")
def flows(real, tmp_path_factory):
    path = tmp_path_factory.mktemp("patients") / "patients.csv"
    path.write_bytes(gzip.decompress((real / FILE).read_bytes()))
    place = workflow.england("NHS Lincolnshire ICB")
    return workflow.registered_patients(
        place, layers.read_registered_patients(path), Scenario(mode="drive")
    )


def test_a_joint_closure_agrees_with_the_raw_file(flows, real):
    raw = pd.read_csv(real / FILE)
    mine = raw[raw["ods_code"].isin([SPILSBY, STICKNEY])]
    areas = flows.place.areas.set_index("area_code")
    inside = mine[mine["lsoa21_code"].isin(areas.index)]
    closure = workflow.close_practices(flows, [SPILSBY, STICKNEY])
    of = closure.figures
    assert of["patients"] == mine["patients"].sum()
    assert of["from_place"] == inside["patients"].sum()
    by_area = inside.groupby("lsoa21_code")["patients"].sum()
    found = closure.areas.set_index("area_code")["patients"]
    assert found.to_dict() == by_area.to_dict()
    decile = inside["lsoa21_code"].map(areas["imd_decile"])
    fifths = inside["patients"].groupby(((decile + 1) // 2).astype(int).astype(str)).sum()
    groups = closure.groups[closure.groups["grouping"] == "imd_quintile"]
    assert groups.set_index("group")["patients"].to_dict() == fifths.to_dict()
    # The choice by hand: a conditional logit on the practices that stay.
    stay = ~flows.practices["practice"].isin([SPILSBY, STICKNEY]).to_numpy()
    rows = areas.index.get_indexer(by_area.index)
    minutes = flows.minutes[np.ix_(rows, stay)]
    size = flows.practices["list_size"].to_numpy(float)[stay]
    near, far, large = flows.fit.weights
    with np.errstate(invalid="ignore"):
        odds = np.exp(near * np.log1p(minutes) + far * minutes + large * np.log(size))
    odds[~np.isfinite(minutes)] = 0
    gained = by_area.to_numpy() @ (odds / odds.sum(axis=1, keepdims=True))
    expected = dict(zip(flows.practices["practice"][stay], gained, strict=True))
    for row in closure.practices.to_dict("records"):
        if row["change"] == "stays":
            assert row["patients_gained"] == pytest.approx(expected[row["practice"]])
    lost = by_area[minutes.min(axis=1) > 20].sum()
    assert of["without_practice"] == lost


def test_most_patients_of_lincolnshire_choose_as_the_model_says(flows):
    found = flows
    assert found.practices["patients"].sum() == 817_133
    assert found.fit.nearest == pytest.approx(0.584, abs=0.02)
    assert found.fit.second == pytest.approx(0.210, abs=0.02)
    assert found.fit.overlap == pytest.approx(0.79, abs=0.02)
    assert found.fit.overlap_nearest == pytest.approx(0.60, abs=0.03)
