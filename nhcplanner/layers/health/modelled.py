"""HLE of small areas, modelled from the figures of their councils.

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
sullivan
    By Sullivan's method from the user's life table of the area; of its council where the area
    has no decile. (Where it has one, that council's figure is modelled like a published one.)
national gradient
    g alone: no figure for the area's council.
missing
    Neither a council's figure nor a decile.

Its 95% interval combines two variances. That of the council's figure is as published (persons are
the mean of the sexes: a quarter of the sum of their variances). To it comes that of the gradient:
each area departs from it by chance, with standard deviation s = `DEPARTURE` (where s comes from,
and what about it is assumed, stands there). What the areas of a council depart by together is in
its published figure already, which leaves

    s^2 (1 - 2 w + sum of w^2 over the council),   w = the area's part of the council's people;

0 where a council is one area. An area on the national gradient alone departs as its council does
and once more as itself: 2 s^2. Errors in the gradient's own figures, under half a year, are left
out. Where the council's figure came without an interval, the area has none.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from nhcplanner.base.errors import Fault
from nhcplanner.base.text import plural, shortened
from nhcplanner.domain.need_measures import DEPARTURE, DEVIATIONS, variance
from nhcplanner.domain.place import Source

MEASURES = ("hle_male", "hle_female", "hle")
INTERVAL = ("hle_low", "hle_high")
ABOUT = (*MEASURES, *INTERVAL, "hle_basis")
"""All columns of HLE; those of a row are of one source."""

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
    """Return national HLE by IMD decile in years: rows 1 to 10, columns `MEASURES`.

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
    """Return the HLE of each area by sex and for persons, its interval and its basis.

    Parameters
    ----------
    areas
        One row for each area, with `people` and, if known, `council_code`, `imd_decile` and the
        areas' own `ABOUT`. Areas of a council outside the place may be included; they count in the
        council's mean.
    councils
        Index council code, columns of `ABOUT`: published figures.
    index_name
        Deprivation index of `imd_decile`; the gradient holds for England's only.

    Returns
    -------
    DataFrame
        Same index; columns `ABOUT`.
    """
    own = persons(areas.reindex(columns=list(MEASURES)).astype("float64"))
    decile = areas.get("imd_decile", pd.Series(np.nan, index=areas.index)).astype("float64")
    if index_name.upper().startswith(OTHER_NATIONS):
        decile = decile * np.nan
    code = council_of(areas)
    council = councils.reindex(code.to_numpy()).set_axis(areas.index)
    figures = persons(council.reindex(columns=list(MEASURES)).astype("float64"))
    graded, published, is_own = decile.notna(), figures["hle"].notna(), own["hle"].notna()
    national = gradient().reindex(decile.to_numpy()).set_axis(areas.index)
    share = _share_of_council(code, areas["people"], graded)
    mean = national.fillna(0.0).mul(share, axis=0).groupby(code).transform("sum")
    result = figures + (national - mean).where(graded, 0.0)
    result = result.where(published, national).where(~is_own, own)
    basis = pd.Series("missing", index=areas.index, dtype="str")
    basis = basis.mask(graded, "national gradient").mask(published, "published")
    if "hle_basis" in council:
        stated = council["hle_basis"].where(published & ~graded)
        basis = basis.astype("object").mask(stated.notna(), stated).astype("str")
    basis = basis.mask(published & graded, "modelled").mask(is_own, "given")
    if "hle_basis" in areas:
        basis = areas["hle_basis"].where(is_own & areas["hle_basis"].notna(), basis)
    apart = _apart(code, share).where(graded, 0.0)
    spread = (_variance(council) + apart).where(published, 2 * DEPARTURE**2)
    half = DEVIATIONS * np.sqrt(spread.where(graded | published))
    low, high = (
        (result["hle"] + sign * half).where(~is_own, areas.get(name, np.nan))
        for sign, name in ((-1, "hle_low"), (1, "hle_high"))
    )
    return result.assign(hle_low=low, hle_high=high, hle_basis=basis)


