"""Registered patients on the command line."""

import json

from nhcplanner import layers, workflow
from tests.integration.command import run

DEMO = layers.demo_folder()


def test_patients_are_joined_and_a_closure_is_told(capsys, tmp_path):
    place = workflow.demo_place()
    practices = place.sites.loc[place.sites["kind"] == "gp_practice", "site_id"].iloc[:2].tolist()
    areas = place.areas[["area_code", "people"]].rename(columns={"people": "patients"})
    areas["practice"] = [practices[row % 2] for row in range(len(areas))]
    file = tmp_path / "patients.csv"
    areas.to_csv(file, index=False)
    words = ["patients", DEMO, file, "--close", practices[0], "--set", "engine=estimate", "--json"]
    code, told, error = run(capsys, *words)
    assert code == 0, error
    said = json.loads(told)
    assert said["closures"][0].startswith(
        place.site_names[place.sites["site_id"] == practices[0]].iloc[0]
    )
    assert (
        said["figures"]["patients"]
        == areas.loc[areas["practice"] == practices[0], "patients"].sum()
    )
    assert {row["practice"] for row in said["practices"]} >= set(practices)


def test_one_page_is_written_and_a_wrong_move_is_explained(capsys, tmp_path):
    place = workflow.demo_place()
    practices = place.sites.loc[place.sites["kind"] == "gp_practice", "site_id"].iloc[:2].tolist()
    areas = place.areas[["area_code"]].assign(patients=10, practice=practices[0])
    areas.loc[0, "practice"] = practices[1]
    file = tmp_path / "patients.csv"
    areas.to_csv(file, index=False)
    words = ["patients", DEMO, file, "--set", "engine=estimate", "--out", tmp_path / "out"]
    code, _, error = run(capsys, *words, "--move", practices[0])
    assert code == 2
    assert "is not CODE=SITE" in error
    code, told, error = run(capsys, *words, "--close", practices[0])
    assert code == 0, error
    assert (tmp_path / "out" / f"closure-{practices[0]}.docx").exists()
    assert f"closure-{practices[0]}.html" in told
