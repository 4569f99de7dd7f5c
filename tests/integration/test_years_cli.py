"""People by year on the command line: built, listed, planned, and refused where unknown."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from nhcplanner import Scenario, explore, workflow
from nhcplanner.layers.england import store
from nhcplanner.layers.england.place import Choices, england
from nhcplanner.layers.place_folder.folder import write_place
from nhcplanner.workflow import Effort, write_results
from tests.integration.command import run

HOMES = "site_name,homes,year,people_per_home,easting,northing\nMill,{homes},2030,2.0,{x},{y}\n"


@pytest.fixture(scope="module")
def rutland(tmp_path_factory):
    place = england("Rutland", choices=Choices(origins="areas"))
    return write_place(place, tmp_path_factory.mktemp("years") / "rutland")


def test_people_by_year_are_those_of_the_place_in_each_year(capsys, rutland):
    code, out, error = run(capsys, "years", rutland, "--year", "2035", "--json")
    assert code == 0, error
    found = json.loads(out)
    place = england("Rutland", choices=Choices(origins="areas"))
    whole = {row["year"]: row["people"] for row in found["years"]
             if (row["code"], row["age"]) == ("all", "all ages")}  # fmt: skip
    assert whole == {2022: place.people, 2035: place.in_year(2035).people}
    assert len(found["area_years"]) == 2 * len(place.areas)
    assert "26 of the 200 areas" in " ".join(found["notes"])
    code, out, _ = run(capsys, "years", rutland)
    assert code == 0
    assert out.count("projection, 2022-based") == 3
    assert "it is no forecast" in out


def test_a_place_without_a_projection_is_refused(capsys, tmp_path):
    bare = replace(workflow.demo_place(), projection=None)
    code, _, error = run(capsys, "years", write_place(bare, tmp_path / "bare"))
    assert code == 2
    assert "has no population projection" in error


def test_a_plan_for_a_year_says_so_and_reruns(capsys, rutland, tmp_path):
    plan = tmp_path / "plan"
    words = ["--set", "engine=estimate", "--set", "count=2", "--set", "year=2035"]
    code, _, error = run(capsys, "plan", rutland, *words, "--out", plan)
    assert code == 0, error
    summary = (plan / "summary.txt").read_text(encoding="utf-8")
    assert "People are those of 2035, a projection (2022-based)" in summary
    areas = pd.read_csv(plan / "areas.csv")
    expected = england("Rutland", choices=Choices(origins="areas")).in_year(2035).areas
    assert areas["people"].tolist() == expected["people"].tolist()
    code, out, error = run(capsys, "rerun", plan, rutland)
    assert code == 0, error
    assert "No input changed" in out


def test_a_place_is_built_with_a_projection_and_housing_sites(capsys, tmp_path):
    codes = store.layer("areas", ["area_code", "council_name", "centroid_x", "centroid_y"])
    first = codes[codes["council_name"] == "Rutland"].iloc[0]
    homes = tmp_path / "homes.csv"
    text = HOMES.format(homes=500, x=first["centroid_x"], y=first["centroid_y"])
    homes.write_text(text, encoding="utf-8")
    out = tmp_path / "place"
    words = ["build", "--place", "Rutland", "--projections", "england", "--housing", homes]
    code, told, error = run(capsys, *words, "--out", out)
    assert code == 0, error
    assert "1 housing site with 500 homes" in told
    found = {}
    for rule in ("within", "on_top"):
        code, told, _ = run(capsys, "years", out, "--year", "2035", "--set", f"housing={rule}",
                            "--json")  # fmt: skip
        assert code == 0
        people = pd.DataFrame(json.loads(told)["area_years"])
        found[rule] = people[people["year"] == 2035].set_index("area_code")["people"]
    assert found["on_top"].sum() - found["within"].sum() == 1000
    plain = england("Rutland", choices=Choices(origins="areas")).in_year(2035).people
    assert found["within"].sum() == plain


def test_faults_of_all_files_come_together(capsys, tmp_path):
    projection, homes = tmp_path / "p.csv", tmp_path / "homes.csv"
    projection.write_text("code,age,2022\nE1,0-15,-5\n", encoding="utf-8")
    homes.write_text(HOMES.format(homes=-3, x=1, y=2), encoding="utf-8")
    code, _, error = run(
        capsys, "build", "--place", "Rutland", "--projections", projection, "--housing", homes,
        "--out", tmp_path / "place",
    )  # fmt: skip
    assert code == 2
    assert "is not a number of people" in error
    assert "'-3' is not a number of homes" in error
    assert not (tmp_path / "place").exists()


@pytest.fixture(scope="module")
def handed_in(rutland, tmp_path_factory):
    """The hand-in of a plan for 2035 in two waves, as tables."""
    folder = tmp_path_factory.mktemp("handed")
    plan = folder / "plan"
    scenario = Scenario(engine="estimate", count=3, year=2035, time_limit=20)
    write_results(workflow.run(workflow.load(rutland), scenario), plan)
    waves = (explore.Wave("2030", 1), explore.Wave("2035", 3))
    effort = Effort(parts=("waves", "robustness"), waves=waves, seconds=90)
    to = workflow.Delivery(folder / "handin", ["csv"])
    workflow.export_hand_in(plan, to, effort=effort, place_folder=rutland)
    return folder / "handin"


def test_a_hand_in_lists_people_by_year_and_verify_adds_them_up(handed_in):
    found = workflow.verify_hand_in(handed_in)
    assert found.differences == []
    subjects = {one.figure for one in found.figures}
    assert {"People by year", "People of the plan's year",
            "People of starting points by year"} <= subjects  # fmt: skip
    left = " ".join(f"{one.what} {one.why}" for one in found.absent)
    assert "people of 2040" not in left
    assert "growth draw" not in left
    years = pd.read_csv(handed_in / "tables" / "years.csv")
    whole = years[(years["code"] == "all") & (years["age"] == "all ages")]
    place = england("Rutland", choices=Choices(origins="areas"))
    expected = {2022: place.people} | {y: place.in_year(y).people for y in (2030, 2035, 2040)}
    assert dict(zip(whole["year"], whole["people"], strict=True)) == expected
    words = pd.read_csv(handed_in / "tables" / "notes.csv").set_index("about")["words"]
    assert "Each wave is planned for the people of its year" in words["waves"]
    assert "growth draw: people of each projected unit" in words["robustness"]
    assert "it is no forecast" in words["years"]


def test_verify_finds_a_changed_figure_of_a_year(handed_in, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(handed_in, copy)
    table = copy / "tables" / "area_years.csv"
    frame = pd.read_csv(table)
    frame.loc[frame["year"] == 2035, "people"] += [9, *[0] * (sum(frame["year"] == 2035) - 1)]
    frame.to_csv(table, index=False)
    found = {one.figure.partition(":")[0] for one in workflow.verify_hand_in(copy).differences}
    assert "People by year" in " ".join(found)
    assert "People of the plan's year" in " ".join(found)
