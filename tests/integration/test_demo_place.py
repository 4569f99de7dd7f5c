"""The demo place: its script still makes it, it is sound, and it shows what planning is about."""

import os
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from io import BytesIO
from pathlib import Path

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import pytest
import shapely
from geopandas.testing import assert_geodataframe_equal

from nhcplanner import layers, workflow
from nhcplanner.base.hashing import hash_file
from nhcplanner.domain.assessment import Outcome
from nhcplanner.domain.place import Place
from nhcplanner.travel import Network

ROOT = Path(__file__).parents[2]
DEMO, SCENARIOS = ROOT / "data/demo", ROOT / "data/scenarios"
NAMES = sorted(path.stem for path in SCENARIOS.glob("*.toml"))
CHANGING = ("created", "retrieved", "sha256")
POINTS = 100  # a percentage point is one of so many


@pytest.fixture(scope="module")
def place() -> Place:
    return workflow.demo_place()


@pytest.fixture(scope="module")
def remade(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("demo")
    subprocess.run(
        [sys.executable, str(DEMO / "make_demo.py"), "--out", str(out)],
        check=True, capture_output=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return out


@cache
def outcome(scenario: str) -> Outcome:
    chosen = layers.read_scenario(SCENARIOS / f"{scenario}.toml")
    return workflow.run(workflow.demo_place(), chosen)


def opened(scenario: str) -> set[str]:
    found = outcome(scenario)
    return set(found.place.sites["site_id"].iloc[list(found.plan.opened)])


def share(scenario: str) -> float:
    found = outcome(scenario)
    return float(found.assessment.people_within.loc[found.scenario.reach, "share_after"])


def undated(path: Path) -> dict:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    sources = [{k: v for k, v in s.items() if k not in CHANGING} for s in said.pop("sources")]
    return {k: v for k, v in said.items() if k not in CHANGING} | {"sources": sources}


@pytest.mark.parametrize("layer", ["areas", "sites", "origins"])
def test_the_script_still_makes_the_layers(remade, layer):
    made = gpd.read_parquet(remade / f"place/{layer}.parquet")
    kept = gpd.read_parquet(DEMO / f"place/{layer}.parquet")
    assert_geodataframe_equal(made, kept, check_less_precise=True)


def test_the_script_still_makes_the_streets(remade):
    with (
        np.load(remade / "place/streets.npz") as made,
        np.load(DEMO / "place/streets.npz") as kept,
    ):
        assert sorted(made) == sorted(kept)
        for name in kept:
            np.testing.assert_array_equal(made[name], kept[name], err_msg=name)


@pytest.mark.parametrize("file", ["place/gtfs.zip", "sources/gtfs.zip"])
def test_the_script_still_makes_the_timetable(remade, file):
    made, kept = zipfile.ZipFile(remade / file), zipfile.ZipFile(DEMO / file)
    with made, kept:
        assert {n: made.read(n) for n in made.namelist()} == {
            n: kept.read(n) for n in kept.namelist()
        }


def test_the_script_still_makes_the_place_file(remade):
    """Hashes of the layers are those of each folder: versions of pyarrow write other bytes."""
    made, kept = (undated(folder / "place/place.toml") for folder in (remade, DEMO))
    for folder, said in ((remade, made), (DEMO, kept)):
        assert said.pop("layers") == {
            layer: hash_file(folder / f"place/{layer}.parquet")
            for layer in ("areas", "sites", "origins")
        }
    assert made == kept


def test_the_script_still_makes_what_a_user_would_bring(remade):
    for name in ("sites.csv", "hle_by_council.csv", "columns.toml"):
        made, kept = (folder / "sources" / name for folder in (remade, DEMO))
        assert made.read_text(encoding="utf-8") == kept.read_text(encoding="utf-8")
    made, kept = (gpd.read_file(folder / "sources/areas.gpkg") for folder in (remade, DEMO))
    assert_geodataframe_equal(made, kept, check_less_precise=True)
    made, kept = (Network.from_pbf(folder / "sources/streets.osm.pbf") for folder in (remade, DEMO))
    np.testing.assert_array_equal(made.xy, kept.xy)
    assert made.kinds == kept.kinds


def test_it_is_small_and_says_that_it_is_invented(place):
    size = sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file())
    assert size < 4_000_000
    assert place.synthetic
    assert "SYNTHETIC" in place.name
    assert place.areas["council_name"].str.contains("SYNTHETIC").all()
    invented = [source for source in place.sources if source.layer != "hle_gradient"]
    assert all("SYNTHETIC" in source.title for source in invented)


def test_it_lies_in_the_north_sea(place):
    west, south, east, north = place.areas.to_crs("EPSG:4326").total_bounds
    assert 1.4 < west < east < 2.4
    assert 53.2 < south < north < 53.8


def test_its_people_and_areas_are_those_of_a_place(place):
    areas = place.areas
    assert (len(areas), place.people) == (250, 350_000)
    city = areas["council_code"] == "X10000001"
    assert 0.55 < areas.loc[city, "people"].sum() / place.people < 0.65
    assert set(areas["imd_decile"]) == set(range(1, 11))
    assert areas["imd_rank"].is_unique
    assert areas["imd_rank"].between(1, 33_755).all()
    assert areas["rural_urban"].nunique() >= 3
    assert areas["no_car_share"].corr(areas["imd_rank"]) < -0.6
    assert (areas["hle_basis"] == "modelled").all()


def test_its_areas_tile_the_land(place):
    shapes = place.areas.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert not shapely.get_parts(shapely.union_all(shapes))[1:].size
    assert not shapely.get_rings(shapely.union_all(shapes))[1:].size


def test_people_start_where_they_live_and_not_in_the_middle_of_the_shape(place):
    origins = place.origins.set_index("area_code").geometry
    middles = place.areas.set_index("area_code").geometry.centroid
    away = origins.distance(middles.loc[origins.index])
    assert place.origins_basis == "weighted centroid"
    assert (away > 10).mean() > 0.9


def test_its_buildings_are_those_that_an_icb_holds(place):
    sites = place.sites
    assert len(sites) == 90
    assert sites["kind"].nunique() >= 8
    assert (sites["status"] == "existing").sum() == 2
    assert (sites["status"] == "committed").sum() == 1
    assert (sites["status"] == "forbidden").sum() == 1
    for column in ("capacity", "floor_area_m2", "cost"):
        assert 0.4 < sites[column].notna().mean() < 0.95
    assert sites["cost_date"].notna().equals(sites["cost"].notna())


def test_its_streets_wind_as_english_streets_do(place):
    streets = Network.load(place.streets).streets("walk")
    xy = shapely.get_coordinates(place.origins.geometry)
    minutes = streets.times(xy, xy, horizon=60).minutes.tocoo()
    straight = np.hypot(*(xy[minutes.row] - xy[minutes.col]).T)
    asked = (straight > 800) & (straight < 1600)
    ratio = minutes.data[asked] * 80 / straight[asked]
    assert asked.sum() > 500
    assert 1.25 < np.median(ratio) < 1.45


@pytest.mark.parametrize(
    "tag",
    [
        ("highway", "motorway"), ("highway", "motorway_link"), ("highway", "trunk"),
        ("highway", "footway"), ("highway", "steps"), ("highway", "cycleway"),
        ("junction", "roundabout"), ("oneway", "yes"), ("access", "private"),
    ],
)  # fmt: skip
def test_its_streets_hold_what_a_network_must_understand(place, tag):
    assert any(tag in kind.items() for kind in Network.load(place.streets).kinds)


def test_some_of_its_streets_do_not_connect_with_the_rest(place):
    streets = Network.load(place.streets).streets("walk")
    assert streets.report["parts"] == 2
    assert 1000 < streets.web.metres[1] < 0.01 * streets.web.metres[0]


def test_few_bridges_cross_its_river_and_one_only_on_foot():
    river, ways = None, []
    for way in osmium.FileProcessor(str(DEMO / "sources/streets.osm.pbf")).with_locations():
        if way.is_way():
            line = shapely.LineString([(n.lon, n.lat) for n in way.nodes])
            if way.tags.get("waterway") == "river":
                river = line
            elif "highway" in way.tags:
                ways.append((way.tags["highway"], way.tags.get("bridge"), line))
    over = [(road, bridge) for road, bridge, line in ways if line.intersects(river)]
    local = [(road, bridge) for road, bridge in over if road != "motorway"]
    assert 5 <= len(local) <= 9
    assert sum(road in ("footway", "steps") for road, _ in local) == 1
    assert all(bridge == "yes" for _, bridge in local)


def test_its_buses_run_on_the_streets_all_of_two_years(place):
    with zipfile.ZipFile(place.timetable) as feed:
        tables = {
            name.removesuffix(".txt"): pd.read_csv(BytesIO(feed.read(name)), dtype=str)
            for name in feed.namelist()
        }
    calls = tables["stop_times"]
    assert set(calls["trip_id"]) == set(tables["trips"]["trip_id"])
    assert set(calls["stop_id"]) == set(tables["stops"]["stop_id"])
    assert set(tables["trips"]["service_id"]) == set(tables["calendar"]["service_id"])
    assert set(tables["calendar"]["start_date"]) == {"20260101"}
    assert set(tables["calendar"]["end_date"]) == {"20271231"}
    seconds = pd.to_timedelta(calls["arrival_time"]).dt.total_seconds()
    order = calls["stop_sequence"].astype(int)
    same = calls["trip_id"].eq(calls["trip_id"].shift())
    assert (seconds.diff()[same] > 0).all()
    assert (order.diff()[same] == 1).all()
    first = pd.to_timedelta(calls.loc[order == 1, "departure_time"]).dt.total_seconds() / 3600
    assert not first.between(19, 20.49).any()
    assert first.between(20.5, 22).any()


@pytest.mark.parametrize("scenario", NAMES)
def test_each_scenario_that_comes_along_is_proved_best(scenario):
    assert outcome(scenario).plan.status == "optimal"
    assert all(stage.gap == pytest.approx(0, abs=1e-6) for stage in outcome(scenario).plan.stages)


def test_three_wishes_choose_different_buildings():
    first, most, least = map(opened, ("lowest-first", "most-people", "least-travel"))
    assert {len(first), len(most), len(least)} == {8}
    for one, other in ((first, most), (first, least), (most, least)):
        assert len(one - other) >= 2


def test_walking_and_driving_choose_different_buildings():
    assert len(opened("lowest-first") - opened("lowest-first-drive")) >= 2
    assert len(opened("most-people") - opened("most-people-drive")) >= 2


@pytest.mark.parametrize("suffix", ["", "-drive"])
def test_putting_the_lowest_first_costs_cover_in_all(suffix):
    assert share(f"most-people{suffix}") - share(f"lowest-first{suffix}") > 1 / POINTS


def test_putting_the_lowest_first_wins_cover_for_them():
    first, most = (
        outcome(name).assessment.by_band["share_after_20"].iloc[0]
        for name in ("lowest-first", "most-people")
    )
    assert first - most > 20 / POINTS


def test_some_centre_is_too_small_for_those_whose_nearest_it_is():
    catchments = outcome("lowest-first").assessment.catchments
    assert (catchments["over_capacity"] > 0).any()
    assert catchments["capacity"].isna().any()


def test_it_is_the_place_that_its_sources_build(tmp_path):
    sources = DEMO / "sources"
    folder = workflow.build(
        workflow.OwnFiles(
            areas=sources / "areas.gpkg",
            sites=sources / "sites.csv",
            tables=(sources / "hle_by_council.csv",),
            columns=sources / "columns.toml",
            streets=sources / "streets.osm.pbf",
            timetable=sources / "gtfs.zip",
            extras=layers.Extras(assume=("people_year=2024",)),
            projections=str(sources / "projection.csv"),
            housing=sources / "housing.csv",
        ),
        tmp_path / "built",
    )
    built, kept = workflow.load(folder), workflow.demo_place()
    assert built.name == kept.name
    for layer in ("areas", "sites", "origins"):
        assert_geodataframe_equal(getattr(built, layer), getattr(kept, layer))
    assert built.in_year(2035).people == kept.in_year(2035).people
    assert built.projection.homes.equals(kept.projection.homes)


def test_the_scenario_of_the_demo_is_among_those_that_come_along():
    assert layers.demo_scenario().stem in NAMES


def test_place_knows_its_main_roads(place: Place):
    lengths = place.roads.length / 1000
    assert list(lengths.index) == ["motorway", "trunk", "primary"]
    assert lengths.between(10, 200).all()


def test_the_demo_grows_by_its_projection_to_a_person_and_has_homes(place):
    table = pd.read_csv(DEMO / "sources/projection.csv")
    assert table["2024"].sum() == place.people
    assert place.in_year(2035).people == table["2035"].sum()
    homes = pd.read_csv(DEMO / "sources/housing.csv")
    assert place.projection.homes["homes"].sum() == homes["homes"].sum() == 6_350


@pytest.mark.parametrize("file", ["projection.csv", "housing.csv"])
def test_the_script_still_makes_the_years(remade, file):
    assert (remade / "sources" / file).read_bytes() == (DEMO / "sources" / file).read_bytes()
