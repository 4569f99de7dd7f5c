import math

import pytest

from nhcplanner.domain.errors import InputError
from nhcplanner.travel import Profile
from nhcplanner.travel.profile import MPH, legal_kmh


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


def test_only_a_drive_is_parked():
    assert Profile(park_minutes=4).terminal_minutes("drive") == 4
    assert Profile(park_minutes=4).terminal_minutes("walk") == 0


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
    with pytest.raises(InputError, match="primry is no class of road"):
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
