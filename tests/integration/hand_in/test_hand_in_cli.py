"""export, rerun and compare as a user meets them."""

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from nhcplanner import layers, outputs
from nhcplanner.outputs import export_formats
from tests.integration.command import run

DEMO = layers.demo_folder()
FAST = ["--seconds", "5", "--without", "modes", "--without", "robustness", "--without", "losses"]


def files(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_export_writes_what_was_asked_for_with_the_record(capsys, plan_dir, tmp_path):
    out = tmp_path / "hand-in"
    code, told, _ = run(capsys, "hand-in", plan_dir, "--out", out, "--formats", "csv,XLSX", *FAST)
    assert code == 0
    assert "robustness: Not requested" in told
    found = files(out)
    assert {"plan.json", "tables/groups.csv", "tables/columns.csv", "tables/notes.csv"} <= found
    assert any(name.endswith(".xlsx") for name in found)
    groups = pd.read_csv(out / "tables" / "groups.csv")
    assert groups["place"].str.startswith("SYNTHETIC").all()
    columns = pd.read_csv(out / "tables" / "columns.csv")
    named = columns.loc[columns["table"] == "groups", "column"].tolist()
    assert groups.columns.tolist() == ["place", *named]


def test_a_hand_in_can_be_exported_again_from_its_own_record(capsys, plan_dir, tmp_path):
    for source, name in ((plan_dir, "one"), (tmp_path / "one", "two")):
        words = ["hand-in", source, "--out", tmp_path / name, "--formats", "csv", *FAST]
        assert run(capsys, *words)[0] == 0
    one, two = (json.loads((tmp_path / n / "plan.json").read_text("utf-8")) for n in ("one", "two"))
    assert one["plan"] == two["plan"]
    assert one["inputs"] == two["inputs"]
    assert one["date"] == json.loads((plan_dir / "plan.json").read_text("utf-8"))["date"]


def test_json_says_what_was_written(capsys, plan_dir, tmp_path):
    out = tmp_path / "o"
    words = ["hand-in", plan_dir, "--out", out, "--formats", "csv", *FAST, "--json"]
    said = json.loads(run(capsys, *words)[1])
    assert all(Path(path).is_file() for path in said["files"])
    assert said["tables"]["groups"] > 10
    assert said["reasons"]["losses"] == "Not requested"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--formats", "csv,pdf,shpx"], "there is no format 'shpx'"),
        (["--formats", ","], "no format is named"),
        (["--formats", "csv", "--without", "nonsense"], "unknown part of evidence 'nonsense'"),
        (["--formats", "csv", "--rate", "3.5"], "rate must be a share"),
        (["--formats", "csv", "--wave", "2030"], "'2030' is not a wave"),
        (["--formats", "csv", "--place", "nowhere"], "no such folder"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    capsys, plan_dir, tmp_path, words, message
):
    out = tmp_path / "o"
    code, _, error = run(capsys, "hand-in", plan_dir, "--out", out, *words)
    assert code == 2
    assert message in error.replace("\n", " ")
    assert "Traceback" not in error
    assert not out.exists()


def test_a_folder_without_a_plan_is_named(capsys, tmp_path):
    code, _, error = run(capsys, "hand-in", tmp_path, "--out", tmp_path / "o", "--formats", "csv")
    assert code == 2
    assert "no such file" in error


def test_a_full_disk_leaves_the_earlier_hand_in_whole(capsys, plan_dir, tmp_path, monkeypatch):
    out = tmp_path / "o"
    words = ["hand-in", plan_dir, "--out", out, "--formats", "csv", *FAST]
    assert run(capsys, *words)[0] == 0
    before = {name: (out / name).read_bytes() for name in files(out)}

    def full(evidence, folder):
        (folder / "half.txt").write_text("half")
        raise OSError(errno.ENOSPC, "No space left on device", str(folder / "half.txt"))

    broken = dict(export_formats.WRITERS) | {"csv": outputs.Writer("csv", "", full)}
    monkeypatch.setattr(export_formats, "WRITERS", broken)
    code, _, error = run(capsys, *words)
    assert code == 2
    assert "the disk is full" in error
    assert {name: (out / name).read_bytes() for name in files(out)} == before


def test_a_format_that_shows_no_search_asks_for_none(capsys, plan_dir, tmp_path, monkeypatch):
    def write(evidence, folder):
        (folder / "areas.txt").write_text(str(len(evidence.areas)))

    only = {"areas": outputs.Writer("areas", "", write, explores=False)}
    monkeypatch.setattr(export_formats, "WRITERS", only)
    words = ["hand-in", plan_dir, "--out", tmp_path / "o", "--formats", "areas", "--json"]
    said = json.loads(run(capsys, *words)[1])
    assert said["reasons"]["price"] == "Not requested"
    assert (tmp_path / "o" / "areas.txt").read_text() == "250"


def test_rerun_says_the_same_in_words_and_json(capsys, plan_dir):
    code, told, _ = run(capsys, "rerun", plan_dir / "plan.json", DEMO)
    assert code == 0
    assert told.startswith("Same centres: all 4")
    said = json.loads(run(capsys, "rerun", plan_dir / "plan.json", DEMO, "--json")[1])
    assert said["same"]
    assert said["before"] == said["now"]


def test_compare_writes_and_prints_the_differences(capsys, plan_dir, tmp_path):
    other = tmp_path / "other"
    words = ["--set", "count=5", "--set", "engine=estimate", "--set", "bands=2"]
    assert run(capsys, "plan", DEMO, *words, "--out", other)[0] == 0
    code, told, _ = run(capsys, "compare", plan_dir, other, "--out", tmp_path / "c")
    assert code == 1  # other centres open
    assert "People within reach" in told
    assert files(tmp_path / "c") == {"centres.csv", "groups.csv", "areas.csv", "differences.txt"}
    assert pd.read_csv(tmp_path / "c" / "centres.csv")["in_b"].sum() == 5
    said = json.loads(run(capsys, "compare", plan_dir, other, "--json")[1])
    assert not said["same_centres"]
    assert said["areas_changed"] > 0
    code, told, _ = run(capsys, "compare", plan_dir, plan_dir)
    assert code == 0
    assert "Same centres: all 4" in told


def test_a_home_that_cannot_be_written_is_no_news_of_the_charts(tmp_path):
    (tmp_path / "home").touch()  # a file where a folder would have to be
    code = "from nhcplanner.outputs.export_formats import _brief; _brief()"
    home = {**os.environ, "MPLCONFIGDIR": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=home
    )
    assert done.stderr == ""
