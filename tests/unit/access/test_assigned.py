"""Every measure of access follows the plan's assignment; all values are worked out by hand.

Areas of 100, 200 and 300 people are 5, 8 and 25 minutes from p, which is open today, and 12, 14 and
9 minutes from q. The plan sends area one and 50 people of area two to p, all others to q.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner.access import (
    Ground,
    Option,
    assess,
    breakdown,
    by_minute,
    costs,
    losers,
    measure_inequality,
    notes,
    options,
)
from nhcplanner.domain.assessment import Need
from nhcplanner.domain.evidence import Discounting
from nhcplanner.domain.plan import Allocation, Plan
from nhcplanner.domain.scenario import Scenario

OPEN = (0, 1)
SENT = Allocation(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 1]), np.array([1.0, 0.25, 0.75, 1.0]))
SOME = Allocation(np.array([0, 1, 2]), np.array([0, 0, 1]), np.array([1.0, 0.25, 1.0]))
"""150 people of area two are sent to no centre."""


@pytest.fixture
def ground(two_centres, times_of_two_centres):
    band = pd.Series([1, 1, 2], name="band")
    return Ground(two_centres, times_of_two_centres, Need(band, "hle", ""), 10.0)


@pytest.fixture
def assessed(ground):
    return assess(ground.place, ground.times, OPEN, ground.need, 10.0, SENT)


def test_people_within_minutes_go_to_the_centre_that_they_are_sent_to(ground, assessed):
    within = assessed.people_within
    assert within.loc[10.0, ["people_before", "people_after"]].tolist() == [300, 450]
    assert within.loc[15.0, ["people_before", "people_after"]].tolist() == [300, 600]
    nearest = assess(ground.place, ground.times, OPEN, ground.need, 10.0)
    assert nearest.people_within.loc[10.0, "people_after"] == 600


def test_bands_and_fifths_follow_the_assignment(assessed):
    assert assessed.by_band["share_after_10"].tolist() == [0.5, 1]  # 150 of 300, and 300 of 300
    assert assessed.by_imd_quintile["share_after_10"].tolist() == [1, 0.25, 1]


def test_areas_have_the_median_minutes_of_their_people(assessed):
    areas = assessed.areas
    assert areas["minutes_before"].tolist() == [5, 8, 25]
    assert areas["minutes_after"].tolist() == [5, 14, 9]
    assert areas["share_after"].tolist() == [1, 0.25, 1]
    assert areas["centre"].tolist() == ["p", "q", "q"]
    assert areas["nearest_centre"].tolist() == ["p", "p", "q"]


def test_catchments_keep_the_nearest_under_its_own_name(assessed):
    table = assessed.catchments.set_index("site_id")
    assert table["people"].to_dict() == {"p": 150, "q": 450}
    assert table["people_nearest"].to_dict() == {"p": 300, "q": 300}


def test_gains_losses_and_means_by_group(ground):
    table = breakdown(*_parts(ground)).set_index(["grouping", "group"])
    everyone = table.loc[("everyone", "everyone")]
    assert everyone["people"] == 600
    assert everyone["mean_minutes_after"] == pytest.approx(9.5)  # 500 + 400 + 2,100 + 2,700
    assert everyone["mean_minutes_before"] == pytest.approx(16)  # 500 + 1,600 + 7,500
    assert everyone[["gained", "lost", "nearer", "farther"]].tolist() == [300, 150, 300, 150]
    # a half of area one and a quarter of area two are disabled: 50 + 12.5 of 50 + 50 within reach
    disabled = table.loc[("disability", "disabled people")]
    assert disabled[["people", "within_before", "within_after"]].tolist() == [100, 100, 62.5]
    assert disabled["farther"] == 37.5


def _parts(ground):
    place, journeys = ground.journeys(OPEN, SENT)
    return place, ground.need, journeys


def test_inequality_follows_the_assignment(ground):
    found = measure_inequality(*ground.journeys(OPEN, SENT))
    minutes = found[found["of"] == "mean minutes"].set_index("measure")
    assert minutes.loc["absolute gap", "after"] == pytest.approx(9 - 5)
    share = found[found["of"] == "share within 10 minutes"].set_index("measure")
    # ridits 1/12, 1/3, 3/4; shares 1, 1/4, 1; mean 0.75:
    # (100 (-5/12)(1/4) + 200 (-1/6)(-1/2) + 300 (1/4)(1/4)) / (600 * 5/72)
    slope = (-100 * 5 / 48 + 200 / 12 + 300 / 16) / (100 * 25 / 144 + 200 / 36 + 300 / 16)
    assert share.loc["SII", "after"] == pytest.approx(slope)


def test_people_by_minute_follow_the_assignment(ground):
    found = by_minute(ground.place, ground.times, OPEN, [8, 9, 13, 14], SENT)
    assert found["people_after"].tolist() == [150, 450, 450, 600]
    assert found["people_before"].tolist() == [300, 300, 300, 300]


def test_an_option_is_measured_by_its_own_assignment(ground):
    spent = costs(ground.place.sites, pd.Series(2026, index=[0, 1]), Discounting(base=2026))
    table = options(
        ground, {"today": Option("", (0,)), "plan": Option("", OPEN, SENT)}, spent
    ).set_index("option")
    assert table["people_within"].tolist() == [300, 450]
    assert table["first_band_within"].tolist() == [300, 150]
    assert table.loc["plan", "mean_minutes"] == pytest.approx(9.5)


def test_an_area_loses_if_its_people_are_sent_farther(ground):
    found = losers(ground, Option("", OPEN, SENT), {"today": Option("", (0,))})
    assert found["area_code"].tolist() == ["E01000002"]
    row = found.iloc[0]
    assert (row["minutes_there"], row["minutes_here"], row["worse"]) == (8, 14, 6)
    assert bool(row["out_of_reach"])
    assert losers(ground, Option("", OPEN), {"today": Option("", (0,))}).empty


def test_people_sent_to_no_centre_are_not_served_and_are_counted(ground):
    place, journeys = ground.journeys(OPEN, SOME)
    everyone = breakdown(place, ground.need, journeys).iloc[0]
    assert everyone["people"] == 600
    assert everyone[["within_after", "beyond_after", "lost", "farther"]].tolist() == [
        450, 150, 150, 150,
    ]  # fmt: skip
    assert everyone["mean_minutes_after"] == pytest.approx((500 + 400 + 150 * 60 + 2700) / 600)
    found = assess(ground.place, ground.times, OPEN, ground.need, 10.0, SOME)
    assert found.areas["minutes_after"].tolist() == [5, np.inf, 9]
    plan = Plan(OPEN, "optimal", (), "", "", 0.0, allocation=SOME)
    words = notes(ground.place, ground.times, plan, Scenario(reach=10), found)
    sentence = (
        "The plan sends 150 people to no centre; they count as not served: not within reach, and "
        "more than 60 minutes away"
    )
    assert sentence in words
    whole = replace(plan, allocation=SENT)
    assert not any("no centre" in one for one in notes(
        ground.place, ground.times, whole, Scenario(reach=10), found
    ))  # fmt: skip
