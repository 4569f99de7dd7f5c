"""Vintages of area codes: the year of each code, and conversion between years.

It also knows the codes of councils and ICBs that changed, so that figures by either code match.

Each old code is linked to the new ones that it became. Where it became several, its counts are
shared out by their people; where several became one, their counts are summed and their rates
weighted by people. What was never split or merged is carried over as it is.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.columns import AREAS
from nhcplanner.domain.columns import OWN as OWN_COLUMNS
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import read_columns, record_columns
from nhcplanner.layers.readers.tables import Table

LSOA21, LSOA11, OWN = "LSOA 2021", "LSOA 2011", "own codes"
MSOA21, MSOA11 = "MSOA 2021", "MSOA 2011"
LAST_2011 = {"E01": "E01033768", "W01": "W01001958", "E02": "E02006934", "W02": "W02000423"}
"""The last LSOA and MSOA codes of 2011; those made for 2021 are greater."""

KINDS = {"E01": "LSOA", "W01": "LSOA", "E02": "MSOA", "W02": "MSOA"}
LOOKUP = "give the ONS 2011 to 2021 lookup with --lookup"


@cache
def retired() -> frozenset[str]:
    """Return LSOA and MSOA codes of 2011 that no longer exist in 2021 (England and Wales)."""
    packed = files("nhcplanner.layers.codes").joinpath("codes11_retired.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def of_codes(codes: pd.Series) -> str:
    """Return the vintage of codes: 2021 unless none is the code of an LSOA or MSOA."""
    kinds = codes.astype("str").str[:3].map(KINDS).dropna()
    return f"{kinds.iloc[0]} 2021" if len(kinds) else OWN


def other_year(vintage: str) -> str:
    """Return the vintage with the same kind of area of the other year: LSOA 2011 for LSOA 2021.

    Examples
    --------
    >>> other_year("LSOA 2021"), other_year("MSOA 2011")
    ('LSOA 2011', 'MSOA 2021')
    """
    kind, _, year = vintage.partition(" ")
    return f"{kind} {'2011' if year == '2021' else '2021'}"


def of_name(column: str, vintage: str) -> str:
    """Return the vintage in a column's name if it differs from the place's; else "".

    Examples
    --------
    >>> of_name("lsoa11_code", "LSOA 2021"), of_name("LSOA21CD", "LSOA 2021")
    ('LSOA 2011', '')
    """
    match = re.search(r"[lm]soa\D{0,10}(?:20)?(11|21)(?!\d)", column.lower())
    return other_year(vintage) if match and not vintage.endswith(match[1]) else ""


def foreign(codes: pd.Series, vintage: str) -> np.ndarray:
    """Flag the rows whose code exists only in the other vintage (shape codes)."""
    if vintage in (LSOA21, MSOA21):
        return codes.isin(retired()).to_numpy()
    if vintage in (LSOA11, MSOA11):
        last = codes.astype("str").str[:3].map(LAST_2011)
        return (last.notna() & (codes > last)).to_numpy(dtype=bool)
    return np.zeros(len(codes), dtype=bool)


def area_faults(codes: pd.Series, vintage: str, file: str, first_row: int) -> list[Fault]:
    """Return one fault for each area whose code is of another vintage than the place."""
    place, year = vintage[-4:], other_year(vintage)[-4:]
    words = f"is a {year} code among areas of {place}"
    hint = f"Give areas of {place}; for tables by {year} code {LOOKUP}"
    return [
        Fault(f"{codes.iloc[row]} {words}", file, int(row) + first_row, "area_code", hint)
        for row in np.flatnonzero(foreign(codes, vintage))
    ]


def table_faults(codes: pd.Series, vintage: str, file: str, first_row: int) -> list[Fault]:
    """Return a fault if a table's codes are of another vintage than the place; else none."""
    rows = np.flatnonzero(foreign(codes, vintage))
    if not len(rows):
        return []
    place, year = vintage[-4:], other_year(vintage)[-4:]
    words = (
        f"is on {year} codes, the areas on {place}: {len(rows):,} of its {len(codes):,} codes "
        f"exist only in {year}, e.g. {codes.iloc[rows[0]]} is a {year} code"
    )
    hint = f"Bring it to {place} codes: {LOOKUP}"
    return [Fault(words, file, int(rows[0]) + first_row, "area_code", hint)]


