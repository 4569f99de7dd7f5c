"""A plan for the demo place by straight lines: made in a blink, for all tests of a file."""

import pytest

from nhcplanner import workflow
from nhcplanner.domain.scenario import Scenario


@pytest.fixture(scope="module")
def place():
    return workflow.demo_place()


@pytest.fixture(scope="module")
def outcome(place):
    return workflow.run(place, Scenario(count=5, engine="estimate", min_distance_m=1000))
