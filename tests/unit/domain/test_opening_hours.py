from datetime import date

import numpy as np
import pytest

from nhcplanner.domain.opening_hours import check_hours, is_open, open_share, rewrite

SATURDAY, TUESDAY = date(2026, 3, 21), date(2026, 3, 24)


def hours(start: float, end: float) -> tuple[int, int]:
    return round(3600 * start), round(3600 * end)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        ("Mo-Sa 08:00-20:00; Su off", "Mo-Sa 08:00-20:00; Su closed"),
        ("Mon-Fri 8am-6.30pm", "Mo-Fr 08:00-18:30"),
        ("Monday to Friday 8am to 6:30pm; Sat & Sun closed", "Mo-Fr 08:00-18:30; Sa,Su off"),
        ("Mon\u2013Fri: 08.00 - 18.30, Sat 9 am - noon", "Mo-Fr 08:00-18:30; Sa 09:00-12:00"),
        ("Mon-Fri 8am-6.30pm\nSat 9am-1pm", "Mo-Fr 08:00-18:30; Sa 09:00-13:00"),
        ("8am-8pm daily", "Mo-Su 08:00-20:00"),
        ("Weekdays 0800-1830", "Mo-Fr 08:00-18:30"),
        ("Monday 8.30am - 1pm and 2pm - 6pm", "Mo 08:30-13:00,14:00-18:00"),
        ("Open 24 hours", "24/7"),
        ("Mon-Sun 7am-midnight", "Mo-Su 07:00-24:00"),
        ("Bank holidays closed, Mon 9am-5pm", "PH off; Mo 09:00-17:00"),
    ],
)
def test_hours_are_read_as_openstreetmap_and_nhs_pages_write_them(text, ours):
    assert rewrite(text) == ours
    assert rewrite(rewrite(text)) in {ours, ours.replace("off", "closed")}


@pytest.mark.parametrize(
    "text",
    [
        "", "by appointment", "Mon-Fri", "Mon-Fri 9-5", "Mon-Fri 9am-5", "13pm-14pm Mon", "closed",
        "Mo-Fr 25:00-26:00", "call 01522 123456", "Mon-Fri 8am-6.30pm (except Wed)", "varies",
        "Mon 8:75-9:00", "PH off",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_guessed(text):
    assert rewrite(text) == ""
    assert np.isnan(open_share(text, SATURDAY, hours(9, 12)))
    assert check_hours(text).state == ""


@pytest.mark.parametrize(
    ("text", "day", "window", "share"),
    [
        ("Mo-Sa 08:00-20:00", SATURDAY, hours(18, 21), 2 / 3),
        ("Mo-Sa 08:00-20:00", TUESDAY, hours(18, 21), 2 / 3),
        ("Mo-Fr 08:00-20:00", SATURDAY, hours(9, 12), 0),
        ("Mo-Fr 08:00-12:00,13:00-18:00", TUESDAY, hours(11, 14), 2 / 3),
        ("24/7", SATURDAY, hours(18, 21), 1),
        ("Mo-Su 20:00-02:00", SATURDAY, hours(22, 27), 4 / 5),
        ("Apr-Sep Mo-Su 08:00-20:00", SATURDAY, hours(9, 12), 0),
    ],
)
def test_the_share_of_a_window_in_which_a_site_is_open(text, day, window, share):
    assert open_share(text, day, window) == pytest.approx(share)


def test_a_site_counts_as_open_from_half_of_the_window_on():
    texts = ["Mo-Sa 08:00-19:30", "Mo-Sa 08:00-19:29", None, "not known", float("nan")]
    np.testing.assert_array_equal(
        is_open(texts, SATURDAY, hours(18, 21)), [1, 0, np.nan, np.nan, np.nan]
    )


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Mo-Sa 08:00-20:00", "met"),
        ("Mo-Su 07:00-19:00", "met"),
        ("24/7", "met"),
        ("Mo-Sa 08:00-12:00,13:00-21:00", "met"),
        ("Mo-Fr 08:00-20:00", "gap"),
        ("Mo-Sa 08:00-19:59", "gap"),
        ("Mon-Fri 8am-8pm; Sat 9am-5pm", "gap"),
        ("Mo-Sa 08:00-20:00; Dec 25 off", "met"),
        ("Apr-Aug Mo-Sa 08:00-20:00", "gap"),
        ("Mo-Sa 08:00-20:00 unknown", ""),
        ('Mo-Sa 08:00-20:00 "by appointment"', ""),
        (None, ""),
    ],
)
def test_twelve_hours_on_six_days(text, state):
    found = check_hours(text)
    assert found.state == state
    assert found.words


def test_a_gap_says_how_much_is_missing():
    words = check_hours("Mon-Fri 8am-6.30pm").words
    assert "12 hours or more on 0 days of a week; the longest day has 10.5 hours" in words
