"""Lives: a user's life table and good health by age, made into HLE by Sullivan's method."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain.intake import Question
from nhcplanner.domain.need_measures import DEVIATIONS
from nhcplanner.layers.health.long_form import SEXES
from nhcplanner.layers.health.modelled import MEASURES, RANGE, persons, persons_interval
from nhcplanner.layers.health.sullivan import falling_rates, healthy_years, life_table
from nhcplanner.layers.population.attribute_tables import AttributeTable
from nhcplanner.layers.population.figures import is_percent
from nhcplanner.layers.readers.cells import BLANK, numbers
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import read_columns, record_columns
from nhcplanner.layers.readers.tables import Table

CODE = r"(area|council|lsoa|utla|ctyua)_?(\d\d)?_?(code|cd)"
LIVES: dict[str, tuple[str, ...]] = {
    "code": (CODE,),
    "sex": ("sex|gender",),
    "age": ("age(_?(band|group))?",),
    "deaths": ("deaths",),
    "people": ("people|population|pop|person_years",),
}
HEALTH: dict[str, tuple[str, ...]] = {
    "code": (CODE,),
    "sex": ("sex|gender",),
    "age": ("age(_?(band|group))?",),
    "healthy": ("(good_health|healthy|prevalence)(_?(share|percent|pct|proportion))?",),
    "asked": ("asked|sample(_size)?|respondents|n",),
}
INFANTS = r"(<|under|less than)\s*1\b.*"
BAND = (
    r"(?:aged?\s*)?(\d{1,3})"
    r"(?:\s*(?:-|to|\u2013|\u2014|_)\s*(\d{1,3})|\s*(\+|plus|and over|or over|and older))?"
    r"(?:\s*(?:years?|yrs?))?"
)
"""First and last year of an age band, or a sign that it is open."""
AGE_HINT = (
    "Give e.g. 0, 1-4, 5-9, ..., 90+; Excel turns 10-14 into Oct-14: format the column as text"
)
GROUP = ["code", "sex"]


def read_lives(lives: Path, health: Path, column_map: ColumnMap | None = None) -> AttributeTable:
    """Make HLE by area or council out of a user's two tables.

    Parameters
    ----------
    lives
        A row a code, sex and age band: deaths, and the people (person-years) they are among.
    health
        A row for each of the same: the share (or per cent, where the column says so) in good
        health, and perhaps how many were asked; without that there is no interval.
    column_map
        What the user says of both files: columns in `[tables."FILE"]`, answers, and units.

    Returns
    -------
    Further
        A row a code, with basis "sullivan": to be joined like any table.

    Raises
    ------
    InputError
        With every fault of both files.
    """
    column_map = column_map or ColumnMap()
    read: list[tuple[Table, dict[str, str]]] = []
    faults: list[Fault] = []
    for path, wanted in ((lives, LIVES), (health, HEALTH)):
        try:
            read.append(_read(Path(path), wanted, column_map))
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    (life, life_names), (good, good_names) = read
    faults = [
        *_cell_faults(life, life_names, ("deaths", "people")),
        *_cell_faults(good, good_names, ("healthy",)),
    ]
    faults = faults or [
        *_band_faults(life, life_names),
        *_hole_faults(life, life_names),
        *_hole_faults(good, good_names),
        *_pair_faults(life, good),
    ]
    if faults:
        own = [each.numbered([f for f in faults if f.file == each.file]) for each in (life, good)]
        raise InputError([fault for part in own for fault in part])
    good_health = good.frame.drop(columns="last_age")
    deaths = life.frame.merge(good_health, on=[*GROUP, "age"], validate="one_to_one")
    wide = _expected(deaths.sort_values([*GROUP, "age"]))
    wild = _range_faults(wide, life.file)
    if wild:
        raise InputError(wild)
    note = (
        f"HLE by Sullivan's method (abridged life table after Chiang) of "
        f"{plural(len(wide), 'code')}, {deaths['deaths'].sum():,.0f} deaths; good health by age "
        f"from {good.file}"
    )
    life = _report_unusual(life, deaths)
    names = {"area_code": life_names["code"]} | dict.fromkeys(MEASURES, life_names["deaths"])
    return AttributeTable(life.with_frame(wide, note), names, len(life.frame), (good,))


def _read(
    path: Path, wanted: Mapping[str, tuple[str, ...]], column_map: ColumnMap
) -> tuple[Table, dict[str, str]]:
    """A table with our names, ages as the first of each band; and the user's names."""
    table, names = read_columns(path, wanted, column_map, ("asked",))
    frame = table.frame[list(names.values())].set_axis(list(names), axis="columns")
    first, last = bands_of(frame["age"])
    frame = frame.assign(
        age=first,
        last_age=last,
        sex=frame["sex"].astype("str").str.lower().map(SEXES),
    )
    if "asked" in frame:
        table = _note_blank_samples(table, names["asked"])
    for name in ("deaths", "people", "healthy", "asked"):
        if name in frame:
            frame[name] = numbers(frame[name])
    if "healthy" in frame:
        unit = _unit_of_health(frame["healthy"], table, names["healthy"], column_map)
        if unit == "percent":
            frame["healthy"] /= 100
            table = table.with_event("converted", f"'{names['healthy']}' turned from per cent")
    plain = frame.assign(age=frame["age"].map(lambda age: f"{age:.0f}"))
    return record_columns(table, names, plain, {}).with_frame(frame), names


