import pytest

from nhcplanner.travel import Network
from nhcplanner.travel.speed_limits import legal_kmh, unread_limits
from tests.unit.travel.conftest import RING


def test_a_limit_of_one_direction_goes_before_one_of_both():
    tags = {"maxspeed": "60", "maxspeed:backward": "30"}
    assert (legal_kmh(tags), legal_kmh(tags, "backward")) == (60, 30)


def test_each_direction_is_driven_at_its_own_limit(town, minutes):
    tags = {"highway": "primary", "maxspeed:forward": "60", "maxspeed:backward": "30"}
    network = Network.from_pbf(town([RING, ([1, 3], tags)]))
    assert minutes(network, "drive", 1, 3) == pytest.approx(2**0.5, rel=1e-3)
    assert minutes(network, "drive", 3, 1) == pytest.approx(2 * 2**0.5, rel=1e-3)
    assert minutes(network, "walk", 3, 1) == pytest.approx(12.5 * 2**0.5, rel=1e-3)


@pytest.mark.parametrize(
    ("value", "unread"), [("30 mph", False), ("signals", False), ("fast", True), ("30;fast", True)]
)
def test_limits_that_nobody_knows_are_named(value, unread):
    assert unread_limits({"maxspeed": value}) == ([f"maxspeed={value}"] if unread else [])


def test_walking_pace_is_a_limit():
    # 5 mph; OpenStreetMap's wiki gives no number, courts here and abroad 4 to 15 km/h
    assert legal_kmh({"maxspeed": "walk"}) == pytest.approx(8.05, abs=0.01)
