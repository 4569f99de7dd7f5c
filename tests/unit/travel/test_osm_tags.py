"""tests.unit.travel.test_osm_tags"""

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Network
from nhcplanner.travel.osm_tags import check_mode, crossing_minutes, directions, is_pushed, may_stop

from .conftest import RING


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("00:20", 20),
        ("01:05", 65),
        ("00:00:30", 0.5),
        ("12", 12),
        ("PT15M", 15),
        ("PT1H", 60),
        ("", None),
        ("00:00", None),
        ("PT", None),
        ("ten", None),
    ],
)
def test_how_long_a_crossing_takes(text, minutes):
    assert crossing_minutes(text) == minutes


FERRY = {"route": "ferry", "duration": "00:01"}


def test_a_ferry_is_boarded_on_foot_and_by_cars_only_if_it_says_so(town, minutes):
    network = Network.from_pbf(town([RING, ([1, 3], FERRY)]))
    assert minutes(network, "walk", 1, 3) == pytest.approx(1, rel=1e-3)
    assert minutes(network, "cycle", 1, 3) == pytest.approx(1, rel=1e-3)
    assert minutes(network, "drive", 1, 3) == pytest.approx(4, rel=1e-3)
    for_cars = Network.from_pbf(town([RING, ([1, 3], FERRY | {"motor_vehicle": "yes"})]))
    assert minutes(for_cars, "drive", 1, 3) == pytest.approx(1, rel=1e-3)


def test_two_ferries_have_each_their_own_speed(town, minutes):
    long, short = FERRY | {"duration": "00:09"}, FERRY | {"duration": "00:02"}
    network = Network.from_pbf(town([RING, ([1, 3], short), ([2, 4], long)]))
    assert minutes(network, "walk", 1, 3) == pytest.approx(2, rel=1e-3)
    assert minutes(network, "walk", 2, 4) == pytest.approx(9, rel=1e-3)


def test_a_ferry_that_does_not_say_how_long_it_takes_is_left_out_and_counted(town):
    network = Network.from_pbf(town([RING, ([1, 3], {"route": "ferry"})]))
    assert network.report["ways"] == 1
    assert network.report["left_out"] == {"ferry that does not say how long it takes": 1}


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
        ("duration=00:10", NEITHER, NEITHER, NEITHER),
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


def test_an_unknown_mode_is_refused_by_name():
    with pytest.raises(InputError, match="unknown mode 'fly': streets know walk, cycle, drive"):
        check_mode("fly")
