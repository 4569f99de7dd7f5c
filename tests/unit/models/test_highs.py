"""HiGHS through PuLP: its own word on bound and status, started from a plan."""

import numpy as np
import pulp
import pytest

from nhcplanner.models.highs import Highs, SolverEffort


def knapsack(sense: int = pulp.LpMaximize) -> tuple[pulp.LpProblem, list[pulp.LpVariable]]:
    rng = np.random.default_rng(2)
    lp = pulp.LpProblem("knapsack", sense)
    items = [lp.add_variable(f"item_{i}", 0, 1, pulp.LpInteger) for i in range(60)]
    for _ in range(5):
        weights = rng.integers(10, 90, 60).tolist()
        terms = pulp.LpAffineExpression(list(zip(items, weights, strict=True)))
        lp.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintLE, rhs=900))
    worth = (rng.integers(20, 99, 60) * (1 if sense == pulp.LpMaximize else -1)).tolist()
    lp.setObjective(pulp.LpAffineExpression(list(zip(items, worth, strict=True))))
    return lp, items


@pytest.mark.parametrize("relax", [False, True])
@pytest.mark.parametrize("sense", [pulp.LpMaximize, pulp.LpMinimize])
def test_proves_the_best_value_in_either_sense(sense, relax):
    lp, _ = knapsack(sense)
    solver = Highs(SolverEffort(60, gap_abs=0.99, relax=relax))
    lp.solve(solver)
    value = pulp.value(lp.objective)
    assert solver.has_plan
    assert abs(solver.bound - value) < 1
    assert (value > 0) == (sense == pulp.LpMaximize)


def test_time_up_gives_the_start_back_with_a_bound_of_its_own():
    lp, items = knapsack()
    start = {item.name: float(i < 10) for i, item in enumerate(items)}
    solver = Highs(SolverEffort(60, gap_rel=0.99), start)
    lp.solve(solver)
    value = pulp.value(lp.objective)
    given = sum(share for i, share in enumerate(lp.objective.values()) if i < 10)
    assert value >= given
    assert solver.bound > value


def test_infeasible_is_told():
    lp, items = knapsack()
    terms = pulp.LpAffineExpression([(item, 1.0) for item in items])
    lp.addConstraint(pulp.LpConstraint(terms, pulp.LpConstraintGE, rhs=59))
    solver = Highs(SolverEffort(60))
    lp.solve(solver)
    assert solver.infeasible
    assert not solver.has_plan


def test_the_first_plan_is_enough_where_asked():
    lp, _ = knapsack()
    solver = Highs(SolverEffort(60, first=True))
    lp.solve(solver)
    assert solver.has_plan
    assert pulp.value(lp.objective) < solver.bound


def test_watch_may_stop_the_search():
    lp, _ = knapsack()
    seen = []

    def stop(best: float, bound: float) -> bool:
        seen.append((best, bound))
        return True

    solver = Highs(SolverEffort(60), watch=stop)
    lp.solve(solver)
    assert seen
    assert not solver.infeasible
