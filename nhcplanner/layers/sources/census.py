"""Census 2021 by area, as Nomis gives it: people, age, cars, disability."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.readers.tables import Table, read_table
from nhcplanner.layers.sources.base import (
    AGAIN,
    MOVED,
    OGL,
    ONS,
    ONS_RIGHTS,
    OfficialSource,
    Wanted,
    numeric,
    renaming,
)
from nhcplanner.layers.sources.statistics import banded, span
from nhcplanner.layers.web import WebClient, nomis

TOTALS = ("Total", "Total: All usual residents", "Total: All households")
NO_CAR = "No cars or vans in household"
DISABLED = "Disabled under the Equality Act"
LIMITED = (
    f"{DISABLED}: Day-to-day activities limited a lot",
    f"{DISABLED}: Day-to-day activities limited a little",
)


@dataclass(frozen=True)
class Cells:
    """A census table: how Nomis names its cells in the API and in the bulk file.

    Parameters
    ----------
    dimension
        Name in the API: "c2021_cars_5".
    label
        What stands before each cell's name in the bulk file: "Number of cars or vans".
    """

    dimension: str
    label: str


AGES = Cells("c2021_age_19", "Age")
CARS = Cells("c2021_cars_5", "Number of cars or vans")
DISABILITY = Cells("c2021_disability_5", "Disability")
RESIDENTS = Cells("c2021_restype_3", "Residence type")


def wide(path: Path, cells: Cells) -> pd.DataFrame:
    """Read a census table, from the API or from the bulk file, as a row an area, a column a cell.

    Raises
    ------
    InputError
        Where its columns are neither's, a cell is no number, or an area comes twice.
    """
    table = read_table(path)
    if "geography code" in table.frame:
        return _bulk(table, cells.label)
    columns = {
        "GEOGRAPHY_CODE": "area_code",
        f"{cells.dimension.upper()}_NAME": "cell",
        "OBS_VALUE": "people",
    }
    names = renaming(list(table.frame.columns), columns, table.file, "Nomis")
    if table.frame.empty:
        raise InputError([Fault("has no rows", table.file, hint=AGAIN)])
    long = numeric(table.with_frame(table.frame[list(names)].rename(columns=names)), ("people",))
    again = long.duplicated(["area_code", "cell"])
    if again.any():
        row = int(again.to_numpy().argmax())
        words = f"{long['area_code'][row]} has {long['cell'][row]} twice"
        hint = "Ask Nomis for one measure (measures=20100) and one date"
        raise InputError([Fault(words, table.file, row + table.first_row, "OBS_VALUE", hint)])
    return long.pivot_table(index="area_code", columns="cell", values="people", aggfunc="first")


def _bulk(table: Table, label: str) -> pd.DataFrame:
    before = f"{label}: "
    cells = {
        column: column.removeprefix(before).removesuffix("; measures: Value")
        for column in table.frame.columns
        if column.startswith(before)
    }
    if not cells:
        raise InputError([Fault(f"has no column '{before}...'", table.file, hint=MOVED)])
    kept = table.frame[["geography code", *cells]]
    named = table.with_frame(kept.rename(columns={**cells, "geography code": "area_code"}))
    return numeric(named, tuple(cells.values())).set_index("area_code")


def _one(frame: pd.DataFrame, names: tuple[str, ...], path: Path) -> pd.Series:
    found = next((name for name in names if name in frame), None)
    if found is None:
        raise InputError([Fault(f"has no cell '{names[0]}'", path.name, hint=MOVED)])
    return frame[found]


def parse_residents(path: Path) -> pd.DataFrame:
    """Read TS001: area_code, people."""
    people = _one(wide(path, RESIDENTS), TOTALS, path)
    return people.rename("people").reset_index()


def parse_ages(path: Path, cells: Cells) -> pd.DataFrame:
    """Read TS007 or TS007A: area_code and those age bands that its ages fill exactly."""
    frame = wide(path, cells)
    spans = {name: span(name) for name in frame.columns}
    bands = banded(frame, {name: years for name, years in spans.items() if years})
    if bands.empty:
        raise InputError([Fault("has no ages that fill a band", path.name, hint=MOVED)])
    return bands.reset_index()


def parse_cars(path: Path) -> pd.DataFrame:
    """Read TS045: area_code, no_car_share (of households; blank where there are none)."""
    frame = wide(path, CARS)
    return _share(_one(frame, (NO_CAR,), path), _one(frame, TOTALS, path), "no_car_share")


def parse_disability(path: Path) -> pd.DataFrame:
    """Read TS038: area_code, disabled_share (of residents, under the Equality Act)."""
    frame = wide(path, DISABILITY)
    if set(LIMITED) <= set(frame):
        disabled = frame[list(LIMITED)].sum(axis=1, skipna=False)
    else:
        disabled = _one(frame, (DISABLED,), path)
    return _share(disabled, _one(frame, TOTALS, path), "disabled_share")


def _share(part: pd.Series, total: pd.Series, name: str) -> pd.DataFrame:
    return (part / total.where(total > 0)).rename(name).reset_index()


def fetch(
    source: OfficialSource, web: WebClient, wanted: Wanted, cells: Cells, values: str
) -> Path:
    """Fetch a table for the areas wanted."""
    return nomis.table(web, source.address, cells.dimension, values, wanted.areas)


@dataclass(frozen=True)
class Census:
    """What differs from one census table to the next."""

    code: str
    dataset: str
    subject: str
    gives: str
    cells: Cells
    values: str


def _source(said: Census, layer: str, parse: object) -> OfficialSource:
    low = said.code.lower()
    return OfficialSource(
        key=low,
        layer=layer,
        title=f"Census 2021, {said.code}: {said.subject}, by LSOA",
        publisher=f"{ONS}, through Nomis",
        address=f"{nomis.ROOT}/{said.dataset}.data.csv",
        licence=OGL,
        attribution=ONS_RIGHTS,
        vintage="Census 2021, 21 March 2021",
        gives=said.gives,
        looks="csv",
        names=(f"census2021-{low}-lsoa.csv", f"{said.code}-*.csv"),
        parse=parse,
        headers=(
            ("GEOGRAPHY_CODE", f"{said.cells.dimension.upper()}_NAME", "OBS_VALUE"),
            ("geography code", f"{said.cells.label}: *"),
        ),
        fetch=partial(fetch, cells=said.cells, values=said.values),
        page="https://www.nomisweb.co.uk/sources/census_2021_bulk",
    )


TS001 = _source(
    Census("TS001", "NM_2021_1", "residents", "people as of the census", RESIDENTS, "0"),
    "people",
    parse_residents,
)
TS007A = _source(
    Census(
        "TS007A", "NM_2020_1", "age by five-year bands", "people of 65 to 84 and of 85 and over",
        AGES, "0...18",
    ),
    "age",
    partial(parse_ages, cells=AGES),
)  # fmt: skip
TS038 = _source(
    Census(
        "TS038", "NM_2056_1", "disability", "share of people disabled under the Equality Act",
        DISABILITY, "0...4",
    ),
    "disability",
    parse_disability,
)  # fmt: skip
TS045 = _source(
    Census(
        "TS045", "NM_2063_1", "car or van availability", "share of households without a car",
        CARS, "0...4",
    ),
    "cars",
    parse_cars,
)  # fmt: skip
