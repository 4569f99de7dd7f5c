"""Rules of a scenario's list, recomputed from small tables."""

import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.goals import Question
from nhcplanner.verify.named_rules import named_rule

SITES = pd.DataFrame(
    {"site_id": ["H", "S", "T"], "status": ["candidate", "candidate", "existing"],
     "kind": ["hospital", "library", "pharmacy"], "easting": ["0", "5000", "5100"],
     "northing": ["0", "0", "0"], "services_near": ["0", "2", "2"]}
)  # fmt: skip


@pytest.fixture
def question():
    scenario = {
        "hubs": ["kind:hospital"], "keep": [], "forbid": [], "walk_kmh": 4.8, "walk_detour": 1.39,
        "everyone": "all", "reach": 20, "near_kinds": ["library", "pharmacy"], "bands": 1,
        "may_shut": ["*"],
    }  # fmt: skip
    minutes = pd.DataFrame(
        {"mode": ["own"] * 4, "origin": ["1", "1", "2", "2"], "site_id": ["S", "T", "H", "T"],
         "minutes": ["9", "5", "12", "8"]}
    )  # fmt: skip
    tables = {
        "sites_wide": SITES, "minutes": minutes, "areas_wide": pd.DataFrame({"area_code": ["A"]}),
        "origins": pd.DataFrame({"origin": ["1", "2"], "area_code": ["A", "A"],
                                 "people": ["30", "10"]}),
    }  # fmt: skip
    record = {"scenario": scenario, "plan": {"opened": ["H", "S"]}}
    return Question(Facts(Files(record=record, tables=tables)), bands=[1, 1])


def test_each_rule_says_whether_the_open_sites_keep_it(question):
    def fits(group, label, number=None, opened=(0, 1)):
        return named_rule(question, list(opened), group, label, number)[1]

    # 5 km straight are 6.29 + 0.715 * 5 + 15.94 * 5 / 15 = 15.2 minutes by car
    assert fits("near_hub", "15.3")
    assert not fits("near_hub", "15.1")
    assert not fits("near_hub", "60", opened=(1,))
    assert fits("no_farther", "4")
    assert not fits("no_farther", "3")
    assert fits("no_farther", "0", 0.0)
    assert fits("services_near", "2", opened=(1,))
    assert not fits("services_near", "1", opened=(0,))
    assert fits("within_minutes", "9", 75)
    assert not fits("within_minutes", "9", 76)
