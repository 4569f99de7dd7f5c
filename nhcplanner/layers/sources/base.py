"""Official sources: their description, recognition and download."""

from __future__ import annotations

import csv
import fnmatch
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pandas as pd

from nhcplanner.layers.sources.opening import Part, Row
from nhcplanner.layers.web import Kind, Request, WebClient, check_address, new_client
from nhcplanner.layers.web.request import Answer, probe

AGAIN = "Fetch or download it again"
MOVED = "The publisher may have changed the layout, or this is another file: check the edition"

OGL = "OGL v3.0"
OS_RIGHTS = "Contains OS data © Crown copyright and database right"
ONS = "Office for National Statistics"
ONS_RIGHTS = (
    "Source: Office for National Statistics licensed under the Open Government Licence v3.0"
)


@dataclass(frozen=True)
class Extent:
    """Part of England for which a source is fetched.

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


def straight(source: OfficialSource, web: WebClient, extent: Extent) -> Path:  # noqa: ARG001
    """Fetch a source that is one file for all of England."""
    ask = source.ask(source.address, source.looks)
    has_name = bool(Path(ask.file).suffix)
    return web.file(ask if has_name else replace(ask, name=f"{source.key}.{source.looks}"))


def simple_heading(heading: str) -> str:
    """Return a heading, or a pattern of headings, without capitals, signs and outer spaces.

    Examples
    --------
    >>> simple_heading("PHARMACY_ODS_CODE_(F-CODE)"), simple_heading("LSOA21CD")
    ('pharmacy ods code f code', 'lsoa21cd')
    """
    return " ".join(re.split(r"[^a-z0-9*?]+", heading.lower())).strip()


def matching(names: Iterable[str], pattern: str) -> list[str]:
    """Return the headings that fit a pattern (`*`, `?`), regardless of capitals and signs."""
    simple = simple_heading(pattern)
    return [name for name in names if fnmatch.fnmatchcase(simple_heading(name), simple)]


@dataclass(frozen=True)
class Address:
    """An address of a publisher.

    Parameters
    ----------
    url
        The address of the request.
    confirmed
        Where and when its use was confirmed.
    """

    url: str
    confirmed: str = ""

    @property
    def service(self) -> str:
        """Name of the feature service; the whole address of any other."""
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
    form_words
        Of a file that is known by its form alone, such as streets: that form, in words.
    codes
        Patterns of the column that holds codes of LSOAs, for a table that comes at other levels
        too; empty = not checked.
    refuse
        Returns why a file of the right form is still of no use; "" if it is of use.
    edition
        Which edition a file is, by its name, its sheets and its columns; "" where they do not say.
    fetch
        How it is fetched: source, web, extent -> the file in the cache. Raises `FetchError`.
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
        Where and when the use of the address was confirmed.
    others
        Addresses of other editions, which are tried in this order after the first.
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
    form_words: str = ""
    codes: tuple[str, ...] = ()
    refuse: Callable[[Path], str] | None = None
    edition: Callable[[Part], str] | None = None
    fetch: Callable[[OfficialSource, WebClient, Extent], Path] = straight
    needed: bool = False
    several: bool = False
    page: str = ""
    hosts: tuple[str, ...] = ()
    confirmed: str = ""
    others: tuple[Address, ...] = ()

    @property
    def addresses(self) -> tuple[Address, ...]:
        """Every address of the source, in the order of use."""
        return (Address(self.address, self.confirmed), *self.others)

    def ask(self, address: str, looks: Kind, name: str = "", **more: Any) -> Request:
        """Return a request for a file of this source, at its own host or one that it lists.

        Raises
        ------
        FetchError
            If the address, which may be from a catalogue, has another host.
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
        """Return a sentence on how a file of the source is recognised.

        A name alone is enough only for a source without columns or rows of its own.
        """
        if self.form_words:
            return self.form_words
        ways = []
        if self.headers:
            sets = [" + ".join(patterns) for patterns in self.headers]
            ways.append(f"its columns ({' or '.join(sets)})")
        if self.layout is not None:
            ways.append(f"its rows ({self.layout_words})")
        names = " or ".join(self.names)
        if ways:
            published = f"; published as {names}" if names else ""
            return f"{', else '.join(ways)}{published}"
        return f"its name ({names})" if names else "nothing: it is fetched only"

    def pedigree(self, edition: str = "") -> dict[str, Any]:
        """Return the source's facts, as keys of `Source`.

        Parameters
        ----------
        edition
            Which edition the file says it is; "" = it does not say.
        """
        keys = ("title", "publisher", "address", "licence", "attribution")
        about: dict[str, str] = {key: getattr(self, key) for key in keys}
        return {**about, "vintage": edition or self.vintage}


