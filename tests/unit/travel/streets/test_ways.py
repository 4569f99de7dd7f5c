import numpy as np
import pytest

from nhcplanner.travel import Network
from tests.unit.travel.conftest import CORNER, RING, tag_lines

# A street from 1 to 5, a square of 100 m from there to 7, a street on from 7 to 2.
NODES = {
    1: (-400, 0), 5: (0, 0), 6: (100, 0), 7: (100, 100), 8: (0, 100), 2: (100, 500), 9: (50, 50),
}  # fmt: skip
STREETS = [([1, 5], RING[1]), ([7, 2], RING[1])]
SQUARE = {"highway": "pedestrian", "area": "yes"}


def walk(path, start=1, end=2):
    streets = Network.read(path).streets("walk")
    ends = [[CORNER + np.array(NODES[node])] for node in (start, end)]
    return streets.times(*ends, 60).nearest([0])[0] * 80


def test_a_square_is_walked_across(town):
    path = town([*STREETS, ([5, 6, 7, 8, 5], SQUARE)], NODES)
    assert walk(path) == pytest.approx(800 + 100 * 2**0.5, rel=1e-3)
    around = town([*STREETS, ([5, 6, 7, 8, 5], {"highway": "pedestrian"})], NODES)
    assert walk(around) == pytest.approx(1000, rel=1e-3)


def test_a_way_across_keeps_within_the_square(town):
    """Bent inwards at 9, half way on either side of which the corner 6 is left out."""
    nodes = NODES | {9: (20, 80)}
    path = town([*STREETS, ([5, 9, 7, 8, 5], SQUARE)], nodes)
    legs = 2 * np.hypot(20, 80)
    assert walk(path) == pytest.approx(800 + legs, rel=1e-3)


def with_relation(path, outer, inner=(), tags=None):
    members = "".join(f'<member type="way" ref="{way}" role="outer"/>' for way in outer)
    members += "".join(f'<member type="way" ref="{way}" role="inner"/>' for way in inner)
    lines = tag_lines({"type": "multipolygon", **(tags or {"highway": "pedestrian"})})
    text = path.read_text(encoding="utf-8")
    whole = f'<relation id="1">{members}{lines}</relation></osm>'
    path.write_text(text.replace("</osm>", whole), encoding="utf-8")
    return path


def test_a_square_of_several_untagged_ways_is_walked_across(town):
    path = town([*STREETS, ([5, 6, 7], {}), ([7, 8, 5], {})], NODES)
    assert np.isinf(walk(path))
    assert walk(with_relation(path, (102, 103))) == pytest.approx(800 + 100 * 2**0.5, rel=1e-3)


def test_what_is_left_out_of_a_square_is_walked_round(town):
    """A fountain with its corners on the diagonal's way: past one of the other two."""
    fountain = {21: (30, 30), 22: (70, 30), 23: (70, 70), 24: (30, 70)}
    path = town([*STREETS, ([5, 6, 7, 8, 5], {}), ([*fountain, 21], {})], NODES | fountain)
    past = 2 * np.hypot(70, 30)
    assert walk(with_relation(path, (102,), (103,))) == pytest.approx(800 + past, rel=1e-3)


@pytest.mark.parametrize(
    "tags", [{"man_made": "pier"}, {"railway": "platform"}, {"public_transport": "platform"}]
)
def test_piers_and_platforms_are_walked_along(town, tags):
    path = town([*STREETS, ([5, 7], tags)], NODES)
    assert walk(path) == pytest.approx(800 + 100 * 2**0.5, rel=1e-3)
    shut = town([*STREETS, ([5, 7], tags | {"access": "private"})], NODES)
    assert np.isinf(walk(shut))


def test_a_closed_platform_is_crossed(town):
    path = town([*STREETS, ([5, 6, 7, 8, 5], {"railway": "platform"})], NODES)
    assert walk(path) == pytest.approx(800 + 100 * 2**0.5, rel=1e-3)
