import numpy as np
import pandas as pd

from nhcplanner.outputs import classes, style
from nhcplanner.outputs.classes import Scale, by_value, by_word


def test_classes_hold_about_as_many_areas_each():
    made = by_value("x", "X", pd.Series(np.arange(600.0)), Scale("years"))
    assert len(made.labels) == 6
    counts = np.bincount(made.of_area)
    assert counts.max() - counts.min() <= 2
    assert made.labels[0].startswith("0 to ")
    assert made.labels[-1].endswith(" to 599 years")


def test_an_area_on_an_edge_falls_in_the_class_that_says_so():
    made = by_value("x", "X", pd.Series([1.0, 2.0, 3.0, 10.0]), Scale(edges=(2, 4), whole=True))
    assert made.labels == ("1 to 2", "3 to 4", "5 to 10")
    assert made.of_area.tolist() == [0, 0, 1, 2]


def test_areas_without_a_figure_are_apart_and_not_nought():
    made = by_value("x", "X", pd.Series([np.nan, 0.0, 5.0]), Scale())
    assert made.labels[made.of_area[0]] == classes.NONE
    assert made.colours[made.of_area[0]] == style.NO_DATA
    assert made.labels[made.of_area[1]] != classes.NONE


def test_what_matters_is_dark():
    low = by_value("x", "X", pd.Series([1.0, 2.0, 3.0]), Scale(low_is_dark=True, edges=(1, 2)))
    high = by_value("x", "X", pd.Series([1.0, 2.0, 3.0]), Scale(edges=(1, 2)))
    assert low.colours == high.colours[::-1] == style.need(3)


def test_one_figure_for_all_is_one_class():
    made = by_value("x", "X", pd.Series([0.25, 0.25]), Scale("%", times=100))
    assert made.labels == ("25 %",)


def test_no_figure_at_all_is_one_class():
    made = by_value("x", "X", pd.Series([np.nan, np.nan]), Scale())
    assert {made.labels[one] for one in made.of_area} == {"No figure"}


def test_more_words_than_an_eye_tells_apart_are_joined():
    words = pd.Series([f"w{i}" for i in range(12) for _ in range(12 - i)] + [None])
    made = by_word("x", "X", words)
    assert made.labels[-2:] == ("Any other", "No figure")
    assert len(made.labels) == style.CLASSES + 1
    assert made.labels[made.of_area[0]] == "w0"
