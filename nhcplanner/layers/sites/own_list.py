"""Estates: a user's own list of buildings, in any form it may come, as sound sites."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain import schema
from nhcplanner.domain.columns import LAYERS
from nhcplanner.layers.geocoding.locate import COORDINATES, is_whereabouts, whereabouts
from nhcplanner.layers.geocoding.postcodes import normal
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.columns import COMMON, in_their_words, match_columns, rename_columns
from nhcplanner.layers.readers.sheets import is_sheet, read_sheet
from nhcplanner.layers.readers.tables import Table, read_table
from nhcplanner.layers.sites import clean
from nhcplanner.layers.sites.clean import apart_note, tidy_sites

ENDING = re.compile(r"(\.[a-z0-9]{1,10}){1,2}$", re.IGNORECASE | re.ASCII)
ALIKE = 0.8
"""Names as alike as this are taken for the same name misspelt."""

DATED = {"cost": "cost_date", "running_cost": "cost_date", "capacity": "size_date",
         "floor_area_m2": "size_date"}  # fmt: skip
"""Figures, and the date that each needs."""


@dataclass(frozen=True, eq=False)
class Estates:
    """A list of buildings, read and checked.

    Parameters
    ----------
    sites
        As the schema has them, in EPSG:27700, in the list's order; what the list leaves blank is
        blank.
    notes
        What was done in reading, and what the list lacks, in words.
    """

    sites: gpd.GeoDataFrame
    notes: tuple[str, ...]


def read_estates(source: Path | bytes, name: str = "") -> Estates:
    """Read a list of buildings: XLSX, CSV, or a layer with shapes.

    Parameters
    ----------
    source
        The file, or its content as uploaded.
    name
        The file's name, for its format and for the messages; needed with content.

    Returns
    -------
    Estates
        Its sites and notes.

    Raises
    ------
    InputError
        With every fault of the list at once, by row as a spreadsheet shows it.
    """
    if isinstance(source, bytes):
        shown = PurePath(name.replace("\\", "/")).name or "list"
        with TemporaryDirectory() as folder:
            ending = ENDING.search(shown)
            path = Path(folder) / f"list{ending[0] if ending else ''}"
            path.write_bytes(source)
            return _named(path, shown)
    return _named(Path(source), name or Path(source).name)


def _named(path: Path, shown: str) -> Estates:
    try:
        table, _ = read_sites(path, {}, "")
    except InputError as error:
        raise InputError(
            replace(f, file=shown if f.file == path.name else f.file) for f in error.faults
        ) from None
    sites = schema.typed(gpd.GeoDataFrame(table.frame), "sites")
    return Estates(sites, (*table.notes, *apart_note(sites)))


def read_sites(path: Path, said: Mapping[str, str], map_file: str) -> tuple[Table, dict[str, str]]:
    """Read sites from any file, and check them against the schema.

    Parameters
    ----------
    path
        XLSX, CSV, or a GIS format.
    said
        What the column map says of the sites.
    map_file
        The column map's name, for the messages.

    Returns
    -------
    tuple
        The sites with the schema's names; and which of the user's columns each was.

    Raises
    ------
    InputError
        With every fault at once.
    """
    table = _table(Path(path), said)
    table, faults = whereabouts(table, said)
    try:
        names = match_columns(table.frame, "sites", said, table.file, map_file)
    except InputError as error:
        raise InputError([*error.faults, *table.numbered(faults)]) from None
    if is_sheet(Path(path)):
        near, unused = _unused(table, names, said)
        faults += near
        table = table.with_frame(table.frame, *unused)
    known, found = _figures(table, names, "m2" if "floor_area_m2" in said else "")
    faults += found
    table = tidy_sites(known)
    faults += in_their_words(_further(table, faults), names)
    if faults:
        raise InputError(sorted(table.numbered(faults), key=lambda f: f.row or 0))
    return table.with_frame(table.frame, *_undated(table.frame)), names


def _further(table: Table, told: list[Fault]) -> list[Fault]:
    """Faults against the schema in cells, and of places, that are not told yet."""
    cells_told = {(fault.row, fault.column) for fault in told}
    places = {fault.row for fault in told if is_whereabouts(fault.column)}
    found = schema.faults(table.frame, "sites", table.file, table.first_row)
    return [
        f
        for f in found
        if (f.row, f.column) not in cells_told
        and not (f.column == "geometry" and (None in places or f.row in places))
    ]


def _table(path: Path, said: Mapping[str, str]) -> Table:
    if not is_sheet(path):
        return read_table(path, said.get("layer", ""))
    if not path.is_file():
        raise InputError([Fault("no such file", str(path), hint="Check the path")])
    if path.stat().st_size == 0:
        raise InputError([Fault("is empty", path.name)])
    patterns = [pattern for each in COMMON["sites"].values() for pattern in each]

    def knows(name: str) -> bool:
        plain = simple_name(name)
        return (
            name in said.values()
            or is_whereabouts(name)
            or any(re.fullmatch(pattern, plain) for pattern in patterns)
        )

    table = read_sheet(path, knows, said.get("layer", ""))
    if table.frame.empty:
        hint = "Give each building a row below the names"
        raise InputError([Fault("has no rows", table.file, hint=hint)])
    return table


def _unused(
    table: Table, names: Mapping[str, str], said: Mapping[str, str]
) -> tuple[list[Fault], list[str]]:
    """Columns that are not used: a fault where the name looks misspelt, else a note."""
    used = {*names.values(), *said.values(), "geometry"}
    left = [c for c in table.frame.columns if c not in used and not is_whereabouts(c)]
    labels = {simple_name(c.label): c.label for c in LAYERS["sites"] if c.name not in names}
    labels |= {c.name: c.label for c in LAYERS["sites"] if c.name not in names}
    labels |= {name: name.replace("_", " ").capitalize() for name in COORDINATES}
    faults, plain = [], []
    for column in left:
        near = get_close_matches(simple_name(column), labels, 1, ALIKE)
        if near:
            words = f"'{column}' is no column that is known: did you mean '{labels[near[0]]}'?"
            hint = "Name it so; or, if it is another thing, give it a name less alike"
            faults.append(Fault(words, table.file, None, column, hint))
        else:
            plain.append(column)
    return faults, [f"columns not used: {shortened(plain)}"] if plain else []


def _figures(table: Table, names: Mapping[str, str], size_unit: str) -> tuple[Table, list[Fault]]:
    """The table with the schema's names, each cell as its column wants it.

    `size_unit` is the unit of floor areas where their header tells none.
    """
    frame = rename_columns(table.frame, "sites", names)
    faults: list[Fault] = []
    notes: list[str] = []
    meant = {column.name: column for column in LAYERS["sites"]}
    for ours, read in _readers(names, size_unit).items():
        values, found, blank = cells.read_cells(table, names[ours], read, meant[ours].hint)
        faults += found
        if blank:
            notes.append(f"{plural(blank, 'cell')} of '{names[ours]}' say TBC or the like: blank")
        number = meant[ours].kind == "number"
        frame[ours] = (
            values.astype("float64") if number else values.astype("str").where(values.notna())
        )
    if "postcode" in frame:
        frame["postcode"] = frame["postcode"].map(lambda text: normal(text) or text)
    return table.with_frame(frame, *notes, *_units(names)), faults


def _readers(names: Mapping[str, str], size_unit: str) -> dict[str, cells.Read]:
    readers: dict[str, cells.Read] = {**clean.WORDS, "capacity": cells.people}
    readers |= dict.fromkeys(("cost_date", "size_date"), cells.iso_date)
    readers |= {ours: cells.pounds(names.get(ours, "")) for ours in ("cost", "running_cost")}
    readers["floor_area_m2"] = cells.square_metres(f"{names.get('floor_area_m2', '')} {size_unit}")
    return {ours: read for ours, read in readers.items() if ours in names}


def _units(names: Mapping[str, str]) -> Iterable[str]:
    """Say where a header's unit is not the one that figures are kept in."""
    for ours in ("cost", "running_cost"):
        if ours in names and cells.pounds(names[ours])("1") != 1:
            yield f"'{names[ours]}' turned into pounds"
    if "floor_area_m2" in names and cells.FEET2.search(names["floor_area_m2"].lower()):
        yield f"'{names['floor_area_m2']}' turned from square feet into m2"


def _undated(frame: pd.DataFrame) -> Iterable[str]:
    """Count figures without the date that they need."""
    labels = {column.name: column.label for column in LAYERS["sites"]}
    for figure, dated in DATED.items():
        if figure not in frame:
            continue
        filled = frame[figure].notna()
        bare = int((filled & frame[dated].isna()).sum() if dated in frame else filled.sum())
        if bare:
            words = f"{plural(bare, 'figure')} of '{labels[figure]}' without a date"
            yield f"{words}: give '{labels[dated]}'"
