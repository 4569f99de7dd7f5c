"""tests.unit.travel.test_osm_tags"""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Network
from nhcplanner.travel.osm_tags import (
    check_mode,
    directions,
    is_pushed,
    legal_kmh,
    may_stop,
    timed_values,
    unread_limits,
    unread_values,
)
from tests.unit.travel.conftest import RING

BOTH, FORWARD, BACKWARD, NEITHER = (True, True), (True, False), (False, True), (False, False)


@pytest.mark.parametrize(
    ("tags", "walk", "drive"),
    [
        ("highway=residential", BOTH, BOTH),
        ("highway=residential oneway=yes", BOTH, FORWARD),
        ("highway=residential oneway=-1", BOTH, BACKWARD),
        ("highway=residential oneway=reversible", BOTH, NEITHER),
        ("highway=primary junction=roundabout", BOTH, FORWARD),
        ("highway=primary junction=roundabout oneway=no", BOTH, BOTH),
        ("highway=primary_link", BOTH, BOTH),
        ("highway=motorway", NEITHER, FORWARD),
        ("highway=motorway_link oneway=no", NEITHER, BOTH),
        ("highway=trunk", BOTH, BOTH),
        ("highway=trunk foot=no", NEITHER, BOTH),
        ("highway=trunk motorroad=yes", NEITHER, BOTH),
        ("highway=footway", BOTH, NEITHER),
        ("highway=footway oneway:foot=yes", FORWARD, NEITHER),
        ("highway=footway foot=private", NEITHER, NEITHER),
        ("highway=steps", BOTH, NEITHER),
        ("highway=bridleway", BOTH, NEITHER),
        ("highway=cycleway", BOTH, NEITHER),
        ("highway=cycleway foot=no", NEITHER, NEITHER),
        ("highway=track", BOTH, NEITHER),
        ("highway=pedestrian", BOTH, NEITHER),
        ("highway=service", BOTH, BOTH),
        ("highway=service service=emergency_access", BOTH, NEITHER),
        ("highway=service access=private", NEITHER, NEITHER),
        ("highway=service access=private foot=permissive", BOTH, NEITHER),
        ("highway=service access=no motor_vehicle=yes", NEITHER, BOTH),
        ("highway=residential motor_vehicle=no", BOTH, NEITHER),
        ("highway=residential vehicle=no motorcar=yes", BOTH, BOTH),
        ("highway=residential access=destination", BOTH, BOTH),
        ("highway=construction", NEITHER, NEITHER),
        ("highway=service motor_vehicle=agricultural;forestry", BOTH, NEITHER),
        ("highway=service access=private;delivery", NEITHER, NEITHER),
        ("highway=service access=no;destination", BOTH, BOTH),
        ("highway=service access=permit", NEITHER, NEITHER),
        ("highway=service access=residents", NEITHER, NEITHER),
        ("highway=service vehicle=restricted", BOTH, NEITHER),
        ("highway=service access=official foot=yes", BOTH, NEITHER),
        ("highway=service motor_vehicle=Delivery", BOTH, NEITHER),
        ("highway=residential motor_vehicle=bus;taxi", BOTH, NEITHER),
        ("highway=residential motor_vehicle=members", BOTH, NEITHER),
        ("highway=residential motor_vehicle=members;yes", BOTH, BOTH),
        ("highway=residential motor_vehicle:forward=no", BOTH, BACKWARD),
        ("highway=residential motorcar:backward=private motor_vehicle=yes", BOTH, FORWARD),
        ("highway=residential oneway=yes motor_vehicle:backward=yes", BOTH, BOTH),
        ("highway=residential oneway:motorcar=yes", BOTH, FORWARD),
        ("highway=residential oneway=yes oneway:motorcar=no", BOTH, BOTH),
        ("highway=residential oneway=alternating", BOTH, BOTH),
        ("highway=residential oneway=perhaps", BOTH, BOTH),
        ("highway=residential junction=circular", BOTH, FORWARD),
        ("highway=path foot:backward=no", FORWARD, NEITHER),
        ("highway=residential access:conditional=no@(22:00-06:00)", BOTH, BOTH),
        ("highway=pedestrian motor_vehicle=delivery", BOTH, NEITHER),
        ("highway=pedestrian access=delivery", BOTH, NEITHER),
        ("highway=pedestrian access=private", NEITHER, NEITHER),
        ("highway=trunk motorroad=yes foot=yes", BOTH, BOTH),
    ],
)
def test_who_may_use_a_way_and_in_which_direction(tags, walk, drive):
    parsed = dict(part.split("=") for part in tags.split())
    assert directions(parsed, "walk") == walk
    assert directions(parsed, "drive") == drive


