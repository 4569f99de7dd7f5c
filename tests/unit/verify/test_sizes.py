"""Sizes of a plan, worked out again from the files of its hand-in."""

import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.scenario import options_of
from nhcplanner.verify.sizes import check_sizes

SIZES = [
    {"name": "small", "capacity": 40, "cost": 5},
    {"name": "large", "capacity": 90, "cost": 9, "least_people": 50, "modules": 1,
     "module_capacity": 10, "module_cost": 2},
    {"name": "wing", "adds": True, "capacity": 20, "cost": 3, "at": ["status:existing"]},
]  # fmt: skip
SITES = {
    "site_id": ["A", "B"], "status": ["existing", "candidate"], "listed_capacity": ["30", ""],
    "listed_cost": ["", "7"], "plan_size": ["wing", "large"], "capacity": ["50", "90"],
    "cost": ["3", "9"], "room_left": ["5", "10"],
}  # fmt: skip


def facts_of(**changes):
    sites = pd.DataFrame(SITES | changes)
    origins = {"origin": ["1", "2"], "area_code": ["X", "X"], "people": ["45", "80"]}
    record = {
        "scenario": {"sizes": SIZES, "budget": None},
        "plan": {
            "opened": ["A", "B"], "sizes": {"A": "wing", "B": "large"},
            "allocation": [
                {"row": 0, "site_id": "A", "share": 1}, {"row": 1, "site_id": "B", "share": 1},
            ],
        },
    }  # fmt: skip
    tables = {"sites_wide": sites, "centres_wide": sites, "origins": pd.DataFrame(origins),
              "areas_wide": pd.DataFrame({"area_code": ["X"]})}  # fmt: skip
    return Facts(Files(names=[], record=record, tables=tables))


def different(facts):
    ledger = Ledger()
    check_sizes(facts, ledger)
    assert ledger.figures
    return [figure for figure in ledger.figures if figure.result == "different"]


def test_sound_sizes_are_the_same_and_each_change_is_found():
    assert not different(facts_of())
    assert different(facts_of(plan_size=["wing", "small"]))
    assert different(facts_of(cost=["3", "8"]))
    assert different(facts_of(room_left=["5", "11"]))


def test_the_options_of_a_site_follow_from_its_list_and_the_scenario():
    facts = facts_of()
    assert [tuple(one) for one in options_of(facts, 0)] == [
        ("as it is", 30, 0, 0), ("wing", 50, 3, 0)
    ]  # fmt: skip
    assert [tuple(one) for one in options_of(facts, 1)] == [
        ("small", 40, 5, 0), ("large", 90, 9, 50), ("large + 1 module", 100, 11, 50)
    ]  # fmt: skip
