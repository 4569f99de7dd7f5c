"""Tables of the demo place by window, against sums over its starting points."""

from dataclasses import replace

import numpy as np
import pytest

from nhcplanner import Scenario, demo_place, measure, run
from nhcplanner.workflow.plan import rank
from nhcplanner.workflow.problem import starts_of
from nhcplanner.workflow.robustness import Sensitivity, cases_of
from nhcplanner.workflow.windows import measure_windows, plan_windows, window_table

WINDOWS = ("weekday 08:00-08:03", "sunday 10:00-10:03", "sunday 10:00-10:03")


@pytest.fixture(scope="module")
def place():
    demo = demo_place()
    hours = demo.sites["kind"].map({"library": "Mo-Fr 08:00-18:00", "gp_practice": "24/7"})
    return demo.__class__(**{**vars(demo), "sites": demo.sites.assign(opening_hours=hours)})


def test_each_row_is_a_sum_over_starting_points(place):
    scenario = Scenario(mode="transit", transit_windows=WINDOWS, open_only=True)
    _, parts = measure_windows(place, scenario)
    opened = np.flatnonzero(place.sites["kind"].isin(["library", "gp_practice", "clinic"]))
    need, starts = rank(place, scenario), starts_of(place, scenario)
    table = window_table(starts, need, parts, opened.tolist(), 20)
    assert table["window"].unique().tolist() == [
        "Tuesday 6 January 2026, 08:00 to 08:03", "Sunday 4 January 2026, 10:00 to 10:03",
        "Sunday 4 January 2026, 10:00 to 10:03 (2)",
    ]  # fmt: skip
    first, second = (
        table[table["window"] == name].reset_index(drop=True)
        for name in table["window"].unique()[1:]
    )
    assert first.drop(columns="window").equals(second.drop(columns="window"))
    people = place.origins["people"].to_numpy()
    band = need.band.to_numpy()[place.area_of_origin]
    kinds = place.sites["kind"].to_numpy()
    for name, part in zip(table["window"].unique(), parts, strict=True):
        minutes = np.full(part.times.minutes.shape, np.inf)
        pairs = part.times.minutes.tocoo()
        minutes[pairs.coords] = pairs.data
        near = minutes[:, opened].min(axis=1) <= 20
        mine = table[table["window"] == name].set_index(["grouping", "group"])
        everyone = mine.loc["everyone", "everyone"]
        assert everyone["within_after"] == people[near].sum()
        assert everyone["share_after"] == pytest.approx(people[near].sum() / people.sum())
        for number in (1, 5):
            row = mine.loc["band", str(number)]
            assert row["within_after"] == people[near & (band == number)].sum()
        is_sunday = name.startswith("Sunday")
        assert everyone["closed"] == (kinds[opened] == "library").sum() * is_sunday
        assert everyone["unknown"] == (kinds[opened] == "clinic").sum()
        if is_sunday:
            assert np.isinf(minutes[:, kinds == "library"]).all()


def test_minutes_that_no_window_changes_have_no_parts(place):
    times, parts = measure_windows(place, Scenario(transit_windows=WINDOWS, engine="estimate"))
    assert parts == ()
    assert times.estimate


def test_each_window_is_a_case_of_robustness(place):
    few = replace(place, sites=place.sites.iloc[:12].reset_index(drop=True), times=None)
    by_bus = Scenario(
        model="max_coverage", count=3, mode="transit", transit_windows=WINDOWS[:2], time_limit=20
    )
    outcome = run(few, by_bus)
    found = cases_of(outcome, Sensitivity(reaches=(), draws=0), windows=plan_windows(outcome))
    assert list(found) == [
        "on Tuesday 6 January 2026, 08:00 to 08:03", "on Sunday 4 January 2026, 10:00 to 10:03",
    ]  # fmt: skip
    keys = {"transit_day": "2026-01-06", "transit_window": ("08:00", "08:03")}
    alone = [measure(few, Scenario(mode="transit", **keys)), measure(few, Scenario())]
    for case, times in zip(found.values(), alone, strict=True):  # no bus runs on a Sunday
        assert (case.minutes != times.minutes).nnz == 0
    on_foot = run(few, by_bus.model_copy(update={"mode": "walk"}))
    by_window = plan_windows(on_foot)
    assert list(by_window.cases()) == [f"by transit {name}" for name in found]
