"""HLE in long form, a row a code, sex and period, as the published tables have it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.columns import simple
from nhcplanner.layers.hle import latest
from nhcplanner.layers.numerals import numbers
from nhcplanner.layers.tables import Table

LONG = {
    "sex": ("sex",),
    "value": ("value", "hle"),
    "period": ("period", "time_period"),
    "key": ("area_code", "council_code"),
}
SEXES = {
    **dict.fromkeys(("male", "males", "men", "m"), "hle_male"),
    **dict.fromkeys(("female", "females", "women", "f"), "hle_female"),
    **dict.fromkeys(("persons", "person", "all", "p"), "hle"),
}


def is_long(frame: pd.DataFrame) -> bool:
    """Say whether a frame has a column of sexes and one of values."""
    return {"sex", "value"} <= set(_columns(frame))


def widened(table: Table, key: str, period: str) -> tuple[Table, dict[str, str]]:
    """Bring a long table to one row a code.

    Parameters
    ----------
    table
        With columns of codes, sex and value, and perhaps of periods.
    key
        The column of codes; "" = area_code or council_code.
    period
        Which period to take; "" = the latest.

    Returns
    -------
    table, names
        The table with `area_code` (of areas or councils) and the measures of HLE that it has;
        and for each of these the user's column.

    Raises
    ------
    InputError
        For a missing key or period, unknown sexes, values outside 40 to 90, codes repeated.
    """
    columns = _columns(table.frame)
    key = key or columns.get("key", "")
    if key not in table.frame:
        there = ", ".join(map(str, table.frame.columns))
        words = f"has no column {key}" if key else "has no column area_code or council_code"
        mend = f'Say which in the column map: [tables."{table.file}"] key = ...; there are {there}'
        raise InputError([Fault(words, table.file, mend=mend)])
    frame, notes = _of_period(table, columns, period)
    taken = pd.DataFrame(
        {
            "area_code": frame[key],
            "measure": frame[columns["sex"]].astype("str").str.lower().map(SEXES),
            "value": numbers(frame[columns["value"]]),
        }
    )
    faults = _long_faults(table, taken, columns, frame[columns["value"]].notna())
    if faults:
        raise InputError(faults)
    by_sex = taken.dropna(subset="area_code").groupby("measure")
    wide = pd.DataFrame({sex: rows.set_index("area_code")["value"] for sex, rows in by_sex})
    wide = wide.rename_axis("area_code").reset_index()
    names = dict.fromkeys(wide.columns, columns["value"]) | {"area_code": key}
    return table.with_frame(wide, *notes), names


def _columns(frame: pd.DataFrame) -> dict[str, str]:
    simples = {simple(column): column for column in frame.columns}
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
        words, mend = f"has no period {chosen}", f"There are: {', '.join(sorted(periods.unique()))}"
        raise InputError([Fault(words, table.file, None, columns["period"], mend)])
    return frame[rows], (f"period {chosen}: {rows.sum():,} of {len(frame):,} rows",)


def _long_faults(
    table: Table, taken: pd.DataFrame, columns: Mapping[str, str], filled: pd.Series
) -> list[Fault]:
    values = taken["value"]
    tests = [
        (taken["measure"].isna(), columns["sex"], "is no sex known here", "Use male, female"),
        (filled & values.isna(), columns["value"], "is not a number", "Give years"),
        (~values.between(40, 90) & values.notna(), columns["value"], "is outside 40 to 90",
         "HLE lies between 40 and 90 years"),
        (taken.duplicated(["area_code", "measure"]), columns["sex"],
         "gives a code and sex once more", "Give one row a code, sex and period"),
    ]  # fmt: skip
    return [
        Fault(words, table.file, int(row) + table.first_row, column, mend)
        for flags, column, words, mend in tests
        for row in taken.index[flags]
    ]
