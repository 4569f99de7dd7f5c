"""Streets: the fewest extracts that cover a place, clipped and merged without loss."""

import osmium
import pytest
from pyproj import Transformer
from shapely import box
from shapely.geometry import mapping

from nhcplanner.base.errors import FetchError, InputError
from nhcplanner.layers.sources.streets import clip, covering

DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True)
BOX = (300_000, 100_000, 310_000, 110_000)


def extract(name, *bounds, parent="england"):
    west, south, east, north = DEGREES.transform_bounds(*bounds)
    urls = {"pbf": f"https://x/{name}.osm.pbf"}
    said = {"id": name, "parent": parent, "urls": urls}
    return {"geometry": mapping(box(west, south, east, north)), "properties": said}


def chosen(*extracts):
    return [address.split("/")[-1].split(".")[0]
            for address in covering({"features": list(extracts)}, BOX)]  # fmt: skip


def test_one_county_that_holds_the_place_is_enough():
    whole = extract("devon", 250_000, 50_000, 350_000, 150_000)
    part = extract("somerset", 305_000, 50_000, 350_000, 150_000)
    assert chosen(part, whole) == ["devon"]


def test_a_place_on_a_border_takes_both_counties_but_no_other_land():
    west = extract("devon", 250_000, 50_000, 306_000, 150_000)
    east = extract("somerset", 305_900, 50_000, 350_000, 150_000)
    land = extract("wales", 250_000, 50_000, 350_000, 150_000, parent="united-kingdom")
    assert chosen(land, east, west) == ["devon", "somerset"]


def test_where_there_is_no_extract_it_says_so():
    with pytest.raises(FetchError, match="no extract of England"):
        chosen(extract("kent", 550_000, 150_000, 600_000, 200_000))


@pytest.mark.parametrize("index", [{}, {"features": [{"properties": {"parent": "england"}}]}])
def test_an_index_of_another_form_is_refused(index):
    with pytest.raises(FetchError, match="another form"):
        covering(index, BOX)


def write(path, nodes, ways, relations=()):
    with osmium.SimpleWriter(str(path)) as writer:
        for number, point in nodes.items():
            at = DEGREES.transform(*point)
            writer.add_node(osmium.osm.mutable.Node(
                id=number, location=at, version=1, tags={"barrier": "gate"} if number == 2 else {}
            ))  # fmt: skip
        for number, (refs, tags) in ways.items():
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))
        for number, members in enumerate(relations, 1):
            writer.add_relation(osmium.osm.mutable.Relation(
                id=number, members=members, version=1,
                tags={"type": "restriction", "restriction": "no_left_turn"},
            ))  # fmt: skip
    return path


def content(path):
    found = {"n": {}, "w": {}, "r": {}}
    for thing in osmium.FileProcessor(str(path)):
        found[thing.type_str()][thing.id] = dict(thing.tags)
    return found


NODES = {1: (301_000, 101_000), 2: (302_000, 101_000), 3: (320_000, 101_000), 4: (330_000, 101_000),
         5: (302_000, 105_000)}  # fmt: skip
ROAD = {"highway": "residential", "name": "High Street"}


def test_ways_that_touch_the_box_stay_whole_with_their_turns(tmp_path):
    path = write(
        tmp_path / "a.osm.pbf", NODES,
        {1: ([1, 2], ROAD), 2: ([2, 3], ROAD), 3: ([3, 4], ROAD), 4: ([1, 5], {"building": "yes"})},
        [[("w", 1, "from"), ("n", 2, "via"), ("w", 2, "to")],
         [("w", 2, "from"), ("n", 3, "via"), ("w", 3, "to")]],
    )  # fmt: skip
    found = content(clip([path], BOX, tmp_path / "out.osm.pbf"))
    assert found["w"] == {1: ROAD, 2: ROAD}
    assert found["n"] == {1: {}, 2: {"barrier": "gate"}, 3: {}}
    assert list(found["r"]) == [1]


def test_what_two_extracts_share_comes_once(tmp_path):
    first = write(tmp_path / "a.osm.pbf", NODES, {1: ([1, 2], ROAD), 2: ([2, 3], ROAD)})
    second = write(tmp_path / "b.osm.pbf", NODES, {2: ([2, 3], ROAD), 5: ([5, 2], ROAD)})
    out = clip([first, second], BOX, tmp_path / "out.osm.pbf")
    things = [(thing.type_str(), thing.id) for thing in osmium.FileProcessor(str(out))]
    assert things == [*(("n", n) for n in (1, 2, 3, 5)), ("w", 1), ("w", 2), ("w", 5)]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a.osm.pbf", "b.osm.pbf",
                                                                "out.osm.pbf"]  # fmt: skip


def test_a_file_without_streets_here_is_refused(tmp_path):
    path = write(tmp_path / "far.osm.pbf", {3: NODES[3], 4: NODES[4]}, {3: ([3, 4], ROAD)})
    with pytest.raises(InputError, match=r"far.osm.pbf: has no street in or around the place"):
        clip([path], BOX, tmp_path / "out.osm.pbf")


def test_a_file_cut_short_is_refused_and_leaves_nothing(tmp_path):
    path = write(tmp_path / "a.osm.pbf", NODES, {1: ([1, 2], ROAD)})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="cut short"):
        clip([path], BOX, tmp_path / "out.osm.pbf")
    assert [each.name for each in tmp_path.iterdir()] == ["a.osm.pbf"]


def test_public_buildings_in_the_box_are_kept_too_and_other_things_are_not(tmp_path):
    hall = {"amenity": "community_centre", "building": "yes"}
    path = write(
        tmp_path / "a.osm.pbf", NODES,
        {1: ([1, 2], ROAD), 2: ([1, 2, 5, 1], hall), 3: ([3, 4], hall),
         4: ([1, 2, 5, 1], {"amenity": "pub"})},
    )  # fmt: skip
    found = content(clip([path], BOX, tmp_path / "out.osm.pbf"))
    assert found["w"] == {1: ROAD, 2: hall}
