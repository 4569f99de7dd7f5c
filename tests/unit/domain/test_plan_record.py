"""tests.unit.domain.test_plan_record"""

import json
from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Allocation, Plan, Stage
from nhcplanner.domain.plan_record import PlaceName, PlanRecord

IDS = ["A", "B", "C"]
PLAN = Plan(
    (0, 2),
    "feasible",
    (Stage("people", 5.0, 6.0, 0.5, held=4.0),),
    "max_coverage",
    "HiGHS",
    1.5,
    "why",
    (3,),
    np.array([0, 2, -1]),
    Allocation(np.array([0, 1, 1]), np.array([0, 0, 2]), np.array([1.0, 0.25, 0.75])),
)


def test_a_plan_comes_back_from_json_as_it_was():
    text = PlanRecord.of(PLAN, IDS).model_dump_json()
    found = PlanRecord.model_validate_json(text).to_plan(IDS)
    plain = {"assignment": None, "allocation": None}
    assert replace(found, **plain).stages == PLAN.stages
    assert (found.opened, found.status, found.reason, found.unreached) == (
        (0, 2), "feasible", "why", (3,),
    )  # fmt: skip
    assert found.assignment.tolist() == [0, 2, -1]
    for part in ("rows", "sites", "shares"):
        assert np.array_equal(getattr(found.allocation, part), getattr(PLAN.allocation, part))


def test_sites_are_found_by_their_ids_in_another_order():
    found = PlanRecord.of(PLAN, IDS).to_plan(["C", "X", "A", "B"])
    assert found.opened == (0, 2)
    assert found.allocation.sites.tolist() == [2, 2, 0]
    assert found.assignment.tolist() == [2, 0, -1]


def test_every_site_that_is_missing_is_named_at_once():
    with pytest.raises(InputError) as caught:
        PlanRecord.of(PLAN, IDS).to_plan(["B"], "Plan A")
    assert [fault.problem for fault in caught.value.faults] == [
        "there is no site 'A', which the plan opens",
        "there is no site 'C', which the plan opens",
    ]


def test_an_older_record_without_an_allocation_is_read():
    old = json.loads(PlanRecord.of(PLAN, IDS).model_dump_json())
    for name in ("assignment", "allocation"):
        del old[name]
    old["unreached"] = 7
    found = PlanRecord.model_validate(old).to_plan(IDS)
    assert found.allocation is None
    assert found.unreached == ()


@pytest.mark.parametrize(
    ("given", "folder"), [("/home/x/a", "a"), ("C:\\x\\b", "b"), ("c", "c"), ("", "")]
)
def test_where_a_place_lies_is_never_taken_from_a_record(given, folder):
    assert PlaceName(name="Row", folder=given).folder == folder


def test_an_allocation_counts_the_people_of_each_site():
    people = np.array([10.0, 8.0, 0.0, 4.0])
    assert PLAN.allocation.people_at(people, 3).tolist() == [12.0, 0.0, 6.0]
    assert PLAN.allocation.on_rows(np.array([3, 0])).rows.tolist() == [3, 0, 0]
    nearest = Allocation.to_nearest(np.array([1, -1, 0, 1]), np.array([True, True, False, True]))
    assert nearest.people_at(people, 2).tolist() == [0.0, 14.0]
