"""Attribute tables: figures by area or council code, read, joined to the areas and counted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural
from nhcplanner.domain import column_checks, columns
from nhcplanner.layers.codes import vintages
from nhcplanner.layers.codes.vintages import Lookup, recode
from nhcplanner.layers.geocoding.coordinates import plain
from nhcplanner.layers.health import long_form, modelled
from nhcplanner.layers.population.disagreements import (
    filling_note,
    left_hle_notes,
    left_note,
    report_hle,
)
from nhcplanner.layers.population.figures import read_figures
from nhcplanner.layers.readers.column_map import ColumnMap, read_corrected
from nhcplanner.layers.readers.columns import in_their_words, match_columns
from nhcplanner.layers.readers.tables import Reading, Table

CODES = ("area_code", "council_code")


@dataclass(frozen=True, eq=False)
class AttributeTable:
    """A further table, with the schema's names.

    Parameters
    ----------
    table
        As read; its frame has the schema's names.
    names
        Schema column -> the user's column.
    rows
        How many rows the file has.
    beside
        Other tables that it was made with.
    """

    table: Table
    names: Mapping[str, str]
    rows: int
    beside: tuple[Table, ...] = ()


def read_attribute_table(path: Path, column_map: ColumnMap) -> AttributeTable:
    """Read a further table and give it the schema's names.

    Raises
    ------
    InputError
        With every fault of the file.
    """
    stated = column_map.tables.get(Path(path).name, {})
    names = frozenset(map(str, stated.values()))
    reading = Reading(stated.get("layer", ""), names, "", column_map.answers, defers=True)
    table = read_corrected(path, reading, column_map.corrections.get(Path(path).name))
    table = table.with_frame(plain(table.frame))
    if table.frame.empty:
        raise InputError([*table.questions, Fault("has no rows", table.file)])
    with table.asking(), table.numbering():
        return _read_attributes(table, stated, column_map)


def _read_attributes(
    table: Table, stated: Mapping[str, str], column_map: ColumnMap
) -> AttributeTable:
    key = stated.get("key")
    if long_form.is_long(table.frame):
        wide, names = long_form.to_wide(table, key or "", column_map.hle.get("period", ""))
        return AttributeTable(report_hle(wide, wide.frame), names, len(table.frame))
    stated = {name: column for name, column in stated.items() if name != "key"}
    names = match_columns(
        table.frame, "areas", stated, table.file, column_map.file, column_map.ignored(table.file)
    )
    if key is not None:
        names = {ours: theirs for ours, theirs in names.items() if ours not in CODES}
        names = {"area_code": _there(key, table), **names}
    if not set(names) & set(CODES):
        hint = f'Say which it is in the column map: [tables."{table.file}"] key = "..."'
        raise InputError([Fault("has no column of area or council codes", table.file, hint=hint)])
    table, frame = read_figures(table, names, column_map)
    faults = column_checks.faults(
        frame, "areas", table.file, table.first_row, lacking={c.name for c in columns.AREAS},
    )  # fmt: skip
    if faults:
        raise InputError(in_their_words(faults, names))
    if not set(names) - set(CODES):
        words = "none of its columns is used: no heading is known but the codes"
        table = table.with_event("doubt", words)
        table = table.with_frame(table.frame, words)
    return AttributeTable(report_hle(table, frame).with_frame(frame), names, len(frame))


def _there(column: str, table: Table) -> str:
    if column in table.frame:
        return column
    there = ", ".join(map(str, table.frame.columns))
    raise InputError([Fault("no such column", table.file, None, column, f"There are: {there}")])


@dataclass(frozen=True, eq=False)
class Matched:
    """What a table was joined by.

    Parameters
    ----------
    by
        "area" or "council": whose codes it has.
    codes
        Its codes, as the place writes them.
    notes
        What was done to them, in words.
    vintage
        The vintage that they came in, where it is not the place's.
    """

    by: Literal["area", "council"]
    codes: pd.Index
    notes: tuple[str, ...] = ()
    vintage: str = ""


@dataclass(eq=False)
class Joined:
    """Areas with all that the tables know of them.

    Parameters
    ----------
    frame
        Index area code: the place's areas first, in their order, then areas outside the place
        that the tables know of.
    councils
        Index council code: the HLE figures of `modelled.MEASURES`.
    matched
        For each file what it was joined by.
    given_by
        For each column the file that gave it and its name there.
    notes
        What a reader must know, in words.
    """

    frame: pd.DataFrame
    councils: pd.DataFrame
    matched: dict[str, Matched] = field(default_factory=dict)
    given_by: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def mark(self, each: AttributeTable, year: str) -> None:
        """Remember the vintage that a table's codes came in."""
        if each.table.file in self.matched:
            self.matched[each.table.file] = replace(self.matched[each.table.file], vintage=year)


