"""Windows of departures by public transport: named ones, how they are written, and how they mix."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nhcplanner.base.text import plural

WEEKDAY = "weekday"
"""Day of a window that stands for the scenario's `transit_day`, or the typical Tuesday."""
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ORDINARY_MONDAY = date(2026, 6, 1)
"""First day of the week that stands for all weeks where there is no timetable to choose a day."""
LAST_HOUR = 48
"""Hours after midnight up to which a window may reach: buses of the night belong to the day."""


@dataclass(frozen=True)
class Window:
    """Hours of one day in which people set out.

    Parameters
    ----------
    day
        "weekday", the name of a day ("saturday": its typical day in the timetable), or an ISO
        date.
    start, end
        First and last time of departure as hours:minutes; may be past "24:00".
    name
        Name of a standard window; "" if it was given as a day and hours.
    """

    day: str
    start: str
    end: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> Window:
        """Read a window: the name of a standard one, or a day and hours.

        Raises
        ------
        ValueError
            With what to write instead.

        Examples
        --------
        >>> Window.parse("Saturday 9:00 to 12:00")
        Window(day='saturday', start='09:00', end='12:00', name='')
        >>> Window.parse("evening").hours
        '18:30 to 20:00'
        """
        words = " ".join(text.strip().lower().split())
        if words in STANDARD:
            return STANDARD[words].window
        match = _WINDOW.fullmatch(words)
        if match is None or not _is_day(match["day"]):
            raise ValueError(
                f"'{text}' is not a window: write a day and hours, such as saturday 09:00-12:00, "
                f"or one of {', '.join(STANDARD)}"
            )
        start, end = (_clock(match[part]) for part in ("start", "end"))
        if not start < end <= f"{LAST_HOUR}:00":
            raise ValueError(f"'{text}': give two times of day in order, such as 07:00-10:00")
        return cls(match["day"], start, end)

    @property
    def text(self) -> str:
        """The window as a scenario file writes it."""
        return self.name or f"{self.day} {self.start}-{self.end}"

    @property
    def hours(self) -> str:
        """Its hours in words."""
        return f"{self.start} to {self.end}"

    @property
    def seconds(self) -> tuple[int, int]:
        """First and last second after midnight."""
        start, end = (
            3600 * int(hour) + 60 * int(minute)
            for hour, minute in (time.split(":") for time in (self.start, self.end))
        )
        return start, end

    @property
    def ordinary_day(self) -> date:
        """The date, or the day of an ordinary week: a Tuesday for "weekday"."""
        if self.day in (*DAYS, WEEKDAY, ""):
            number = DAYS.index(self.day) if self.day in DAYS else 1
            return ORDINARY_MONDAY.replace(day=ORDINARY_MONDAY.day + number)
        return date.fromisoformat(self.day)


def day_words(day: date) -> str:
    """Write a day for readers.

    Examples
    --------
    >>> day_words(date(2026, 3, 21))
    'Saturday 21 March 2026'
    """
    return f"{day:%A} {day.day} {day:%B %Y}"


@dataclass(frozen=True)
class StandardWindow:
    """A window with a name.

    Parameters
    ----------
    window
        Its day and hours.
    label
        Its name on screens.
    source
        Where its hours come from.
    """

    window: Window
    label: str
    source: str


_TAG = "DfT Transport Analysis Guidance, modelled periods"
_ACCESS = "NHS England, Network Contract DES: enhanced access"
_CHOICE = "Choice of nhcplanner"

STANDARD: dict[str, StandardWindow] = {
    window.name: StandardWindow(window, label, source)
    for window, label, source in (
        (
            Window(WEEKDAY, "07:00", "10:00", "morning_peak"), "Morning peak",
            f"{_TAG} and Journey Time Statistics: 07:00 to 10:00",
        ),
        (
            Window(WEEKDAY, "10:00", "16:00", "midday"), "Midday",
            f"{_TAG}: inter-peak, 10:00 to 16:00",
        ),
        (
            Window(WEEKDAY, "18:30", "20:00", "evening"), "Weekday evening",
            f"{_ACCESS}, Mondays to Fridays 18:30 to 20:00",
        ),
        (
            Window("saturday", "09:00", "17:00", "saturday"), "Saturday",
            f"{_ACCESS}, Saturdays 09:00 to 17:00",
        ),
        (
            Window("saturday", "18:00", "21:00", "saturday_evening"), "Saturday evening",
            f"{_CHOICE}: 18:00 to 21:00, around 19:00",
        ),
        (
            Window("sunday", "10:00", "16:00", "sunday"), "Sunday",
            f"{_CHOICE}: 10:00 to 16:00, the hours of a large shop",
        ),
    )
}  # fmt: skip
"""Every standard window by name, with the source of its hours."""

_TIME = r"\d{1,2}:\d{2}"
_WINDOW = re.compile(rf"(?P<day>[a-z]+|\d{{4}}-\d{{2}}-\d{{2}}) (?P<start>{_TIME}) ?"
                     rf"(?:-|\u2013|to) ?(?P<end>{_TIME})")  # fmt: skip


def _is_day(word: str) -> bool:
    if word in (*DAYS, WEEKDAY):
        return True
    try:
        date.fromisoformat(word)
    except ValueError:
        return False
    return True


def _clock(text: str) -> str:
    hour, minute = text.split(":")
    if int(minute) > 59:
        raise ValueError(f"'{text}' is not a time of day: write hours and minutes, such as 18:30")
    return f"{int(hour):02d}:{minute}"


def window_of(text: str) -> str:
    """Check a window and return it as a scenario file writes it."""
    return Window.parse(text).text


def parse_windows(texts: Iterable[str], weekday: str) -> tuple[Window, ...]:
    """Return the windows of a scenario; "weekday" stands for a day such as "tuesday"."""
    windows = (Window.parse(text) for text in texts)
    return tuple(replace(one, day=weekday) if one.day == WEEKDAY else one for one in windows)


def windows_fault(
    windows: Sequence[str], weights: Sequence[float], weekday: str, open_only: bool
) -> str:
    """Return what is wrong with windows and their keys, in words; "" = nothing.

    Parameters
    ----------
    windows, weights
        As a scenario has them.
    weekday
        The day of windows on a weekday (ISO); "" = the typical Tuesday.
    open_only
        Whether only open sites count.
    """
    if weights and len(weights) != len(windows):
        return (
            f"transit_weights has {plural(len(weights), 'weight')} for "
            f"{plural(len(windows), 'window')}: give one for each of transit_windows"
        )
    if weights and not sum(weights):
        return "transit_weights should not all be 0"
    if open_only and not windows:
        return "open_only needs transit_windows: it asks which sites are open in each of them"
    if _is_weekend(weekday) and any(Window.parse(text).day == WEEKDAY for text in windows):
        return f"transit_day ({weekday}) is not a weekday, but transit_windows has one on a weekday"
    return ""


def _is_weekend(day: str) -> bool:
    try:
        return date.fromisoformat(day).weekday() >= DAYS.index("saturday")
    except ValueError:
        return False
