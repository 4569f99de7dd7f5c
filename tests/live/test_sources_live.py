"""Each official address answers as its parser expects: asked only with `pytest -m live tests/live`.

The areas asked for are three of Blackpool's; figures change from edition to edition, so only
forms and ranges are held.
"""

import os
from pathlib import Path

import pytest

from nhcplanner import workflow
from nhcplanner.layers.sources import SOURCES, Extent
from nhcplanner.layers.web import CachedWeb, user_cache

BLACKPOOL = Extent(
    areas=("E01012671", "E01012672", "E01012673"),
    districts=("E06000009",),
    councils=("E06000009",),
    regions=("North West",),
    bounds=(330_000.0, 435_000.0, 332_000.0, 437_000.0),
)


@pytest.fixture(scope="module")
def web() -> CachedWeb:
    if not os.environ.get("NHCPLANNER_LIVE"):
        pytest.skip("NHCPLANNER_LIVE is not set: nothing is asked of the network")
    return CachedWeb(user_cache(), refresh=True)


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.key)
def test_a_source_answers_in_the_form_that_its_parser_reads(web, source):
    if source.key == "libraries":
        pytest.skip("has no lasting address")
    path = source.fetch(source, web, BLACKPOOL)
    assert path.stat().st_size > 0
    if source.parse is not None:
        frame = source.parse(path)
        assert len(frame)
        if "imd_decile" in frame:
            assert frame["imd_decile"].between(1, 10).all()
        if "hle" in frame:
            assert frame["hle"].between(40, 90).all()


def test_blackpool_becomes_a_place(web, tmp_path: Path):
    place = workflow.load(workflow.fetch(["Blackpool"], tmp_path / "blackpool"))
    assert place.areas["people"].sum() > 100_000
    assert place.streets is not None
    assert set(place.areas["hle_basis"]) == {"modelled"}
