"""Areas on the map: polygons, weighted centroids, and which council, ICB and region each is in."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.layers.geocoding.coordinates import make_valid, plain, to_shapes
from nhcplanner.layers.sources.base import (
    OGL,
    ONS,
    ONS_RIGHTS,
    OS_RIGHTS,
    OfficialSource,
    Wanted,
    numeric,
    official_table,
)
from nhcplanner.layers.web import WebClient
from nhcplanner.layers.web.arcgis import FeatureLayer, features

PORTAL = "https://geoportal.statistics.gov.uk"
SERVICES = "https://services1.arcgis.com/ESMARspQHYMw9BZ9/arcgis/rest/services"
RIGHTS = f"{ONS_RIGHTS}. {OS_RIGHTS}"


def address(service: str) -> str:
    """Address of the query of a service of the Open Geography Portal."""
    return f"{SERVICES}/{service}/FeatureServer/0/query"


def shapes(source: OfficialSource, web: WebClient, wanted: Wanted) -> Path:
    """Fetch the shapes of the areas wanted."""
    return features(
        web, FeatureLayer(source.address, "LSOA21CD", ("LSOA21CD", "LSOA21NM"), True), wanted.areas
    )


def points(source: OfficialSource, web: WebClient, wanted: Wanted) -> Path:
    """Fetch the points of the areas wanted."""
    return features(
        web, FeatureLayer(source.address, "LSOA21CD", ("LSOA21CD",), True), wanted.areas
    )


def whole(
    source: OfficialSource,
    web: WebClient,
    wanted: Wanted,  # noqa: ARG001
    fields: str,
    keys: int = 1,
) -> Path:
    """Fetch all rows of a lookup; its first field is its key, or its first few together."""
    names = tuple(fields.split())
    return features(web, FeatureLayer(source.address, ",".join(names[:keys]), names))


def parse_boundaries(path: Path) -> gpd.GeoDataFrame:
    """Read polygons of LSOAs: area_code, area_name, geometry in EPSG:27700."""
    table = official_table(path, {"LSOA??CD": "area_code", "LSOA??NM": "area_name"}, ONS)
    return make_valid(to_shapes(table)).frame


def parse_centroids(path: Path) -> pd.DataFrame:
    """Read weighted centroids of LSOAs: area_code, centroid_x, centroid_y in metres."""
    named = {"LSOA??CD": "area_code"}
    if path.suffix.lower() == ".csv":
        table = official_table(path, {**named, "x": "centroid_x", "y": "centroid_y"}, ONS)
        return numeric(table, ("centroid_x", "centroid_y"))
    frame = to_shapes(official_table(path, named, ONS)).frame
    return plain(frame).assign(centroid_x=frame.geometry.x, centroid_y=frame.geometry.y)


def parse_area_lookup(path: Path) -> pd.DataFrame:
    """Read which district and ICB each LSOA lies in: codes and names, and the ICB's ODS code."""
    columns = {
        "LSOA??CD": "area_code",
        "LAD??CD": "district_code",
        "LAD??NM": "district_name",
        "ICB??CD": "icb_code",
        "ICB??NM": "icb_name",
        "ICB??CDH": "icb_ods",
    }
    return official_table(path, columns, ONS).frame


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
"""A source of the Open Geography Portal, but for what is its own."""

AREA_LOOKUP = _of_portal(
    key="area_lookup",
    layer="lookup",
    title="LSOA (2021) to sub-ICB locations to ICBs to districts (April 2024), England",
    address=address("LSOA21_SICBL24_ICB24_CAL24_LAD24_EN_LU"),
    vintage="LSOA 2021, districts and ICBs of April 2024",
    gives="each area's district and ICB",
    names=("LSOA*SICBL*ICB*LAD*",),
    parse=parse_area_lookup,
    headers=(("LSOA21CD", "ICB??CD", "ICB??CDH", "LAD??CD"),),
    fetch=partial(whole, fields="LSOA21CD LSOA21NM ICB24CD ICB24CDH ICB24NM LAD24CD LAD24NM"),
    needed=True,
)

COUNCIL_LOOKUP = _of_portal(
    key="council_lookup",
    layer="lookup",
    title="Lower-tier to upper-tier councils (April 2023), England and Wales",
    address=address("LTLA23_UTLA23_EW_LU"),
    vintage="councils of April 2023",
    gives="each district's upper-tier council",
    names=("LTLA*UTLA*", "*District_to_County_and_Unitary*"),
    parse=parse_council_lookup,
    headers=(("LTLA??CD", "UTLA??CD"),),
    fetch=partial(whole, fields="LTLA23CD LTLA23NM UTLA23CD UTLA23NM"),
    needed=True,
)

REGION_LOOKUP = _of_portal(
    key="region_lookup",
    layer="lookup",
    title="Districts to regions (April 2024), England",
    address=address("LAD24_RGN24_EN_LU"),
    vintage="districts of April 2024",
    gives="each district's region, by which timetables are published",
    names=("LAD*RGN*", "Local_Authority_District*Region*"),
    parse=parse_region_lookup,
    headers=(("LAD??CD", "RGN??NM"),),
    fetch=partial(whole, fields="LAD24CD LAD24NM RGN24CD RGN24NM"),
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
    fetch=partial(whole, fields="LSOA11CD LSOA21CD CHGIND", keys=2),
)

BOUNDARIES = _of_portal(
    key="boundaries",
    layer="areas",
    title="LSOA (December 2021) boundaries, generalised to 20 m, clipped to the coast (BGC V5)",
    address=address("Lower_layer_Super_Output_Areas_December_2021_Boundaries_EW_BGC_V5"),
    vintage="LSOA 2021",
    gives="shapes and names of areas",
    names=("Lower_layer_Super_Output_Areas*Boundaries*",),
    parse=parse_boundaries,
    headers=(("LSOA21CD", "LSOA21NM", "(Polygon)"),),
    fetch=shapes,
    needed=True,
)

CENTROIDS = _of_portal(
    key="centroids",
    layer="centroids",
    title="LSOA (December 2021) population-weighted centroids, England and Wales (V4)",
    address=address("LSOA_PopCentroids_EW_2021_V4"),
    vintage="Census 2021",
    gives="the point where an area's people start",
    names=("LSOA_PopCentroids*",),
    parse=parse_centroids,
    headers=(("LSOA21CD", "(Point)"), ("LSOA21CD", "x", "y")),
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
    fetch=partial(whole, fields="LSOA21CD RUC21CD RUC21NM Urban_rural_flag"),
)
