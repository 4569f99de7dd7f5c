from dataclasses import replace

import geopandas as gpd
import pandas as pd
from shapely.geometry import Point

from nhcplanner.domain.closures import Closure
from nhcplanner.domain.place import CRS, Place

SITES = gpd.GeoDataFrame(
    {"site_id": ["L"], "site_name": ["Library"]}, geometry=[Point(0, 0)], crs=CRS
)
FIGURES = {
    "patients": 1200.0, "from_elsewhere": 200.0, "minutes_before": 5.04, "minutes_after": 8.06,
    "nearest_after": 7.0, "farther": 400.0, "without_practice": 30.0, "newly_without": 10.0,
}  # fmt: skip
CLOSURE = Closure(
    Place("Row", SITES, SITES, SITES), ("A",), (),
    pd.DataFrame(), pd.DataFrame(),
    pd.DataFrame({
        "practice": ["A", "B", "C"], "name": ["Alder", "Birch", "Cedar"],
        "change": ["shuts", "stays", "stays"], "patients_gained": [0.0, 900.0, 100.0],
        "list_change": [0.0, 0.09, 0.5],
    }),
    FIGURES, 20.0, "drive", True,
)  # fmt: skip


def test_the_summary_has_minutes_losers_and_the_list_that_grows_most():
    words = CLOSURE.summary
    assert words.startswith("Alder (A) shuts: 1,200 patients, 200 of them from outside the place.")
    assert "Mean estimated minutes go from 5.0 to 8.1" in words
    assert "400 patients would travel more than 5 minutes farther" in words
    assert words.endswith("The list of Cedar (C) would grow most, by 50.0%.")
    assert "Alder" in repr(CLOSURE)


def test_names_of_files_stay_short():
    assert CLOSURE.code == "A"
    assert replace(CLOSURE, shut=tuple("ABCDE")).code == "A-B-C-and-2-more"


def test_moves_are_named_with_their_site():
    assert replace(CLOSURE, moves=(("B", "L"),)).title == (
        "Alder (A) shuts; Birch (B) moves to Library"
    )


def test_the_destination_is_the_new_address_of_a_practice_that_moves():
    assert CLOSURE.destination == "the practices that they would choose"
    assert replace(CLOSURE, shut=(), moves=(("B", "L"),)).destination == "the new address"
    both = replace(CLOSURE, moves=(("B", "L"),)).destination
    assert both == "the practices that they would choose or the new address"
