"""Areas on the map: polygons, weighted centroids, and the council, ICB and region of each."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, FetchError, InputError
from nhcplanner.domain.place import CRS
from nhcplanner.layers.geocoding.coordinates import DEGREES, make_valid, plain, to_shapes
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sources.base import (
    OGL,
    ONS,
    ONS_RIGHTS,
    OS_RIGHTS,
    Address,
    Extent,
    OfficialSource,
)
from nhcplanner.layers.sources.opening import Part
from nhcplanner.layers.sources.published import as_frame, numeric, official_table
from nhcplanner.layers.web import WebClient
from nhcplanner.layers.web.services import FeatureLayer, features

PORTAL = "https://geoportal.statistics.gov.uk"
SERVICES = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
RIGHTS = f"{ONS_RIGHTS}. {OS_RIGHTS}"


def address(service: str) -> str:
    """Return the address of the query of a service of the Open Geography Portal."""
    return f"{SERVICES}/{service}/FeatureServer/0/query"


def shapes(source: OfficialSource, web: WebClient, extent: Extent) -> Path:
    """Fetch the shapes of the areas of the place."""
    return features(
        web, FeatureLayer(source.address, "LSOA21CD", ("LSOA21CD", "LSOA21NM"), True), extent.areas
    )


def points(source: OfficialSource, web: WebClient, extent: Extent) -> Path:
    """Fetch the centroids of the areas of the place."""
    return features(
        web, FeatureLayer(source.address, "LSOA21CD", ("LSOA21CD",), True), extent.areas
    )


def whole(
    source: OfficialSource,
    web: WebClient,
    extent: Extent,  # noqa: ARG001
    keys: str,
) -> Path:
    """Fetch all rows of a lookup from the newest edition that answers.

    Parameters
    ----------
    keys
        Its key, or the fields that are its key together; of several editions, one for each.

    Raises
    ------
    FetchError
        If no edition answers; the message lists the error of each.
    """
    refusals = []
    for address in source.addresses:
        try:
            return features(web, FeatureLayer(address.url, keys.format(_year(address.url)), ("*",)))
        except FetchError as error:
            refusals.append(str(error))
    raise FetchError("; ".join(dict.fromkeys(refusals)))


def _year(url: str) -> str:
    """Return the two digits of the year in a service's name, as its fields have them."""
    match = re.search(r"(?:LAD|LTLA)(\d\d)", url)
    return match[1] if match else ""


def edition_of_columns(part: Part) -> str:
    """Return the editions in the columns of a lookup or layer: "LSOA 2021, ICB 2026"."""
    columns = re.findall(
        r"\b(LSOA|MSOA|ICB|LAD|LTLA|UTLA|RGN|RUC)(\d\d)CD\b", " ".join(part.rows[0])
    )
    if not columns:
        heads = " ".join(" ".join(row) for row in part.rows[:10])
        columns = re.findall(r"\b(LSOA|ICB|LAD|LTLA|UTLA|RGN|RUC)(\d\d)CD\b", heads)
    return ", ".join(dict.fromkeys(f"{kind} 20{year}" for kind, year in columns))


def parse_boundaries(path: Path) -> gpd.GeoDataFrame:
    """Read polygons of LSOAs: area_code, area_name, geometry in EPSG:27700."""
    table = official_table(path, {"LSOA??CD": "area_code", "LSOA??NM": "area_name"}, ONS)
    return make_valid(to_shapes(table)).frame


def parse_centroids(path: Path) -> pd.DataFrame:
    """Read weighted centroids of LSOAs: area_code, centroid_x, centroid_y in metres."""
    code = {"LSOA??CD": "area_code"}
    if path.suffix.lower() == ".csv":
        table = official_table(path, {**code, "x": "centroid_x", "y": "centroid_y"}, ONS)
        return as_frame(_in_metres(table.with_frame(numeric(table, ("centroid_x", "centroid_y")))))
    frame = to_shapes(official_table(path, code, ONS)).frame
    return plain(frame).assign(centroid_x=frame.geometry.x, centroid_y=frame.geometry.y)


def _in_metres(table: Table) -> Table:
    """Convert centroids in degrees, as the portal's CSV button gives them, with a note.

    Raises
    ------
    InputError
        If some centroids are in degrees and some in metres.
    """
    frame = table.frame
    degrees = (frame["centroid_x"].abs() <= 180) & (frame["centroid_y"].abs() <= 90)
    if not degrees.any():
        return table
    rest = ~degrees & frame["centroid_x"].notna()
    if rest.any():
        first = int(rest.to_numpy().argmax())
        words = f"{frame['area_code'].iloc[first]} is in metres among centroids in degrees"
        row = int(frame.index[first]) + table.first_row
        raise InputError([Fault(words, table.file, row, "x")])
    points = gpd.GeoSeries.from_xy(frame["centroid_x"], frame["centroid_y"], crs=DEGREES).to_crs(
        CRS
    )
    note = f"centroids converted from degrees (EPSG:4326) to metres ({CRS})"
    return table.with_frame(frame.assign(centroid_x=points.x, centroid_y=points.y), note)


def parse_area_lookup(path: Path) -> pd.DataFrame:
    """Read which district and ICB each LSOA lies in: codes and names, and the ICB's ODS code."""
    columns = {
        "LSOA??CD": "area_code",
        "LAD??CD": "district_code",
        "LAD??NM": "district_name",
        "ICB??CD": "icb_code",
        "ICB??NM": "icb_name",
    }
    frame = official_table(path, columns, ONS, {"ICB??CDH": "icb_ods"}).frame
    return frame if "icb_ods" in frame else frame.assign(icb_ods=None)


