"""Arithmetic of the check, against values worked out by hand."""

import numpy as np
import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts, LackingError, flag_text, key_text
from nhcplanner.verify.files import Files, typed
from nhcplanner.verify.goals import Question, value_at_nearest


def made(**scenario):
    text = {
        "areas_wide": {
            "area_code": ["A", "B", "C"], "people": ["100", "100", "200"],
            "hle": ["60", "50", ""], "imd_decile": ["1", "4", "10"],
        },
        "sites_wide": {"site_id": ["s", "t"], "status": ["existing", "candidate"]},
        "origins": {
            "origin": ["1", "2", "3", "4"], "point": ["1", "2", "3", "4"],
            "area_code": ["A", "B", "C", "C"], "household": [""] * 4,
            "people": ["100", "100", "120", "80"],
        },
        "minutes": {
            "mode": ["own"] * 5, "origin": ["1", "2", "3", "4", "1"],
            "site_id": ["s", "s", "t", "s", "t"], "minutes": ["5", "25", "8", "30", "5"],
        },
        "settings": {"setting": ["horizon", "index"], "value": ["60", ""], "words": ["", ""]},
    }  # fmt: skip
    record = {
        "scenario": {"reach": 20.0, "bands": 2, "everyone": "all"} | scenario,
        "plan": {"opened": ["s", "t"], "allocation": None},
    }
    tables = {name: pd.DataFrame(columns) for name, columns in text.items()}
    return Facts(Files(tables=tables, record=record))


def test_nearest_medians_and_shares():
    facts = made()
    assert facts.nearest([0]).tolist() == [5, 25, np.inf, 30]
    assert facts.nearest([0, 1]).tolist() == [5, 25, 8, 30]
    assert facts.nearest_site([0, 1]).tolist() == [0, 0, 1, 0]  # the first of ties
    assert facts.median_by_area(facts.nearest([0, 1])).tolist() == [5, 25, 8]
    assert facts.median_by_area(facts.nearest([0])).tolist() == [5, 25, np.inf]
    inside = facts.inside(facts.nearest([0, 1]))
    assert facts.share_by_area(inside).tolist() == [1, 0, 0.6]


def test_bands_fifths_and_whom_centres_serve():
    facts = made()
    assert facts.band.tolist() == [2, 1, 0]  # half of 200 people each, lowest HLE first
    assert made(band_edges=[55, 60]).band.tolist() == [3, 1, 0]  # an edge belongs above
    assert facts.fifth.tolist() == [1, 2, 5]
    assert facts.allocation.to_dict("list") == {
        "row": [0, 2], "site": [0, 1], "share": [1.0, 1.0],
    }  # fmt: skip


def test_sites_of_other_plans_and_their_names():
    facts = made()
    facts.files.tables["option_sites"] = pd.DataFrame(
        {"option": ["2", "2", "1"], "site_id": ["t", "s", "t"]}
    )
    assert facts.sites_of("option_sites", "option") == {"2": [0, 1], "1": [1]}
    assert facts.name_sites([1, 0]) == "s, t"
    assert facts.name_sites([]) == "none"


def test_keys_and_flags_as_text():
    assert [key_text(key) for key in (2.0, 2.5, "all")] == ["2", "2.5", "all"]
    assert flag_text(pd.Series(["True", 1.0, "", 0.0])) == ["True", "True", "False", "False"]


def test_words_of_a_table_without_rows_stay_words():
    """An empty table is merged with one that has rows, by the columns that name rows."""
    empty = typed(pd.DataFrame({"grouping": [], "group": [], "goal": [], "people": []}))
    names = pd.DataFrame({"grouping": ["age"], "group": ["0 to 15"], "goal": ["most"]})
    assert empty.merge(names, on=["grouping", "group", "goal"]).empty
    assert empty["people"].dtype == "float64"


def test_levels_of_neighbourhoods_are_labels_of_areas():
    facts = made()
    facts.files.tables["areas_wide"]["multi_neighbourhood"] = ["North", "North", "South"]
    assert facts.label("multi").tolist() == ["North", "North", "South"]
    with pytest.raises(LackingError, match="have no system"):
        facts.label("system")


def test_sites_are_unlisted_only_where_pairs_are_cut():
    facts = made()
    minutes = facts.files.tables["minutes"]
    facts.files.tables["minutes"] = minutes[minutes["site_id"] == "s"]
    assert facts.unlisted == frozenset()
    cut = made()
    cut.files.tables["minutes"] = minutes[minutes["site_id"] == "s"]
    cut.files.tables["notes"] = pd.DataFrame({"about": ["minutes"], "words": ["cut"]})
    assert cut.unlisted == {1}
    cut.record["scenario"]["model"] = "max_coverage"
    with pytest.raises(LackingError, match="only pairs of sites in use"):
        value_at_nearest(cut, "people within reach", [1], Question(cut))
