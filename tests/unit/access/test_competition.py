"""People whom new centres draw from others, by hand and by brute force."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from nhcplanner.access.competition import NOWHERE, competition
from nhcplanner.access.options import Ground
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.place import CRS, Place
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.domain.travel_times import TravelTimes, as_minutes

FAR = np.inf
MINUTES = [[5, 10, FAR, 6], [12, 4, 30, 5], [FAR, 8, 20, 7], [18, 19, 2, FAR]]
PEOPLE = np.array([100.0, 200.0, 300.0, 400.0])


def ground(minutes=MINUTES, people=PEOPLE, sites=4):
    points = gpd.points_from_xy(np.arange(len(people)), np.zeros(len(people)), crs=CRS)
    codes = [f"E0100000{n}" for n in range(len(people))]
    areas = gpd.GeoDataFrame({"area_code": codes, "people": people}, geometry=points)
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": people}, geometry=points
    )
    listed = gpd.GeoDataFrame(
        {
            "site_id": list("pqrs")[:sites],
            "kind": "clinic",
            "status": ["existing", *["candidate"] * (sites - 1)],
        },
        geometry=gpd.points_from_xy(np.arange(sites), np.zeros(sites), crs=CRS),
    )
    times = TravelTimes(as_minutes(minutes), "walk", "test", False, 60.0)
    need = Need(pd.Series(0, index=areas.index), "none", "")
    return Ground(Place("four", areas, listed, origins), times, need, 20.0)


def plan(opened, allocation=None):
    return Plan(opened, "optimal", (), "", "", 0.0, allocation=allocation)


def rows(table):
    return {
        (row["site_id"], row["from_site_id"]): (row["people"], row["minutes_there"])
        for row in table.to_dict("records")
    }


def test_people_of_new_centres_by_the_centre_they_would_use_instead():
    found = competition(ground(), plan((0, 1, 2)))
    # q serves areas 2 and 3: without it area 2 goes to p (12), area 3 to r (20, within reach);
    # r serves area 4: without it to p (18); p exists, so it has no row
    assert rows(found) == {("q", "p"): (200, 12), ("q", "r"): (300, 20), ("r", "p"): (400, 18)}
    assert found["site_id"].tolist() == ["q", "q", "r"]
    assert found["from_site_id"].tolist() == ["r", "p", "p"]  # most people first
    assert found["share"].tolist() == [0.6, 0.4, 1.0]
    assert found["minutes_here"].tolist() == [8, 4, 2]


def test_people_without_another_centre_are_named():
    found = competition(ground(), plan((0, 2)))
    assert found["from_name"].tolist() == ["p", NOWHERE]
    assert found["people"].tolist() == [400, 300]
    assert found["minutes_there"].isna().tolist() == [False, True]


def test_rivals_may_be_services_of_another_kind_and_never_the_centre_itself():
    found = competition(ground(), plan((0, 1)), rivals=(1, 3))
    assert rows(found) == {("q", "s"): (500, pytest.approx((200 * 5 + 300 * 7) / 500))}


def test_the_plans_own_assignment_counts():
    sent = Allocation(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0.25, 0.75, 1.0]))
    found = competition(ground(), plan((0, 1), sent))
    assert rows(found) == {("q", "p"): (275, pytest.approx((75 * 5 + 200 * 12) / 275))}


def test_brute_force():
    random = np.random.default_rng(4)
    minutes = random.integers(1, 40, (30, 4)).astype(float)
    minutes[random.random((30, 4)) < 0.3] = FAR
    people = random.integers(0, 50, 30).astype(float)
    found = competition(ground(minutes, people), plan((0, 1, 3)))
    right = {}
    for i in range(30):
        order = sorted((minutes[i, j], j) for j in (0, 1, 3))
        (near, site), (other, there) = order[0], order[1]
        if near <= 20 and site != 0 and people[i]:
            key = ("pqrs"[site], "pqrs"[there] if other <= 20 else "")
            right[key] = right.get(key, 0) + people[i]
    assert {key: people for key, (people, _) in rows(found).items()} == right
