"""Plans opened again, made again and set side by side."""

import json
import shutil
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from nhcplanner import layers, workflow
from nhcplanner.base.errors import InputError
from nhcplanner.cli.commands import app
from nhcplanner.domain.place import SiteEdit
from nhcplanner.domain.scenario import Scenario

DEMO = layers.demo_folder()


def moved(plan_dir, folder, **changed):
    """The plan's record elsewhere, with some keys changed."""
    said = json.loads((plan_dir / "plan.json").read_text("utf-8"))
    for key, value in changed.items():
        said[key] = {**said[key], **value} if isinstance(value, dict) else value
    folder.mkdir(exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(said), encoding="utf-8")
    return folder


def test_a_plan_opened_again_is_the_plan(plan_dir):
    found = workflow.open_plan(plan_dir)
    fresh = workflow.run(found.place, found.scenario)
    assert found.plan.opened == fresh.plan.opened
    assert found.plan.status == fresh.plan.status
    assert [one.value for one in found.plan.stages] == [one.value for one in fresh.plan.stages]
    assert [one.unit for one in found.plan.stages] == [one.unit for one in fresh.plan.stages]
    assert found.assessment.areas.equals(fresh.assessment.areas)
    assert found.assessment.notes == fresh.assessment.notes


def test_the_record_names_every_file_of_the_place(plan_dir):
    said = json.loads((plan_dir / "plan.json").read_text("utf-8"))
    names = {one["layer"]: one for one in said["inputs"]}
    assert {"areas", "sites", "origins", "place", "streets", "timetable"} <= set(names)
    assert all(len(one["sha256"]) == 64 for one in said["inputs"])
    assert said["place"]["folder"] == DEMO.name


def test_a_place_that_moved_is_named_or_said_to_be_gone(plan_dir, tmp_path):
    place = shutil.copytree(DEMO, tmp_path / "place")
    other = [{"layer": "place", "file": "place.toml", "sha256": "0" * 64}]
    lost = moved(plan_dir, tmp_path / "lost", place={"folder": "gone"}, inputs=other)
    with pytest.raises(InputError, match=r"called 'gone'\) is not near the record.*--place"):
        workflow.open_plan(lost)
    assert workflow.open_plan(lost, place).plan.opened == workflow.open_plan(plan_dir).plan.opened
    named = moved(plan_dir, tmp_path / "named", place={"folder": "place"}, inputs=other)
    assert workflow.open_plan(named).place.folder == place


@pytest.mark.parametrize("where", ["/{}", "../../{}", "\\\\server\\share\\{}", "C:\\x\\{}"])
def test_a_record_leads_to_no_path(plan_dir, tmp_path, where, monkeypatch):
    """Only the last part counts, and only beside the record: no path is as much as tried."""
    other = [{"layer": "place", "file": "place.toml", "sha256": "0" * 64}]
    far = shutil.copytree(DEMO, tmp_path / "far" / "secret")
    said = where.format(str(far).lstrip("/"))
    deep = tmp_path / "a" / "b" / "c" / "d" / "e"
    deep.mkdir(parents=True)
    lost = moved(plan_dir, deep / "p", place={"folder": said}, inputs=other)
    with pytest.raises(InputError, match="not near the record"):
        workflow.open_plan(lost)


def test_a_changed_input_is_noted_by_its_layer(plan_dir, tmp_path):
    place = shutil.copytree(DEMO, tmp_path / "place")
    sites = next(place.glob("sites.*"))
    layers.write_place(workflow.load(place), place)
    (place / "place.toml").write_text(
        (place / "place.toml").read_text("utf-8") + "\n# touched\n", "utf-8"
    )
    record = moved(plan_dir, tmp_path / "p", inputs=[
        {"layer": "sites", "file": sites.name, "sha256": "0" * 64},
    ])  # fmt: skip
    notes = workflow.open_plan(record, place).assessment.notes
    assert any("Changed since the plan was made: sites:" in note for note in notes)
    assert any("areas" in note and "is new" in note for note in notes)


def test_a_site_that_is_gone_is_named(plan_dir, tmp_path):
    lost = moved(plan_dir, tmp_path / "p", plan={"opened": ["S001", "NOPE"]})
    with pytest.raises(InputError, match="no site 'NOPE'"):
        workflow.open_plan(lost)


def test_rerun_gives_the_same_centres_and_says_so(plan_dir):
    found = workflow.rerun_plan(plan_dir / "plan.json", DEMO)
    assert found.same
    assert found.words.startswith("Same centres: all 4")
    assert found.words.endswith("No input changed")


def test_rerun_names_the_areas_that_changed(plan_dir, tmp_path):
    place = workflow.load(DEMO)
    areas = place.areas.copy()
    code, was = areas.loc[3, ["area_code", "people"]]
    areas.loc[3, "people"] = was + 140
    start = place.origins["people"].where(place.origins["area_code"] != code, was + 140)
    origins = place.origins.assign(people=start)
    changed = replace(place, areas=areas, origins=origins, streets=None, timetable=None)
    changed = layers.write_place(changed, tmp_path / "place")
    found = workflow.rerun_plan(plan_dir, changed)
    assert found.changed[0] == "1 of 250 areas changed"
    assert found.changed[1] == f"{code}: people {was:,} to {was + 140:,}"


