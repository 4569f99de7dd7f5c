import geopandas as gpd
import pandas as pd
import pytest

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.geocoding import postcodes
from nhcplanner.layers.sites.clean import apart_note

HELD = pd.DataFrame({"pcd": ["PL1 2AA"], "pcd_abbr": ["PL12AA"], "oseast1m": [247_696.0],
                     "osnrth1m": [54_383.0], "laua": ["E06000026"]})  # fmt: skip


def sites(*rows):
    names = ["site_id", "postcode", "x", "y"]
    frame = pd.DataFrame(rows, columns=names)
    points = gpd.points_from_xy(frame.pop("x"), frame.pop("y"), crs="EPSG:27700")
    return gpd.GeoDataFrame(frame, geometry=points)


@pytest.fixture
def directory(monkeypatch):
    monkeypatch.setattr(postcodes, "directory", lambda letter: HELD)


def test_a_site_far_from_its_own_postcode_is_named_with_its_distance(directory):
    (note,) = apart_note(sites(
        ["near", "pl1 2aa", 247_700, 56_300], ["far", "PL12AA", 247_696, 61_383],
        ["unknown", "PL9 9ZZ", 0, 0], ["blank", None, 0, 0],
    ))  # fmt: skip
    assert note.startswith("1 site farther than 2 km from the middle of the postcode")
    assert note.endswith("far (PL1 2AA, 7 km)")


def test_there_is_nothing_to_tell_where_all_agree_or_no_postcode_is_given(directory):
    agreed = sites(["near", "PL1 2AA", 247_700, 56_300])
    assert apart_note(agreed) == ()
    assert apart_note(agreed.drop(columns="postcode")) == ()


def test_without_the_directory_nothing_is_told(monkeypatch):
    def missing(letter):
        raise InputError([Fault("is not installed")])

    monkeypatch.setattr(postcodes, "directory", missing)
    assert apart_note(sites(["far", "PL12AA", 247_696, 61_383])) == ()
