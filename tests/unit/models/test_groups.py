"""Groups of areas and sites by label."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.problem import Problem
from nhcplanner.models.groups import expand, has_label, labels_of_rows, site_positions


@pytest.fixture
def problem() -> Problem:
    return Problem.from_minutes(
        np.full((3, 2), 5.0),
        people=[1, 2, 3],
        bands=[2, 0, 1],
        row_groups={"council": ["Ox", "", "By"]},
        site_groups={"site_id": ["a", "b"], "kind": ["gp", "gp"]},
    )


def test_rows_have_labels_and_bands(problem):
    assert has_label(problem, "council", "Ox").tolist() == [True, False, False]
    assert has_label(problem, "band", "1").tolist() == [False, False, True]
    assert has_label(problem, "everyone", "").all()


def test_a_star_is_each_label_in_order_without_blanks(problem):
    assert labels_of_rows(problem, "council") == ["By", "Ox"]
    assert labels_of_rows(problem, "band") == ["1", "2"]
    lines = expand(Choice("kind", "*", 3), problem, "sites")
    assert lines == [Choice("kind", "gp", 3)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (Choice("ward", "*"), "nothing is grouped by 'ward'"),
        (Choice("council", "Xy"), "no council is called 'Xy'"),
    ],
)
def test_an_unknown_group_or_label_is_refused(problem, line, words):
    with pytest.raises(InputError, match=words):
        expand(line, problem, "areas")


def test_sites_are_found_by_id_and_all_unknown_ones_reported(problem):
    assert site_positions(problem, ["b", "a"]).tolist() == [1, 0]
    with pytest.raises(InputError) as caught:
        site_positions(problem, ["x", "b", "y"])
    assert len(caught.value.faults) == 2
