"""Lines of a scenario, and which sites it lets open, against cases made by hand."""

import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts, LackingError
from nhcplanner.verify.files import Files
from nhcplanner.verify.scenario import (
    may_open,
    most_of_priority,
    must_open,
    read_line,
    rooms,
    spent,
)


def made(**scenario):
    sites = {
        "site_id": ["a", "b", "c", "d"], "kind": ["nhc", "library", "library", "clinic"],
        "status": ["existing", "candidate", "forbidden", "committed"],
        "cost": ["9", "5", "3", ""], "capacity": ["100", "", "40", "60"],
    }  # fmt: skip
    defaults = {"keep": [], "forbid": [], "kinds": [], "budget": None, "most_people": None}
    record = {"scenario": defaults | scenario}
    return Facts(Files(tables={"sites_wide": pd.DataFrame(sites)}, record=record))


def test_lines_hold_group_label_and_number():
    assert read_line("council: Mid Vale = 2") == ("council", "Mid Vale", 2.0)
    assert read_line("band : * = 0.5") == ("band", "*", 0.5)
    assert read_line("everyone = 90") == ("everyone", "", 90.0)
    with pytest.raises(LackingError, match="cannot be read"):
        read_line("two words")


def test_which_sites_must_and_may_open():
    facts = made(kinds=["nhc"])
    assert [must_open(facts, site) for site in range(4)] == [True, False, False, True]
    assert [may_open(facts, site) for site in range(4)] == [True, False, False, True]
    assert may_open(made(kinds=["library"]), 1)
    assert not may_open(made(forbid=["b"]), 1)
    assert must_open(made(keep=["b"]), 1)


def test_cost_counts_new_centres_and_rooms_the_smaller_limit():
    assert spent(made(), [0, 1, 3]) == 5.0
    assert rooms(made(most_people=50)).tolist() == [50, 50, 40, 50]


def test_what_priority_costs_at_most_is_read_from_the_notes():
    words = "Not proved: priority may cost up to 11,209 people's reach"
    notes = pd.DataFrame({"about": ["minutes", "price"], "words": ["up to 3 people", words]})
    assert most_of_priority(Facts(Files(tables={"notes": notes}, record={}))) == 11_209
    assert most_of_priority(Facts(Files(tables={}, record={}))) is None
