from datetime import date

import pytest

from nhcplanner import Scenario
from nhcplanner.base.errors import InputError
from nhcplanner.domain.windows import STANDARD, Window, day_words, window_of


@pytest.mark.parametrize(
    ("text", "written", "seconds"),
    [
        ("weekday 07:00-10:00", "weekday 07:00-10:00", (25_200, 36_000)),
        ("Saturday 9:00 to 12:00", "saturday 09:00-12:00", (32_400, 43_200)),
        (" sunday  10:00 \u2013 16:00 ", "sunday 10:00-16:00", (36_000, 57_600)),
        ("2026-03-21 18:00-21:00", "2026-03-21 18:00-21:00", (64_800, 75_600)),
        ("friday 22:00-25:30", "friday 22:00-25:30", (79_200, 91_800)),
        ("Evening", "evening", (66_600, 72_000)),
    ],
)
def test_a_window_is_read_however_it_is_written(text, written, seconds):
    assert window_of(text) == written
    assert window_of(written) == written
    assert Window.parse(text).seconds == seconds


@pytest.mark.parametrize(
    "text",
    [
        "", "someday 07:00-10:00", "saturday", "saturday 10:00", "saturday 12:00-09:00",
        "2026-02-30 07:00-10:00", "weekday 07:00-48:01", "weekday 7-10", "saturday 09:00-09:00",
        "weekday 07:70-10:00",
    ],
)  # fmt: skip
def test_other_text_is_refused(text):
    if text == "saturday":  # the name of a standard window
        assert Window.parse(text).hours == "09:00 to 17:00"
        return
    with pytest.raises(ValueError, match=r"window|order|time of day"):
        Window.parse(text)


def test_every_standard_window_states_its_source_and_is_the_window_that_it_names():
    for name, standard in STANDARD.items():
        assert Window.parse(name) == standard.window
        assert standard.window.text == name
        assert standard.source
        assert standard.label


def test_a_day_of_an_ordinary_week_has_the_weekday_of_its_name():
    assert Window.parse("sunday").ordinary_day.strftime("%A") == "Sunday"
    assert Window.parse("midday").ordinary_day.strftime("%A") == "Tuesday"
    assert Window.parse("2026-03-21 18:00-21:00").ordinary_day == date(2026, 3, 21)
    assert day_words(date(2026, 3, 1)) == "Sunday 1 March 2026"


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"transit_windows": ["evening"], "transit_weights": [1, 2]}, "2 weights for 1 window"),
        ({"transit_windows": ["evening"], "transit_weights": [0]}, "should not all be 0"),
        ({"open_only": True}, "open_only needs transit_windows"),
        ({"transit_windows": ["evening"], "transit_day": "2025-06-07"}, "is not a weekday"),
        ({"transit_windows": ["teatime"]}, "one of morning_peak, midday"),
        ({"transit_mix": "worse"}, "worst"),
    ],
)
def test_keys_that_do_not_fit_together_are_refused(keys, words):
    with pytest.raises(InputError, match=words):
        Scenario(**keys)


def test_a_scenario_without_windows_is_written_as_before_they_existed():
    new = {"transit_windows", "transit_mix", "transit_weights", "open_only"}
    assert new.isdisjoint(Scenario(count=3).model_dump())
    assert new.isdisjoint(Scenario(count=3).model_dump(mode="json"))
    assert new <= Scenario().all_values().keys()
    some = Scenario(transit_windows=["evening", "sunday"], transit_mix="mean")
    assert Scenario.model_validate_json(some.model_dump_json()) == some
    assert some.with_settings(["count=2"]).transit_windows == ("evening", "sunday")


def test_weekdays_are_the_day_of_the_scenario():
    some = Scenario(transit_windows=["evening", "saturday"], transit_day="2025-06-05")
    assert [one.day for one in some.windows] == ["2025-06-05", "saturday"]
    alone = Scenario(transit_window=("08:00", "09:00"))
    assert [(one.day, one.start, one.end) for one in alone.windows] == [("", "08:00", "09:00")]
