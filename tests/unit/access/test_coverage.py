import numpy as np
import pandas as pd
import pytest

from nhcplanner.access import within
from nhcplanner.access.coverage import by_group

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
