"""Sullivan's method against published worked examples.

The life table: the example of `phe_life_expectancy` in the documentation of the R package
PHEindicatormethods (Public Health England's life expectancy calculator: Chiang, with Silcocks'
variance), whose published answers are those below. The healthy years and the survey's variance:
Hauet, Practical Guide on Health Expectancy Calculation: Sullivan Method (Euro-REVES, 1997), tables
1 and 3, women and men of France 1991, the ages that are printed.
"""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.need_measures import DEVIATIONS
from nhcplanner.layers.health.sullivan import healthy_years, life_table

AGES = [0, 1, *range(5, 95, 5)]
PEOPLE = [
    7060, 35059, 46974, 48489, 43219, 38561, 46009, 57208, 61435, 55601, 50209, 56416, 46411,
    39820, 37978, 37039, 33288, 23306, 11936, 11936,
]  # fmt: skip
DEATHS = [
    17, 9, 4, 8, 20, 15, 24, 33, 50, 71, 100, 163, 263, 304, 536, 872, 1390, 1605, 1936, 1937,
]  # fmt: skip
EXPECTANCY = {0: 80.16960813, 1: 79.36245674, 30: 50.92752727, 65: 18.76856852, 90: 6.16210635}
LOWER = {0: 79.88268548, 1: 79.0898816, 30: 50.68279939, 65: 18.57570352, 90: 5.887683386}


@pytest.fixture
def table() -> pd.DataFrame:
    return life_table(AGES, DEATHS, PEOPLE).set_index("age", drop=False)


@pytest.mark.parametrize("age", EXPECTANCY)
def test_life_expectancy_is_the_published_one(table, age):
    assert table["expectancy"][age] == pytest.approx(EXPECTANCY[age], abs=1e-7)


@pytest.mark.parametrize("age", LOWER)
def test_where_all_are_healthy_the_interval_is_that_of_life_expectancy(table, age):
    """The published limits use 1.96 to more places, hence the tolerance."""
    found = healthy_years(table, np.ones(20), np.ones(20)).loc[age]
    assert found["hle"] - DEVIATIONS * np.sqrt(found["variance"]) == pytest.approx(
        LOWER[age], abs=1e-5
    )


HAUET = pd.DataFrame(
    {
        "age": [65, 70, 75, 80, 85],
        "alive": [89_367, 84_968, 78_012, 66_625, 48_532],
        "years": [436_589, 408_793, 364_013, 290_533, 289_068],
    }
)


def test_disability_free_years_are_those_of_the_guide():
    years = HAUET["years"].to_numpy()
    free = np.array([350_877, 291_942, 229_175, 141_559, 83_967]) / years
    found = healthy_years(HAUET, free)
    assert found["hle"].round(1).tolist() == [12.3, 8.8, 5.8, 3.4, 1.7]
    assert found["variance"].isna().all()


def test_the_survey_s_standard_errors_are_those_of_the_guide():
    share = np.array([0.196, 0.286, 0.370, 0.513, 0.710])
    asked = share * (1 - share) / [0.000281, 0.000507, 0.000675, 0.000914, 0.000805]
    found = healthy_years(HAUET, 1 - share, asked)["variance"]
    published = [0.0466, 0.0441, 0.0384, 0.0325, 0.0285]
    assert np.allclose(found, published, atol=0.0006)
    assert np.sqrt(found).round(2).tolist() == [0.22, 0.21, 0.20, 0.18, 0.17]


def test_half_of_every_year_healthy_is_half_the_life(table):
    found = healthy_years(table, np.full(20, 0.5))
    assert np.allclose(found["hle"], table["expectancy"] / 2)


def test_more_asked_is_surer_but_never_surer_than_deaths_allow(table):
    half = np.full(20, 0.5)
    few, many, all_ = (
        healthy_years(table, half, np.full(20, n))["variance"][0] for n in (100, 1000, np.inf)
    )
    assert few > many > all_ > 0


def test_bands_without_deaths_end_no_life():
    table = life_table([0, 1, 65], [0, 0, 300], [1000, 64_000, 6000])
    assert table["alive"].tolist() == [1, 1, 1]
    assert table["expectancy"][0] == pytest.approx(65 + 20)
