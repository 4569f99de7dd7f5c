"""Official lists of sites: hospitals, libraries and pharmacies."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.base.text import plural, shortened, simple_name
from nhcplanner.domain import opening_hours
from nhcplanner.domain.place import CRS
from nhcplanner.layers.geocoding.coordinates import DEGREES
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.delimited import csv_text
from nhcplanner.layers.sources.base import AGAIN, MOVED, OGL, Extent, OfficialSource
from nhcplanner.layers.sources.opening import Part
from nhcplanner.layers.sources.published import as_frame, official_table, read_published, renaming
from nhcplanner.layers.web import WebClient

NHS_ENGLAND = "NHS England, the NHS website"
HOSPITALS_PAGE = "https://www.nhs.uk/about-us/nhs-website-datasets/"
SIGN = "¬"
HOSPITAL_COLUMNS = {
    "OrganisationCode": "site_id",
    "OrganisationName": "site_name",
    "OrganisationStatus": "state",
    "Sector": "sector",
    "Postcode": "postcode",
    "Latitude": "lat",
    "Longitude": "lon",
}
VISIBLE = "visible"
NHS = "nhs sector"


def parse_hospitals(path: Path) -> gpd.GeoDataFrame:
    """Read the data set: NHS hospitals that it shows, with the ODS code and where they lie.

    Returns
    -------
    GeoDataFrame
        `site_id`, `site_name`, `kind`, `postcode`, `listed_by` and points in EPSG:27700, missing
        where the file has none.

    Raises
    ------
    InputError
        If columns have moved, or no hospital is shown.
    """
    text, _ = csv_text(path)
    try:
        frame = pd.read_csv(
            io.StringIO(text), sep=SIGN, dtype="str", quoting=csv.QUOTE_NONE,
            keep_default_na=False, engine="python",
        )  # fmt: skip
    except (pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        words = f"cannot be read, fields parted by {SIGN}: {str(error).strip()}"
        raise InputError([Fault(words, path.name, hint=AGAIN)]) from None
    names = renaming(
        [str(name) for name in frame.columns], HOSPITAL_COLUMNS, path.name, NHS_ENGLAND
    )
    frame = frame[list(names)].rename(columns=names).apply(lambda cells: cells.str.strip())
    frame = frame.mask(frame == "")
    is_nhs = frame["site_id"].notna() & (frame["state"].str.lower() == VISIBLE)
    is_nhs &= frame["sector"].str.lower() == NHS
    sites = frame.loc[is_nhs].drop_duplicates("site_id").reset_index(drop=True)
    if sites.empty:
        words = f"shows no hospital of the {NHS}"
        raise InputError([Fault(words, path.name, None, "Sector", AGAIN)])
    lon, lat = numbers(sites["lon"]), numbers(sites["lat"])
    points = gpd.GeoSeries(gpd.points_from_xy(lon, lat, crs=DEGREES)).to_crs(CRS)
    points = points.where((lon.notna() & lat.notna()).to_numpy(), None)
    known = sites[["site_id", "site_name", "postcode"]].assign(kind="hospital", listed_by="NHS")
    return gpd.GeoDataFrame(known, geometry=points)


HOSPITALS = OfficialSource(
    key="hospitals",
    layer="sites",
    title="Hospitals",
    publisher=NHS_ENGLAND,
    address="https://media.nhswebsite.nhs.uk/data/foi/Hospital.csv",
    confirmed="not seen lately: public code until 2022 has it at media.nhschoices.nhs.uk",
    licence=OGL,
    attribution="Contains NHS website data, Open Government Licence v3.0",
    vintage="the day it was retrieved",
    gives="hospitals that the NHS website lists, sometimes wrongly, under the NHS",
    looks="text",
    names=("hospital*.csv",),
    parse=parse_hospitals,
    page=HOSPITALS_PAGE,
)


ARTS_COUNCIL = "Arts Council England"
LIBRARIES_PAGE = (
    "https://www.artscouncil.org.uk/supporting-arts-museums-and-libraries/supporting-libraries"
)
OPERATION = re.compile(r"Facility Operation: (\d{2})/(\d{2})/(\d{4})")
LIBRARY_COLUMNS = {
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
        If columns have moved, or no library is open.
    """
    latest = _latest(path)
    frame = official_table(path, {**LIBRARY_COLUMNS, latest: "operation"}, ARTS_COUNCIL).frame
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
    return pd.DataFrame(kept_columns).assign(kind="library", listed_by=ARTS_COUNCIL)


def _latest(path: Path) -> str:
    """Return the column with the operator of each library at the latest date."""
    columns = read_published(path).frame.columns
    dated = {match.groups()[::-1]: name for name in columns if (match := OPERATION.match(name))}
    if not dated:
        words = f"{ARTS_COUNCIL}'s column is missing"
        raise InputError([Fault(words, path.name, None, "Facility Operation: DD/MM/YYYY", MOVED)])
    return dated[max(dated)]


