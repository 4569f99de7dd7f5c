"""JSON of the command line: one envelope for every command, for results and for errors."""

import json
from pathlib import Path

import pytest

from nhcplanner import layers, workflow
from tests.integration.command import run

DEMO = layers.demo_folder()
QUICK = ("--set", "count=4", "--set", "engine=estimate")


def said(capsys, *words) -> tuple[int, dict]:
    code, out, _ = run(capsys, *words, "--json")
    return code, json.loads(out)


def test_every_result_names_its_command_and_the_version_of_the_layout(capsys):
    code, found = said(capsys, "keys", "reach")
    assert code == 0
    assert list(found)[:2] == ["version", "command"]
    assert (found["version"], found["command"]) == (1, "keys")


def test_an_old_name_of_a_command_gives_the_new_one(capsys):
    code, found = said(capsys, "export", "no-such-plan", "--out", "never")
    assert (code, found["command"]) == (2, "hand-in")


def test_an_error_lists_every_fault_with_what_to_do(capsys):
    code, found = said(capsys, "plan", DEMO, "--set", "cuont=3", "--set", "raech=4")
    assert code == found["error"]["exit_code"] == 2
    faults = found["error"]["faults"]
    assert [one["file"] for one in faults] == ["--set", "--set"]
    assert [one["hint"] for one in faults] == ["Did you mean count?", "Did you mean reach?"]
    assert found["error"]["message"].startswith("2 problems found:")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("need",), "Missing argument"),
        (("plan", "demo", "--cuont", "3"), "No such option: --cuont"),
        (("plan", "demo", "--seconds", "long"), "Invalid value for '--seconds'"),
        (("no-such-command",), "No such command"),
    ],
)
def test_an_error_about_an_option_is_one_object_too(words, problem, capsys):
    code, found = said(capsys, *words)
    assert code == 2
    assert problem in found["error"]["message"]
    assert "--help" in found["error"]["faults"][0]["hint"]


def test_an_error_without_json_prints_nothing_on_stdout(capsys):
    code, out, err = run(capsys, "need", "no-such-place")
    assert (code, out) == (2, "")
    assert "no-such-place" in err


def test_a_question_about_a_saved_plan_is_about_that_plan(capsys, tmp_path):
    made = said(capsys, "plan", DEMO, *QUICK, "--out", tmp_path / "p")[1]["plan"]["opened"]
    for saved in (tmp_path / "p", tmp_path / "p" / "plan.json"):
        code, found = said(capsys, "explain", saved)
        assert code == 0
        assert {row["site_id"] for row in found["tables"]["centres"]} == set(made)
        assert "Travel times are an estimate" in found["words"]
    code, found = said(capsys, "waves", saved, "--wave", "2030=4", "--seconds", "20")
    assert set(found["rows"][0]["opens"]) | kept() == set(made)


def kept() -> set[str]:
    """Ids of the demo's sites that are open in every plan."""
    sites = workflow.load(DEMO).sites
    return set(sites.loc[sites["status"].isin(["existing", "committed"]), "site_id"])


def test_a_saved_plan_keeps_its_scenario(capsys, tmp_path):
    run(capsys, "plan", DEMO, *QUICK, "--out", tmp_path / "p")
    file = tmp_path / "p" / "scenario.toml"
    for option in (("--set", "count=5"), ("--scenario", file)):
        code, _, err = run(capsys, "explain", tmp_path / "p", *option)
        assert code == 2
        assert "a saved plan has its own scenario" in err
    assert run(capsys, "explain", tmp_path / "p", "--set", "time_limit=9")[0] == 0


def test_a_rerun_finds_the_place_that_the_record_names(capsys, tmp_path):
    run(capsys, "plan", DEMO, *QUICK, "--out", tmp_path / "p")
    code, found = said(capsys, "rerun", tmp_path / "p")
    assert (code, found["same"]) == (0, True)
    code, found = said(capsys, "compare", tmp_path / "p", tmp_path / "p")
    assert code == 0
    assert found["estimate"].startswith("Travel times are an estimate")


@pytest.mark.parametrize("command", ["access", "gaps"])
def test_questions_about_today_take_mode_and_reach_from_the_scenario(command, capsys, tmp_path):
    file = tmp_path / "s.toml"
    file.write_text('mode = "drive"\nreach = 30\n', encoding="utf-8")
    words = (command, DEMO, "--kind", "library")
    in_file = said(capsys, *words, "--scenario", file)[1]
    by_option = said(capsys, *words, "--mode", "drive", "--set", "reach=30")[1]
    assert in_file == by_option
    assert in_file != said(capsys, *words)[1]
    code, _, err = run(capsys, *words, "--mode", "bus")
    assert (code, "there is no mode 'bus'" in err) == (2, True)


def test_access_on_estimates_says_so(capsys):
    words = ("access", DEMO, "--kind", "library")
    code, found = said(capsys, *words, "--set", "engine=estimate")
    assert code == 0
    assert found["estimate"]
    assert "Minutes are an estimate" in found["words"]
    measured = said(capsys, *words)[1]
    assert not measured["estimate"]
    assert "estimate" not in measured["words"]


def test_a_sweep_takes_the_place_first_and_its_old_option_with_a_note(capsys, tmp_path):
    file = Path(tmp_path / "four.toml")
    file.write_text('count = 4\nengine = "estimate"\n', encoding="utf-8")
    more = ("--out", tmp_path / "o", "--jobs", "1", "--json")
    code, out, err = run(capsys, "sweep", DEMO, file, *more)
    assert (code, "Note" in err) == (0, False)
    old_code, old_out, err = run(capsys, "sweep", file, "--place", DEMO, *more)
    assert old_code == 0
    assert "the place comes first now" in err
    assert (
        json.loads(old_out)["rows"][0]["people_after"] == json.loads(out)["rows"][0]["people_after"]
    )
    code, _, err = run(capsys, "sweep", DEMO, *more)
    assert code == 2
    assert "no scenario is given" in err
