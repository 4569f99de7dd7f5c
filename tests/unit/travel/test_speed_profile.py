import math

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.travel import Profile
from nhcplanner.travel.osm_tags import MPH, legal_kmh


@pytest.mark.parametrize(
    ("tags", "kmh"),
    [
        ({"maxspeed": "30 mph"}, 30 * MPH),
        ({"maxspeed": "30mph"}, 30 * MPH),
        ({"maxspeed": "50"}, 50),
        ({"maxspeed": "50 km/h"}, 50),
        ({"maxspeed": "40 mph;30 mph"}, 30 * MPH),
        ({"maxspeed": "national"}, 60 * MPH),
        ({"maxspeed": "GB:nsl_single"}, 60 * MPH),
        ({"maxspeed:type": "GB:nsl_dual"}, 70 * MPH),
        ({"maxspeed": "signals", "maxspeed:type": "GB:motorway"}, 70 * MPH),
        ({"maxspeed": "none"}, None),
        ({"maxspeed": "0"}, None),
        ({}, None),
    ],
)
def test_the_legal_limit_is_read_from_tags(tags, kmh):
    assert legal_kmh(tags) == (None if kmh is None else pytest.approx(kmh))


def test_a_road_is_driven_at_the_lower_of_class_and_limit():
    profile = Profile(class_kmh={"primary": 60.0})
    assert profile.minutes_per_km({"highway": "primary"}, "drive") == 1.0
    assert profile.minutes_per_km({"highway": "primary", "maxspeed": "30"}, "drive") == 2.0
    assert profile.minutes_per_km({"highway": "primary", "maxspeed": "70 mph"}, "drive") == 1.0


def test_the_peak_factor_slows_driving_and_not_walking():
    peak, free = Profile(peak_factor=1.5), Profile()
    road = {"highway": "primary"}
    assert peak.minutes_per_km(road, "drive") == 1.5 * free.minutes_per_km(road, "drive")
    assert peak.minutes_per_km(road, "walk") == free.minutes_per_km(road, "walk") == 12.5


def test_a_car_is_parked_and_a_cycle_locked():
    profile = Profile(park_minutes=4, lock_minutes=2)
    assert [profile.terminal_minutes(mode) for mode in ("walk", "cycle", "drive")] == [0, 2, 4]


def test_a_cycle_is_ridden_or_pushed():
    profile = Profile(cycle_kmh=20, walk_kmh=5)
    assert profile.minutes_per_km({"highway": "cycleway"}, "cycle") == 3
    assert profile.minutes_per_km({"highway": "footway"}, "cycle") == 12


def test_a_ferry_takes_as_long_as_it_says_whatever_the_mode():
    crossing = {"route": "ferry", "ferry_kmh": "12"}
    assert [Profile().minutes_per_km(crossing, m) for m in ("walk", "cycle", "drive")] == [5, 5, 5]


def test_a_lit_road_without_a_sign_is_driven_at_30_mph():
    lit = {"highway": "primary", "lit": "yes"}
    assert Profile().minutes_per_km(lit, "drive") == pytest.approx(60 / (30 * MPH))
    signed = lit | {"maxspeed": "50 mph"}
    assert Profile().minutes_per_km(signed, "drive") == 60 / 65


@pytest.mark.parametrize(
    ("tags", "factor"),
    [
        ({"highway": "primary", "maxspeed": "30 mph"}, 3),
        ({"highway": "tertiary_link", "lit": "yes"}, 3),
        ({"highway": "primary", "maxspeed": "50 mph", "lit": "yes"}, 2),
        ({"highway": "primary"}, 2),
        ({"highway": "residential", "maxspeed": "20 mph"}, 2),
    ],
)
def test_main_roads_of_towns_slow_most(tags, factor):
    slow = Profile(peak_factor=2, urban_factor=1.5).minutes_per_km(tags, "drive")
    assert slow == pytest.approx(factor * Profile().minutes_per_km(tags, "drive"))


