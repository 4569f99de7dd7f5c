"""HLE in long form, as published: one row for each code, sex and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import simple_name
from nhcplanner.domain.intake import ColumnIntake
from nhcplanner.layers.health.modelled import latest, persons_interval
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.tables import Table

LONG = {
    "sex": ("sex",),
    "value": ("value", "hle"),
    "period": ("period", "time_period"),
    "key": ("area_code", "council_code"),
    "low": (
        "lower_ci_95_0_limit",
        "lower_ci",
        "lower_confidence_limit",
        "lci_95",
        "low",
        "hle_low",
    ),
    "high": (
        "upper_ci_95_0_limit",
        "upper_ci",
        "upper_confidence_limit",
        "uci_95",
        "high",
        "hle_high",
    ),
}
ENDS = ("low", "high")
PERIOD = "period "
"""Beginning of the note on the period."""

SEXES = {
    **dict.fromkeys(("male", "males", "men", "m"), "hle_male"),
    **dict.fromkeys(("female", "females", "women", "f"), "hle_female"),
    **dict.fromkeys(("persons", "person", "all", "p"), "hle"),
}


def is_long(frame: pd.DataFrame) -> bool:
    """Whether a frame has a column of sexes and a column of values."""
    return {"sex", "value"} <= set(_columns(frame))


def to_wide(table: Table, key: str, period: str) -> tuple[Table, dict[str, str]]:
    """Convert a long table to one row for each code.

    Parameters
    ----------
    table
        With columns of codes, sex and value, and perhaps of periods and of the ends of 95%
        intervals.
    key
        The column of codes; "" = area_code or council_code.
    period
        Period to read; "" = the latest.

    Returns
    -------
    table, names
        The table with `area_code` (of areas or councils), its measures of HLE and the interval of
        persons; and the user's column of each of these.

    Raises
    ------
    InputError
        For a missing key or period, unknown sexes, values outside 40 to 90 or their interval,
        codes repeated.
    """
    columns = _columns(table.frame)
    key = key or columns.get("key", "")
    if key not in table.frame:
        there = ", ".join(map(str, table.frame.columns))
        words = f"has no column {key}" if key else "has no column area_code or council_code"
        hint = f'Say which in the column map: [tables."{table.file}"] key = ...; there are {there}'
        raise InputError([Fault(words, table.file, hint=hint)])
    frame, notes = _of_period(table, columns, period)
    cells = pd.DataFrame(
        {
            "area_code": frame[key],
            "measure": frame[columns["sex"]].astype("str").str.lower().map(SEXES),
            **{name: numbers(frame[columns[name]]) for name in ("value", *ENDS) if name in columns},
        }
    )
    faults = _long_faults(table, cells, columns, frame[columns["value"]].notna())
    if faults:
        raise InputError(faults)
    wide = _wide(cells)
    names = dict.fromkeys(wide.columns, columns["value"]) | {"area_code": key}
    used = {theirs: ours for ours, theirs in columns.items()} | {key: "area_code"}
    record = tuple(ColumnIntake(str(c), used.get(str(c), "")) for c in table.frame.columns)
    left = len(table.frame) - len(frame)
    intake = replace(table.intake, columns=record)
    if left:
        intake = intake.with_event("left out", f"{notes[0]}; other periods are not used", left)
    return replace(table.with_frame(wide, *notes), intake=intake), names


def _wide(cells: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each code: each measure, and the interval of persons if there is one."""
    by_sex = cells.dropna(subset="area_code").groupby("measure")
    each = {sex: rows.set_index("area_code").drop(columns="measure") for sex, rows in by_sex}
    by_code = pd.concat(each, axis="columns")
    wide = pd.DataFrame(by_code.xs("value", axis="columns", level=1))
    if set(ENDS) <= set(cells.columns):
        wide = wide.join(persons_interval(wide, by_code).dropna(axis="columns", how="all"))
    return wide.rename_axis(index="area_code").reset_index()


def _columns(frame: pd.DataFrame) -> dict[str, str]:
    simples = {simple_name(column): column for column in frame.columns}
    return {
        name: next(simples[each] for each in names if each in simples)
        for name, names in LONG.items()
        if set(names) & set(simples)
    }


def _of_period(
    table: Table, columns: Mapping[str, str], period: str
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    frame = table.frame
    if "period" not in columns:
        return frame, ()
    periods = frame[columns["period"]].astype("str")
    chosen = period or latest(periods)
    rows = periods == chosen
    if not rows.any():
        words, hint = f"has no period {chosen}", f"There are: {', '.join(sorted(periods.unique()))}"
        raise InputError([Fault(words, table.file, None, columns["period"], hint)])
    return frame[rows], (f"{PERIOD}{chosen}: {rows.sum():,} of {len(frame):,} rows",)


def _long_faults(
    table: Table, cells: pd.DataFrame, columns: Mapping[str, str], filled: pd.Series
) -> list[Fault]:
    values = cells["value"]
    tests = [
        (cells["measure"].isna(), columns["sex"], "is not a known sex", "Use male, female"),
        (filled & values.isna(), columns["value"], "is not a number", "Give years"),
        (~values.between(40, 90) & values.notna(), columns["value"], "is outside 40 to 90",
         "HLE lies between 40 and 90 years"),
        *_end_tests(cells, columns),
        (cells.duplicated(["area_code", "measure"]), columns["sex"],
         "gives a code and sex once more", "Give one row a code, sex and period"),
    ]  # fmt: skip
    return [
        Fault(words, table.file, int(row) + table.first_row, column, hint)
        for flags, column, words, hint in tests
        for row in cells.index[flags]
    ]


def _end_tests(
    cells: pd.DataFrame, columns: Mapping[str, str]
) -> list[tuple[pd.Series, str, str, str]]:
    """Return tests for ends of intervals that lie on the wrong side of their value."""
    value = cells["value"]
    return [
        (
            (cells[name] > value) if name == "low" else (cells[name] < value),
            columns[name],
            f"is the {name} end of an interval but lies beyond its value",
            "Check which column is which end",
        )
        for name in ENDS
        if name in cells
    ]
