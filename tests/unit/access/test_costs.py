import math

import pandas as pd
import pytest

from nhcplanner.access.costs import annuity, costs, factor
from nhcplanner.base.errors import InputError
from nhcplanner.domain.evidence import Discounting


def test_green_book_factor_of_ten_years():
    assert float(factor(10, 0.035)) == pytest.approx(0.7089, abs=5e-5)  # 1 / 1.035 ** 10


def test_annuity_is_the_sum_of_its_years():
    assert annuity([1], 3, 0.1)[0] == pytest.approx(1 / 1.1 + 1 / 1.21 + 1 / 1.331)
    assert annuity([4], 3, 0.1)[0] == 0
    assert annuity([1], 5, 0.0)[0] == 5


def test_costs_by_hand_and_blanks_stay_blank():
    sites = pd.DataFrame(
        {
            "cost": [100.0, 100.0, math.nan],
            "running_cost": [10.0, math.nan, 10.0],
            "cost_date": ["2025-04-01", None, None],
        },
        index=[7, 3, 5],
    )
    opens = pd.Series([2026, 2028, 2026], index=[7, 3, 5])
    found = costs(sites, opens, Discounting(rate=0.1, years=2, base=2026))
    assert found.index.tolist() == [7, 3, 5]
    assert found["undiscounted"].tolist()[:2] == [120, 100]
    assert found.loc[7, "discounted"] == pytest.approx(100 + 10 / 1.1 + 10 / 1.21)
    assert found.loc[3, "discounted"] == pytest.approx(100 / 1.21)
    assert found.loc[5, ["capital", "undiscounted", "discounted"]].isna().all()
    assert found["cost_date"].tolist() == ["2025-04-01", "", ""]


def test_a_place_without_costs_has_none():
    found = costs(pd.DataFrame(index=[0]), pd.Series([2026]), Discounting())
    assert found[["capital", "running", "discounted"]].isna().all(axis=None)


@pytest.mark.parametrize("wrong", [{"rate": -0.1}, {"rate": 1.0}, {"years": 0}, {"years": 31}])
def test_a_rate_or_years_out_of_range_are_refused(wrong):
    with pytest.raises(InputError, match="must be"):
        Discounting(**wrong)