def _unit_of_health(healthy: pd.Series, table: Table, heading: str, column_map: ColumnMap) -> str:
    """Unit of good health, by the user's answer or the heading.

    Raises
    ------
    InputError
        With a question where no figure fits the unit of the heading, and a fault for each row
        where only some do.
    """
    answer = column_map.answers.find("healthy.unit", table.file)
    unit = answer or ("percent" if is_percent(heading) else "share")
    filled = healthy[healthy > 0]
    small = filled <= 1
    if (filled > 100).any() or (unit == "share" and (answer or small.any())) or not len(filled):
        return unit
    if unit == "percent" and not small.any():
        return unit
    if unit == "percent" and not small.all():
        hint = "Give all figures as per cent, or all as shares of 1"
        raise InputError(
            Fault(
                f"{filled[n]:g} is at most 1 per cent, in a column of up to {filled.max():g}",
                table.file, table.row_number(int(n)), heading, hint,
            )
            for n in filled.index[small]
        )  # fmt: skip
    if answer:
        return unit
    words = f"has figures of {filled.min():g} to {filled.max():g}"
    words += " under a heading in per cent" if unit == "percent" else ""
    words += ": are these shares of 1, or per cent?"
    raise InputError([
        Question(words, table.file, None, heading, "", "healthy.unit", ("share", "percent"))
    ])  # fmt: skip


def _note_blank_samples(table: Table, column: str) -> Table:
    """The table with a line for rows that do not say how many were asked.

    Raises
    ------
    InputError
        For cells that are neither blank nor a number: the interval would be lost.
    """
    text = table.frame[column].astype("object").fillna("").astype("str").str.strip()
    blank = text.str.lower().isin({"", *BLANK})
    rows = np.flatnonzero(~blank & ~(numbers(table.frame[column]) > 0))
    if len(rows):
        hint = "Give how many were asked, or leave the cell blank"
        raise InputError(
            Fault(
                f"'{text.iloc[n]}' is not a number above 0",
                table.file,
                table.row_number(int(n)),
                column,
                hint,
            )
            for n in rows
        )
    rows = np.flatnonzero(blank)
    if not len(rows):
        return table
    words = f"'{column}' blank in {plural(len(rows), 'row')}: HLE has no interval there"
    return table.with_event(
        "doubt", words, len(rows), [f"row {table.row_number(int(n))}" for n in rows]
    )


def bands_of(ages: pd.Series) -> tuple[pd.Series, pd.Series]:
    """First and last year of each age band; NaN where a cell is none, inf where a band is open.

    A single number has no last year of its own (NaN): it is the first of a band.

    Examples
    --------
    >>> first, last = bands_of(pd.Series(["<1", "1-4", "90+", "Oct-14", "5"]))
    >>> first.tolist(), last.tolist()
    ([0.0, 1.0, 90.0, nan, 5.0], [0.0, 4.0, inf, nan, nan])
    """
    text = ages.astype("str").str.strip().str.lower()
    text = text.str.replace(r"\.0$", "", regex=True).str.replace(rf"^{INFANTS}$", "0-0", regex=True)
    parts = text.str.extract(rf"^{BAND}$")
    first = pd.to_numeric(parts[0]).astype("float64").where(lambda age: age <= OLDEST)
    last = pd.to_numeric(parts[1]).astype("float64")
    return first, last.mask(parts[2].notna() & first.notna(), np.inf)