def join(
    areas: Table, further: Iterable[AttributeTable], year: str, lookups: Iterable[Lookup] = ()
) -> Joined:
    """Bring tables to areas: by area code, those of the other year, then by council code.

    What areas already have is kept; a table fills only what they lack. All columns of an area's
    HLE come from one file.

    Parameters
    ----------
    areas
        With the schema's names, `area_code` unique.
    further
        The tables.
    year
        Vintage of the areas' codes.
    lookups
        By which tables of the other year are brought to the areas' codes.

    Raises
    ------
    InputError
        Where a table matches nothing, is of another vintage that no lookup is for, or has a code
        twice.
    """
    frame = plain(areas.frame).set_index("area_code")
    joined = Joined(frame, pd.DataFrame(columns=list(modelled.ABOUT)))
    inside = frame.index
    faults: list[Fault] = []
    later, by_council = [], []
    for each in further:
        codes = each.table.frame.get("area_code", pd.Series(dtype="str"))
        other = vintages.table_faults(codes, year, each.table.file, each.table.first_row)
        if other:
            later.append((each, in_their_words(other, each.names)))
        elif codes.isin(inside).any():
            faults += _join_areas(joined, inside, each, areas.file)
            vintage = vintages.of_name(each.names["area_code"], year)
            joined.mark(each, vintage)
            if vintage:
                words = f"{each.table.file}: '{each.names['area_code']}' names codes of {vintage}"
                joined.notes.append(f"{words}; joined where they are codes of {year} too")
        else:
            by_council.append(each)
    for each, own_faults in later:
        lookup = _lookup(lookups, year)
        faults += (
            own_faults if lookup is None else _recoded(joined, inside, each, lookup, areas.file)
        )
        joined.mark(each, vintages.other_year(year))
    for each in by_council:
        faults += _join_councils(joined, inside, each)
    if faults:
        raise InputError(faults)
    for column in ("council_code", "icb_code"):
        if column in joined.frame:
            joined.frame[column], notes = vintages.one_year(joined.frame[column])
            joined.notes += notes
    return joined


def _lookup(lookups: Iterable[Lookup], year: str) -> tuple[Lookup, pd.DataFrame] | None:
    for lookup in lookups:
        links = lookup.links(vintages.other_year(year), year)
        if links is not None:
            return lookup, links
    return None


def _recoded(
    joined: Joined,
    inside: pd.Index,
    each: AttributeTable,
    lookup: tuple[Lookup, pd.DataFrame],
    file: str,
) -> list[Fault]:
    """Join a table of another year's codes once they are brought to the areas'."""
    repeated = _repeated(each, "area_code")
    if repeated:
        return repeated
    frame, notes = recode(each.table.frame, lookup[1], joined.frame.get("people"))
    notes = (f"by {lookup[0].file}: {notes[0]}", *notes[1:])
    brought = replace(each, table=each.table.with_frame(frame))
    return _join_areas(joined, inside, brought, file, notes)


