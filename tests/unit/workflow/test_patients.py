from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import layers, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.scenario import Scenario

ESTIMATE = Scenario(engine="estimate", mode="drive")


@pytest.fixture(scope="module")
def flows(place):
    """All people of the demo at their nearest of three practices; ten of the first from outside."""
    sites = place.sites.iloc[:4].assign(kind="gp_practice").reset_index(drop=True)
    here = replace(place, sites=sites)
    minutes = workflow.measure(here, ESTIMATE).minutes.toarray()
    minutes[minutes == 0] = np.inf
    nearest = minutes[:, :3].argmin(axis=1)
    table = pd.DataFrame({
        "practice": sites["site_id"].to_numpy()[nearest],
        "area_code": place.areas["area_code"], "patients": place.areas["people"],
    })  # fmt: skip
    outside = pd.DataFrame(
        {"practice": sites["site_id"][:1], "area_code": ["E01000001"], "patients": [10]}
    )
    empty = pd.DataFrame({"practice": [], "where": [], "patients": []})
    registered = layers.RegisteredPatients(pd.concat([table, outside]), empty, ("read",))
    return workflow.registered_patients(here, registered, ESTIMATE)


def test_all_are_at_their_nearest_practice(flows):
    assert flows.fit.nearest == pytest.approx(1)
    assert flows.fit.overlap_nearest == pytest.approx(1)
    assert flows.estimate


def test_patients_from_elsewhere_and_practices_without_a_list_are_told(place, flows):
    first = flows.practices.iloc[0]
    assert first["from_elsewhere"] == 10
    assert flows.practices["from_place"].sum() == place.people
    assert any("1 practice of the place without a list" in note for note in flows.notes)


def test_choice_shares_out_all_people(place, flows):
    assert flows.by_choice.sum() == pytest.approx(place.people)


def test_a_file_of_other_practices_is_refused(place):
    table = pd.DataFrame({"practice": ["Z"], "area_code": ["E01000001"], "patients": [1]})
    with pytest.raises(InputError, match="no practice of the file"):
        workflow.registered_patients(place, layers.RegisteredPatients(table, table, ()))


def test_patients_within_reach_are_shares_of_the_areas_that_they_live_in(place):
    ids, codes = place.sites["site_id"].tolist()[:2], place.areas["area_code"].tolist()[:3]
    table = pd.DataFrame(
        {
            "practice": [ids[0], ids[0], ids[0], ids[1], "Z"],
            "area_code": [codes[0], codes[1], "E01999999", codes[2], codes[0]],
            "patients": [100, 40, 7, 30, 500],
        }
    )
    elsewhere = pd.DataFrame({"practice": [ids[1]], "where": ["Wales"], "patients": [5]})
    areas = pd.DataFrame(
        {"area_code": codes, "share_before": [0.0, 0.5, 1.0], "share_after": [0.25, 1.0, 1.0]}
    )
    registered = layers.RegisteredPatients(table, elsewhere, ())
    by_practice, by_area = workflow.patients_within_reach(place, registered, areas)
    assert list(by_practice.columns) == TABLES["patients"].names
    assert list(by_area.columns) == TABLES["patients_by_area"].names
    rows = by_practice.set_index("site_id")
    figures = ["patients", "from_place", "from_elsewhere", "within_before", "within_after"]
    assert rows.loc[ids[0], figures].tolist() == [147, 140, 7, 20, 65]
    assert rows.loc[ids[1], figures].tolist() == [35, 30, 5, 30, 30]
    assert len(by_area) == 3
    assert by_area["patients"].sum() == 170


def test_a_place_of_patients_has_them_as_its_people(place):
    ids, codes = place.sites["site_id"].tolist()[:2], place.areas["area_code"].tolist()[:3]
    table = pd.DataFrame(
        {
            "practice": [ids[0], ids[0], ids[1], "Z"],
            "area_code": [codes[0], codes[1], codes[1], codes[2]],
            "patients": [100, 40, 30, 500],
        }
    )
    registered = layers.RegisteredPatients(table, table.iloc[:0], (), "1 July 2026", "p.csv")
    every = workflow.place_of_patients(place, registered)
    assert every.areas.set_index("area_code")["people"][codes].tolist() == [100, 70, 0]
    assert every.people == 170
    sums = every.origins.groupby("area_code")["people"].sum()
    assert sums[codes].tolist() == pytest.approx([100, 70, 0])
    assert "170 registered patients of 2 practices" in every.notes[-1]
    assert not [name for name in every.areas if name.startswith("people_")]
    one = workflow.place_of_patients(place, registered, [ids[1]])
    assert one.people == 30
    plan = workflow.run(one, Scenario(engine="estimate", count=4, mode="drive")).plan
    assert sum(stage.value for stage in plan.stages) <= 30
    with pytest.raises(InputError, match="no patients of X"):
        workflow.place_of_patients(place, registered, ["X"])