OLDEST = 110
"""First year of the last age band, at most."""


def _hole_faults(table: Table, names: dict[str, str]) -> list[Fault]:
    """Age bands that leave ages out, overlap, or end before the last age."""
    faults = []
    for (code, sex), bands in table.frame.groupby(GROUP):
        ordered = bands.sort_values("age")
        first, last = ordered["age"].to_numpy(), ordered["last_age"].to_numpy()
        steps = np.diff(first)
        usual = np.bincount(steps.astype(int)).argmax() if len(steps) else 0
        known = ~np.isnan(last[:-1])
        gaps = np.where(known, first[1:] != last[:-1] + 1, steps > max(usual, 4))
        who = f"{code}, {str(sex).removeprefix('hle_')}"
        hint = "Give every age band once, without gaps"
        faults += [
            Fault(f"{who}: ages do not meet between {first[n]:.0f}"
                  f"{'' if np.isnan(last[n]) else f'-{last[n]:.0f}'} and {first[n + 1]:.0f}",
                  table.file, int(ordered.index[int(n) + 1]) + table.first_row, names["age"], hint)
            for n in np.flatnonzero(gaps)
        ]  # fmt: skip
        if "deaths" in bands and np.isfinite(last[-1]):
            words = f"{who}: the last age band, {first[-1]:.0f}-{last[-1]:.0f}, is not open"
            row = int(ordered.index[-1]) + table.first_row
            faults.append(Fault(words, table.file, row, names["age"], "End with a band like 90+"))
    return faults


def _cell_faults(table: Table, names: dict[str, str], figures: Iterable[str]) -> list[Fault]:
    frame = table.frame
    tests = [
        (frame["code"].isna(), "code", "is empty", "Give the code of an area or a council"),
        (frame["sex"].isna(), "sex", "is not a known sex", "Use male, female"),
        (frame["age"].isna(), "age", "is no age band", AGE_HINT),
        (frame.duplicated([*GROUP, "age"]), "age", "stands once more", "Give each band once"),
    ]
    tests += [
        (~(frame[name] >= 0), name, "is not a number of 0 or more", "Give a number")
        for name in figures
    ]
    if "deaths" in frame:
        hint = "Check whether the two columns are swapped"
        more = (frame["people"] > 0) & (frame["deaths"] > frame["people"])
        tests.append((more, "deaths", "is more than the people", hint))
    if "healthy" in frame:
        hint = "Give shares of 0 to 1, or name the column good_health_percent"
        tests.append((frame["healthy"] > 1, "healthy", "is more than everyone", hint))
    return [
        Fault(words, table.file, int(row) + table.first_row, names[column], hint)
        for flags, column, words, hint in tests
        for row in np.flatnonzero(flags)
    ]


def _band_faults(life: Table, names: dict[str, str]) -> list[Fault]:
    """What a life table cannot be made of: no first year, bands without people, no last deaths."""
    faults = []
    for (code, sex), bands in life.frame.groupby(GROUP):
        who = f"{code}, {str(sex).removeprefix('hle_')}"
        last = bands.iloc[int(bands["age"].to_numpy().argmax())]
        tests = [
            (bands["age"].min() > 0, "age", "does not begin at age 0", "Give the bands from birth"),
            ((bands["people"] <= 0).any(), "people", "has a band without people", "Join bands"),
            (last["deaths"] <= 0, "deaths", "has no deaths in its last band", "Join bands"),
        ]
        faults += [
            Fault(f"{who} {words}", life.file, None, names[column], hint)
            for wrong, column, words, hint in tests
            if wrong
        ]
    return faults


