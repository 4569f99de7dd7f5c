"""Names of places: the areas of a council, an ICB or a list of codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.layers.codes.vintages import ICBS_2026, UNCONFIRMED, icb_code_words

LEVELS = (
    ("council_name", "council_code"),
    ("district_name", "district_code"),
    ("icb_name", "icb_code"),
)
"""Levels of a name, in order of preference: upper-tier council, district, ICB."""

CODES = ("area_code", "council_code", "district_code", "icb_code", "icb_ods")


LISTS = (".txt", ".csv")
"""Endings of files that list codes."""

FILLERS = frozenset(
    ("borough", "board", "care", "city", "council", "county", "district", "icb", "integrated",
     "metropolitan", "nhs", "of", "royal", "the")
)  # fmt: skip
"""Words that are optional in a name."""


@dataclass(frozen=True)
class NamedAreas:
    """The areas of a place, and the name that they were found by.

    Parameters
    ----------
    title
        Its name.
    areas
        Codes of its areas, in order.
    notes
        Other meanings of a name, in words.
    """

    title: str
    areas: tuple[str, ...]
    notes: tuple[str, ...] = ()


def list_areas(names: Sequence[str]) -> list[str]:
    """Replace each text file by the codes that it lists; other names stay.

    Raises
    ------
    InputError
        For a file that is missing or lists no code.
    """
    listed: list[str] = []
    for name in names:
        path = Path(name)
        if path.suffix.lower() not in LISTS:
            listed.append(name)
            continue
        if not path.is_file():
            raise InputError([Fault("no such file", name, hint="Check the path of the list")])
        codes = re.findall(r"\bE\d{8}\b", path.read_text(encoding="utf-8-sig", errors="replace"))
        if not codes:
            raise InputError([Fault("lists no code", path.name, hint="Give codes like E01015003")])
        listed += codes
    return listed


def areas_named(names: Sequence[str], lookup: pd.DataFrame) -> NamedAreas:
    """Find the areas of councils, ICBs and codes.

    Parameters
    ----------
    names
        Names of councils or ICBs, with or without "Council", "NHS" or "ICB", or codes of areas,
        councils or ICBs, in any case.
    lookup
        A row an area: `area_code`, and codes and names of `LEVELS`, `icb_ods`.

    Raises
    ------
    InputError
        For every unknown name, with similar names.
    """
    faults, titles, notes = [], [], []
    codes: set[str] = set()
    for name in names:
        rows, title, also = _rows(name, lookup)
        if rows is None:
            faults.append(_unknown(name, lookup))
            continue
        codes.update(rows["area_code"])
        titles.append(title)
        notes += also
    if not names:
        faults.append(Fault("no place is named", hint="Name a council, an ICB or area codes"))
    if faults:
        raise InputError(faults)
    return NamedAreas(_title(titles, len(codes)), tuple(sorted(codes)), tuple(notes))


def _rows(name: str, lookup: pd.DataFrame) -> tuple[pd.DataFrame | None, str, list[str]]:
    """Return the rows of a name, its title, and its other meanings."""
    code = name.strip().upper()
    for column in CODES:
        matching = lookup[lookup[column] == code]
        if len(matching):
            return matching, "" if column == "area_code" else _called(matching, column), []
    if code in ICBS_2026 and (lookup["icb_name"] == ICBS_2026[code]).any():
        rows, title, also = _rows(ICBS_2026[code], lookup)
        words = f"{icb_code_words(code)}: taken as {title}"
        return rows, title, [*also, words] if code in UNCONFIRMED else also
    fitting = []
    for column, key in LEVELS:
        plain = _is_icb(name) and column != "icb_name"
        matching = lookup[(lookup[column].map(simple_name) == simple_name(name)) & (not plain)]
        if len(matching):
            fitting.append((matching, str(matching[column].iloc[0]), str(matching[key].iloc[0])))
    if not fitting:
        return None, "", []
    rows, title, code = fitting[0]
    others = [
        (t, c)
        for matching, t, c in fitting[1:]
        if set(matching["area_code"]) != set(rows["area_code"])
    ]
    also = [f"{name} is taken as {title} ({code}), not as {t} ({c})" for t, c in others]
    return rows, title, also


def simple_name(name: object) -> str:
    """Reduce the name of a council or ICB to the words that distinguish it.

    Examples
    --------
    >>> simple_name("NHS Devon Integrated Care Board"), simple_name("Bristol, City of")
    ('devon', 'bristol')
    """
    words = re.findall(r"[a-z]+", str(name).lower().replace("&", " and "))
    return " ".join(word for word in words if word not in FILLERS)


def _is_icb(name: str) -> bool:
    return bool(re.search(r"\b(nhs|icb|integrated care board)\b", name.lower()))


def _called(rows: pd.DataFrame, key: str) -> str:
    names = {code: name for name, code in LEVELS} | {"icb_ods": "icb_name"}
    return str(rows[names[key]].iloc[0])


def _unknown(name: str, lookup: pd.DataFrame) -> Fault:
    known = {
        simple_name(n): str(n) for column, _ in LEVELS for n in lookup[column].dropna().unique()
    }
    near = [known[core] for core in get_close_matches(simple_name(name), known, n=3, cutoff=0.6)]
    hint = "Name a council or ICB of England, or give codes (E01..., E06..., E54...)"
    new = {code: icb for code, icb in ICBS_2026.items()
           if name.strip().upper() == code or simple_name(name) == simple_name(icb)}  # fmt: skip
    if new:
        hint = f"It is {next(iter(new.values()))}, of April 2026: give the lookup of 2026 or newer"
    elif near:
        hint = f"Did you mean {' or '.join(near)}?"
    return Fault(f"{name} is not a known council, ICB or area of England", hint=hint)


def _title(titles: list[str], count: int) -> str:
    distinct = list(dict.fromkeys(title for title in titles if title))
    if not distinct:
        return plural(count, "area")
    return distinct[0] if len(distinct) == 1 else f"{', '.join(distinct[:-1])} and {distinct[-1]}"
