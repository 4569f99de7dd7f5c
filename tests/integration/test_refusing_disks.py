"""Disks that refuse: a sentence, exit code 2, and everything that was there is still there."""

import errno
import io
import multiprocessing
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from nhcplanner import Scenario, cli, layers, workflow
from nhcplanner.base.errors import InputError, PlannerWarning

DEMO = layers.demo_folder()
NOBODY = 65_534
QUICK = ("--set", "count=4", "--set", "time_limit=5", "--set", "mode=drive")


def reader(pipe: Connection, folder: Path) -> None:
    """Run commands as one who may read a place and a plan but not write there.

    Root may write anything, so root becomes nobody; every module is imported before that.
    """
    shut, free = folder / "shut", folder / "free"
    plan = ["plan", shut / "place", *QUICK, "--no-cache", "--out"]
    run(*plan, shut / "plan")
    run(*built_with(shut, shut / "sites.csv"))
    for path in (shut, *shut.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    (free / "sites.csv").chmod(0)
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    keeping = ["plan", shut / "place", *QUICK, "--out", free / "plan"]
    asked = ([*plan, shut / "plan"], keeping, built_with(shut, free / "sites.csv"))
    pipe.send([run(*words) for words in asked])


def run(*words: object) -> tuple[int, str]:
    """Exit code and stderr of a command."""
    err, sys.argv = io.StringIO(), ["nhcplanner", *map(str, words)]
    with redirect_stdout(io.StringIO()), redirect_stderr(err):
        try:
            cli.main()
        except SystemExit as stop:
            return int(stop.code or 0), err.getvalue()
    return 0, err.getvalue()


def built_with(shut: Path, sites: Path) -> list[object]:
    return ["build", "--areas", shut / "place" / "areas.parquet", "--sites", sites, "--out", "p"]


@pytest.fixture(scope="module")
def told() -> dict[str, tuple[int, str]]:
    """What a reader was told who writes a plan, keeps minutes, and reads what is hidden."""
    if not hasattr(os, "getuid"):
        pytest.skip("no users to become on this system")
    with TemporaryDirectory() as made:
        folder = Path(made)
        shutil.copytree(DEMO, folder / "shut" / "place")
        (folder / "shut" / "sites.csv").write_text("site_id\n")
        (folder / "free").mkdir()
        (folder / "free" / "sites.csv").write_text("site_id\n")
        folder.chmod(0o755)
        (folder / "free").chmod(0o777)
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        child = context.Process(target=reader, args=(theirs, folder))
        child.start()
        theirs.close()
        found = dict(zip(("plan", "minutes", "hidden"), ours.recv(), strict=True))
        child.join()
        found["there"] = (len([*(folder / "shut" / "plan").iterdir()]), "")
        found["kept"] = (int((folder / "shut" / "place" / "times").exists()), "")
        found["planned"] = (int((folder / "free" / "plan" / "plan.json").is_file()), "")
        for path in (folder / "shut", *(folder / "shut").rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
    return found


def test_nothing_is_written_where_nothing_may_be(told):
    code, words = told["plan"]
    assert code == 2
    assert "cannot be written (Permission denied)" in words
    assert told["there"][0] >= 9


def test_a_place_that_may_only_be_read_is_planned_for_all_the_same(told):
    code, words = told["minutes"]
    assert code == 0
    assert told["planned"][0]
    assert "minutes are not kept" in words
    assert not told["kept"][0]


def test_a_file_that_may_not_be_read_is_a_sentence(told):
    code, words = told["hidden"]
    assert code == 2
    assert "is not readable" in " ".join(words.replace("│", " ").split())
    assert "Traceback" not in words


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _place(folder: Path) -> object:
    return layers.write_place(workflow.demo_place(), folder / "place", timetable=b"more")


def _work(folder: Path, count: int) -> object:
    return layers.save(layers.Saved("demo", Scenario(count=count)), folder / "work.json")


@pytest.mark.parametrize(
    ("begun", "written"),
    [
        (lambda folder: shutil.copytree(DEMO, folder / "place"), _place),
        (lambda folder: _work(folder, 2), lambda folder: _work(folder, 3)),
    ],
)
def test_a_full_disk_is_a_sentence_and_the_old_stays(
    begun: Callable, written: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun(tmp_path)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    monkeypatch.setattr(Path, "write_bytes", full)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match=r"the disk is full.*Make room"):
        written(tmp_path)
    monkeypatch.undo()
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


def test_minutes_that_cannot_be_kept_are_measured_all_the_same(tmp_path, monkeypatch):
    place = workflow.load(shutil.copytree(DEMO, tmp_path / "place"))
    scenario = Scenario(mode="drive")
    fresh = workflow.measure(place, scenario, keep=False)
    monkeypatch.setattr(np, "savez", full)
    with pytest.warns(PlannerWarning, match="minutes are not kept.*the disk is full"):
        found = workflow.measure(place, scenario)
    assert (found.minutes != fresh.minutes).nnz == 0
    assert not list((tmp_path / "place" / "times").glob("*"))
