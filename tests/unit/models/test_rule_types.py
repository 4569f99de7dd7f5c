"""Rows of rules: how a scenario asks for them."""

from nhcplanner.domain.choices import Choice
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import rules
from nhcplanner.models.rule_types import NamedRule
from nhcplanner.models.scenario_model import RULES


def made(*_):
    return rules.open_at_most()


def test_a_row_without_a_key_of_its_own_is_asked_for_by_name():
    row = NamedRule("near", made)
    scenario = Scenario(rules=("near:a=3", "far=4", "near"))
    assert row.asked_of(scenario) == [Choice("near", "a", 3), Choice("near")]


def test_a_row_with_a_key_reads_that():
    row = NamedRule("number", made, lambda scenario: [Choice("", "", scenario.count)])
    assert row.asked_of(Scenario(count=7)) == [Choice("", "", 7)]


def test_a_plain_scenario_asks_for_no_rule():
    assert [row.name for row in RULES if row.asked_of(Scenario())] == []
    assert len({row.name for row in RULES}) == len(RULES)


def test_a_rule_that_is_not_asked_for_writes_nothing():
    rule = rules.open_exactly()
    assert rule.words(Scenario()) == ""
    assert rule.words(Scenario(count=2)) == "exactly 2 centres must open"
