"""Comparing figures: rounding, blanks, text, rows that only one side has."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.verify.ledger import Ledger, alike


@pytest.mark.parametrize(
    ("published", "recomputed", "same"),
    [
        (100.0, 100.0 + 1e-7, True),
        (100.0, 100.01, False),
        (np.nan, None, True),
        ("", np.nan, True),
        (0, None, False),
        ("True", 1.0, True),
        ("S01", "S01 ", True),
        ("S01", "S02", False),
        (33.47773742675781, np.float32(33.477737), True),
        (0.1234, 0.1235, False),
    ],
)
def test_figures_are_the_same_up_to_rounding(published, recomputed, same):
    assert alike([published], [recomputed]).tolist() == [same]
    # beside text, figure by figure; among numbers alone, all at once
    assert alike([published, "a"], [recomputed, "a"]).tolist() == [same, True]


def test_a_table_reports_each_figure_that_differs_and_each_lost_row():
    published = pd.DataFrame({"site_id": ["a", "b", "d"], "people": [1.0, 2.0, 4.0]})
    recomputed = pd.DataFrame({"site_id": ["a", "b", "c"], "people": [1.0, 3.0, 4.0]})
    ledger = Ledger()
    assert ledger.table("T", "t.csv", published, recomputed, ["site_id"]) == 3
    assert [(one.figure, one.published, one.recomputed) for one in ledger.differences] == [
        ("T, c", "no row", "a row"),
        ("T, d", "a row", "no row"),
        ("T: people, b", "2", "3"),
    ]
    assert ledger.number == 4  # one that agrees, and three that do not


def test_a_column_that_is_missing_and_a_row_that_stands_twice_are_differences():
    published = pd.DataFrame({"site_id": ["a", "a"]})
    recomputed = pd.DataFrame({"site_id": ["a"], "people": [1.0]})
    ledger = Ledger()
    ledger.table("T", "t.csv", published, recomputed, ["site_id"])
    assert [one.published for one in ledger.differences] == ["appears twice", "no column"]


def test_figures_that_are_not_recomputed_are_counted_by_subject():
    ledger = Ledger()
    ledger.leave("scores", "formulas", 3)
    ledger.leave("scores", "formulas", 2)
    ledger.leave("Table waves", "There is no plan")
    assert [tuple(absent) for absent in ledger.absent] == [
        ("scores", "formulas", 5), ("Table waves", "There is no plan", 0)
    ]  # fmt: skip
    assert ledger.not_recomputed == 5
