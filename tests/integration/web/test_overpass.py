"""Overpass through osmnx: one call, its own settings back afterwards, kept in the cache."""

import json
from dataclasses import replace

import osmnx
import pytest

from nhcplanner.domain.errors import FetchError
from nhcplanner.layers.sources import Wanted
from nhcplanner.layers.sources.overpass import OVERPASS
from nhcplanner.layers.web import CachedWeb
from nhcplanner.travel import Network

BOUNDS = (248_000.0, 55_000.0, 249_000.0, 56_000.0)
WANTED = Wanted(bounds=BOUNDS)


@pytest.fixture
def here(publisher):
    """Overpass on the test's own server."""
    address = f"http://127.0.0.1:{publisher.server_address[1]}/overpass/api"
    return replace(OVERPASS, address=address)


def streets():
    corners = [(50.375, -4.138), (50.376, -4.136), (50.377, -4.134)]
    nodes = [{"type": "node", "id": n, "lat": lat, "lon": lon}
             for n, (lat, lon) in enumerate(corners, 1)]  # fmt: skip
    way = {"type": "way", "id": 9, "nodes": [1, 2, 3],
           "tags": {"highway": "residential", "maxspeed": "20 mph"}}  # fmt: skip
    return json.dumps({"version": 0.6, "elements": [*nodes, way]}).encode()


def test_a_small_box_becomes_streets_and_settings_return(publisher, here, web, answer):
    publisher.says("https://overpass/api/interpreter", answer(streets()))
    before = (osmnx.settings.overpass_url, osmnx.settings.use_cache)
    path = here.fetch(here, web, WANTED)
    assert (osmnx.settings.overpass_url, osmnx.settings.use_cache) == before
    network = Network.read(path)
    assert len(network.source) >= 1
    asked = len(publisher.asked)
    offline = CachedWeb(web.cache, web.client, offline=True)
    assert here.fetch(here, offline, WANTED) == path
    assert len(publisher.asked) == asked


@pytest.mark.parametrize(("body", "status"), [(b'{"elements": []}', 200), (b"<html>", 400)])
def test_an_answer_without_streets_is_told(publisher, here, web, answer, body, status):
    publisher.says("https://overpass/api/interpreter", answer(body, status))
    with pytest.raises(FetchError, match="no streets came"):
        here.fetch(here, web, WANTED)
    assert not [path for path in web.cache.rglob("*") if path.is_file()]


def test_a_large_box_is_not_asked_of_a_shared_service(publisher, here, web):
    wide = Wanted(bounds=(200_000.0, 0.0, 300_000.0, 100_000.0))
    with pytest.raises(FetchError, match="--streets geofabrik"):
        here.fetch(here, web, wide)
    assert publisher.asked == []
