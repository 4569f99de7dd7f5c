"""What is old is said, by a rule for each kind of layer."""

from datetime import date
from types import SimpleNamespace

import pytest

from nhcplanner.domain.place import Source
from nhcplanner.layers.place_folder.check import warnings

TODAY = date(2026, 7, 1)


def told(index: str = "IMD 2025", synthetic: bool = False, **source) -> tuple[str, ...]:
    given = Source(**({"layer": "x", "title": "x", "file": "x.csv"} | source))
    place = SimpleNamespace(sources=(given,), index_name=index, synthetic=synthetic)
    return warnings(place, TODAY)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ({"gives": ("hle_male",), "vintage": "2021 - 23"}, "2022 - 24 is the latest"),
        ({"gives": ("people",), "vintage": "mid-2022"}, "older than 3 years"),
        ({"gives": ("no_car_share",), "vintage": "Census 2011"}, "older than 11 years"),
        ({"layer": "sites", "retrieved": "2025-12-01"}, "older than 6 months"),
        ({"layer": "streets", "vintage": "2025-06-01"}, "older than 12 months"),
        ({"layer": "timetable", "retrieved": "2026-03-01"}, "older than 3 months"),
        ({"layer": "sites"}, "No date is known of x.csv"),
    ],
)
def test_old_layers_are_told(source, words):
    [line] = told(**source)
    assert words in line


@pytest.mark.parametrize(
    "source",
    [
        {"gives": ("hle_male",), "vintage": "2022 - 24"},
        {"gives": ("people",), "vintage": "mid-2024"},
        {"gives": ("no_car_share",), "vintage": "Census 2021, 21 March 2021"},
        {"layer": "sites", "vintage": "the day it was retrieved", "retrieved": "2026-05-01"},
        {"layer": "areas", "vintage": "LSOA 2021"},
    ],
)
def test_layers_in_date_are_not(source):
    assert told(**source) == ()


def test_an_index_before_the_latest_is_told():
    assert told("IMD 2019") == ("Deprivation is IMD 2019; IMD 2025 is the latest",)
    assert told("WIMD 2019") == ()


def test_what_is_invented_does_not_age():
    assert told("IMD 2019", synthetic=True, layer="sites") == ()
