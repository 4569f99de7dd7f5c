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
    areas["area_code"] = [f"E01{row:06d}" for row in range(len(areas))]
    file = tmp_path / "patients.csv"
    areas.to_csv(file, index=False)
    words = ["patients", DEMO, file, "--close", practices[0], "--set", "engine=estimate", "--json"]
    code, told, error = run(capsys, *words)
    assert code == 0, error
    said = json.loads(told)
    assert said["closures"][0].startswith(
        place.site_names[place.sites["site_id"] == practices[0]].iloc[0]
    )
    assert {row["practice"] for row in said["practices"]} >= set(practices)
