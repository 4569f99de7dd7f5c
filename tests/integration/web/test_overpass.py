"""Overpass: its streets are those of an extract, within our own limits, kept in the cache."""

import osmium
import pytest

from nhcplanner.base.errors import FetchError
from nhcplanner.layers.sources import Extent, streets
from nhcplanner.layers.sources.streets import OVERPASS, query
from nhcplanner.layers.web import CachedWeb
from nhcplanner.travel import Network

BOUNDS = (248_000.0, 55_000.0, 249_000.0, 56_000.0)
WANTED = Extent(bounds=BOUNDS)
SERVICE = "https://overpass-api.de/api/interpreter"
HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6" generator="Overpass API">\n'
STREETS = (
    HEAD
    + b"""\
<node id="1" lat="50.375" lon="-4.138"/><node id="2" lat="50.376" lon="-4.136"/>
<node id="3" lat="50.377" lon="-4.134"/>
<way id="9"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="10"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<relation id="5"><member type="way" ref="9" role="from"/><member type="node" ref="2" role="via"/>
<member type="way" ref="10" role="to"/><tag k="type" v="restriction"/>
<tag k="restriction" v="no_left_turn"/></relation>
</osm>
"""
)


def test_a_small_box_becomes_streets_with_their_turns(publisher, web, tmp_path):
    publisher.says(SERVICE, STREETS)
    path = OVERPASS.fetch(OVERPASS, web, WANTED)
    clipped = streets.clip([path], BOUNDS, tmp_path / "streets.osm.pbf")
    found = [(thing.type_str(), thing.id) for thing in osmium.FileProcessor(str(clipped))]
    assert found == [("n", 1), ("n", 2), ("n", 3), ("w", 9), ("w", 10), ("r", 5)]
    assert len(Network.read(clipped).source) >= 1
    offline = CachedWeb(web.cache, web.client, offline=True)
    assert OVERPASS.fetch(OVERPASS, offline, WANTED) == path
    assert publisher.times(SERVICE) == 1


def test_asks_for_the_box_in_south_west_north_east():
    assert "[bbox:50.00000,-4.20000,50.50000,-4.10000]" in query((-4.2, 50.0, -4.1, 50.5))


@pytest.mark.parametrize(("body", "status", "words"), [
    (HEAD + b"</osm>\n", 200, "no street there"),
    (b"<html>", 400, "answers 400"),
    (b'{"elements": []}', 200, "should be OpenStreetMap XML"),
    (STREETS[:-8], 200, "breaks off"),
    (HEAD + b"<way id='1'/><remark> runtime error: timed \x1b[31mout </remark></osm>", 200,
     r"runtime error: timed .\[31mout"),
])  # fmt: skip
def test_an_answer_without_streets_is_refused(publisher, web, answer, body, status, words):
    publisher.says(SERVICE, answer(body, status))
    with pytest.raises(FetchError, match=words) as caught:
        OVERPASS.fetch(OVERPASS, web, WANTED)
    assert "\x1b" not in str(caught.value)
    assert not [path for path in web.cache.rglob("*.osm") if path.is_file()]


def test_a_large_box_is_not_asked_of_a_shared_service(publisher, web):
    wide = Extent(bounds=(200_000.0, 0.0, 300_000.0, 100_000.0))
    with pytest.raises(FetchError, match="--streets geofabrik"):
        OVERPASS.fetch(OVERPASS, web, wide)
    assert publisher.asked == []
