"""Fresh: how old each kind of layer may be before `check` warns of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from nhcplanner.domain.place import Place, Source
from nhcplanner.layers.hle.modelled import MEASURES

LATEST_HLE = 2024
"""Last year of the latest period of HLE known when this was written: 2022 to 2024."""

LATEST_IMD = "IMD 2025"
"""The latest English index of deprivation known when this was written."""


@dataclass(frozen=True)
class Age:
    """How old one kind of layer may be.

    Parameters
    ----------
    what
        The kind, in words.
    months
        At most so many.
    why
        Why no more, in words.
    layers, columns
        Which sources it is: by their layer, or by a column that they give.
    """

    what: str
    months: int
    why: str
    layers: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


AGES = (
    Age("population", 36, "estimates come out each year", columns=("people", "people_85_plus")),
    Age(
        "census figures", 132, "the next census follows after ten years",
        columns=("no_car_share", "disabled_share"),
    ),
    Age("sites", 6, "practices open, move and close each month", layers=("sites",)),
    Age("streets", 12, "OpenStreetMap is mended daily", layers=("streets",)),
    Age("timetable", 3, "buses change with each quarter", layers=("timetable",)),
)  # fmt: skip
"""How old layers may be; HLE and deprivation are held against the latest edition known instead."""


def warnings(place: Place, today: date | None = None) -> tuple[str, ...]:
    """Say which layers are older than they should be, a line each.

    Parameters
    ----------
    place
        Its sources tell what they give and of when they are. An invented place does not age.
    today
        The day to judge by; today (UTC) by default.
    """
    if place.synthetic:
        return ()
    today = today or datetime.now(UTC).date()
    told = [line for one in place.sources for line in (*_hle(one), *_aged(one, today))]
    if place.index_name.startswith("IMD ") and place.index_name < LATEST_IMD:
        told.append(f"Deprivation is {place.index_name}; {LATEST_IMD} is the latest")
    return tuple(told)


def _hle(source: Source) -> list[str]:
    """Whether a source's HLE is of an earlier period than the latest known."""
    last = _last_year(source.vintage)
    if not set(MEASURES) & set(source.gives) or last is None or last >= LATEST_HLE:
        return []
    period = f"{LATEST_HLE - 2} - {LATEST_HLE % 100}"
    return [f"HLE of {source.file or source.title} is of {source.vintage}; {period} is the latest"]


def _aged(source: Source, today: date) -> list[str]:
    """Whether a source is older than its kind may be."""
    found = []
    for age in AGES:
        if source.layer not in age.layers and not set(age.columns) & set(source.gives):
            continue
        when = _date(source)
        if when is None:
            found.append(f"No date is known of {source.file or source.title} ({age.what})")
        elif today - when > timedelta(days=age.months * 30.5):
            words = f"{age.months} months" if age.months < 24 else f"{age.months // 12} years"
            name, of = source.file or source.title, source.vintage or source.retrieved
            found.append(f"{age.what.capitalize()} of {name} ({of}): older than {words}; {age.why}")
    return found


def _date(source: Source) -> date | None:
    """The latest day that a source can speak of: by its vintage, else when it was retrieved."""
    for text in (source.vintage, source.retrieved):
        day = re.search(r"\d{4}-\d{2}-\d{2}", text)
        if day:
            return date.fromisoformat(day[0])
        year = _last_year(text)
        if year is not None:
            return date(year, 6, 30) if "mid" in text.lower() else date(year, 12, 31)
    return None


def _last_year(text: str) -> int | None:
    """The last year that a text names: 2024 of "2022 - 24".

    Examples
    --------
    >>> _last_year("2022 - 24"), _last_year("mid-2022"), _last_year("invented")
    (2024, 2022, None)
    """
    told = [
        int(first[:2] + short) if short else int(first)
        for first, short in re.findall(r"((?:19|20)\d{2})(?:\s*[-/]\s*(\d{2})(?!\d|-))?", text)
    ]
    return max(told, default=None)
