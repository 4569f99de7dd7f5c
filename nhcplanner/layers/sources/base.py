"""What every official source says of itself, and how it is fetched.

Official tables read as published: their own headers, or none, and no tidy copy.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.tables import Table, read_table
from nhcplanner.layers.web import Kind, Request, WebClient, check_address

OGL = "OGL v3.0"
OS_RIGHTS = "Contains OS data © Crown copyright and database right"
ONS = "Office for National Statistics"
ONS_RIGHTS = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0"
)


@dataclass(frozen=True)
class Wanted:
    """Of which part of England a source is asked.

    Parameters
    ----------
    areas
        Codes of the areas (LSOA 2021); empty = all of England.
    districts, councils
        Codes of the lower-tier and upper-tier councils that they lie in.
    regions
        Names of the regions that they lie in: "South West".
    bounds
        West, south, east, north of the place with its halo, metres (EPSG:27700); None until the
        shapes of the areas are known.
    """

    areas: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    bounds: tuple[float, float, float, float] | None = None


def straight(source: OfficialSource, web: WebClient, wanted: Wanted) -> Path:  # noqa: ARG001
    """Fetch a source that is one file for all of England, at its address."""
    ask = source.ask(source.address, source.looks)
    named = bool(Path(ask.file).suffix)
    return web.file(ask if named else replace(ask, name=f"{source.key}.{source.looks}"))


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Those of some names that fit a pattern (`*`, `?`), on every system with regard to case."""
    return [name for name in names if fnmatch.fnmatchcase(name, pattern)]


@dataclass(frozen=True)
class OfficialSource:
    """One file that a public body publishes.

    Parameters
    ----------
    key
        Short name, unique: "imd_2025".
    layer
        What of a place it feeds: "areas", "sites", "streets", "timetable", or the name of a table
        that is joined to the areas ("imd", "population", "hle", ...).
    title, publisher, address, licence, attribution, vintage
        As `Source` has them; the address is the one that is fetched.
    gives
        What it gives, in words.
    looks
        What its file must look like.
    names
        Patterns of the names that its file is published under ("File_7_IoD2025*.csv"), lower or
        upper case.
    parse
        Reads the file as published. Frames for the areas have the schema's names, `area_code`
        or `council_code` first; frames of sites have the schema's names with `postcode`, and are
        GeoDataFrames in EPSG:27700 where the file tells where they lie. Raises `InputError`.
        None where the file is used as it is: streets and timetables.
    headers
        Sets of columns (of a table) by any of which the file is known, whatever its name: each a
        tuple of patterns; "(Polygon)" and "(Point)" stand for shapes. Empty = known by its name.
    fetch
        How it is fetched: source, web, wanted -> the file in the cache. Raises `FetchError`.
    needed
        True where there is no place without it; else its absence is a note.
    page
        The publisher's page about it, for a reader who must download it by hand; by default the
        address.
    hosts
        Hosts besides the address's own that may serve it: a catalogue's file, or a redirect.
    """

    key: str
    layer: str
    title: str
    publisher: str
    address: str
    licence: str
    attribution: str
    vintage: str
    gives: str
    looks: Kind
    names: tuple[str, ...]
    parse: Callable[[Path], pd.DataFrame] | None
    headers: tuple[tuple[str, ...], ...] = ()
    fetch: Callable[[OfficialSource, WebClient, Wanted], Path] = straight
    needed: bool = False
    page: str = ""
    hosts: tuple[str, ...] = ()

    def ask(self, address: str, looks: Kind, name: str = "", **more: Any) -> Request:
        """A request for a file of this source, at its own host or one that it lists.

        Raises
        ------
        FetchError
            Where the address, which may come from a catalogue, is of another host.
        """
        allowed = {Request(self.address).host, *self.hosts}
        check_address(address, allowed)
        return Request(address, looks=looks, name=name, hosts=tuple(sorted(allowed)), **more)

    def is_named(self, path: Path) -> bool:
        """Say whether a file has a name that this source is published under."""
        return any(matching([path.name.lower()], pattern.lower()) for pattern in self.names)

    def has_headers(self, columns: set[str]) -> bool:
        """Say whether a table with these columns is this source's."""
        return any(
            all(matching(columns, pattern) for pattern in patterns) for patterns in self.headers
        )

    def pedigree(self) -> dict[str, str]:
        """What it says of itself, as keys of `Source`."""
        said = ("title", "publisher", "address", "licence", "attribution", "vintage")
        return {key: getattr(self, key) for key in said}