def _pair_faults(life: Table, good: Table) -> list[Fault]:
    keys = [*GROUP, "age"]
    both = life.frame[keys].merge(good.frame[keys], how="outer", indicator=True)
    alone = both[both["_merge"] != "both"]
    return [
        Fault(
            f"{row.code}, {str(row.sex).removeprefix('hle_')}, age {row.age:.0f} is not there",
            good.file if row[-1] == "left_only" else life.file,
            hint="Give both files for the same codes, sexes and age bands",
        )
        for row in alone.itertuples(index=False)
    ]


def _expected(both: pd.DataFrame) -> pd.DataFrame:
    """HLE at birth and its interval, a row a code."""
    rows = []
    for (code, sex), bands in both.groupby(GROUP):
        table = life_table(bands["age"], bands["deaths"], bands["people"])
        answers = bands.get("asked")
        years = healthy_years(table, bands["healthy"], answers).iloc[0]
        rows.append((code, sex, years["hle"], DEVIATIONS * np.sqrt(years["variance"])))
    figures = pd.DataFrame(rows, columns=["area_code", "sex", "hle", "half"])
    figures = figures.assign(
        low=figures["hle"] - figures["half"], high=figures["hle"] + figures["half"]
    )
    by_sex = {sex: part.set_index("area_code") for sex, part in figures.groupby("sex")}
    wide = pd.DataFrame({sex: part["hle"] for sex, part in by_sex.items()})
    wide = persons(wide.reindex(columns=list(MEASURES)).astype("float64"))
    ends = pd.concat(by_sex, axis="columns")
    wide = wide.join(persons_interval(wide, ends)).assign(hle_basis="sullivan")
    return wide.rename_axis(index="area_code").reset_index()


LIFE_YEARS, HEALTHY_SHARE = (65.0, 92.0), (0.5, 0.95)
"""Usual life expectancy at birth of England's areas, and the usual share of it in good health."""


def _report_unusual(life: Table, both: pd.DataFrame) -> Table:
    """The life table with a line for codes whose expectancy or share in good health is unusual."""
    years, shares = [], []
    for (code, sex), bands in both.groupby(GROUP):
        ordered = bands.sort_values("age")
        table = life_table(ordered["age"], ordered["deaths"], ordered["people"])
        expectancy = float(table["expectancy"].iloc[0])
        share = float(healthy_years(table, ordered["healthy"])["hle"].iloc[0]) / expectancy
        who = f"{code}, {str(sex).removeprefix('hle_')}"
        if not LIFE_YEARS[0] <= expectancy <= LIFE_YEARS[1]:
            years.append(f"{who}: {expectancy:.1f} years")
        if not HEALTHY_SHARE[0] <= share <= HEALTHY_SHARE[1]:
            shares.append(f"{who}: {share:.1%}")
    falls = _falling_rates(both)
    if falls:
        words = "fewer people die than in the band below, though older: is a figure wrong?"
        life = life.with_event("doubt", words, len(falls), falls)
    if years:
        words = "life expectancy at birth is unusual: are deaths and people of the same years?"
        life = life.with_event("doubt", words, len(years), years)
    if shares:
        words = "share of life in good health is unusual: is good health the right column?"
        life = life.with_event("doubt", words, len(shares), shares)
    return life


def _falling_rates(both: pd.DataFrame) -> list[str]:
    """Age bands whose death rate is far below that of the band before, in words."""
    found = []
    for (code, sex), bands in both.groupby(GROUP):
        odd = bands.loc[falling_rates(bands["age"], bands["deaths"], bands["people"])]
        who = f"{code}, {str(sex).removeprefix('hle_')}"
        found += [
            f"{who}, age {row['age']:.0f}: {row['deaths']:g} deaths of {row['people']:,.10g} people"
            for row in odd.to_dict("records")
        ]
    return found


def _range_faults(wide: pd.DataFrame, file: str) -> list[Fault]:
    low, high = RANGE
    return [
        Fault(
            f"gives {row['area_code']} an HLE of {row[name]:.1f} years, outside {low} to {high}",
            file,
            hint="Check that deaths and people are of the same years, and the shares",
        )
        for _, row in wide.iterrows()
        for name in MEASURES
        if not (low <= row[name] <= high or np.isnan(row[name]))
    ]
