"""All evidence for one plan: complete, consistent with the assessment, and stoppable."""

from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.workbook import write_workbook


def test_every_table_is_there_with_the_columns_it_promises(evidence):
    found = dict(evidence.tables())
    absent = {"origin_years", "case_growth", "other_assignments", "windows"}
    absent |= {"patients", "patients_by_area"}
    assert "registered_patients.csv" in evidence.reasons["patients"]
    assert set(found) == set(TABLES) - absent
    assert "transit_windows" in evidence.reasons["windows"]
    assert set(found["years"]["year"]) >= {2024, 2030, 2035, 2040}
    for name, frame in found.items():
        assert list(frame.columns) == TABLES[name].names, name
        assert len(frame) or name == "losers", name


def test_everyone_in_the_groups_is_everyone_in_the_assessment(evidence):
    outcome, groups = evidence.outcome, evidence.groups
    within = outcome.assessment.people_within.loc[20.0]
    everyone = groups[groups["grouping"] == "everyone"].iloc[0]
    assert everyone["within_before"] == within["people_before"]
    assert everyone["within_after"] == within["people_after"]
    assert everyone["gained"] - everyone["lost"] == pytest.approx(
        within["people_after"] - within["people_before"]
    )
    for grouping in ("band", "imd_quintile", "household", "council"):
        parts = groups[groups["grouping"] == grouping]
        assert parts["people"].sum() == pytest.approx(outcome.place.people), grouping
        assert parts["within_after"].sum() == pytest.approx(within["people_after"]), grouping


def test_the_plan_is_an_option_and_its_sites_are_listed(evidence):
    options = evidence.options.set_index("option")
    plan = evidence.outcome.plan
    assert options.loc["The plan", "centres"] == len(plan.opened)
    sites = evidence.option_sites
    listed = set(sites.loc[sites["option"] == "The plan", "site_id"])
    assert listed == set(evidence.outcome.place.sites["site_id"].iloc[list(plan.opened)])
    assert (
        options.loc["Business as usual", "people_within"] < options.loc["The plan", "people_within"]
    )


def test_costs_of_an_option_are_those_of_its_sites(evidence):
    options, costs = evidence.options.set_index("option"), evidence.costs.set_index("site_id")
    for name, rows in evidence.option_sites.groupby("option"):
        new = [site for site in rows["site_id"] if site in costs.index]
        for column in ("capital", "undiscounted", "discounted"):
            assert options.loc[name, column] == pytest.approx(costs.loc[new, column].sum())
    assert (costs["discounted"] < costs["undiscounted"]).all()


def test_options_are_costed_like_for_like_whatever_wave_their_sites_open_in(evidence):
    costs = evidence.costs
    assert set(costs.loc[costs["status"] == "candidate", "opens"]) == {2030}
    assert set(costs.loc[costs["status"] == "committed", "opens"]) <= {2026}
    assert "like for like: every new centre opens in 2030" in evidence.words["options"]
    years = dict(zip(evidence.wave_sites["site_id"], evidence.wave_sites["wave"], strict=True))
    whole = 0.0
    for site in costs[costs["in_the_plan"]].itertuples():  # 30 years from 2026 at 3.5%
        later = max(int(years.get(site.site_id, site.opens)) - 2026, 0)
        running = sum(site.running * site.rebased / 1.035**n for n in range(later + 1, 31))
        whole += site.appraised / 1.035**later + running
    assert f"the whole cost of the plan is £{whole:,.0f}, discounted" in evidence.words["options"]


def test_catchments_by_fifth_sum_to_the_people_served(evidence):
    found = evidence.catchments
    fifths = found[[*(f"people_q{n}" for n in range(1, 6)), "people_q_unknown"]].sum(axis=1)
    assert np.allclose(fifths, found["people"])


def test_who_loses_against_the_plan_without_priority_is_named(evidence):
    losers = evidence.losers
    assert set(losers["against"]) == {"the plan without priority"}  # nothing closes
    assert (losers["worse"] > 0).all()
    assert losers["area_code"].str.len().min() > 0


def test_the_curve_never_falls_and_meets_the_assessment(evidence):
    own = evidence.curve[evidence.curve["mode"].str.startswith("the plan's own")]
    assert own["people_after"].is_monotonic_increasing
    assert (own["people_after"] >= own["people_before"]).all()
    within = evidence.outcome.assessment.people_within
    at = own.set_index("minutes")
    assert at.loc[20.0, "people_after"] == within.loc[20.0, "people_after"]
    assert "cycle" in set(evidence.curve["mode"])


