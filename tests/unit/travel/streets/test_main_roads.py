import pytest
from shapely.geometry import LineString

from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.travel import Network, main_roads
from tests.unit.travel.conftest import CORNER, RING, SQUARE


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
    with pytest.raises(InputError, match="is no network of streets"):
        main_roads(path)
