from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
from shapely.geometry import box

from nhcplanner.domain.neighbourhoods import Bounds
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow.division import Ground, travelling


def squares(people, codes, gap_after=None):
    """Square areas in a row, each with its district; a gap of 500 m after one of them."""
    shift = [0 if gap_after is None or i <= gap_after else 500 for i in range(len(people))]
    shapes = [box(1000 * i + s, 0, 1000 * (i + 1) + s, 1000) for i, s in enumerate(shift)]
    areas = gpd.GeoDataFrame(
        {
            "area_code": [f"X010000{i:02d}" for i in range(len(people))],
            "people": people, "district_code": codes, "district_name": [c.upper() for c in codes],
        },
        geometry=shapes, crs="EPSG:27700",
    )  # fmt: skip
    origins = areas[["area_code", "people"]].assign(origin_id=areas["area_code"])
    origins = gpd.GeoDataFrame(origins, geometry=areas.centroid, crs=areas.crs)
    sites = gpd.GeoDataFrame(geometry=[], crs=areas.crs)
    return Place("Row", areas, sites, origins)


def ground(place, bounds=None, **asked):
    bounds = bounds or Bounds()
    scenario = travelling(Scenario(engine="estimate", **asked), bounds)
    return Ground.of(place, scenario, bounds, None, None)


def test_a_small_part_joins_the_neighbour_with_the_longest_border():
    place = squares([20_000, 40_000, 40_000], ["a", "b", "c"])
    found = ground(place)
    assert found.names == ["B and A", "C"]
    assert found.part.tolist() == [0, 0, 1]
    assert any(note.startswith("Joined") and "A to B" in note for note in found.notes)
    apart = ground(place, Bounds(join_small=False))
    assert apart.names == ["A", "B", "C"]


def test_a_part_in_two_pieces_is_linked_and_says_so():
    found = ground(squares([30_000] * 3, ["a"] * 3, gap_after=1))
    assert found.touching.toarray()[1, 2] == 0
    assert found.contact.toarray()[1, 2] == 1
    assert any("Linked" in note for note in found.notes)


def test_names_run_from_west_to_east():
    found = ground(squares([30_000] * 4, ["a"] * 4))
    names = found.names_of(np.arange(4), np.array([3, 3, 0, 0]))
    assert names == ["A 1", "A 1", "A 2", "A 2"]


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_minutes_to_points_keep_zeros(mode):
    found = ground(squares([30_000] * 2, ["a"] * 2), Bounds(mode=mode))
    minutes = found.minutes_to(np.array([0, 1]))
    assert minutes.nnz == 4
    assert minutes.toarray()[0, 1] == pytest.approx(minutes.toarray()[1, 0])


def test_a_place_without_borders_is_one_part():
    place = squares([30_000] * 2, ["a", "b"])
    bare = replace(place, areas=place.areas.drop(columns=["district_code", "district_name"]))
    found = ground(bare)
    assert found.names == ["Row"]
    assert any("No borders hold" in note for note in found.notes)
