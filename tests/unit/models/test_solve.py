"""Solve: status, reasons in words, limits kept, progress told."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.problem import Problem
from nhcplanner.models import catalogue, solve
from nhcplanner.models.rules import apart
from nhcplanner.models.stages.search import LARGE, Search

INF = np.inf


def line(**settings) -> Problem:
    """Five areas along a road, a site in each, 10 minutes from one to the next."""
    places = np.arange(5) * 10.0
    settings = {"people": [100, 10, 300, 20, 50], "reach": 10} | settings
    return Problem.from_minutes(np.abs(places[:, None] - places), **settings)


def clustered(seed: int = 0, areas: int = 300, sites: int = 80, **settings) -> Problem:
    rng = np.random.default_rng(seed)
    here, there = rng.uniform(0, 100, (areas, 2)), rng.uniform(0, 100, (sites, 2))
    minutes = np.hypot(*(here[:, None] - there).transpose(2, 0, 1))
    people = rng.integers(500, 3000, areas)
    return Problem.from_minutes(minutes, people=people, **({"reach": 15} | settings))


def never(_report) -> bool:
    return False


class TestModels:
    def test_max_coverage_opens_where_most_live(self):
        plan = solve(line(count=1), catalogue["max_coverage"], time_limit=60)
        assert plan.opened in ((1,), (3,))
        assert plan.stages[0].value == {1: 410.0, 3: 370.0}[plan.opened[0]] == 410.0
        assert (plan.status, plan.model) == ("optimal", "max_coverage")

    def test_lowest_hle_first_takes_the_first_band_before_more_people(self):
        plan = solve(line(count=1, bands=[2, 2, 2, 2, 1]), "lowest_hle_first")
        assert plan.opened == (3,)
        assert [stage.value for stage in plan.stages] == [50, 320]

    def test_one_stage_for_each_band_with_areas_and_none_for_band_zero(self):
        plan = solve(line(count=2, bands=[4, 0, 1, 4, 0]), "lowest_hle_first")
        assert [stage.goal for stage in plan.stages] == [
            "people of band 1 within reach",
            "people of band 4 within reach",
        ]

    def test_nobody_in_any_band_leaves_only_what_must_stay_open(self):
        plan = solve(line(bands=[0] * 5, keep=[2]), "lowest_hle_first")
        assert (plan.opened, plan.status, plan.stages) == ((2,), "optimal", ())

    def test_set_cover_opens_the_fewest(self):
        plan = solve(line(), "set_cover")
        assert (plan.stages[0].value, plan.stages[0].bound) == (2, 2)
        assert plan.stages[0].unit == "centres"

    def test_p_median_says_where_each_area_goes(self):
        plan = solve(line(count=2), "p_median")
        assert plan.opened == (0, 2)
        assert plan.assignment.tolist() == [0, 0, 2, 2, 2]
        assert plan.stages[0].value == 100 + 200 + 1000

    def test_p_centre_shortens_the_longest_journey(self):
        plan = solve(line(count=2), "p_centre")
        assert (plan.stages[0].value, plan.status) == (10, "optimal")
        assert plan.assignment is None

    def test_areas_without_people_need_no_centre(self):
        minutes = [[5, INF], [INF, INF]]
        for model in ("set_cover", "p_median", "p_centre"):
            plan = solve(Problem.from_minutes(minutes, people=[10, 0]), model)
            assert (plan.opened, plan.status) == ((0,), "optimal")

    def test_without_count_or_budget_all_useful_sites_open(self):
        plan = solve(Problem.from_minutes([[5, INF, 50], [INF, 5, 50]]), "max_coverage")
        assert plan.opened == (0, 1)

    @pytest.mark.parametrize("model", list(catalogue))
    def test_neither_sites_nor_people_are_no_obstacle(self, model):
        plan = solve(Problem.from_minutes(np.zeros((2, 0)), people=[0, 0]), model)
        assert (plan.opened, plan.status) == ((), "optimal")


class TestLimits:
    def test_kept_sites_count(self):
        plan = solve(line(count=2, keep=[4]), "max_coverage")
        assert plan.opened == (1, 4)

    def test_forbidden_sites_stay_shut(self):
        plan = solve(line(count=1, forbid=[1, 2]), "max_coverage")
        assert plan.opened == (3,)

    def test_the_budget_counts_every_open_site(self):
        problem = line(cost=[3, 9, 3, 4, 3], budget=7, keep=[0])
        plan = solve(problem, "max_coverage")
        assert plan.opened == (0, 3)
        assert problem.cost[list(plan.opened)].sum() <= 7

    def test_a_band_is_not_paid_for_with_an_earlier_one(self):
        problem = clustered(count=6, bands=np.arange(300) % 3 + 1)
        plan = solve(problem, "lowest_hle_first")
        alone = Problem.from_minutes(
            problem.minutes, people=problem.people * (problem.bands == 1), reach=15, count=6
        )
        assert plan.stages[0].value == solve(alone, "max_coverage").stages[0].value


class TestInfeasible:
    @pytest.mark.parametrize("model", list(catalogue))
    def test_more_must_stay_open_than_may_open(self, model):
        plan = solve(line(keep=[0, 1, 2, 3, 4], count=3), model)
        assert plan.status == "infeasible"
        assert plan.reason == "5 sites must open but at most 3 centres may open"
        assert (plan.opened, plan.stages) == ((), ())

    @pytest.mark.parametrize("model", list(catalogue))
    def test_what_must_stay_open_costs_too_much(self, model):
        plan = solve(line(keep=[0, 1], cost=[2e6] * 5, budget=3.5e6), model)
        assert plan.status == "infeasible"
        assert plan.reason == (
            "the 2 sites that must open cost £4,000,000 but the budget is £3,500,000"
        )

    @pytest.mark.parametrize("model", list(catalogue))
    def test_a_site_must_both_stay_open_and_stay_shut(self, model):
        plan = solve(line(keep=[0, 3], forbid=[3]), model)
        assert plan.status == "infeasible"
        assert plan.reason == "1 site must both open and not open: position 3"

    def test_people_whom_no_site_reaches_are_listed(self):
        problem = Problem.from_minutes(
            [[5, INF], [25, 30], [INF, 12], [40, INF]], people=[10, 1400, 30, 2000]
        )
        plan = solve(problem, "set_cover")
        assert plan.status == "infeasible"
        assert plan.reason == "2 areas (3,400 people) have no allowed site within 20 minutes"
        assert plan.unreached == (1, 3)
        points = solve(replace(problem, row_name="starting point"), "set_cover")
        assert points.reason.startswith("2 starting points (3,400 people) have no allowed site")
        assert solve(problem.rows([0, 2]), "set_cover").status == "optimal"

    @pytest.mark.parametrize("model", ["p_median", "p_centre"])
    def test_people_without_any_journey_are_listed(self, model):
        problem = Problem.from_minutes([[5, 50], [INF, 50]], people=[1, 7], forbid=[1])
        plan = solve(problem, model)
        assert plan.status == "infeasible"
        assert plan.reason == "1 area (7 people) has no allowed site that they can travel to"
        assert plan.unreached == (1,)

    def test_every_clash_is_named(self):
        plan = solve(line(keep=[0, 1], forbid=[1], count=1), "max_coverage")
        assert plan.reason == (
            "1 site must both open and not open: position 1; "
            "2 sites must open but at most 1 centre may open"
        )

    @pytest.mark.parametrize(
        ("model", "must"),
        [
            ("set_cover", "everyone must have a centre within 10 minutes"),
            ("p_median", "everyone must have a centre they can travel to"),
            ("p_centre", "everyone must have a centre they can travel to"),
        ],
    )
    def test_too_few_centres_for_everyone(self, model, must):
        minutes = np.where(np.eye(3, dtype=bool), 5.0, INF)
        problem = Problem.from_minutes(minutes, reach=10, count=2, keep=[1])
        plan = solve(problem, model)
        assert plan.status == "infeasible"
        assert plan.reason == (f"these rules can't all be met: at most 2 centres may open; {must}")

    def test_too_little_money_for_everyone(self):
        plan = solve(line(cost=[5] * 5, budget=9), "set_cover")
        assert plan.status == "infeasible"
        assert "centres may cost at most £9" in plan.reason

    def test_covering_nobody_is_still_a_plan(self):
        plan = solve(line(forbid=range(5)), "max_coverage")
        assert (plan.opened, plan.status, plan.stages[0].value) == ((), "optimal", 0)


class TestHonesty:
    @pytest.mark.parametrize("model", list(catalogue))
    def test_cut_short_claims_no_more_than_proved(self, model):
        problem = clustered(count=12, reach=25, bands=np.arange(300) % 4 + 1)
        plan = solve(problem, model, time_limit=0.2)
        for stage in plan.stages:
            assert (stage.bound - stage.value) * (1 if stage.sense == "most" else -1) >= 0
        if plan.status == "optimal":
            assert all(stage.gap == pytest.approx(0, abs=1e-6) for stage in plan.stages)
        else:
            assert plan.status == "feasible"
            assert any(stage.gap > 0 for stage in plan.stages)

    def test_stopped_at_once_keeps_the_start_and_its_gap(self):
        plan = solve(clustered(count=12), "max_coverage", progress=never)
        assert plan.status == "feasible"
        assert plan.stages[0].gap > 0
        assert len(plan.opened) == 12

    def test_stopped_with_no_plan_says_so(self, monkeypatch):
        monkeypatch.setattr("nhcplanner.models.stages.search.MOST_FEW_ROUNDS", 0)
        left, step = np.arange(14) < 7, np.arange(14) % 7
        halves, misleading = [left, ~left], [step < 4, (step >= 4) & (step < 6), step == 6]
        covers = np.column_stack([*halves, *misleading, np.eye(14, dtype=bool)])
        cost = np.repeat([5, 1], [5, 14])  # a cheap site is not replaced by one that reaches more
        minutes = np.where(covers, 5.0, INF)
        greedy_is_misled = Problem.from_minutes(minutes, count=2, cost=cost)
        assert solve(greedy_is_misled, "set_cover").opened == (0, 1)
        plan = solve(greedy_is_misled, "set_cover", progress=never)
        assert (plan.status, plan.opened) == ("stopped", ())
        assert plan.reason == "stopped before a plan was found"

    def test_progress_tells_stage_value_and_bound(self):
        told = []
        plan = solve(line(count=2, bands=[1, 1, 2, 2, 2]), "lowest_hle_first", progress=told.append)
        assert {(r.stage, r.stages, r.goal) for r in told} == {
            (1, 2, "people of band 1 within reach"),
            (2, 2, "people of band 2 within reach"),
        }
        assert told[-1].best == plan.stages[1].value
        assert told[-1].bound == plan.stages[1].bound
        assert [r.seconds for r in told] == sorted(r.seconds for r in told)

    def test_a_wide_gap_may_stop_early_but_is_not_called_proved(self):
        plan = solve(clustered(count=12, reach=12), "max_coverage", gap=0.5)
        assert plan.stages[0].gap <= 0.5
        assert plan.status == ("optimal" if plan.stages[0].gap == 0 else "feasible")

    def test_people_who_are_no_whole_numbers_are_proved_to_a_millionth(self):
        people = np.random.default_rng(1).random(5)
        plan = solve(line(people=people, count=2), "max_coverage")
        assert plan.status == "optimal"
        assert plan.stages[0].bound == pytest.approx(plan.stages[0].value, rel=1e-6)

    def test_a_second_run_gives_the_same_plan(self):
        problem = clustered(count=10, bands=np.arange(300) % 4 + 1)
        first, second = (solve(problem, "lowest_hle_first") for _ in range(2))
        assert first.opened == second.opened
        assert [s.value for s in first.stages] == [s.value for s in second.stages]

    def test_a_large_problem_is_bounded_and_searched(self):
        problem = clustered(areas=3000, sites=400, reach=16, count=12)
        assert problem.covers.nnz > LARGE
        plan = solve(problem, "max_coverage", gap=0.09)
        stage = plan.stages[0]
        assert stage.value <= stage.bound < problem.people.sum()
        assert stage.gap <= 0.09


class TestBadCalls:
    def test_every_fault_of_a_call_at_once(self):
        with pytest.raises(InputError) as caught:
            solve(line(), "fastest", time_limit=0, gap=1)
        assert len(caught.value.faults) == 3
        assert "max_coverage" in str(caught.value)

    def test_the_solver_is_named_with_its_version(self):
        assert solve(line(count=1), "max_coverage").solver.startswith("HiGHS 1.")


MINUTES = [[5, 90, 90, 90], [90, 5, 90, 90], [90, 90, 5, 90], [90, 90, 90, 5]]


@pytest.fixture
def crowded():
    """Two of four sites may open, but the two that reach most people stand too near each other."""
    problem = Problem.from_minutes(
        MINUTES,
        people=[100, 90, 10, 5],
        count=2,
        site_xy=np.array([[0, 0], [100, 0], [5_000, 0], [9_000, 0]], dtype=float),
    )
    model = catalogue["max_coverage"]
    return problem, replace(model, rules=(*model.rules, apart(1_000)))


def test_a_search_that_finds_nothing_goes_on_from_any_plan(crowded, monkeypatch):
    problem, model = crowded
    search, plans = Search.optimise_sum, []

    def fruitless_at_first(searching, goal, seconds, bound):
        plans.append(searching.hold.opened)
        return bound if len(plans) == 1 else search(searching, goal, seconds, bound)

    monkeypatch.setattr(Search, "optimise_sum", fruitless_at_first)
    plan = solve(problem, model, time_limit=20)
    assert plans[0] is None
    assert plans[1] is not None
    assert (plan.status, plan.opened) == ("optimal", (0, 2))


def test_no_best_is_told_of_what_breaks_a_rule(crowded):
    problem, model = crowded
    told = []
    plan = solve(problem, model, time_limit=20, progress=lambda report: told.append(report.best))
    assert plan.stages[0].value == 110
    assert max((best for best in told if best is not None), default=0) <= 110


@pytest.mark.parametrize("seed", range(4))
def test_no_exchange_betters_a_plan_that_ran_out_of_time(seed):
    random = np.random.default_rng(seed)
    problem = Problem.from_minutes(
        random.integers(0, 90, (600, 40)).astype(float), people=random.integers(0, 90, 600),
        bands=random.integers(1, 6, 600), count=8, reach=15,
    )  # fmt: skip
    plan = solve(problem, "lowest_hle_first", time_limit=0.05)
    assert plan.opened
    goals = catalogue["lowest_hle_first"].goals(problem)

    def rank(opened):
        return [goal.score(problem, np.array(sorted(opened))) for goal in goals]

    opened, best = set(plan.opened), rank(plan.opened)
    assert best == [stage.value for stage in plan.stages]
    assert all(stage.value <= stage.bound for stage in plan.stages)
    for out in opened:
        assert all(rank(opened - {out} | {new}) <= best for new in set(range(40)) - opened)
