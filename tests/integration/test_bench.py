"""The bench itself, not the speed of anything: tiny instances, every row told, sums right."""

import csv
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nhcplanner import Problem
from nhcplanner.explore import Wave, plan_in_waves
from tests.benchmarks.bench_england import told_of
from tests.benchmarks.frame import OURS, ROOT, Asked, Row, scaled_up
from tests.benchmarks.roads import apart
from tests.benchmarks.table import Table, cells, with_ratio

COMMAND = [sys.executable, "-m", "tests.benchmarks", "--short", "--out"]


@pytest.fixture(scope="module")
def told(tmp_path_factory) -> Path:
    """The table's path without its ending, after a short run where nothing else is to be had."""
    out = tmp_path_factory.mktemp("bench")
    bare = {key: text for key, text in os.environ.items() if not key.startswith("NHCPLANNER_")}
    done = subprocess.run(
        [*COMMAND, str(out)], cwd=ROOT, env=bare, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    (table,) = out.glob("*.json")
    return table.with_suffix("")


@pytest.fixture(scope="module")
def rows(told) -> list[Row]:
    return [Row(**row) for row in json.loads(told.with_suffix(".json").read_text("utf-8"))["rows"]]


def test_every_row_has_figures_or_says_why_not(rows):
    for row in rows:
        if row.note.startswith("not run: "):
            assert row.cpu is row.wall is row.value is row.ratio is None
        else:
            if row.note.startswith("infeasible: "):
                assert row.value is None, row
            else:
                assert row.value > 0 or "none in reach" in row.job, row
            assert row.cpu >= 0, row
            assert row.wall > 0, row
            assert row.memory is None or row.memory > 10, row
    assert {row.job.split(",")[0] for row in rows if row.tool == OURS and row.value} >= {
        "drive", "most people", "fewest centres for everyone", "lowest HLE first",
    }  # fmt: skip
    lacking = " ".join(row.note for row in rows)
    assert "not run: no real layers" in lacking
    assert "not run: no instances" in lacking


def test_other_tools_agree_with_ours(rows):
    ours = {row.job: row for row in rows if row.tool == OURS}
    others = [row for row in rows if row.tool != OURS and row.value is not None]
    assert {row.tool for row in others} >= {
        "scipy, 8 sites a call", "scipy, 100 sites a call", "networkx",
        "PuLP with CBC", "PuLP with HiGHS",
    }  # fmt: skip
    for row in others:
        if row.scaled == 1:
            assert row.value == pytest.approx(ours[row.job].value), row
        if row.unit == "pairs":
            assert row.note.startswith("0 of "), row


def test_ratios_are_of_the_same_job_in_the_same_run(rows):
    ours = {row.job: row for row in rows if row.tool == OURS}
    held = [row for row in rows if row.tool != OURS and row.ratio is not None]
    assert held
    for row in held:
        own = ours[row.job]
        spent = (row.cpu, own.cpu) if row.cpu and own.cpu else (row.wall, own.wall)
        assert row.ratio == pytest.approx(spent[0] / spent[1])


def test_page_table_and_record_tell_the_same(told, rows):
    with told.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        listed = list(csv.DictReader(file))
    assert [(row["job"], row["tool"]) for row in listed] == [(row.job, row.tool) for row in rows]
    page = told.with_suffix(".md").read_text("utf-8")
    assert page.count("\n| ") == len(rows) + 1
    record = json.loads(told.with_suffix(".json").read_text("utf-8"))
    assert record["state"] == "finished"
    assert record["machine"]["cores"] == str(os.cpu_count())
    assert all(f"{name} {value}" in page for name, value in record["versions"].items())


@pytest.mark.skipif(os.name != "posix", reason="Windows sends no such signal")
def test_stopped_by_hand_it_keeps_what_there_is(tmp_path):
    with subprocess.Popen(
        [*COMMAND, str(tmp_path), "--only", "siting", "size"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout.readline().startswith("most people")
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)
    assert run.returncode == 130
    (table,) = tmp_path.glob("*.json")
    record = json.loads(table.read_text("utf-8"))
    assert record["state"] == "stopped by hand"
    assert record["rows"][0]["value"] > 0
    assert not list(tmp_path.glob(".*"))


def test_a_row_that_fails_says_so_and_one_that_takes_too_long_is_ended(tmp_path):
    asked = Asked(tmp_path)
    failed = asked.measure("job", "bench_published:pmed", file=tmp_path / "none.txt")
    assert failed.note.startswith("failed: FileNotFoundError")
    late = asked.measure("job", "bench_published:pmed", limit=0.01, file=tmp_path / "none.txt")
    assert late.note == "not done in 0 s"


def test_waves_without_a_plan_are_a_row_that_says_why():
    problem = Problem.from_minutes([[5, 9], [9, 5]], people=[10, 20], keep=[0, 1])

    def told(*counts):
        waves = [Wave(str(count), count) for count in counts]
        return told_of(plan_in_waves(problem, "max_coverage", waves))

    nothing, all_of_it = told(1), told(2)
    assert nothing.keys() == {"note"}
    assert "2 sites must open but at most 1 centre" in nothing["note"]
    assert (all_of_it["value"], all_of_it["gap"]) == (30.0, 0.0)
    assert Row(job="waves", **nothing).value is None


def test_a_part_is_scaled_up_and_what_is_not_run_is_not():
    row = scaled_up(Row(job="j", tool="t", cpu=2.0, wall=1.0), 5)
    assert (row.cpu, row.wall, row.scaled) == (10.0, 5.0, 5)
    assert "a part done, seconds x 5" in cells(row)[-1]
    missing = Row(job="j", tool="t", note="not run: t is not installed")
    assert scaled_up(missing, 5) == missing


def test_without_our_own_figure_there_is_no_ratio():
    other = Row(job="j", tool="t", cpu=3.0, wall=9.0)
    ours = Row(job="j", cpu=1.5, wall=3.0)
    assert with_ratio(other, []).ratio is None
    assert with_ratio(other, [replace(ours, job="another")]).ratio is None
    assert with_ratio(other, [replace(ours, cpu=None)]).ratio == 3.0
    assert with_ratio(other, [ours]).ratio == 2.0


def test_a_table_is_written_after_each_row(tmp_path):
    table = Table(tmp_path)
    table.keep(Row(job="first | job", wall=1.0))
    (page,) = tmp_path.glob("*.md")
    assert "1 rows, not finished" in page.read_text("utf-8")
    table.keep(Row(job="second", wall=1.0))
    assert "second" in page.read_text("utf-8")
    assert len(list(tmp_path.iterdir())) == 3


def test_pairs_in_reach_of_one_tool_alone_are_counted():
    ours, others = np.array([[1.0, np.inf, 3.0]]), np.array([[1.5, 2.0, np.inf]])
    assert apart(ours, others) == "2 of 3 pairs on another side, at most 5.0e-01 minutes apart"
