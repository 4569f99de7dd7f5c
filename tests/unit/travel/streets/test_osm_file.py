from pathlib import Path

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Network
from nhcplanner.travel.streets.osm_file import read_ways
from tests.unit.travel.conftest import RING


def test_ways_that_nobody_uses_are_left_out_and_counted(town):
    path = town([RING, ([1, 3], {"highway": "construction"}), ([1, 3], {"building": "yes"})])
    ways = read_ways(path)
    assert len(ways.kind) == 1
    assert ways.left_out == {"highway=construction": 1}


def test_nodes_that_the_file_lacks_are_skipped(town):
    ways = read_ways(town([RING, ([3, 77, 1], {"highway": "path"}), ([77, 78], RING[1])]))
    assert ways.ref.tolist() == [1, 2, 3, 4, 1, 3, 1]
    assert ways.left_out == {"positions of its nodes are not in the file": 1}


def test_tags_that_decide_nothing_are_dropped_so_that_like_streets_share_a_kind(town):
    path = town([RING, ([1, 3], {"highway": "residential", "name": "High Street"})])
    ways = read_ways(path)
    assert ways.kinds == [{"highway": "residential"}]


def test_barriers_are_read_with_their_access(town):
    path = town([RING], node_tags={2: {"barrier": "gate", "access": "private", "colour": "red"}})
    assert read_ways(path).barriers == {2: {"barrier": "gate", "access": "private"}}


def test_progress_counts_ways(town, monkeypatch):
    monkeypatch.setattr("nhcplanner.travel.streets.osm_file.TICK", 2)
    seen = []
    read_ways(town([RING] * 5), seen.append)
    assert seen == [2, 4]


def test_a_file_without_relations_is_doubted(town):
    turn = (100, ("node", 1), 100, {"restriction": "no_u_turn"})
    assert Network.from_pbf(town([RING], turns=(turn,))).report["doubts"] == []
    (doubt,) = Network.from_pbf(town([RING])).report["doubts"]
    assert "may have been cut short" in doubt


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("hello.osm.pbf", b"hello world, this is no pbf"),
        ("empty.osm.pbf", b""),
        ("cut.osm", b'<osm version="0.6"><node id="1" lat="51.5" lon="-3"/><way id="'),
        ("words.osm", b'<osm version="0.6"><node id="1" lat="north" lon="-3"/></osm>'),
        ("letters.osm", b'<osm version="0.6"><node id="a8" lat="51.5" lon="-3"/></osm>'),
        ("unknown.ending", b"abc"),
    ],
)
def test_a_file_that_is_no_osm_file_is_one_clear_fault(tmp_path, name, content):
    with pytest.raises(InputError, match="cannot be read") as error:
        Network.from_pbf(write(tmp_path / name, content))
    assert len(error.value.faults) == 1
    assert error.value.faults[0].file == name


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.osm\.pbf: does not exist"):
        Network.from_pbf(tmp_path / "gone.osm.pbf")


def test_a_file_without_streets_says_what_it_left_out(town):
    with pytest.raises(InputError, match=r"no streets or paths \(1 left out: highway=proposed"):
        Network.from_pbf(town([([1, 2], {"highway": "proposed"})]))
