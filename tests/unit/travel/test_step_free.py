"""Step-free walking: tags by table, minutes against networkx, and the law of longer walks."""

from dataclasses import replace

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner import Scenario, measure
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.travel import Network, Profile
from nhcplanner.travel.mode_combinations import lacks
from nhcplanner.travel.step_free import (
    NOTE,
    incline_percent,
    is_step_free,
    step_free_note,
    stops_wheelchair,
)
from tests.unit.travel.conftest import CORNER, RING, SQUARE

STEP_FREE = Profile(step_free=True)


def tags_of(text: str) -> dict[str, str]:
    return dict(part.split("=") for part in text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("highway=steps", False),
        ("highway=steps wheelchair=limited", False),
        ("highway=steps ramp:wheelchair=yes", True),
        ("highway=footway", None),
        ("highway=footway surface=asphalt", True),
        ("highway=footway surface=gravel", False),
        ("highway=footway surface=gravel wheelchair=yes", True),
        ("highway=footway wheelchair=no surface=asphalt", False),
        ("highway=footway smoothness=intermediate", True),
        ("highway=footway smoothness=bad", False),
        ("highway=residential incline=8.3%", True),
        ("highway=residential incline=-10%", False),
        ("highway=residential incline=1:12", True),
        ("highway=residential incline=1:11", False),
        ("highway=residential incline=5°", False),
        ("highway=residential incline=4°", True),
        ("highway=residential incline=up", None),
        ("highway=residential incline=900%", None),
    ],
)
def test_what_is_mapped_decides(text, expected):
    assert is_step_free(tags_of(text)) is expected


def test_degrees_are_turned_into_per_cent():
    assert incline_percent({"incline": "4°"}) == pytest.approx(
        100 * np.tan(np.radians(4)), rel=2e-3
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("barrier=bollard", False),
        ("barrier=stile", True),
        ("barrier=kissing_gate wheelchair=yes", False),
        ("barrier=gate wheelchair=no", True),
        ("kerb=raised", True),
        ("barrier=kerb kerb=lowered", False),
        ("barrier=kerb", False),
    ],
)
def test_barriers_and_raised_kerbs_stop_wheelchairs(text, expected):
    assert stops_wheelchair(tags_of(text)) is expected


@pytest.mark.parametrize(
    "shortcut",
    [{"highway": "steps"}, {"highway": "footway", "wheelchair": "no"}],
)
def test_a_step_free_walk_goes_round_steps(town, minutes, shortcut):
    network = Network.from_pbf(town([RING, ([1, 3], shortcut)]))
    assert minutes(network, "walk", 1, 3) == pytest.approx(12.5 * 2**0.5, rel=1e-3)
    assert minutes(network, "walk", 1, 3, STEP_FREE) == pytest.approx(25.0, rel=1e-3)
    assert minutes(network, "cycle", 1, 3, STEP_FREE) == minutes(network, "cycle", 1, 3)


@pytest.mark.parametrize("tags", [{"kerb": "raised"}, {"barrier": "stile"}])
def test_a_raised_kerb_ends_a_step_free_walk_and_no_other(town, minutes, tags):
    nodes = SQUARE | {5: (500, 500)}
    network = Network.from_pbf(town([RING, ([1, 5, 3], RING[1])], nodes, {5: tags}))
    plain = pytest.approx(12.5 * 2**0.5, rel=1e-3)
    assert minutes(network, "walk", 1, 3) == plain
    assert minutes(network, "walk", 1, 3, STEP_FREE) == pytest.approx(25.0, rel=1e-3)
    if "kerb" in tags:
        assert minutes(network, "drive", 1, 3) == pytest.approx(2 * 2**0.5, rel=1e-3)


