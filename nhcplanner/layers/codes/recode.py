"""Recode: figures by the codes of one year brought to those of another.

Each old code is linked to the new ones that it became. Where it became several, its counts are
shared out by their people; where several became one, their counts are summed and their rates
weighted by people. What was never split or merged is carried over as it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from nhcplanner.domain.columns import AREAS, OWN
from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.words import counted, simple, some
from nhcplanner.layers.files.tables import Table, read_table

ROUNDED = ("imd_rank", "imd_decile")
TEXTS = frozenset(column.name for column in AREAS if column.kind == "text")
COUNTS = frozenset(column.name for column in AREAS if column.unit == "people")


@dataclass(frozen=True, eq=False)
class Lookup:
    """Which codes of one year became which of another.

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
        """Columns `old` and `new`, a row a link; None where the file is of other vintages."""
        if not {old, new} <= set(self.pairs.columns):
            return None
        links = self.pairs[[old, new]].set_axis(["old", "new"], axis=1)
        return links.dropna().drop_duplicates(ignore_index=True)


def read_lookup(path: Path) -> Lookup:
    """Read a lookup of codes as the ONS publishes it (LSOA11_LSOA21_LAD22_EW_LU and alike).

    Raises
    ------
    InputError
        Where it has no columns of LSOA or MSOA codes of both 2011 and 2021.
    """
    table = read_table(Path(path))
    found = {}
    for column in table.frame.columns:
        name = simple(column).replace("_", "")
        for kind in ("lsoa", "msoa"):
            for year in ("11", "21"):
                if name in (f"{kind}{year}cd", f"{kind}{year}code", f"{kind}code20{year}"):
                    found[f"{kind.upper()} 20{year}"] = table.frame[column].astype("str")
    pairs = pd.DataFrame(found)
    whole = any({f"{kind} 2011", f"{kind} 2021"} <= set(found) for kind in ("LSOA", "MSOA"))
    if not whole or pairs.empty:
        words = "has no columns of codes of both 2011 and 2021"
        mend = "Give the ONS lookup with columns LSOA11CD and LSOA21CD (or MSOA11CD, MSOA21CD)"
        raise InputError([Fault(words, table.file, mend=mend)])
    return Lookup(table, pairs)


def recoded(
    frame: pd.DataFrame, links: pd.DataFrame, people: pd.Series | None = None
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Bring a table to other codes.

    Parameters
    ----------
    frame
        With `area_code`, each once, and columns of the schema.
    links
        Columns `old` and `new`, a row a link.
    people
        People by new code, by which counts are shared out; those unknown count as the others'
        mean, and all alike where none is known.

    Returns
    -------
    DataFrame, tuple of str
        A row a new code, and what was done in words.
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
    made = {
        column: _brought(linked[column], linked["new"], part, amount)
        for column in frame.columns.drop("area_code")
    }
    table = pd.DataFrame(made).rename_axis("area_code").reset_index()
    return table, _words(frame, links, linked, people is not None and "people" in frame)


def _brought(cells: pd.Series, new: pd.Series, part: pd.Series, amount: pd.Series) -> pd.Series:
    """One column by new code; missing where no old code tells it."""
    if cells.name in TEXTS or not pd.api.types.is_numeric_dtype(cells):
        largest = amount.where(cells.notna(), -1.0).groupby(new).idxmax()
        return cells.loc[largest].set_axis(largest.index)
    if _counts(cells):
        return (cells * part).groupby(new).sum(min_count=1).round()
    told = amount.where(cells.notna())
    mean = (cells * told).groupby(new).sum(min_count=1) / told.groupby(new).sum(min_count=1)
    return mean.round() if cells.name in ROUNDED else mean


def _counts(cells: pd.Series) -> bool:
    """Whether a column counts people; a column of one's own does where all its cells are whole."""
    own = str(cells.name).startswith(OWN)
    return cells.name in COUNTS or (own and bool((cells.dropna() % 1 == 0).all()))


def _words(
    frame: pd.DataFrame, links: pd.DataFrame, linked: pd.DataFrame, weighed: bool
) -> tuple[str, ...]:
    into = linked.groupby("old")["new"].nunique()
    out_of = linked.groupby("new")["old"].nunique()
    split, merged = into[into > 1].index, out_of[out_of > 1].index
    words = [
        f"{counted(len(frame), 'code')} brought to {counted(linked['new'].nunique(), 'other code')}"
    ]
    if len(split) or len(merged):
        words.append(
            f"{counted(len(split), 'area')} split (counts shared out by people, rates taken as "
            f"they are), {counted(len(merged), 'area')} merged (counts summed, rates weighted "
            f"{'by people' if weighed else 'alike, for people by the old codes are not known'}): "
            "no official figures of these"
        )
    unknown = frame.loc[~frame["area_code"].isin(links["old"]), "area_code"].dropna()
    if len(unknown):
        words.append(f"left out, for the lookup has no such code: {some(np.sort(unknown))}")
    return tuple(words)
