"""Journeys of the check along an assignment, against values worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.verify.trips import own_trips, read_sending, trips_of
from tests.unit.verify.test_facts import made

SENT = pd.DataFrame({"row": [0, 1, 2, 2], "site": [1, 0, 1, 0], "share": [1.0, 1.0, 0.25, 0.5]})
"""Points of 100, 100, 120 and 80 people: a quarter of the third and all of the fourth go nowhere.

The third has minutes to site 1 alone: 60 people sent to site 0 are beyond the horizon.
"""


def test_people_go_where_they_are_sent_or_nowhere():
    found = trips_of(made(), [0, 1], SENT)
    rows = sorted(zip(found["row"], found["people"], found["minutes"], strict=True))
    assert rows == [
        (0, 100, 5), (1, 100, 25), (2, 30, 8), (2, 30, np.inf), (2, 60, np.inf), (3, 80, np.inf),
    ]  # fmt: skip
    nearest = trips_of(made(), [0, 1], None)
    assert nearest["minutes"].tolist() == [5, 25, 8, 30]


def test_a_site_that_is_shut_serves_nobody():
    found = trips_of(made(), [0], SENT)
    within = found[np.isfinite(found["minutes"])]
    assert within["people"].tolist() == [100]
    assert found["people"].sum() == 400


def test_people_of_another_year_go_to_the_same_centres():
    found = trips_of(made(), [0, 1], SENT, people=np.array([10.0, 0.0, 40.0, 0.0]))
    assert found.loc[found["minutes"] == 8, "people"].tolist() == [10]
    assert found["people"].sum() == 50


def test_the_plan_sends_nobody_where_it_states_no_assignment():
    found = own_trips(made())
    assert found["before"].tolist() == [5, 25, np.inf, 30]
    assert found["minutes"].tolist() == [5, 25, 8, 30]


@pytest.mark.parametrize(("kind", "plan", "rows"), [("option", "2030", [2]), ("wave", "2030", [])])
def test_another_plan_is_read_by_kind_and_name(kind, plan, rows):
    facts = made()
    assert read_sending(facts, kind, plan) is None
    facts.files.tables["other_assignments"] = pd.DataFrame(
        {"kind": ["option"], "plan": ["2030"], "origin": ["3"], "site_id": ["t"], "share": ["0.5"]}
    )
    found = read_sending(facts, kind, plan)
    assert (found is None) == (not rows)
    if found is not None:
        assert found.to_dict("list") == {"row": rows, "site": [1], "share": [0.5]}
