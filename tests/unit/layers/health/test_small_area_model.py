"""HLE of small areas on councils small enough to be worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.layers.health.small_area_estimators import Groups, covariates, within
from nhcplanner.layers.health.small_area_model import (
    draws,
    lowest_band_probability,
    needed,
    small_areas,
)

MODEL = {
    "covariates": ["poverty"],
    "limits": {"poverty": [0.0, 1.0]},
    "coefficients": {"Male": [-10.0], "Female": [-8.0]},
    "covariance": {"Male": [[0.25]], "Female": [[0.25]]},
    "components": {
        "correlation": 0.64,
        "Male": {"residual": 1.6, "drift": 1.2, "scale": 0.1},
        "Female": {"residual": 1.6, "drift": 1.2, "scale": 0.1},
    },
}


def england(councils: int = 12, each: int = 20) -> pd.DataFrame:
    random = np.random.default_rng(7)
    number = councils * each
    return pd.DataFrame(
        {
            "area_code": [f"E{n:08d}" for n in range(number)],
            "people": random.integers(1_000, 3_000, number),
            "council_code": np.repeat([f"E0600{n:04d}" for n in range(councils)], each),
            "region_code": np.repeat(["E12000001", "E12000002"], number // 2),
            "poverty": random.uniform(0, 1, number),
        }
    )


def published(areas: pd.DataFrame, half: float = 1.959964 * 2) -> pd.DataFrame:
    codes = areas["council_code"].unique()
    rows = [
        (code, "2022-24", sex, 55.0 + n + 0.5 * (sex == "Female"))
        for n, code in enumerate(codes)
        for sex in ("Male", "Female")
    ]
    table = pd.DataFrame(rows, columns=["area_code", "period", "sex", "hle"])
    return table.assign(lci_95=table["hle"] - half, uci_95=table["hle"] + half)


def test_covariates_are_columns_logarithms_and_shares():
    table = pd.DataFrame({"a": [1.0, np.e - 1], "b": [4, 2]})
    made = covariates(table, ["a", "log1p:a", "a/b"])
    assert made["log1p:a"].tolist() == pytest.approx([np.log(2), 1.0])
    assert made["a/b"].tolist() == pytest.approx([0.25, (np.e - 1) / 2])
    assert needed({"covariates": ["log1p:a", "a/b"]})[-2:] == ["a", "b"]
    assert within(made[["a"]], {"a": (1.2, 1.5)})["a"].tolist() == [1.2, 1.5]


def test_a_group_is_weighted_by_people():
    groups = Groups.by(pd.Series(["x", "x", "y"]), pd.Series([1, 3, 5]))
    assert groups.mean([2.0, 6.0, 7.0]).tolist() == [5.0, 7.0]
    assert groups.centred([2.0, 6.0, 7.0]).tolist() == [-3.0, 1.0, 0.0]
    assert groups.own_part().tolist() == [1 - 0.5 + 0.625, 1 - 1.5 + 0.625, 0.0]


def test_the_mean_of_a_council_is_its_published_figure():
    areas = england()
    table = small_areas(areas, published(areas), MODEL).table()
    weighted = table["hle_male"].to_numpy() * areas["people"]
    by_council = weighted.groupby(areas["council_code"]).sum()
    mean = by_council / areas.groupby("council_code")["people"].sum()
    assert mean.tolist() == pytest.approx([55.0 + n for n in range(12)])


def test_departures_are_those_of_the_pattern():
    areas = england()
    table = small_areas(areas, published(areas), MODEL).table()
    men = table["hle_male"].to_numpy()
    poverty = areas["poverty"].to_numpy()
    assert men[1] - men[0] == pytest.approx(-10 * (poverty[1] - poverty[0]))
    both = (table["hle_male"] + table["hle_female"]) / 2
    assert table["hle"].tolist() == pytest.approx(both.tolist())


def test_the_interval_adds_up_its_components():
    areas = england()
    made = small_areas(areas, published(areas), MODEL)
    low, high = made.table()[["hle_male_low", "hle_male_high"]].iloc[0]
    people, poverty = areas["people"][:20].to_numpy(float), areas["poverty"][:20].to_numpy()
    share = people / people.sum()
    apart = poverty[0] - share @ poverty
    own = (1.6**2 + 1.2**2) * (1 - 2 * share[0] + (share**2).sum())
    spread = 2.0**2 + own + (0.1 * 10 * apart) ** 2 + 0.25 * apart**2
    assert (high - low) / 2 == pytest.approx(1.959964 * np.sqrt(spread))


def test_sexes_err_together_where_they_do_and_levels_apart():
    areas = england()
    made = small_areas(areas, published(areas), MODEL)
    men = made.sexes["Male"]
    spread = made.persons_spread()
    assert (spread >= men.level_error / 2 - 1e-12).all()
    assert (spread < men.spread).all()


def test_drawn_figures_have_the_spread_that_the_interval_says():
    areas = england()
    made = small_areas(areas, published(areas), MODEL)
    drawn = draws(made, 4_000, np.arange(len(areas)))
    ratio = drawn.std(axis=0) / np.sqrt(made.persons_spread())
    assert ratio.mean() == pytest.approx(1.0, abs=0.03)
    assert drawn.mean(axis=0) == pytest.approx(made.persons(), abs=0.3)
    together = np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1]
    assert together > np.corrcoef(drawn[:, 0], drawn[:, 30])[0, 1] + 0.2


def test_the_lowest_band_holds_its_share_of_people_on_average():
    areas = england()
    made = small_areas(areas, published(areas), MODEL)
    chance = lowest_band_probability(made, 0.25, number=400)
    people = areas["people"].to_numpy()
    assert (chance * people).sum() / people.sum() == pytest.approx(0.25, abs=0.005)
    assert chance[made.persons().argmin()] > 0.9
    assert chance[made.persons().argmax()] < 0.02
    again = lowest_band_probability(made, 0.25, number=400)
    assert (chance == again).all()


def test_without_error_the_lowest_band_is_certain():
    areas = england()
    sure = {
        **MODEL,
        "covariance": {"Male": [[0.0]], "Female": [[0.0]]},
        "components": {
            "correlation": 0.0,
            "Male": {"residual": 0.0, "drift": 0.0, "scale": 0.0},
            "Female": {"residual": 0.0, "drift": 0.0, "scale": 0.0},
        },
    }
    made = small_areas(areas, published(areas, half=1e-9), sure)
    chance = lowest_band_probability(made, 0.25, number=20)
    order = np.argsort(made.persons())
    people = areas["people"].to_numpy(float)[order]
    inside = np.cumsum(people) - people / 2 <= 0.25 * people.sum()
    assert chance[order].tolist() == inside.astype(float).tolist()


def test_a_council_without_a_figure_is_named_and_less_sure():
    areas = england()
    told = published(areas)
    told = told[told["area_code"] != "E06000000"]
    made = small_areas(areas, told, MODEL)
    assert made.without == ("E06000000",)
    spread = pd.Series(made.sexes["Male"].level_error).groupby(made.groups.of).first()
    assert spread[0] > 0
    assert np.isfinite(made.table()).all(axis=None)


def test_smoothed_levels_keep_the_mean_of_each_region():
    areas = england()
    told = published(areas)
    direct, smooth = (small_areas(areas, told, MODEL, level) for level in ("published", "smoothed"))
    people = areas["people"]
    for region in ("E12000001", "E12000002"):
        here = (areas["region_code"] == region).to_numpy()
        one, other = (
            np.average(made.sexes["Male"].figure[here], weights=people[here])
            for made in (direct, smooth)
        )
        assert one == pytest.approx(other)
    moved = np.abs(direct.sexes["Male"].level - smooth.sexes["Male"].level)
    assert moved.max() > 0.01


def test_values_beyond_the_fit_are_held_and_counted():
    areas = england()
    areas.loc[3, "poverty"] = 9.0
    at_end = areas.assign(poverty=areas["poverty"].clip(upper=1.0))
    beyond, held = (small_areas(each, published(areas), MODEL) for each in (areas, at_end))
    assert beyond.limited == 1
    assert held.limited == 0
    assert beyond.table().equals(held.table())
