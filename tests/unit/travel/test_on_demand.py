"""Trips within zones: by hand, by brute force, and by law the same both ways."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner import Scenario, measure
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import CRS
from nhcplanner.travel import lacks, measure_windows
from nhcplanner.travel.on_demand import zone_times


def zones_of(*rows) -> gpd.GeoDataFrame:
    """Zones of (box, hours, wait, speed, detour)."""
    boxes, hours, wait, speed, detour = zip(*rows, strict=True)
    columns = {"zone": [f"z{n}" for n in range(len(rows))], "hours": list(hours)}
    columns |= {"wait_minutes": wait, "speed_kmh": speed, "detour": detour}
    return gpd.GeoDataFrame(columns, geometry=[shapely.box(*one) for one in boxes], crs=CRS)


WEST = ((0, 0, 5_000, 5_000), "Mo-Fr 08:00-18:00", 20.0, 30.0, 1.5)
EAST = ((4_000, 0, 9_000, 5_000), None, 30.0, 40.0, 1.2)


def dense(minutes) -> np.ndarray:
    found = np.full(minutes.shape, np.inf)
    pairs = minutes.tocoo()
    found[pairs.coords] = pairs.data
    return found


def test_a_trip_takes_the_wait_and_the_distance_within_one_zone():
    """3 km at 30 km/h with a detour of 1.5 are 9 minutes."""
    origins, sites = [(1_000, 1_000), (4_500, 1_000)], [(4_000, 1_000), (8_500, 1_000)]
    found = dense(zone_times(zones_of(WEST, EAST), [1, 1], origins, sites).minutes)
    np.testing.assert_allclose(found, [[29, np.inf], [21.5, 37.2]], rtol=1e-6)
    closed = zone_times(zones_of(WEST, EAST), [0, np.nan], origins, sites)
    np.testing.assert_allclose(dense(closed.minutes), [[np.inf, np.inf], [30.9, 37.2]], rtol=1e-6)
    assert closed.estimate
    [note] = lacks(closed)
    assert "1 of 2 zones run then; 1 of 2 starting points and 2 of 2 sites" in note
    assert "hours of 1 zone are not known" in note


corner = st.integers(0, 8).map(lambda n: 1_000.0 * n)
point = st.tuples(st.integers(0, 9_000), st.integers(0, 9_000))
zone = st.tuples(
    st.tuples(corner, corner, st.integers(1, 6), st.integers(1, 6)).map(
        lambda c: (c[0], c[1], c[0] + 1_000 * c[2], c[1] + 1_000 * c[3])
    ),
    st.none(), st.integers(0, 30), st.integers(10, 60), st.floats(1, 2),
)  # fmt: skip


@given(
    st.lists(zone, min_size=1, max_size=4), st.lists(point, min_size=1, max_size=6),
    st.lists(point, min_size=1, max_size=6), st.data(),
)  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_trips_are_those_of_brute_force_and_the_same_both_ways(rows, origins, sites, data):
    flags = data.draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=len(rows), max_size=len(rows)))
    zones = zones_of(*rows)
    found = dense(zone_times(zones, flags, origins, sites, 60).minutes)
    for n, (x, y) in enumerate(origins):
        for m, (u, v) in enumerate(sites):
            trips = [
                wait + ((x - u) ** 2 + (y - v) ** 2) ** 0.5 * detour * 60 / (1000 * speed)
                for ((west, south, east, north), _, wait, speed, detour), runs in zip(
                    rows, flags, strict=True
                )
                if runs
                and all(west <= e <= east and south <= f <= north for e, f in ((x, y), (u, v)))
            ]  # fmt: skip
            best = min((one for one in trips if one <= 60), default=np.inf)
            assert found[n, m] == pytest.approx(best, rel=1e-5) or abs(best - 60) < 1e-3
    back = dense(zone_times(zones, flags, sites, origins, 60).minutes)
    np.testing.assert_array_equal(found, back.T)


@pytest.fixture
def here(place):
    """The place of two areas within the west zone, without streets."""

    def moved(frame):
        points = gpd.points_from_xy(
            1_000 + 900 * np.arange(len(frame)), [1_000] * len(frame), crs=CRS
        )
        return frame.set_geometry(points)

    layers = {name: moved(getattr(place, name)) for name in ("areas", "origins", "sites")}
    return replace(place, zones=zones_of(WEST, EAST), **layers)


def test_a_zone_that_is_shut_in_a_window_gives_no_trip(here):
    keys = {"mode": "on_demand", "transit_windows": ("weekday 09:00-12:00", "saturday 09:00-12:00")}
    weekday, saturday = measure_windows(here, Scenario(**keys), lambda _: None)
    assert weekday.times.minutes.nnz == 6
    assert saturday.times.minutes.nnz == 0
    assert weekday.times.minutes[2, 0] == pytest.approx(20 + 1.8 * 1.5 * 2)
    assert measure(here, Scenario(**keys)).minutes.nnz == 0
    assert measure(here, Scenario(**keys | {"transit_mix": "best"})).minutes.nnz == 6
    alone = measure(here, Scenario(mode="on_demand"))
    assert alone.window == "Tuesday 2 June 2026, 07:00 to 10:00"
    assert (alone.minutes != weekday.times.minutes).nnz == 0


def test_the_faster_of_walk_and_trip_counts(here):
    walk, trip = (dense(measure(here, Scenario(mode=m)).minutes) for m in ("walk", "on_demand"))
    both = measure(here, Scenario(modes=("walk", "on_demand")))
    np.testing.assert_array_equal(dense(both.minutes), np.minimum(walk, trip))
    assert both.estimate
    assert [
        words for words in lacks(both) if words.startswith("On-demand transport is an estimate")
    ]


def test_a_place_without_zones_says_what_to_do(place):
    with pytest.raises(InputError, match="no zones of on-demand transport") as error:
        measure(place, Scenario(mode="on_demand"))
    assert "--on-demand" in error.value.faults[0].hint
