import numpy as np
import pytest
import shapely
from shapely.geometry import LineString

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.travel import Network, main_roads
from nhcplanner.travel.streets import lines as module
from nhcplanner.travel.streets.lines import Lines, nearest
from tests.unit.travel.conftest import CORNER, RING, SQUARE

# One bent street, 0 - (100, 100) - 1, and a straight one far to the east.
XY = np.array([[0.0, 0], [200, 0], [5000, 0], [5000, 300]])
LINES = Lines(XY, np.array([0, 2]), np.array([1, 3]), np.array([0, 1, 1]), np.array([[100.0, 100]]))


def test_points_lie_by_the_bends_of_a_street_not_its_chord():
    found = nearest(np.array([[100.0, 120], [100, 0]]), LINES, 1000)
    assert found.street.tolist() == [0, 0]
    assert found.metres == pytest.approx([20, 50 * 2**0.5])
    assert found.along == pytest.approx([0.5, 0.25])


def test_a_point_off_the_end_lies_at_the_end():
    found = nearest(np.array([[5000.0, -30], [5010, 400]]), LINES, 1000)
    assert found.street.tolist() == [1, 1]
    assert found.along.tolist() == [0, 1]
    assert found.metres == pytest.approx([30, np.hypot(10, 100)])


def test_what_is_too_far_has_no_street():
    found = nearest(np.array([[5030.0, 100], [5080, 100]]), LINES, np.array([20.0, 90]))
    assert found.street.tolist() == [-1, 1]
    assert found.metres.tolist() == [np.inf, 80]


def test_without_streets_there_is_none():
    none = LINES.some(np.array([], dtype=int))
    assert nearest(XY, none, 1000).street.tolist() == [-1] * 4


def test_a_street_of_no_length_is_a_point():
    lines = Lines.straight(np.array([[0.0, 0], [0, 0]]), np.array([0]), np.array([1]))
    found = nearest(np.array([[3.0, 4]]), lines, 10)
    assert (found.street[0], found.metres[0], found.along[0]) == (0, 5, 0)


@pytest.mark.parametrize("cells", [3000, 7])
def test_no_street_is_overlooked(monkeypatch, cells):
    """Against every street measured for every point; with small cells and with large ones."""
    monkeypatch.setattr(module, "MOST_CELLS", cells)
    rng = np.random.default_rng(5)
    xy = rng.uniform(0, 20_000, (300, 2))
    source, target = rng.integers(0, 300, (2, 400))
    start = np.concatenate([[0], np.cumsum(rng.integers(0, 3, 400))])
    lines = Lines(xy, source, target, start, rng.uniform(0, 20_000, (start[-1], 2)))
    points = rng.uniform(-3000, 23_000, (200, 2))
    found = nearest(points, lines, 1e6)
    true = shapely.distance(shapely.points(points)[:, None], lines.shapes(np.arange(400))).min(1)
    assert found.metres == pytest.approx(true)


def test_lengths_boxes_and_parts_of_lines():
    assert LINES.length == pytest.approx([2 * 100 * 2**0.5, 300])
    assert LINES.boxes.tolist() == [[0, 0, 200, 100], [5000, 0, 5000, 300]]
    last = LINES.some(np.array([False, True]))
    assert (len(last), last.length.tolist(), len(last.bends)) == (1, [300], 0)
    assert LINES.some(np.array([1, 0])).length == pytest.approx([300, 2 * 100 * 2**0.5])


def test_main_roads_are_drawn_by_class_and_small_streets_are_not(town, tmp_path):
    nodes = SQUARE | {5: (500, 500), 6: (600, 650)}
    ways = [RING, ([5, 6, 3], {"highway": "primary"}), ([1, 5], {"highway": "motorway"})]
    path = tmp_path / "streets.npz"
    Network.from_pbf(town(ways, nodes)).save(path)
    found = main_roads(path)
    assert found.crs == CRS
    assert list(found.index) == ["motorway", "primary"]
    bent = LineString([CORNER + nodes[5], CORNER + nodes[6], CORNER + nodes[3]])
    assert found["primary"].hausdorff_distance(bent) < 0.5
    assert found["primary"].geom_type == "LineString"


def test_streets_without_main_roads_give_no_lines(town, tmp_path):
    path = tmp_path / "streets.npz"
    Network.from_pbf(town([RING])).save(path)
    assert main_roads(path).empty


def test_a_file_that_is_no_network_is_one_clear_fault(tmp_path):
    path = tmp_path / "streets.npz"
    path.write_bytes(b"no zip at all")
    with pytest.raises(InputError, match="is not a network of streets"):
        main_roads(path)
