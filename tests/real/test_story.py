"""The whole story on real places: from users' files to a plan and its figures."""

import json
from pathlib import Path

import numpy as np
import pytest

from nhcplanner import outputs, workflow
from nhcplanner.domain.place import Place
from nhcplanner.domain.scenario import Scenario


def built(real: Path, folder: str, pbf: str, out: Path) -> Place:
    """A place folder made from one GeoPackage, one CSV and one extract of streets."""
    source = real / "places" / folder
    files = workflow.OwnFiles(
        source / "lsoa.gpkg", source / "sites.csv", streets=source / pbf, name=folder
    )
    return workflow.load(workflow.build(files, out / folder))


@pytest.fixture(scope="module")
def rutland(real, tmp_path_factory) -> Place:
    return built(real, "rutland", "rutland-2018-02-27.osm.pbf", tmp_path_factory.mktemp("r"))


@pytest.fixture(scope="module")
def newport(real, tmp_path_factory) -> Place:
    return built(real, "newport_wales", "newport-2023-06-13.osm.pbf", tmp_path_factory.mktemp("n"))


@pytest.mark.parametrize("mode", ["walk", "drive"])
def test_rutland_three_centres_lowest_hle_first(rutland, tmp_path, mode):
    outcome = workflow.run(rutland, Scenario(count=3, mode=mode))
    plan, found = outcome.plan, outcome.assessment
    assert plan.status == "optimal"
    assert 1 <= len(plan.opened) <= 3
    assert [stage.gap for stage in plan.stages] == [0.0] * 5
    assert found.need.by == "hle"
    assert not outcome.times.estimate
    reached = found.people_within["people_after"]
    assert reached.is_monotonic_increasing
    assert sum(stage.value for stage in plan.stages) == reached[20.0]
    record = next(p for p in workflow.write_results(outcome, tmp_path) if p.name == "plan.json")
    said = json.loads(record.read_text("utf-8"))
    assert {source["layer"] for source in said["sources"]} >= {"areas", "sites", "streets"}
    assert all(len(s["sha256"]) == 64 for s in said["sources"] if s["file"])


def test_driving_reaches_more_than_walking_in_rutland(rutland):
    walk, drive = (
        workflow.run(rutland, Scenario(count=3, mode=mode, model="max_coverage"))
        for mode in ("walk", "drive")
    )
    here, there = (o.assessment.people_within.loc[20.0, "share_after"] for o in (walk, drive))
    assert there > here + 0.2


def test_newport_goes_by_deprivation_and_says_why(newport):
    outcome = workflow.run(newport, Scenario(count=4))
    assert outcome.plan.status == "optimal"
    assert outcome.assessment.need.by == "imd"
    assert "WIMD 2019, because the place has no HLE" in outcome.assessment.need.basis
    assert "HLE" not in outputs.summary(outcome).splitlines()[1]


def test_england_250_centres_lowest_hle_first(england_place, tmp_path):
    outcome = workflow.run(england_place, Scenario(count=250, time_limit=150))
    plan, found = outcome.plan, outcome.assessment
    assert len(england_place.areas) == 33_755
    assert outcome.times.estimate
    assert len(plan.opened) <= 250
    assert len(plan.stages) == 5
    assert all(0 <= stage.gap < 1 and stage.value <= stage.bound for stage in plan.stages)
    assert plan.stages[0].gap <= 0.02
    assert (
        sum(stage.value for stage in plan.stages) == found.people_within.loc[20.0, "people_after"]
    )
    people = found.by_band["people"]
    assert np.ptp(people) < 0.001 * people.sum()
    told = " ".join(found.notes)
    assert "modelled 22,186, national gradient 11,569" in told
    assert "Cambridgeshire" in told
    assert (tmp_path / "out" / "map.html") in workflow.write_results(outcome, tmp_path / "out")


def test_england_most_people_meets_the_reference(england_place):
    """At most 11.21 million in reach of 250 practices or libraries; a quick search found 11.07."""
    scenario = Scenario(
        model="max_coverage", count=250, kinds=("gp_practice", "library"), walk_detour=1.2,
        horizon=30, time_limit=60,
    )  # fmt: skip
    plan = workflow.run(england_place, scenario).plan
    stage = plan.stages[0]
    assert 11.07e6 <= stage.value <= stage.bound <= 11.30e6
