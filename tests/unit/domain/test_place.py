import geopandas as gpd
import numpy as np
import pytest
from shapely import Point

from nhcplanner.domain.place import CRS, Place, SiteEdit, with_edit


def frame(**columns):
    points = [Point(i, i) for i in range(len(next(iter(columns.values()))))]
    return gpd.GeoDataFrame(columns, geometry=points, crs=CRS)


def place(**changes):
    given = {
        "name": "Ely",
        "areas": frame(area_code=["E1", "E2", "E3"], people=[10, 20, 5]),
        "sites": frame(
            site_id=["a", "b"], site_name=[None, "Hall"], status=["candidate", "existing"]
        ),
        "origins": frame(origin_id=["1", "2", "3", "4"], area_code=["E1", "E2", "E2", "E3"]),
    }
    return Place(**given | changes)


def test_people_existing_centres_and_areas_of_origins():
    made = place()
    assert made.people == 35
    assert made.existing.tolist() == [1]
    assert made.area_of_origin.tolist() == [0, 1, 1, 2]


def test_a_site_without_a_name_goes_by_its_id():
    assert place().site_names.tolist() == ["a", "Hall"]
    assert place(sites=frame(site_id=["a"], status=["candidate"])).site_names.tolist() == ["a"]


@pytest.mark.parametrize(
    ("name", "synthetic", "title"),
    [("Ely", False, "Ely"), ("Ely", True, "SYNTHETIC Ely"),
     ("SYNTHETIC Ely", True, "SYNTHETIC Ely")],
)  # fmt: skip
def test_an_invented_place_says_so_in_its_title_once(name, synthetic, title):
    assert place(name=name, synthetic=synthetic).title == title


@pytest.mark.parametrize(
    ("shares", "known"), [(None, False), ([np.nan] * 3, False), ([np.nan, 0.2, 0.0], True)]
)
def test_a_place_knows_cars_if_any_area_has_a_share(shares, known):
    areas = {"area_code": ["E1", "E2", "E3"], "people": [1, 1, 1]}
    areas |= {} if shares is None else {"no_car_share": shares}
    assert place(areas=frame(**areas)).knows_cars is known


def test_a_later_edit_replaces_an_earlier_one_of_the_same_site():
    first = SiteEdit("b", (("cost", 1.0),))
    edits = with_edit(with_edit((first,), SiteEdit("a")), first.with_facts(cost=None, kind="shop"))
    assert edits == (SiteEdit("a"), SiteEdit("b", (("cost", None), ("kind", "shop"))))
