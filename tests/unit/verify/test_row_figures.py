"""Rows of documents are matched with the figures of the tables."""

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.row_figures import Family, families, plain


def test_a_row_is_found_by_all_texts_that_name_it():
    family = Family("mode and minutes")
    family.add(["On foot", "10"], [1.0])
    family.add(["On foot", "20"], [2.0])
    assert family.figures(["on foot", "20", "7 5"]) == {2.0}
    assert family.figures(["on foot"]) is None


def test_keys_are_compared_without_case_marks_and_brackets():
    assert plain("Mill Lane (S01)") == "mill lane"
    assert plain(10.0) == "10"


def test_goals_of_the_record_name_rows_by_their_first_cell():
    stages = [{"goal": "people within reach", "value": 7.0, "bound": 8.0, "gap": 1.0}]
    (goals,) = families(Facts(Files(record={"plan": {"stages": stages}})))
    assert goals.figures(["people within reach", "7"]) == {7.0, 8.0, 1.0}
    assert goals.figures(["s1", "people within reach"]) is None
