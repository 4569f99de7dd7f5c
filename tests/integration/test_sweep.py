"""Many scenarios on one place: the same from one process, several and Dask; kept as they come."""

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from distributed import LocalCluster

from nhcplanner import layers, load, open_plan, run
from nhcplanner.base.errors import InputError, PlannerError, PlannerWarning
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario
from nhcplanner.scale import Executor, plan_everywhere
from nhcplanner.scale.sweep import sweep
from nhcplanner.scale.workers import StoppedError
from nhcplanner.scale.workers import _has_no_worker as has_no_worker

BASE = Scenario(model="max_coverage", mode="drive", reach=10, engine="estimate", time_limit=20)
SCENARIOS = {
    "four": BASE.with_settings(["count=4"]),
    "walked": BASE.with_settings(["count=5", "mode=walk"]),
    "six": BASE.with_settings(["count=6", "model=lowest_hle_first"]),
    "too few": BASE.with_settings(["count=1"]),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Place:
    folder = tmp_path_factory.mktemp("own") / "place"
    shutil.copytree(layers.demo_folder(), folder)
    return load(folder)


@pytest.fixture(scope="module")
def cluster() -> Iterator[str]:
    """Address of a Dask scheduler with two workers, each a process of its own."""
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as made:
        yield made.scheduler_address


@pytest.fixture(params=["two processes", "Dask"])
def executor(request) -> Executor:
    if request.param == "Dask":
        return Executor(dask=request.getfixturevalue("cluster"))
    return Executor(2)


def written(folder: Path) -> dict[str, bytes]:
    """What is in a folder, without what tells seconds and dates."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*.csv"))
    }


@pytest.fixture(scope="module")
def alone(place, tmp_path_factory):
    """What one process makes: a sweep, and every part by itself."""
    out = tmp_path_factory.mktemp("alone")
    swept = sweep(place, SCENARIOS, out / "swept")
    parted = plan_everywhere(place, SCENARIOS["six"], "council_code", "people", out / "parted")
    return out, swept, parted


def test_whoever_plans_the_plans_and_the_tables_are_the_same(alone, executor, place, tmp_path):
    out, swept, _ = alone
    again = sweep(place, SCENARIOS, tmp_path, executor)
    assert {name: plan.opened for name, plan in again.plans.items()} == {
        name: plan.opened for name, plan in swept.plans.items()
    }
    assert written(tmp_path) == written(out / "swept")
    assert len(written(tmp_path)) == 1


def test_parts_planned_by_a_cluster_are_the_same(alone, cluster, place, tmp_path):
    out, _, parted = alone
    asked, executor = SCENARIOS["six"], Executor(dask=cluster)
    again = plan_everywhere(place, asked, "council_code", "people", tmp_path, executor)
    assert again.outcome.plan.opened == parted.outcome.plan.opened
    assert written(tmp_path) == written(out / "parted")
    assert len(written(tmp_path)) == 2


def test_a_scenario_is_planned_as_run_would(alone, place):
    _, swept, _ = alone
    outcome = run(place, SCENARIOS["six"])
    assert swept.plans["six"].opened == outcome.plan.opened
    row = swept.table.set_index("scenario").loc["six"]
    assert row["people_after"] == outcome.assessment.people_within["people_after"].loc[10]
    assert row["first_band_after"] == outcome.assessment.by_band["share_after_10"].loc[1]
    assert row["gap"] == 0


def test_a_scenario_without_a_plan_has_its_reason_and_no_figures(alone):
    _, swept, _ = alone
    row = swept.table.set_index("scenario").loc["too few"]
    assert row["status"] == "infeasible"
    assert row["reason"]
    assert row[["gap", "people_after", "share_after", "first_band_after"]].isna().all()


def test_a_plan_of_a_sweep_opens_as_any_other(alone):
    out, swept, _ = alone
    outcome = open_plan(out / "swept" / "plans" / "six.json")
    assert outcome.plan.opened == swept.plans["six"].opened
    assert not [note for note in outcome.assessment.notes if "Changed" in note]


def test_the_record_says_what_each_plan_rests_on(alone):
    _, swept, _ = alone
    said = swept.record
    assert {one["layer"] for one in said["inputs"]} >= {"areas", "sites", "place"}
    assert all(len(one["sha256"]) == 64 for one in said["inputs"])
    assert set(said["scenarios"]) == set(SCENARIOS)
    plan = said["plans"][2]
    assert (plan["scenario"], plan["status"]) == ("six", "optimal")
    assert len(plan["key"]) == 64
    assert "HiGHS" in plan["solver"]
    assert all(stage["gap"] == 0 for stage in plan["stages"])
    assert said["date"]


def test_a_second_sweep_plans_only_what_is_missing(alone, place, tmp_path):
    out, swept, _ = alone
    finished = shutil.copytree(out / "swept", tmp_path / "swept") / "finished"
    before = {path.name: path.stat().st_mtime_ns for path in finished.iterdir()}
    changed = SCENARIOS | {"six": SCENARIOS["six"].with_settings(["reach=12"])}
    again = sweep(place, changed, tmp_path / "swept")
    after = {path.name: path.stat().st_mtime_ns for path in finished.iterdir()}
    assert len(after) == len(before) + 1
    assert after.items() > before.items()
    assert again.plans["four"].opened == swept.plans["four"].opened
    kept = pd.read_csv(tmp_path / "swept" / "sweep.csv").set_index("scenario")
    assert kept.loc["six", "reach"] == 12


def test_a_changed_place_is_planned_anew(alone, place, tmp_path):
    out, swept, _ = alone
    shutil.copytree(out / "swept", tmp_path / "swept")
    sites = place.sites.copy()
    lost = sites["site_id"].iloc[swept.plans["four"].opened[-1]]
    sites.loc[sites["site_id"] == lost, "status"] = "forbidden"
    moved = replace(place, sites=sites)
    again = sweep(moved, {"four": SCENARIOS["four"]}, tmp_path / "swept")
    assert again.plans["four"].opened != swept.plans["four"].opened


def test_stopping_keeps_what_is_finished(place, tmp_path):
    finished = tmp_path / "swept" / "finished"

    def after_one(_words: str) -> bool:
        return not (finished.is_dir() and list(finished.glob("*.json")))

    with pytest.raises(PlannerError, match="1 of 4 plans are made and kept"):
        sweep(place, SCENARIOS, tmp_path / "swept", Executor(progress=after_one))
    assert len(list(finished.glob("*.json"))) == 1
    assert not (tmp_path / "swept" / "sweep.csv").exists()


def test_every_fault_of_every_scenario_is_told_before_anything_starts(place, tmp_path):
    faulty = SCENARIOS | {
        "kinds": BASE.with_settings(["kinds=castle", "engine=matrix"]),
        "names": BASE.with_settings(["keep=NOWHERE", "at_most=kind:castle=1"]),
    }
    with pytest.raises(InputError) as caught:
        sweep(place, faulty, tmp_path / "swept")
    said = str(caught.value)
    assert "castle" in said
    assert "NOWHERE" in said
    assert "matrix" in said
    assert {fault.file.partition(":")[0] for fault in caught.value.faults} == {"kinds", "names"}
    assert not (tmp_path / "swept").exists()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "tls://127.0.0.1:9", "scheduler"])
def test_a_dask_address_where_nobody_answers_is_told(place, monkeypatch, address):
    monkeypatch.setattr("nhcplanner.scale.workers.PATIENCE", 1)
    with pytest.raises(InputError, match=f"no Dask scheduler answers at '{address}'"):
        sweep(place, SCENARIOS, executor=Executor(dask=address))


def dies_once(number: int, flag: str, progress=None) -> int:
    """Die at the first try as `kill -9` makes one die."""
    if number == 1 and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), 9)
    return number


@pytest.mark.skipif(os.name == "nt", reason="kills itself by a signal")
def test_a_dask_worker_that_is_killed_loses_no_answer(cluster, tmp_path):
    tasks = ((number, str(tmp_path / "died")) for number in range(4))
    made = sorted(Executor(dask=cluster).do(dies_once, tasks, str))
    assert made == [(number, number) for number in range(4)]
    assert (tmp_path / "died").exists()


def slow(number: int, progress=None) -> int:
    time.sleep(2)
    return number


def test_that_no_dask_worker_is_left_is_told_while_it_waits(cluster, monkeypatch):
    monkeypatch.setattr("nhcplanner.scale.workers._has_no_worker", lambda _: True)
    warned = pytest.warns(PlannerWarning, match="no Dask worker is left")
    with warned as told, pytest.raises(StoppedError):
        list(Executor(dask=cluster, progress=lambda _: not told.list).do(slow, [(1,)], str))


class Scheduler:
    """What a client is told of the workers there are."""

    def __init__(self, workers: dict[str, int] | None) -> None:
        self.workers = workers

    def nthreads(self) -> dict[str, int]:
        if self.workers is None:
            raise OSError("gone")
        return self.workers


@pytest.mark.parametrize(("workers", "said"), [({}, True), ({"tcp://a": 1}, False), (None, False)])
def test_a_scheduler_without_a_worker_is_told_from_one_that_is_gone(workers, said):
    assert has_no_worker(Scheduler(workers)) is said


def size(numbers: np.ndarray, progress=None) -> int:
    return len(numbers)


def test_a_large_question_is_sent_to_a_dask_worker_without_a_word(cluster):
    assert list(Executor(dask=cluster).do(size, [(np.zeros(2_000_000),)], str)) == [(0, 2_000_000)]
