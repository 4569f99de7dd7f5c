"""Places from frames: the same place, faults and questions as files of the same content."""

import geopandas as gpd
import networkx as nx
import numpy as np
import osmnx
import pandas as pd
import pytest

from nhcplanner import InputError, OwnFiles, Place, Scenario, build, load, measure, run


@pytest.fixture
def areas() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "area_code": ["X01000001", "X01000002", "X01000003"],
            "people": [1500, 1700, 900],
            "hle": [58.0, 63.5, 61.0],
            "easting": [430_000.0, 432_000.0, 434_000.0],
            "northing": [310_000.0, 310_000.0, 310_500.0],
        }
    )


@pytest.fixture
def sites() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "site_id": ["S1", "S2"],
            "name": ["Library", "Clinic"],
            "easting": [430_200.0, 434_100.0],
            "northing": [310_000.0, 310_400.0],
        }
    )


def test_frames_and_files_give_the_same_place(areas, sites, tmp_path):
    areas.to_csv(tmp_path / "areas.csv", index=False)
    sites.to_csv(tmp_path / "sites.csv", index=False)
    of_files = load(build(OwnFiles(tmp_path / "areas.csv", tmp_path / "sites.csv"), tmp_path / "p"))
    of_frames = Place.from_frames(areas, sites)
    for layer in ("areas", "sites", "origins"):
        pd.testing.assert_frame_equal(
            pd.DataFrame(getattr(of_frames, layer)), pd.DataFrame(getattr(of_files, layer))
        )
    assert [one.file for one in of_frames.intake] == ["areas", "sites"]
    assert [one.file for one in of_frames.sources][:2] == ["areas", "sites"]


def test_an_index_of_codes_is_a_column(areas, sites):
    place = Place.from_frames(areas.set_index("area_code"), sites.set_index("site_id"))
    assert place.areas["area_code"].tolist() == ["X01000001", "X01000002", "X01000003"]
    assert place.sites["site_id"].tolist() == ["S1", "S2"]


def test_degrees_are_converted_where_they_are_stated_and_refused_where_they_are_not(areas, sites):
    points = gpd.points_from_xy(areas.pop("easting"), areas.pop("northing"))
    metres = gpd.GeoDataFrame(areas, geometry=points, crs=27700)
    place = Place.from_frames(metres.to_crs(4326), sites)
    assert place.areas.geometry.distance(metres.geometry).max() < 0.01
    lying = metres.to_crs(4326).set_crs(27700, allow_override=True)
    with pytest.raises(InputError, match="degrees"):
        Place.from_frames(lying, sites)
    with pytest.raises(InputError, match=r"areas, column geometry: states no reference system"):
        Place.from_frames(metres.set_crs(None, allow_override=True), sites)


def test_faults_of_all_frames_come_at_once_and_name_frames(areas, sites):
    areas.loc[1, "people"] = -4
    sites.loc[1, "easting"] = np.nan
    with pytest.raises(InputError) as caught:
        Place.from_frames(areas, sites)
    assert {fault.file for fault in caught.value.faults} == {"areas", "sites"}
    assert ".parquet" not in str(caught.value)


@pytest.mark.parametrize("broken", [[1, 2], {"area_code": []}, "areas.csv"])
def test_what_is_not_a_frame_is_refused(broken, sites):
    with pytest.raises(InputError, match="must be a DataFrame"):
        Place.from_frames(broken, sites)


def test_a_column_of_mixed_types_is_named(areas, sites):
    areas["people"] = areas["people"].astype(object)
    areas.loc[2, "people"] = "many"
    with pytest.raises(InputError, match="Give one type to the cells of people"):
        Place.from_frames(areas, sites)


def test_own_minutes_are_those_of_the_plan(areas, sites):
    given = pd.DataFrame(
        [[5.0, 41.0], [30.0, 12.5], [np.nan, 3.0]],
        ["X01000001", "X01000002", "X01000003"],
        ["S1", "S2"],
    )
    place = Place.from_frames(areas, sites, minutes=given)
    times = measure(place, Scenario(engine="matrix", mode="walk"))
    assert times.minutes.toarray().tolist() == [[5, 41], [30, 12.5], [0, 3]]
    assert times.pairs == 5


