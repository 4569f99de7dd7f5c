"""The table of neighbourhoods is counted again from sites and areas."""

import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.groups import check_neighbourhoods
from nhcplanner.verify.ledger import Ledger

SITES = pd.DataFrame(
    {
        "site_id": ["S1", "S2", "S3", "S4"],
        "neighbourhood": ["North", "North", "South", None],
        "role": ["existing", "new", None, None],
        "people_served": [100.0, 250.0, None, None],
    }
)
AREAS = pd.DataFrame(
    {
        "area_code": ["A", "B"],
        "neighbourhood": ["North", "South"],
        "people": [400, 600],
        "band": [1, 2],
        "share_after": [0.5, 0.0],
    }
)
RIGHT = pd.DataFrame(
    {
        "neighbourhood": ["North", "South", "not given"],
        "people": [400.0, 600.0, None],
        "first_band": [400.0, 0.0, None],
        "listed": [2, 1, 1],
        "existing": [1, 0, 0],
        "additional": [1, 0, 0],
        "served": [350.0, None, None],
        "within": [0.5, 0.0, None],
        "none_yet": [None, "none yet", None],
    }
)


def differences(table: pd.DataFrame) -> list[str]:
    tables = {"sites_wide": SITES, "areas_wide": AREAS, "neighbourhoods": table}
    ledger = Ledger()
    check_neighbourhoods(Facts(Files(record={}, tables=tables)), ledger)
    assert ledger.number
    return [one.figure for one in ledger.differences]


def test_counts_and_people_are_those_of_sites_and_areas():
    assert differences(RIGHT) == []


@pytest.mark.parametrize(
    ("column", "value"),
    [("additional", 2), ("served", 351.0), ("people", 401.0), ("within", 0.4), ("first_band", 1.0)],
)
def test_a_changed_figure_is_a_difference(column, value):
    wrong = RIGHT.copy()
    wrong.loc[0, column] = value
    assert len(differences(wrong)) == 1
