import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from nhcplanner import Scenario, demo_place, rank
from nhcplanner.access import within
from nhcplanner.access.coverage import breakdown, by_group, gains, window_groups
from nhcplanner.domain.journeys import Journeys

PEOPLE = np.array([100.0, 50.0, 25.0])


def test_the_end_of_a_threshold_counts_as_within():
    reached = within(np.array([10.0, 20.0, np.inf]), PEOPLE, [10, 19.9, 20, 60])
    assert reached.to_dict() == {10: 100, 19.9: 100, 20: 150, 60: 150}


def test_shares_by_group_before_and_after():
    groups = pd.Series([1, 2, 2], name="band")
    table = by_group(
        groups, PEOPLE, np.array([np.inf, 5.0, 30.0]), np.array([20.0, 5.0, 10.0]), [20]
    )
    assert table["people"].tolist() == [100, 75]
    assert table["share_before_20"].tolist() == pytest.approx([0, 50 / 75])
    assert table["share_after_20"].tolist() == [1, 1]
    assert table.index.name == "band"


def test_rows_in_no_group_are_left_out():
    table = by_group(pd.Series([0, 1, 1]), PEOPLE, PEOPLE, PEOPLE, [20])
    assert table.index.tolist() == [1]


def test_a_group_where_nobody_lives_has_no_share():
    table = by_group(pd.Series(["a"]), np.array([0.0]), np.array([1.0]), np.array([1.0]), [20])
    assert np.isnan(table.loc["a", "share_after_20"])


INF = np.inf


def told(before, after, people, labels=None):
    groups = pd.Series(["a"] * len(people) if labels is None else labels, name="group")
    journeys = Journeys(np.array(before, float), np.array(after, float), 20.0, 60.0)
    return gains(groups, people, journeys)


def test_who_gains_and_who_loses_by_hand():
    found = told([25, 15, INF, 20], [10, 30, 20, 20], [100, 10, 1, 1000]).loc["a"]
    assert found["people"] == 1111
    assert found["within_before"] == 1010  # the end counts as within
    assert found["within_after"] == 1101
    assert (found["gained"], found["lost"]) == (101, 10)
    assert (found["nearer"], found["farther"]) == (101, 10)
    assert (found["beyond_before"], found["beyond_after"]) == (1, 0)


def test_a_mean_counts_those_beyond_the_horizon_as_the_horizon():
    found = told([INF, 10], [30, 10], [1, 3]).loc["a"]
    assert_allclose(found["mean_minutes_before"], (60 + 30) / 4)
    assert_allclose(found["mean_minutes_after"], (30 + 30) / 4)


def test_the_ungrouped_are_left_out_and_empty_groups_have_no_mean():
    found = told([5, 5, 5], [5, 5, 5], [10, 0, 7], ["x", "y", ""])
    assert found.index.tolist() == ["x", "y"]
    assert np.isnan(found.loc["y", "mean_minutes_after"])


def test_a_change_too_small_to_notice_is_none():
    found = told([10.0, 10.0], [9.95, 9.8], [1, 1]).loc["a"]
    assert found["nearer"] == 1


def test_groups_of_a_window_are_those_of_the_breakdown_that_windows_compare():
    place = demo_place()
    rng = np.random.default_rng(2)
    journeys = Journeys(*rng.uniform(0, 60, (2, len(place.origins))), 20, 60)
    need = rank(place, Scenario())
    table, every = window_groups(place, need, journeys), breakdown(place, need, journeys)
    assert set(table["grouping"]) == {"everyone", "band", "imd_quintile", "household"}
    same = every[every["grouping"].isin(table["grouping"])].reset_index(drop=True)
    assert table.equals(same[table.columns.tolist()])
