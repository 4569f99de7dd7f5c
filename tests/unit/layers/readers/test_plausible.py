"""Figures that no building has are questions."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.domain.intake import Answers
from nhcplanner.layers.readers.plausible import figure_questions
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
