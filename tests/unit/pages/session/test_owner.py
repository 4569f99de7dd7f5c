import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.scenario import Scenario
from nhcplanner.pages.session.owner import MAX_LENGTH, START, parameters, scenario


@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"count": None, "mode": "drive", "reach": 15.0},
        {"modes": ("walk", "cycle"), "keep": ("a b", 'c"d', "ü&=,"), "split": True},
        {"title": "5", "budget": 1e6, "transit_window": ("08:00", "09:00")},
        {"title": "none of it = fine"},
    ],
)
def test_what_is_written_is_read_back(choices):
    asked = Scenario.from_settings({**START.model_dump(), **choices})
    said = parameters("k", "demo", asked)
    assert said.pop("work") == "k"
    assert set(said) == set(choices)
    assert scenario(said, START) == asked


def test_what_is_very_long_stays_out():
    asked = START.model_copy(update={"keep": tuple(f"site {n}" for n in range(100))})
    assert "keep" not in parameters("k", "demo", asked)
    assert all(len(one) <= MAX_LENGTH for one in parameters("k", "/a", asked).values())


def test_parameters_of_others_are_passed_over_and_bad_values_refused():
    assert scenario({"utm": "x", "place": "/tmp"}, START) == START
    with pytest.raises(InputError, match="reach"):
        scenario({"reach": "far"}, START)
