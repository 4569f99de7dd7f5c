"""Rows of documents are matched with the figures of the tables."""

import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.row_figures import Family, families, plain


def test_a_row_is_found_by_all_texts_that_name_it():
    family = Family("mode and minutes")
    family.add(["On foot", "10"], {"people": 1.0})
    family.add(["On foot", "20"], {"people": 2.0})
    assert family.figures(["on foot", "20", "7 5"]) == {"people": {2.0}}
    assert family.figures(["on foot"]) is None


def test_keys_are_compared_without_case_marks_and_brackets():
    assert plain("Mill Lane (S01)") == "mill lane"
    assert plain(10.0) == "10"


def test_goals_of_the_record_name_rows_by_their_first_cell():
    stages = [{"goal": "people within reach", "value": 7.0, "bound": 8.0, "gap": 1.0}]
    (goals,) = families(Facts(Files(record={"plan": {"stages": stages}})))
    assert goals.figures(["people within reach", "7"]) == {
        "value": {7.0}, "bound": {8.0}, "gap": {1.0}
    }  # fmt: skip
    assert goals.figures(["s1", "people within reach"]) is None


def test_an_option_is_also_known_by_how_far_the_plan_is_from_it():
    """The plan reaches 200 more people for 300 pounds more, of which 600 are its capital."""
    options = pd.DataFrame(
        {
            "option": ["The plan", "Do minimum"],
            "people_within": [1000.0, 800.0],
            "discounted": [900.0, 600.0],
            "capital_discounted": [600.0, 0.0],
        }
    )
    known = families(Facts(Files(record={"plan": {}}, tables={"options": options})))
    figures = next(one for one in known if one.name == "option").figures(["do minimum"])
    assert {200.0, 200 / 1000, 300.0, 300 / 200, -300 / 600} <= set().union(*figures.values())
