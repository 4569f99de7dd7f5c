"""Who is in which group, whom each centre serves, and who loses by one plan against another."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from nhcplanner.access import (
    LACKING,
    Ground,
    Option,
    assess,
    assignment,
    breakdown,
    by_fifth,
    by_minute,
    costs,
    fairness_note,
    losers,
    measure_inequality,
    options,
    sent_beyond,
)
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.case import Benefits, Case, Release, Today
from nhcplanner.domain.evidence import Discounting
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.domain.travel_times import TravelTimes, as_minutes

CODES = ["E01000001", "E01000002", "E01000003"]
INF = np.inf
PLAN = Plan((0, 1, 2), "optimal", (), "", "", 0.0)


@pytest.fixture
def ground() -> Ground:
    """Three areas of 100, 200 and 300 people; site p is there, q and r may be."""
    points = gpd.points_from_xy([0, 1, 2], [0, 0, 0], crs=CRS)
    areas = gpd.GeoDataFrame(
        {
            "area_code": CODES,
            "area_name": ["One", "Two", None],
            "people": [100, 200, 300],
            "imd_decile": [1, 5, 10],
            "coastal": ["coastal", "inland", "inland"],
            "people_0_15": [50.0, 0.0, 100.0],
            "people_16_64": [50.0, 100.0, 100.0],
            "people_65_84": [0.0, 50.0, 100.0],
            "people_85_plus": [0.0, 50.0, 0.0],
            "disabled_share": [0.5, 0.25, 0.0],
            "no_car_share": [0.5, 0.0, 0.0],
            "council_name": ["North", "North", "South"],
        },
        geometry=points,
    )
    people = [100.0, 200.0, 300.0]
    origins = gpd.GeoDataFrame(
        {"origin_id": CODES, "area_code": CODES, "people": people}, geometry=points
    )
    sites = gpd.GeoDataFrame(
        {
            "site_id": ["p", "q", "r"],
            "kind": ["library"] * 3,
            "status": ["existing", "candidate", "candidate"],
            "cost": [np.nan, 10.0, np.nan],
        },
        geometry=points,
    )
    minutes = as_minutes([[25, 10, INF], [15, 5, 40], [INF, INF, 12]])
    times = TravelTimes(minutes, "walk", "streets", False, 60.0)
    band = pd.Series([1, 1, 2], name="band")
    return Ground(Place("Row", areas, sites, origins), times, Need(band, "hle", ""), 20.0)


def shares(ground, grouping):
    place, journeys = ground.journeys((0, 1))
    found = breakdown(place, ground.need, journeys)
    some = found[found["grouping"] == grouping]
    return dict(
        zip(some["group"], some[["people", "within_after"]].to_numpy().tolist(), strict=True)
    )


def test_people_of_each_age_are_spread_over_their_area(ground):
    # within reach of p and q: areas one and two whole, area three not
    assert shares(ground, "age") == {
        "0 to 15": [150, 50],
        "16 to 64": [250, 150],
        "65 to 84": [150, 50],
        "85 and over": [50, 50],
    }


def test_groups_by_label_and_by_share(ground):
    assert shares(ground, "coastal") == {"coastal": [100, 100], "inland": [500, 200]}
    assert shares(ground, "disability") == {
        "disabled people": [100, 100],
        "other people": [500, 200],
    }
    assert shares(ground, "household") == {"with a car": [550, 250], "without a car": [50, 50]}
    assert shares(ground, "imd_quintile") == {"1": [100, 100], "3": [200, 200], "5": [300, 0]}
    assert shares(ground, "band") == {"1": [300, 300], "2": [300, 0]}


def test_a_place_that_tells_of_no_groups_has_everyone(ground):
    kept = ground.place.areas[["area_code", "people", "geometry"]]
    place = replace(ground.place, areas=kept)
    need = Need(pd.Series(0, index=kept.index), "none", "")
    _, journeys = ground.journeys((0,))
    found = breakdown(place, need, journeys)
    assert found["grouping"].tolist() == ["everyone"]
    assert set(LACKING) == {
        "band", "imd_quintile", "age", "disability", "household", "rural_urban", "coastal",
        "council", "district", "icb",
    }  # fmt: skip
    measures = measure_inequality(place, journeys)  # none by deprivation
    assert set(measures["of"]) == {"minutes"}
    assert "No area has a deprivation rank" in fairness_note(place, journeys.after, 20, 60)


def test_catchments_by_fifth_and_the_council_each_centre_stands_in(ground):
    found = assess(ground.place, ground.times, (0, 1, 2), ground.need, 20.0)
    table = by_fifth(ground, PLAN, found).set_index("site_id")
    assert table["people"].tolist() == [0, 300, 300]
    assert table.loc["q", ["people_q1", "people_q3", "people_q5"]].tolist() == [100, 200, 0]
    assert table.loc["r", "people_q5"] == 300
    assert table["council"].tolist() == ["North", "North", "South"]


def test_people_of_no_known_fifth_have_a_column_and_all_sum_to_those_served(ground):
    areas = ground.place.areas.assign(imd_decile=[1, None, 10])
    ground = replace(ground, place=replace(ground.place, areas=areas))
    found = assess(ground.place, ground.times, (0, 1, 2), ground.need, 20.0)
    table = by_fifth(ground, PLAN, found).set_index("site_id")
    assert table.loc["q", ["people_q1", "people_q3", "people_q_unknown"]].tolist() == [100, 0, 200]
    parts = table.filter(like="people_q").sum(axis=1)
    assert parts.tolist() == table["people"].tolist()


def test_the_assignment_is_the_plans_own_and_else_the_nearest_within_reach(ground):
    near = assignment(ground, PLAN)
    assert near[["area_code", "site_id", "people"]].to_numpy().tolist() == [
        [CODES[0], "q", 100], [CODES[1], "q", 200], [CODES[2], "r", 300],
    ]  # fmt: skip
    shares = Allocation(np.array([0, 1, 1]), np.array([1, 0, 1]), np.array([1.0, 0.25, 0.75]))
    found = assignment(ground, replace(PLAN, allocation=shares))
    assert found[["area_code", "site_id", "people"]].to_numpy().tolist() == [
        [CODES[0], "q", 100], [CODES[1], "p", 50], [CODES[1], "q", 150],
    ]  # fmt: skip


def test_people_sent_beyond_reach_are_counted(ground):
    """Site p is 25 minutes from area one, of whose people 40 go there; q is 10 minutes away."""
    rows, shares = np.array([0, 0, 1, 2]), np.array([0.4, 0.6, 1.0, 1.0])
    own = replace(PLAN, opened=(0, 1), allocation=Allocation(rows, np.array([0, 1, 0, 2]), shares))
    assert sent_beyond(ground, own) == (40, 40)
    alone = Allocation(np.array([0, 1]), np.array([0, 2]), np.ones(2))  # r: 40 minutes from two
    assert sent_beyond(ground, replace(PLAN, opened=(0, 2), allocation=alone)) == (300, 200)
    assert sent_beyond(ground, PLAN) == (0, 0)


def test_losers_are_named_the_worst_first(ground):
    found = losers(
        ground, Option("", (2,)), {"today": Option("", (0,)), "both": Option("", (0, 1))}
    )
    assert found["against"].tolist() == ["today", "today", "both", "both"]
    first = found.iloc[0]
    assert (first["area_code"], first["minutes_there"]) == ("E01000001", 25)
    assert np.isnan(first["minutes_here"])
    assert first["worse"] == 35  # from 25 to the horizon, at least
    assert found["out_of_reach"].tolist() == [False, True, True, True]
    assert losers(ground, Option("", (0, 1)), {"today": Option("", (0,))}).empty


def test_options_by_hand_and_an_unknown_cost_has_no_total(ground):
    sites = ground.place.sites.iloc[[1, 2]]
    spent = costs(sites, pd.Series(2026, index=sites.index), Discounting(rate=0.0, base=2026))
    wanted = {"today": Option("", (0,)), "q": Option("", (0, 1)), "r": Option("", (0, 2))}
    found = options(ground, wanted, spent).set_index("option")
    assert found["people_within"].tolist() == [200, 300, 500]
    assert found["first_band_within"].tolist() == [200, 300, 200]
    assert found.loc["today", "mean_minutes"] == pytest.approx((2500 + 3000 + 18000) / 600)
    assert found["others_within"].tolist() == [0, 0, 300]
    assert found["capital"].tolist()[:2] == [0, 10]
    assert np.isnan(found.loc["r", "discounted"])
    assert found["without_cost"].tolist() == [0, 0, 1]


def test_net_value_by_hand(ground):
    sites = ground.place.sites.iloc[[0, 1]].assign(status=["existing", "candidate"], cost=100.0)
    sites["running_cost"] = [5.0, 7.0]
    years = Discounting(rate=0.1, years=2, base=2026)
    spent = costs(sites, pd.Series([2026, 2027], index=sites.index), years)
    case = Case(
        business_as_usual=Today(backlog=40.0, running_cost=3.0),
        releases={"q": Release(backlog=10.0, running_cost=1.0)},
        benefits=Benefits(per_person=2.0, first_band_weight=1.5),
    )
    wanted = {"today": Option("", (0,)), "q": Option("", (0, 1))}
    found = options(ground, wanted, spent, case, years).set_index("option")
    two = 1 / 1.1 + 1 / 1.21
    assert found["backlog"].tolist() == [40, 30]
    assert found["other_running"].tolist() == [3, 2]
    assert found.loc["today", "discounted"] == pytest.approx(40 + 8 * two)
    assert found.loc["q", "discounted"] == pytest.approx(30 + 7 * two + 100 / 1.1 + 7 / 1.21)
    # 200 -> 300 people, of the first band 200 -> 300: 100 further people, counted 1.5 times,
    # in the one year after 2027
    assert found["first_band_within"].tolist() == [200, 300]
    assert found.loc["q", "benefits"] == pytest.approx(2 * 150 / 1.21)
    gain = found.loc["q", "discounted"] - found.loc["today", "discounted"]
    assert found.loc["q", "net_value"] == pytest.approx(300 / 1.21 - gain)
    assert found.loc["today", ["benefits", "net_value"]].tolist() == [0, 0]


def test_people_by_minute_count_the_end(ground):
    found = by_minute(ground.place, ground.times, (0, 1), [5, 15, 61]).set_index("minutes")
    assert found.index.tolist() == [5, 15]
    assert found["people_before"].tolist() == [0, 200]
    assert found["people_after"].tolist() == [200, 300]


def test_inequality_of_a_plan_is_of_people_not_areas(ground):
    found = measure_inequality(*ground.journeys((0, 1)))
    share = found[found["of"] == "share within 20 minutes"].set_index("measure")
    assert share.loc["absolute gap", ["before", "after"]].tolist() == [0, -1]
    # ridits 1/12, 1/3, 3/4 for 100, 200, 300 people: -0.125 / 0.0694
    assert share.loc["SII", "after"] == pytest.approx(-1.8)
    minutes = found[found["of"] == "mean minutes"].set_index("measure")
    assert minutes.loc["absolute gap", "after"] == 60 - 10
