"""HLE in long form, with the columns as their publishers name them."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.layers.health.long_form import to_wide
from nhcplanner.layers.readers.tables import Table


@pytest.mark.parametrize(
    ("low", "high"), [("lci_95", "uci_95"), ("Lower CI 95.0 limit", "Upper CI 95.0 limit")]
)
def test_intervals_are_read_by_the_names_of_ons_and_of_fingertips(low, high):
    frame = pd.DataFrame(
        {
            "area_code": ["E06000009", "E06000009"],
            "period": ["2022-24", "2022-24"],
            "sex": ["Male", "Female"],
            "hle": [50.0, 52.0],
            low: [47.0, 48.0],
            high: [53.0, 56.0],
        }
    )
    wide, _ = to_wide(Table(Path("hle.csv"), frame, 2), "area_code", "")
    row = wide.frame.iloc[0]
    persons = (3.0**2 + 4.0**2) ** 0.5 / 2  # half the root of the sum of the squared half-widths
    assert row["hle_low"] == pytest.approx(51.0 - persons)
    assert row["hle_high"] == pytest.approx(51.0 + persons)
