"""Rows of the registry of measures say everything about themselves."""

import numpy as np
import pytest

from nhcplanner.access.catchments import METHODS
from nhcplanner.access.fairness import MEASURES
from nhcplanner.access.measures import Measure, Sample, ends


def sample(**more):
    rows = {"value": np.array([1.0, 0.0]), "people": np.array([3.0, 1.0]), "of": "share"}
    return Sample(**rows, area=np.arange(2), beyond=np.zeros(2, dtype=bool), **more)


ROWS = MEASURES | METHODS


@pytest.mark.parametrize("measure", ROWS.values(), ids=list(ROWS))
def test_a_measure_says_everything(measure):
    words = (measure.title, measure.symbol, measure.formula, measure.source, measure.direction)
    assert all(words)
    assert measure.sentence.endswith(".")
    assert ". " not in measure.sentence, "one sentence"


def test_titles_are_unique():
    assert len({measure.title for measure in ROWS.values()}) == len(ROWS)


def test_a_measure_fits_what_is_known():
    words = dict.fromkeys(("name", "title", "symbol", "formula", "source", "sentence"), "m")
    row = Measure(**words, unit="value", direction="d", of=("share",), compute=len, by="rank")
    assert not row.fits(sample())
    assert row.fits(sample(rank=np.array([1.0, np.nan])))
    assert row.unit_of("minutes") == "minutes"


def test_rows_without_a_rank_are_left_out():
    value, rank, people = sample(rank=np.array([np.nan, 7.0])).ranked
    assert (value.tolist(), rank.tolist(), people.tolist()) == ([0.0], [7.0], [1.0])


def test_ends_of_an_interval():
    assert ends(1.0, 0.5) == pytest.approx((1 - 1.959964 / 2, 1 + 1.959964 / 2))
