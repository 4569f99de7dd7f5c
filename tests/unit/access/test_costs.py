import math

import pandas as pd
import pytest

from nhcplanner.access.costs import annuity, costs, factor, rebasing, statements
from nhcplanner.base.errors import InputError
from nhcplanner.domain.case import Appraisal, Benefits, Case, Today
from nhcplanner.domain.evidence import GREEN_BOOK, Discounting


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


SITES = pd.DataFrame(
    {
        "status": ["candidate", "existing"],
        "cost": [1200.0, 500.0],
        "running_cost": [10.0, 20.0],
        "cost_date": ["2024-04-01", ""],
    }
)
OPENS = pd.Series([2027, 2026])


def test_capital_is_rebased_freed_of_vat_and_raised_by_optimism_bias():
    wanted = Appraisal(
        price_index={2024: 100, 2026: 110}, capital_includes_vat=True, optimism_bias=0.5
    )
    found = costs(SITES, OPENS, Discounting(rate=0.1, years=2, base=2026), wanted)
    # by hand: 1,200 x 1.1 = 1,320 with VAT, 1,100 without, 1,650 with optimism bias
    assert found["capital"].tolist() == [1200, 0]
    assert found["rebased"].tolist() == pytest.approx([1.1, 1.0])
    assert found["appraised"].tolist() == pytest.approx([1650, 0])
    assert found["capital_discounted"].tolist() == pytest.approx([1500, 0])
    # runs in 2028 alone at 10 x 1.1; the centre of today runs in 2027 and 2028 at 20
    assert found["undiscounted"].tolist() == pytest.approx([1661, 40])
    assert found["discounted"].tolist() == pytest.approx([1500 + 11 / 1.21, 20 / 1.1 + 20 / 1.21])


def test_prices_without_an_index_stay_and_it_is_said():
    dates = pd.Series(["2024", "2026-01", "soon"])
    assert rebasing(dates, Appraisal(price_index={2024: 100}), 2026).tolist() == [1, 1, 1]
    both = Appraisal(price_index={2024: 100, 2026: 120})
    assert rebasing(dates, both, 2026).tolist() == pytest.approx([1.2, 1, 1])
    spent = costs(SITES, OPENS, Discounting(base=2026))
    words = statements(spent, Case(), Discounting(base=2026))
    assert "prices of 2024 are not rebased" in words[0]
    assert "none is added" in words[1]
    assert "not stated" in words[2]
    assert "no net present social value" in words[4]


def test_what_is_given_is_stated_with_its_source():
    case = Case(
        appraisal=Appraisal(optimism_bias=0.24, optimism_bias_source="Mott MacDonald"),
        business_as_usual=Today(backlog=2e6, source="ERIC 2025"),
        benefits=Benefits(per_person=40, first_band_weight=2, source="Business case"),
    )
    spent = costs(SITES, OPENS, Discounting(base=2026), case.appraisal)
    _, bias, _, today, gains = statements(spent, case, Discounting(base=2026))
    assert bias == "Optimism bias of 24% is added to all capital (Mott MacDonald)"
    assert (
        "a backlog of £2,000,000 (ERIC 2025), in every option; no option is stated to end" in today
    )
    assert "£40.00 a year for each further person within reach, people of the first band" in gains


def test_a_rate_of_ones_own_is_not_given_the_green_book_as_its_source():
    assert Discounting().source == GREEN_BOOK
    assert Discounting(rate=0.015).source == f"Chosen for this plan; {GREEN_BOOK}"
    assert Discounting(rate=0.015, source="Our finance team").source == "Our finance team"
