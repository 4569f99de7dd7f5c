"""Commands that ask why a plan is as it is, as a user meets them."""

import json

import pytest
from typer.testing import CliRunner

from nhcplanner import layers
from nhcplanner.base.errors import InputError
from nhcplanner.cli.commands import app

DEMO = str(layers.demo_folder())
QUICK = ["--set", "count=6", "--set", "time_limit=20"]


def ask(*words: str) -> dict:
    done = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert done.exit_code == 0
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def lost() -> list[dict]:
    return ask("losses", DEMO, *QUICK)["tables"]["losses"]


def test_explain_says_what_one_site_would_add_and_for_which_exchange():
    tables = ask("explain", DEMO, "--site", "S003", *QUICK)["tables"]
    assert tables["centres"] == []
    assert {row["site_id"] for row in tables["candidates"]} == {"S003"}
    assert {"closes", "before", "after", "gain"} <= set(tables["exchanges"][0])


def test_losses_name_what_opens_instead_and_what_is_lost(lost):
    assert len({row["site_id"] for row in lost}) == 6
    assert all(row["at_least"] <= row["lost"] <= row["at_most"] for row in lost)


def test_losses_of_one_centre_agree_with_those_of_all(lost):
    name = lost[0]["site_id"]
    alone = ask("losses", DEMO, "--site", name, *QUICK)["tables"]["losses"]
    assert alone == [row for row in lost if row["site_id"] == name]


def test_a_site_that_the_plan_does_not_open_cannot_be_lost():
    with pytest.raises(InputError, match="the plan does not open site 'S003'"):
        ask("losses", DEMO, "--site", "S003", *QUICK)


def test_robust_tries_each_world_once_and_names_failed_sites(lost):
    said = ask("robust", DEMO, "--reach", "15", "--mode", "cycle", "--growth", "10",
               "--failures", "--draws", "0", *QUICK)  # fmt: skip
    worlds = [row["case"] for row in said["tables"]["robustness"]]
    assert worlds[:3] == ["15 minutes", "by cycle", "+10% people"]
    assert set(worlds[3:]) == {f"without {row['site_id']}" for row in lost}
    assert all(0 < row["stays"] <= 1 for row in said["tables"]["robustness"])


def test_roles_speak_of_every_site_that_may_open():
    roles = ask("roles", DEMO, "--within", "5", "--differ", "1", *QUICK)["tables"]["roles"]
    assert {"always", "never"} <= {row["use"] for row in roles}


def test_regret_is_no_larger_than_in_its_worst_world():
    said = ask("regret", DEMO, "--reach", "10", "--reach", "30", *QUICK)
    fewer = [row["fewer_than_its_best"] for row in said["rows"]]
    assert f"never reaches more than {max(fewer):,.0f} people fewer" in said["words"]


def test_a_plan_that_cannot_be_is_answered_in_words():
    with pytest.raises(InputError, match=r"no plan to ask about: .*must open"):
        ask("explain", DEMO, "--set", "count=1")
