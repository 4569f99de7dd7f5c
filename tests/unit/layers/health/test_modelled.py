"""Small-area HLE: each council keeps its published mean, each area says how it came about."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.need_measures import DEPARTURE, DEVIATIONS
from nhcplanner.layers.health.modelled import (
    MEASURES,
    area_hle,
    council_figures,
    gradient,
    is_council_figure,
    latest,
    persons_interval,
)


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "people": [100, 300, 200, 50, 50, 70],
            "council_code": ["A", "A", "A", "B", None, "C"],
            "imd_decile": [1, 10, None, 5, None, 3],
        }
    )


@pytest.fixture
def councils() -> pd.DataFrame:
    return pd.DataFrame({"hle_male": [58.0, None], "hle_female": [60.0, 61.0]}, index=["A", "C"])


def test_each_area_says_how_its_figure_came_about(areas, councils):
    basis = area_hle(areas, councils, "IMD 2025")["hle_basis"]
    national = "national gradient"
    assert basis.tolist() == ["modelled", "modelled", "published", national, "missing", national]


def test_the_people_weighted_mean_is_the_published_figure(areas, councils):
    found = area_hle(areas, councils, "IMD 2025")
    weights = areas["people"][:3]
    for measure, published in zip(MEASURES, (58, 60, 59), strict=True):
        assert np.average(found[measure][:3], weights=weights) == pytest.approx(published)


def test_the_poorest_and_the_richest_tenth_differ_as_in_the_nation(areas, councils):
    found = area_hle(areas, councils, "IMD 2025")
    national = gradient()["hle"]
    assert found["hle"][1] - found["hle"][0] == pytest.approx(national[10] - national[1])


def test_a_council_with_the_figure_of_one_sex_has_none_of_persons(areas, councils):
    found = area_hle(areas, councils, "IMD 2025")
    assert found["hle"][5] == pytest.approx(gradient().loc[3, "hle"])
    assert found["hle_female"][5] == pytest.approx(gradient().loc[3, "hle_female"])


def test_the_gradient_is_england_s_and_not_another_nation_s(areas, councils):
    found = area_hle(areas, councils, "WIMD 2019")
    assert found["hle_basis"].tolist() == ["published"] * 3 + ["missing"] * 3
    assert found["hle"][:3].tolist() == [59, 59, 59]


def test_own_figures_stay_and_a_basis_that_came_with_them_too(areas, councils):
    areas["hle"] = [50.0, 51.0, None, None, None, None]
    areas["hle_basis"] = [None, "modelled", None, None, None, None]
    found = area_hle(areas, councils, "IMD 2025")
    assert found["hle"][:2].tolist() == [50, 51]
    assert found["hle_basis"][:2].tolist() == ["given", "modelled"]


def test_a_council_without_people_still_has_its_mean(areas, councils):
    areas["people"] = 0
    found = area_hle(areas, councils, "IMD 2025")
    assert found["hle"][:2].mean() == pytest.approx(59)


def test_areas_without_councils_and_deciles_have_no_hle(councils):
    found = area_hle(pd.DataFrame({"people": [5, 6]}), councils, "")
    assert found["hle_basis"].tolist() == ["missing", "missing"]
    assert found["hle"].isna().all()


def test_one_value_a_council_is_the_council_s(areas):
    areas["hle"] = [60.0, 60.0, 60.0, 61.0, None, 62.0]
    assert is_council_figure(areas)
    assert council_figures(areas).loc["A", "hle"] == 60
    areas.loc[0, "hle"] = 59.0
    assert not is_council_figure(areas)


def test_values_that_no_two_areas_share_a_council_for_are_the_areas_own():
    areas = pd.DataFrame({"council_code": ["A", "B"], "hle": [60.0, 61.0]})
    assert not is_council_figure(areas)


def test_the_gradient_rises_from_each_decile_to_the_next():
    assert (gradient().diff().iloc[1:] > 0).all(axis=None)


def test_the_latest_period_ends_last():
    assert latest(pd.Series(["2015-17", None, "2022-24", "2009-11"])) == "2022-24"


def half_width(found: pd.DataFrame) -> list[float]:
    return ((found["hle_high"] - found["hle_low"]) / 2).tolist()


def test_the_interval_combines_the_council_s_and_the_gradient_s(areas, councils):
    councils["hle_low"], councils["hle_high"] = [58.0, None], [60.0, None]
    found = area_hle(areas, councils, "IMD 2025")
    published = (1 / DEVIATIONS) ** 2
    shares = {0: 0.25, 1: 0.75}
    together = 0.25**2 + 0.75**2
    for row, share in shares.items():
        spread = published + DEPARTURE**2 * (1 - 2 * share + together)
        assert half_width(found)[row] == pytest.approx(DEVIATIONS * np.sqrt(spread))
    middle = (found["hle_low"] + found["hle_high"]) / 2
    assert middle[:2].tolist() == pytest.approx(found["hle"][:2].tolist())


def test_an_area_without_a_decile_has_its_council_s_interval(areas, councils):
    councils["hle_low"], councils["hle_high"] = [58.0, None], [60.0, None]
    found = area_hle(areas, councils, "IMD 2025")
    assert found.loc[2, ["hle_low", "hle_high"]].tolist() == pytest.approx([58, 60])


def test_a_council_of_one_area_keeps_the_published_interval(areas, councils):
    councils = councils.assign(hle_low=58.0, hle_high=60.0)
    found = area_hle(areas.iloc[[0]], councils, "IMD 2025")
    assert half_width(found) == pytest.approx([1.0])


def test_without_a_published_interval_there_is_none(areas, councils):
    found = area_hle(areas, councils, "IMD 2025")
    assert found["hle_low"][:3].isna().all()
    assert half_width(found)[3] == pytest.approx(DEVIATIONS * np.sqrt(2) * DEPARTURE)


def test_the_interval_of_persons_is_that_of_a_mean_of_two():
    figures = pd.DataFrame({"hle_male": [58.0, 58.0], "hle_female": [60.0, 60.0]})
    ends = pd.DataFrame(
        {
            ("hle_male", "low"): [55.0, None],
            ("hle_male", "high"): [61.0, None],
            ("hle_female", "low"): [56.0, 56.0],
            ("hle_female", "high"): [64.0, 64.0],
        }
    )
    found = persons_interval(figures, ends)
    assert found.loc[0].tolist() == pytest.approx([59 - 2.5, 59 + 2.5])
    assert found.loc[1].isna().all()


def test_a_council_s_figure_by_sullivan_s_method_is_called_so_where_nothing_is_modelled(
    areas, councils
):
    councils["hle_basis"] = ["sullivan", None]
    found = area_hle(areas, councils, "IMD 2025")
    assert found["hle_basis"][:3].tolist() == ["modelled", "modelled", "sullivan"]
