"""One building in two rows."""

from pathlib import Path

import geopandas as gpd
import pytest

from nhcplanner.domain.intake import FileIntake
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.duplicates import find_duplicates, is_alike, report_crowds


def sites(*rows):
    frame = gpd.GeoDataFrame(
        [dict(zip(("site_name", "kind", "status", "postcode"), row, strict=False)) for row in rows],
        geometry=gpd.points_from_xy([row[4] for row in rows], [0.0] * len(rows)),
        crs="EPSG:27700",
    )
    return [(pair.first, pair.second, pair.disagrees) for pair in find_duplicates(frame)]


HALL = ("Old Hall", "library", "candidate", "AA1 1AA", 0.0)


@pytest.mark.parametrize(
    ("other", "found"),
    [
        (("OLD HALL", "library", "candidate", "AA1 1AA", 7.0), [(0, 1, False)]),
        (("Old Hall", "library", "forbidden", "AA1 1AA", 7.0), [(0, 1, True)]),
        (("Old Hall", "clinic", "candidate", "AA1 1AA", 7.0), [(0, 1, False)]),
        (("Old Hall", "clinic", "candidate", "AA1 1AA", 150.0), []),
        (("Old Hall Pharmacy", "pharmacy", "candidate", "AA1 1AA", 7.0), []),
        (("New Hall", "library", "candidate", "AA1 1AA", 7.0), []),
        (("Old Hall", "library", "candidate", None, 9_000.0), []),
    ],
)
def test_rows_alike_in_name_kind_and_place_are_found(other, found):
    assert sites(HALL, other) == found


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("waterloo_medical_centre", "waterloo_med_ctr", True),
        ("st_pauls_medical_centre", "st_pauls_medical_center", True),
        ("north_surgery", "south_surgery", False),
        ("unit_1", "unit_2", False),
    ],
)
def test_names_are_alike_by_letters_or_abbreviation(one, other, alike):
    assert is_alike(one, other) is alike


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        ([(5, 5), (5, 5), (5, 5), (9, 9)], ["3 sites lie at one point"]),
        ([(1000, 2000), (3000, 2000), (4000, 0)], ["all coordinates are whole kilometres"]),
        ([(1000, 2000), (3000, 2000), (4000, 7)], []),
    ],
)
def test_crowds_and_rounded_coordinates_are_doubts(metres, words):
    frame = gpd.GeoDataFrame(geometry=gpd.points_from_xy(*zip(*metres, strict=True)))
    table = report_crowds(Table(Path("a.csv"), frame, 2, intake=FileIntake("a.csv")))
    assert [event.words.partition(":")[0] for event in table.intake.events] == words
