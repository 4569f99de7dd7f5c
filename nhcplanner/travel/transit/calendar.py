"""Service days of a feed, and the choice of a typical day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.travel.transit.fields import WEEKDAYS

ADDED = 1
TUESDAY = 1


@dataclass(frozen=True, eq=False)
class Calendar:
    """The days on which services run.

    Parameters
    ----------
    weekly
        A row for each service: `service_id`, a column of 0 or 1 for each weekday, `start_date` and
        `end_date` as ordinals, both included.
    exceptions
        `service_id`, `date` (ordinal) and `exception_type` (1 = added, 2 = removed).
    """

    weekly: pd.DataFrame
    exceptions: pd.DataFrame

    def services(self, ordinal: int) -> set[str]:
        """Return the ids of the services that run on a day, given as its ordinal."""
        weekly = self.weekly
        runs = weekly[WEEKDAYS[(ordinal - 1) % 7]] == 1
        runs &= (weekly["start_date"] <= ordinal) & (weekly["end_date"] >= ordinal)
        today = self.exceptions[self.exceptions["date"] == ordinal]
        is_added = today["exception_type"] == ADDED
        running = set(weekly.loc[runs, "service_id"]) - set(today.loc[~is_added, "service_id"])
        return running | set(today.loc[is_added, "service_id"])

    def trips(self, of_service: pd.Series) -> pd.Series:
        """Count the trips of each day.

        Parameters
        ----------
        of_service
            Number of trips, indexed by service.

        Returns
        -------
        pandas.Series
            Trips on each day with any, indexed by ordinal, in order.
        """
        ends = [self.weekly["start_date"], self.weekly["end_date"], self.exceptions["date"]]
        dates = pd.concat(ends).astype(np.int64)
        if dates.empty:
            return pd.Series(dtype=np.int64)
        first, days = int(dates.min()), int(dates.max() - dates.min()) + 1
        total = self._weekly_trips(of_service, first, days)
        np.add.at(total, (self.exceptions["date"].to_numpy(int) - first), self._changes(of_service))
        rows = np.flatnonzero(total > 0)
        return pd.Series(total[rows], index=first + rows)

    def _weekly_trips(self, of_service: pd.Series, first: int, days: int) -> np.ndarray:
        count = self.weekly["service_id"].map(of_service).fillna(0).to_numpy(np.int64)
        start = self.weekly["start_date"].to_numpy(np.int64) - first
        stop = np.maximum(self.weekly["end_date"].to_numpy(np.int64) - first + 1, start)
        weekday = (first - 1 + np.arange(days)) % 7
        total = np.zeros(days, dtype=np.int64)
        for number, name in enumerate(WEEKDAYS):
            change = np.zeros(days + 1, dtype=np.int64)
            runs = count * self.weekly[name].to_numpy(np.int64)
            np.add.at(change, start, runs)
            np.add.at(change, stop, -runs)
            total += np.where(weekday == number, np.cumsum(change)[:-1], 0)
        return total

    def _changes(self, of_service: pd.Series) -> np.ndarray:
        """Return the number of trips that each exception adds to its day or removes."""
        exceptions = self.exceptions
        merged_rows = exceptions.merge(self.weekly, on="service_id", how="left")
        day = merged_rows["date"].to_numpy(np.int64)
        flags = merged_rows[list(WEEKDAYS)].to_numpy()[np.arange(len(day)), (day - 1) % 7]
        inside = (merged_rows["start_date"] <= day) & (merged_rows["end_date"] >= day)
        runs = (flags == 1) & inside.to_numpy()
        is_added = merged_rows["exception_type"].to_numpy() == ADDED
        count = merged_rows["service_id"].map(of_service).fillna(0).to_numpy(np.int64)
        change: np.ndarray = count * (is_added.astype(np.int64) - runs)
        return change


BUSY = 5
"""Number of Tuesdays with a number of trips, for it to count as a level of service."""
TAIL = 1 / 3
"""Share of that level below which a Tuesday is before or after the main timetable."""
MANY, FEW = 1.5, 0.5
"""Multiples of the median of its weekday beyond which a day is unusual."""
MOST_DAYS = 6
"""Number of unusual days that are named."""


@dataclass(frozen=True)
class ServiceDay:
    """A day of a feed, with the usual number of trips for comparison.

    Parameters
    ----------
    day
        The day.
    trips
        Trips that run on it.
    usual
        Median of the trips on days of the same weekday.
    first, last
        First and last day with service.
    notes
        Notes on the day for readers of bus figures.
    """

    day: date
    trips: int
    usual: int
    first: date
    last: date
    notes: tuple[str, ...]


def choose_day(
    calendar: Calendar, of_service: pd.Series, day: date | int | None, file: str
) -> ServiceDay:
    """Choose the typical day, or check that the given day has service.

    The typical day is the earliest Tuesday, or other weekday, with the median number of trips. It
    is not the fullest day, which counts both revisions if two revisions of a timetable overlap.
    Days on which most services have not begun or have ended are left out first. If nothing runs on
    a weekday that is asked for by number, its first date in the timetable stands for it.

    Parameters
    ----------
    calendar, of_service
        The days of each service, and its number of trips.
    day
        A date; the number of a weekday (0 = Monday), of which the typical day is taken; None takes
        the typical Tuesday.
    file
        The feed, for the message.

    Raises
    ------
    InputError
        If nothing runs on the day, or on any Tuesday; it names the days with service.
    """
    trips = calendar.trips(of_service)
    is_typical = not isinstance(day, date)
    if not isinstance(day, date):
        number = TUESDAY if day is None else day
        alike = trips[_weekday(trips) == number]
        if alike.empty:
            if day is None or trips.empty:
                words = f"nothing runs on any {WEEKDAYS[number].title()}"
                raise _no_service(words, trips, file)
            return _day_without_service(trips, number)
        proper = _proper(alike)
        ordinal = int(proper.index[int(np.argmax(proper.to_numpy() == _median(proper)))])
        aside = len(alike) - len(proper)
    else:
        ordinal, aside = day.toordinal(), 0
        if ordinal not in trips.index:
            raise _no_service(f"nothing runs on {day:%A} {day}", trips, file)
    choice = date.fromordinal(ordinal)
    first, last = (date.fromordinal(int(trips.index[end])) for end in (0, -1))
    alike = _proper(trips[_weekday(trips) == choice.weekday()])
    usual = _median(alike)
    notes = [_day_note(choice, int(trips[ordinal]), alike, is_typical)]
    if aside:
        notes.append(
            f"{plural(aside, f'{choice:%A}')} with less than a third of the usual trips set aside"
        )
    return ServiceDay(
        choice, int(trips[ordinal]), usual, first, last, (*notes, *_unusual(trips, calendar))
    )


def _day_without_service(trips: pd.Series, number: int) -> ServiceDay:
    """Return the first date of a weekday on which nothing runs."""
    first, last = (int(trips.index[end]) for end in (0, -1))
    day = date.fromordinal(first + (number - (first - 1)) % 7)
    words = (
        f"Nothing runs on any {day:%A} of the timetable: minutes of {day:%A} {day} are those on "
        "foot"
    )
    return ServiceDay(day, 0, 0, date.fromordinal(first), date.fromordinal(last), (words,))


def service_dates(first: date, last: date, file: str, today: date) -> str:
    """Return a sentence on the period of a feed, and on whether it has ended."""
    line = f"Timetable {file}: services from {first} to {last}"
    if first > today:
        return f"{line}. It has not begun yet"
    if last >= today:
        return line
    return f"{line}. It ended {_ago(last, today)}: get a newer one before you rely on bus figures"


def _ago(last: date, today: date) -> str:
    days = (today - last).days
    months = int(days / 30.44)
    if days < 61:
        return f"{plural(days, 'day')} ago"
    return f"{months} months ago" if months < 24 else f"{months // 12} years ago"


def _weekday(trips: pd.Series) -> np.ndarray:
    weekday: np.ndarray = (trips.index.to_numpy(np.int64) - 1) % 7
    return weekday


def _proper(trips: pd.Series) -> pd.Series:
    """Return the days of one weekday without those before or after most services run."""
    level = int(np.sort(trips.to_numpy())[::-1][min(BUSY, len(trips)) - 1])
    return trips[trips >= TAIL * level]


def _median(trips: pd.Series) -> int:
    """Return the median count (the lower of two middle values, so that some day has it)."""
    return int(np.sort(trips.to_numpy())[(len(trips) - 1) // 2])


def _day_note(day: date, trips: int, alike: pd.Series, typical: bool) -> str:
    weekday = f"{day:%A}"
    usual = _median(alike)
    about = f"{plural(trips, 'trip')}; {weekday}s have {usual:,} (median)"
    if alike.min() < alike.max():
        about += f", {alike.min():,} to {alike.max():,}"
    choice = f"the typical {weekday}" if typical else "the day that was asked for"
    line = f"Buses of {weekday} {day}, {choice}: {about}"
    if not typical and not FEW * usual <= trips <= MANY * usual:
        line += f". This day is far {'above' if trips > usual else 'below'} the median"
    return line


def _unusual(trips: pd.Series, calendar: Calendar) -> list[str]:
    """Return notes on days far above and below the median of their weekday."""
    every = trips.reindex(range(int(trips.index[0]), int(trips.index[-1]) + 1), fill_value=0)
    weekday = _weekday(trips)
    usual = np.zeros(len(WEEKDAYS))
    for number in np.unique(weekday):
        usual[number] = _median(_proper(trips[weekday == number]))
    middle = usual[_weekday(every)]
    above = every[every.to_numpy() > MANY * middle]
    below = every[(every.to_numpy() < FEW * middle) & _inside(every, middle)]
    exceptions = set(calendar.exceptions["date"].astype(int))
    return [
        *_line(above, "above", exceptions, ["revisions of the timetable may overlap"]),
        *_line(below, "below", exceptions, []),
    ]


def _line(days: pd.Series, side: str, exceptions: set[int], why: list[str]) -> list[str]:
    if days.empty:
        return []
    examples = [
        f"{date.fromordinal(int(day)):%a %Y-%m-%d} ({count:,})"
        for day, count in zip(days.index[:MOST_DAYS], days.iloc[:MOST_DAYS], strict=True)
    ]
    more = f" and {len(days) - MOST_DAYS:,} more" if len(days) > MOST_DAYS else ""
    special = len(exceptions & set(days.index))
    if special:
        why = [*why, f"{special:,} by calendar_dates.txt, such as bank holidays"]
    words = f"{plural(len(days), 'day')} far {side} the median of the weekday"
    return ["; ".join([f"{words}: {', '.join(examples)}{more}", *why])]


def _inside(trips: pd.Series, middle: np.ndarray) -> np.ndarray:
    """Flag the days between the first and the last day with usual service."""
    usual = np.flatnonzero(trips.to_numpy() >= FEW * middle)
    place = np.arange(len(trips))
    inside: np.ndarray = (place > usual.min(initial=0)) & (place < usual.max(initial=0))
    return inside


def _no_service(problem: str, trips: pd.Series, file: str) -> InputError:
    return InputError([Fault(f"{problem}; {_days(trips)}", file, hint="Choose such a day")])


def _days(trips: pd.Series) -> str:
    if trips.empty:
        return "no day has any service"
    first, last = (date.fromordinal(int(day)) for day in (trips.index[0], trips.index[-1]))
    if len(trips) <= 7:
        days = ", ".join(f"{date.fromordinal(int(day)):%A %Y-%m-%d}" for day in trips.index)
        return f"days with service are {days}"
    present = set(_weekday(trips))
    names = ", ".join(name.title() for number, name in enumerate(WEEKDAYS) if number in present)
    return f"days with service lie from {first} to {last}, on {names}"
