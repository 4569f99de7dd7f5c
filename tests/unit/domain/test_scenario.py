import pytest
from pydantic import BaseModel, ValidationError

from nhcplanner import Scenario
from nhcplanner.base.errors import InputError


def test_a_scenario_is_read_from_toml_and_hashes():
    text = 'count = 3\nkinds = ["library"]\nmode = "drive"'
    scenario = Scenario.from_toml(text)
    assert scenario == Scenario(count=3, kinds=("library",), mode="drive")
    assert hash(scenario) == hash(Scenario.from_toml(text))


def test_overrides_take_numbers_words_lists_and_none():
    base = Scenario(count=9)
    changed = base.with_settings(
        ["count=none", "reach=15", "mode=drive", "keep=A1, B2", 'forbid=["C3"]', "title=2030"]
    )
    assert changed.count is None
    assert changed.reach == 15
    assert changed.mode == "drive"
    assert changed.keep == ("A1", "B2")
    assert changed.forbid == ("C3",)
    assert changed.title == "2030"


def test_every_bad_key_is_told_at_once():
    with pytest.raises(InputError) as caught:
        Scenario().with_settings(["reech=15", "count=many", "reach=999"])
    text = str(caught.value)
    assert "unknown key 'reech'" in text
    assert "Did you mean reach" in text
    assert "count" in text
    assert "reach should be less than or equal to 60" in text


def test_a_wrong_key_of_the_class_itself_is_reported_with_the_closest_match():
    with pytest.raises(InputError) as caught:
        Scenario(cuont=6, reach=99)
    assert [str(fault) for fault in caught.value.faults] == [
        "reach should be less than or equal to 60, but is 99",
        "unknown key 'cuont'. Did you mean count?",
    ]


def test_a_scenario_inside_another_model_reports_each_fault_where_it_is():
    class Outer(BaseModel):
        inner: Scenario

    with pytest.raises(ValidationError) as caught:
        Outer.model_validate({"inner": {"reach": 99, "count": -1}})
    assert [error["loc"] for error in caught.value.errors()] == [
        ("inner", "reach"), ("inner", "count"),
    ]  # fmt: skip


def test_an_override_without_a_value_is_refused():
    with pytest.raises(InputError, match="'count' is not key=value"):
        Scenario().with_settings(["count"])


def test_broken_toml_names_the_file():
    with pytest.raises(InputError, match=r"mine\.toml: not valid TOML"):
        Scenario.from_toml("count = ", "mine.toml")


def test_json_brings_back_the_same_scenario():
    scenario = Scenario(count=5, keep=("A", "B"), budget=1e6)
    assert Scenario.model_validate_json(scenario.model_dump_json()) == scenario


def test_a_reach_beyond_the_horizon_is_refused():
    with pytest.raises(InputError, match=r"reach \(20\) should be no more than horizon \(10\)"):
        Scenario.from_toml("horizon = 10")


@pytest.mark.parametrize("value", ["nan", "inf", "-1", "0"])
def test_a_reach_that_is_no_length_of_time_is_refused(value):
    with pytest.raises(InputError, match="reach"):
        Scenario().with_settings([f"reach={value}"])


@pytest.mark.parametrize(
    ("given", "journeys", "by_car"),
    [
        ([], ("walk",), False),
        (["mode=drive"], ("drive",), False),
        (["modes=transit"], ("transit",), False),
        (["modes=walk,transit,walk"], ("walk", "transit"), False),
        (["modes=by_car_availability"], ("walk", "cycle", "transit", "drive"), True),
        (["modes=by_car_availability,drive"], ("walk", "cycle", "transit", "drive"), True),
        (["modes=drive, transit, by_car_availability"], ("transit", "drive"), True),
        (["modes=walk", "mode=drive"], ("drive",), False),
    ],
)
def test_modes_are_one_several_or_by_car(given, journeys, by_car):
    scenario = Scenario().with_settings(given)
    assert (scenario.journeys, scenario.by_car) == (journeys, by_car)


def test_one_mode_in_a_file_is_a_list_of_one():
    assert Scenario.from_toml('modes = "by_car_availability"').by_car


def test_a_mode_that_is_none_is_refused_with_those_that_are():
    with pytest.raises(InputError, match=r"modes.* 'by_car_availability', but is 'fly'"):
        Scenario().with_settings(["modes=walk,fly"])


@pytest.mark.parametrize(
    "settings", [["band_edges=[60, 55]"], ["band_edges=[55]", "band_by=imd"], ["band_edges=[0]"]]
)
def test_edges_of_bands_must_make_sense(settings):
    with pytest.raises(InputError, match="band_edges"):
        Scenario().with_settings(settings)


def test_edges_of_bands_go_before_their_number():
    assert Scenario().cut == 5
    assert Scenario().with_settings(["band_edges=55,60"]).cut == (55.0, 60.0)


@pytest.mark.parametrize("text", ["a = " + "[" * 5_000, "count = " + "9" * 5_000])
def test_a_file_that_no_reader_can_hold_is_refused_in_words(text):
    with pytest.raises(InputError, match=r"mine\.toml: not valid TOML") as caught:
        Scenario.from_toml(text, "mine.toml")
    assert len(str(caught.value)) < 3_000


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("count", 10**400),
        ("budget", 1e308),
        ("budget", float("inf")),
        ("budget", float("nan")),
        ("min_distance_m", 1e300),
        ("least_people", 1e300),
        ("most_people", 1e300),
        ("over_capacity_price", 1e300),
        ("time_limit", 1e300),
        ("need", ("band:1=" + "9" * 400,)),
    ],
)
def test_choices_beyond_all_measure_are_refused_in_one_sentence(key, value):
    with pytest.raises(InputError, match=key) as caught:
        Scenario.from_settings({key: value})
    assert len(caught.value.faults) == 1


@pytest.mark.parametrize("key", ["count", "reach", "budget", "bands", "time_limit", "least_people"])
@pytest.mark.parametrize("word", ["true", "false"])
def test_true_is_not_a_number(key, word):
    with pytest.raises(InputError, match=rf"{key} should not be {word}"):
        Scenario.from_toml(f"{key} = {word}")
    with pytest.raises(InputError, match=rf"{key} should not be {word}"):
        Scenario().with_settings([f"{key}={word}"])


def test_true_is_an_answer_where_one_is_asked_for():
    assert Scenario.from_toml("exactly = true\nsplit = false").exactly
