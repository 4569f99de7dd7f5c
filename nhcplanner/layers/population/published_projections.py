"""Published population projections: a table of any layout, by the ages that areas hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.hashing import hash_file
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain.intake import FileIntake
from nhcplanner.domain.place import Source
from nhcplanner.domain.projection import AGES, ALL
from nhcplanner.layers.population.sullivan_inputs import OLDEST, bands_of
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.column_map import ColumnMap, without_unused
from nhcplanner.layers.readers.columns import read_columns, record_columns
from nhcplanner.layers.readers.tables import Table, changed_on

YEAR = r"(19|20)\d\d"
UNIT = r"(area|sub_?icb(_location)?|sicbl|ctyua|utla|ltla|lad|council|district)"
HEADINGS: dict[str, tuple[str, ...]] = {
    "code": (rf"({UNIT}_?\d{{0,2}}_?)?(code|cd)",),
    "name": (rf"({UNIT}_?\d{{0,2}}_?)?(name|nm|label)",),
    "age": (r"age(_?(band|group))?s?",),
    "sex": (r"sex|gender",),
    "component": (r"component",),
    "year": (r"year|mid_?year",),
    "people": (r"people|persons|population|pop|value|number|observation|obs_value",),
}
"""Columns of a projection beside those of its years."""
FIRST = {"people_0_15": 0, "people_16_64": 16, "people_65_84": 65, "people_85_plus": 85}
"""First year of each age of the areas."""
NO_PEOPLE = "is not a number of people, 0 or more"
PERSONS = r"persons?|people|all( persons| people| sexes)?|both( sexes)?|total"
EVERY_AGE = r"all( ages)?|total|all_ages"


@dataclass(frozen=True, eq=False)
class Published:
    """A published projection, by broad age.

    Parameters
    ----------
    title, kind
        As in `Projection`.
    table
        `code`, `name`, `age` (`AGES` and `ALL`), and people in a column for each year.
    record, source
        The record of how it was read, and its source; None for a packaged table.
    """

    title: str
    kind: str
    table: pd.DataFrame
    record: FileIntake | None = None
    source: Source | None = None

    @property
    def years(self) -> list[str]:
        """Names of the columns of years, ascending."""
        return sorted(str(name) for name in self.table if re.fullmatch(YEAR, str(name)))


def read_projection(path: Path, column_map: ColumnMap | None = None) -> Published:
    """Read a population projection as it is published.

    Parameters
    ----------
    path
        A table with a code, an age or age band, perhaps a sex, and a column of people for each
        year; or with a column of the year and one of people.
    column_map
        What the user says of the file: columns in `[tables."FILE"]`, and answers.

    Returns
    -------
    Published
        Both sexes together, by the ages that areas hold. Bands that cross an age are divided
        evenly by years of age, and the record says which.

    Raises
    ------
    InputError
        For missing columns, cells that are no people, ages that leave gaps or overlap, and units
        given twice: all together.
    """
    optional = [name for name in HEADINGS if name not in ("code", "age")]
    column_map = column_map or ColumnMap()
    reading, names = read_columns(path, HEADINGS, column_map, optional)
    table, frame, years = _wide(without_unused(reading, column_map), names)
    table, frame = _one_sex(table, frame)
    table, frame = _bands(table, frame)
    faults = [*_people_faults(table, frame, years), *_age_faults(table, frame, names)]
    if faults:
        raise InputError(table.numbered(faults))
    found, words = by_broad_age(frame, years)
    for one in words:
        table = table.with_event("converted", one)
    base = min(years)
    table = table.with_event("note", f"the first year, {base}, is taken as the projection's base")
    if len(years) == 1:
        table = table.with_event("doubt", f"holds people of {base} only, so no growth")
    kind = f"{base}-based"
    title = f"Population projection, {table.file}"
    source = Source(
        layer="projections",
        title=title,
        file=table.file,
        sha256=hash_file(table.path),
        rows=len(table.frame),
        vintage=f"{kind}, {base} to {max(years)}",
        retrieved=changed_on(table.path),
    )
    record = replace(table.intake, role="projections", sha256=source.sha256)
    return Published(title, kind, found, record, source)


def broad_ages(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return people by the ages that areas hold, from `code`, `name`, `age` bands and years."""
    years = sorted(str(name) for name in table if re.fullmatch(YEAR, str(name)))
    first, last = bands_of(table["age"])
    return by_broad_age(table.assign(first=first, last=last.fillna(first)), years)


