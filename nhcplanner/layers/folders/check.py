"""Check: what a place holds, what it lacks, and what that means for a plan."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from textwrap import fill
from typing import Any

import pandas as pd

from nhcplanner.domain.columns import HLE_BASES, LAYERS, STATUSES
from nhcplanner.domain.place import Place, Source
from nhcplanner.domain.words import counted, some
from nhcplanner.layers.folders.fresh import warnings

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
"""What it means where a column is absent."""


WIDTH = 120
"""Lines of plain text are broken at this many characters."""


@dataclass(frozen=True)
class Section:
    """Some lines under one title.

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
    """All that `describe` says, as plain values; missing values with every code."""
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
        "hle_by_basis": areas["hle_basis"].value_counts().to_dict() if "hle_basis" in areas else {},
        "blank_in_areas": blank,
        "missing": list(_missing(place)),
        "warnings": list(warnings(place)),
        "notes": list(place.notes),
        "sources": [asdict(source) for source in place.sources],
    }


def describe(place: Place) -> str:
    """Say in plain text what a place holds and what is missing."""
    parts = [place.title]
    for section in sections(place):
        parts += ["", section.title, *map(_indented, section.lines)]
    return "\n".join(parts)


def _indented(line: str) -> str:
    """A line under its title; a long one goes on below, farther in."""
    return fill(
        line, WIDTH, initial_indent="  ", subsequent_indent="      ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def sections(place: Place) -> list[Section]:
    """Say what a place holds and what is missing, a section a subject."""
    told = [
        Section("Areas", _areas(place)),
        Section("Sites", _sites(place.sites)),
        Section("Travel", _travel(place)),
        Section("Missing", _missing(place)),
        Section("Old", warnings(place)),
        Section("Notes", place.notes),
        Section("Sources", tuple(_source(source) for source in place.sources)),
    ]
    return [section for section in told if section.lines]


def _areas(place: Place) -> tuple[str, ...]:
    areas = place.areas
    vintage = place.vintage or "vintage unknown"
    lines = [f"{counted(len(areas), 'area')} ({vintage}), {place.people:,} people"]
    if place.synthetic:
        lines.append("SYNTHETIC: this place is invented")
    for column, words in (("council_name", "Councils"), ("icb_name", "ICBs")):
        if column in areas and areas[column].notna().any():
            names = sorted(areas[column].dropna().unique())
            lines.append(f"{words} ({len(names):,}): {some(names)}")
    if place.index_name:
        lines.append(f"Deprivation: {place.index_name}")
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
        counted(len(sites), "site"),
        f"By kind: {_counts(sites['kind'])}",
        f"By status: {_counts(sites['status'], STATUSES)}",
    )


def _travel(place: Place) -> tuple[str, ...]:
    lines = [f"People start at {counted(len(place.origins), 'point')}: {place.origins_basis}"]
    if place.matrix is not None:
        lines.append("Own matrix: there; a scenario takes it with engine = matrix")
    lines += [f"{name}: there" for name, path in _networks(place).items() if path is not None]
    return tuple(lines)


def _networks(place: Place) -> dict[str, object]:
    return {"Streets": place.streets, "Timetable": place.timetable}


def lacks(place: Place) -> tuple[str, ...]:
    """What a place lacks and what that means, a line each, without the codes of what is blank."""
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
                found = frame.loc[frame[column].isna(), frame.columns[0]]
                of_all = f"blank in {blank:,} of {len(frame):,} {layer}"
                lines.append(f"{labels[column]}: {of_all}{f': {some(found)}' if codes else ''}")
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
        counted(source.rows, "row") if source.rows is not None else "",
        f"of {source.retrieved}" if source.retrieved else "",
        f"sha256 {source.sha256[:12]}" if source.sha256 else "",
        f"joined {source.joined}" if source.joined else "",
        f"gives {', '.join(source.gives)}" if source.gives else "",
        *source.notes,
    ]
    return f"{source.layer}: {'; '.join(fact for fact in facts if fact)}"
