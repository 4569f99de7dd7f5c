from types import SimpleNamespace

import pandas as pd

from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.patients import check_patients

TABLES = {
    "areas": pd.DataFrame({"area_code": ["a", "b"], "share_before": [0.0, 0.5],
                           "share_after": [0.25, 1.0]}),
    "patients_by_area": pd.DataFrame({"site_id": ["P", "P"], "name": ["x", "x"],
                                      "area_code": ["a", "b"], "patients": [100.0, 40.0]}),
    "patients": pd.DataFrame({"site_id": ["P", "Q"], "name": ["x", "y"], "patients": [147.0, 3.0],
                              "from_place": [140.0, 0.0], "from_elsewhere": [7.0, 3.0],
                              "within_before": [20.0, 0.0], "within_after": [65.0, 0.0]}),
}  # fmt: skip


def differences(tables) -> set[str]:
    facts = SimpleNamespace(has=lambda name: name in tables, table=lambda name: tables[name].copy())
    ledger = Ledger()
    check_patients(facts, ledger)
    return {one.figure for one in ledger.differences}


def test_patients_within_reach_are_recomputed_from_where_they_live():
    assert differences(TABLES) == set()
    assert differences({}) == set()


def test_a_changed_figure_is_found():
    for column in ("patients", "from_place", "within_before", "within_after"):
        changed = TABLES["patients"].assign(**{column: TABLES["patients"][column] + [1, 0]})
        assert differences(TABLES | {"patients": changed})
