"""Figures that no building has are questions."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.domain.intake import Answers
from nhcplanner.layers.readers.plausible import figure_questions, report_proportions
from nhcplanner.layers.readers.tables import Table


def ask(ours, values, unit="", **answers):
    table = Table(Path("a.csv"), pd.DataFrame({"x": values}), 2)
    given = Answers({key.replace("_", ".", 1): value for key, value in answers.items()})
    figures = pd.Series(values, dtype="float64")
    return [q.key for q in figure_questions(table, "x", ours, figures, given, unit)]


@pytest.mark.parametrize(
    ("ours", "values", "keys"),
    [
        ("cost", [1.2, 0.85, 12], ["cost.unit"]),
        ("cost", [1_200_000, 0, None], []),
        ("cost", [1_200_000, 900_000, 1.2], ["cost.check"]),
        ("cost", [1.2e9, 1_200_000], ["cost.check"]),
        ("running_cost", [85_000, 120_000], []),
        ("capacity", [5, 6], ["capacity.check"]),
        ("floor_area_m2", [2_000, 250_000], ["floor_area_m2.check"]),
    ],
)
def test_figures_outside_the_usual_range_are_asked_about(ours, values, keys):
    assert ask(ours, values) == keys


def test_an_answer_or_a_named_unit_settles_it():
    assert ask("cost", [1.2, 0.85], cost_check="accept") == []
    assert ask("cost", [1.2, 0.85], unit="pounds") == []


def test_two_swapped_cells_are_out_of_proportion_to_the_other_rows():
    """Rows 3 to 6 hold 5 to 8 people a square metre; the swapped row 2 holds an eighth."""
    frame = pd.DataFrame({"capacity": [1200.0, 5000, 7000, 6000, 8000],
                          "floor_area_m2": [9000.0, 1000, 1000, 1000, 1000]})  # fmt: skip
    events = report_proportions(Table(Path("a.csv"), frame, 2), frame).intake.events
    assert [event.examples for event in events] == [("row 2: 1,200 to 9,000",)]
    assert report_proportions(Table(Path("a.csv"), frame[1:], 3), frame[1:]).intake.events == ()
