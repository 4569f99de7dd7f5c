"""The nouns show themselves as small tables, and nothing in them is taken for HTML."""

from dataclasses import replace

import pytest

from nhcplanner.domain.display import Card
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.scenario import Scenario

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def plan():
    stages = (Stage("people_within_reach", 1234.0, 1250.0, 1.0), Stage("b", None, None, 0.0))
    return Plan((3, 5), "feasible", stages, "max_coverage", "HiGHS", 1.25)


def test_a_plan_tells_value_bound_and_gap(plan):
    text = repr(plan)
    assert "1,234" in text
    assert "1,250" in text
    assert "1.3%" in text
    assert "not known" in text
    assert "rows 3, 5" in text


def test_only_a_gap_of_nothing_is_called_proved(plan):
    near = replace(plan, stages=(Stage("a", 1e7, 1e7 + 1, 1.0),))
    assert "proved" not in repr(near)
    assert "proved" in repr(replace(plan, stages=(Stage("a", 9.0, 9.0, 1.0),)))


def test_a_plan_that_is_none_says_why(plan):
    none = replace(plan, opened=(), stages=(), status="infeasible", reason=EVIL)
    assert f"infeasible, 0 centres\n{EVIL}" in repr(none)
    assert EVIL not in none._repr_html_()
    assert "&lt;script&gt;" in none._repr_html_()


def test_nothing_in_a_card_is_taken_for_html():
    html = Card(EVIL, [{EVIL: EVIL}], (EVIL,)).html()
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4


def test_what_is_not_known_is_blank():
    text = Card("t", [{"a": None, "b": float("nan"), "c": 0}]).text()
    assert text.split("\n")[-1].split() == ["0"]


def test_a_scenario_shows_what_is_chosen_otherwise():
    assert repr(Scenario(count=6, mode="drive")) == "Scenario(mode='drive', count=6)"
