"""Official sources: what each says of itself, how it is recognised, and how it is fetched."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from nhcplanner.layers.sources.opening import Part, Row
from nhcplanner.layers.web import Kind, Request, WebClient, check_address

AGAIN = "Fetch or download it again"
MOVED = "The publisher may have changed the layout, or this is another file: check the edition"

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


def simple_heading(heading: str) -> str:
    """A heading, or a pattern of headings, without capitals, signs and outer spaces.

    Examples
    --------
    >>> simple_heading("PHARMACY_ODS_CODE_(F-CODE)"), simple_heading("LSOA21CD")
    ('pharmacy ods code f code', 'lsoa21cd')
    """
    return " ".join(re.split(r"[^a-z0-9*?]+", heading.lower())).strip()


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Those headings that fit a pattern (`*`, `?`), without regard to capitals and signs."""
    simple = simple_heading(pattern)
    return [name for name in names if fnmatch.fnmatchcase(simple_heading(name), simple)]


@dataclass(frozen=True)
class Address:
    """An address of a publisher.

    Parameters
    ----------
    url
        The address that is asked.
    confirmed
        Where and when it was seen to be in use.
    """

    url: str
    confirmed: str = ""

    @property
    def service(self) -> str:
        """Name of the feature service; the whole address where it is none."""
        return self.url.split("/FeatureServer")[0].rpartition("/services/")[2]


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
        tuple of patterns; "(Polygon)" and "(Point)" stand for shapes.
    layout
        Of a file without headings: whether a row is one of this source's. None = it has headings.
    layout_words
        What `layout` looks for, in words.
    codes
        Patterns of the column that holds codes of LSOAs, for a table that comes at other levels
        too; empty = not checked.
    refuse
        Why a file of the right form does not hold what is wanted, in words; "" where it does.
    edition
        Which edition a file is, by its name, its sheets and its columns; "" where they do not say.
    fetch
        How it is fetched: source, web, wanted -> the file in the cache. Raises `FetchError`.
    needed
        True where there is no place without it; else its absence is a note.
    several
        True where several files may be used together: streets of two counties.
    page
        The publisher's page about it, for a reader who must download it by hand; by default the
        address.
    hosts
        Hosts besides the address's own that may serve it: a catalogue's file, or a redirect.
    confirmed
        Where and when the address was seen to be in use.
    others
        Addresses of other editions, which are asked in this order after the first.
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
    layout: Callable[[Row], bool] | None = None
    layout_words: str = ""
    codes: tuple[str, ...] = ()
    refuse: Callable[[Path], str] | None = None
    edition: Callable[[Part], str] | None = None
    fetch: Callable[[OfficialSource, WebClient, Wanted], Path] = straight
    needed: bool = False
    several: bool = False
    page: str = ""
    hosts: tuple[str, ...] = ()
    confirmed: str = ""
    others: tuple[Address, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address of it, the first asked first."""
        return (Address(self.address, self.confirmed), *self.others)

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

    def is_named(self, name: str) -> bool:
        """Whether a file has a name that this source is published under."""
        last = name.rpartition(": ")[2].lower()
        return any(fnmatch.fnmatchcase(last, pattern.lower()) for pattern in self.names)

    def has_headers(self, columns: Iterable[str]) -> bool:
        """Whether a table with these columns is this source's."""
        listed = list(columns)
        return any(
            all(matching(listed, pattern) for pattern in patterns) for patterns in self.headers
        )

    def has_layout(self, rows: Sequence[Row]) -> bool:
        """Whether most of some rows without headings are this source's."""
        layout = self.layout
        return layout is not None and 2 * sum(map(layout, rows)) > len(rows)

    def recognised_by(self) -> str:
        """How a file of it is recognised, in words."""
        ways = []
        if self.headers:
            sets = [" + ".join(patterns) for patterns in self.headers]
            ways.append(f"its columns ({' or '.join(sets)})")
        if self.layout is not None:
            ways.append(f"its rows ({self.layout_words})")
        if self.names:
            ways.append(f"its name ({' or '.join(self.names)})")
        return ", else ".join(ways) or "nothing: it is fetched only"

    def pedigree(self, edition: str = "") -> dict[str, str]:
        """What it says of itself, as keys of `Source`.

        Parameters
        ----------
        edition
            Which edition the file says it is; "" = it does not say.
        """
        keys = ("title", "publisher", "address", "licence", "attribution")
        about: dict[str, str] = {key: getattr(self, key) for key in keys}
        return {**about, "vintage": edition or self.vintage}
