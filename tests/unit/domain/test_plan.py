"""Plans: how sure one is of them."""

import pytest

from nhcplanner.domain.plan import Plan, Stage


@pytest.mark.parametrize(
    ("bounds", "widest"), [([10, 12.5], 0.2), ([10, None], None), ([], None), ([10], 0.0)]
)
def test_a_gap_that_is_not_known_is_never_shown_as_none_left(bounds, widest):
    stages = tuple(Stage("people", 10.0, bound, 1.0) for bound in bounds)
    assert Plan((0,), "feasible", stages, "max_coverage", "HiGHS", 1.0).gap == widest
