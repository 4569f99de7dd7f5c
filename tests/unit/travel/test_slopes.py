"""Walks by slope: Tobler's function by hand, minutes against networkx, the way back."""

import math
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner import Scenario
from nhcplanner.base.errors import InputError
from nhcplanner.domain.heights import HeightGrid, Heights
from nhcplanner.travel import Network, Profile
from nhcplanner.travel.mode_combinations import lacks
from nhcplanner.travel.slopes import gradients, slope_factor
from tests.unit.travel.conftest import CORNER, RING

SLOPES = Profile(slopes=True)
LEVEL = math.exp(-3.5 * 0.05)


@pytest.mark.parametrize(
    ("gradient", "kmh"), [(0.0, 5.037), (-0.05, 6.0), (0.1, 3.549), (-0.15, 4.228), (0.4, 1.242)]
)
def test_the_shape_is_that_of_tobler(gradient, kmh):
    """Speeds of 6 exp(-3.5 |S + 0.05|), worked out with a pocket calculator."""
    factor = slope_factor(np.array([gradient]))[0]
    assert 6 * LEVEL / factor == pytest.approx(kmh, abs=2e-3)


@pytest.fixture
def hill(town):
    """A square whose east side lies 80 m higher than its west side."""
    grid = HeightGrid(CORNER[0] - 100, CORNER[1] - 100, 1200.0, np.array([[0, 96.0], [0, 96.0]]))
    return Network.from_pbf(town([RING])).with_heights(Heights((grid,), files=("hill.asc",)))


def test_uphill_takes_longer_than_downhill(hill, minutes):
    assert hill.heights.round(1).tolist() == [8.0, 88.0, 88.0, 8.0]
    up, down = (slope_factor(np.array([rise]))[0] * 12.5 for rise in (0.08, -0.08))
    assert minutes(hill, "walk", 1, 2, SLOPES) == pytest.approx(up, rel=2e-3)
    assert minutes(hill, "walk", 2, 1, SLOPES) == pytest.approx(down, rel=2e-3)
    assert up > 12.5 > down
    assert minutes(hill, "walk", 1, 2) == pytest.approx(12.5, rel=1e-3)
    assert minutes(hill, "cycle", 1, 2, SLOPES) == minutes(hill, "cycle", 1, 2)


def test_heights_are_kept_in_the_file_of_the_streets(hill, tmp_path):
    hill.save(tmp_path / "streets.npz")
    kept = Network.load(tmp_path / "streets.npz")
    np.testing.assert_array_equal(kept.heights, hill.heights)
    assert kept.report["heights"] == {"files": ["hill.asc"], "unknown": 0}


def test_an_incline_counts_where_no_height_is_known(town, minutes):
    ways = [RING, ([1, 3], {"highway": "path", "incline": "5%"})]
    streets = Network.from_pbf(town(ways))
    up, down = (slope_factor(np.array([rise]))[0] * 12.5 * 2**0.5 for rise in (0.05, -0.05))
    assert minutes(streets, "walk", 1, 3, SLOPES) == pytest.approx(up, rel=1e-3)
    assert minutes(streets, "walk", 3, 1, SLOPES) == pytest.approx(down, rel=1e-3)
    times = streets.streets("walk", SLOPES).times([CORNER], [CORNER])
    [note] = [words for words in lacks(times) if "Tobler" in words]
    assert "1.4 of 5.4 km" in note
    assert "4 streets without one count as level" in note


def test_ferries_are_level_and_unknown_gradients_stay_unknown():
    kinds = [{"route": "ferry"}, {"highway": "path"}, {"highway": "path", "incline": "-5%"}]
    ends = np.array([0.0, np.nan, np.nan, 0.0]), np.array([50.0, 3.0, 3.0, 10.0])
    found = gradients(kinds, np.array([0, 1, 2, 1]), np.full(4, 100.0), ends)
    np.testing.assert_allclose(found, [0.0, np.nan, -0.05, 0.1])


def test_streets_without_any_gradient_are_refused(town):
    with pytest.raises(InputError, match="no heights and no inclines") as error:
        Network.from_pbf(town([RING])).streets("walk", SLOPES)
    assert "--heights" in error.value.faults[0].hint


@pytest.mark.parametrize("value", [0.1, -1.5, "steep"])
def test_an_impossible_fastest_gradient_is_refused(value):
    with pytest.raises(InputError, match="fastest_gradient"):
        Profile(fastest_gradient=value)
    assert Scenario(slopes=True).model_dump()["slopes"]


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=6, max_size=20),
    st.lists(st.floats(0, 60, width=32), min_size=9, max_size=9),
)
@settings(max_examples=30, deadline=None)
def test_minutes_are_the_shortest_and_a_mirrored_hill_gives_the_way_back(edges, heights):
    xy = np.array([(450_000 + 300 * (n % 3), 300_000 + 200 * (n // 3)) for n in range(9)], float)
    edges = sorted({(min(e), max(e)) for e in edges if e[0] != e[1]} | {(0, 1), (1, 2), (2, 3)})
    source, target = np.array(edges, dtype=np.int32).T
    length = np.hypot(*(xy[source] - xy[target]).T).astype(np.float32)
    network = Network(
        np.arange(9), xy, source, target, length, np.zeros(len(edges), np.int32),
        [{"highway": "path", "incline": "1%"}], np.zeros(len(edges) + 1, dtype=np.int64),
        np.empty((0, 2)), heights=np.array(heights, dtype=np.float32),
    )  # fmt: skip
    profile = Profile(slopes=True, least_part_km=1e-6)
    points = xy[:4]

    def found(streets):
        if not (np.diff(streets.heights[np.array(edges)], axis=1) != 0).any():
            return None  # a level place has no slopes to follow
        return streets.streets("walk", profile).times(points, points, 60, snap="node").minutes

    up = found(network)
    down = found(replace(network, heights=-network.heights))
    if up is None:
        return
    graph = nx.DiGraph()
    for (a, b), metres in zip(edges, length.tolist(), strict=True):
        for tail, head in ((a, b), (b, a)):
            rise = (float(network.heights[head]) - float(network.heights[tail])) / metres
            minutes = metres * 60 / 4800 * math.exp(3.5 * (abs(rise + 0.05) - 0.05))
            graph.add_edge(tail, head, minutes=minutes)
    for a in range(4):
        for b in range(4):
            expected = nx.dijkstra_path_length(graph, a, b, "minutes")
            assert up[a, b] == pytest.approx(expected, rel=1e-4, abs=1e-5) or expected > 60
            assert up[a, b] == pytest.approx(down[b, a], rel=1e-5)
