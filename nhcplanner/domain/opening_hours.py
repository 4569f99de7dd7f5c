"""Opening hours of sites: how they are written, whether a site is open, and the 12 by 6 check.

Hours are written as in OpenStreetMap (https://wiki.openstreetmap.org/wiki/Key:opening_hours), which
the library opening-hours-py reads, or as on NHS web pages ("Mon-Fri 8am-6.30pm"), which are first
rewritten. Text that is not understood is never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from nhcplanner.base.text import plural
from nhcplanner.domain.windows import ORDINARY_MONDAY

if TYPE_CHECKING:
    from opening_hours import OpeningHours

LONG_DAY, LONG_DAYS = 12, 6
"""Hours a day and days a week that a designated centre is open (see `case.MINIMUM`)."""
OPEN_SHARE = 0.5
"""Share of a window for which a site must be open to count as open in it."""
HINT = "Write hours as Mo-Fr 08:00-18:30; Sa 09:00-12:00; Su off, or as Mon-Fri 8am-6.30pm"
MOST_LETTERS = 1_000
"""Longer text is no opening hours: it is not read."""
_WEEKS = 52

_DAYS = {
    "Mo": "monday|mondays|mon|mo", "Tu": "tuesday|tuesdays|tues|tue|tu",
    "We": "wednesday|wednesdays|weds|wed|we", "Th": "thursday|thursdays|thurs|thur|thu|th",
    "Fr": "friday|fridays|fri|fr", "Sa": "saturday|saturdays|sat|sa",
    "Su": "sunday|sundays|sun|su", "PH": "public holidays?|bank holidays?|ph",
    "Mo-Fr": "weekdays?", "Sa-Su": "weekends?",
    "Mo-Su": "daily|every day|all week|7 days a week|seven days a week",
    "24/7": "open 24 hours|24 hours a day|24 hours|24/7|24-7", "off": "closed|close|shut|off",
}  # fmt: skip
"""Words for days as NHS pages write them, by those of OpenStreetMap."""
_WORDS = re.compile(
    "|".join(rf"\b(?P<w{n}>{words})(?![a-z])" for n, words in enumerate(_DAYS.values()))
)
_OF_WORD = dict(enumerate(_DAYS))
_TIME = re.compile(
    r"(?<![\d:.])(?:(?P<h>\d{1,2})[:.](?P<m>\d{2})|(?P<four>\d{4})|(?P<hour>\d{1,2})(?= ?[ap]\.?m))"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?(?![\d:.])"
)
_RANGE = r"\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*"
_DAY = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_GROUP = rf"{_DAY}(?:[-,]{_DAY})*"


@lru_cache(maxsize=4096)
def rewrite(text: str) -> str:
    """Return hours in OpenStreetMap's syntax; "" if they are not understood.

    Examples
    --------
    >>> rewrite("Monday to Friday 8am to 6.30pm, Sat & Sun closed")
    'Mo-Fr 08:00-18:30; Sa,Su off'
    >>> rewrite("Mo-Sa 08:00-20:00; Su off"), rewrite("by appointment"), rewrite("Mon-Fri 9-5")
    ('Mo-Sa 08:00-20:00; Su closed', '', '')
    """
    plain = " ".join(text.replace("\n", "; ").split())
    for attempt in (plain, _from_words(plain)):
        parsed = _parse(attempt)
        if parsed is not None:
            return attempt if attempt != plain else str(parsed)
    return ""


WEEK = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def from_days(cells: Sequence[object]) -> str:
    """Return opening hours from a cell for each day; "" if a cell is not understood.

    Parameters
    ----------
    cells
        Monday to Sunday: "09:00-13:00,14:00-17:30", or "CLOSED", as the NHS Business Services
        Authority publishes the hours of pharmacies.

    Examples
    --------
    >>> from_days(["09:00-17:30"] * 5 + ["09:00-12:00", "CLOSED"])
    'Mo-Fr 09:00-17:30; Sa 09:00-12:00; Su closed'
    >>> from_days(["09:00,17:30"] * 7)
    ''
    """
    texts = ["".join(str(cell).split()).upper() for cell in cells]
    hours = ["off" if text == "CLOSED" else text.replace("-00:00", "-24:00") for text in texts]
    if any(one != "off" and not re.fullmatch(_RANGE, one) for one in hours):
        return ""
    ends = [span.split("-") for one in hours if one != "off" for span in one.split(",")]
    if any(first == last for first, last in ends):
        return ""
    rules, start = [], 0
    for day in range(1, len(WEEK) + 1):
        if day == len(WEEK) or hours[day] != hours[start]:
            last = WEEK[day - 1]
            days = WEEK[start] if day - 1 == start else f"{WEEK[start]}-{last}"
            rules.append(f"{days} {hours[start]}")
            start = day
    return rewrite("; ".join(rules))


def _from_words(text: str) -> str:
    """Rewrite words and times of NHS pages in OpenStreetMap's syntax; "" if that fails."""
    words = text.lower().replace("\u2013", "-").replace("\u2014", "-")
    words = re.sub(r"\b(noon|midday)\b", "12:00", words)
    words = re.sub(r"\bmidnight\b", "24:00", words)
    words = _WORDS.sub(lambda match: _OF_WORD[int(str(match.lastgroup)[1:])], words)
    clocks = [_clock(match) for match in _TIME.finditer(words)]
    words = _TIME.sub(_clock, words)
    if "" in clocks or re.search(r"[ap]\.?m\b", words):
        return ""
    words = re.sub(r" ?(?:-|\bto\b|\buntil\b|\btill\b) ?", "-", words)
    words = re.sub(r"-00:00", "-24:00", words)
    words = re.sub(r" ?(?:&|\+|/|\band\b) ?", ",", words) if words != "24/7" else words
    words = re.sub(rf"({_DAY}|off) ?:(?!\d)", r"\1", words)
    words = re.sub(r"\bopen\b|\bfrom\b|\bbetween\b|\(|\)|\.$", " ", words)
    words = re.sub(r" ?, ?", ",", re.sub(r" ?; ?", "; ", " ".join(words.split())))
    # "Sat" after hours begins a new rule; times after times belong to the same day
    parts = _GROUP if re.match(r"\d\d:", words) else rf"(?:{_RANGE}|off)"
    words = re.sub(rf"({parts}),? ?(?={_DAY if parts != _GROUP else '[0-9]'})", r"\1; ", words)
    rules = [_days_first(rule.strip(" ,")) for rule in words.split(";") if rule.strip(" ,")]
    return "; ".join(rules)