def test_what_is_not_mapped_is_counted(town):
    ways = [RING, ([1, 3], {"highway": "steps"}), ([2, 4], {"highway": "path", "surface": "paved"})]
    times = Network.from_pbf(town(ways)).streets("walk", STEP_FREE).times([CORNER], [CORNER])
    note = str(times.parameters[NOTE])
    assert note in lacks(times)
    assert "avoids 1.4 km of steps" in note
    assert "4 of 6 streets and paths (4.0 of 6.8 km) have no tag" in note
    assert "build the place again" in step_free_note(
        [{"highway": "residential"}], np.zeros(2, int), np.ones(2), [True]
    )


def test_other_values_than_true_and_false_are_refused():
    with pytest.raises(InputError, match="step_free is 'yes': use true or false"):
        Profile(step_free="yes")


KINDS = [
    {"highway": "residential"}, {"highway": "steps"}, {"highway": "path", "surface": "mud"},
    {"highway": "path", "incline": "20%"}, {"highway": "footway", "wheelchair": "yes"},
]  # fmt: skip
PASSED = (True, False, False, False, True)


@given(
    st.lists(
        st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(0, 4)), min_size=8, max_size=30
    )
)
@settings(max_examples=30, deadline=None)
def test_a_step_free_walk_is_the_shortest_on_the_ways_left_and_never_shorter(edges):
    xy = np.array([(450_000 + 300 * (n % 3), 300_000 + 200 * (n // 3)) for n in range(9)], float)
    edges = [
        (a, b, kind) for a, b, kind in {(min(e[:2]), max(e[:2]), e[2]) for e in edges} if a != b
    ]
    edges += [(n, n + 1, 0) for n in range(3)]
    source, target, kind = np.array(edges, dtype=np.int32).T
    length = np.hypot(*(xy[source] - xy[target]).T)
    network = Network(
        np.arange(9), xy, source, target, length.astype(np.float32), kind, KINDS,
        np.zeros(len(edges) + 1, dtype=np.int64), np.empty((0, 2)),
    )  # fmt: skip
    profile = Profile(step_free=True, least_part_km=1e-6)
    graph = nx.Graph()
    for (a, b, of), metres in zip(edges, length, strict=True):
        if PASSED[of]:
            graph.add_edge(a, b, minutes=float(metres) * 60 / 4800)
    points = xy[:4]  # these are joined, so that each is a node of the graph
    found = network.streets("walk", profile).times(points, points, 60, snap="node")
    plain = network.streets("walk", Profile(least_part_km=1e-6)).times(
        points, points, 60, snap="node"
    )
    for a in range(4):
        for b in range(4):
            expected = nx.dijkstra_path_length(graph, a, b, "minutes")
            assert found.minutes[a, b] == pytest.approx(expected, rel=1e-5)
            assert plain.minutes[a, b] <= found.minutes[a, b] + 1e-6


def test_minutes_of_a_place_are_never_shorter_and_keep_their_note(town, tmp_path, place):
    """The nearest street of the first starting point is a flight of steps that leads nowhere."""
    ways = [RING, ([1, 3], {"highway": "steps"})]
    streets = tmp_path / "streets.npz"
    Network.from_pbf(town(ways)).save(streets)
    points = np.array([(300, 310), (900, 20), (20, 900)]) + CORNER
    moved = {
        name: frame.set_geometry(gpd.points_from_xy(*points[: len(frame)].T, crs=CRS))
        for name, frame in (
            ("areas", place.areas),
            ("origins", place.origins),
            ("sites", place.sites),
        )
    }
    moved["sites"] = moved["sites"].set_geometry(
        gpd.points_from_xy(*(np.array([(700, 690), (990, 990)]) + CORNER).T, crs=CRS)
    )
    here = replace(place, streets=streets, **moved)
    plain, without = (measure(here, Scenario(step_free=free), keep=False) for free in (False, True))
    near, far = plain.minutes.toarray(), without.minutes.toarray()
    assert (near > 0).all()
    assert (far >= near).all()
    assert (far > near).any()
    assert [words for words in lacks(without) if words.startswith("Step-free walking avoids")]
    by_line = measure(here, Scenario(step_free=True, engine="estimate"))
    assert any("not step-free" in words for words in lacks(by_line))
    assert not [words for words in lacks(plain) if "tep-free" in words]
