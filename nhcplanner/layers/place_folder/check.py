"""Description of a place: its content, what is missing, and layers that are too old."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from textwrap import fill
from typing import Any

import pandas as pd

from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.columns import HLE_BASES, LAYERS, STATUSES
from nhcplanner.domain.intake import TITLES
from nhcplanner.domain.place import Place, Source
from nhcplanner.layers.health.modelled import MEASURES

LATEST_HLE = 2024
"""Last year of the latest period of HLE known when this was written: 2022 to 2024."""

LATEST_IMD = "IMD 2025"
"""The latest English index of deprivation known when this was written."""


@dataclass(frozen=True)
class Age:
    """Largest age of one kind of layer.

    Parameters
    ----------
    what
        The kind, in words.
    months
        Largest number of lines.
    why
        Reason for the limit, in words.
    layers, columns
        Sources that it applies to, by their layer or by a column that they give.
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
"""Largest ages of layers; HLE and deprivation are compared with the latest known edition."""


def warnings(place: Place, today: date | None = None) -> tuple[str, ...]:
    """Return a line for each layer that is older than it should be.

    Parameters
    ----------
    place
        The place; its sources state their content and date. An invented place does not age.
    today
        The day to judge by; today (UTC) by default.
    """
    if place.synthetic:
        return ()
    today = today or datetime.now(UTC).date()
    lines = [line for one in place.sources for line in (*_hle(one), *_aged(one, today))]
    if place.index_name.startswith("IMD ") and place.index_name < LATEST_IMD:
        lines.append(f"Deprivation is {place.index_name}; {LATEST_IMD} is the latest")
    return tuple(lines)


def _hle(source: Source) -> list[str]:
    """Return a line if a source's HLE is of an earlier period than the latest one."""
    last = _last_year(source.vintage)
    if not set(MEASURES) & set(source.gives) or last is None or last >= LATEST_HLE:
        return []
    period = f"{LATEST_HLE - 2} - {LATEST_HLE % 100}"
    return [f"HLE of {source.file or source.title} is of {source.vintage}; {period} is the latest"]


def _aged(source: Source, today: date) -> list[str]:
    """Return a line if a source is older than its kind should be."""
    lines = []
    for age in AGES:
        if source.layer not in age.layers and not set(age.columns) & set(source.gives):
            continue
        when = _date(source)
        if when is None:
            lines.append(f"No date is known of {source.file or source.title} ({age.what})")
        elif today - when > timedelta(days=age.months * 30.5):
            words = f"{age.months} months" if age.months < 24 else f"{age.months // 12} years"
            name, of = source.file or source.title, source.vintage or source.retrieved
            lines.append(f"{age.what.capitalize()} of {name} ({of}): older than {words}; {age.why}")
    return lines


def _date(source: Source) -> date | None:
    """Return the latest day of a source: by its vintage, or the day it was retrieved."""
    for text in (source.vintage, source.retrieved):
        day = re.search(r"\d{4}-\d{2}-\d{2}", text)
        if day:
            return date.fromisoformat(day[0])
        year = _last_year(text)
        if year is not None:
            return date(year, 6, 30) if "mid" in text.lower() else date(year, 12, 31)
    return None


def _last_year(text: str) -> int | None:
    """Return the last year in a text: 2024 of "2022 - 24".

    Examples
    --------
    >>> _last_year("2022 - 24"), _last_year("mid-2022"), _last_year("invented")
    (2024, 2022, None)
    """
    years = [
        int(first[:2] + short) if short else int(first)
        for first, short in re.findall(r"((?:19|20)\d{2})(?:\s*[-/]\s*(\d{2})(?!\d|-))?", text)
    ]
    return max(years, default=None)


