"""Plans whose rules decide whom each centre serves publish that, and not the nearest centre."""

import json
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import layers, workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import frames

TRIP = {"engine": "estimate", "mode": "drive"}
RULES = {
    "least and most, split": {"least_people": 8_000, "most_people": 50_000, "split": True},
    "most, whole areas": {"most_people": 45_000},
    "capacity": {"model": "max_coverage_within_capacity", "most_people": 30_000},
}


@pytest.fixture(scope="module")
def place():
    demo = workflow.demo_place()
    return replace(demo, sites=demo.sites.drop(columns="capacity"))


@pytest.fixture(scope="module")
def opened(place):
    """A plan that no footprint limits, whose sites every rule above is tried on."""
    return workflow.run(place, Scenario(model="max_coverage", count=12, **TRIP)).plan


@pytest.fixture(scope="module", params=RULES.values(), ids=RULES)
def planned(request, place, opened):
    return workflow.replan(place, Scenario(**(TRIP | request.param)), opened)


def counted(outcome):
    """People of each centre, summed by hand from the pairs of the allocation."""
    people = outcome.place.origins["people"].tolist()
    found = defaultdict(float)
    given = outcome.plan.allocation
    for row, site, share in zip(given.rows, given.sites, given.shares, strict=True):
        found[outcome.place.sites["site_id"].iloc[site]] += people[row] * share
    return found


def test_each_centre_serves_as_many_as_the_rule_allows(planned):
    served = counted(planned)
    least, most = planned.scenario.least_people, planned.scenario.most_people
    assert len(served) == len(planned.plan.opened)
    assert min(served.values()) >= least * (1 - 1e-6)
    assert max(served.values()) <= most * (1 + 1e-6)


def test_what_is_published_is_the_allocation(planned):
    served = pytest.approx(dict(counted(planned)), abs=0.5)
    table = planned.assessment.catchments.set_index("site_id")
    assert table["people"].to_dict() == served
    assert not table["people"].equals(table["people_nearest"])
    centres = frames.centres(planned).set_index("site_id")
    assert centres["people_served"].to_dict() == served


def test_a_plan_opened_again_has_the_same_allocation(planned, tmp_path):
    folder = tmp_path / "plan"
    workflow.write_results(planned, folder)
    record = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert len(record["plan"]["allocation"]) == len(planned.plan.allocation.rows)
    again = layers.read_record(folder).plan.to_plan(planned.place).allocation
    for part in ("rows", "sites", "shares"):
        assert np.array_equal(getattr(again, part), getattr(planned.plan.allocation, part))
    sites = pd.read_csv(folder / "sites.csv").set_index("site_id")
    written = sites["people_served"].dropna().to_dict()
    assert written == pytest.approx(dict(counted(planned)), abs=0.5)