def _days_first(rule: str) -> str:
    """Put the days of a rule before its hours."""
    match = re.fullmatch(rf"({_RANGE}) ?({_GROUP})", rule)
    return f"{match[2]} {match[1]}" if match else rule


def _clock(match: re.Match[str]) -> str:
    """Return a time as hours:minutes; "" if it is none."""
    if match["four"]:
        hour, minute = int(match["four"][:2]), int(match["four"][2:])
    else:
        hour, minute = int(match["h"] or match["hour"]), int(match["m"] or 0)
    half = match["half"]
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{minute:02d}" if hour <= 24 and minute < 60 else ""


def _parse(text: str) -> OpeningHours | None:
    """Read OpenStreetMap's syntax; None for other text, and for rules without hours."""
    # Only places with opening hours need the library, whose stub lacks ParserError.
    from opening_hours import OpeningHours, ParserError  # type: ignore[attr-defined]  # noqa: PLC0415

    if len(text) > MOST_LETTERS:
        return None
    rules = [rule.strip() for rule in re.split(r";|\|\|", text) if rule.strip()]
    if any(not _RULE.search(rule) for rule in rules) or not re.search(r"\d[:/]\d|sun", text):
        return None
    try:
        return OpeningHours(text)
    except ParserError:
        return None


_RULE = re.compile(r"\d\d?:\d\d|24/7|\b(off|closed)\b|sunrise|sunset|dawn|dusk")
"""Without hours, OpenStreetMap's syntax means the whole day, which a list hardly ever means."""


