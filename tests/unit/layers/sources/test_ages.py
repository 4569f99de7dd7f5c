"""Age bands: filled exactly or not at all."""

import pandas as pd
import pytest

from nhcplanner.layers.sources.ages import OLDEST, banded, span


@pytest.mark.parametrize(("label", "years"), [
    ("Aged 4 years and under", (0, 4)),
    ("Aged under 1 year", (0, 0)),
    ("Aged 1 year", (1, 1)),
    ("Aged 15 to 19 years", (15, 19)),
    ("Aged 100 years and over", (100, OLDEST)),
    ("Total", None),
])  # fmt: skip
def test_labels(label, years):
    assert span(label) == years


def test_a_band_that_published_ages_cut_is_left_out():
    spans = {"0-14": (0, 14), "15-19": (15, 19), "20-64": (20, 64), "65-84": (65, 84),
             "85+": (85, OLDEST)}  # fmt: skip
    counts = pd.DataFrame({name: [10] for name in spans})
    made = banded(counts, spans)
    assert made.columns.tolist() == ["people_65_84", "people_85_plus"]


def test_a_hole_in_the_ages_fills_nothing():
    spans = {"85-89": (85, 89), "91+": (91, OLDEST)}
    assert banded(pd.DataFrame({name: [1] for name in spans}), spans).empty


def test_a_blank_age_makes_a_blank_band():
    spans = {"65-74": (65, 74), "75-84": (75, 84)}
    made = banded(pd.DataFrame({"65-74": [5, 5], "75-84": [5, None]}), spans)
    assert made["people_65_84"].tolist()[0] == 10
    assert pd.isna(made["people_65_84"].iloc[1])
