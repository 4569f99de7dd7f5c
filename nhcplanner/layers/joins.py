"""Joins: further tables brought to the areas by area or council code, and counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers import hle, vintage
from nhcplanner.layers.columns import in_their_words
from nhcplanner.layers.coordinates import plain
from nhcplanner.layers.further import CODES, Further
from nhcplanner.layers.tables import Table
from nhcplanner.layers.words import counted, some


@dataclass(eq=False)
class Joined:
    """Areas with all that the tables know of them.

    Parameters
    ----------
    frame
        Index area code: the place's areas first, in their order, then areas outside the place
        that the tables know of.
    councils
        Index council code: the HLE figures of `hle.MEASURES`.
    matches
        For each file what matched, in words.
    given_by
        For each column the file that gave it and its name there.
    notes
        What a reader must know, in words.
    """

    frame: pd.DataFrame
    councils: pd.DataFrame
    matches: dict[str, str] = field(default_factory=dict)
    given_by: dict[str, tuple[str, str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def join(areas: Table, further: Iterable[Further], year: str) -> Joined:
    """Bring tables to areas: first those by area code, then those by council code.

    What areas already have is kept; a table fills only what they lack.

    Parameters
    ----------
    areas
        With the schema's names, `area_code` unique.
    further
        The tables.
    year
        Vintage of the areas' codes.

    Raises
    ------
    InputError
        Where a table matches nothing, is of another vintage, or has a code twice.
    """
    frame = plain(areas.frame).set_index("area_code")
    joined = Joined(frame, pd.DataFrame(columns=list(hle.MEASURES), dtype="float64"))
    inside = frame.index
    faults: list[Fault] = []
    waiting = []
    for each in further:
        codes = each.table.frame.get("area_code", pd.Series(dtype="str"))
        other = vintage.table_faults(codes, year, each.table.file, each.table.first_row)
        faults += in_their_words(other, each.names)
        if other:
            continue
        if codes.isin(inside).any():
            faults += _join_areas(joined, inside, each, areas.file)
        else:
            waiting.append(each)
    for each in waiting:
        faults += _join_councils(joined, inside, each)
    if faults:
        raise InputError(faults)
    return joined


def _join_areas(joined: Joined, inside: pd.Index, each: Further, file: str) -> list[Fault]:
    repeated = _repeated(each, "area_code")
    if repeated:
        return repeated
    table = each.table.frame.dropna(subset="area_code").set_index("area_code")
    frame = joined.frame
    frame = frame.reindex(frame.index.append(table.index.difference(frame.index, sort=False)))
    for column in table.columns:
        if column in joined.frame and joined.frame.loc[inside, column].notna().all():
            other = joined.given_by.get(column, (file, ""))[0]
            joined.notes.append(f"{column} is that of {other}; {each.table.file}'s is left")
        joined.given_by.setdefault(column, (each.table.file, each.names.get(column, column)))
        known = frame[column] if column in frame else pd.Series(np.nan, index=frame.index)
        filled = table[column].reindex(frame.index)
        frame[column] = known.where(known.notna(), filled) if known.notna().any() else filled
    joined.frame = frame
    missing = inside.difference(table.index)
    others = counted(len(table.index.difference(inside)), "code")
    joined.matches[each.table.file] = (
        f"by area code: {len(inside) - len(missing):,} of {len(inside):,} areas; "
        f"{others} of the table of other areas"
    )
    if len(missing):
        joined.notes.append(f"{each.table.file} has no row for areas {some(missing)}")
    return []


def _join_councils(joined: Joined, inside: pd.Index, each: Further) -> list[Fault]:
    file = each.table.file
    frame = each.table.frame
    here = joined.frame.loc[inside].get("council_code", pd.Series(dtype="str")).dropna()
    key = next((name for name in CODES if name in frame and frame[name].isin(here).any()), None)
    if key is None:
        words = "none of its codes is an area or a council of the place"
        mend = "Check the codes; a table by council needs the areas' council_code"
        return [Fault(words, file, None, _key_name(each), mend)]
    repeated = _repeated(each, key)
    if repeated:
        return repeated
    table = frame.dropna(subset=key).set_index(key)
    figures = [name for name in hle.MEASURES if name in table]
    joined.councils = joined.councils.combine_first(table[figures].astype("float64"))
    codes = joined.frame["council_code"]
    for column in table.columns.difference([*figures, *CODES]):
        filled = codes.map(table[column])
        known = joined.frame.get(column, pd.Series(np.nan, index=codes.index))
        joined.frame[column] = known.where(known.notna(), filled) if known.any() else filled
        joined.given_by.setdefault(column, (file, each.names.get(column, column)))
    councils = pd.Index(here.unique())
    missing = councils.difference(table.index)
    joined.matches[file] = (
        f"by council code: {len(councils) - len(missing):,} of {len(councils):,} councils, "
        f"{int(here.isin(table.index).sum()):,} of {len(inside):,} areas"
    )
    if len(missing):
        joined.matches[file] += f"; no row for {some(missing)}"
    return []


def _repeated(each: Further, key: str) -> list[Fault]:
    codes = each.table.frame[key]
    again = np.flatnonzero(codes.notna() & codes.duplicated())
    if not len(again):
        return []
    row = int(again[0])
    words = (
        f"{codes.iloc[row]} stands in an earlier row too; {counted(len(again), 'row')} like this"
    )
    mend = "Give one row a code"
    return [Fault(words, each.table.file, row + each.table.first_row, each.names[key], mend)]


def _key_name(each: Further) -> str:
    return next(each.names[name] for name in CODES if name in each.names)
