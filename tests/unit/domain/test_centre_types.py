"""Sizes and services as a scenario states them."""

import pytest

from nhcplanner import InputError, Scenario
from nhcplanner.domain.centre_types import Size


def test_sizes_that_cannot_be_are_refused_in_words():
    for wrong, words in (
        ({"modules": 2, "capacity": 3}, "needs capacity and module_capacity"),
        ({"adds": True}, "needs a capacity"),
        ({"capacity": 5, "least_people": 6}, "must serve more people than it has room for"),
        ({"at": ["colour:red"]}, "should be the id of a site"),
    ):
        with pytest.raises(InputError, match=words):
            Scenario(sizes=[{"name": "a", **wrong}])


def test_a_size_says_what_it_offers():
    size = Size(name="wing", adds=True, capacity=900, modules=2, module_capacity=50, at=["S1"])
    assert size.words == (
        "wing (in addition to the site's own: 900 people, cost not given, up to 2 modules of 50 "
        "people each) at S1"
    )
    assert [step[:2] for step in size.steps()] == [
        ("wing", 900), ("wing + 1 module", 950), ("wing + 2 modules", 1000)
    ]  # fmt: skip