LACKING = {
    "areas": {
        "council_code": "figures by council cannot be joined or shown",
        "imd_rank": "areas cannot be ordered by deprivation",
        "imd_decile": "HLE cannot be modelled, nor results shown by deprivation fifth",
        "hle": "lowest-HLE-first orders areas by deprivation instead",
        "hle_low": "how sure HLE is cannot be shown: the published figures came without interval",
        "rural_urban": "results cannot be shown for rural and urban areas",
        "people_85_plus": "need cannot be counted by age",
        "disabled_share": "need cannot be counted by disability",
        "no_car_share": "all people are treated alike, with a car or without",
    },
    "sites": {
        "capacity": "the people a site can serve cannot be held against its catchment",
        "cost": "no budget can be set",
        "floor_area_m2": "tables leave floor area blank",
    },
}
"""Effect of each missing column."""


WIDTH = 120
"""Largest length of a line of plain text, in characters."""


DECISIONS = tuple(kind for kind in TITLES if kind != "note")
"""Events of the intake record that a user should look at before using the place."""


@dataclass(frozen=True)
class CheckSection:
    """A title and its lines.

    Parameters
    ----------
    title
        What they speak of.
    lines
        One fact a line.
    """

    title: str
    lines: tuple[str, ...]


def check_json(place: Place) -> dict[str, Any]:
    """Return the content of `describe` as plain values; missing values with every code."""
    areas = place.areas
    blank = {
        column: areas.loc[areas[column].isna(), "area_code"].tolist()
        for column in areas.columns.drop("geometry")
        if areas[column].isna().any()
    }
    return {
        "name": place.title,
        "synthetic": place.synthetic,
        "areas": len(areas),
        "people": place.people,
        "sites": len(place.sites),
        "vintage": place.vintage,
        "index": place.index_name,
        "projection": _projection(place),
        "hle_by_basis": areas["hle_basis"].value_counts().to_dict() if "hle_basis" in areas else {},
        "blank_in_areas": blank,
        "missing": list(_missing(place)),
        "warnings": list(warnings(place)),
        "notes": list(place.notes),
        "sources": [asdict(source) for source in place.sources],
        "intake": [asdict(record) for record in place.intake],
    }


def _projection(place: Place) -> dict[str, Any] | None:
    """Return what is known of people of later years; None if nothing is."""
    if place.projection is None:
        return None
    years = place.projection.years
    return {
        "title": place.projection.title, "base_year": place.projection.base_year,
        "years": [years[0], years[-1]], "housing_sites": len(place.projection.homes),
    }  # fmt: skip


def describe(place: Place, *, brief: bool = False) -> str:
    """Describe a place in plain text: its content, what is missing, how files were read.

    Parameters
    ----------
    place
        The place.
    brief
        True for one line for each file in the intake record, and lines that may need a decision.
    """
    parts = [place.title]
    for section in sections(place, brief=brief):
        parts += ["", section.title, *map(_indented, section.lines)]
    return "\n".join(parts)


