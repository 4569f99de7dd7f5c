"""Hospitals: the NHS website's data set, fields parted by the sign "¬"."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import geopandas as gpd
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import CRS
from nhcplanner.layers.geocoding.coordinates import DEGREES
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.delimited import csv_text
from nhcplanner.layers.sources.base import AGAIN, OGL, OfficialSource
from nhcplanner.layers.sources.published import renaming

PUBLISHER = "NHS England, the NHS website"
PAGE = "https://www.nhs.uk/about-us/nhs-website-datasets/"
SIGN = "¬"
COLUMNS = {
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
        Where columns have moved, or no hospital is shown.
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
    names = renaming([str(name) for name in frame.columns], COLUMNS, path.name, PUBLISHER)
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
    publisher=PUBLISHER,
    address="https://media.nhswebsite.nhs.uk/data/foi/Hospital.csv",
    confirmed="not seen lately: public code until 2022 has it at media.nhschoices.nhs.uk",
    licence=OGL,
    attribution="Contains NHS website data, Open Government Licence v3.0",
    vintage="the day it was retrieved",
    gives="hospitals that the NHS website lists, sometimes wrongly, under the NHS",
    looks="text",
    names=("hospital*.csv",),
    parse=parse_hospitals,
    page=PAGE,
)