def range_faults(areas: pd.DataFrame, file: str, first_row: int) -> list[Fault]:
    """Return one fault for each area whose modelled HLE is outside the possible range.

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
    """Fill missing HLE of persons with the mean of the two sexes."""
    both = (figures["hle_male"] + figures["hle_female"]) / 2
    return figures.assign(hle=figures["hle"].fillna(both))


def persons_interval(figures: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """Return the interval of HLE of persons: as given, or from independent figures of the sexes.

    Parameters
    ----------
    figures
        Columns of `MEASURES`, years.
    ends
        Same index; `low` and `high` of each measure as columns in two levels.

    Returns
    -------
    DataFrame
        Same index, columns `INTERVAL`; missing if the interval of either sex is missing.
    """
    spread = {
        name: variance(ends[name, "low"], ends[name, "high"])
        for name in MEASURES
        if (name, "low") in ends and (name, "high") in ends
    }
    none = pd.Series(np.nan, index=figures.index)
    both = (spread.get("hle_male", none) + spread.get("hle_female", none)) / 4
    half = DEVIATIONS * np.sqrt(spread.get("hle", none).fillna(both))
    middle = persons(figures.reindex(columns=list(MEASURES)))["hle"]
    return pd.DataFrame({"hle_low": middle - half, "hle_high": middle + half})


def is_council_figure(areas: pd.DataFrame) -> bool:
    """Whether HLE columns of areas hold their councils' figures: one value for each council.

    Areas that state the basis of their figure are left out.
    """
    if "hle_basis" in areas:
        areas = areas[areas["hle_basis"].isna()]
    columns = [name for name in MEASURES if name in areas and areas[name].notna().any()]
    if not columns:
        return False
    by_council = areas[columns].groupby(council_of(areas))
    return bool(
        by_council.max().equals(by_council.min()) and (by_council.count() > 1).any(axis=None)
    )


def council_figures(areas: pd.DataFrame) -> pd.DataFrame:
    """Return council figures from their areas: by council code ("" = unknown), `MEASURES`."""
    columns = [name for name in (*MEASURES, *INTERVAL) if name in areas]
    return areas[columns].groupby(council_of(areas)).first()


def latest(periods: pd.Series) -> str:
    """Return the period that ends last: "2022 - 24" after "2021 - 23".

    Examples
    --------
    >>> latest(pd.Series(["2009 - 11", "2022 - 24", "2021 - 23"]))
    '2022 - 24'
    """
    return str(max(periods.dropna().unique(), key=lambda text: re.findall(r"\d{4}", text)))


def sullivan_notes(areas: pd.DataFrame, councils: pd.DataFrame) -> tuple[str, ...]:
    """Return a note on councils whose figures are by Sullivan's method, not the published ones."""
    if "hle_basis" not in councils:
        return ()
    here = councils.index[councils["hle_basis"] == "sullivan"].intersection(
        pd.Index(council_of(areas))
    )
    if here.empty:
        return ()
    words = f"HLE of {plural(len(here), 'council')} is by Sullivan's method, from the user's own"
    return (f"{words} life tables, in place of the published figure: {shortened(here)}",)


def council_of(areas: pd.DataFrame) -> pd.Series:
    """Return the council code of each area; "" if unknown."""
    return areas.get("council_code", pd.Series("", index=areas.index, dtype="str")).fillna("")


def _share_of_council(code: pd.Series, people: pd.Series, graded: pd.Series) -> pd.Series:
    """Return each area's share of its council's people in graded areas, equal if they have none."""
    weights = people.astype("float64").fillna(0.0).where(graded, 0.0)
    empty = weights.groupby(code).transform("sum") == 0
    weights = weights.mask(empty & graded, 1.0)
    total = weights.groupby(code).transform("sum")
    return weights.div(total.where(total > 0)).fillna(0.0)


def _variance(council: pd.DataFrame) -> pd.Series:
    """Return the variance of each council's figure, years squared; missing without an interval."""
    ends = council.reindex(columns=list(INTERVAL)).astype("float64")
    return variance(ends["hle_low"], ends["hle_high"])


def _apart(code: pd.Series, share: pd.Series) -> pd.Series:
    """Return the variance of each area's departure from its council's mean, years squared."""
    together = (share**2).groupby(code).transform("sum")
    return DEPARTURE**2 * (1 - 2 * share + together)
