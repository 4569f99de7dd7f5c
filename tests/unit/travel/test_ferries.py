import pytest

from nhcplanner.travel import Network
from nhcplanner.travel.ferries import crossing_minutes

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
