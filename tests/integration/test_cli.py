"""The command line as a user meets it: output, files, exit codes and messages."""

import json
import signal
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
from typer.main import get_command

from nhcplanner import cli, layers, workflow
from nhcplanner.base.errors import PlannerError
from nhcplanner.cli.commands import app
from tests.integration.command import run

DEMO = layers.demo_folder()
QUICK = ["--set", "count=4", "--set", "time_limit=20"]


def test_the_demo_plans_and_says_where_to_look(capsys, tmp_path):
    out = tmp_path / "demo"
    code, told, _ = run(capsys, "demo", "--out", out)
    assert code == 0
    assert "SYNTHETIC" in told
    assert str(out / "map.html") in told
    assert "nhcplanner app" in told
    assert len(told.splitlines()) < 60
    assert "Without priority" in told
    sites = gpd.read_file(out / "plan.gpkg", layer="sites")
    assert sites["role"].isin(["existing", "committed", "new"]).sum() == 8


def test_json_is_one_object_with_the_promised_keys(capsys, tmp_path):
    code, told, _ = run(capsys, "plan", DEMO, *QUICK, "--out", tmp_path / "p", "--json")
    said = json.loads(told)
    assert code == 0
    assert set(said["place"]) == {"name", "areas", "sites", "people"}
    assert {"mode", "engine", "estimate", "pairs"} <= set(said["times"])
    assert {"status", "model", "opened", "stages", "seconds", "solver"} <= set(said["plan"])
    wanted = {"people_within", "share_within", "by_band", "by_imd_quintile"}
    assert wanted <= set(said["assessment"])
    assert {"scenario", "files", "sources"} <= set(said)
    assert all(Path(file).is_file() for file in said["files"])
    assert {"goal", "value", "bound", "gap", "seconds"} <= set(said["plan"]["stages"][0])


def test_the_same_scenario_gives_the_same_files(capsys, tmp_path):
    for name in ("one", "two"):
        assert run(capsys, "plan", DEMO, *QUICK, "--out", tmp_path / name)[0] == 0
    names = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert names == sorted(path.name for path in (tmp_path / "two").iterdir())
    for name in names:
        one, two = (tmp_path / folder / name for folder in ("one", "two"))
        if name != "plan.json":  # which holds seconds and a date
            assert one.read_bytes() == two.read_bytes(), name
    first, second = (
        json.loads((tmp_path / folder / "plan.json").read_text("utf-8"))
        for folder in ("one", "two")
    )
    assert timeless(first) == timeless(second)


