"""tests.unit.outputs.brief.test_prose"""

import pytest

from nhcplanner.outputs.brief.prose import say
from tests.canaries import TEMPLATES

HALF = {"share": 0.5, "words": "10 minutes"}


def must_haves(proved, found):
    return say("risks", "must_haves", proved=proved, found=found)


def test_proved_and_found_sites_are_never_counted_together():
    words = must_haves(["Mill"], ["Dale", "Oak"])
    assert words == (
        "1 site is in every good plan (proved): Mill. 2 more sites are in every good plan that "
        "was found, which does not prove that every good plan needs them: Dale and Oak."
    )
    assert must_haves([], []).startswith("No site is in every good plan")


@pytest.mark.parametrize("fewest", [0, 3])
def test_centres_that_other_cases_keep_are_counted_and_not_a_share(fewest):
    words = say(
        "risks", "other_cases", cases=3, low=HALF, high=HALF, new=14, fewest=fewest, most=14,
        case_of_fewest="people who drive", never=["Oak"],
    )  # fmt: skip
    kept = (
        f"keeps between {fewest} and 14 of the 14 new centres of this plan, fewest for people who "
        "drive."
    )
    assert kept in words
    assert "Oak opens in none of the plans made for another reach or mode." in words
    assert "%" not in words.replace("50.0%", "")


@pytest.mark.parametrize("name", TEMPLATES.values(), ids=TEMPLATES)
def test_a_name_is_never_run_nor_changed(name):
    assert name in must_haves([name], [])


def test_letters_of_html_come_out_as_they_were_written():
    assert "A & B <b>&amp;" in must_haves(["A & B <b>&amp;"], [])


@pytest.mark.parametrize(
    ("who", "words"),
    [("", "with the plan both ends have the same access."),
     ("most", "with the plan the most deprived end has the better access.")],
)  # fmt: skip
def test_ends_with_the_same_access_are_not_set_against_each_other(who, words):
    assert say("equality", "slope", who=who, before="1.0%", after="0.0%").endswith(words)


def test_one_site_that_was_ruled_out_is_singular():
    words = say("options", "long_list", sites=10, short=1, ruled_out=1, unexplained=0)
    assert words.startswith(
        "Of 10 sites on the long list, 1 opens in some option. 1 was ruled out before planning."
    )


NOWHERE = "Nobody is farther from a centre than today."
NEARLY = (
    "In no area do most people go farther to the centre that the plan sends them to than today."
)
SOME = "90 people in 1 area are farther from a centre than today; most of all One."
MOST = (
    "In 1 area of 90 people most go farther to the centre that the plan sends them to than today, "
    "most of all in One."
)
FEW = (
    "80 people go farther to the centre that the plan sends them to than today, but in no area "
    "most of its people."
)
PART = (
    "80 people go farther to the centre that the plan sends them to than today. In 1 area of 90 "
    "people most do, most of all in One."
)


@pytest.mark.parametrize(
    ("sends", "farther", "nobody", "some"),
    [(False, 0, NOWHERE, SOME), (True, 0, NEARLY, MOST), (True, 80, FEW, PART)],
)
def test_who_goes_farther_is_worded_by_the_centre_that_people_go_to(sends, farther, nobody, some):
    words = {"than": "than today", "note": "", "sends": sends, "farther": farther}
    assert say("board", "nobody_worse", **words) == nobody
    found = say("board", "worse", people=90, areas=1, out=0, names="One", around="", **words)
    assert found == some


def test_where_nobody_is_left_out_the_page_says_everyone():
    values = {"share": 0.0, "reach": "20", "note": "", "groups": []}
    words = say("board", "left_out", people=0.0, **values)
    assert words == "Everyone is within 20 minutes of a centre."
    assert say("board", "left_out", people=3.0, **values).startswith("3 people (0.0%) are still")
