import numpy as np
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from nhcplanner.outputs.maps.packed import pack


def read(content):
    """Read a packed file as its description says, one number after the other."""
    numbers, value, shift = [], 0, 0
    for byte in content:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append(value)
            value = shift = 0
    take = iter(numbers)
    rings = [next(take) for _ in range(next(take))]
    points = [next(take) for _ in range(sum(rings))]
    x = y = 0
    shapes = []
    lengths = iter(points)
    for count in rings:
        shape = []
        for _ in range(count):
            ring = []
            for _ in range(next(lengths)):
                dx, dy = ((n >> 1) ^ -(n & 1) for n in (next(take), next(take)))
                x, y = x + dx, y + dy
                ring.append((x, y))
            shape.append(ring)
        shapes.append(shape)
    assert next(take, None) is None
    return shapes


def test_rings_come_back_without_their_last_point():
    with_hole = Polygon(
        [(0, 0), (300, 0), (300, 300), (0, 300)], [[(100, 100), (200, 100), (200, 200)]]
    )
    two = MultiPolygon([box(-20_000_000, 5, -19_999_990, 9), box(1, 2, 3, 4)])
    line = LineString([(0.4, 0.6), (70.2, -3.7), (0.4, 0.6)])
    shapes = read(pack(np.array([with_hole, Point(5, 5), two, line], dtype=object)))
    assert shapes[0] == [
        [(0, 0), (300, 0), (300, 300), (0, 300)],
        [(100, 100), (200, 100), (200, 200)],
    ]
    assert shapes[1] == []
    assert [len(ring) for ring in shapes[2]] == [4, 4]
    assert (-20_000_000, 5) in shapes[2][0]
    assert shapes[3] == [[(0, 1), (70, -4), (0, 1)]]  # a line keeps its last point


@pytest.mark.parametrize("shapes", [[], [Point(1, 2)]])
def test_nothing_to_draw_is_a_small_file(shapes):
    assert read(pack(np.array(shapes, dtype=object))) == [[] for _ in shapes]
