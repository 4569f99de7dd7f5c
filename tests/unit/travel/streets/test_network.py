import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Network, Profile
from tests.unit.travel.conftest import CORNER, RING, SQUARE

AROUND_KM, ACROSS_KM = 2.0, 2**0.5
NEAR = {"rel": 1e-3}


@pytest.mark.parametrize(
    ("tags", "mode", "forward", "backward"),
    [
        ({"highway": "residential"}, "drive", True, True),
        ({"highway": "residential", "oneway": "yes"}, "drive", True, False),
        ({"highway": "residential", "oneway": "-1"}, "drive", False, True),
        ({"highway": "residential", "oneway": "yes"}, "walk", True, True),
        ({"highway": "residential", "junction": "roundabout"}, "drive", True, False),
        ({"highway": "footway"}, "drive", False, False),
        ({"highway": "footway"}, "walk", True, True),
        ({"highway": "motorway"}, "walk", False, False),
        ({"highway": "residential", "access": "private"}, "drive", False, False),
        ({"highway": "residential", "access": "private"}, "walk", False, False),
    ],
)
def test_a_short_cut_is_taken_only_where_and_how_it_may_be(
    town, minutes, tags, mode, forward, backward
):
    network = Network.from_pbf(town([RING, ([1, 3], tags)]))
    pace = 12.5 if mode == "walk" else 2.0
    found = [minutes(network, mode, 1, 3), minutes(network, mode, 3, 1)]
    expected = [pace * (ACROSS_KM if may else AROUND_KM) for may in (forward, backward)]
    assert found == pytest.approx(expected, **NEAR)


def test_a_limit_in_miles_an_hour_slows_the_drive(town, minutes):
    tags = {"highway": "primary", "maxspeed": "20 mph"}
    network = Network.from_pbf(town([RING, ([1, 3], tags)]))
    expected = ACROSS_KM / (20 * 1.609344) * 60
    assert minutes(network, "drive", 1, 3) == pytest.approx(expected, **NEAR)


def test_a_bollard_stops_cars_but_not_walkers_and_both_ends_stay_usable(town, minutes):
    nodes = SQUARE | {5: (500, 500)}
    path = town([RING, ([1, 5, 3], RING[1])], nodes, {5: {"barrier": "bollard"}})
    network = Network.from_pbf(path)
    assert minutes(network, "drive", 1, 3) == pytest.approx(2 * AROUND_KM, **NEAR)
    assert minutes(network, "walk", 1, 3) == pytest.approx(12.5 * ACROSS_KM, **NEAR)
    assert network.streets("drive").report["km"] == pytest.approx(4 + ACROSS_KM, abs=0.05)


def test_parts_that_are_cut_off_are_left_out_and_reported(town):
    nodes = SQUARE | {8: (3000, 0), 9: (3000, 190)}
    streets = Network.from_pbf(town([RING, ([8, 9], RING[1])], nodes)).streets("walk")
    assert streets.report["km"] == pytest.approx(4.0, abs=0.05)
    assert streets.report["km_cut_off"] == pytest.approx(0.19, abs=0.05)
    assert streets.report["nodes_cut_off"] == 2


def test_a_long_street_has_nodes_on_its_way_and_keeps_its_length(town):
    bends = {10 + i: (50 * i, 20 * (i % 2)) for i in range(1, 20)}
    nodes = SQUARE | bends
    whole = Network.from_pbf(town([([1, *bends, 2], RING[1])], nodes))
    steps = np.diff([(0, 0), *bends.values(), (1000, 0)], axis=0)
    assert whole.length.sum() == pytest.approx(np.hypot(*steps.T).sum(), **NEAR)
    assert 4 <= len(whole.length) <= 6
    assert len(whole.bends) + len(whole.xy) == len(bends) + 2
    assert whole.bend_start[-1] == len(whole.bends)


def test_ways_are_cut_where_they_meet(town):
    nodes = SQUARE | {5: (500, 0)}
    path = town([([1, 5, 2], RING[1]), ([5, 3], {"highway": "path"})], nodes)
    network = Network.from_pbf(path)
    ends = {
        frozenset((int(network.osm_id[s]), int(network.osm_id[t])))
        for s, t in zip(network.source, network.target, strict=True)
    }
    assert ends == {frozenset((1, 5)), frozenset((5, 2)), frozenset((5, 3))}
    assert network.report["streets"] == 3


def test_nodes_lie_on_the_national_grid(town):
    network = Network.from_pbf(town([RING]))
    for ref, metres in SQUARE.items():
        assert network.xy[network.osm_id == ref][0] == pytest.approx(CORNER + metres, abs=0.05)


def test_a_mode_without_streets_is_one_clear_fault(town):
    network = Network.from_pbf(town([([1, 2, 3], {"highway": "footway"})]))
    with pytest.raises(InputError, match="none that people may drive on"):
        network.streets("drive")


def test_streets_outside_great_britain_are_refused(town):
    far = {1: (2_000_000, 0), 2: (2_000_100, 0)}
    with pytest.raises(InputError, match=r"2 points lie outside Great Britain"):
        Network.from_pbf(town([([1, 2], RING[1])], far))


def test_streets_take_mode_and_profile(town):
    profile = Profile(walk_kmh=6.0)
    streets = Network.read(town([RING])).streets("walk", profile)
    corner = [CORNER], [CORNER + SQUARE[2]]
    assert streets.times(*corner, snap="node").nearest([0]) == pytest.approx([10.0], **NEAR)