def not_by_address(source: OfficialSource, web: WebClient, extent: Extent) -> Path:  # noqa: ARG001
    """Refuse to fetch the list, as its address changes with each edition, and say where it is.

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
    publisher=ARTS_COUNCIL,
    address=LIBRARIES_PAGE,
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
    page=LIBRARIES_PAGE,
)


NHSBSA = "NHS Business Services Authority"
PHARMACIES_PAGE = "https://opendata.nhsbsa.net/dataset/consolidated-pharmaceutical-list"
PACKAGE = "https://opendata.nhsbsa.net/api/3/action/package_show"
QUARTER = re.compile(r"consol_pharmacy_list_(\d{6})q([1-4])(final)?", re.IGNORECASE)
PHARMACY_COLUMNS = {
    "PHARMACY_ODS_CODE_F_CODE": "site_id",
    "PHARMACY_TRADING_NAME": "site_name",
    "POST*CODE": "postcode",
    "CONTRACT_TYPE": "contract",
}
DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
PHARMACY_HOURS = {f"PHARMACY_OPENING_HOURS_{day}": day for day in DAYS}
"""Columns of hours, seen in the list of early 2026: "09:00-13:00,14:00-17:30" or "CLOSED"."""
OVER_THE_COUNTER = ("COMMUNITY", "LPS")
"""Contracts of pharmacies that people walk into; others sell at a distance, or appliances."""


def parse_pharmacies(path: Path) -> pd.DataFrame:
    """Read the list: pharmacies that people walk into, with the ODS code and the postcode.

    Returns
    -------
    DataFrame
        `site_id`, `site_name`, `kind`, `postcode`, `listed_by`, and `opening_hours` where the list
        gives each day's.

    Raises
    ------
    InputError
        If columns have moved, or no such pharmacy is listed.
    """
    table = official_table(path, PHARMACY_COLUMNS, NHSBSA, PHARMACY_HOURS)
    frame = table.frame
    is_open = frame["site_id"].notna() & frame["contract"].str.upper().isin(OVER_THE_COUNTER)
    sites = frame.loc[is_open, ["site_id", "site_name", "postcode"]].drop_duplicates("site_id")
    if sites.empty:
        words = f"lists no contract of {' or '.join(OVER_THE_COUNTER)}"
        raise InputError([Fault(words, path.name, None, "CONTRACT_TYPE", AGAIN)])
    notes: tuple[str, ...] = ()
    if set(DAYS) <= set(frame):
        cells = frame.loc[sites.index, list(DAYS)].fillna("").to_numpy().tolist()
        texts: list[str] = [opening_hours.from_days(row) for row in cells]
        hours = pd.Series(texts, index=sites.index)
        lost = sites.loc[hours == "", "site_id"]
        if len(lost):
            words = f"{plural(len(lost), 'row')} with opening hours that are not understood"
            notes = (f"{words}: {shortened(lost)}",)
        sites = sites.assign(opening_hours=hours.where(hours != "", None))
    sites = sites.assign(kind="pharmacy", listed_by="NHSBSA").reset_index(drop=True)
    return as_frame(table.with_frame(sites, *notes))


def quarter(part: Part) -> str:
    """Return the quarter of a list, by its name; financial years begin in April.

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
        If the catalogue names no list.
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
        raise FetchError(
            f"{source.title}: its catalogue at {PACKAGE} names no list; see {PHARMACIES_PAGE}"
        )
    latest = max(dated)
    name = "consol_pharmacy_list_{}q{}{}.csv".format(*map(str.lower, latest))
    return web.file(source.ask(dated[latest], "csv", name))


def _resources(catalogue: object) -> list[dict[str, object]]:
    """Return the files in a catalogue; none if it has another form."""
    result = catalogue.get("result") if isinstance(catalogue, dict) else None
    listed = result.get("resources") if isinstance(result, dict) else None
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


PHARMACIES = OfficialSource(
    key="pharmacies",
    layer="sites",
    title="Consolidated pharmaceutical list",
    publisher=NHSBSA,
    address=PHARMACIES_PAGE,
    confirmed="public code, 2026: the page lists the quarterly files",
    licence=OGL,
    attribution="Contains NHSBSA data, Open Government Licence v3.0",
    vintage="latest quarter",
    gives="community pharmacies and their opening hours",
    looks="csv",
    names=("consol*pharm*list*",),
    parse=parse_pharmacies,
    headers=(("PHARMACY_ODS_CODE_F_CODE", "CONTRACT_TYPE"),),
    edition=quarter,
    fetch=fetch_latest,
    page=PHARMACIES_PAGE,
)
