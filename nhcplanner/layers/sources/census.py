"""Census 2021 by area, from Nomis or the ONS download: people, age, cars, disability."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sources.base import (
    AGAIN,
    MOVED,
    OGL,
    ONS,
    ONS_RIGHTS,
    Extent,
    OfficialSource,
    matching,
)
from nhcplanner.layers.sources.opening import Part
from nhcplanner.layers.sources.published import as_frame, numeric, read_published, renaming
from nhcplanner.layers.sources.statistics import banded, span
from nhcplanner.layers.web import WebClient, services

TOTALS = ("Total", "Total: All usual residents", "Total: All households")
NO_CAR = "No cars or vans in household"
DISABLED = "Disabled under the Equality Act"
LIMITED = (
    f"{DISABLED}: Day-to-day activities limited a lot",
    f"{DISABLED}: Day-to-day activities limited a little",
)


@dataclass(frozen=True)
class Cells:
    """The cells of a census table, with their names in Nomis's API and in the bulk file.

    Parameters
    ----------
    dimension
        Name in the API: "c2021_cars_5".
    label
        What stands before each cell's name in the bulk file: "Number of cars or vans".
    heading
        Pattern of the heading of its cells in the ONS's own download.
    """

    dimension: str
    label: str
    heading: str = ""


AGES = Cells("c2021_age_19", "Age", "Age (* categories)")
CARS = Cells("c2021_cars_5", "Number of cars or vans", "Car or van availability (* categories)")
DISABILITY = Cells("c2021_disability_5", "Disability", "Disability (* categories)")
RESIDENTS = Cells("c2021_restype_3", "Residence type", "Residence type (* categories)")
NOT_APPLICABLE = "Does not apply"
LSOA_COLUMN = "Lower layer Super Output Areas Code"
OBSERVATION = "Observation"


def wide(path: Path, cells: Cells) -> Table:
    """Read a census table as a row an area, a column a cell.

    Parameters
    ----------
    path
        From Nomis's API, Nomis's bulk file, or the ONS's own download.
    cells
        How its cells are named.

    Returns
    -------
    Table
        Its frame indexed by area code.

    Raises
    ------
    InputError
        If its columns are unknown, a cell is not a number, or an area appears twice.
    """
    table = read_published(path)
    there = [str(name) for name in table.frame.columns]
    if "geography code" in table.frame:
        return table.with_frame(_bulk(table, cells.label))
    own = bool(matching(there, OBSERVATION))
    api = {"GEOGRAPHY_CODE": "area_code", f"{cells.dimension}_NAME": "cell", "OBS_VALUE": "people"}
    columns = {LSOA_COLUMN: "area_code", cells.heading: "cell", OBSERVATION: "people"}
    names = renaming(there, columns if own else api, table.file, ONS if own else "Nomis")
    if table.frame.empty:
        raise InputError([Fault("has no rows", table.file, hint=AGAIN)])
    long = numeric(table.with_frame(table.frame[list(names)].rename(columns=names)), ("people",))
    _refuse_twice(long, table, OBSERVATION if own else "OBS_VALUE")
    frame = long.pivot_table(index="area_code", columns="cell", values="people", aggfunc="first")
    return _with_total(table, frame) if own else table.with_frame(frame)


def _refuse_twice(long: pd.DataFrame, table: Table, column: str) -> None:
    again = long.duplicated(["area_code", "cell"])
    if again.any():
        row = int(again.to_numpy().argmax())
        words = f"{long['area_code'].iloc[row]} has {long['cell'].iloc[row]} twice"
        hint = "Ask for one measure (Nomis: measures=20100), one date and one variable"
        raise InputError([Fault(words, table.file, row + table.first_row, column, hint)])


def _with_total(table: Table, frame: pd.DataFrame) -> Table:
    """Add the total, which the ONS download lacks: the sum of an area's cells.

    An area's cell that is not listed counts as none, with a note. An area with a single cell
    stays without a total, for any share of it would be all or nothing.
    """
    cells = frame.drop(columns=NOT_APPLICABLE, errors="ignore")
    listed = cells.notna().sum(axis=1)
    partly, single = (listed > 1) & (listed < cells.shape[1]), listed <= 1
    notes = ["total: the sum of the categories, as the ONS download has none"]
    if partly.any():
        words = f"{plural(int(partly.sum()), 'area')} without a row for some category, taken as 0"
        notes.append(f"{words}: {shortened(frame.index[partly])}")
    if single.any():
        words = f"{plural(int(single.sum()), 'area')} left blank, with a row for one category only"
        notes.append(f"{words}: {shortened(frame.index[single])}")
    total = cells.sum(axis=1).where(~single)
    return table.with_frame(cells.fillna(0).assign(**{TOTALS[0]: total}), *notes)


def _bulk(table: Table, label: str) -> pd.DataFrame:
    before = f"{label}: "
    cells = {
        column: column.removeprefix(before).removesuffix("; measures: Value")
        for column in table.frame.columns
        if column.startswith(before)
    }
    if not cells:
        raise InputError([Fault(f"has no column '{before}...'", table.file, hint=MOVED)])
    cells_only = table.frame[["geography code", *cells]]
    renamed = table.with_frame(cells_only.rename(columns={**cells, "geography code": "area_code"}))
    return numeric(renamed, tuple(cells.values())).set_index("area_code")


def _one(frame: pd.DataFrame, names: tuple[str, ...], path: Path) -> pd.Series:
    column = next((name for name in names if name in frame), None)
    if column is None:
        raise InputError([Fault(f"has no cell '{names[0]}'", path.name, hint=MOVED)])
    return frame[column]


def parse_residents(path: Path) -> pd.DataFrame:
    """Read TS001: area_code, people."""
    table = wide(path, RESIDENTS)
    return as_frame(
        table.with_frame(_one(table.frame, TOTALS, path).rename("people").reset_index())
    )


def parse_ages(path: Path, cells: Cells) -> pd.DataFrame:
    """Read TS007 or TS007A: area_code and those age bands that its ages fill exactly."""
    table = wide(path, cells)
    frame = table.frame
    spans = {name: span(name) for name in frame.columns}
    bands = banded(frame, {name: years for name, years in spans.items() if years})
    if bands.empty:
        raise InputError([Fault("has no ages that fill a band", path.name, hint=MOVED)])
    return as_frame(table.with_frame(bands.reset_index()))


def parse_cars(path: Path) -> pd.DataFrame:
    """Read TS045: area_code, no_car_share (of households; blank if there are none)."""
    table = wide(path, CARS)
    without, every = (_one(table.frame, names, path) for names in ((NO_CAR,), TOTALS))
    return as_frame(table.with_frame(_share(without, every, "no_car_share")))


def parse_disability(path: Path) -> pd.DataFrame:
    """Read TS038: area_code, disabled_share (of residents, under the Equality Act)."""
    table = wide(path, DISABILITY)
    frame = table.frame
    if set(LIMITED) <= set(frame):
        disabled = frame[list(LIMITED)].sum(axis=1, skipna=False)
    else:
        disabled = _one(frame, (DISABLED,), path)
    return as_frame(table.with_frame(_share(disabled, _one(frame, TOTALS, path), "disabled_share")))


def _share(part: pd.Series, total: pd.Series, name: str) -> pd.DataFrame:
    return (part / total.where(total > 0)).rename(name).reset_index()


def fetch(
    source: OfficialSource, web: WebClient, extent: Extent, cells: Cells, values: str
) -> Path:
    """Fetch a table for the areas of the place."""
    return services.nomis_table(web, source.address, cells.dimension, values, extent.areas)


@dataclass(frozen=True)
class Census:
    """The facts in which census tables differ."""

    code: str
    dataset: str
    subject: str
    gives: str
    cells: Cells
    values: str


CODE_COLUMNS = ("*Output Areas Code", "*authorities Code", "*Regions Code", "*Countries Code")
"""Columns of codes of the ONS's own download, by level."""


