"""The Open Geography Portal's layers, in the forms it gives them and of any year."""

import json

import geopandas as gpd
import pytest
from shapely import box
from shapely.geometry import Point

from nhcplanner.base.errors import InputError
from nhcplanner.layers.sources import SOURCES, geography
from nhcplanner.layers.sources.opening import open_parts
from nhcplanner.layers.sources.recognition import recognise_folder


def found_in(folder, scratch):
    """Key of each source recognised in a folder -> the file's name, and its edition."""
    result = recognise_folder(folder, SOURCES, scratch)
    return {one.source.key: (one.original.name, one.edition) for one in result.files}


def test_a_lookup_of_a_later_year_is_read_too(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text(
        "LSOA21CD,LSOA21NM,SICBL25CD,SICBL25NM,ICB25CD,ICB25CDH,ICB25NM,CAL25CD,LAD25CD,LAD25NM\n"
        "E01000001,a,E38,s,E54000028,QMF,NHS North East London ICB,E56,E09000001,City of London\n"
    )
    assert geography.parse_area_lookup(path).iloc[0].to_dict() == {
        "area_code": "E01000001", "district_code": "E09000001", "district_name": "City of London",
        "icb_code": "E54000028", "icb_name": "NHS North East London ICB", "icb_ods": "QMF",
    }  # fmt: skip
    assert found_in(tmp_path, tmp_path / ".unpacked") == {
        "area_lookup": ("lookup.csv", "LSOA 2021, ICB 2025, LAD 2025")
    }


def test_a_lookup_without_its_columns_names_them(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text("LTLA23CD,COUNTY\nE06000001,a\n")
    with pytest.raises(InputError) as caught:
        geography.parse_council_lookup(path)
    assert [fault.column for fault in caught.value.faults] == ["UTLA??CD", "UTLA??NM"]


def test_two_years_in_one_file_are_not_guessed_between(tmp_path):
    path = tmp_path / "lookup.csv"
    path.write_text("LAD23CD,LAD24CD,RGN24NM\nE06000001,E06000001,North East\n")
    with pytest.raises(InputError, match="appears twice"):
        geography.parse_region_lookup(path)


@pytest.mark.parametrize("name", ["points.gpkg", "points.geojson", "points.json", "points.csv"])
def test_centroids_in_every_form(tmp_path, name):
    path = tmp_path / name
    if name.endswith(".csv"):
        path.write_text("FID,LSOA21CD,GlobalID,x,y\n1,E01000001,g,532151.5,181615.2\n")
    elif name.endswith(".json"):
        path.write_text(json.dumps({
            "geometryType": "esriGeometryPoint", "spatialReference": {"wkid": 27700},
            "fields": [{"name": "LSOA21CD", "type": "esriFieldTypeString", "length": 9}],
            "features": [{"attributes": {"LSOA21CD": "E01000001"},
                          "geometry": {"x": 532151.5, "y": 181615.2}}],
        }))  # fmt: skip
    else:
        points = gpd.GeoDataFrame(
            {"LSOA21CD": ["E01000001"]}, geometry=[Point(532151.5, 181615.2)], crs="EPSG:27700"
        )
        points.to_crs("EPSG:4326" if name.endswith("geojson") else "EPSG:27700").to_file(path)
    found = geography.parse_centroids(path).iloc[0]
    assert found["area_code"] == "E01000001"
    assert found["centroid_x"] == pytest.approx(532151.5, abs=0.1)
    assert found["centroid_y"] == pytest.approx(181615.2, abs=0.1)
    assert found_in(tmp_path, tmp_path / ".unpacked") == {"centroids": (name, "LSOA 2021")}


def test_centroids_in_degrees_are_read_as_degrees(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("FID,LSOA21CD,x,y\n1,E01015024,-4.163999001,50.423008838\n")
    found = geography.parse_centroids(path)
    # Plymouth 004A: 50.42301 N, 4.16400 W is about SX 4637 6037
    assert found["centroid_x"].iloc[0] == pytest.approx(246_370, abs=100)
    assert found["centroid_y"].iloc[0] == pytest.approx(60_370, abs=100)
    assert "converted from degrees" in found.attrs["notes"][0]


def test_centroids_partly_in_degrees_are_refused(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("LSOA21CD,x,y\nE01000001,-4.1,50.4\nE01000002,532151,181615\n")
    with pytest.raises(InputError, match=r"row 3.*E01000002 is in metres among centroids in deg"):
        geography.parse_centroids(path)


def test_points_that_are_no_numbers_are_refused_by_row(tmp_path):
    path = tmp_path / "points.csv"
    path.write_text("LSOA21CD,x,y\nE01000001,532151,nul\n")
    with pytest.raises(InputError, match=r"row 2.*nul is not a number"):
        geography.parse_centroids(path)


def test_boundaries_in_degrees_become_metres(tmp_path):
    path = tmp_path / "areas.geojson"
    shape = gpd.GeoSeries([box(530_000, 180_000, 531_000, 181_000)], crs="EPSG:27700")
    gpd.GeoDataFrame(
        {"LSOA21CD": ["E01000001"], "LSOA21NM": ["City of London 001A"]},
        geometry=shape.to_crs("EPSG:4326"),
    ).to_file(path)
    found = geography.parse_boundaries(path)
    assert found.crs == "EPSG:27700"
    assert found.total_bounds == pytest.approx([530_000, 180_000, 531_000, 181_000], abs=2)
    assert open_parts(path, tmp_path)[0].shapes == ("(Polygon)",)


def test_sources_can_be_told_apart():
    keys = [source.key for source in SOURCES]
    assert len(set(keys)) == len(keys)
    for source in SOURCES:
        assert source.address.startswith("https://")
        assert source.title
        assert source.publisher
        assert source.licence
        assert source.attribution
        assert source.vintage
        assert source.gives
        assert source.headers or source.names or source.key == "overpass"