def _indented(line: str) -> str:
    """Return a line below its title, wrapped with a further indent."""
    return fill(
        line, WIDTH, initial_indent="  ", subsequent_indent="      ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def sections(place: Place, *, brief: bool = False) -> list[CheckSection]:
    """Return what a place holds and what is missing, one section for each subject."""
    parts = [
        CheckSection("Areas", _areas(place)),
        CheckSection("Sites", _sites(place.sites)),
        CheckSection("Travel", _travel(place)),
        CheckSection("Missing", _missing(place)),
        CheckSection("Old", warnings(place)),
        CheckSection("Notes", place.notes),
        CheckSection("Sources", tuple(_source(source) for source in place.sources)),
        CheckSection("How files were read", _intake(place, brief)),
    ]
    return [section for section in parts if section.lines]


def _intake(place: Place, brief: bool) -> tuple[str, ...]:
    """Return the record's lines; in brief only summaries, columns, doubts, duplicates."""
    if not brief:
        return tuple(line for record in place.intake for line in record.lines())
    return tuple(
        line
        for record in place.intake
        for line in (
            record.summary(),
            *(f"- {words}" for words in record.column_lines()),
            *(f"- {one.kind}: {one}" for one in record.events if one.kind in DECISIONS),
        )
    )


def _areas(place: Place) -> tuple[str, ...]:
    areas = place.areas
    vintage = place.vintage or "vintage unknown"
    lines = [f"{plural(len(areas), 'area')} ({vintage}), {place.people:,} people"]
    if place.synthetic:
        lines.append("SYNTHETIC: this place is invented")
    for column, words in (("council_name", "Councils"), ("icb_name", "ICBs")):
        if column in areas and areas[column].notna().any():
            names = sorted(areas[column].dropna().unique())
            lines.append(f"{words} ({len(names):,}): {shortened(names)}")
    if place.index_name:
        lines.append(f"Deprivation: {place.index_name}")
    if place.projection is not None:
        years, homes = place.projection.years, len(place.projection.homes)
        more = f", with {plural(homes, 'housing site')}" if homes else ""
        lines.append(
            f"Projection ({place.projection.kind}): people of {years[0]} to {years[-1]}{more}"
        )
    if "hle" in areas and areas["hle"].notna().any():
        low, high = areas["hle"].min(), areas["hle"].max()
        lines.append(f"HLE, persons: {low:.1f} to {high:.1f} years")
    if "hle_basis" in areas:
        lines.append(f"HLE by basis: {_counts(areas['hle_basis'], HLE_BASES)}")
    if "rural_urban" in areas:
        lines.append(f"Rural or urban: {_counts(areas['rural_urban'])}")
    return tuple(lines)


def _sites(sites: pd.DataFrame) -> tuple[str, ...]:
    return (
        plural(len(sites), "site"),
        f"By kind: {_counts(sites['kind'])}",
        f"By status: {_counts(sites['status'], STATUSES)}",
    )


def _travel(place: Place) -> tuple[str, ...]:
    lines = [f"People start at {plural(len(place.origins), 'point')}: {place.origins_basis}"]
    if place.matrix is not None:
        lines.append("Own matrix: there; a scenario takes it with engine = matrix")
    lines += [f"{name}: there" for name, path in _networks(place).items() if path is not None]
    return tuple(lines)


def _networks(place: Place) -> dict[str, object]:
    return {"Streets": place.streets, "Timetable": place.timetable}


def lacks(place: Place) -> tuple[str, ...]:
    """Return a line for each thing that a place lacks and its effect, without area codes."""
    return _missing(place, codes=False)


def _missing(place: Place, *, codes: bool = True) -> tuple[str, ...]:
    meanings = {
        "Streets": "minutes are an estimate from straight lines",
        "Timetable": "public transport cannot be measured",
    }
    lines = [
        f"No {name.lower()}: {meanings[name]}"
        for name, path in _networks(place).items()
        if path is None
    ]
    for layer, lacking in LACKING.items():
        frame = getattr(place, layer)
        labels = {column.name: column.label for column in LAYERS[layer]}
        for column, meaning in lacking.items():
            blank = int(frame[column].isna().sum()) if column in frame else len(frame)
            if blank == len(frame):
                lines.append(f"{labels[column]} ({layer}): {meaning}")
            elif blank:
                codes_without = frame.loc[frame[column].isna(), frame.columns[0]]
                of_all = f"blank in {blank:,} of {len(frame):,} {layer}"
                lines.append(
                    f"{labels[column]}: {of_all}{f': {shortened(codes_without)}' if codes else ''}"
                )
    return tuple(lines)


def _counts(column: pd.Series, order: tuple[str, ...] = ()) -> str:
    counts = column.fillna("not said").value_counts()
    names = [name for name in order if name in counts]
    names += [name for name in counts.index if name not in order]
    return ", ".join(f"{name} {counts[name]:,}" for name in names)


def _source(source: Source) -> str:
    facts = [
        source.title,
        source.publisher,
        source.vintage,
        source.address,
        f"licence {source.licence or 'not said'}",
        source.attribution,
        plural(source.rows, "row") if source.rows is not None else "",
        f"of {source.retrieved}" if source.retrieved else "",
        f"sha256 {source.sha256[:12]}" if source.sha256 else "",
        f"joined {source.joined}" if source.joined else "",
        f"gives {', '.join(source.gives)}" if source.gives else "",
        *source.notes,
    ]
    return f"{source.layer}: {'; '.join(fact for fact in facts if fact)}"
