"""How surely people of band 1 are among those with the lowest HLE, by hand."""

import pandas as pd
import pytest

from nhcplanner.access import band_certainty

AREAS = pd.DataFrame(
    {"people": [100, 200, 300, 400], "lowest_band_probability": [0.9, 0.5, 0.2, 0]}
)
BAND = pd.Series([1, 1, 2, 5])


def test_people_are_counted_by_hand():
    found = band_certainty(AREAS, BAND, "hle", 5)
    assert found.people == 300
    assert found.sure == 100
    assert found.expected == pytest.approx(90 + 100)
    assert found.elsewhere == pytest.approx(60)
    assert "of the 300 people in band 1, 100 live" in found.words
    assert found.table()["people"].tolist() == pytest.approx([300, 100, 190, 60])


@pytest.mark.parametrize(("by", "cut"), [("imd", 5), ("hle", 4), ("hle", (55.0, 60.0))])
def test_other_bands_have_no_such_probability(by, cut):
    assert band_certainty(AREAS, BAND, by, cut) is None


def test_a_place_without_probabilities_has_none():
    assert band_certainty(AREAS[["people"]], BAND, "hle", 5) is None
    assert band_certainty(AREAS.assign(lowest_band_probability=None), BAND, "hle", 5) is None
