"""Geocode: where the postcodes of a list lie, offline; what is not known is told, never guessed."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nhcplanner.layers.where.postcodes import COUNTRIES, directory

POSTCODE = re.compile(r"(?P<out>[A-Z]{1,2}\d[A-Z\d]?)(?P<into>\d[A-Z]{2})")
MALFORMED = "is not a postcode"
UNKNOWN = "is not in the ONS Postcode Directory"
ELSEWHERE = "is a postcode, but has no place on Great Britain's grid"


def normal(text: object) -> str:
    """Write a postcode as the Post Office does; empty where it is none.

    Examples
    --------
    >>> normal(" pl1  2ab"), normal("PL12AB"), normal("Plymouth")
    ('PL1 2AB', 'PL1 2AB', '')
    """
    match = POSTCODE.fullmatch(re.sub(r"[^A-Z\d]", "", str(text).upper()))
    return f"{match['out']} {match['into']}" if match else ""


def located(postcodes: pd.Series) -> pd.DataFrame:
    """Look up postcodes in the ONS Postcode Directory.

    Parameters
    ----------
    postcodes
        As people type them; blanks missing.

    Returns
    -------
    DataFrame
        On the same index: `postcode` (normalised, missing where it is none), `x`, `y` (metres,
        EPSG:27700, the middle of the postcode; NaN where not known) and `problem` (in words;
        empty where found or blank). The directory holds withdrawn postcodes too and does not
        tell them apart.

    Raises
    ------
    InputError
        Where there are postcodes to look up and the directory's package is not installed.
    """
    filled = postcodes.notna() & (postcodes.astype("str").str.strip() != "")
    words = postcodes.where(filled, "").map(normal)
    known = _looked_up(set(words) - {""})
    found = known.reindex(words.to_numpy())
    x, y = (found[column].to_numpy(dtype=np.float64) for column in ("x", "y"))
    problem = pd.Series("", index=postcodes.index, dtype="object")
    problem[filled & (words == "")] = MALFORMED
    problem[filled & (words != "") & ~words.isin(known.index)] = UNKNOWN
    problem[words.isin(known.index) & np.isnan(x)] = ELSEWHERE
    return pd.DataFrame(
        {"postcode": words.where(words != ""), "x": x, "y": y, "problem": problem},
        index=postcodes.index,
    )


def _looked_up(wanted: set[str]) -> pd.DataFrame:
    """Points of those postcodes that the directory holds; NaN off Great Britain's grid."""
    pieces = [pd.DataFrame({"x": [], "y": []}, dtype="float64")]
    for letter in sorted({postcode[0] for postcode in wanted}):
        table = directory(letter)
        keys = table["pcd_abbr"].isin({p.replace(" ", "") for p in wanted if p[0] == letter})
        held = table[keys].drop_duplicates("pcd_abbr")
        ours = held["laua"].astype("str").str[:1].isin(COUNTRIES).to_numpy()
        points = held[["oseast1m", "osnrth1m"]].to_numpy(dtype=np.float64, copy=True)
        points[~ours | (points <= 0).any(axis=1)] = np.nan
        names = held["pcd_abbr"].map(normal)
        pieces.append(pd.DataFrame(points, columns=["x", "y"], index=names))
    return pd.concat(pieces)
