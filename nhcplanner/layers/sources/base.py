"""What every official source says of itself, and how its file is read."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.tables import Table, read_table
from nhcplanner.layers.web import Ask, Kind, Web

OGL = "OGL v3.0"
OS_RIGHTS = "Contains OS data © Crown copyright and database right"
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
    bounds
        West, south, east, north of the place with its halo, metres (EPSG:27700); None until the
        shapes of the areas are known.
    """

    areas: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    bounds: tuple[float, float, float, float] | None = None


def straight(source: OfficialSource, web: Web, wanted: Wanted) -> Path:  # noqa: ARG001
    """Fetch a source that is one file for all of England, at its address."""
    return web.file(Ask(source.address, looks=source.looks))


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
        What its file must look like: "csv", "json", "xlsx", "zip" or "pbf".
    names
        Patterns of the names that its file is published under ("File_7_IoD2025*.csv"), lower or
        upper case.
    parse
        Reads the file as published. Frames for the areas have the schema's names, `area_code`
        or `council_code` first; frames of sites have the schema's names with `postcode`, and are
        GeoDataFrames in EPSG:27700 where the file tells where they lie. Raises `InputError`.
    headers
        Columns (of a CSV) or properties (of a GeoJSON) by which the file is known, whatever its
        name; empty = known by its name alone.
    fetch
        How it is fetched: source, web, wanted -> the file in the cache. Raises `FetchError`.
    needed
        True where there is no place without it; else its absence is a note.
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
    parse: Callable[[Path], pd.DataFrame]
    headers: tuple[str, ...] = ()
    fetch: Callable[[OfficialSource, Web, Wanted], Path] = straight
    needed: bool = False

    def is_named(self, path: Path) -> bool:
        """Say whether a file has a name that this source is published under."""
        name = path.name.lower()
        return any(fnmatch.fnmatchcase(name, pattern.lower()) for pattern in self.names)

    def pedigree(self) -> dict[str, str]:
        """What it says of itself, as keys of `Source`."""
        said = ("title", "publisher", "address", "licence", "attribution", "vintage")
        return {key: getattr(self, key) for key in said}


def official_table(path: Path, columns: Mapping[str, str], publisher: str) -> Table:
    """Read an official table with a header and give its columns our names.

    Parameters
    ----------
    path
        CSV as published (or a GIS format).
    columns
        The publisher's column -> ours; all must be there, others are left out.
    publisher
        For the message.

    Raises
    ------
    InputError
        Where columns are missing (moved or renamed), or the file has no rows.
    """
    table = read_table(path)
    require(table, columns, publisher)
    kept = [*columns, *(["geometry"] if "geometry" in table.frame else [])]
    return replace(table, frame=table.frame[kept].rename(columns=dict(columns)))


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
        raise InputError([Fault("has no rows", path.name, mend=_AGAIN)]) from None
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise InputError([Fault(f"cannot be read as CSV: {error}", path.name)]) from None
    if frame.shape[1] != width:
        words = f"has {frame.shape[1]} columns where {publisher}'s layout has {width}"
        raise InputError([Fault(words, path.name, mend=_MOVED)])
    frame = (
        frame[list(columns)].rename(columns=dict(columns)).apply(lambda cells: cells.str.strip())
    )
    return Table(path, frame.mask(frame == ""), 1)


def require(table: Table, columns: Mapping[str, str] | tuple[str, ...], publisher: str) -> None:
    """Refuse a table that lacks columns of the publisher's layout, or has no rows."""
    missing = [column for column in columns if column not in table.frame]
    faults = [
        Fault(f"{publisher}'s column is not there", table.file, None, column, _MOVED)
        for column in missing
    ]
    if not missing and table.frame.empty:
        faults = [Fault("has no rows", table.file, mend=_AGAIN)]
    if faults:
        raise InputError(faults)


_AGAIN = "Fetch or download it again"
_MOVED = "The publisher may have changed the layout, or this is another file: check the edition"