def by_broad_age(frame: pd.DataFrame, years: list[str]) -> tuple[pd.DataFrame, list[str]]:
    """Add people of age bands to the ages that areas hold.

    Parameters
    ----------
    frame
        `code`, `name`, `first` and `last` year of each band (inf = open), and people by year.
    years
        Names of the columns of people.

    Returns
    -------
    DataFrame, list of str
        `code`, `name`, `age` (`AGES` and `ALL`) and people by year; and what was divided, in
        words.

    Examples
    --------
    >>> frame = pd.DataFrame(
    ...     {"code": "E1", "name": "One", "first": [0, 15, 20, 65, 85], "2022": [9, 5, 6, 4, 1],
    ...      "last": [14, 19, 64, 84, float("inf")]}
    ... )
    >>> table, words = by_broad_age(frame, ["2022"])
    >>> table["2022"].tolist(), words
    ([10.0, 10.0, 4.0, 1.0, 25.0], ['ages 15 to 19 divided evenly between 0 to 15 and 16 to 64'])
    """
    starts = [*FIRST.values(), np.inf]
    first = frame["first"].to_numpy(dtype=np.float64)
    end = frame["last"].to_numpy(dtype=np.float64) + 1
    parts, words = [], []
    for age, low, high in zip(FIRST, starts[:-1], starts[1:], strict=True):
        inside = np.clip(np.minimum(end, high) - np.maximum(first, low), 0, None)
        inside = np.where(np.isinf(end) & np.isinf(high) & (first >= low), np.inf, inside)
        share = np.where(np.isinf(inside), 1.0, inside / np.where(np.isinf(end), 1.0, end - first))
        share[np.isinf(end) & ~np.isinf(inside)] = 0.0
        people = frame[years].astype("float64").mul(share, axis=0)
        parts.append(people.assign(code=frame["code"], name=frame["name"], age=age))
    whole = frame[years].astype("float64")
    parts.append(whole.assign(code=frame["code"], name=frame["name"], age=ALL))
    crossing = frame[["first", "last"]].drop_duplicates().to_dict("records")
    for band in crossing:
        over = [
            AGES[age]
            for age, low, high in zip(FIRST, starts[:-1], starts[1:], strict=True)
            if band["first"] < high and band["last"] >= low
        ]
        if len(over) > 1:
            ages = f"ages {band['first']:.0f} to {band['last']:.0f}"
            words.append(f"{ages} divided evenly between {' and '.join(over)}")
    order = pd.CategoricalDtype([*AGES, ALL], ordered=True)
    found = pd.concat(parts, ignore_index=True).astype({"age": order})
    summed = found.groupby(["code", "name", "age"], observed=True, as_index=False)[years].sum()
    return summed.astype({"age": "str"})[["code", "name", "age", *years]], words


def _wide(table: Table, names: dict[str, str]) -> tuple[Table, pd.DataFrame, list[str]]:
    """Return the rows with our names and a column of people for each year."""
    by_year = {
        simple_name(str(name)): str(name)
        for name in table.frame
        if re.fullmatch(YEAR, simple_name(str(name)))
    }
    if not by_year and not {"year", "people"} <= names.keys():
        there = shortened(map(str, table.frame), 8)
        hint = "Give a column of people for each year, or columns year and people"
        raise InputError([Fault(f"has no column of years: it has {there}", table.file, hint=hint)])
    keys: dict[str, str] = {
        ours: names[ours] for ours in ("code", "name", "age", "sex", "component") if ours in names
    }
    frame = pd.DataFrame(
        {ours: table.frame[theirs].astype("string").str.strip() for ours, theirs in keys.items()}
    )
    frame["name"] = frame["name"] if "name" in frame else frame["code"]
    if by_year:
        for year, theirs in by_year.items():
            frame[year] = numbers(table.frame[theirs])
        return record_columns(table, {**keys, **by_year}, frame, {}), frame, sorted(by_year)
    numbered = numbers(table.frame[names["year"]])
    frame["year"] = numbered.map(lambda one: f"{one:.0f}")
    frame["people"] = numbers(table.frame[names["people"]])
    tests = [
        (~frame["year"].str.fullmatch(YEAR), "year", "is not a year"),
        (~(frame["people"] >= 0), "people", NO_PEOPLE),
        (frame["code"].isna(), "code", "has no code"),
    ]
    faults = [
        Fault(words, table.file, table.row_number(int(row)), names[ours])
        for wrong, ours, words in tests
        for row in np.flatnonzero(wrong)[:20]
    ]
    if faults:
        raise InputError(faults)
    both = {**keys, "year": names["year"], "people": names["people"]}
    table = record_columns(table, both, frame, {})
    index = [name for name in map(str, frame) if name not in ("year", "people")]
    if frame.duplicated([*index, "year"]).any():
        row = int(np.flatnonzero(frame.duplicated([*index, "year"]))[0])
        raise InputError(
            [Fault("is given once more", table.file, table.row_number(row), names["code"])]
        )
    filled = frame.fillna(dict.fromkeys(index, ""))
    wide = filled.pivot_table("people", index, "year", aggfunc="sum").reset_index()
    return table, wide, sorted(set(frame["year"]))