ENGLAND = "2092957699"
"""England's code in Nomis, which gives one row of a census table."""
ONE_ROW = {"where": "1=1", "outFields": "*", "returnGeometry": "false", "resultRecordCount": "1"}
PACKED = {"xlsx": b"PK\x03\x04", "zip": b"PK\x03\x04"}
ANSWERS = "answers"


@dataclass(frozen=True)
class Checked:
    """An address and its answer.

    Parameters
    ----------
    source
        Key of the source.
    address, confirmed
        As `Address` has them.
    is_first
        Whether it is the newest edition, which is tried first.
    problem
        What is wrong, in words; empty = it answers as expected.
    """

    source: str
    address: str
    confirmed: str
    is_first: bool
    problem: str

    @property
    def words(self) -> str:
        """The answer, as a sentence."""
        return self.problem or ANSWERS


def check_sources(
    sources: Sequence[OfficialSource],
    client: httpx.Client | None = None,
    tell: Callable[[str], object] = lambda words: None,  # noqa: ARG005
) -> Iterator[Checked]:
    """Ask each address of each source for one row.

    Parameters
    ----------
    sources
        Which.
    client
        Connections; by default this program's own.
    tell
        Receives the title of each source before its request.
    """
    client = client or new_client()
    unreachable: dict[str, str] = {}
    for source in sources:
        tell(f"Asking {source.title}")
        for number, one in enumerate(source.addresses):
            host = httpx.URL(one.url).host
            problem = unreachable.get(host, "")
            if not problem:
                answer = probe(client, *_question(source, one.url))
                problem = answer.problem or _unlike(source, one.url, answer)
                if answer.problem.startswith(host):  # it cannot be found or reached
                    unreachable[host] = problem
            yield Checked(source.key, one.url, one.confirmed, number == 0, problem)


def _question(source: OfficialSource, url: str) -> tuple[str, dict[str, str] | None]:
    """Return a small request to an address."""
    if "/FeatureServer/" in url:
        return url, {**ONE_ROW, "f": "json"}
    if "nomisweb" in url:
        return url, {"geography": ENGLAND, "recordlimit": "1"}
    if source.key == "overpass":
        return f"{url}/status", None
    return url.replace("REGION", "north_west"), None


def _unlike(source: OfficialSource, url: str, answer: Answer) -> str:
    """Return why an answer is not what the source's parser reads; "" if it is."""
    if "/FeatureServer/" in url:
        return _unlike_service(source, answer.head)
    magic = PACKED.get(source.looks)
    if magic and not answer.head.startswith(magic):
        return "answers, but not with a file of the expected form"
    return _unlike_table(source, url, answer.head) if source.looks == "csv" else ""


def _unlike_table(source: OfficialSource, url: str, head: bytes) -> str:
    text = head.decode("utf-8-sig", errors="replace")
    if text.lstrip().startswith("<"):
        is_page = source.page in ("", url) and not url.endswith(".csv")
        return "" if is_page else "answers with a web page, not a file"
    rows = [tuple(row) for row in csv.reader(text.splitlines()[:20])]
    if source.headers and not any(_has(source, row) for row in rows):
        return f"answers with other columns: {', '.join(rows[0])[:200] if rows else 'none'}"
    is_other = source.layout is not None and not source.has_layout(rows[:-1])
    return "answers with rows of another layout" if is_other else ""


def _unlike_service(source: OfficialSource, head: bytes) -> str:
    try:
        content: Any = json.loads(head)
        features = content["features"]
        row = tuple(features[0]["attributes"])
    except (ValueError, KeyError, IndexError, TypeError):
        error = _error_of(head)
        return f"has moved or was removed: {error}" if error else "answers without a row"
    return "" if _has(source, row) else f"answers with other columns: {', '.join(row)[:200]}"


def _error_of(head: bytes) -> str:
    """Return the error that a feature service reports with status 200."""
    try:
        return str(json.loads(head)["error"]["message"])[:200]
    except (ValueError, KeyError, TypeError):
        return ""


def _has(source: OfficialSource, row: Sequence[str]) -> bool:
    """Whether headings hold one of the source's sets; shapes are not asked for."""
    return any(
        all(matching(row, pattern) for pattern in patterns if not pattern.startswith("("))
        for patterns in source.headers
    )
