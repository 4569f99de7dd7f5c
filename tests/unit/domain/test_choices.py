"""Choices written as one line of text."""

import re

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain import choices
from nhcplanner.domain.choices import Choice
from nhcplanner.domain.scenario import Scenario


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("cover_most", Choice("cover_most")),
        ("cover_most=1.5", Choice("cover_most", "", 1.5)),
        ("kind:gp practice=3", Choice("kind", "gp practice", 3)),
        (" council : * = 2 ", Choice("council", "*", 2)),
    ],
)
def test_a_line_is_read(text, read):
    assert choices.choice(text) == read


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (choices.number_of, "kind=3"),
        (choices.number_of, "kind:gp=2.5"),
        (choices.percent_of, "everyone=101"),
        (choices.percent_of, "imd_quintile=50"),
        (choices.weight_of, "imd_quintile:*=2"),
        (choices.either_of, "a|a"),
        (choices.goal_of, "cover_most=101"),
        (choices.rule_of, "within_minutes:30=="),
        (choices.choice, "kind:gp=="),
        (choices.choice, "kind:gp=1.2.3"),
        (choices.choice, "everyone=."),
    ],
)
def test_a_line_that_says_nothing_sensible_is_refused(check, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        check(text)


def test_a_scenario_refuses_it_by_key():
    with pytest.raises(InputError, match="column at_most: 'kind' should be like kind:library=3"):
        Scenario.from_settings({"at_most": ["kind"]})
