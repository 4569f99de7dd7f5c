"""Patients of Lincolnshire: whom they choose, against what was measured with another program."""

import gzip

import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.scenario import Scenario

FILE = "truth/gp_registered_patients_by_lsoa21_lincolnshire_2026-07.csv.gz"


def test_most_patients_of_lincolnshire_choose_as_the_model_says(real, tmp_path):
    path = tmp_path / "patients.csv"
    path.write_bytes(gzip.decompress((real / FILE).read_bytes()))
    place = workflow.england("NHS Lincolnshire ICB")
    found = workflow.registered_patients(
        place, layers.read_registered_patients(path), Scenario(mode="drive")
    )
    assert found.practices["patients"].sum() == 817_133
    assert found.fit.nearest == pytest.approx(0.584, abs=0.02)
    assert found.fit.second == pytest.approx(0.210, abs=0.02)
    assert found.fit.overlap == pytest.approx(0.79, abs=0.02)
    assert found.fit.overlap_nearest == pytest.approx(0.60, abs=0.03)