@dataclass(frozen=True)
class CouncilChange:
    """Old codes of councils that were replaced by new ones.

    Parameters
    ----------
    year
        Year of the change.
    old, new
        Codes; if both have one code, figures by either hold for the other.
    """

    year: int
    old: tuple[str, ...]
    new: tuple[str, ...]


CHANGES = (
    CouncilChange(2013, ("E06000048",), ("E06000057",)),  # Northumberland
    CouncilChange(2013, ("E08000020",), ("E08000037",)),  # Gateshead
    CouncilChange(
        2019, ("E06000028", "E06000029"), ("E06000058",)
    ),  # Bournemouth, Christchurch, Poole
    CouncilChange(2019, ("E10000009",), ("E06000059",)),  # Dorset; Christchurch went to the former
    CouncilChange(2020, ("E10000002",), ("E06000060",)),  # Buckinghamshire
    CouncilChange(2021, ("E10000021",), ("E06000061", "E06000062")),  # Northamptonshire
    CouncilChange(2023, ("E10000006",), ("E06000063", "E06000064")),  # Cumbria
    CouncilChange(2023, ("E10000023",), ("E06000065",)),  # North Yorkshire
    CouncilChange(2023, ("E10000027",), ("E06000066",)),  # Somerset
    CouncilChange(2023, ("E54000052",), ("E54000063",)),  # Surrey Heartlands ICB
    CouncilChange(2023, ("E54000053",), ("E54000064",)),  # Sussex ICB
    CouncilChange(2025, ("E08000016",), ("E08000038",)),  # Barnsley
    CouncilChange(2025, ("E08000019",), ("E08000039",)),  # Sheffield
)
"""Upper-tier councils and ICBs of England whose code changed (ONS Register of Geographic Codes)."""

ICBS_2026 = {
    "E54000065": "NHS Central East Integrated Care Board",
    "E54000066": "NHS Essex Integrated Care Board",
    "E54000067": "NHS Hampshire and Isle of Wight Integrated Care Board",
    "E54000068": "NHS Norfolk and Suffolk Integrated Care Board",
    "E54000069": "NHS Surrey and Sussex Integrated Care Board",
    "E54000070": "NHS Thames Valley Integrated Care Board",
    "E54000071": "NHS West and North London Integrated Care Board",
}
"""ICBs of England whose code is new on 1 April 2026: six made of twelve, and one that grew."""
UNCONFIRMED = frozenset({"E54000069", "E54000070"})
"""Codes of these that one public source states. A second source states E54000067 and E54000071:
answers of the service postcodes.io of 2026, for the Isle of Wight and for Islington."""


def icb_code_words(code: str) -> str:
    """Return an ICB's code of 2026, and whether a second source confirms it.

    Examples
    --------
    >>> icb_code_words("E54000071"), icb_code_words("E54000070")
    ('E54000071', 'E54000070, not confirmed by a second public source')
    """
    return f"{code}, not confirmed by a second public source" if code in UNCONFIRMED else code


