import pandas as pd
import pytest

from nhcplanner import Scenario, run
from nhcplanner.outputs.tables import explain
from tests.pages.conftest import small_place


@pytest.fixture
def price():
    return pd.DataFrame(
        {
            "band": ["1", "2", "all"],
            "people_plan": [90.0, 40.0, 130.0],
            "people_without": [60.0, 90.0, 150.0],
            "difference": [-30.0, 50.0, 20.0],
        }
    )


def test_the_price_has_the_sign_of_the_command_line_and_of_documents(price):
    fewer = explain.table(price).set_index("band")["difference"]
    assert fewer.to_dict() == {"1": -30, "2": 50, "All": 20}


def test_a_price_of_nothing_is_said_plainly(price):
    same = price.assign(difference=0.0)
    assert explain.words(same).startswith("Priority costs no reach here")


def test_bands_without_a_first_are_told_of_all(price):
    assert explain.words(price[price["band"] == "all"]) == (
        "With those in most need first, 20 fewer people are in reach."
    )


def outcome(place=None, **settings):
    return run(place or small_place(), Scenario(engine="estimate", **settings))


def test_a_failed_attempt_says_that_every_site_is_excluded():
    place = small_place()
    place.sites["status"] = "forbidden"
    words = explain.failure_advice(outcome(place, model="max_coverage", count=3))
    assert words == ("No site may open: all are excluded. Make some available under Sites.",)


def test_a_failed_attempt_says_that_no_site_has_the_kind():
    place = small_place()
    place.sites["status"] = [*["candidate"] * 4, "forbidden"]
    place.sites["kind"] = [*["library"] * 4, "barn"]
    words = explain.failure_advice(outcome(place, model="max_coverage", kinds=("barn",)))
    assert "none has a kind that the rules allow" in words[0]


def test_a_failed_aim_for_everyone_says_how_to_find_the_number_of_centres():
    words = explain.failure_advice(outcome(model="set_cover", count=1))
    assert "tick" in words[0]
    assert words[1].startswith("1 centre may be too few")
    assert len(explain.failure_advice(outcome(model="max_coverage", count=0))) == 1


def test_fewer_centres_than_allowed_are_explained():
    # one car ride along the row of 10 km takes less than an hour
    words = explain.surprises(outcome(model="max_coverage", mode="drive", count=5, reach=60))
    assert [one[:19] for one in words] == ["1 of 5 centres open"]


def test_centres_over_capacity_are_explained():
    place = small_place()
    place.sites["capacity"] = 100.0
    words = explain.surprises(outcome(place, model="max_coverage", count=2))
    assert any("Choose an aim within capacity" in one for one in words)
