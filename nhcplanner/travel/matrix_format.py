"""Formats of users' matrices: columns, the unit of times, and cells.

Headings are those of r5py (`from_id`, `to_id`, `travel_time_p50`), TravelTime (`search_id`, `id`,
`travel_time`), ArcGIS (`OriginID`, `DestinationID`, `Total_TravelTime`), openrouteservice, OSRM
and Valhalla (`source`, `destination`, `duration`), TRACC and tables made by hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import simple_name
from nhcplanner.domain.intake import Answers, Question

OURS = ["origin", "destination", "minutes"]
"""Columns of a matrix in a place folder."""
ORIGINS = (
    r"(origin|from|search|source|start)_?(id|code|index)",
    r"origin|from|source|start|o",
    r"(lsoa|msoa|oa).*(cd|code)|(lsoa|msoa|oa)(_?\d+)?",
    r"area(_code|_id)?",
    r"(origin|from|start|area)(_.*)?|lsoa.*",
)
DESTINATIONS = (
    r"(dest|destination|to|target|site|facility)_?(id|code|index)",
    r"dest|destination|to|target|site|facility|d",
    r"(destination|dest|to|site|facility)(_.*)?",
)
"""Patterns of headings, the most certain first."""
TIME = (
    r"(.*_)?(travel_?times?|journey_?times?|times?|durations?|minutes?|mins?|seconds?|secs?"
    r"|hours?|hrs?)(_.*)?"
)
NOT_TIME = (
    r"(.*_)?(departure|arrival|depart|arrive|start|end|date|zone|std|sd|var|rank|count|cost"
    r"|distance|metres|km)(_.*)?"
)
DISTANCE = r"(.*_)?(dist|distances?|lengths?|met(re|er)s?|km|kilomet(re|er)s?|miles?|m)(_.*)?"
UNITS = {
    "minutes": r"(.*_)?(minutes?|mins?)(_.*)?",
    "seconds": r"(.*_)?(seconds?|secs?|s)(_.*)?",
    "hours": r"(.*_)?(hours?|hrs?|h)(_.*)?",
}
STATISTIC = re.compile(r"(?:^|_)(p\d{1,2}|median|mean|average|avg|max|minimum|maximum)(?:_|$)")
CONVENTIONS = (
    (r"search_?id", r"id", r"travel_?time", "seconds", "TravelTime"),
    (r"from_?id", r"to_?id", r"travel_?time(_p\d+)?", "minutes", "r5py"),
    (r"origin_?id", r"destination_?id", r"total_travel_?time", "minutes", "ArcGIS"),
    (r"source.*", r"(dest|target).*", r"durations?", "seconds", "openrouteservice and OSRM"),
    (r"from_index", r"to_index", r"time", "seconds", "Valhalla"),
)
"""Headings of origin, destination and time, and the unit that the tool writes."""
COLUMN_KEY, UNIT_KEY = "matrix.minutes", "matrix.unit"


@dataclass(frozen=True)
class LongColumns:
    """Columns of origin, destination and time in a long table.

    Parameters
    ----------
    origin, destination, time
        Headings of the columns.
    statistic
        Statistic of the time over departures: "p50", "median"; empty if the heading has none.
    unit
        "minutes", "seconds" or "hours"; empty if neither heading nor tool defines it.
    convention
        The tool whose headings define the unit; empty if the heading itself does.
    is_chosen_by_user
        Whether the user chose the column of times among several.
    """

    origin: str
    destination: str
    time: str
    statistic: str
    unit: str
    convention: str
    is_chosen_by_user: bool


def find_columns(
    table: pd.DataFrame, file: str, answers: Answers
) -> tuple[LongColumns | None, list[Fault]]:
    """Find the columns of a long table; return no columns and no faults if it is wide.

    Parameters
    ----------
    table
        Table of text.
    file
        Name of the file, for messages.
    answers
        The user's answers; `matrix.minutes` chooses among several columns of times.
    """
    headings = [str(name) for name in table.columns]
    origin = _first(headings, ORIGINS)
    rest = [name for name in headings if name != origin]
    destination = _first(rest, DESTINATIONS)
    if origin is not None and destination is None and simple_name(origin) == "search_id":
        destination = _first(rest, ("id",))
    if origin is None or destination is None:
        return None, _distances_of_wide(headings, file)
    rest = [name for name in rest if name != destination]
    times = [name for name in rest if _is_time(name, table[name])]
    weak = _first([destination], DESTINATIONS[:-1]) is None and destination != "id"
    if not times and weak and _holds_numbers(table[destination]):
        return None, []
    distances = [name for name in rest if re.fullmatch(DISTANCE, simple_name(name))]
    if not times and distances:
        problem = f"holds distances ({', '.join(distances)}) and no times"
        hint = "Give minutes or seconds: a plan is made on travel times"
        return None, [Fault(problem, file, column=distances[0], hint=hint)]
    if not times and len(rest) == 1 and not re.fullmatch(NOT_TIME, simple_name(rest[0])):
        times = rest
    if not times:
        hint = "Call the column of times minutes or seconds"
        return None, [Fault("has no column of times", file, hint=hint)]
    time, fault = _choose(times, file, answers)
    if fault is not None:
        return None, [fault]
    unit, convention = unit_of(time), ""
    if not unit:
        unit, convention = _by_convention(origin, destination, time)
    match = STATISTIC.search(simple_name(time))
    statistic, is_choice = match[1] if match else "", len(times) > 1
    return LongColumns(origin, destination, time, statistic, unit, convention, is_choice), []


def _distances_of_wide(headings: Sequence[str], file: str) -> list[Fault]:
    """Return a fault if the corner of a wide table says that it holds distances."""
    corner = simple_name(headings[0]) if headings else ""
    if not re.fullmatch(r"(.*_)?(dist|distances?|lengths?|met(re|er)s|km|miles)(_.*)?", corner):
        return []
    words = f"holds distances ({headings[0]}) and no times"
    return [Fault(words, file, column=headings[0], hint="Give minutes or seconds")]


def unit_of(heading: str) -> str:
    """Return the unit that a heading names; empty if it names none."""
    name = simple_name(heading)
    return next((unit for unit, words in UNITS.items() if re.fullmatch(words, name)), "")


def _first(headings: Sequence[str], patterns: Sequence[str]) -> str | None:
    for pattern in patterns:
        for heading in headings:
            if re.fullmatch(pattern, simple_name(heading)):
                return heading
    return None


NOT_THERE = r"(.*_)?(returns?|back|round_?trip|two_way|both_ways|inbound|homeward)(_.*)?"
"""Headings of times that are not those from the origin to the destination."""


def _is_time(heading: str, cells: pd.Series) -> bool:
    """Whether a heading names a time in whole words, and the cells hold figures."""
    name = simple_name(heading)
    if not re.fullmatch(TIME, name) or re.fullmatch(NOT_TIME, name):
        return False
    filled = cells[cells != ""]
    return filled.empty or bool(filled.str.contains(r"\d").any())


def _holds_numbers(cells: pd.Series) -> bool:
    """Whether a column that is named like a destination holds times instead of codes."""
    filled = cells[cells != ""]
    return len(filled) > 0 and bool(filled.str.fullmatch(r"\d+(\.\d+)?").all())


def _choose(times: Sequence[str], file: str, answers: Answers) -> tuple[str, Fault | None]:
    """Return the only column of times, or the one that the user names, or a question."""
    short = _short(times)
    answer = simple_name(answers.find(COLUMN_KEY, file))
    if len(times) == 1 and (
        not re.fullmatch(NOT_THERE, simple_name(times[0])) or answer == simple_name(times[0])
    ):
        return times[0], None
    if len(times) == 1:
        problem = f"'{times[0]}' may be the way back, or there and back: is it the way to the site?"
        return "", Question(problem, file, column=times[0], key=COLUMN_KEY, answers=(times[0],))
    for heading in times:
        if answer and answer in (simple_name(heading), simple_name(short[heading])):
            return heading, None
    problem = f"has {len(times)} columns of times ({', '.join(times)}): which one is it?"
    return "", Question(problem, file, key=COLUMN_KEY, answers=tuple(short.values()))


def _short(times: Sequence[str]) -> dict[str, str]:
    """Return the headings without the words with which all of them begin."""
    words = {heading: simple_name(heading).split("_") for heading in times}
    number_common = 0
    while all(len(parts) > number_common + 1 for parts in words.values()) and (
        len({parts[number_common] for parts in words.values()}) == 1
    ):
        number_common += 1
    return {heading: "_".join(parts[number_common:]) for heading, parts in words.items()}


def _by_convention(origin: str, destination: str, time: str) -> tuple[str, str]:
    names = [simple_name(name) for name in (origin, destination, time)]
    for *patterns, unit, tool in CONVENTIONS:
        if all(re.fullmatch(p, name) for p, name in zip(patterns, names, strict=True)):
            return unit, tool
    return "", ""


PER_MINUTE = {"minutes": 1.0, "seconds": 60.0, "hours": 1 / 60}
NO_JOURNEY = ("", "na", "n/a", "nan", "null", "none", "-", "inf")
"""Cells for pairs without a journey, in lower case."""
LONG = 600.0
"""Longest plausible median journey of a matrix, in minutes."""
SHORT = 0.5
"""Shortest plausible median journey of a matrix, in minutes."""
CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d(?:\.\d+)?)")
HALF_CLOCK = re.compile(r"\d{1,3}:[0-5]\d")
DECIMAL_COMMA = re.compile(r"-?\d+,\d{1,2}|-?\d+,\d{4,}")


def to_numbers(text: pd.Series, unit: str) -> tuple[pd.Series, str, list[str]]:
    """Return the numbers of cells, their unit, and conversions in words.

    Parameters
    ----------
    text
        Cells in lower case.
    unit
        Unit of plain numbers; empty if unknown.

    Returns
    -------
    pandas.Series
        NaN if a cell has no journey or is not a number.
    str
        "seconds" if the cells are hours:minutes:seconds, otherwise `unit`.
    list of str
        Conversions in words.
    """
    filled = text[~text.isin(NO_JOURNEY)]
    if len(filled) and filled.str.fullmatch(CLOCK.pattern).all():
        parts = text.str.extract(CLOCK).astype(float)
        words = f"{len(filled):,} cells are hours:minutes:seconds, as {filled.iloc[0]}"
        return 3600 * parts[0] + 60 * parts[1] + parts[2], "seconds", [words]
    conversions = []
    comma = text.str.fullmatch(DECIMAL_COMMA.pattern)
    if comma.any():
        conversions.append(
            f"{int(comma.sum()):,} cells have a decimal comma, as {text[comma].iloc[0]}"
        )
        text = text.where(~comma, text.str.replace(",", "."))
    return pd.to_numeric(text.mask(text.isin(NO_JOURNEY)), errors="coerce"), unit, conversions


def clock_fault(text: pd.Series, file: str) -> list[Fault]:
    """Return a fault for cells of two numbers with a colon, whose units are not known."""
    half = text.str.fullmatch(HALF_CLOCK.pattern)
    if not half.any():
        return []
    problem = f"{int(half.sum()):,} cells are like {text[half].iloc[0]}, minutes or hours first"
    row = int(text.index[half.to_numpy()][0]) + 2
    return [Fault(problem, file, row, hint="Give hours:minutes:seconds, or a number")]


def check_unit(minutes: pd.Series, unit: str, file: str, answers: Answers) -> list[Fault]:
    """Return a question if the median journey is implausible in the unit."""
    median = minutes[minutes > 0].median()
    if pd.isna(median) or SHORT <= median <= LONG or answers.find(UNIT_KEY, file):
        return []
    problem = f"its median is {median:,.4g} minutes if its times are {unit}: are they?"
    return [Question(problem, file, key=UNIT_KEY, answers=tuple(PER_MINUTE))]
