import numpy as np
import pytest
from scipy import sparse

from nhcplanner.models.linear_program import LinearProgram, make_solver, scale_program, unit_of


def box(cost, rows, low, high) -> LinearProgram:
    number = len(cost)
    return LinearProgram(
        np.array(cost, dtype=float), np.zeros(number), np.ones(number),
        sparse.csc_array(np.array(rows, dtype=float)), np.array(low, dtype=float),
        np.array(high, dtype=float),
    )  # fmt: skip


def test_a_program_of_good_size_stays_as_it_is():
    given = box([1500, 20, 1], [[1, -1, 0], [300, 40_000, 7]], [0, -np.inf], [np.inf, 60_000])
    made, unit = scale_program(given)
    assert unit == 1
    assert (made.cost == given.cost).all()
    assert (made.rows.toarray() == given.rows.toarray()).all()
    assert (made.row_high == given.row_high).all()


@pytest.mark.parametrize("size", [1e-30, 1e-12, 1e9, 1e30])
def test_units_are_powers_of_two_and_bring_the_largest_near_a_thousand(size):
    unit = unit_of(np.array([size, size / 3]))
    assert np.frexp(unit)[0] == 0.5
    assert 500 <= size / unit <= 1024
    made, _ = scale_program(box([1, 1], [[size, size / 3]], [-np.inf], [size]))
    assert made.rows.toarray()[0] * unit == pytest.approx([size, size / 3], rel=0)
    assert made.row_high[0] * unit == size


def test_terms_too_small_for_the_solver_go_and_no_values_are_lost():
    given = box([1, 1], [[1e9, 1e-9], [1e9, 1e-9]], [1e9 + 1e-9, -np.inf], [np.inf, 1e9])
    made, _ = scale_program(given)
    assert made.rows.nnz == 2
    assert made.keeps(np.array([1.0, 1.0]))
    assert made.row_low[0] <= made.rows.toarray()[0] @ [1, 1]


def test_nothing_has_the_unit_one():
    assert unit_of(np.zeros(0)) == unit_of(np.zeros(3)) == 1


@pytest.mark.parametrize("room", [1e-9, 3e-7, 4.8e-7, 9e-7, 1.5e-6])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_row_that_can_only_just_be_kept_is_not_called_infeasible(room, sign):
    # Five areas on a road, each reached by the sites beside it; the weights sum to 480, so all
    # areas must be reached. The second and the fourth site reach them.
    sites = np.eye(5) + np.eye(5, k=1) + np.eye(5, k=-1)
    weights = np.array([100.0, 10, 300, 20, 50])
    cover = np.hstack([sites, -np.eye(5)])
    total = np.hstack([np.zeros(5), weights])
    rows = sparse.csc_array(sign * np.vstack([cover, total]))
    low = np.r_[np.zeros(5), 480 - room]
    free = np.full(6, np.inf)
    program = LinearProgram(
        np.r_[np.ones(5), np.zeros(5)], np.zeros(10), np.ones(10), rows,
        low if sign > 0 else -free, free if sign > 0 else -low,
    )  # fmt: skip
    model = make_solver(scale_program(program)[0], np.arange(10) < 5)
    model.run()
    assert model.modelStatusToString(model.getModelStatus()) == "Optimal"
    assert model.getInfo().objective_function_value == pytest.approx(2)
