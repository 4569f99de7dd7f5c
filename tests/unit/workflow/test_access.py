from dataclasses import replace

import pytest

from nhcplanner.workflow import access


@pytest.mark.parametrize(
    ("status", "kinds", "asked"),
    [
        ("existing", ["library", "library", "gp_practice"], ["existing"]),
        ("candidate", ["library", "library", "gp_practice"], ["gp_practice"]),
        ("candidate", ["library", "library", "shop"], ["library"]),
    ],
)
def test_asked_first_is_what_planners_ask_for_most(place, status, kinds, asked):
    sites = place.sites.head(3).assign(status=status, kind=kinds)
    assert access.default_kinds(replace(place, sites=sites)) == asked


def test_need_may_be_people_of_an_age_shares_of_people_and_columns_of_ones_own(place):
    areas = place.areas.assign(own_carers=1.0)
    found = access.list_need_columns(replace(place, areas=areas))
    assert {"people_85_plus", "no_car_share*people", "own_carers"} <= set(found)
    assert "people" not in found
    assert not any(one.startswith("hle") for one in found)
