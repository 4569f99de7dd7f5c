"""Hand-ins of plans for several windows: what they say, and that every figure is recomputed."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.case import OPEN_LONG
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import write_handin
from nhcplanner.outputs.brief.documents import content
from nhcplanner.outputs.brief.parts import Bullets, Table
from nhcplanner.outputs.tables import hand_in
from nhcplanner.verify import check_hand_in

HOURS = {
    "library": "Mo-Fr 09:00-17:00",
    "gp_practice": "Mon-Fri 8am-6.30pm",
    "health_centre": "Mo-Sa 08:00-20:00; Su 10:00-16:00",
    "community_centre": "ask at the desk",
}
WINDOWS = ("weekday 08:00-08:10", "saturday 18:00-18:10", "sunday 10:00-10:10")
SATURDAY = "Saturday 3 January 2026"


def place() -> Place:
    """The demo place with 24 of its sites and their opening hours."""
    demo = workflow.demo_place()
    first = demo.sites["status"].eq("existing")
    some = demo.sites[first | (demo.sites.index % 4 == 0)].reset_index(drop=True)
    return replace(demo, sites=some.assign(opening_hours=some["kind"].map(HOURS)), times=None)


def gather(**keys):
    choices = {"model": "max_coverage", "count": 4, "transit_windows": WINDOWS, "time_limit": 20}
    outcome = workflow.run(place(), Scenario(**choices | keys))
    effort = workflow.Effort.with_options(seconds=1, without=workflow.PARTS)
    return workflow.gather_evidence(outcome, effort)


PLANS = {
    "by bus, open only": {
        "mode": "transit", "transit_mix": "mean", "transit_weights": (5, 1, 1), "open_only": True,
    },
    "by car where there is one": {"modes": ("by_car_availability", "walk", "transit")},
    "on foot": {},
    "with room for few people": {
        "mode": "transit", "model": "max_coverage_within_capacity", "most_people": 9_000,
    },
    "on foot, open only": {"open_only": True, "transit_mix": "best"},
}  # fmt: skip


@pytest.fixture(scope="module", params=PLANS)
def evidence(request):
    return gather(**PLANS[request.param])


def test_every_figure_of_every_window_is_recomputed(evidence, tmp_path):
    write_handin(evidence, tmp_path / "handin", ["csv", "html", "xlsx"])
    found = check_hand_in(tmp_path / "handin")
    assert [(one.figure, one.published, one.recomputed) for one in found.differences] == []
    hours = [one for one in found.figures if one.figure.startswith("Hours: ")]
    assert sum(one.number for one in hours) >= 6 * len(evidence.windows)
    assert not [one for one in found.absent if "Hours" in one.what]
    within = pd.read_csv(tmp_path / "handin" / "tables" / "within.csv")
    journeys = evidence.windows["mode"].iloc[0]
    assert within["mode"].str.startswith(f"{journeys}, ").sum() == 4 * len(WINDOWS)


@pytest.mark.parametrize("mode", ["transit", "walk"])
def test_each_window_is_a_case_whose_figures_are_recomputed(mode, tmp_path):
    choices = {"model": "max_coverage", "count": 4, "time_limit": 20, "mode": mode}
    outcome = workflow.run(place(), Scenario(transit_windows=WINDOWS[:2], **choices))
    effort = workflow.Effort.with_options(seconds=5, without=set(workflow.PARTS) - {"robustness"})
    evidence = workflow.gather_evidence(outcome, effort)
    by_bus = "by transit " if mode == "walk" else ""
    cases = {f"{by_bus}on {day}, {hours}" for day, hours in (
        ("Tuesday 6 January 2026", "08:00 to 08:10"), (SATURDAY, "18:00 to 18:10"),
    )}  # fmt: skip
    assert cases < set(evidence.robustness["case"])
    write_handin(evidence, tmp_path, ["csv"])
    found = check_hand_in(tmp_path)
    assert [(one.figure, one.published, one.recomputed) for one in found.differences] == []
    left = {one.what for one in found.absent}
    assert not left & {f"Other cases: {case}" for case in cases}


def test_a_changed_figure_is_found(tmp_path):
    write_handin(gather(mode="transit"), tmp_path / "handin", ["csv", "html"])
    path = tmp_path / "handin" / "tables" / "windows.csv"
    table = pd.read_csv(path)
    table.loc[table["grouping"] == "everyone", "within_after"] += [0, 7, 0]
    table.to_csv(path, index=False, encoding="utf-8-sig")
    different = [one.figure for one in check_hand_in(tmp_path / "handin").differences]
    assert any(one.startswith("Hours: within_after") and "Saturday" in one for one in different)


def test_the_brief_says_who_can_come_in_each_window(evidence):
    [section] = [one for one in content(evidence).sections if one.title == "Travel annex"]
    points = [words for part in section.parts if isinstance(part, Bullets) for words in part.items]
    frame = evidence.windows
    saturday = frame[frame["window"].str.startswith(SATURDAY) & (frame["grouping"] == "everyone")]
    people, share = saturday["within_after"].iloc[0], saturday["share_after"].iloc[0]
    [sentence] = [one for one in points if one.startswith(f"At 18:00 to 18:10 on {SATURDAY}")]
    assert (
        f"{people:,.0f} people, {100 * share:.1f}%, are within 20 minutes of a centre" in sentence
    )
    captions = [part.caption for part in section.parts if isinstance(part, Table)]
    assert any("People within reach by hours" in one for one in captions)
    assert sum("by hours and" in one for one in captions) == 2


def test_figures_of_the_table_are_sums_over_its_minutes(evidence):
    if evidence.outcome.plan.allocation is not None:
        return  # people go where the plan sends them, which the check of the hand-in works out
    frame, minutes, origins = evidence.windows, evidence.minutes, evidence.origins
    opened = evidence.outcome.centres["site_id"]
    journeys = frame["mode"].iloc[0]
    key, people = ("origin", origins.set_index("origin")["people"])
    if journeys == "transit":
        people = origins.groupby("point")["people"].sum()
    for window in frame["window"].unique():
        name = f"{journeys}, {window}"
        some = minutes[minutes["mode"].str.startswith(name) & minutes["site_id"].isin(opened)]
        near = some[some["minutes"] <= np.float32(20)][key].unique()
        row = frame[(frame["window"] == window) & (frame["grouping"] == "everyone")].iloc[0]
        assert row["within_after"] == pytest.approx(people[near].sum())


def test_opening_hours_suggest_evidence_and_fill_in_nothing():
    found = gather(mode="walk", transit_windows=())
    assert found.windows is None
    assert "transit_windows" in found.reasons["windows"]
    table = hand_in.fit(found)
    assert (table[["state", "evidence", "by"]] == "").all(axis=None)
    asked = table["criterion"] == OPEN_LONG
    assert (table.loc[~asked, "suggested"] == "").all()
    kinds = dict(zip(place().sites["site_id"], place().sites["kind"], strict=True))
    starts = {"library": "gap", "gp_practice": "gap", "health_centre": "met"}
    for row in table[asked].to_dict("records"):
        assert re.match(starts.get(kinds[row["site_id"]], "not known"), row["suggested"])