def test_rerun_says_which_input_changed(plan_dir, tmp_path):
    record = moved(plan_dir, tmp_path / "p", plan={"opened": ["S001", "S034", "S067"]})
    said = json.loads((record / "plan.json").read_text("utf-8"))
    for one in said["inputs"]:
        if one["layer"] == "streets":
            one["sha256"] = "f" * 64
    (record / "plan.json").write_text(json.dumps(said), encoding="utf-8")
    found = workflow.rerun_plan(record, DEMO)
    assert not found.same
    assert "Changed: streets: streets.npz changed (sha256 ffffffffffff" in found.words
    assert found.comparison is not None
    assert not found.comparison.same_centres


def test_two_plans_side_by_side(plan_dir):
    a = workflow.open_plan(plan_dir)
    b = workflow.run(a.place, a.scenario.model_copy(update={"count": 5}))
    same, other = workflow.compare_plans(a, a), workflow.compare_plans(a, b)
    assert same.same_centres
    assert (same.areas["verdict"] == "same").all()
    assert (same.groups["difference"] == 0).all()
    assert not other.same_centres
    assert other.centres["in_b"].sum() == 5
    everyone = other.groups.set_index("grouping").loc["everyone"]
    within = [one.assessment.people_within.loc[20.0, "people_after"] for one in (a, b)]
    assert everyone["difference"] == within[1] - within[0]
    assert any("centres at most 4 in a, 5 in b" in words for words in other.words)
    swapped = workflow.compare_plans(b, a)
    assert (swapped.groups["difference"] == -other.groups["difference"]).all()


def test_places_with_nothing_in_common_cannot_be_compared(plan_dir):
    a = workflow.open_plan(plan_dir)
    areas = a.assessment.areas.assign(area_code="Z" + a.assessment.areas["area_code"].str[1:])
    b = replace(a, assessment=replace(a.assessment, areas=areas))
    with pytest.raises(InputError, match="no area in common"):
        workflow.compare_plans(a, b)


def test_a_record_of_an_unknown_model_is_refused(plan_dir, tmp_path):
    said = json.loads((plan_dir / "plan.json").read_text(encoding="utf-8"))
    said["scenario"]["model"] = "os.system"
    (tmp_path / "plan.json").write_text(json.dumps(said), encoding="utf-8")
    with pytest.raises(InputError, match=r"there is no model 'os\.system'"):
        workflow.open_plan(tmp_path, DEMO)


def test_a_rerun_names_the_cost_that_changed_and_exits_by_the_plan(tmp_path, capsys):
    place = workflow.demo_place()
    folder = tmp_path / "place"
    shutil.copytree(DEMO, folder)
    scenario = Scenario(model="max_coverage", engine="estimate", budget=5e6, time_limit=20)
    workflow.write_results(workflow.run(workflow.load(folder), scenario), tmp_path / "plan")
    opened = workflow.open_plan(tmp_path / "plan", folder)
    new = opened.place.sites.iloc[list(opened.plan.opened)]
    site = new.loc[(new["status"] == "candidate").to_numpy(), "site_id"].iloc[0]
    cost = float(place.sites.set_index("site_id").loc[site, "cost"])
    edit = SiteEdit(site).with_facts(cost=cost + 8e6)
    layers.write_place(workflow.with_edits(workflow.load(folder), [edit]), folder)
    found = workflow.rerun_plan(tmp_path / "plan", folder)
    assert f"{site}: cost £{cost:,.0f} to £{cost + 8e6:,.0f}" in found.changed
    assert not found.same
    told = CliRunner().invoke(app, ["rerun", str(tmp_path / "plan"), str(folder)])
    assert told.exit_code == 1
    assert f"{site}: cost £{cost:,.0f} to £{cost + 8e6:,.0f}" in told.output
    assert "Capital of new and committed centres: £" in told.output


def test_a_hand_in_of_a_part_of_england_is_made_again_without_its_folder(tmp_path, monkeypatch):
    """Another computer has no folder of the cache: the brief names the place, not the folder."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    folder = workflow.open_place("Rutland")
    scenario = Scenario(count=1, engine="estimate", time_limit=20)
    outcome = workflow.run(workflow.load(folder), scenario)
    workflow.write_results(outcome, tmp_path / "plan")
    effort = workflow.Effort.with_options(seconds=1, without=workflow.PARTS)
    handin = tmp_path / "handin"
    workflow.export_hand_in(
        tmp_path / "plan", workflow.Delivery(handin, ["html", "csv", "xlsx"]), effort=effort
    )
    page = next(handin.glob("nhc-*.html")).read_text(encoding="utf-8")
    assert "nhcplanner check Rutland" in page
    assert "nhcplanner rerun plan.json Rutland" in page
    assert folder.name not in page
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    run = CliRunner()
    for record in ([str(handin)], [str(handin / "plan.json"), "Rutland"]):
        done = run.invoke(app, ["rerun", *record])
        assert done.exit_code == 0, done.output
        assert "No input changed" in done.output
    assert run.invoke(app, ["check", "Rutland"]).exit_code == 0
    assert run.invoke(app, ["verify", str(handin)]).exit_code == 0