def parse_council_lookup(path: Path) -> pd.DataFrame:
    """Read which upper-tier council each district lies in."""
    columns = {
        "LTLA??CD": "district_code",
        "UTLA??CD": "council_code",
        "UTLA??NM": "council_name",
    }
    return official_table(path, columns, ONS).frame


def parse_region_lookup(path: Path) -> pd.DataFrame:
    """Read which region each district lies in."""
    return official_table(path, {"LAD??CD": "district_code", "RGN??NM": "region"}, ONS).frame


def parse_rural_urban(path: Path) -> pd.DataFrame:
    """Read whether each LSOA is rural or urban: area_code, rural_urban ("Rural", "Urban")."""
    return official_table(
        path, {"LSOA??CD": "area_code", "Urban_rural_flag": "rural_urban"}, ONS
    ).frame


_of_portal = partial(
    OfficialSource, publisher=ONS, licence=OGL, attribution=RIGHTS, looks="json", page=PORTAL
)
"""The common facts of sources of the Open Geography Portal."""

AREA_LOOKUP = _of_portal(
    key="area_lookup",
    layer="lookup",
    title="LSOAs to ICBs and districts, England",
    address=address("LSOA21_SICBL26_ICB26_NHSER26_LAD26"),
    confirmed="public code that reads its 33,755 rows, summer 2026",
    others=(
        Address(address("LSOA21_SICBL25_ICB25_CAL25_LAD25_EN_LU"), "public code, spring 2026"),
        Address(address("LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU"), "public code, 2024 to 2026"),
    ),
    vintage="not stated",
    gives="each area's district and ICB",
    names=("LSOA*SICBL*ICB*LAD*",),
    parse=parse_area_lookup,
    headers=(("LSOA21CD", "ICB??CD", "ICB??NM", "LAD??CD"),),
    fetch=partial(whole, keys="LSOA21CD"),
    edition=edition_of_columns,
    needed=True,
)

COUNCIL_LOOKUP = _of_portal(
    key="council_lookup",
    layer="lookup",
    title="Lower-tier to upper-tier councils, England and Wales",
    address=address("LTLA23_UTLA23_EW_LU"),
    confirmed="public code, 2023 to 2026",
    vintage="not stated",
    gives="each district's upper-tier council",
    names=("LTLA*UTLA*", "*District_to_County_and_Unitary*"),
    parse=parse_council_lookup,
    headers=(("LTLA??CD", "UTLA??CD"),),
    fetch=partial(whole, keys="LTLA{}CD"),
    edition=edition_of_columns,
    needed=True,
)

REGION_LOOKUP = _of_portal(
    key="region_lookup",
    layer="lookup",
    title="Districts to regions, England",
    address=address("LAD25_RGN25_EN_LU_v2"),
    confirmed="public code of six projects, 2025 and 2026",
    others=(Address(address("LAD24_RGN24_EN_LU"), "public code, 2024 to 2026"),),
    vintage="not stated",
    gives="each district's region, by which timetables are published",
    names=("LAD*RGN*", "Local_Authority_District*Region*"),
    parse=parse_region_lookup,
    headers=(("LAD??CD", "RGN??NM"),),
    fetch=partial(whole, keys="LAD{}CD"),
    edition=edition_of_columns,
)

CHANGE_LOOKUP = _of_portal(
    key="change_lookup",
    layer="lookup",
    title="LSOA (2011) to LSOA (2021), England and Wales",
    address=address("LSOA11_LSOA21_LAD22_EW_LU_v5"),
    vintage="LSOA 2011 and 2021",
    gives="which areas of 2011 became which of 2021",
    names=("LSOA*2011*LSOA*2021*", "LSOA11_LSOA21*"),
    parse=None,
    headers=(("LSOA11CD", "LSOA21CD"),),
    fetch=partial(whole, keys="LSOA11CD,LSOA21CD"),
    edition=edition_of_columns,
    confirmed="public code, 2026",
)

BOUNDARIES = _of_portal(
    key="boundaries",
    layer="areas",
    title="LSOA (December 2021) boundaries",
    address=address("Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5"),
    vintage="LSOA 2021",
    gives="shapes and names of areas",
    names=("Lower_layer_Super_Output_Areas*Boundaries*",),
    parse=parse_boundaries,
    headers=(("LSOA21CD", "LSOA21NM", "(Polygon)"),),
    edition=edition_of_columns,
    confirmed="public code, 2026",
    fetch=shapes,
    needed=True,
)

CENTROIDS = _of_portal(
    key="centroids",
    layer="centroids",
    title="LSOA (December 2021) population-weighted centroids, England and Wales",
    address=address("LSOA_PopCentroids_EW_2021_V4"),
    vintage="Census 2021",
    gives="the point where an area's people start",
    names=("LSOA_PopCentroids*",),
    parse=parse_centroids,
    headers=(("LSOA21CD", "(Point)"), ("LSOA21CD", "x", "y")),
    edition=edition_of_columns,
    confirmed="public code, 2026",
    fetch=points,
)

RURAL_URBAN = _of_portal(
    key="rural_urban",
    layer="rural_urban",
    title="Rural Urban Classification (2021) of LSOAs, England and Wales",
    address=address("LSOA21_RUC21_EW_LU"),
    vintage="RUC 2021",
    gives="whether an area is rural or urban",
    names=("LSOA21_RUC21*", "Rural_Urban_Classification*"),
    parse=parse_rural_urban,
    headers=(("LSOA21CD", "Urban_rural_flag"),),
    fetch=partial(whole, keys="LSOA21CD"),
    edition=edition_of_columns,
    confirmed="public code, 2025 and 2026",
)
