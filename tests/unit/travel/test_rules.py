import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.travel.rules import check_mode, directions, stops

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
    ("tags", "walk", "drive"),
    [
        ("barrier=bollard", False, True),
        ("barrier=bollard motor_vehicle=yes", False, False),
        ("barrier=gate", False, False),
        ("barrier=gate access=private", True, True),
        ("barrier=gate access=private foot=yes", False, True),
        ("barrier=stile", False, True),
        ("barrier=cattle_grid", False, False),
    ],
)
def test_whom_a_barrier_stops(tags, walk, drive):
    parsed = dict(part.split("=") for part in tags.split())
    assert stops(parsed, "walk") is walk
    assert stops(parsed, "drive") is drive


def test_an_unknown_mode_is_refused_by_name():
    with pytest.raises(InputError, match="unknown mode 'fly': streets know walk or drive"):
        check_mode("fly")
