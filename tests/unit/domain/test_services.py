"""Services that buildings lack, with rooms and staff."""

import pandas as pd

from nhcplanner import Scenario
from nhcplanner.domain.services import services_to_add

SERVICES = Scenario(
    services=[
        {"name": "General practice", "rooms": 6, "staff": 8},
        {"name": "community", "rooms": 3, "staff": 2.5},
    ]
).services


def test_what_a_building_lacks_needs_rooms_that_are_known_to_be_free():
    sites = pd.DataFrame(
        {
            "services_today": [
                "general practice; Community",
                "community",
                None,
                "GENERAL PRACTICE, x",
            ],
            "rooms": [None, 6, 20, None],
        }
    )
    found = services_to_add(sites, SERVICES)
    assert found["services_to_add"].tolist() == [
        "", "General practice", "General practice; community", "community"
    ]  # fmt: skip
    assert found["rooms_needed"].tolist() == [0, 6, 9, 3]
    assert found["staff_needed"].tolist() == [0, 8, 10.5, 2.5]
    assert found["has_room"].tolist() == [True, True, True, False]


def test_without_columns_or_services_nothing_is_lacking_or_known():
    sites = pd.DataFrame({"site_id": ["A"]})
    assert services_to_add(sites, ()).iloc[0].tolist() == ["", 0, 0, True]
    assert not services_to_add(sites, SERVICES)["has_room"].any()