def census_year(part: Part) -> str:
    """Return the census of a file, by its name, its columns or its column of years."""
    match = re.search(r"(?:census|-)(20\d1)(?!\d)", part.name.lower())
    if match:
        return f"Census {match[1]}"
    cells = [cell for row in part.rows[:3] for cell in row]
    years = [cell for cell in cells if re.fullmatch(r"20\d1", cell)]
    dimension = [dated[1] for cell in cells if (dated := re.match(r"c(20\d1)_", cell.lower()))]
    year = next(iter([*dimension, *years]), "")
    return f"Census {year}" if year else ""


def _source(census: Census, layer: str, parse: Callable[[Path], pd.DataFrame]) -> OfficialSource:
    low = census.code.lower()
    return OfficialSource(
        key=low,
        layer=layer,
        title=f"Census 2021, {census.code}: {census.subject}, by LSOA",
        publisher=f"{ONS}, through Nomis",
        address=f"{services.ROOT}/{census.dataset}.data.csv",
        confirmed="public code, 2025 and 2026",
        licence=OGL,
        attribution=ONS_RIGHTS,
        vintage="Census 2021, 21 March 2021",
        gives=census.gives,
        looks="csv",
        names=(f"census2021-{low}*", f"{census.code}-*"),
        parse=parse,
        headers=(
            ("GEOGRAPHY_CODE", f"{census.cells.dimension.upper()}_NAME", "OBS_VALUE"),
            ("geography code", f"{census.cells.label}: *"),
            ("* Code", census.cells.heading, OBSERVATION),
        ),
        codes=("GEOGRAPHY_CODE", "geography code", *CODE_COLUMNS),
        edition=census_year,
        fetch=partial(fetch, cells=census.cells, values=census.values),
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