def _join_areas(
    joined: Joined, inside: pd.Index, each: AttributeTable, file: str, notes: tuple[str, ...] = ()
) -> list[Fault]:
    repeated = _repeated(each, "area_code")
    if repeated:
        return repeated
    table = each.table.frame.dropna(subset="area_code").set_index("area_code")
    frame = joined.frame
    frame = frame.reindex(frame.index.append(table.index.difference(frame.index, sort=False)))
    has_hle = frame[frame.columns.intersection(list(modelled.MEASURES))].notna().any(axis=1)
    for column in table.columns:
        if column in joined.frame and joined.frame.loc[inside, column].notna().all():
            other = joined.given_by.get(column, (file, ""))[0]
            known = joined.frame.loc[inside, column]
            joined.notes.append(left_note(known, table[column], other, each.table.file))
        elif column in joined.given_by and joined.frame.loc[inside, column].notna().any():
            giver, known = joined.given_by[column][0], joined.frame.loc[inside, column]
            joined.notes.append(filling_note(known, table[column], giver, each.table.file))
        else:
            joined.given_by.setdefault(column, (each.table.file, each.names.get(column, column)))
        known = frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
        filled = table[column].reindex(frame.index)
        if column in modelled.ABOUT:
            filled = filled.mask(has_hle)
        frame[column] = _completed(known, filled)
    joined.frame = frame
    joined.matched[each.table.file] = Matched("area", table.index, notes)
    return []


def _join_councils(joined: Joined, inside: pd.Index, each: AttributeTable) -> list[Fault]:
    file = each.table.file
    here = joined.frame.loc[inside].get("council_code", pd.Series(dtype="str")).dropna()
    match = _by_council(each, pd.Index(here.unique()))
    if match is None:
        words = "none of its codes is an area or a council of the place"
        hint = "Check the codes; a table by council needs the areas' council_code"
        return [Fault(words, file, None, _key_name(each), hint)]
    key, frame, notes = match
    repeated = _repeated(each, key)
    if repeated:
        return repeated
    table = frame.dropna(subset=key).set_index(key)
    figures = table[table.columns.intersection(list(modelled.ABOUT))]
    joined.notes += left_hle_notes(joined.councils, figures, file)
    _add_figures(joined, figures)
    codes = joined.frame["council_code"]
    for column in table.columns.difference([*modelled.ABOUT, *CODES]):
        filled = codes.map(table[column])
        known = joined.frame.get(column, pd.Series(np.nan, index=codes.index))
        joined.frame[column] = _completed(known, filled)
        joined.given_by.setdefault(column, (file, each.names.get(column, column)))
    joined.matched[file] = Matched("council", table.index, notes)
    return []


def _by_council(
    each: AttributeTable, here: pd.Index
) -> tuple[str, pd.DataFrame, tuple[str, ...]] | None:
    """The table's column of council codes, and its rows by the place's codes."""
    for key in CODES:
        if key in each.table.frame:
            frame, notes = vintages.align_councils(each.table.frame, key, here)
            if frame[key].isin(here).any():
                return key, frame, notes
    return None


def _add_figures(joined: Joined, table: pd.DataFrame) -> None:
    """Keep figures of councils that have none yet; an interval stays with its own figure."""
    had = joined.councils
    with_figures = had.index[had[list(modelled.MEASURES)].notna().any(axis=1)]
    figures = (*modelled.MEASURES, *modelled.INTERVAL)
    kinds = {**dict.fromkeys(figures, "float64"), "hle_basis": "object"}
    table = table.reindex(columns=list(modelled.ABOUT)).astype(kinds)
    table.loc[table.index.isin(with_figures), [*modelled.INTERVAL, "hle_basis"]] = np.nan
    joined.councils = had.combine_first(table) if len(had) else table


def _completed(known: pd.Series, filled: pd.Series) -> pd.Series:
    """Cells that are known, and the others' for the rest; of the others' type where none is."""
    return known.where(known.notna(), filled) if known.notna().any() else filled


def _repeated(each: AttributeTable, key: str) -> list[Fault]:
    codes = each.table.frame[key]
    again = np.flatnonzero(codes.notna() & codes.duplicated())
    if not len(again):
        return []
    row = int(again[0])
    words = f"{codes.iloc[row]} stands in an earlier row too; {plural(len(again), 'row')} like this"
    hint = "Give one row a code"
    return [Fault(words, each.table.file, each.table.row_number(row), each.names[key], hint)]


def _key_name(each: AttributeTable) -> str:
    return next(each.names[name] for name in CODES if name in each.names)
