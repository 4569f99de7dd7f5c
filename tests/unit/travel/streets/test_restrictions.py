"""tests.unit.travel.streets.test_restrictions"""

import pytest

from nhcplanner.travel import Network, Profile
from nhcplanner.travel.streets.restrictions import stops, turn_rule
from tests.unit.travel.conftest import RING


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
        ("barrier=gate access=permit", True, True, True),
        ("barrier=gate access=private;members", True, True, True),
        ("barrier=gate access=no;destination", False, False, False),
        ("barrier=gate motor_vehicle=delivery", False, False, True),
        ("barrier=gate locked=yes", True, True, True),
        ("barrier=gate locked=yes foot=yes", False, False, False),
        ("barrier=gate locked=no", False, False, False),
        ("barrier=cycle_barrier bicycle=dismount", False, False, True),
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
        ("restriction=no_left_turn", "no", "no"),
        ("restriction=only_straight_on", "only", "only"),
        ("restriction:motorcar=no_u_turn", "", "no"),
        ("restriction=no_left_turn except=bicycle;psv", "", "no"),
        ("restriction=no_left_turn except=psv;motorcar", "no", ""),
        ("restriction=no_left_turn except=bicycle;motor_vehicle", "", ""),
        ("restriction:vehicle=no_left_turn", "no", "no"),
        ("restriction:motor_vehicle=none restriction=no_left_turn", "no", ""),
        ("restriction:conditional=no_left_turn@(Mo-Fr)", "", ""),
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


# A cross: 1 west, 2 south, 3 east, 4 north, 5 the middle; 6 beyond 3, to turn back from.
CROSS = {1: (0, 1000), 2: (1000, 0), 3: (2000, 1000), 4: (1000, 2000), 5: (1000, 1000)}
ARMS = [([end, 5], RING[1]) for end in (1, 2, 3, 4)]  # ways 100 to 103
NO_LEFT = (100, ("node", 5), 103, {"restriction": "no_left_turn"})


@pytest.fixture
def drive(minutes):
    """Minutes from the west to south, east and north."""

    def measure(path, mode="drive"):
        streets = Network.from_pbf(path).streets(mode)
        xy = {
            int(ref): place
            for ref, place in zip(
                Network.from_pbf(path).osm_id, Network.from_pbf(path).xy, strict=True
            )
        }
        found = streets.times([xy[1]], [xy[2], xy[3], xy[4]], 60, snap="node")
        return [round(float(m), 2) for m in found.minutes.toarray()[0]]

    return measure


def test_a_forbidden_turn_is_driven_round(town, drive):
    assert drive(town(ARMS, CROSS)) == [4, 4, 4]
    # East, back, and right into the north.
    assert drive(town(ARMS, CROSS, turns=(NO_LEFT,))) == [4, 4, 8]


# West - 5 - north is forbidden. A few metres on, at 6, a lane goes off; the block is round by 7.
BLOCK = {
    1: (0, 1000), 5: (1000, 1000), 4: (1000, 2000), 6: (1040, 1000), 7: (2040, 1000),
    8: (2040, 1960), 9: (1040, 1960),
}  # fmt: skip


def test_a_forbidden_turn_is_not_undone_a_few_metres_on(town, drive):
    """Round the block: 3,040 + 2 x 960 + 1,000 + 960 + 40 metres, not 1,000 + 80 + 1,000."""
    ways = [([1, 5], RING[1]), ([5, 6], RING[1]), ([6, 7, 8, 9, 6], RING[1]), ([5, 4], RING[1])]
    turn = (100, ("node", 5), 103, {"restriction": "no_left_turn"})
    path = town(ways, BLOCK, turns=(turn,))
    network = Network.from_pbf(path)
    xy = dict(zip(network.osm_id.tolist(), network.xy, strict=True))

    def minutes(profile=None):
        streets = network.streets("drive", profile)
        return streets.times([xy[1]], [xy[4]], 60, snap="node").nearest([0])[0]

    assert minutes() == pytest.approx(2 * (1 + 0.04 + 1 + 0.96 + 1 + 0.96 + 0.04 + 1), rel=1e-3)
    stated = Profile(u_turn_minutes=3)
    assert minutes(stated) == pytest.approx(2 * (1 + 0.04 + 0.04 + 1) + 3, rel=1e-3)


def test_an_ordered_turn_forbids_all_others(town, drive):
    only = (100, ("node", 5), 102, {"restriction": "only_straight_on"})
    assert drive(town(ARMS, CROSS, turns=(only,))) == [8, 4, 8]


def test_turning_back_may_be_forbidden(town, drive):
    back = [
        (way, ("node", end), way, {"restriction": "no_u_turn"}) for way, end in ((101, 2), (102, 3))
    ]
    ways = [*ARMS, ([2, 3], RING[1])]
    # East and south are joined, so that no street ends there: round by them, and then straight on.
    assert drive(town(ways, CROSS, turns=(NO_LEFT,))) == [4, 4, 10.83]
    assert drive(town(ways, CROSS, turns=(NO_LEFT, *back))) == [4, 4, 10.83]


def test_walkers_turn_where_they_like_and_cycles_where_they_are_excepted(town, drive):
    path = town(ARMS, CROSS, turns=(NO_LEFT,))
    assert drive(path, "walk") == [25, 25, 25]
    assert drive(path, "cycle") == [7.5, 7.5, 15]
    free = (*NO_LEFT[:3], NO_LEFT[3] | {"except": "bicycle"})
    assert drive(town(ARMS, CROSS, turns=(free,)), "cycle") == [7.5, 7.5, 7.5]
    assert drive(town(ARMS, CROSS, turns=(free,))) == [4, 4, 8]


