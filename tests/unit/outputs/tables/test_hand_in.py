from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.case import MINIMUM, Case, Criterion, Fit
from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.tables import explain, hand_in


@pytest.fixture
def evidence(outcome):
    place = outcome.place
    sites = place.sites.copy()
    number = np.arange(len(sites))
    sites["neighbourhood"] = np.where(number % 2 == 0, "North", "South")
    sites["cost"] = np.where(number == 0, np.nan, 1e6)
    sites["running_cost"] = 2e5
    sites["works"] = "extension"
    sites["disposals"] = np.where(number % 2 == 0, "one surgery", None)
    return Evidence(replace(outcome, place=replace(place, sites=sites)))


def test_neighbourhoods_count_sites_and_leave_unknown_people_blank(evidence):
    found = hand_in.neighbourhoods(evidence).set_index("neighbourhood")
    assert found["listed"].sum() == len(evidence.outcome.place.sites)
    assert found["people"].isna().all()
    opened = evidence.outcome.plan.opened
    assert (found["existing"] + found["additional"]).sum() == len(opened)
    assert set(found.index[found["none_yet"] == "none yet"]) == {"North", "South"} - {
        ("North", "South")[site % 2] for site in opened
    }


def test_sites_of_no_neighbourhood_stand_last_and_ask_for_no_people(evidence):
    place = evidence.outcome.place
    sites = place.sites.assign(neighbourhood=["North", None, "North", None])
    found = Evidence(replace(evidence.outcome, place=replace(place, sites=sites)))
    rows = hand_in.neighbourhoods(found)
    assert rows["neighbourhood"].tolist() == ["North", hand_in.NOT_GIVEN]
    assert rows["none_yet"].iloc[-1] == ""  # it is no neighbourhood that could lack a centre
    assert hand_in.blanks(found)["Neighbourhoods"] == len(hand_in.COUNTED)


def test_neighbourhoods_of_areas_have_people_and_need(evidence):
    place = evidence.outcome.place
    areas = place.areas.copy()
    areas["neighbourhood"] = "West"
    changed = replace(evidence.outcome, place=replace(place, areas=areas))
    found = hand_in.neighbourhoods(Evidence(changed)).set_index("neighbourhood")
    assert found.loc["West", "people"] == areas["people"].sum()
    band = evidence.outcome.assessment.areas["band"].to_numpy()
    assert found.loc["West", "first_band"] == areas.loc[band == 1, "people"].sum()
    assert found.loc["West", "none_yet"] == "none yet"


def test_the_estate_adds_up_and_counts_blanks(evidence):
    found = hand_in.estate(evidence).set_index("estate")
    opened = evidence.outcome.centres
    every = found.loc["All centres of the plan"]
    assert every["sites"] == len(opened)
    assert every["running_cost"] == 2e5 * len(opened)
    assert every["cost"] == opened["cost"].sum()
    assert every["without_cost"] == opened["cost"].isna().sum()
    parts = found.drop(["All centres of the plan", "All additional centres"])
    assert parts["sites"].sum() == len(evidence.outcome.place.sites)
    new = found.loc["All additional centres", "sites"]
    assert new + found.loc["Already an NHC", "sites"] == every["sites"]


def test_every_requirement_is_asked_of_every_centre(evidence):
    site = evidence.outcome.centres["site_id"].iloc[0]
    fit = (Fit(site=site, criterion=MINIMUM[1], state="met", evidence="rota", by="Estates"),)
    case = Case(criteria=(Criterion(name="Deprivation"),), fit=fit)
    found = hand_in.fit(replace(evidence, case=case))
    assert len(found) == len(evidence.outcome.centres) * (1 + len(MINIMUM))
    (met,) = found[found["state"] != ""].to_dict("records")
    assert (met["site_id"], met["criterion"], met["by"]) == (site, MINIMUM[1], "Estates")
    assert hand_in.blanks(replace(evidence, case=case))["Fit to criteria"] == 3 * (len(found) - 1)


def test_words_of_the_list_are_counted_with_blanks_last(evidence):
    found = hand_in.summed(evidence)
    mine = found[found["asked"] == "Disposals enabled"]
    assert mine["centres"].sum() == len(evidence.outcome.centres)
    blank = evidence.outcome.centres["disposals"].isna().sum()
    assert dict(zip(mine["words"], mine["centres"], strict=True)).get("not given", 0) == blank


def test_ruled_out_sites_have_the_reason_that_people_gave(evidence):
    place = evidence.outcome.place
    sites = place.sites.copy()
    shut = next(n for n in range(len(sites)) if n not in evidence.outcome.plan.opened)
    sites.loc[shut, "status"] = "forbidden"
    changed = replace(evidence.outcome, place=replace(place, sites=sites))
    name = sites["site_id"].iloc[shut]
    found = hand_in.ruled_out(Evidence(changed, case=Case(ruled_out={name: "Sold"})))
    assert found.set_index("site_id").loc[name, "reason"] == "Sold"
    assert (hand_in.ruled_out(Evidence(changed))["reason"] == "").all()


def test_people_who_lose_go_where_the_plan_without_priority_sends_them(
    two_centres, times_of_two_centres
):
    """Area two is nearest to p, but without priority most of its people would go to q."""
    place = two_centres
    scenario = Scenario(count=1, reach=10, bands=1, model="max_coverage", time_limit=5)
    outcome = workflow.run(place, scenario, times=times_of_two_centres)
    code = place.areas["area_code"].iloc[1]
    losers = pd.DataFrame({"against": [explain.FREE], "area_code": [code], "people": [200.0]})
    sites = pd.DataFrame({"option": ["Most people"] * 2, "site_id": ["p", "q"]})
    sent = pd.DataFrame(
        {
            "kind": "option",
            "plan": "Most people",
            "origin": [code, code],
            "site_id": ["p", "q"],
            "share": [0.25, 0.75],
        }
    )
    evidence = Evidence(outcome, losers=losers, option_sites=sites, other_assignments=sent)
    assert outcome.plan.opened == (0,)
    found = explain.around(evidence)
    assert found[["site_id", "people"]].to_numpy().tolist() == [["q", 200.0]]
    nearest = explain.around(replace(evidence, other_assignments=None))
    assert nearest.empty  # the nearest is p, which the plan opens
