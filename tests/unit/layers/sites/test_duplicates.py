"""One building in two rows."""

import geopandas as gpd
import pytest

from nhcplanner.layers.sites.duplicates import find_duplicates, is_alike


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
        (("Old Hall", "clinic", "candidate", "AA1 1AA", 7.0), []),
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