AGAIN = "Fetch or download it again"
MOVED = "The publisher may have changed the layout, or this is another file: check the edition"


def official_table(path: Path, columns: Mapping[str, str], publisher: str) -> Table:
    """Read an official table with a header and give its columns our names.

    Parameters
    ----------
    path
        As published: CSV, Esri JSON, or a GIS format.
    columns
        The publisher's column -> ours; all must be there, others are left out. A pattern
        ("LAD??CD") takes the one column that fits it.
    publisher
        For the message.

    Raises
    ------
    InputError
        Where columns are missing (moved or renamed), or the file has no rows.
    """
    table = read_table(path)
    names = renaming(list(table.frame.columns), columns, table.file, publisher)
    if table.frame.empty:
        raise InputError([Fault("has no rows", table.file, hint=AGAIN)])
    kept = [*names, *(["geometry"] if "geometry" in table.frame else [])]
    return table.with_frame(table.frame[kept].rename(columns=names))


def renaming(
    there: list[str], columns: Mapping[str, str], file: str, publisher: str
) -> dict[str, str]:
    """Which of a file's columns is which of ours.

    Raises
    ------
    InputError
        Where no column, or more than one, fits a pattern; all of them at once.
    """
    fits = {pattern: matching(there, pattern) for pattern in columns}
    wrong = {pattern: found for pattern, found in fits.items() if len(found) != 1}
    if wrong:
        raise InputError(
            Fault(
                f"{publisher}'s column {'is not there' if not found else 'is there twice'}",
                file, None, pattern, MOVED,
            )
            for pattern, found in wrong.items()
        )  # fmt: skip
    return {found[0]: columns[pattern] for pattern, found in fits.items()}


def headerless(path: Path, columns: Mapping[int, str], width: int, publisher: str) -> Table:
    """Read an official CSV without a header row.

    Parameters
    ----------
    path
        CSV as published.
    columns
        Position (0 first) -> our name; others are left out.
    width
        How many columns the publisher's layout has.
    publisher
        For the message.

    Raises
    ------
    InputError
        Where rows are of another width, or there are none.
    """
    try:
        frame = pd.read_csv(path, header=None, dtype="str", keep_default_na=False)
    except pd.errors.EmptyDataError:
        raise InputError([Fault("has no rows", path.name, hint=AGAIN)]) from None
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise InputError([Fault(f"cannot be read as CSV: {error}", path.name)]) from None
    if frame.shape[1] != width:
        words = f"has {frame.shape[1]} columns where {publisher}'s layout has {width}"
        raise InputError([Fault(words, path.name, hint=MOVED)])
    frame = frame[list(columns)].rename(columns=dict(columns))
    frame = frame.apply(lambda cells: cells.str.strip())
    return Table(path, frame.mask(frame == ""), 1)


def numeric(table: Table, columns: tuple[str, ...]) -> pd.DataFrame:
    """Give a table's frame with these columns as numbers; blanks stay blank.

    Raises
    ------
    InputError
        For each cell that is neither blank nor a number.
    """
    frame = table.frame.copy()
    faults = []
    for column in columns:
        values = numbers(frame[column])
        bad = values.isna() & frame[column].notna()
        faults += [
            Fault(f"{frame[column][row]} is not a number", table.file,
                  int(row) + table.first_row, column, MOVED)
            for row in frame.index[bad]
        ]  # fmt: skip
        frame[column] = values
    if faults:
        raise InputError(faults)
    return frame