def test_an_impossible_scenario_is_answered_in_words(capsys, tmp_path):
    out = tmp_path / "p"
    code, told, _ = run(capsys, "plan", DEMO, "--set", "count=1", "--out", out, "--json")
    said = json.loads(told)
    assert code == 0
    assert said["plan"]["status"] == "infeasible"
    assert "must open" in said["plan"]["reason"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["plan", "nowhere", "--out", "p"], "no folder here has this name"),
        (["plan", DEMO, "--set", "cuont=3", "--out", "p"], "unknown key 'cuont'"),
        (["plan", DEMO, "--set", "model=best", "--out", "p"], "there is no model 'best'"),
        (["plan", DEMO, "--set", "keep=ZZ9", "--out", "p"], "names site 'ZZ9'"),
        (["plan", DEMO, "--set", "kinds=pub", "--out", "p"], "no site is of the kind 'pub'"),
        (["plan", DEMO, "--scenario", "none.toml", "--out", "p"], "none.toml"),
        (["check", "nowhere"], "no folder here has this name"),
        (["build", "--areas", "a.gpkg", "--sites", "s.csv", "--out", "p"], "a.gpkg"),
    ],
)
def test_bad_input_gets_one_message_and_writes_nothing(capsys, tmp_path, monkeypatch, words, told):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *words)
    assert code == 2
    assert told in " ".join(err.split())
    assert "Traceback" not in err
    assert out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_no_result_is_not_overwritten(capsys, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.docx").write_text("years of work")
    code, _, _ = run(capsys, "plan", DEMO, *QUICK, "--out", mine)
    assert (mine / "thesis.docx").read_text() == "years of work"
    assert code in (0, 2)


def test_debug_shows_the_traceback(capsys):
    with pytest.raises(PlannerError):
        run(capsys, "--debug", "check", "nowhere")


def test_build_then_check_from_the_users_own_files(capsys, tmp_path):
    sources = DEMO.parent / "sources"
    out = tmp_path / "place"
    code, told, err = run(
        capsys, "build", "--areas", sources / "areas.gpkg", "--sites", sources / "sites.csv",
        "--streets", sources / "streets.osm.pbf", "--gtfs", sources / "gtfs.zip",
        "--table", sources / "hle_by_council.csv", "--columns", sources / "columns.toml",
        "--name", "Mine", "--out", out,
    )  # fmt: skip
    assert code == 0, err
    assert "modelled" in told
    assert (out / "streets.npz").is_file()
    code, again, _ = run(capsys, "check", out)
    assert code == 0
    holds, files = again.strip().split("\n\nHow files were read\n")
    assert holds in told
    assert "sites.csv" in files  # in full here, one line a file in what build prints


def timeless(said: object) -> object:
    """What a record says, without seconds and dates."""
    if isinstance(said, dict):
        return {
            key: timeless(value)
            for key, value in said.items()
            if key not in {"seconds", "date", "created", "files"}
        }
    return [timeless(item) for item in said] if isinstance(said, list) else said


def test_ctrl_c_asks_for_the_best_so_far_and_twice_gives_up(capsys):
    with cli.shell.progressing() as progress:
        assert progress("solving") is True
        signal.raise_signal(signal.SIGINT)
        assert progress("solving") is False
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert "best plan so far" in capsys.readouterr().err


def test_access_counts_who_reaches_a_kind_of_building_by_each_mode(capsys):
    words = ["access", DEMO, "--kind", "gp_practice", "--mode", "walk", "--mode", "drive"]
    code, told, _ = run(capsys, *words, "--json")
    said = json.loads(told)
    assert code == 0
    assert said["drive"]["20"]["people"] > said["walk"]["20"]["people"] > 0
    assert said["walk"]["30"]["share"] <= 1
    assert "people who reach a GP practice" in run(capsys, *words)[1]


def test_access_is_measured_for_fairness_and_shared_by_catchments(capsys):
    words = ["access", DEMO, "--kind", "gp_practice", "--measure", "rii,3sfca", "--set",
             "engine=estimate", "--supply", "capacity", "--catchment", "20"]  # fmt: skip
    code, told, _ = run(capsys, *words, "--json")
    said = json.loads(told)
    assert code == 0
    assert [row["measure"] for row in said["measures"]["walk"]] == ["RII", "RII"]
    (shared,) = said["catchments"]["walk"]
    assert (shared["method"], shared["supply"], shared["catchment"]) == ("3sfca", "capacity", 20)
    assert len(shared["buildings"]) == 35
    _, text, _ = run(capsys, *words)
    assert "Three-step floating catchment (3SFCA)" in text
    assert "Left out, because capacity is not known" in text
    code, _, err = run(capsys, "access", DEMO, "--measure", "gin")
    assert (code, "Did you mean gini?" in err) == (2, True)


def test_competition_with_practices_sums_to_the_people_of_each_centre(capsys):
    words = ["competition", DEMO, *QUICK, "--set", "engine=estimate", "--kind", "gp_practice"]
    code, told, _ = run(capsys, *words, "--json")
    table = pd.DataFrame(json.loads(told)["tables"]["competition"])
    assert code == 0
    shares = table.groupby("site_id")["share"].sum()
    assert (shares - 1).abs().max() < 1e-9


def test_defaults_of_catchments_are_those_of_the_workflow():
    given = {one.name: one.default for one in get_command(app).commands["access"].params}
    assert given["supply"] == workflow.BUILDINGS
    assert given["catchment"] == workflow.CATCHMENT


def test_access_to_a_kind_that_is_not_there_is_a_message(capsys):
    code, _, err = run(capsys, "access", DEMO, "--kind", "pub")
    assert code == 2
    assert "no site is of the kind 'pub'" in err


def test_build_takes_own_points_where_people_start(capsys, tmp_path):
    sources, out, points = DEMO.parent / "sources", tmp_path / "p", tmp_path / "o.csv"
    homes = workflow.demo_place().origins
    pd.DataFrame(
        {
            "lsoa21cd": [*homes["area_code"], *homes["area_code"]],
            "easting": [*homes.geometry.x, *(homes.geometry.x + 50)],
            "northing": [*homes.geometry.y, *homes.geometry.y],
        }
    ).to_csv(points, index=False)
    code, told, err = run(
        capsys, "build", "--areas", sources / "areas.gpkg", "--sites", sources / "sites.csv",
        "--columns", sources / "columns.toml", "--origins", points, "--out", out,
    )  # fmt: skip
    assert code == 0, err
    assert f"People start at {2 * len(homes):,} points: points of o.csv" in told
    code, found, _ = run(capsys, "plan", out, "--out", tmp_path / "plan", "--json")
    assert code == 0
    assert json.loads(found)["place"]["areas"] == len(homes)


def test_waves_keep_open_what_earlier_ones_opened(capsys):
    words = ["phases", DEMO, "--wave", "2027=4", "--wave", "2030=6", "--backwards", "--json"]
    code, told, _ = run(capsys, *words)
    rows = json.loads(told)["rows"]
    assert code == 0
    assert [row["centres"] for row in rows] == [4, 6]
    assert not set(rows[0]["opens"]) & set(rows[1]["opens"])
    assert rows[0]["people"] < rows[1]["people"]


def test_a_wave_without_a_number_is_a_message(capsys):
    code, _, err = run(capsys, "phases", DEMO, "--wave", "2027")
    assert code == 2
    assert "'2027' is not a wave" in err


def test_alternatives_differ_and_say_their_guarantee(capsys):
    words = ["alternatives", DEMO, "--set", "count=6", "--set", "model=max_coverage"]
    code, told, _ = run(capsys, *words, "--within", "5", "--number", "3", "--json")
    said = json.loads(told)
    assert code == 0
    assert "within 5% of the best possible" in said["words"]
    assert len(said["rows"]) == 3
    assert all(len(row["not_in_the_first"]) >= 2 for row in said["rows"][1:])


def test_a_frontier_trades_one_goal_for_the_other(capsys):
    words = ["frontier", DEMO, "--set", "count=6", "--second", "centres"]
    code, told, _ = run(capsys, *words)
    assert code == 0
    assert "what people costs centres" in told
    assert len(told.splitlines()) >= 4
