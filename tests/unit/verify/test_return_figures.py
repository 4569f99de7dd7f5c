"""Figures of the return, worked out by hand for three sites."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.options import score_options, weight_of_first_band
from nhcplanner.verify.return_figures import check_return, return_families


@pytest.fixture
def facts() -> Facts:
    sites = pd.DataFrame(
        {
            "site_id": ["A", "B", "C"],
            "status": ["existing", "candidate", "candidate"],
            "role": ["existing", "new", ""],
            "works": ["", "new build", ""],
            "people_served": ["100", "50", ""],
            "cost": ["", "2000000", "3000000"],
            "running_cost": ["10", "", ""],
            "digital": ["ready", "", ""],
        }
    )
    options = pd.DataFrame(
        {
            "option": ["Business as usual", "The plan", "Alternative 2"],
            "first_band_within": ["10", "30", "20"],
            "others_within": ["5", "5", "5"],
            "discounted": ["0", "200", "50"],
        }
    )
    areas = pd.DataFrame({"area_code": ["x", "y"], "people": ["60", "90"], "hle": ["50", "60"]})
    tables = {"sites_wide": sites, "options": options,
              "areas_wide": areas}  # fmt: skip
    scenario = {"forbid": [], "reach": 20, "bands": 2, "mode": "walk"}
    record = {"plan": {"opened": ["A", "B"]}, "scenario": scenario,
              "times": {"parameters": {"walk_kmh": 4.8}}}  # fmt: skip
    return Facts(Files(tables=tables, record=record))


def figures(facts: Facts, name: str, *texts: str) -> dict[str, set[float]]:
    family = next(family for family in return_families(facts) if family.name == name)
    return family.figures(list(texts)) or {}


def test_the_estate_is_parted_by_what_becomes_of_each_site(facts):
    today = figures(facts, "part of the estate", "already an nhc")
    assert today == {"sites": {1}, "people_served": {100}, "running_cost": {10},
                     "without cost": {1}, "without running_cost": {0},
                     "without floor_area_m2": {1}}  # fmt: skip
    built = figures(facts, "part of the estate", "additional new build")
    assert (built["cost"], built["people_served"]) == ({2e6}, {50})
    left = figures(facts, "part of the estate", "not used candidates")
    assert (left["cost"], left["sites"]) == ({3e6}, {1})
    assert figures(facts, "part of the estate", "all centres of the plan")["sites"] == {2}


def test_answers_of_the_list_are_counted_for_centres(facts):
    name = "answer of the list"
    assert figures(facts, name, "digital", "ready") == {"centres": {1}}
    assert figures(facts, name, "digital", "not given") == {"centres": {1}}


def test_scores_run_from_the_worst_option_to_the_best(facts):
    other = figures(facts, "score of an option", "alternative 2")
    assert other == {"score: first_band_within": {50}, "score: others_within": {100},
                     "score: discounted": {75}, "score: score": {75}}  # fmt: skip


def test_a_criterion_that_one_option_lacks_scores_none(facts):
    table = facts.table("options")
    table.loc[2, "discounted"] = np.nan
    scores = score_options(table)
    assert scores["discounted"].isna().all()
    assert scores["score"].tolist() == pytest.approx([50, 100, 75])


def test_the_weight_at_which_options_score_alike_solves_the_equation(facts):
    scores = score_options(facts.table("options"))
    # plan: 100 w + 100 + 0, alternative: 50 w + 100 + 75; alike at w = 1.5
    assert weight_of_first_band(scores, "Alternative 2") == pytest.approx(1.5)
    # business as usual: 0 w + 100 + 100; alike at w = 1
    assert weight_of_first_band(scores, "Business as usual") == pytest.approx(1.0)
    scores.loc["Alternative 2", "first_band_within"] = 100
    assert np.isnan(weight_of_first_band(scores, "Alternative 2"))


def test_settings_and_years_of_bands_are_known(facts):
    assert figures(facts, "setting", "reach") == {"value": {20}}
    assert figures(facts, "setting", "times walk_kmh") == {"value": {4.8}}
    assert figures(facts, "band and its HLE", "band 1") == {
        "people": {60}, "least HLE": {50}, "greatest HLE": {50}
    }  # fmt: skip


ESTATE = {
    "estate": ["Already an NHC", "Additional: new build", "Not used: candidates",
               "All additional centres", "All centres of the plan"],
    "sites": "1 1 1 1 2", "people": "100 50 . 50 150", "floor_area_m2": ". . . . .",
    "cost": ". 2000000 3000000 2000000 2000000", "running_cost": "10 . . . 10",
    "without_floor_area": "1 1 1 1 2", "without_cost": "1 0 0 0 1",
    "without_running": "0 1 1 1 1",
}  # fmt: skip


@pytest.mark.parametrize(
    ("column", "row", "value"), [("", 0, ""), ("sites", 0, "2"), ("without_cost", 4, "0")]
)
def test_the_table_of_the_estate_is_recomputed(facts, column, row, value):
    columns = {
        name: [cell.strip(".") for cell in cells.split()] if isinstance(cells, str) else cells
        for name, cells in ESTATE.items()
    }
    answers = {
        "asked": ["Disposals enabled", "Engagement", "Digital", "Digital"],
        "words": ["not given", "not given", "ready", "not given"], "centres": ["2", "2", "1", "1"],
    }  # fmt: skip
    if column:
        columns[column][row] = value
    facts.files.tables |= {"estate": pd.DataFrame(columns), "list_words": pd.DataFrame(answers)}
    ledger = Ledger()
    check_return(facts, ledger)
    assert [one.published for one in ledger.differences] == ([value] if column else [])


def test_judgements_are_counted_by_criterion(facts):
    facts.files.tables["fit"] = pd.DataFrame(
        {"criterion": ["Shared spaces"] * 3, "state": ["met", "", "met"]}
    )
    found = figures(facts, "criterion", "shared spaces")
    assert found == {"met": {2}, "gap": {0}, "blank": {1}}


def test_cells_to_fill_are_counted_by_sheet(facts):
    files = facts.files
    files.tables["fit"] = pd.DataFrame(
        {"site_id": ["A", "B"], "criterion": ["one"] * 2, "state": ["met", ""],
         "evidence": ["seen", ""], "by": ["", ""]}
    )  # fmt: skip
    files.tables["neighbourhoods"] = pd.DataFrame(
        {"neighbourhood": ["North", "not given"], "people": ["5", ""], "first_band": ["", ""],
         "most_deprived": ["", ""]}
    )  # fmt: skip
    files.tables["ruled_out"] = pd.DataFrame({"site_id": [], "reason": []}, dtype=object)
    name = "sheet with cells to fill"
    # 17 fields of A and B; given: running cost and digital of A, works and cost of B
    assert figures(facts, name, "pipeline") == {"of": {34}, "blank": {30}}
    assert figures(facts, name, "fit to criteria") == {"of": {6}, "blank": {4}}
    assert figures(facts, name, "overall neighbourhoods") == {"of": {3}, "blank": {2}}
    assert figures(facts, name, "ruled out sites") == {"of": {0}, "blank": {0}}
    assert figures(facts, name, "all") == {"of": {34 + 6 + 3 + 5}, "blank": {30 + 4 + 2 + 5}}


def test_a_criterion_that_a_centre_lacks_is_found(facts):
    facts.files.tables["fit"] = pd.DataFrame(
        {"site_id": ["A", "A", "B"], "criterion": ["one", "two", "one"]}
    )
    ledger = Ledger()
    check_return(facts, ledger)
    found = [(one.figure, one.published, one.recomputed) for one in ledger.differences]
    assert found == [("Criteria of each centre, B", "1", "2")]
