"""An uploaded file before any decision: its rows, headings and first guesses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import InputError
from nhcplanner.base.text import simple_name
from nhcplanner.domain.place import Place
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.patients import REMOVE
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites.duplicates import find_duplicates, is_alike
from nhcplanner.layers.sites.own_list import read_upload
from nhcplanner.workflow.intake.columns import guess_columns
from nhcplanner.workflow.intake.reading import NOT_USED


@dataclass(frozen=True, eq=False)
class Upload:
    """An uploaded file, unchanged.

    Parameters
    ----------
    table
        Rows, with the columns of the list.
    sha256
        Hash of the file.
    options
        Answers that the file was read with, such as which sheet.
    role
        "sites", "areas" or "table".
    """

    table: Table
    sha256: str
    options: tuple[tuple[str, str], ...] = ()
    role: str = "sites"

    @property
    def columns(self) -> list[str]:
        """Headings of the columns."""
        return [str(name) for name in self.table.frame.columns if name != "geometry"]

    @cached_property
    def guesses_and_problems(self) -> tuple[dict[str, str], dict[str, str]]:
        """Guess for each heading, and the problems of headings that are not clear."""
        return guess_columns(self.table, self.role)

    @property
    def guesses(self) -> dict[str, str]:
        """Guess for each heading; headings that are not clear are left out."""
        guesses, unsure = self.guesses_and_problems
        return {name: guesses.get(name, NOT_USED) for name in self.columns if name not in unsure}

    def cells(
        self,
        rows: Iterable[int],
        columns: Iterable[str],
        corrections: Mapping[tuple[int, str], str],
    ) -> list[list[str]]:
        """Return the text of cells by row number and heading, with corrections."""
        at = {self.table.row_number(n): n for n in range(len(self.table.frame))}
        names = list(columns)
        table = []
        for row in rows:
            cells = self.table.frame.iloc[at[row]]
            table.append(
                [
                    corrections.get((row, n), "" if pd.isna(cells[n]) else str(cells[n]))
                    for n in names
                ]
            )
        return table


def receive(
    content: bytes, name: str, options: Mapping[str, str] | None = None, role: str = "sites"
) -> Upload:
    """Read an uploaded file without changes.

    Parameters
    ----------
    content, name
        The file and its name.
    options
        Answers about the file: "sheet", "hidden".
    role
        "sites", "areas" or "table".

    Raises
    ------
    InputError
        If it cannot be read, or looks like data about patients.
    """
    options = {key: answer for key, answer in (options or {}).items() if answer}
    is_list = role == "sites"
    table = read_upload(content, name, ColumnMap(assume=options), is_list=is_list)
    return Upload(table, sha256(content).hexdigest(), tuple(sorted(options.items())), role)


def patient_columns(error: InputError) -> tuple[str, ...]:
    """Return the columns that look like data about patients; empty for other errors."""
    return tuple(fault.column for fault in error.faults if fault.hint == REMOVE)


SAME_M = 500.0
"""Beyond this distance, a row with a site's id but another name may be another site."""


@dataclass(frozen=True)
class Match:
    """A row of an upload that may be a site of the place already.

    Parameters
    ----------
    row, name
        The row's number, and the name it gives.
    site_id, site_name
        The site of the place.
    metres
        Distance between the two.
    sure
        Whether the row has the site's id, with a similar name or within `SAME_M`.
    same_id
        Whether the row has the site's id.
    """

    row: int
    name: str
    site_id: str
    site_name: str
    metres: float
    sure: bool
    same_id: bool


def find_matches(place: Place, sites: gpd.GeoDataFrame, has_ids: bool) -> tuple[Match, ...]:
    """Return rows that may be sites of the place: same id, or similar name and close by."""
    here = place.sites
    names = place.site_names.astype("str").tolist()
    rows = {str(site): n for n, site in enumerate(here["site_id"])}
    own = sites.get("site_name", sites["site_id"]).fillna(sites["site_id"]).astype("str").tolist()
    matches: dict[int, Match] = {}
    if has_ids:
        for n, site in enumerate(sites["site_id"]):
            at = rows.get(str(site))
            if at is None:
                continue
            metres = float(sites.geometry.iloc[n].distance(here.geometry.iloc[at]))
            alike = _is_same_name(own[n], names[at]) or own[n] == str(site)
            matches[n] = Match(int(sites.index[n]), own[n], str(site), names[at], metres,
                                 sure=alike or metres <= SAME_M, same_id=True)  # fmt: skip
    columns = ["site_name", "postcode", "status", "geometry"]
    both = gpd.GeoDataFrame(
        pd.concat([here, sites], ignore_index=True).reindex(columns=columns), crs=here.crs
    ).assign(kind="")
    pairs = [p for p in find_duplicates(both) if p.first < len(here) <= p.second]
    for pair in sorted(pairs, key=lambda pair: pair.metres):
        n = pair.second - len(here)
        if n not in matches or not matches[n].sure:
            site = str(here["site_id"].iloc[pair.first])
            matches[n] = Match(int(sites.index[n]), own[n], site, names[pair.first], pair.metres,
                                 sure=False, same_id=False)  # fmt: skip
    return tuple(matches[n] for n in sorted(matches))


def _is_same_name(name: str, other: str) -> bool:
    first, second = simple_name(name), simple_name(other)
    return bool(first and second) and (first == second or is_alike(first, second))
