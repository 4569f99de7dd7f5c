"""Frontier and curve: aims by name, points as they come, knees, faults."""

import numpy as np
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.problem import Problem
from nhcplanner.explore import Pace, Point, curve, frontier
from nhcplanner.explore.trade_off import Frontier
from nhcplanner.models import catalogue


def villages(**settings) -> Problem:
    """A site in each village, out of reach of the others."""
    people = [100, 60, 30, 5]
    minutes = np.where(np.eye(len(people)) == 1, 5.0, np.inf)
    return Problem.from_minutes(minutes, people=people, **settings)


def point(people: float, centres: float) -> Point:
    stages = (
        Stage("people", people, people, 0.0),
        Stage("centres", centres, centres, 0.0, "least", "centres"),
    )
    return Point(Plan((), "optimal", stages, "", "", 0.0), None)


class TestFrontier:
    def test_people_against_centres_is_a_point_for_each_number(self):
        search = frontier(villages(), "people", "centres")
        points = list(search)
        assert [p.values for p in points[:2]] == [(195, 4), (0, 0)]
        assert {p.values for p in points[2:]} == {(100, 1), (160, 2), (190, 3)}
        assert search.complete
        assert {p.plan.status for p in points} == {"optimal"}
        assert points[0].plan.model == "people and centres"

    def test_the_far_end_is_the_best_of_those_best_on_the_second(self):
        problem = villages(bands=[2, 2, 1, 1], count=2)
        found = curve(frontier(problem, "people", "worst_off")).points
        assert [p.values for p in found] == [(160, 0), (130, 30), (35, 35)]
        assert found[0].level is None

    def test_a_model_of_one_goal_is_an_aim(self):
        found = curve(frontier(villages(), catalogue["max_coverage"], "centres"))
        assert len(found.points) == 5

    def test_costs_need_not_be_whole(self):
        problem = villages(cost=[2.5, 1.25, 1, 9])
        found = curve(frontier(problem, "people", "cost")).points
        assert [p.values[1] for p in found] == [13.75, 4.75, 3.75, 3.5, 2.5, 2.25, 1.25, 1, 0]

    def test_it_ends_at_the_number_of_points_and_goes_on(self):
        few = frontier(villages(), "people", "centres", pace=Pace(points=3))
        points = list(few)
        assert (len(points), few.complete) == (3, False)
        rest = frontier(villages(), "people", "centres", known=points)
        assert len(list(rest)) == 2
        assert rest.complete

    def test_a_caller_that_says_stop_has_the_points_so_far(self):
        search = frontier(villages(), "people", "centres", progress=lambda r: "3:" not in r.goal)
        assert [p.values for p in search] == [(195, 4), (0, 0)]
        assert not search.complete

    def test_aims_that_cannot_be_met_give_no_point_and_a_reason(self):
        search = frontier(villages(count=1), "travel", "centres")
        assert list(search) == []
        assert "these rules can't all be met" in search.reason

    @pytest.mark.parametrize(
        ("pair", "words"),
        [
            (("people", "beauty"), "no goal is called 'beauty'"),
            (("people", "cost"), "needs the cost of each site"),
            (("people", "worst_off"), "no row is in a band"),
            (("lowest_hle_first", "people"), "has 2 goals"),
        ],
    )
    def test_what_is_no_aim_here_is_told(self, pair, words):
        bands = [1, 2, 1, 2] if "lowest_hle_first" in pair else [0, 0, 0, 0]
        with pytest.raises(InputError, match=words):
            frontier(villages(bands=bands), *pair)

    def test_all_faults_of_a_pace_at_once(self):
        with pytest.raises(InputError) as caught:
            Pace(points=0, seconds=0, point_seconds=-1, gap=1)
        for part in ("points must", "point_seconds must", "gap must"):
            assert part in str(caught.value)


class TestCurve:
    def test_points_that_another_beats_are_left_out(self):
        kept = curve([point(10, 2), point(9, 2), point(12, 4), point(10, 3), point(0, 0)])
        assert [p.values for p in kept.points] == [(12, 4), (10, 2), (0, 0)]

    def test_the_knee_is_where_more_begins_to_cost_much(self):
        kept = curve([point(100, 10), point(95, 4), point(90, 2), point(40, 1), point(0, 0)])
        assert [kept.points[i].values for i in kept.knees] == [(90, 2)]

    def test_a_curve_may_have_two_knees(self):
        kept = curve([point(*v) for v in [(100, 10), (99, 7), (60, 6), (55, 2), (0, 0)]])
        assert [kept.points[i].values for i in kept.knees] == [(99, 7), (55, 2)]

    def test_a_straight_line_has_none(self):
        assert curve([point(10 * i, i) for i in range(6)]).knees == ()

    def test_two_points_and_none(self):
        assert curve([point(1, 1), point(0, 0)]).knees == ()
        assert curve([]).points == ()


@pytest.mark.parametrize("unit", [1.0, 2.0**-30, 2.0**40, 1e-9, 1e9])
def test_a_curve_has_the_same_points_whatever_people_and_pounds_are_counted_in(unit):
    people = np.array([100, 60.5, 30, 5]) * unit
    problem = Problem.from_minutes(
        np.where(np.eye(4) == 1, 5.0, np.inf), people=people, cost=np.array([3, 2, 1, 1]) * unit
    )
    found = curve(frontier(problem, "people", "cost")).points
    shown = [(p.values[0] / unit, p.values[1] / unit) for p in found]
    sums = _sums()
    best = {max(people for people, cost in sums if cost <= most) for _, most in sums}
    least = {people: min(cost for sum_, cost in sums if sum_ == people) for people in best}
    assert shown == [pytest.approx(pair) for pair in sorted(least.items(), reverse=True)]


def _sums() -> list[tuple[float, float]]:
    """People and pounds of every set of the four villages."""
    villages = list(zip([100, 60.5, 30, 5], [3, 2, 1, 1], strict=True))
    return [
        (sum(p for k, (p, _) in enumerate(villages) if number >> k & 1),
         sum(c for k, (_, c) in enumerate(villages) if number >> k & 1))
        for number in range(16)
    ]  # fmt: skip


def test_a_stretch_that_ends_at_nothing_is_halved_few_times(monkeypatch):
    """Half-people make the goal a fraction, and the curve has only its two ends."""
    asked = []
    ask = Frontier._ask
    monkeypatch.setattr(Frontier, "_ask", lambda self, *given: asked.append(1) or ask(self, *given))
    problem = Problem.from_minutes([[5.0, 30.0]], people=[150.5], count=1)
    found = curve(frontier(problem, "centres", "people", pace=Pace(points=1000)))
    assert [point.values for point in found.points] == [(0.0, 0.0), (1.0, 150.5)]
    assert len(asked) < 60