def test_long_minutes_are_read_by_their_own_headings(areas, sites):
    given = pd.DataFrame(
        {
            "search_id": ["X01000001", "X01000002", "X01000003"],
            "id": ["S1", "S2", "S2"],
            "travel_time": [300, 750, 180],
        }
    )
    place = Place.from_frames(areas, sites, minutes=given)
    times = measure(place, Scenario(engine="matrix", mode="walk"))
    assert times.minutes.data.tolist() == [5.0, 12.5, 3.0]


def test_tables_and_columns_are_named_as_given(areas, sites):
    hle = pd.DataFrame({"code": areas["area_code"], "years": areas.pop("hle")})
    columns = {"tables": {"lives": {"area_code": "code", "hle": "years"}}}
    place = Place.from_frames(areas, sites, columns=columns, tables={"lives": hle})
    assert place.areas["hle"].tolist() == [58.0, 63.5, 61.0]
    with pytest.raises(InputError, match="is the name of a layer"):
        Place.from_frames(areas, sites, tables={"sites": hle})


def test_origins_are_where_people_start(areas, sites):
    starts = pd.DataFrame(
        {
            "area_code": ["X01000001", "X01000001", "X01000002", "X01000003"],
            "people": [500, 1000, 1700, 900],
            "easting": [430_010, 430_400, 432_000, 434_000],
            "northing": [310_000, 310_000, 310_000, 310_500],
        }
    )
    polygons = gpd.GeoDataFrame(
        areas,
        geometry=gpd.points_from_xy(areas["easting"], areas["northing"]).buffer(900),
        crs=27700,
    )
    place = Place.from_frames(polygons.drop(columns=["easting", "northing"]), sites, origins=starts)
    assert sorted(place.origins["people"]) == [500, 900, 1000, 1700]


def test_a_folder_keeps_the_place(areas, sites, tmp_path):
    place = Place.from_frames(areas, sites, name="Two villages", folder=tmp_path / "kept")
    assert load(tmp_path / "kept").people == place.people == 4100


def test_minutes_of_another_place_are_refused(areas, sites):
    place = Place.from_frames(areas, sites)
    scenario = Scenario(model="max_coverage", count=1, engine="estimate")
    times = measure(place, scenario)
    assert run(place, scenario, times=times).plan.status == "optimal"
    fewer = Place.from_frames(areas, sites.iloc[:1])
    with pytest.raises(InputError, match="but Place from frames has 3 starting points and 1 sites"):
        run(fewer, scenario, times=times)


def test_streets_may_be_named_by_a_string(areas, sites, tmp_path):
    graph = nx.MultiDiGraph(crs="EPSG:27700")
    graph.add_nodes_from((n, {"x": 430_000 + 1_000 * n, "y": 310_000}) for n in range(5))
    for n in range(4):
        for one, other in ((n, n + 1), (n + 1, n)):
            graph.add_edge(one, other, osmid=n, highway="residential", length=1_000.0)
    osmnx.save_graphml(graph, tmp_path / "streets.graphml")
    place = Place.from_frames(areas, sites, streets=str(tmp_path / "streets.graphml"))
    times = measure(place, Scenario(mode="walk"))
    assert not times.estimate
    assert times.nearest([0])[1] == pytest.approx(1_800 / 80, abs=0.05)  # 1.8 km at 80 m a minute


def test_a_projection_and_homes_are_frames_too(areas, sites):
    ages = {"0-15": 820, "16-64": 2460, "65-84": 700, "85+": 120}  # 4,100 people
    projections = pd.DataFrame(
        {"code": "E06000001", "age": list(ages), "2024": list(ages.values()),
         "2035": [2 * one for one in ages.values()]}
    )  # fmt: skip
    homes = pd.DataFrame(
        {
            "name": ["Mill"],
            "homes": [40],
            "year": [2030],
            "easting": [430_100],
            "northing": [310_000],
        }
    )
    councils = areas.assign(council_code="E06000001")
    with pytest.raises(InputError, match="people_year"):
        Place.from_frames(councils, sites, projections=projections)
    shapes = gpd.GeoDataFrame(
        councils.drop(columns=["easting", "northing"]),
        geometry=gpd.points_from_xy(areas["easting"], areas["northing"]).buffer(500), crs=27700,
    )  # fmt: skip
    place = Place.from_frames(
        shapes, sites, projections=projections, housing=homes, assume=["people_year=2024"]
    )
    assert place.in_year(2035).people == 8200
    assert place.projection.homes["area_code"].tolist() == ["X01000001"]
    assert [one.file for one in place.intake if one.role == "housing"] == ["housing"]
