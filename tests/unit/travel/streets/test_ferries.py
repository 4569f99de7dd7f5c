"""Ferries: how long a crossing takes, and who may board."""

import pytest

from nhcplanner.travel import Network, Profile
from nhcplanner.travel.streets.ferries import crossing_minutes
from tests.unit.travel.conftest import RING, SQUARE, tag_lines


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


def test_a_ferry_without_a_duration_goes_at_the_profiles_speed_and_is_reported(town, minutes):
    network = Network.from_pbf(town([RING, ([1, 3], {"route": "ferry"})]))
    # 1,414 m at 7.5 km/h, against 2 km of street on foot.
    profile = Profile(ferry_kmh=7.5)
    assert minutes(network, "walk", 1, 3, profile) == pytest.approx(2**0.5 * 8, rel=1e-3)
    assert network.report["ferries_without_duration"] == 1
    assert network.report["left_out"] == {}


def ferry_route(ways, tags):
    members = "".join(f'<member type="way" ref="{way}" role=""/>' for way in ways)
    lines = tag_lines({"type": "route", "route": "ferry"} | tags)
    return f'<relation id="1">{members}{lines}</relation>'


@pytest.mark.parametrize("way_tags", [{"route": "ferry"}, {}, {"route": "ferry", "foot": "yes"}])
def test_a_duration_on_the_route_is_shared_out_over_its_ways(town, minutes, way_tags):
    nodes = SQUARE | {5: (250, 250)}
    path = town([RING, ([1, 5], way_tags), ([5, 3], way_tags)], nodes)
    text = path.read_text(encoding="utf-8")
    route = ferry_route([101, 102], {"duration": "00:08", "motor_vehicle": "yes"})
    path.write_text(text.replace("</osm>", route + "</osm>"), encoding="utf-8")
    network = Network.from_pbf(path)
    assert minutes(network, "walk", 1, 3) == pytest.approx(8, rel=1e-3)
    assert minutes(network, "drive", 1, 3) == pytest.approx(4, rel=1e-3)  # the streets are quicker
    assert network.report["ferries_without_duration"] == 0
    assert minutes(network, "cycle", 3, 1) == pytest.approx(2000 / 16000 * 60, rel=1e-3)


def test_a_route_whose_ways_are_not_all_there_gives_no_speed(town):
    path = town([RING, ([1, 3], {"route": "ferry"})])
    text = path.read_text(encoding="utf-8")
    route = ferry_route([101, 555], {"duration": "00:08"})
    path.write_text(text.replace("</osm>", route + "</osm>"), encoding="utf-8")
    assert Network.from_pbf(path).report["ferries_without_duration"] == 1
