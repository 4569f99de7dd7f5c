"""Libraries: Arts Council England, the yearly list of public libraries."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.base.text import simple_name
from nhcplanner.layers.sources.base import AGAIN, MOVED, OGL, Extent, OfficialSource
from nhcplanner.layers.sources.published import official_table, read_published
from nhcplanner.layers.web import WebClient

PUBLISHER = "Arts Council England"
PAGE = "https://www.artscouncil.org.uk/supporting-arts-museums-and-libraries/supporting-libraries"
OPERATION = re.compile(r"Facility Operation: (\d{2})/(\d{2})/(\d{4})")
COLUMNS = {
    "Reporting Library Service": "service",
    "Name": "site_name",
    "Postcode": "postcode",
    "Type": "type",
    "Year Permanently Closed": "closed",
}
BUILDING = "static library"
SHUT = ("closed", "facility not open")


def parse_libraries(path: Path) -> pd.DataFrame:
    """Read the list: libraries in a building that were open at its latest date.

    Returns
    -------
    DataFrame
        `site_id` (made of the service's and the library's name, for the list has no code),
        `site_name`, `kind`, `postcode`, `listed_by`.

    Raises
    ------
    InputError
        Where columns have moved, or no library is open.
    """
    latest = _latest(path)
    frame = official_table(path, {**COLUMNS, latest: "operation"}, PUBLISHER).frame
    operation = frame["operation"].fillna("").str.lower()
    is_open = frame["site_name"].notna() & (frame["type"].str.lower() == BUILDING)
    is_open &= frame["closed"].isna() & (operation != "") & ~operation.isin(SHUT)
    sites = frame.loc[is_open].reset_index(drop=True)
    if sites.empty:
        raise InputError([Fault("lists no open library", path.name, None, latest, AGAIN)])
    names = (sites["service"].fillna("") + " " + sites["site_name"]).map(simple_name)
    again = names.groupby(names).cumcount()
    numbered = names.where(again == 0, names + "_" + (again + 1).astype("str"))
    ids = "library_" + numbered
    kept_columns = {"site_id": ids, "site_name": sites["site_name"], "postcode": sites["postcode"]}
    return pd.DataFrame(kept_columns).assign(kind="library", listed_by=PUBLISHER)


def _latest(path: Path) -> str:
    """Name the column that says who ran each library at the latest date."""
    columns = read_published(path).frame.columns
    dated = {match.groups()[::-1]: name for name in columns if (match := OPERATION.match(name))}
    if not dated:
        words = f"{PUBLISHER}'s column is not there"
        raise InputError([Fault(words, path.name, None, "Facility Operation: DD/MM/YYYY", MOVED)])
    return dated[max(dated)]


def not_by_address(source: OfficialSource, web: WebClient, extent: Extent) -> Path:  # noqa: ARG001
    """Say where the list is to be had: its address changes with each edition.

    Raises
    ------
    FetchError
        Always.
    """
    raise FetchError(
        f"{source.title} has no lasting address: download it from {source.page} and give its "
        "folder with --from-files"
    )


LIBRARIES = OfficialSource(
    key="libraries",
    layer="sites",
    title="Public libraries in England",
    publisher=PUBLISHER,
    address=PAGE,
    confirmed="a page only: the file has no lasting address",
    licence=OGL,
    attribution="Contains Arts Council England data, Open Government Licence v3.0",
    vintage="the latest date that the file names",
    gives="public libraries in buildings",
    looks="csv",
    names=("libraries_england*.csv", "*librar*dataset*.csv"),
    parse=parse_libraries,
    headers=(("Reporting Library Service", "Year Permanently Closed"),),
    fetch=not_by_address,
    page=PAGE,
)
