"""Model files: read again by HiGHS, they have the value of the plan."""

from dataclasses import replace

import highspy
import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.domain.scenario import Scenario
from nhcplanner.models import build_model, solve, write

GOALS = (
    "cover_bands", "cover_need", "cover_twice", "least_travel", "least_ede:1",
    "least_percentile:80", "least_worst", "worst_group:side", "worst_group_minutes:side",
    "narrowest_gap:side", "widest_spread", "least_cost", "fewest_centres",
)  # fmt: skip


def scattered() -> Problem:
    rng = np.random.default_rng(5)
    return Problem.from_minutes(
        rng.integers(1, 60, (14, 7)), people=rng.integers(0, 90, 14), count=3,
        bands=rng.integers(1, 3, 14), need=rng.integers(-1, 4, 14), cost=rng.integers(1, 9, 7),
        site_xy=rng.uniform(0, 5_000, (7, 2)),
        row_groups={"side": rng.choice(["east side", "west-side", "north"], 14)},
    )  # fmt: skip


def solved(path) -> float:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    assert solver.readModel(str(path)) == highspy.HighsStatus.kOk
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(solver.getInfo().objective_function_value)


@pytest.mark.parametrize("suffix", ["mps", "lp"])
@pytest.mark.parametrize("goal", GOALS)
def test_a_file_read_again_has_the_value_of_the_plan(goal, suffix, tmp_path):
    scenario = Scenario(goals=(goal,), floors=("everyone=20",))
    problem, model = build_model(scattered(), scenario)
    plan = solve(problem, model)
    assert plan.status == "optimal"
    path = write(problem, model, tmp_path / f"plan.{suffix}")
    first = model.goals(problem)[0]
    value = solved(path)
    value = first.value_of(problem, value) if goal.startswith("least_ede") else value
    assert value == pytest.approx(plan.stages[0].value, rel=1e-6, abs=1e-6)
    if len(plan.stages) > 1:
        write(problem, model, path, plan=plan)
        assert solved(path) == pytest.approx(plan.stages[-1].value, rel=1e-4)


def test_names_and_sense_are_kept(tmp_path):
    problem, model = build_model(scattered(), Scenario(goals=("worst_group:side",)))
    words = write(problem, model, tmp_path / "new" / "plan.lp").read_text("utf-8")
    assert words.splitlines()[1].lower().startswith("max")
    assert "open_6" in words
    named = replace(problem, site_ids=("a 1", "a-1", "S1", "S2", "S3", "S4", "S5"))
    words = write(named, model, tmp_path / "plan.lp").read_text("utf-8")
    assert "open_S5" in words
    assert {"open_a_1", "open_a_1_1"} <= set(words.split())
    assert solved(write(problem, "max_coverage", tmp_path / "plan.MPS")) > 0


def test_other_endings_and_models_without_goals_are_refused(tmp_path):
    problem, model = build_model(scattered(), Scenario())
    with pytest.raises(InputError, match=r"ends in \.mps or \.lp"):
        write(problem, model, tmp_path / "plan.txt")
    empty = type(model)("none", "", lambda _: (), ())
    with pytest.raises(InputError, match="no goal"):
        write(problem, empty, tmp_path / "plan.lp")
