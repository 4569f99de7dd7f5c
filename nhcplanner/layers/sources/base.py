"""What every official source says of itself, and how it is fetched."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.layers.web import Ask, Kind, Web, check_address

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


def straight(source: OfficialSource, web: Web, wanted: Wanted) -> Path:  # noqa: ARG001
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
    fetch: Callable[[OfficialSource, Web, Wanted], Path] = straight
    needed: bool = False
    page: str = ""
    hosts: tuple[str, ...] = ()

    def ask(self, address: str, looks: Kind, name: str = "", **more: Any) -> Ask:
        """A request for a file of this source, at its own host or one that it lists.

        Raises
        ------
        FetchError
            Where the address, which may come from a catalogue, is of another host.
        """
        allowed = {Ask(self.address).host, *self.hosts}
        check_address(address, allowed)
        return Ask(address, looks=looks, name=name, hosts=tuple(sorted(allowed)), **more)

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
