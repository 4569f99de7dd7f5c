"""Against PyPI access 1.1.10, brute force, and the law that access sums to supply."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhcplanner.access.catchments import METHODS, building_use, floating_access
from nhcplanner.domain.travel_times import as_minutes

FAR = np.inf
MINUTES = np.array(
    [[3, 14, 25, FAR], [9, 10, FAR, 31], [22, 5, 18, 12], [FAR, 28, 11, 20], [35, FAR, 40, FAR]]
)
PEOPLE = np.array([1200, 800, 450, 2300, 600])
SUPPLY = np.array([3.0, 5.0, 2.0, 4.0])

# access.fca on the pairs within 30 minutes, people as demand:
#   two_stage_fca(demand, supply, pairs, 30, weight_fn=None)
#   two_stage_fca(..., weight_fn=weights.step_fn({10: 1, 20: 0.68, 30: 0.22}))
#   three_stage_fca(..., weight_fn=the same steps)
#   two_stage_fca(..., weight_fn=lambda t: (exp(-(t / 30)**2 / 2) - exp(-1/2)) / (1 - exp(-1/2)))
RIGHT = {
    "2sfca": [
        0.0027834504887897862, 0.0022771213748657357, 0.004237995943335241, 0.0030135061474168734,
        0.0,
    ],
    "e2sfca": [
        0.0029573660521261575, 0.0033732644664533286, 0.0043502941851617065, 0.002519529035201383,
        0.0,
    ],
    "3sfca": [
        0.002881917903560881, 0.0041106065369069045, 0.0035306872682675924, 0.0024627843545569584,
        0.0,
    ],
    "gaussian": [
        0.003274295038315443, 0.003204354807222726, 0.005344681191786878, 0.002218371987799649,
        0.0,
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_methods_agree_with_pypi_access(name):
    found = floating_access(as_minutes(MINUTES), PEOPLE, SUPPLY, METHODS[name])
    assert found.access == pytest.approx(RIGHT[name], rel=1e-9)


def weights(name, minutes, catchment):
    """Return weights by their definitions, a pair at a time."""
    if minutes > catchment:
        return 0.0
    if name == "2sfca":
        return 1.0
    if name == "gaussian":
        low = np.exp(-0.5)
        return (np.exp(-((minutes / catchment) ** 2) / 2) - low) / (1 - low)
    return 1.0 if minutes <= catchment / 3 else 0.68 if minutes <= 2 * catchment / 3 else 0.22


@pytest.mark.parametrize("name", METHODS)
def test_methods_by_brute_force_with_an_unknown_supply(name):
    supply = np.array([3.0, np.nan, 2.0, 4.0])
    rows, sites = range(5), (0, 2, 3)
    w = {(i, j): weights(name, MINUTES[i, j], 24.0) for i in rows for j in sites}
    if name == "3sfca":
        total = {i: sum(w[i, j] for j in sites) for i in rows}
        w = {(i, j): v * v / total[i] if total[i] else 0.0 for (i, j), v in w.items()}
    demand = {j: sum(PEOPLE[i] * w[i, j] for i in rows) for j in sites}
    right = [sum(w[i, j] * supply[j] / demand[j] for j in sites) for i in rows]
    found = floating_access(as_minutes(MINUTES), PEOPLE, supply, METHODS[name], 24.0)
    assert found.access == pytest.approx(right, rel=1e-9)
    assert np.isnan(found.ratio[1])
    assert found.demand[[0, 2, 3]] == pytest.approx(list(demand.values()))


def test_people_and_buildings_out_of_reach():
    found = floating_access(as_minutes(MINUTES), PEOPLE, SUPPLY, METHODS["2sfca"], 4.0)
    assert found.access.tolist() == [3 / 1200, 0, 0, 0, 0]
    assert np.isnan(found.ratio).tolist() == [False, True, True, True]


def test_a_journey_of_exactly_the_catchment_is_within_it():
    found = floating_access(as_minutes([[30.0], [10.0]]), [1, 1], [1.0], METHODS["e2sfca"])
    assert found.access == pytest.approx(np.array([0.22, 1.0]) / 1.22)


CELLS = st.one_of(st.floats(0, 60), st.just(np.inf))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6), st.data())
def test_access_of_all_people_is_the_supply_within_reach(minutes, data):
    people = np.array(data.draw(st.lists(st.integers(0, 900), min_size=6, max_size=6)))
    people = people[: len(minutes)]
    for method in METHODS.values():
        found = floating_access(as_minutes(minutes), people, [5.0, 0.0, 2.0], method)
        reached = found.demand > 0
        right = np.array([5.0, 0.0, 2.0])[reached].sum()
        assert people @ found.access == pytest.approx(right, rel=1e-9, abs=1e-12)


def test_use_of_buildings_is_blank_where_a_figure_is_not_known():
    sites = pd.DataFrame(
        {
            "site_id": ["a", "b", "c"],
            "capacity": [1000.0, 500.0, np.nan],
            "list_size": [800.0, np.nan, 700.0],
            "floor_area_m2": [400.0, 0.0, 200.0],
            "void_m2": [100.0, 5.0, np.nan],
        }
    )
    minutes = as_minutes([[5, 50, FAR], [50, 5, FAR]])
    found = floating_access(minutes, [1000, 2000], [2, 1, 1], METHODS["2sfca"])
    table = building_use(sites, [900, 600, 0], [2, 1, 1], found)
    assert table["demand"].tolist() == [1000, 2000, 0]
    assert table["per_thousand"].tolist()[:2] == [2.0, 0.5]
    assert table["utilisation"].tolist()[:2] == [0.8, 1.2]  # the list, then the nearest people
    assert table["headroom"].tolist()[:2] == [200, -100]
    assert table["void_share"].tolist()[:1] == [0.25]
    blank = table.loc[2, ["per_thousand", "capacity", "utilisation", "headroom", "void_share"]]
    assert blank.isna().all()
    assert np.isnan(table.loc[1, "void_share"])
    bare = building_use(sites[["site_id"]], [900, 600, 0], [2, 1, 1], found)
    assert bare[["capacity", "utilisation", "headroom", "void_share"]].isna().all(axis=None)