def _one_sex(table: Table, frame: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """Keep the rows of all people where the file has them, else add the sexes together later."""
    if "component" in frame:
        rows = frame["component"].str.lower().str.contains("population").fillna(False)
        if rows.any() and not rows.all():
            count = int((~rows).sum())
            table = table.with_event(
                "left out", f"{plural(count, 'row')} of births, deaths or moves", count
            )
            frame = frame[rows]
        frame = frame.drop(columns="component")
    if "sex" in frame:
        every = frame["sex"].str.lower().str.fullmatch(PERSONS).fillna(False)
        if every.any() and not every.all():
            count = int((~every).sum())
            table = table.with_event("left out", f"{plural(count, 'row')} of single sexes", count)
            frame = frame[every]
        elif not every.any():
            table = table.with_event(
                "converted",
                f"{shortened(sorted(frame['sex'].dropna().unique()), 4)} added together",
            )
    return table, frame


def _bands(table: Table, frame: pd.DataFrame) -> tuple[Table, pd.DataFrame]:
    """Return the rows with the first and last year of each age band, without all ages."""
    text = frame["age"].str.lower().str.replace(r"\band (over|above)\b", "+", regex=True)
    every = text.str.fullmatch(EVERY_AGE).fillna(False)
    if every.any() and not every.all():
        count = int(every.sum())
        table = table.with_event("left out", f"{plural(count, 'row')} of all ages", count)
        frame, text = frame[~every], text[~every]
    first, last = bands_of(text.str.replace(r"\s*\+", "+", regex=True))
    return table, frame.assign(first=first, last=last.where(last.notna(), first))


def _people_faults(table: Table, frame: pd.DataFrame, years: list[str]) -> list[Fault]:
    """Faults of cells that are no people, and of tables that hold rates."""
    faults = [
        Fault(NO_PEOPLE, table.file, int(row) + table.first_row, year,
              "Give people")
        for year in years
        for row in frame.index[~((frame[year] >= 0) & (frame[year] < np.inf))][:20]
    ]  # fmt: skip
    if faults:
        return faults
    largest = frame.groupby("code")[years].sum().to_numpy().max()
    if largest <= 1_000:
        words = f"holds no more than {largest:,.0f} in any unit and year: these are no people"
        hint = "Give numbers of people, not per cent, indices or thousands"
        faults.append(Fault(words, table.file, None, years[0], hint))
    return faults


def _age_faults(table: Table, frame: pd.DataFrame, names: dict[str, str]) -> list[Fault]:
    """Faults of ages that are unknown, given twice, leave gaps or do not end open."""
    column, hint = names["age"], "Give every age from 0 to an open band such as 90+, once each"
    faults = [
        Fault("is no age band", table.file, int(row) + table.first_row, column, hint)
        for row in frame.index[frame["first"].isna()][:20]
    ]
    faults += [
        Fault("has no code", table.file, int(row) + table.first_row, names["code"])
        for row in frame.index[frame["code"].isna()][:20]
    ]
    if faults:
        return faults
    keys = ["code", *(["sex"] if "sex" in frame else [])]
    for key, rows in frame.groupby(keys, sort=True):
        who = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
        ordered = rows.sort_values("first")
        first, last = (ordered[name].to_numpy(dtype=np.float64) for name in ("first", "last"))
        if first[0] != 0 or (first[1:] != last[:-1] + 1).any():
            faults.append(
                Fault(f"{who}: ages do not meet or overlap", table.file, None, column, hint)
            )
        elif not np.isinf(last[-1]) and last[-1] < OLDEST - 10:
            faults.append(
                Fault(f"{who}: ages end at {last[-1]:.0f}", table.file, None, column, hint)
            )
        elif np.isinf(last[-1]) and first[-1] > FIRST["people_85_plus"] - 1e-9:
            continue
        elif np.isinf(last[-1]):
            words = f"{who}: ages {first[-1]:.0f} and over are one band, so 85 and over is unknown"
            faults.append(Fault(words, table.file, None, column, hint))
        if len(faults) >= 20:
            break
    return faults
