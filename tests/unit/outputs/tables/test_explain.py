import pandas as pd
import pytest

from nhcplanner.outputs.tables import explain


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