@dataclass(frozen=True)
class Span:
    """A time in which a site is open, or in which that is not known.

    Parameters
    ----------
    start, end
        Its ends.
    is_known
        Whether the site is surely open.
    """

    start: datetime
    end: datetime
    is_known: bool

    def minutes_in(self, start: datetime, end: datetime) -> float:
        """Return the minutes of it between two times."""
        return max((min(self.end, end) - max(self.start, start)).total_seconds() / 60, 0.0)


@lru_cache(maxsize=4096)
def spans(text: str, start: datetime, end: datetime) -> tuple[Span, ...] | None:
    """Return when a site is open between two times; None if its hours are not understood."""
    parsed = _parse(rewrite(text)) if rewrite(text) else None
    if parsed is None:
        return None
    return tuple(
        Span(first, last, str(state) == "open" and not comment)
        for first, last, state, comment in parsed.intervals(start, end)
        if str(state) != "closed"
    )


def open_share(text: str, day: date, window: tuple[int, int]) -> float:
    """Return the share of a window in which a site is open, 0 to 1; NaN if it is not known.

    Parameters
    ----------
    text
        Its opening hours.
    day, window
        The day, and first and last second after its midnight.

    Examples
    --------
    >>> open_share("Mo-Sa 08:00-20:00", date(2026, 3, 21), (18 * 3600, 21 * 3600))
    0.6666666666666666
    """
    midnight = datetime.combine(day, time())
    start, end = (midnight + timedelta(seconds=second) for second in window)
    open_spans = spans(text, start, end)
    if open_spans is None or any(
        not span.is_known and span.minutes_in(start, end) for span in open_spans
    ):
        return float("nan")
    whole = (end - start).total_seconds() / 60
    return sum(span.minutes_in(start, end) for span in open_spans) / whole


def is_open(texts: Iterable[object], day: date, window: tuple[int, int]) -> npt.NDArray[np.float64]:
    """Return for each site 1 if it is open in a window, 0 if it is closed, NaN if not known.

    A site is open in a window if it is open for at least half of it.
    """
    shares = np.array([open_share(_text(one), day, window) for one in texts], dtype=np.float64)
    return np.where(np.isnan(shares), np.nan, (shares >= OPEN_SHARE - 1e-9).astype(np.float64))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


@dataclass(frozen=True)
class HoursCheck:
    """Whether opening hours are 12 hours a day on six days a week.

    Parameters
    ----------
    state
        "met", "gap", or "" if it is not known.
    words
        What the hours come to.
    """

    state: str
    words: str


def check_hours(value: object) -> HoursCheck:
    """Check whether a site is open 12 hours a day, six days a week, in most weeks of a year.

    Examples
    --------
    >>> check_hours("Mo-Sa 08:00-20:00").state, check_hours("Mon-Fri 8am-6.30pm").state
    ('met', 'gap')
    """
    text = _text(value).strip()
    if not text:
        return HoursCheck("", "No opening hours are given")
    start = datetime.combine(ORDINARY_MONDAY, time())
    open_spans = spans(text, start, start + timedelta(weeks=_WEEKS))
    if open_spans is None:
        return HoursCheck("", f"Opening hours are not understood: {text}")
    if any(not span.is_known for span in open_spans):
        return HoursCheck("", f"Opening hours are not certain: {rewrite(text)}")
    minutes = np.zeros(7 * _WEEKS)
    for span in open_spans:
        first, last = (span.start - start).days, (span.end - start).days
        for number in range(first, min(last + 1, len(minutes))):
            midnight = start + timedelta(days=number)
            minutes[number] += span.minutes_in(midnight, midnight + timedelta(days=1))
    days = (minutes.reshape(-1, 7) >= 60 * LONG_DAY).sum(axis=1)
    usual = int(np.sort(days)[(len(days) - 1) // 2])
    hours = rewrite(text)
    written = "" if hours == text else f" (written: {text})"
    words = (
        f"Opening hours {hours}{written}: {LONG_DAY} hours or more on {plural(usual, 'day')} of a "
        "week"
    )
    if usual >= LONG_DAYS:
        return HoursCheck("met", words)
    longest = minutes.max() / 60
    return HoursCheck("gap", f"{words}; the longest day has {longest:g} hours")
