import pytest

from nhcplanner.travel.nodes import stops, turn_rule


@pytest.mark.parametrize(
    ("tags", "walk", "cycle", "drive"),
    [
        ("barrier=bollard", False, False, True),
        ("barrier=bollard motor_vehicle=yes", False, False, False),
        ("barrier=gate", False, False, False),
        ("barrier=gate access=private", True, True, True),
        ("barrier=gate access=private foot=yes", False, True, True),
        ("barrier=stile", False, True, True),
        ("barrier=stile bicycle=yes", False, False, True),
        ("barrier=cattle_grid", False, False, False),
    ],
)
def test_whom_a_barrier_stops(tags, walk, cycle, drive):
    parsed = dict(part.split("=") for part in tags.split())
    assert stops(parsed, "walk") is walk
    assert stops(parsed, "cycle") is cycle
    assert stops(parsed, "drive") is drive


@pytest.mark.parametrize(
    ("tags", "cycle", "drive"),
    [
        ("restriction=no_left_turn", "", "no"),
        ("restriction=only_straight_on", "", "only"),
        ("restriction:motorcar=no_u_turn", "", "no"),
        ("restriction=no_left_turn except=bicycle;psv", "", "no"),
        ("restriction=no_left_turn except=psv;motorcar", "", ""),
        ("restriction:bicycle=no_right_turn", "no", ""),
        ("restriction=give_way", "", ""),
        ("restriction:hgv=no_right_turn", "", ""),
    ],
)
def test_whom_a_turn_restriction_binds(tags, cycle, drive):
    parsed = dict(part.split("=") for part in tags.split())
    assert turn_rule(parsed, "walk") == ""
    assert turn_rule(parsed, "cycle") == cycle
    assert turn_rule(parsed, "drive") == drive