def align_councils(
    table: pd.DataFrame, key: str, here: pd.Index
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Give a table by council the codes that the place uses for the same councils.

    Parameters
    ----------
    table
        A row a council.
    key
        Its column of codes.
    here
        The place's codes.

    Returns
    -------
    DataFrame, tuple of str
        The table, with a row for each council of the place that it has under another code; and
        notes on what was and was not converted. One code for one is converted; the figure of a
        council that was split holds for each part; figures of merged councils are not converted.
    """
    rows, notes = [table], []
    known = set(table[key].dropna())
    for change in CHANGES:
        for one, other in ((change.old, change.new), (change.new, change.old)):
            unmatched = [code for code in other if code in here and code not in known]
            there = [code for code in one if code in known]
            if not unmatched or not there:
                continue
            words = f"{shortened(change.old)} became {shortened(change.new)} in {change.year}"
            if len(one) > 1:
                notes.append(
                    f"{words}: figures by {shortened(there)} cannot be carried over exactly"
                )
                continue
            row = table[table[key] == one[0]]
            rows += [row.assign(**{key: code}) for code in unmatched]
            split = len(other) > 1
            notes.append(
                f"{words}: the {'figure of the whole' if split else 'row'} by {one[0]} is taken "
                f"for {shortened(unmatched)}"
                + (", which are parts of it: no figures of their own")
                * split
            )
    return pd.concat(rows, ignore_index=True), tuple(notes)


def with_other_years(codes: pd.Series) -> frozenset[str]:
    """Return codes, and the codes of the same councils in other years.

    Examples
    --------
    >>> sorted(with_other_years(pd.Series(["E08000038"])))
    ['E08000016', 'E08000038']
    """
    there = set(codes.dropna())
    same = [{*c.old, *c.new} for c in CHANGES if len(c.old) == len(c.new) == 1]
    return frozenset(there.union(*(both for both in same if both & there)))


def one_year(codes: pd.Series) -> tuple[pd.Series, tuple[str, ...]]:
    """Replace older codes by newer ones where a column holds both, and note it."""
    there = set(codes.dropna())
    both = {
        change.old[0]: change.new[0]
        for change in CHANGES
        if len(change.old) == len(change.new) == 1 and {*change.old, *change.new} <= there
    }
    notes = [f"{codes.name} {old} is {new} since: the newer is taken" for old, new in both.items()]
    return codes.replace(both), tuple(notes)


ROUNDED = ("imd_rank", "imd_decile")
TEXTS = frozenset(column.name for column in AREAS if column.kind == "text")
COUNTS = frozenset(column.name for column in AREAS if column.unit == "people")


@dataclass(frozen=True, eq=False)
class Lookup:
    """Codes of one year and their codes in another year.

    Parameters
    ----------
    table
        As read.
    pairs
        A row a link; a column a vintage, e.g. "LSOA 2011" and "LSOA 2021".
    """

    table: Table
    pairs: pd.DataFrame

    @property
    def file(self) -> str:
        """The file's name."""
        return self.table.file

    def links(self, old: str, new: str) -> pd.DataFrame | None:
        """Columns `old` and `new`, one row a link; None if the file is of other vintages."""
        if not {old, new} <= set(self.pairs.columns):
            return None
        links = self.pairs[[old, new]].set_axis(["old", "new"], axis=1)
        return links.dropna().drop_duplicates(ignore_index=True)


LOOKUP_COLUMNS: dict[str, tuple[str, ...]] = {
    f"{kind}_20{year}": (rf"{kind}_?(20)?{year}_?(cd|code)|{kind}_?code_?20{year}",)
    for kind in ("lsoa", "msoa")
    for year in ("11", "21")
}
"""Columns of a lookup of codes, with their common names."""


def read_lookup(path: Path, column_map: ColumnMap | None = None) -> Lookup:
    """Read a lookup of codes as the ONS publishes it (LSOA11_LSOA21_LAD22_EW_LU and alike).

    Parameters
    ----------
    path
        The lookup.
    column_map
        The user's statements about it: `lsoa_2011`, `lsoa_2021`, `msoa_2011` and `msoa_2021` in
        `[tables."FILE"]`, and answers.

    Raises
    ------
    InputError
        If it has no columns of LSOA or MSOA codes of both 2011 and 2021.
    """
    table, names = read_columns(
        path, LOOKUP_COLUMNS, column_map or ColumnMap(), optional=tuple(LOOKUP_COLUMNS)
    )
    by_vintage = {
        ours.upper().replace("_", " "): _codes(table.frame[theirs])
        for ours, theirs in names.items()
    }
    pairs = pd.DataFrame(by_vintage)
    whole = any({f"{kind} 2011", f"{kind} 2021"} <= set(by_vintage) for kind in ("LSOA", "MSOA"))
    if not whole or pairs.empty:
        words = "has no columns of codes of both 2011 and 2021"
        hint = "Give the ONS lookup with columns LSOA11CD and LSOA21CD (or MSOA11CD, MSOA21CD)"
        raise InputError([Fault(words, table.file, hint=hint)])
    table = record_columns(table, names, pairs.set_axis(list(names), axis="columns"), {})
    return Lookup(table, pairs)


def _codes(cells: pd.Series) -> pd.Series:
    """Return codes in capitals; missing if blank."""
    return cells.astype("str").str.strip().str.upper().where(cells.notna())


def recode(
    frame: pd.DataFrame, links: pd.DataFrame, people: pd.Series | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Convert a table to the codes of another year.

    Parameters
    ----------
    frame
        With `area_code`, each once, and columns of the schema.
    links
        Columns `old` and `new`, a row a link.
    people
        People by new code, by which counts are shared out; unknown ones count as the mean of the
        others, and all count equally if none are known.

    Returns
    -------
    DataFrame, tuple of str
        A row for each new code, and notes on what was done.
    """
    linked = links.merge(frame, left_on="old", right_on="area_code").drop(columns="area_code")
    weight = pd.Series(1.0, index=linked.index)
    if people is not None and (people > 0).any():
        weight = linked["new"].map(people).fillna(people.mean())
    alike = linked.groupby("old")["new"].transform("size")
    whole = weight.groupby(linked["old"]).transform("sum")
    part = (weight / whole).where(whole > 0, 1 / alike)
    old_people = linked.get("people", pd.Series(1.0, index=linked.index)).astype("float64")
    amount = (old_people.fillna(0.0) * part).where(lambda x: x > 0, 1e-9)
    columns = frame.columns.drop("area_code")
    recoded = {name: _brought(linked[name], linked["new"], part, amount) for name in columns}
    table = pd.DataFrame(recoded).rename_axis("area_code").reset_index()
    return table, _words(frame, links, linked, people is not None and "people" in frame)


def _brought(cells: pd.Series, new: pd.Series, part: pd.Series, amount: pd.Series) -> pd.Series:
    """Return one column by new code; missing where no old code has a value."""
    if cells.name in TEXTS or not pd.api.types.is_numeric_dtype(cells):
        largest = amount.where(cells.notna(), -1.0).groupby(new).idxmax()
        return cells.loc[largest].set_axis(largest.index)
    if _counts(cells):
        return (cells * part).groupby(new).sum(min_count=1).round()
    weight = amount.where(cells.notna())
    mean = (cells * weight).groupby(new).sum(min_count=1) / weight.groupby(new).sum(min_count=1)
    return mean.round() if cells.name in ROUNDED else mean


def _counts(cells: pd.Series) -> bool:
    """Whether a column counts people; a user's own column does if all its cells are whole."""
    own = str(cells.name).startswith(OWN_COLUMNS)
    return cells.name in COUNTS or (own and bool((cells.dropna() % 1 == 0).all()))


def _words(
    frame: pd.DataFrame, links: pd.DataFrame, linked: pd.DataFrame, has_people: bool
) -> tuple[str, ...]:
    into = linked.groupby("old")["new"].nunique()
    out_of = linked.groupby("new")["old"].nunique()
    split, merged = into[into > 1].index, out_of[out_of > 1].index
    words = [
        f"{plural(len(frame), 'code')} brought to {plural(linked['new'].nunique(), 'other code')}"
    ]
    if len(split) or len(merged):
        words.append(
            f"{plural(len(split), 'area')} split (counts shared out by people, rates taken as "
            f"they are), {plural(len(merged), 'area')} merged (counts summed, rates weighted "
            f"{'by people' if has_people else 'equally, as people by the old codes are unknown'}): "
            "no official figures of these"
        )
    unknown = frame.loc[~frame["area_code"].isin(links["old"]), "area_code"].dropna()
    if len(unknown):
        words.append(f"left out, as the lookup has no such code: {shortened(np.sort(unknown))}")
    return tuple(words)
