"""A hand-in for a real council: every figure is there that its layers can tell."""

from dataclasses import replace

import openpyxl
import pytest

from nhcplanner import workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.workbook import write_workbook


def test_rutland_has_its_groups_its_reasons_and_its_workbook(rutland_place: Place, tmp_path):
    place = replace(rutland_place, streets=None, timetable=None)
    outcome = workflow.run(place, Scenario(count=3, mode="drive", time_limit=20))
    found = workflow.gather_evidence(outcome, workflow.Effort(seconds=10, modes=("walk",)))
    groups = found.groups.set_index(["grouping", "group"])
    assert groups.loc[("everyone", "everyone"), "people"] == place.people
    assert groups.loc[("council", "Rutland"), "people"] == place.people
    fifths = groups.loc["imd_quintile"]["people"].sum()
    assert fifths == pytest.approx(place.people)
    assert "people_85_plus" in found.reasons["groups: age"]
    assert "the capital of" in found.reasons["costs"]
    assert "(estimate)" in found.within["mode"].iloc[0]
    write_workbook(found, tmp_path)
    book = openpyxl.load_workbook(tmp_path / "nhc-Rutland.xlsx", data_only=True)
    words = [str(cell) for row in book["Read me"].values for cell in row if cell]
    assert any("modelled" in line for line in words)
    assert any("estimate" in line for line in words)
    licences = [cell for row in book["Sources"].values for cell in row if cell]
    assert any("OGL" in str(cell) for cell in licences)