def test_the_morning_peak_gives_the_published_averages():
    """29 km of urban and 40 km of other primary roads, driven at 33.1 and 40.4 mph when free."""
    free, peak = Profile.named("free_flow"), Profile.named("morning_peak")
    urban = 33.1 / (peak.peak_factor * peak.urban_factor)
    hours = 28.9 / urban + 39.7 / 40.4 * peak.peak_factor
    assert urban == pytest.approx(18.4, abs=0.1)
    assert 68.6 / hours == pytest.approx(24.4, abs=0.1)
    assert dict(peak.class_kmh) == dict(free.class_kmh)


def write(tmp_path, text):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_of_ones_own_replaces_what_it_names(tmp_path):
    text = 'title = "Market day"\nsource = "counted"\npark_minutes = 9\n[class_kmh]\nprimary = 20'
    profile = Profile.from_toml(write(tmp_path, text))
    assert profile.minutes_per_km({"highway": "primary"}, "drive") == 3
    assert profile.minutes_per_km({"highway": "residential"}, "drive") == 2
    record = profile.parameters("drive")
    assert (record["profile"], record["park_minutes"]) == ("Market day", 9)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("walk_kmh =", "not valid TOML"),
        ("speed = 3", "unknown key 'speed'"),
        ("walk_kmh = 'fast'", "walk_kmh is 'fast', but must be a number"),
        ("lock_minutes = -1", "lock_minutes is -1, but must be 0 or more"),
        ("class_kmh = 3", "must be a table"),
        ("[class_kmh]\nprimry = 3", "primry is not a class of road"),
        ("title = 3", "must be text"),
    ],
)
def test_a_bad_table_is_told_by_its_name(tmp_path, text, words):
    with pytest.raises(InputError, match=words) as error:
        Profile.from_toml(write(tmp_path, text))
    assert {fault.file for fault in error.value.faults} == {"own.toml"}


def test_every_fault_of_a_table_is_told_at_once(tmp_path):
    with pytest.raises(InputError) as error:
        Profile.from_toml(write(tmp_path, "speed = 3\nwalk_kmh = 0\npark_minutes = nan"))
    assert len(error.value.faults) == 3


def test_a_table_that_is_missing_or_unknown_is_named(tmp_path):
    with pytest.raises(InputError, match=r"gone\.toml: cannot be read"):
        Profile.from_toml(tmp_path / "gone.toml")
    with pytest.raises(InputError, match="none called 'rush'; known: free_flow, morning_peak"):
        Profile.named("rush")


def test_every_bad_setting_is_named_at_once():
    with pytest.raises(InputError) as error:
        Profile(walk_kmh=0, park_minutes=-1, peak_factor=math.nan, class_kmh={"primary": -5})
    text = str(error.value)
    assert len(error.value.faults) == 4
    for name in ("walk_kmh", "park_minutes", "peak_factor", "speed of primary"):
        assert name in text


def test_a_class_left_out_keeps_its_default_and_is_recorded():
    profile = Profile(class_kmh={"primary": 50.0})
    minutes = profile.minutes_per_km({"highway": "residential"}, "drive")
    assert minutes == Profile().minutes_per_km({"highway": "residential"}, "drive")
    record = profile.parameters("drive")
    assert (record["kmh_primary"], record["kmh_residential"]) == (50, 30)


def test_a_class_that_is_none_is_named():
    with pytest.raises(InputError, match="primry is not a class of road"):
        Profile(class_kmh={"primry": 50.0})


def test_a_detour_is_never_shorter_than_the_straight_line():
    with pytest.raises(InputError, match="walk_detour"):
        Profile(walk_detour=0.9)


def test_the_record_names_what_shapes_each_mode():
    walk, drive = Profile().parameters("walk"), Profile().parameters("drive")
    assert walk["walk_kmh"] == 4.8
    assert "kmh_primary" not in walk
    assert drive["park_minutes"] == 5
    assert drive["kmh_primary"] == 65
