"""Risks: the sharpest first, what is not known among them, and claims no stronger than proved."""

from dataclasses import replace

import numpy as np
import pandas as pd

from nhcplanner.domain.evidence import Evidence, count_free_exchanges
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs.brief.risks import risks, sharpest, untested


def _option(**changes):
    row = dict.fromkeys(TABLES["options"].names, np.nan) | {"words": "", "without_cost": 0}
    return row | {"people_within": 100.0, "first_band_within": 50.0, "new_centres": 1} | changes


def test_the_sharpest_risks_are_computed_and_in_order(outcome):
    site, other = outcome.place.sites["site_id"].iloc[list(outcome.plan.opened[:2])]
    robustness = pd.DataFrame(
        {
            "case": ["by drive", "10 minutes"],
            "people": [9, 8],
            "share": [0.9, 0.8],
            "best_people": [9, 8],
            "stays": [0.0, 1.0],
        }
    )
    stays = pd.DataFrame(
        {"site_id": [site], "name": ["Mill"], "in_the_plan": [True], "share": [0.0]}
    )
    costs = pd.DataFrame(
        {"site_id": [site, other], "name": "Mill", "in_the_plan": True, "capital": [20e6, 40e6]}
    )  # two sites of one name
    options = pd.DataFrame(
        [
            _option(option="The plan"),
            _option(option="Alternative 2", people_within=104.0, first_band_within=49.0),
        ]
    )
    catchments = pd.DataFrame(
        {"name": ["Mill"], "people": [100.0], "capacity": [90.0], "over_capacity": [10.0]}
    )
    evidence = Evidence(
        outcome, robustness=robustness, stays=stays, costs=costs, options=options,
        catchments=catchments,
    )  # fmt: skip
    first, second, third = sharpest(evidence)
    assert "a plan made for people who drive does not keep the proposed new centre (2 open" in first
    assert "90.0% of people within reach" in first
    # of 4 more people to 104 in all, ten times: 0.38; of 20m to 60m: 0.33; of 10 to 100: 0.1
    assert "49 people of band 1 within reach instead of 50, and 104 people in all" in second
    assert "£20,000,000 of the £60,000,000 of capital depends on this case alone" in third


def test_an_alternative_that_gains_next_to_nothing_is_no_risk(outcome):
    options = [
        _option(option="The plan", people_within=1000.0, first_band_within=50.0),
        _option(option="Alternative 2", people_within=1009.0, first_band_within=50.0),
    ]
    few = Evidence(outcome, options=pd.DataFrame(options))
    assert not any("Alternative 2" in words for words in sharpest(few))
    options[1] |= {"people_within": 1010.0}  # 1% more
    more = Evidence(outcome, options=pd.DataFrame(options))
    assert any("1,010 people in all instead of 1,000" in words for words in sharpest(more))


def test_costs_that_nobody_knows_are_a_risk(outcome):
    plan = _option(option="The plan", new_centres=4, without_cost=3)
    words = sharpest(Evidence(outcome, options=pd.DataFrame([plan])))
    known = "The capital of 3 of 4 centres to open is not known"
    assert any(text.startswith(known) for text in words)


def test_a_band_that_most_people_may_not_belong_to_is_a_risk(outcome):
    note = "Bands are uncertain because ...: of the 1,000 people in band 1, 250 live in areas ..."
    outcome = replace(outcome, assessment=replace(outcome.assessment, notes=(note,)))
    groups = pd.DataFrame([{"grouping": "band", "group": "1", "people": 1000.0}])
    assert f"{note}." in sharpest(Evidence(outcome, groups=groups))


def test_a_loss_without_proof_is_given_with_its_least(outcome):
    row = {"site_id": "S0", "name": "Old Centre", "instead": "S2", "goal": "people of band 1",
           "unit": "people", "lost": 2475.0, "at_least": 2314.0, "at_most": 2475.0}  # fmt: skip
    (words,) = (t for t in risks(Evidence(outcome, losses=pd.DataFrame([row]))) if "Old" in t)
    assert words == (
        "If Old Centre is not available, the best plan found without it has 2,475 fewer people of "
        "band 1 (at least 2,314); it opens Library."
    )
    no_bound = pd.DataFrame([row | {"at_least": -900.0}])
    (words,) = (t for t in risks(Evidence(outcome, losses=no_bound)) if "Old" in t)
    assert "2,475 fewer people of band 1 (a longer search may find a better one)" in words
    proved = pd.DataFrame([row | {"at_least": 2475.0}])
    (words,) = (t for t in risks(Evidence(outcome, losses=proved)) if "Old" in t)
    assert "the best plan without it has 2,475 fewer people of band 1; it opens" in words


def test_a_case_whose_search_was_cut_short_says_nothing_of_the_centres_it_keeps(outcome):
    robustness = pd.DataFrame(
        {
            "case": ["10 minutes"], "people": [9], "share": [0.9], "best_people": [9],
            "stays": [0.0], "proved": [False],
        }
    )  # fmt: skip
    evidence = Evidence(
        outcome,
        robustness=robustness,
        reasons={"losses": "The time limit was reached after 0 of 4 centres"},
    )
    assert not any("made for" in words for words in sharpest(evidence))
    (words,) = [words for words in risks(evidence) if "other case" in words]
    assert "keeps" not in words
    assert untested(evidence) == (
        "loss of a site (the time limit was reached after 0 of 4 centres)",
    )


def test_only_exchanges_of_one_site_for_another_that_change_no_goal_are_free():
    rows = [("A", "X", 0.0), ("A", "X", 0.0), ("B", "X", 0.0), ("B", "X", -3.0), ("C", "", 0.0)]
    frame = pd.DataFrame(rows, columns=["site_id", "closes", "gain"])
    assert count_free_exchanges(frame) == 1  # B makes a goal worse, and C closes nothing
    assert count_free_exchanges(None) == 0
