"""The commands that make many plans: what they print, write, refuse, and keep when stopped."""

import json
import shutil
import signal
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nhcplanner import build_problem, layers, load, measure, open_plan, rank, run
from nhcplanner.access import area_of_site
from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale import executor, plan_everywhere
from nhcplanner.scale.parts import parts_of, problem_of_part
from tests.integration.command import run as command

ASKED = Scenario(mode="drive", reach=10, engine="estimate", count=8, time_limit=20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return shutil.copytree(layers.demo_folder(), tmp_path_factory.mktemp("own") / "place")


@pytest.fixture(scope="module")
def place(folder):
    return load(folder)


@pytest.fixture
def asked(tmp_path) -> Path:
    """Three scenarios in files."""
    (tmp_path / "scenarios").mkdir()
    for count in (4, 5, 6):
        text = f'model = "max_coverage"\nmode = "cycle"\nengine = "estimate"\ncount = {count}\n'
        (tmp_path / "scenarios" / f"n{count}.toml").write_text(text, encoding="utf-8")
    return tmp_path / "scenarios"


def test_a_sweep_prints_a_table_or_one_json_object(capsys, folder, asked, tmp_path):
    words = ("sweep", folder, asked / "*.toml", "--out", tmp_path / "o", "--jobs", 1)
    code, told, _ = command(capsys, *words)
    assert code == 0
    assert told.startswith("SYNTHETIC")
    assert [line.split()[0] for line in told.splitlines()[2:5]] == ["n4", "n5", "n6"]
    code, told, _ = command(capsys, *words, "--json")
    said = json.loads(told)
    assert [row["centres"] for row in said["rows"]] == [4, 5, 6]
    assert all(row["place"].startswith("SYNTHETIC") for row in said["rows"])
    assert all(row["minutes_by"].startswith("estimate") for row in said["rows"])
    assert all(Path(file).is_file() for file in said["files"])


def test_faults_of_all_files_are_one_message(capsys, folder, asked, tmp_path):
    (asked / "n5.toml").write_text("counts = 5", encoding="utf-8")
    (asked / "n6.toml").write_text("reach = 'far'", encoding="utf-8")
    code, _, told = command(capsys, "sweep", folder, asked / "*.toml", "--out", tmp_path / "o")
    assert code == 2
    assert "n5.toml: unknown key 'counts'" in told
    assert "n6.toml: reach" in told
    assert not (tmp_path / "o").exists()


def test_ctrl_c_keeps_what_is_finished_and_the_same_command_makes_the_rest(
    capsys, folder, asked, tmp_path, monkeypatch
):
    made = []

    def interrupted(problem, scenario, progress):
        if made:
            signal.raise_signal(signal.SIGINT)
        made.append(scenario)
        return decide(problem, scenario, progress)

    decide = executor.workflow.solve_scenario
    monkeypatch.setattr(executor.workflow, "solve_scenario", interrupted)
    words = ("sweep", folder, asked / "*.toml", "--out", tmp_path / "o", "--jobs", 1)
    code, _, told = command(capsys, *words)
    assert code == 2
    assert "1 of 3 plans are made and kept" in told
    monkeypatch.setattr(executor.workflow, "solve_scenario", decide)
    code, told, _ = command(capsys, *words)
    assert code == 0
    assert len(list((tmp_path / "o" / "finished").iterdir())) == 3


def test_every_part_is_told_and_written(capsys, folder, tmp_path):
    out = tmp_path / "all"
    settings = [part for one in ("count=8", "mode=drive", "reach=10") for part in ("--set", one)]
    words = ("everywhere", folder, "--by", "council_code", "--share", "people", "--out", out)
    code, told, _ = command(capsys, *words, *settings, "--jobs", 1)
    assert code == 0
    assert "8 centres in 2 parts, each planned by itself" in told
    parts = pd.read_csv(out / "parts.csv")
    centres = pd.read_csv(out / "centres.csv")
    assert parts["centres"].sum() == len(centres) == 8
    assert parts.set_index("part")["centres"].to_dict() == centres["part"].value_counts().to_dict()
    said = json.loads((out / "plan.json").read_text(encoding="utf-8"))
    assert [part["status"] for part in said["parts"]] == ["optimal", "optimal"]
    assert {"key", "solver", "seconds", "stages"} <= set(said["parts"][0])
    outcome = open_plan(out)
    assert set(outcome.centres["site_id"]) == set(centres["site_id"])
    within = outcome.assessment.people_within["people_after"].loc[10]
    assert parts["people_after"].sum() == pytest.approx(within)


def test_with_one_part_it_is_the_plan_of_the_whole(place):
    areas = place.areas.assign(icb_code="E54000001")
    found = plan_everywhere(replace(place, areas=areas), ASKED)
    assert found.outcome.plan.opened == run(place, ASKED).plan.opened
    assert found.table["gap"].tolist() == [0]


def test_the_minutes_of_each_part_are_those_of_the_whole(place):
    """Whatever a part's people reach in the whole place, its question knows, to the last bit."""
    whole = build_problem(place, measure(place, ASKED), ASKED, rank(place, ASKED))
    labels = place.areas["council_code"].astype("str").to_numpy()
    grounds = labels[area_of_site(place.sites, place.areas)]
    for part in parts_of(whole, labels[place.area_of_origin], grounds):
        asked = problem_of_part(whole, part, 4, None)
        rows = whole.minutes[part.rows].toarray()
        assert np.array_equal(asked.minutes.toarray(), rows[:, part.sites])
        reached = np.flatnonzero((rows > 0).any(axis=0))
        left_out = np.setdiff1d(reached, part.sites)
        assert not np.isin(left_out, whole.keep).any()
        assert (grounds[left_out] != part.name).all()


def test_a_column_that_parts_nothing_is_refused(place):
    with pytest.raises(InputError, match="no text in a column 'people'"):
        plan_everywhere(place, ASKED, by="people")
    areas = place.areas.copy()
    areas.loc[3, "council_code"] = None
    with pytest.raises(InputError, match=r"1 area of .* have no council_code"):
        plan_everywhere(replace(place, areas=areas), ASKED, by="council_code")


def test_a_part_that_lacks_what_a_rule_names_is_told_before_anything_is_planned(place):
    asked = ASKED.with_settings(["at_least=council:Wrackshire (SYNTHETIC)=1"])
    with pytest.raises(InputError) as caught:
        plan_everywhere(place, asked, by="council_code")
    assert [fault.file for fault in caught.value.faults] == ["X10000001"]


def test_a_part_without_a_plan_keeps_what_is_open_there(place):
    asked = ASKED.with_settings(["floors=everyone=50"])
    found = plan_everywhere(place, asked, by="council_code", share="people")
    row = found.table.set_index("part").loc["X10000002"]
    assert row["status"] == "infeasible"
    assert row["reason"]
    assert row["new_centres"] == 0
    assert row["centres"] > 0
    assert "No plan for X10000002" in found.outcome.plan.reason


def test_where_no_part_has_a_plan_there_is_none(place):
    asked = ASKED.with_settings(["floors=everyone=100"])
    outcome = plan_everywhere(place, asked, by="council_code", share="people").outcome
    assert (outcome.plan.status, outcome.plan.opened) == ("infeasible", ())
    assert "No plan for X10000001, X10000002" in outcome.plan.reason


def test_one_centre_more_plans_only_the_part_that_gets_it(place, tmp_path):
    plan_everywhere(place, ASKED, "council_code", "people", tmp_path)
    before = set((tmp_path / "finished").iterdir())
    more = ASKED.with_settings(["count=9"])
    plan_everywhere(place, more, "council_code", "people", tmp_path)
    assert len(set((tmp_path / "finished").iterdir()) - before) == 1


def test_people_parted_by_car_are_planned_in_their_part(place):
    asked = ASKED.with_settings(["modes=by_car_availability", "reach=15"])
    found = plan_everywhere(place, asked, by="council_code", share="people")
    assert found.table["people"].sum() == place.people
    within = found.outcome.assessment.people_within["people_after"].loc[15]
    assert found.table["people_after"].sum() == pytest.approx(within)


def test_a_part_without_sites_has_no_centre_and_lives_from_those_around(place):
    areas = place.areas.copy()
    grounds = area_of_site(place.sites, place.areas)
    empty = np.setdiff1d(np.arange(len(areas)), grounds)[:5]
    areas["district_code"] = "full"
    areas.loc[empty, "district_code"] = "empty"
    found = plan_everywhere(replace(place, areas=areas), ASKED, by="district_code", share="people")
    row = found.table.set_index("part").loc["empty"]
    assert (row["sites"], row["count"], row["centres"]) == (0, 0, 0)
    assert row["status"] == "optimal"
    assert found.outcome.plan.status == "feasible"
    assert not found.outcome.plan.reason


def test_scenarios_times_parts_are_one_run_with_the_results_of_each(
    capsys, folder, asked, tmp_path
):
    words = ("everywhere", folder, "--scenarios", asked / "*.toml", "--by", "council_code")
    words = (*words, "--share", "people", "--out", tmp_path / "o", "--jobs", 1, "--json")
    code, told, _ = command(capsys, *words)
    said = json.loads(told)
    assert code == 0
    assert [(row["scenario"], row["centres"]) for row in said["rows"]] == [
        ("n4", 4), ("n5", 5), ("n6", 6)
    ]  # fmt: skip
    parts = pd.read_csv(tmp_path / "o" / "parts.csv")
    one = plan_everywhere(
        load(folder), Scenario(model="max_coverage", mode="cycle", engine="estimate", count=5),
        "council_code", "people",
    )  # fmt: skip
    columns = ["part", "people_after", "centres"]
    ours = parts.loc[parts["scenario"] == "n5", columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(ours, one.table[columns], check_dtype=False)
    (asked / "n5.toml").write_text((asked / "n5.toml").read_text().replace("= 5", "= 7"))
    again = json.loads(command(capsys, *words)[1])
    assert "2 from an earlier run" in again["words"]
    assert [row["centres"] for row in again["rows"]] == [4, 7, 6]
    stored = next((tmp_path / "o" / "finished").glob("parts-*.json"))
    stored.write_text("{")  # damaged: made again
    assert "3 from" not in json.loads(command(capsys, *words)[1])["words"]