@pytest.mark.parametrize(
    ("tags", "cycle"),
    [
        ("highway=residential", BOTH),
        ("highway=trunk", BOTH),
        ("highway=trunk motorroad=yes", NEITHER),
        ("highway=motorway", NEITHER),
        ("highway=residential oneway=yes", FORWARD),
        ("highway=residential oneway=yes oneway:bicycle=no", BOTH),
        ("highway=residential oneway=yes cycleway=opposite_lane", BOTH),
        ("highway=residential oneway=yes cycleway:left=opposite_track", BOTH),
        ("highway=residential oneway=yes cycleway:right:oneway=-1", BOTH),
        ("highway=residential oneway=yes cycleway=lane", FORWARD),
        ("highway=residential oneway=-1 cycleway=opposite oneway:bicycle=-1", BACKWARD),
        ("highway=primary junction=roundabout", FORWARD),
        ("highway=cycleway", BOTH),
        ("highway=cycleway foot=no", BOTH),
        ("highway=path", BOTH),
        ("highway=path bicycle=no", NEITHER),
        ("highway=bridleway", BOTH),
        ("highway=steps", NEITHER),
        ("highway=steps bicycle=yes", NEITHER),
        ("highway=footway", BOTH),
        ("highway=footway bicycle=no", NEITHER),
        ("highway=footway foot=no", NEITHER),
        ("highway=pedestrian vehicle=no", BOTH),
        ("highway=residential bicycle=dismount oneway=yes", BOTH),
        ("highway=service access=private bicycle=permissive", BOTH),
        ("highway=residential vehicle=no", NEITHER),
        ("highway=platform", NEITHER),
        ("highway=residential oneway=yes bicycle:backward=yes", BOTH),
        ("highway=residential bicycle:backward=no", FORWARD),
        ("highway=residential bicycle=use_sidepath", NEITHER),
        ("highway=footway bicycle=official", NEITHER),
        ("highway=residential vehicle=no;destination", BOTH),
    ],
)
def test_where_and_in_which_direction_one_cycles(tags, cycle):
    parsed = dict(part.split("=") for part in tags.split())
    assert directions(parsed, "cycle") == cycle


@pytest.mark.parametrize(
    ("tags", "pushed"),
    [
        ("highway=footway", True),
        ("highway=pedestrian", True),
        ("highway=footway bicycle=designated", False),
        ("highway=cycleway bicycle=dismount", True),
        ("highway=path", False),
    ],
)
def test_where_a_cycle_is_pushed(tags, pushed):
    assert is_pushed(dict(part.split("=") for part in tags.split())) is pushed


@pytest.mark.parametrize(
    ("tags", "walk", "cycle", "drive"),
    [
        ("ferry_kmh=12", BOTH, BOTH, NEITHER),
        ("ferry_kmh=12 motor_vehicle=yes", BOTH, BOTH, BOTH),
        ("ferry_kmh=12 foot=no bicycle=no", NEITHER, NEITHER, NEITHER),
        ("duration=00:10", BOTH, BOTH, NEITHER),
        ("access=private", NEITHER, NEITHER, NEITHER),
    ],
)
def test_who_boards_a_ferry(tags, walk, cycle, drive):
    parsed = {"route": "ferry"} | dict(part.split("=") for part in tags.split())
    found = [directions(parsed, mode) for mode in ("walk", "cycle", "drive")]
    assert found == [walk, cycle, drive]


def test_no_journey_begins_on_a_motorway_or_at_sea():
    assert may_stop({"highway": "trunk"})
    for tags in ({"highway": "motorway"}, {"highway": "trunk", "motorroad": "yes"}):
        assert not may_stop(tags)
    assert not may_stop({"route": "ferry"})


def test_values_that_nobody_knows_and_timed_ones_are_named():
    tags = {"highway": "service", "access": "private;members", "oneway": "perhaps", "foot": "yes"}
    assert unread_values(tags) == ["access=private;members", "oneway=perhaps"]
    assert unread_values({"highway": "service", "access": "private;delivery"}) == []
    timed = {"motor_vehicle:conditional": "no @ (Su)", "oneway": "reversible"}
    assert timed_values(timed) == ["motor_vehicle:conditional=no @ (Su)", "oneway=reversible"]
    ferry = {"route": "ferry", "seasonal": "summer", "opening_hours": "24/7", "tidal": "yes"}
    assert timed_values(ferry) == ["seasonal=summer", "tidal=yes"]


@pytest.mark.parametrize("value", ["GB:zone20", "GB:20", "gb:zone:20"])
def test_a_zone_gives_its_limit_in_miles_an_hour(value):
    assert legal_kmh({"maxspeed:type": value}) == pytest.approx(32.19, abs=0.01)


def test_an_unknown_mode_is_refused_by_name():
    with pytest.raises(InputError, match="unknown mode 'fly': streets know walk, cycle, drive"):
        check_mode("fly")


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


@pytest.mark.parametrize("value", ["3000", "0", "300 mph"])
def test_a_limit_that_no_road_has_is_unread(value):
    assert legal_kmh({"maxspeed": value}) is None
    assert unread_limits({"maxspeed": value}) == [f"maxspeed={value}"]
