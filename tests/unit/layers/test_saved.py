from dataclasses import replace

import pytest

from nhcplanner import layers
from nhcplanner.domain.edits import SiteEdit
from nhcplanner.domain.errors import InputError
from nhcplanner.domain.plan import Plan, Stage
from nhcplanner.domain.scenario import Scenario

EDITS = (SiteEdit("S001", (("cost", 5.0), ("site_name", None)), (1.5, 2.0)),)
STAGES = (Stage("people", 5.0, None, 0.1, held=4.0), Stage("cost", 1.0, 1.0, 0.2, "least"))


@pytest.fixture(scope="module")
def place():
    return layers.read_place(layers.demo_folder())


def work(place):
    plan = Plan((1, 4), "feasible", STAGES, "max_coverage", "HiGHS", 1.0)
    scenario = Scenario(count=2, keep=("a b",))
    kept = layers.SavedPlan.of("Plan A", scenario, EDITS, place, plan)
    return layers.Saved("demo", scenario, EDITS, (kept,), "Plan A")


def test_work_comes_back_as_it_was(tmp_path, place):
    path = layers.save(work(place), tmp_path / "new" / "work.json")
    found = layers.read_saved(path)
    assert found == work(place)
    assert found.plans[0].plan(place).opened == (1, 4)
    assert [one.name for one in path.parent.iterdir()] == ["work.json"]


def test_a_plan_whose_site_is_gone_says_so(place):
    kept = replace(work(place).plans[0], opened=("nowhere",))
    with pytest.raises(InputError, match="has no site nowhere"):
        kept.plan(place)


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