def test_a_restriction_that_cannot_be_placed_is_left_out_and_counted(town):
    apart = (100, ("way", 101), 103, {"restriction": "no_left_turn"})
    elsewhere = (100, ("node", 4), 103, {"restriction": "no_left_turn"})
    report = Network.from_pbf(town(ARMS, CROSS, turns=(apart, elsewhere, NO_LEFT))).report
    assert report["turn_restrictions"] == 1
    assert report["left_out"] == {
        "turn restriction whose ways do not follow one another": 1,
        "turn restriction whose ways do not both end at its node": 1,
    }


# A dual carriageway, 1 to 2 eastwards and 3 to 4 westwards, joined by the way 5 - 7 - 6; a lane
# leaves the middle of that to 8.
DUAL = {
    1: (0, 0), 5: (1000, 0), 2: (2000, 0), 3: (2000, 100), 6: (1000, 100), 4: (0, 100),
    7: (1000, 50), 8: (1100, 50),
}  # fmt: skip
ONE_WAY = {"highway": "residential", "oneway": "yes"}
CARRIAGEWAYS = [  # ways 100 to 107
    ([1, 5], ONE_WAY), ([5, 2], ONE_WAY), ([3, 6], ONE_WAY), ([6, 4], ONE_WAY),
    ([5, 7, 6], RING[1]), ([7, 8], RING[1]), ([2, 3], ONE_WAY), ([4, 1], ONE_WAY),
]  # fmt: skip


def no_turn_through(kind="no_u_turn", into=100, via=104, out=103):
    return (into, ("way", via), out, {"restriction": kind})


@pytest.fixture
def from_1(tmp_path):
    """Metres driven from 1 to others."""

    def measure(path, *ends, mode="drive"):
        network = Network.from_pbf(path)
        network.save(tmp_path / "kept.npz")
        xy = dict(zip(network.osm_id.tolist(), network.xy, strict=True))
        streets = Network.load(tmp_path / "kept.npz").streets(mode)
        found = streets.times([xy[1]], [xy[end] for end in ends], 60, snap="node")
        kmh = {"drive": 30, "cycle": 16, "walk": 4.8}[mode]
        return [round(float(m) / 60 * kmh * 1000, -1) for m in found.minutes.toarray()[0]]

    return measure


def test_a_turn_along_a_way_is_driven_round(town, from_1):
    assert from_1(town(CARRIAGEWAYS, DUAL), 4, 8) == [2100, 1150]
    path = town(CARRIAGEWAYS, DUAL, turns=(no_turn_through(),))
    assert Network.from_pbf(path).report["turn_restrictions"] == 1
    # To the end of the lane, where one may turn back: that is no U-turn through the way.
    assert from_1(path, 4, 8, 2) == [2300, 1150, 2000]
    ways = [*CARRIAGEWAYS[:4], ([5, 6], RING[1]), *CARRIAGEWAYS[6:]]
    back = (104, ("node", 6), 104, {"restriction": "no_u_turn"})
    assert from_1(town(ways, DUAL, turns=(no_turn_through(), back)), 4) == [4100]


def test_an_order_along_a_way_forbids_leaving_it(town, from_1):
    ways, nodes = [*CARRIAGEWAYS, ([1, 9, 5], ONE_WAY)], DUAL | {9: (500, -100)}
    assert from_1(town(ways, nodes), 4, 2, 8) == [2100, 2000, 1150]
    path = town(ways, nodes, turns=(no_turn_through("only_u_turn"),))
    # By the bend over 9 one may still go on to 2 and 8.
    assert from_1(path, 4, 2, 8) == [2100, 2020, 1170]


def test_walkers_pass_where_cycles_must_not_along_a_way(town, from_1):
    path = town(CARRIAGEWAYS, DUAL, turns=(no_turn_through(),))
    assert from_1(path, 4, mode="cycle") == [2300]
    assert from_1(path, 4, mode="walk") == [100]


def test_an_order_that_a_one_way_street_makes_impossible_is_passed_over(town, from_1):
    path = town(CARRIAGEWAYS, DUAL, turns=(no_turn_through("only_right_turn", out=102),))
    assert from_1(path, 4, 8) == [2100, 1150]


def test_restrictions_are_kept_on_disk(town, tmp_path, drive):
    network = Network.from_pbf(town(ARMS, CROSS, turns=(NO_LEFT,)))
    network.save(tmp_path / "streets.npz")
    again = Network.load(tmp_path / "streets.npz")
    assert again.turns.tolist() == network.turns.tolist()
    assert again.turn_kinds == [{"restriction": "no_left_turn"}]


def test_a_site_on_the_forbidden_street_is_reached_the_long_way(town):
    network = Network.from_pbf(town(ARMS, CROSS, turns=(NO_LEFT,)))
    xy = dict(zip(network.osm_id.tolist(), network.xy, strict=True))
    half = (xy[4] + xy[5]) / 2
    times = network.streets("drive").times([xy[1], half], [half], 60)
    assert times.nearest([0]) == pytest.approx([2 + 4 + 1 + 5, 5], rel=1e-3)
