import pytest
from streamlit.testing.v1 import AppTest

TWO = """
from nhcplanner import workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages import compare, session
from nhcplanner.pages.menu import with_frame

def show(place):
    if not session.plans():
        for name, count in (("Plan A", 2), ("Plan <i>B</i>", 4)):
            session.keep_plan(name, workflow.run(place, Scenario(count=count)))
    compare.show(place)

with_frame("Compare", show)()
"""


@pytest.fixture
def two_plans():
    """The page with two plans at hand."""
    return AppTest.from_string(TWO, default_timeout=60).run()


def test_two_plans_are_asked_for_where_there_are_none(opened, said):
    assert "You need two plans" in said(opened("compare"))


def test_differences_are_told_in_words_and_tables(two_plans, said):
    words = said(two_plans)
    assert r"in Plan \<i\>B\</i\>" in words
    assert "nearer" in words
    by_fifth = next(one.value for one in two_plans.dataframe if "difference" in one.value)
    assert (by_fifth["b"] >= by_fifth["a"] - 1e-9).all()
    assert by_fifth["difference"].sum() > 0
    differing = next(one.value for one in two_plans.dataframe if "in_a" in one.value)
    assert (differing["in_a"] != differing["in_b"]).all()


def test_a_plan_is_not_compared_with_itself(two_plans, said):
    two_plans.selectbox[1].select("Plan A").run()
    assert "two different plans" in said(two_plans)


def test_a_plan_by_hand_says_so_beside_the_question_it_no_longer_answers(said):
    chosen = """
            made = workflow.run(place, Scenario(count=count))
            if count == 4:
                ids = made.centres["site_id"][:3]
                made = workflow.edit_plan(made, place, ids, "chosen elsewhere")
            session.keep_plan(name, made)"""
    plain = """
            session.keep_plan(name, workflow.run(place, Scenario(count=count)))"""
    assert plain in TWO
    page = AppTest.from_string(TWO.replace(plain, chosen), default_timeout=60).run()
    assert said(page).count("chosen elsewhere") == 1


def test_up_to_four_plans_are_in_the_table_of_key_figures():
    more = TWO.replace('("Plan <i>B</i>", 4)', '("Plan <i>B</i>", 4), ("C", 1), ("D", 3)')
    page = AppTest.from_string(more, default_timeout=60).run()
    table = next(one.value for one in page.dataframe if "first_band" in one.value)
    assert table["name"].tolist() == ["Plan A", "D"]
    page.multiselect[0].set_value(["C", "Plan <i>B</i>"]).run()
    table = next(one.value for one in page.dataframe if "first_band" in one.value)
    assert table["name"].tolist() == ["Plan A", "D", "C", "Plan <i>B</i>"]
    assert table["centres"].tolist() == [2, 3, 1, 4]
    assert table["share"].max() <= 100
