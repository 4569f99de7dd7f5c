from dataclasses import fields, replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import solve
from nhcplanner.scale.cache import PlanCache, key_of

VERSIONS = {"highspy": "1"}


def problem(**given) -> Problem:
    asked = {"people": [100, 50], "count": 1, "row_groups": {"council": ["x", "y"]}} | given
    return Problem.from_minutes([[5, 30], [25, 8]], **asked)


def test_a_plan_comes_back_as_it_was(tmp_path):
    asked = problem()
    plan = solve(asked, "p_median")
    assert plan.assignment is not None
    PlanCache(tmp_path / "kept").write("abc", "north", plan)
    again = PlanCache(tmp_path / "kept").read("abc")
    for field in fields(plan):
        assert np.array_equal(getattr(again, field.name), getattr(plan, field.name))
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["abc.json"]


def test_what_is_not_there_or_damaged_is_made_again(tmp_path):
    kept = PlanCache(tmp_path)
    assert kept.read("abc") is None
    kept.write("abc", "north", solve(problem(), "max_coverage"))
    path = tmp_path / "abc.json"
    path.write_bytes(path.read_bytes()[:-20])
    assert kept.read("abc") is None
    path.write_text('{"format": 99}', encoding="utf-8")
    assert kept.read("abc") is None


def test_a_search_that_ended_without_a_plan_is_not_kept(tmp_path):
    plan = replace(solve(problem(), "max_coverage"), status="stopped", opened=())
    PlanCache(tmp_path).write("abc", "north", plan)
    assert PlanCache(tmp_path).read("abc") is None


def test_no_folder_keeps_nothing():
    kept = PlanCache(None)
    kept.write("abc", "north", solve(problem(), "max_coverage"))
    assert kept.read("abc") is None


@pytest.mark.parametrize(
    "change",
    [
        {"people": [100, 51]},
        {"count": 2},
        {"reach": 8.0},
        {"keep": [1]},
        {"forbid": [1]},
        {"bands": [1, 2]},
        {"capacity": [9, np.nan]},
        {"row_groups": {"council": ["x", "z"]}},
    ],
)
def test_a_change_of_the_question_changes_the_key(change):
    before = key_of(problem(), Scenario(), VERSIONS)
    assert before == key_of(problem(), Scenario(), VERSIONS)
    assert before != key_of(problem(**change), Scenario(), VERSIONS)


def test_minutes_choices_and_solver_are_in_the_key_and_titles_are_not():
    asked = problem()
    key = key_of(asked, Scenario(), VERSIONS)
    slower = replace(asked, minutes=asked.minutes * np.float32(1.01))
    assert key != key_of(slower, Scenario(), VERSIONS)
    assert key != key_of(asked, Scenario(time_limit=1), VERSIONS)
    assert key != key_of(asked, Scenario(), {"highspy": "2"})
    assert key == key_of(asked, Scenario(title="Again"), VERSIONS)
    assert key == key_of(asked, Scenario(count=9), VERSIONS), (
        "the problem's own count is what counts"
    )


def test_a_folder_that_cannot_be_made_or_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        PlanCache(tmp_path / "file")
    kept = PlanCache(tmp_path / "kept")
    (tmp_path / "kept").rmdir()
    (tmp_path / "kept").touch()
    with pytest.raises(InputError, match="cannot be written"):
        kept.write("abc", "north", solve(problem(), "max_coverage"))
