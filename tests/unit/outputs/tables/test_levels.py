"""Levels of neighbourhoods by need, on twelve areas in a row with sites at 0, 3, 6 and 9."""

from dataclasses import replace

import pandas as pd
import pytest

from nhcplanner.domain.evidence import Evidence
from nhcplanner.outputs.brief.form import return_of
from nhcplanner.outputs.brief.parts import Table
from nhcplanner.outputs.tables.levels import LEVELS, levels, without_centre

HOMES = ["A"] * 3 + ["B"] * 3 + ["C"] * 3 + ["D"] * 3
LARGER = ["North"] * 6 + ["South"] * 6


@pytest.fixture
def evidence(outcome):
    place = outcome.place
    areas = place.areas.assign(neighbourhood=HOMES, multi_neighbourhood=LARGER)
    sites = place.sites.assign(neighbourhood=["A", "B", "C", "D"])
    return Evidence(replace(outcome, place=replace(place, areas=areas, sites=sites)))


def test_people_and_need_are_those_of_the_areas_and_centres_those_of_the_plan(evidence):
    table = levels(evidence)
    assert list(table.columns) == [cell.name for cell in LEVELS]
    assert table["level"].tolist() == ["neighbourhood"] * 4 + ["multi-neighbourhood area"] * 2
    by_name = table.set_index("name")
    assert by_name.loc["A", "people"] == 1000 + 1100 + 1200
    assert by_name.loc["North", "people"] == sum(1000 + 100 * n for n in range(6))
    assert by_name["part_of"].to_dict() | {"North": "", "South": ""} == {
        "A": "North", "B": "North", "C": "South", "D": "South", "North": "", "South": "",
    }  # fmt: skip
    outcome = evidence.outcome
    opened = {"ABCD"[site] for site in outcome.plan.opened}
    centres = by_name["existing"] + by_name["additional"]
    assert {name for name in "ABCD" if centres[name]} == opened
    assert centres[["North", "South"]].sum() == len(opened)
    assert set(without_centre(evidence)["name"]) & set("ABCD") == set("ABCD") - opened


def test_areas_without_a_centre_come_first_by_need(evidence):
    table = levels(evidence)
    for _, part in table.groupby("level", sort=False):
        none = (part["none_yet"] == "none yet").tolist()
        assert none == sorted(none, reverse=True)
        for _, same in part.groupby("none_yet", sort=False):
            assert same["band"].is_monotonic_increasing


def test_the_return_lists_them_and_a_place_without_neighbourhoods_has_none(evidence, outcome):
    captions = [part.caption for section in return_of(evidence).sections
                for part in section.parts if isinstance(part, Table)]  # fmt: skip
    assert any("Larger areas" in one for one in captions)
    assert any("Without a centre" in one for one in captions) == bool(len(without_centre(evidence)))
    assert levels(Evidence(outcome)).empty
    assert isinstance(levels(Evidence(outcome)), pd.DataFrame)