def test_every_site_has_a_reason(evidence):
    found = evidence.long_list
    assert len(found) == len(evidence.outcome.place.sites)
    assert (found["reason"].str.len() > 10).all()
    forbidden = found.loc[found["status"] == "forbidden", "reason"]
    assert forbidden.str.contains("forbidden").all()


def test_parts_left_out_are_none_with_a_reason(evidence):
    found = workflow.gather_evidence(evidence.outcome, workflow.Effort(parts=()))
    assert found.price is None
    assert found.reasons["price"] == "Not requested"
    assert found.robustness is None
    assert found.groups is not None
    assert found.options["option"].tolist() == ["Business as usual", "Do minimum", "The plan"]


def test_stopping_hands_back_what_there_is(evidence):
    said = []

    def stop(words):
        said.append(words)
        return not words.startswith("Evidence: alternatives")

    effort = workflow.Effort(modes=("walk",), seconds=20)
    found = workflow.gather_evidence(evidence.outcome, effort, stop)
    assert found.price is not None
    assert found.alternatives is None
    assert found.reasons["alternatives"] == found.reasons["robustness"] == "Stopped"
    assert found.groups is not None


def test_stopping_while_minutes_are_measured_hands_back_the_rest(evidence):
    found = workflow.gather_evidence(evidence.outcome, workflow.Effort(seconds=20), lambda _: False)
    asked = {name: why for name, why in found.reasons.items() if why == "Stopped"}
    assert {"price", "alternatives", "roles", "losses", "waves", "robustness"} <= set(asked)
    assert [name for name in asked if name.startswith("within: ")]
    assert found.groups is not None
    assert found.centres is not None


def test_no_time_is_no_search(evidence):
    found = workflow.gather_evidence(evidence.outcome, workflow.Effort(seconds=0, modes=("walk",)))
    assert found.price is None
    assert found.reasons["price"] == "The time limit was reached"


def test_no_plan_has_evidence_of_today_and_says_why(plan_dir, tmp_path):
    outcome = workflow.run(workflow.demo_place(), Scenario(count=1, time_limit=5))
    assert outcome.plan.status == "infeasible"
    found = workflow.gather_evidence(outcome, workflow.Effort(modes=("walk",), seconds=5))
    assert found.losers is None
    assert "There is no plan" in found.reasons["price"]
    assert found.options["option"].tolist() == ["Business as usual", "Do minimum"]
    everyone = found.groups.iloc[0]
    assert everyone["within_before"] > 0
    assert everyone[["within_after", "lost", "farther"]].isna().all()
    assert found.within["people_after"].isna().all()
    assert found.inequality[["after", "change"]].isna().all(axis=None)
    write_workbook(found, tmp_path)
    [written] = tmp_path.glob("*.xlsx")
    book = openpyxl.load_workbook(written, data_only=True)
    assert "No plan keeps the rules" in str(list(book["Read me"].values))
    words = workflow.compare_plans(outcome, workflow.open_plan(plan_dir)).words
    assert any(said.startswith("There is no plan in a") for said in words)


def test_people_parted_by_car_are_counted_once(evidence):
    scenario = Scenario(count=4, time_limit=20, modes=("by_car_availability",))
    place = replace(evidence.outcome.place, timetable=None)
    found = workflow.gather_evidence(
        workflow.run(place, scenario), workflow.Effort(parts=("modes",))
    )
    groups = found.groups
    assert groups.loc[groups["grouping"] == "everyone", "people"].tolist() == [
        pytest.approx(place.people)
    ]
    cars = groups[groups["grouping"] == "household"].set_index("group")
    assert cars.loc["with a car", "share_after"] > cars.loc["without a car", "share_after"]
    assert {"walk", "drive"} <= set(found.within["mode"])


def test_an_unknown_part_and_an_unmeasurable_mode_are_refused(evidence):
    with pytest.raises(InputError, match="unknown part of evidence 'frobnicate'"):
        workflow.Effort(parts=("frobnicate",))
    outcome = replace(evidence.outcome, place=replace(evidence.outcome.place, timetable=None))
    with pytest.raises(InputError, match="no timetable"):
        workflow.gather_evidence(outcome, workflow.Effort(modes=("transit",), parts=("modes",)))
