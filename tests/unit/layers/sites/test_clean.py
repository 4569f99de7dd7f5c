import geopandas as gpd
import pandas as pd
import pytest

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.geocoding import postcodes
from nhcplanner.layers.sites.clean import apart_note
from nhcplanner.layers.sites.own_list import read_estates

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


def test_opening_hours_that_are_not_understood_are_reported_by_row():
    text = (
        b"id,name,easting,northing,opening times\n"
        b"a,Mill Street,247700,56300,Mon-Fri 8am-6.30pm\nb,Hill,247800,56300,when staff allow\n"
        b"c,Dale,247900,56300,\nd,Quay,248000,56300,Mo-Sa 08:00-20:00\ne,Park,248100,56300,9-5\n"
    )
    read = read_estates(text, "list.csv")
    assert read.sites["opening_hours"].tolist()[:2] == ["Mon-Fri 8am-6.30pm", "when staff allow"]
    [event] = [one for one in read.intake.events if one.words.startswith("opening_hours")]
    assert event.kind == "doubt"
    assert event.count == 2
    assert "in 2 rows (3, 6), which count as not known" in event.words
    assert event.examples == ("row 3: when staff allow", "row 6: 9-5")
