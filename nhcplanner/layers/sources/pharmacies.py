"""Pharmacies: NHS Business Services Authority, consolidated pharmaceutical list, each quarter."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.layers.sources.base import AGAIN, OGL, Extent, OfficialSource
from nhcplanner.layers.sources.opening import Part
from nhcplanner.layers.sources.published import official_table
from nhcplanner.layers.web import WebClient

PUBLISHER = "NHS Business Services Authority"
PAGE = "https://opendata.nhsbsa.net/dataset/consolidated-pharmaceutical-list"
PACKAGE = "https://opendata.nhsbsa.net/api/3/action/package_show"
QUARTER = re.compile(r"consol_pharmacy_list_(\d{6})q([1-4])(final)?", re.IGNORECASE)
COLUMNS = {
    "PHARMACY_ODS_CODE_F_CODE": "site_id",
    "PHARMACY_TRADING_NAME": "site_name",
    "POST*CODE": "postcode",
    "CONTRACT_TYPE": "contract",
}
OVER_THE_COUNTER = ("COMMUNITY", "LPS")
"""Contracts of pharmacies that people walk into; others sell at a distance, or appliances."""


def parse_pharmacies(path: Path) -> pd.DataFrame:
    """Read the list: pharmacies that people walk into, with the ODS code and the postcode.

    Returns
    -------
    DataFrame
        `site_id`, `site_name`, `kind`, `postcode`, `listed_by`.

    Raises
    ------
    InputError
        Where columns have moved, or no such pharmacy is listed.
    """
    frame = official_table(path, COLUMNS, PUBLISHER).frame
    is_open = frame["site_id"].notna() & frame["contract"].str.upper().isin(OVER_THE_COUNTER)
    sites = frame.loc[is_open, ["site_id", "site_name", "postcode"]].drop_duplicates("site_id")
    if sites.empty:
        words = f"lists no contract of {' or '.join(OVER_THE_COUNTER)}"
        raise InputError([Fault(words, path.name, None, "CONTRACT_TYPE", AGAIN)])
    return sites.assign(kind="pharmacy", listed_by="NHSBSA").reset_index(drop=True)


def quarter(part: Part) -> str:
    """Which quarter a list is of, by its name: financial years begin in April.

    Both forms of names are used: `202425q4` is January to March 2025, `202606q1` the quarter
    whose list came out in June 2026.
    """
    match = QUARTER.search(part.name)
    if match is None:
        return ""
    year, rest, number = int(match[1][:4]), int(match[1][4:]), match[2]
    years = f"{year}-{rest}" if rest == (year + 1) % 100 else f"{year}, month {rest}"
    return f"{years}, quarter {number}"


def fetch_latest(source: OfficialSource, web: WebClient, extent: Extent) -> Path:  # noqa: ARG001
    """Fetch the list of the latest quarter that the catalogue names.

    Raises
    ------
    FetchError
        Where the catalogue does not name one.
    """
    query = (("id", source.address.rsplit("/", 1)[-1]),)
    listed = web.file(source.ask(PACKAGE, "json", "pharmacies.json", query=query))
    dated = {
        match.groups(default=""): str(each["url"])
        for each in _resources(json.loads(listed.read_text(encoding="utf-8-sig")))
        if (match := QUARTER.search(f"{each.get('name')} {each.get('url')}"))
        and str(each.get("url", "")).lower().endswith(".csv")
    }
    if not dated:
        raise FetchError(f"{source.title}: its catalogue at {PACKAGE} names no list; see {PAGE}")
    latest = max(dated)
    name = "consol_pharmacy_list_{}q{}{}.csv".format(*map(str.lower, latest))
    return web.file(source.ask(dated[latest], "csv", name))


def _resources(catalogue: object) -> list[dict[str, object]]:
    """Files that a catalogue names; none where it has another form."""
    result = catalogue.get("result") if isinstance(catalogue, dict) else None
    listed = result.get("resources") if isinstance(result, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


PHARMACIES = OfficialSource(
    key="pharmacies",
    layer="sites",
    title="Consolidated pharmaceutical list",
    publisher=PUBLISHER,
    address=PAGE,
    confirmed="public code, 2026: the page lists the quarterly files",
    licence=OGL,
    attribution="Contains NHSBSA data, Open Government Licence v3.0",
    vintage="latest quarter",
    gives="community pharmacies",
    looks="csv",
    names=("consol*pharm*list*",),
    parse=parse_pharmacies,
    headers=(("PHARMACY_ODS_CODE_F_CODE", "CONTRACT_TYPE"),),
    edition=quarter,
    fetch=fetch_latest,
    page=PAGE,
)
