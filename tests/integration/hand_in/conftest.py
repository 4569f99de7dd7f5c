"""One small plan of the demo place on disk, and evidence with every cost known."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nhcplanner import workflow
from nhcplanner.domain.evidence import Discounting, Evidence
from nhcplanner.domain.scenario import Scenario
from nhcplanner.explore import Near, Wave

QUICK = Scenario(count=4, time_limit=20, bands=2)
EFFORT = workflow.Effort(
    seconds=20,
    waves=(Wave("2027", 3), Wave("2030", 4)),
    modes=("walk", "cycle"),
    near=Near(0.2, 1, 3),
    discounting=Discounting(base=2026),
)


@pytest.fixture(scope="session")
def plan_dir(tmp_path_factory) -> Path:
    """What `plan --out` writes for the demo place, minutes from straight lines to be quick."""
    folder = tmp_path_factory.mktemp("plan")
    quick = QUICK.model_copy(update={"engine": "estimate"})
    workflow.write_results(workflow.run(workflow.demo_place(), quick), folder)
    return folder


@pytest.fixture(scope="session")
def evidence() -> Evidence:
    """Every part of the evidence, for sites whose costs are all known."""
    place = workflow.demo_place()
    number = np.arange(len(place.sites))
    sites = place.sites.assign(cost=1e6 + 1e4 * number, running_cost=1e5 + 1e3 * number)
    sites["cost_date"] = "2025-04-01"
    return workflow.gather_evidence(workflow.run(replace(place, sites=sites), QUICK), EFFORT)
