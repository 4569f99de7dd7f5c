from pathlib import Path

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Network
from nhcplanner.travel.streets.osm_file import read_ways
from tests.unit.travel.conftest import CORNER, RING, SQUARE


def test_ways_that_nobody_uses_are_left_out_and_counted(town):
    path = town([RING, ([1, 3], {"highway": "construction"}), ([1, 3], {"building": "yes"})])
    ways = read_ways(path)
    assert len(ways.kind) == 1
    assert ways.left_out == {"highway=construction": 1}


def test_a_way_is_cut_where_the_file_lacks_nodes_of_it(town):
    path = town([RING, ([3, 4, 77, 1, 2, 78], {"highway": "path"}), ([77, 79], RING[1])])
    ways = read_ways(path)
    assert ways.ref.tolist() == [1, 2, 3, 4, 1, 3, 4, 1, 2]
    assert ways.id.tolist() == [100, 101, 101]
    assert ways.holes == {101: 2, 102: 2}
    assert ways.left_out == {"positions of its nodes are not in the file": 1}
    holes = Network.read(path).report["holes"]
    assert holes == {"ways": 2, "nodes": 4, "examples": ["way 101", "way 102"]}


def test_a_hole_is_no_way_through(town):
    """The way round is 2.4 km with its middle, and none without: 0.5 km on either side."""
    nodes = {1: (0, 0), 2: (500, 0), 3: (500, 650), 4: (600, 650), 5: (600, 0), 6: (1100, 0)}
    ways = [([1, 2], RING[1]), ([2, 3, 4, 5], RING[1]), ([5, 6], RING[1])]
    ends = [CORNER], [CORNER + np.array(nodes[6])]
    whole = Network.read(town(ways, nodes)).streets("walk").times(*ends, 60)
    assert whole.nearest([0]) == pytest.approx([2.4 * 12.5], rel=1e-3)
    holed = {ref: at for ref, at in nodes.items() if ref not in (3, 4)}
    streets = Network.read(town(ways, holed)).streets("walk")
    assert streets.times(*ends, 60).pairs == 0
    assert streets.report["parts"] == 2


def test_extracts_of_two_counties_are_one_network(town, tmp_path, minutes):
    """Each has the nodes of its own side, as extracts cut at a border do."""
    ways = [([1, 2], RING[1]), ([2, 3, 4], RING[1]), ([4, 1], RING[1])]
    files = []
    for name, mine in (("west", (1, 4)), ("east", (1, 2, 3, 4))):
        nodes = {ref: SQUARE[ref] for ref in mine}
        files.append(town(ways, nodes).rename(tmp_path / f"{name}.osm"))
    alone, both = Network.read(files[0]), Network.read(files)
    assert (alone.report["holes"]["ways"], both.report["holes"]["ways"]) == (2, 0)
    assert len(both.source) == 4
    assert minutes(both, "drive", 1, 3) == pytest.approx(4, rel=1e-3)
    with pytest.raises(InputError, match="gone"):
        Network.read([*files, tmp_path / "gone.osm"])


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


def edited(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    return write(path, text.replace(old, new).encode())


def test_a_deleted_way_is_no_street(town, minutes):
    """A file of all edits holds it still; the way round is 3 km."""
    ways = [([1, 2], RING[1]), ([2, 3, 4, 1], RING[1])]
    path = edited(town(ways), '<way id="100"', '<way id="100" version="2" visible="false"')
    network = Network.read(path)
    assert minutes(network, "walk", 1, 2) == pytest.approx(37.5, rel=1e-3)
    assert network.report["left_out"] == {"deleted, by its own mark": 1}


def test_what_an_editor_will_delete_and_ways_given_twice_are_doubted(town):
    ways = [([1, 2], RING[1]), ([2, 3, 4, 1], RING[1])]
    marked = edited(town(ways), '<way id="100"', '<way id="100" action="delete"')
    assert "1 thing that an editor marked as deleted" in " ".join(read_ways(marked).doubts)
    twice = edited(town(ways), '<way id="101"', '<way id="100" version="2"')
    assert "1 way in the file more than once, all of them read (way 100)" in read_ways(twice).doubts


def test_nodes_below_zero_or_after_their_ways_say_what_to_do(town):
    path = town([RING])
    text = path.read_text(encoding="utf-8")
    below = text.replace('<node id="', '<node id="-').replace('<nd ref="', '<nd ref="-')
    with pytest.raises(InputError, match="ids above 0"):
        read_ways(write(path, below.encode()))


@pytest.mark.parametrize("members", [(100, 101), (100,), (100, 102, 103)])
def test_a_square_that_is_not_whole_is_walked_around_and_counted(town, minutes, members):
    """Across it is 1.41 km or 17.7 minutes, around it 2 km or 25 minutes."""
    ways = [([1, 2, 3], {}), ([3, 4, 1], {}), ([1, 5], RING[1]), ([3, 6], RING[1])]
    nodes = {**SQUARE, 5: (-500, 0), 6: (1500, 1000)}
    listed = "".join(f'<member type="way" ref="{n}" role="outer"/>' for n in members)
    square = f'<relation id="9">{listed}<tag k="type" v="multipolygon"/>'
    square += '<tag k="highway" v="pedestrian"/></relation></osm>'
    network = Network.read(edited(town(ways, nodes), "</osm>", square))
    is_whole = members == (100, 101)
    assert minutes(network, "walk", 1, 3) == pytest.approx(17.68 if is_whole else 25, rel=1e-3)
    cut = [words for words in network.report["left_out"] if "not whole" in words]
    assert len(cut) == (not is_whole)
