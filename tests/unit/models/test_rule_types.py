"""Rows of rules: how a scenario asks for them."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import rules
from nhcplanner.models.rule_types import (
    NamedRule,
    expand,
    has_label,
    labels_of_rows,
    site_positions,
)
from nhcplanner.models.scenario_model import RULES


def made(*_):
    return rules.open_at_most()


def test_a_row_without_a_key_of_its_own_is_asked_for_by_name():
    row = NamedRule("near", made)
    scenario = Scenario(rules=("near:a=3", "far=4", "near"))
    assert row.lines_in(scenario) == [Choice("near", "a", 3), Choice("near")]


def test_a_row_with_a_key_reads_that():
    row = NamedRule("number", made, lambda scenario: [Choice("", "", scenario.count)])
    assert row.lines_in(Scenario(count=7)) == [Choice("", "", 7)]


def test_a_plain_scenario_asks_for_no_rule():
    assert [row.name for row in RULES if row.lines_in(Scenario())] == []
    assert len({row.name for row in RULES}) == len(RULES)


def test_a_rule_that_is_not_asked_for_writes_nothing():
    rule = rules.open_exactly()
    assert rule.words(Scenario()) == ""
    assert rule.words(Scenario(count=2)) == "exactly 2 centres must open"


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
