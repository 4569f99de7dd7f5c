"""tests.unit.layers.test_saved"""

import json
from dataclasses import replace

import pytest

from nhcplanner import layers
from nhcplanner.base.errors import InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.domain.place import SiteEdit
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers import read_scenario, receive_case
from nhcplanner.layers.planning_files import input_files, read_record

GOOD = {
    "format": 1,
    "scenario": {"count": 3, "mode": "drive"},
    "plan": {
        "status": "feasible",
        "model": "max_coverage",
        "opened": ["S1", "S2"],
        "stages": [
            {"goal": "people", "value": 5.0, "bound": 6.0, "seconds": 1.0, "sense": "most",
             "unit": "people", "held": None, "gap": 0.1}
        ],
        "seconds": 1.0,
        "solver": "HiGHS",
        "unreached": 2,
    },
    "place": {"name": "Row", "folder": "/home/x/a"},
    "inputs": [{"layer": "areas", "file": "areas.parquet", "sha256": "ab"}],
    "versions": {"numpy": "2"},
    "date": "2026-01-01",
}  # fmt: skip


def written(folder, said):
    path = folder / "plan.json"
    path.write_text(said if isinstance(said, str) else json.dumps(said), encoding="utf-8")
    return path


def test_a_record_is_read_from_its_file_or_folder(tmp_path):
    path = written(tmp_path, GOOD)
    one, two = read_record(path), read_record(tmp_path)
    assert one == two
    assert one.scenario.count == 3
    assert one.plan.opened == ("S1", "S2")
    assert one.plan.stages == (Stage("people", 5.0, 6.0, 1.0),)
    assert one.plan.unreached
    assert one.place.folder == "a"
    assert one.inputs[0].sha256 == "ab"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "format unknown"),
        (GOOD | {"format": 99}, "format 99, not 1"),
        ({key: value for key, value in GOOD.items() if key != "format"}, "format unknown"),
        (GOOD | {"plan": {}}, "plan status is missing"),
        (GOOD | {"scenario": {"cuont": 3}}, "unknown key 'cuont'"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_in_words(tmp_path, said, words):
    with pytest.raises(InputError, match=words):
        read_record(written(tmp_path, said))


def test_a_record_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"plan\.json.*no such file"):
        read_record(tmp_path)


def test_every_fault_is_told_at_once(tmp_path):
    plan = {key: value for key, value in GOOD["plan"].items() if key not in {"model", "solver"}}
    with pytest.raises(InputError) as caught:
        read_record(written(tmp_path, GOOD | {"plan": plan}))
    problems = {fault.problem for fault in caught.value.faults}
    assert problems == {"plan model is missing", "plan solver is missing"}


def test_inputs_of_a_place_are_its_files_and_a_profile_of_ones_own(tmp_path):
    profile = tmp_path / "own.toml"
    profile.write_text("")
    place = layers.read_place(layers.demo_folder())
    found = {one.layer: one for one in input_files(place, Scenario(profile=str(profile)))}
    assert {"areas", "sites", "origins", "place", "streets", "profile"} <= set(found)
    assert found["areas"].sha256 == hash_file(layers.demo_folder() / found["areas"].file)


EDITS = (SiteEdit("S001", (("cost", 5.0), ("site_name", None)), (1.5, 2.0)),)
STAGES = (Stage("people", 5.0, None, 0.1, held=4.0), Stage("cost", 1.0, 1.0, 0.2, "least"))


@pytest.fixture(scope="module")
def place():
    return layers.read_place(layers.demo_folder())


def work(place):
    plan = Plan((1, 4), "feasible", STAGES, "max_coverage", "HiGHS", 1.0)
    scenario = Scenario(count=2, keep=("a b",))
    kept = layers.SavedPlan.of(plan, place, name="Plan A", scenario=scenario, edits=EDITS)
    return layers.Saved("demo", scenario, EDITS, (kept,), "Plan A")


def test_work_comes_back_as_it_was(tmp_path, place):
    path = layers.save(work(place), tmp_path / "new" / "work.json")
    found = layers.read_saved(path)
    assert found == work(place)
    assert found.plans[0].to_plan(place).opened == (1, 4)
    assert [one.name for one in path.parent.iterdir()] == ["work.json"]


def test_a_plan_whose_site_is_gone_says_so(place):
    kept = work(place).plans[0].model_copy(update={"opened": ("nowhere",)})
    with pytest.raises(InputError, match="has no site 'nowhere'"):
        kept.to_plan(place)


@pytest.mark.parametrize("content", [b"", b"{", b'{"place": 5}', b"\xff\xfe", b"[]"])
def test_damaged_work_is_words(tmp_path, content):
    path = tmp_path / "work.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read back"):
        layers.read_saved(path)


def test_work_of_another_version_is_words(tmp_path, place):
    path = layers.save(replace(work(place), format=99), tmp_path / "work.json")
    with pytest.raises(InputError, match="format 99"):
        layers.read_saved(path)


def test_a_path_to_a_table_of_speeds_in_a_record_is_not_followed(tmp_path):
    secret = tmp_path / "elsewhere" / "secret.toml"
    secret.parent.mkdir()
    secret.write_text("walk_kmh = 3\n", encoding="utf-8")
    for profile in (str(secret), "elsewhere/secret.toml", "elsewhere\\secret.toml"):
        said = {**GOOD, "scenario": {"profile": profile}}
        assert read_record(written(tmp_path, said)).scenario.profile == "secret.toml"
    beside = tmp_path / "secret.toml"
    beside.write_text("walk_kmh = 3\n", encoding="utf-8")
    assert read_record(written(tmp_path, said)).scenario.profile == str(beside)


def test_a_scenario_is_read(tmp_path):
    path = tmp_path / "five.toml"
    path.write_text("count = 5\nreach = 15\n", encoding="utf-8")
    scenario = read_scenario(path)
    assert (scenario.count, scenario.reach) == (5, 15)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"count = ", "five.toml: not valid TOML"), (b"\xff", "is not text"), (b"x = 1", "unknown")],
)
def test_a_broken_scenario_is_told(tmp_path, content, words):
    path = tmp_path / "five.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read_scenario(path)


def test_a_scenario_that_is_not_there_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_scenario(tmp_path / "gone.toml")


def test_an_uploaded_case_is_read_under_its_own_name():
    assert receive_case(b'author = "Estates"', "C:\\up\\mine.toml").author == "Estates"
    with pytest.raises(InputError, match=r"mine\.toml, row 1: unknown key 'x'"):
        receive_case(b"x = 1", "mine.toml")
