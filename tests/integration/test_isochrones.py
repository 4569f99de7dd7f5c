"""Isochrones of the opened centres, in the files that a plan leaves."""

from dataclasses import replace

import geopandas as gpd
import pytest

from nhcplanner import Scenario, demo_place, run, workflow, write_results
from nhcplanner.travel import around

QUICK = Scenario(model="max_coverage", count=4, everyone="reachable")


def test_a_plan_leaves_isochrones_of_its_centres(tmp_path):
    outcome = run(demo_place(), QUICK)
    files = write_results(outcome, tmp_path)
    assert tmp_path / "isochrones.geojson" in files
    layer = gpd.read_file(tmp_path / "plan.gpkg", layer="isochrones")
    opened = outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)]
    assert set(layer["site_id"]) == set(opened)
    assert len(layer) == 4 * len(opened)
    assert layer["place"].str.contains("SYNTHETIC").all()
    assert layer["mode"].eq("walk").all()
    degrees = gpd.read_file(tmp_path / "isochrones.geojson")
    assert degrees.total_bounds[1] > 49
    sites = outcome.place.sites.set_index("site_id").geometry
    areas = layer.set_index(["site_id", "minutes"]).geometry.area
    for site in opened:
        assert areas[site].is_monotonic_decreasing  # the longest minutes come first
        ground = layer[(layer["site_id"] == site) & (layer["minutes"] == 30)]
        assert ground.distance(sites[site]).max() < 300
    assert 'data-layer="isochrones"' in (tmp_path / "map.html").read_text("utf-8")


def test_an_estimate_draws_none_and_takes_the_old_file_away(tmp_path):
    place = demo_place()
    write_results(run(place, QUICK), tmp_path)
    write_results(run(place, QUICK.model_copy(update={"engine": "estimate"})), tmp_path)
    assert not (tmp_path / "isochrones.geojson").exists()
    assert "isochrones" not in (tmp_path / "map.html").read_text("utf-8").partition("<script>")[0]
    assert "isochrones" not in gpd.list_layers(tmp_path / "plan.gpkg")["name"].tolist()


@pytest.mark.parametrize("mode", ["cycle", "transit", "drive"])
def test_every_mode_is_drawn(mode):
    place = demo_place()
    found = around(place, replace_mode(mode), [0], lambda words: None, (10.0, 20.0))
    assert found["mode"].eq(mode).all()
    assert found["minutes"].tolist() == [10, 20]
    assert found.geometry.is_valid.all()


def test_isochrones_rest_on_streets_however_far_the_areas_reach():
    place = demo_place()
    home = place.areas["area_code"].iloc[0]
    one = place.areas.iloc[:1].reset_index(drop=True)
    origins = place.origins[place.origins["area_code"] == home].reset_index(drop=True)
    point = one.set_geometry(one.geometry.representative_point())
    whole, part, dot = (
        around(replace(place, **some), QUICK, [0], lambda words: None)
        for some in ({}, {"areas": one, "origins": origins}, {"areas": point, "origins": origins})
    )
    grown = whole.set_index("minutes").geometry.area
    assert grown.index.tolist() == [10, 15, 20, 30]
    assert grown.is_monotonic_increasing
    assert grown.is_unique
    for other in (part, dot):
        assert other.geometry.geom_equals(whole.geometry).all()


def test_whoever_walks_fast_comes_from_as_far_as_that():
    """A grid made for the usual speeds would cut the ground off in a circle."""
    place, fast = demo_place(), QUICK.model_copy(update={"walk_kmh": 12.0})
    usual = around(place, QUICK, [0], lambda words: None, (25.0,)).geometry.iloc[0]
    half = around(place, fast, [0], lambda words: None, (10.0, 25.0)).set_index("minutes").geometry
    assert half[10.0].symmetric_difference(usual).area < 0.05 * usual.area
    assert half[25.0].hausdorff_distance(place.sites.geometry.iloc[0]) > 25 * 100 + 300


def test_for_very_many_sites_none_are_drawn():
    place = demo_place()
    sites = [0] * 61
    assert around(place, QUICK, sites, lambda words: None).empty
    assert around(replace(place, streets=None), QUICK, [0], lambda words: None).empty


def replace_mode(mode: str) -> Scenario:
    return QUICK.model_copy(update={"modes": (mode,)})


def test_the_ground_of_one_building_is_measured_once():
    place, scenario = demo_place(), Scenario()
    site = place.sites["site_id"].iloc[3]
    one = workflow.ground_of_site(place, scenario, site, "walk")
    assert workflow.ground_of_site(place, scenario, site, "walk") is one
    same = around(place, scenario.model_copy(update={"mode": "walk"}), [3], lambda _: None)
    assert one["minutes"].tolist() == same["minutes"].tolist() == [10.0, 15.0, 20.0, 30.0]
    assert one.geometry.geom_equals(same.geometry).all()
    assert set(one["site_id"]) == {site}
