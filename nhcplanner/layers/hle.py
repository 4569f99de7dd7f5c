"""HLE: healthy life expectancy of small areas, modelled from the council's figure.

HLE is published for upper-tier councils only. An area's is modelled as

    HLE(council) + g(decile of the area) - people-weighted mean of g over the council,

with g the national gradient by deprivation decile, so that the people-weighted mean over a
council's areas is its published figure. Every area says how its figure came about:

given
    The user's own figure for the area.
modelled
    The formula above.
published
    The council's figure as it is: the area has no English deprivation decile.
national gradient
    g alone: no figure for the area's council.
missing
    Neither a council's figure nor a decile.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nhcplanner.domain.errors import Fault
from nhcplanner.domain.place import Source

MEASURES = ("hle_male", "hle_female", "hle")
RANGE = (40, 90)
"""HLE that a population may have, years."""

SHAPE_MEN_2015_17 = (51.7, 56.6, 58.8, 61.7, 63.8, 64.7, 66.5, 67.9, 68.8, 70.4)
"""HLE at birth of men in England 2015-17 by IMD decile, 1 first, years (ONS)."""

ENDS_2022_24 = {"hle_male": (49.8, 69.2), "hle_female": (48.2, 68.5)}
"""HLE at birth in England 2022-24 in deciles 1 and 10, years; quoted second-hand from ONS."""

GRADIENT_SOURCE = Source(
    layer="hle_gradient",
    title="HLE at birth by IMD decile, England",
    publisher="Office for National Statistics",
    licence="OGL v3",
    vintage="2022-24 (deciles 1 and 10), 2015-17 men (shape between)",
    notes=(
        (
            "The ends are the 2022-24 figures of deciles 1 and 10 for each sex, read second-hand; "
            "between them the gradient has the shape of men 2015-17, the latest with all ten "
            "deciles. Persons are the mean of the two sexes."
        ),
    ),
)

OTHER_NATIONS = ("WIMD", "SIMD", "NIMDM")


def gradient() -> pd.DataFrame:
    """National HLE by IMD decile, years: rows 1 to 10, columns `MEASURES`.

    Examples
    --------
    >>> gradient().loc[[1, 10], "hle_male"].tolist()
    [49.8, 69.2]
    """
    shape = np.array(SHAPE_MEN_2015_17)
    rise = (shape - shape[0]) / (shape[-1] - shape[0])
    table = pd.DataFrame(
        {sex: low + rise * (high - low) for sex, (low, high) in ENDS_2022_24.items()},
        index=pd.RangeIndex(1, 11, name="imd_decile"),
    )
    table["hle"] = table.mean(axis=1)
    return table


def area_hle(areas: pd.DataFrame, councils: pd.DataFrame, index_name: str) -> pd.DataFrame:
    """HLE of each area by sex and for persons, and its basis.

    Parameters
    ----------
    areas
        Rows areas, with `people` and, where known, `council_code`, `imd_decile` and the areas'
        own `hle_male`, `hle_female`, `hle`, `hle_basis`. Rows of a council's areas outside the
        place may be there too: they count in the council's mean.
    councils
        Index council code, columns `MEASURES`: published figures.
    index_name
        Which deprivation index `imd_decile` is of; the gradient holds for England's only.

    Returns
    -------
    DataFrame
        Same index; columns `MEASURES` and `hle_basis`.
    """
    own = persons(areas.reindex(columns=list(MEASURES)).astype("float64"))
    decile = areas.get("imd_decile", pd.Series(np.nan, index=areas.index)).astype("float64")
    if index_name.upper().startswith(OTHER_NATIONS):
        decile = decile * np.nan
    code = _council(areas)
    figures = persons(councils.reindex(columns=list(MEASURES)).astype("float64"))
    figures = figures.reindex(code.to_numpy()).set_axis(areas.index)
    graded, published, given = decile.notna(), figures["hle"].notna(), own["hle"].notna()
    national = gradient().reindex(decile.to_numpy()).set_axis(areas.index)
    mean = _council_mean(national, code, areas["people"])
    result = figures + (national - mean).where(graded, 0.0)
    result = result.where(published, national).where(~given, own)
    basis = pd.Series("missing", index=areas.index, dtype="str")
    basis = basis.mask(graded, "national gradient").mask(published, "published")
    basis = basis.mask(published & graded, "modelled").mask(given, "given")
    if "hle_basis" in areas:
        basis = areas["hle_basis"].where(given & areas["hle_basis"].notna(), basis)
    return result.assign(hle_basis=basis)


def range_faults(areas: pd.DataFrame, file: str, first_row: int) -> list[Fault]:
    """One fault for each area whose modelled HLE no one has; nothing is clipped.

    Parameters
    ----------
    areas
        With `area_code`, `hle` and `hle_basis`, rows as in the file.
    file, first_row
        For the messages.
    """
    if "hle" not in areas:
        return []
    low, high = RANGE
    wild = areas["hle"].notna() & ~areas["hle"].between(low, high) & (areas["hle_basis"] != "given")
    return [
        Fault(
            f"HLE of {areas['area_code'].iloc[row]} is modelled as {areas['hle'].iloc[row]:.1f} "
            f"years, outside {low} to {high}",
            file,
            int(row) + first_row,
            "hle",
            "Check the published figure of its council, and its decile",
        )
        for row in np.flatnonzero(wild)
    ]


def persons(figures: pd.DataFrame) -> pd.DataFrame:
    """Fill HLE of persons, where it is not given, with the mean of the two sexes."""
    both = (figures["hle_male"] + figures["hle_female"]) / 2
    return figures.assign(hle=figures["hle"].fillna(both))


def is_council_figure(areas: pd.DataFrame) -> bool:
    """Say whether HLE columns of areas hold their councils' figures: one value a council."""
    columns = [name for name in MEASURES if name in areas and areas[name].notna().any()]
    if not columns or "hle_basis" in areas:
        return False
    groups = _council(areas)
    told = areas[columns].groupby(groups)
    return bool(told.max().equals(told.min()) and (told.count() > 1).any(axis=None))


def council_figures(areas: pd.DataFrame) -> pd.DataFrame:
    """Take council figures off their areas: index council code ("" = unknown), `MEASURES`."""
    columns = [name for name in MEASURES if name in areas]
    return areas[columns].groupby(_council(areas)).first()


def latest(periods: pd.Series) -> str:
    """Take the period that ends last: "2022 - 24" after "2021 - 23".

    Examples
    --------
    >>> latest(pd.Series(["2009 - 11", "2022 - 24", "2021 - 23"]))
    '2022 - 24'
    """
    return str(max(periods.dropna().unique(), key=lambda text: re.findall(r"\d{4}", text)))


def _council(areas: pd.DataFrame) -> pd.Series:
    """Council code of each area; "" where that is unknown."""
    return areas.get("council_code", pd.Series("", index=areas.index, dtype="str")).fillna("")


def _council_mean(national: pd.DataFrame, code: pd.Series, people: pd.Series) -> pd.DataFrame:
    """People-weighted mean of the gradient over each area's council, a row an area."""
    graded = national["hle"].notna()
    weights = people.astype("float64").fillna(0.0).where(graded, 0.0)
    empty = weights.groupby(code).transform("sum") == 0
    weights = weights.mask(empty & graded, 1.0)
    total = weights.groupby(code).transform("sum")
    products = national.fillna(0.0).mul(weights, axis=0)
    return products.groupby(code).transform("sum").div(total, axis=0)
