"""Groups of neighbourhoods on a grid of squares, against every division that there is."""

from itertools import product

import geopandas as gpd
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.neighbourhoods import Bounds
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs.tables.neighbourhoods import lookup

ESTIMATE = Scenario(engine="estimate")
PEOPLE = [40_000, 30_000, 50_000, 35_000, 45_000, 30_000, 50_000, 40_000, 30_000]
WEST, EAST = "E1", "E2"


def _place(icbs=None) -> Place:
    """Nine squares of five kilometres in three rows, each a neighbourhood of one area."""
    corners = [(5000 * (n % 3), 5000 * (n // 3)) for n in range(9)]
    areas = gpd.GeoDataFrame(
        {
            "area_code": [f"X0100000{n}" for n in range(9)],
            "people": PEOPLE,
            "council_code": [f"C{n % 3}" for n in range(9)],
            "council_name": [f"Council {n % 3}" for n in range(9)],
        },
        geometry=[box(x, y, x + 5000, y + 5000) for x, y in corners],
        crs=CRS,
    )
    if icbs:
        areas["icb_code"] = icbs
        areas["icb_name"] = icbs
    origins = areas[["area_code", "people"]].assign(origin_id=areas["area_code"])
    origins = gpd.GeoDataFrame(origins, geometry=areas.centroid, crs=CRS)
    sites = gpd.GeoDataFrame(
        {"site_id": areas["area_code"], "status": "possible"}, geometry=areas.centroid, crs=CRS
    )
    return Place("Grid", areas, sites, origins)


@pytest.fixture(scope="module")
def place():
    return _place()


def _names(place):
    return pd.Series([f"N{n}" for n in range(9)], index=place.areas["area_code"])


@pytest.fixture(scope="module")
def division(place):
    return workflow.take_neighbourhoods(place, _names(place), scenario=ESTIMATE)


def _least_minutes(place, number, bounds):
    """Fewest people-minutes of all contiguous divisions within bounds, by trying every one."""
    far = ESTIMATE.model_copy(update={"mode": "drive", "horizon": 120.0})
    minutes = workflow.measure(place, far).minutes.toarray()
    people = np.array(PEOPLE, dtype=float)
    grid = nx.Graph()
    grid.add_nodes_from(range(9))
    grid.add_edges_from((n, n + 1) for n in range(9) if n % 3 < 2)
    grid.add_edges_from((n, n + 3) for n in range(6))
    best = np.inf
    for rest in product(range(number), repeat=8):
        label = np.array((0, *rest))
        groups = [np.flatnonzero(label == one) for one in range(number)]
        if any(len(one) == 0 or not bounds.keeps(people[one].sum()) for one in groups):
            continue
        if all(nx.is_connected(grid.subgraph(one.tolist())) for one in groups):
            price = sum((people[one] @ minutes[np.ix_(one, one)]).min() for one in groups)
            best = min(best, price)
    return best


@pytest.mark.parametrize(("target", "number"), [(175_000, 2), (117_000, 3)])
def test_groups_have_the_fewest_minutes_of_all_divisions(place, division, target, number):
    bounds = Bounds(target, 0.75 * target, 1.25 * target)
    groups = workflow.group_neighbourhoods(place, division, bounds, ESTIMATE)
    assert len(groups.footprints) == number
    assert groups.footprints["in_bounds"].all()
    assert (groups.footprints["pieces"] == 1).all()
    assert groups.mean_minutes * sum(PEOPLE) == pytest.approx(
        _least_minutes(place, number, bounds), rel=1e-4
    )
    assert (groups.parts["status"] == "proved").all()


def test_neighbourhoods_and_councils_stay_whole(place):
    pairs = _names(place).replace({"N1": "N0", "N5": "N2"})
    division = workflow.take_neighbourhoods(place, pairs, scenario=ESTIMATE)
    bounds = Bounds(117_000, 90_000, 180_000)
    groups = workflow.group_neighbourhoods(place, division, bounds, ESTIMATE)
    of = dict(zip(pairs, groups.names, strict=True))
    assert all(of[name] == group for name, group in zip(pairs, groups.names, strict=True))
    apart = workflow.take_neighbourhoods(place, _names(place), scenario=ESTIMATE)
    whole = workflow.group_neighbourhoods(place, apart, bounds, ESTIMATE, keep_councils=True)
    together = whole.names.groupby(place.areas["council_code"].to_numpy()).nunique()
    assert (together == 1).all()


def test_councils_are_divided_with_a_note_where_whole_ones_do_not_fit(place, division):
    bounds = Bounds(175_000, 160_000, 190_000)
    groups = workflow.group_neighbourhoods(place, division, bounds, ESTIMATE, keep_councils=True)
    assert groups.footprints["in_bounds"].all()
    assert any("councils are divided" in note for note in groups.notes)


def test_no_group_crosses_the_border_of_an_icb():
    place = _place([WEST, WEST, EAST] * 3)
    division = workflow.take_neighbourhoods(place, _names(place), scenario=ESTIMATE)
    groups = workflow.group_neighbourhoods(
        place, division, Bounds(120_000, 90_000, 240_000), ESTIMATE
    )
    icb = groups.names.groupby(place.areas["icb_code"].to_numpy())
    assert not set(icb.get_group(WEST)) & set(icb.get_group(EAST))


def test_levels_nest_in_each_other(place, division):
    levels = {
        "place": Bounds(175_000, 100_000, 250_000), "multi": Bounds(80_000, 60_000, 110_000)
    }  # fmt: skip
    nested = workflow.nest_neighbourhoods(place, division, levels, ESTIMATE)
    assert list(nested) == ["multi", "place"]
    frame = lookup(division, nested)
    assert frame.groupby("neighbourhood")["multi_neighbourhood"].nunique().max() == 1
    assert frame.groupby("multi_neighbourhood")["place_area"].nunique().max() == 1
    assert frame["place_area"].nunique() == 2
    assert nested["multi"].summary.startswith("4 multi-neighbourhood areas of ")
    named = workflow.with_neighbourhoods(place, division, nested)
    assert named.areas["place_area"].tolist() == frame["place_area"].tolist()


def test_an_unknown_level_and_another_place_are_refused(place, division):
    with pytest.raises(InputError, match="no level is called region"):
        workflow.nest_neighbourhoods(place, division, {"region": Bounds()})
    other = workflow.demo_place()
    with pytest.raises(InputError, match="is not one of"):
        workflow.group_neighbourhoods(other, division)
