"""Official statistics: mid-year population, indices of deprivation, and HLE by council.

People by age, mid-year: ONS small-area estimates, one workbook for three years.

The English Indices of Deprivation: file 7 of 2025 (on LSOA 2021) and of 2019 (on LSOA 2011).

Healthy life expectancy by council: Fingertips indicator 90362, all years, both sexes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from nhcplanner.base.errors import Fault, InputError
from nhcplanner.base.text import shortened
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sources.base import (
    AGAIN,
    MOVED,
    OGL,
    ONS,
    ONS_RIGHTS,
    OfficialSource,
)
from nhcplanner.layers.sources.opening import Part
from nhcplanner.layers.sources.published import as_frame, numeric, official_table, renaming

OLDEST = 200
BANDS = {
    "people_0_15": (0, 15),
    "people_16_64": (16, 64),
    "people_65_84": (65, 84),
    "people_85_plus": (85, OLDEST),
}
"""The schema's age bands: first and last year."""

WORDS = (
    (r"aged (\d+) years? and over", lambda a: (a, OLDEST)),
    (r"aged (\d+) years? and under", lambda a: (0, a)),
    (r"aged under (\d+) years?", lambda a: (0, a - 1)),
    (r"aged (\d+) to (\d+) years?", lambda a, b: (a, b)),
    (r"aged (\d+) years?", lambda a: (a, a)),
)


def span(label: str) -> tuple[int, int] | None:
    """Return the first and last year of a published age band; None if it is not a band.

    Examples
    --------
    >>> span("Aged 5 to 9 years"), span("Aged under 1 year"), span("Total")
    ((5, 9), (0, 0), None)
    """
    for pattern, years in WORDS:
        match = re.fullmatch(pattern, label.strip().lower())
        if match:
            return years(*map(int, match.groups()))
    return None


def banded(counts: pd.DataFrame, spans: Mapping[str, tuple[int, int]]) -> pd.DataFrame:
    """Sum published ages to our age bands.

    Parameters
    ----------
    counts
        A row an area, a column for each published age, people.
    spans
        Column -> its first and last year.

    Returns
    -------
    DataFrame
        Same index; the columns of `BANDS` that the published ages fill exactly.
    """
    bands = {}
    for band, (low, high) in BANDS.items():
        inside = {c: (a, b) for c, (a, b) in spans.items() if low <= a and b <= high}
        if _fills(sorted(inside.values()), low, high):
            bands[band] = counts[list(inside)].sum(axis=1, skipna=False)
    return pd.DataFrame(bands, index=counts.index)


def _fills(spans: list[tuple[int, int]], low: int, high: int) -> bool:
    """Whether spans follow each other without a gap from the first year to the last."""
    at = low
    for first, last in spans:
        if first != at:
            return False
        at = last + 1
    return at == high + 1


SHEET = re.compile(r"Mid-(\d{4}) LSOA 2021")
CODE = "LSOA 2021 Code"
AGE = re.compile(r"[FM](\d+)(?: to (\d+)| and over)?")
"""A column of people of one sex: of a year of age (F0), or a broad band (M16 to 29)."""
LAST = 90
"""The oldest single year of age: 90 and over."""


def _ages(column: str) -> tuple[int, int] | None:
    """Return the first and last age of a column of one sex; None if it is not one."""
    match = AGE.fullmatch(column)
    if match is None:
        return None
    first = int(match[1])
    is_open = column.endswith("and over") or first >= LAST
    return first, int(match[2] or (OLDEST if is_open else first))


def parse_mid_year(path: Path) -> pd.DataFrame:
    """Read the latest mid-year sheet, by single years or broad bands of age.

    Returns
    -------
    DataFrame
        area_code, people, and people by each age band that the published ages fill exactly.
    """
    table = _sheet(path)
    spans = {name: ages for name in map(str, table.frame.columns) if (ages := _ages(name))}
    columns = {CODE: "area_code", "Total": "people"} | {name: name for name in spans}
    names = renaming(list(table.frame.columns), columns, table.file, ONS)
    frame = numeric(
        table.with_frame(table.frame[list(names)].rename(columns=names)), ("people", *spans)
    )
    frame = frame[frame["area_code"].notna()]
    if frame.empty:
        raise InputError([Fault("has no rows", table.file, hint=AGAIN)])
    both = {ages: [name for name in spans if spans[name] == ages] for ages in spans.values()}
    counts = pd.DataFrame({str(ages): frame[by].sum(axis=1, skipna=False)
                           for ages, by in both.items()})  # fmt: skip
    bands = banded(counts, {str(ages): ages for ages in both})
    notes = [f"no {name}: its ages are published in broader bands" for name in BANDS
             if name not in bands]  # fmt: skip
    whole = pd.concat([frame[["area_code", "people"]], bands], axis=1)
    return as_frame(table.with_frame(whole, *notes))


def mid_year(part: Part) -> str:
    """Return the latest mid-year of a workbook, by its sheet's name or its own."""
    match = re.search(r"Mid-(\d{4})", part.sheet) or re.search(r"20\d\d(20\d\d)", part.name)
    return f"mid-{match[1]}" if match else ""


def _sheet(path: Path) -> Table:
    """Read the sheet of the latest year, from its header row on."""
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        words = f"cannot be read as an Excel workbook: {error}"
        raise InputError([Fault(words, path.name, hint=AGAIN)]) from None
    sheets = {int(match[1]): name for name in book.sheet_names if (match := SHEET.fullmatch(name))}
    if not sheets:
        words = f"has no sheet 'Mid-YYYY LSOA 2021'; it has {', '.join(book.sheet_names)}"
        raise InputError([Fault(words, path.name, hint=MOVED)])
    rows = book.get_sheet_by_name(sheets[max(sheets)]).to_python(skip_empty_area=False)
    header = next((number for number, row in enumerate(rows[:20]) if CODE in row), None)
    if header is None:
        words = f"{sheets[max(sheets)]} has no header row with '{CODE}'"
        raise InputError([Fault(words, path.name, hint=MOVED)])
    frame = pd.DataFrame(rows[header + 1 :], columns=[str(cell) for cell in rows[header]])
    frame = frame.mask(frame == "")
    return Table(path, frame, header + 2, (f"sheet {sheets[max(sheets)]}",))


MID_YEAR = OfficialSource(
    key="mid_year",
    layer="population",
    title="Population estimates by LSOA and age",
    publisher=ONS,
    confirmed="public pages, 2026",
    address="https://www.ons.gov.uk/file?uri=/peoplepopulationandcommunity/populationandmigration/"
    "populationestimates/datasets/lowersuperoutputareamidyearpopulationestimates/"
    "mid2022revisednov2025tomid2024/sapelsoasyoa20222024.xlsx",
    licence=OGL,
    attribution=ONS_RIGHTS,
    vintage="the latest year of the workbook",
    gives="people, and people by age band",
    looks="xlsx",
    names=("sapelsoa*",),
    parse=parse_mid_year,
    headers=((CODE, "LSOA 2021 Name", "Total", "F0*"),),
    edition=mid_year,
    page="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/"
    "populationestimates/datasets/lowersuperoutputareamidyearpopulationestimates",
)


MHCLG = "Ministry of Housing, Communities and Local Government"
RIGHTS = f"Source: {MHCLG}, English Indices of Deprivation, Open Government Licence v3.0"
RANK = "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived*)"
DECILE = "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)"


def parse_file_7(path: Path) -> pd.DataFrame:
    """Read file 7: area_code, imd_rank, imd_decile, and people as its denominators count them."""
    columns = {
        "LSOA code (20??)": "area_code",
        RANK: "imd_rank",
        DECILE: "imd_decile",
        "Total population: mid 20??*": "people",
    }
    return numeric(official_table(path, columns, MHCLG), ("imd_rank", "imd_decile", "people"))


def iod_edition(part: Part) -> str:
    """Return the edition of the indices, by the file's name and its headings."""
    match = re.search(r"(?:IoD|IMD)\D?(20\d\d)", part.name, re.IGNORECASE)
    headings = " ".join(part.rows[0]) if part.rows else ""
    facts = [f"IMD {match[1]}"] if match else []
    areas = re.search(r"LSOA code \((20\d\d)\)", headings)
    people = re.search(r"Total population: mid (20\d\d)", headings)
    facts += [f"on LSOA {areas[1]}"] if areas else []
    facts += [f"denominators mid-{people[1]}"] if people else []
    return ", ".join(facts)


_file_7 = partial(
    OfficialSource,
    publisher=MHCLG,
    licence=OGL,
    attribution=RIGHTS,
    looks="csv",
    parse=parse_file_7,
)
"""The common facts of file 7 of each edition."""

IMD_2025 = _file_7(
    key="imd_2025",
    layer="imd",
    title="English Indices of Deprivation 2025, file 7: all ranks, scores, deciles, denominators",
    confirmed="public code, 2025 and 2026",
    address="https://assets.publishing.service.gov.uk/media/691ded56d140bbbaa59a2a7d/"
    "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
    vintage="IMD 2025, on LSOA 2021; denominators mid-2022",
    gives="rank and decile of deprivation",
    names=("File_7*IoD2025*.csv",),
    headers=(("LSOA code (2021)", DECILE),),
    edition=iod_edition,
    page="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
)

IMD_2019 = _file_7(
    key="imd_2019",
    layer="imd_2019",
    title="English Indices of Deprivation 2019, file 7: all ranks, scores, deciles, denominators",
    confirmed="public code, 2019 to 2026",
    address="https://assets.publishing.service.gov.uk/government/uploads/system/uploads/"
    "attachment_data/file/845345/"
    "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv",
    vintage="IMD 2019, on LSOA 2011; denominators mid-2015",
    gives="rank and decile of deprivation as of 2019",
    names=("File_7*IoD2019*.csv",),
    headers=(("LSOA code (2011)", DECILE),),
    edition=iod_edition,
    page="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019",
)


OHID = "Office for Health Improvement and Disparities (Fingertips)"
COLUMNS = {
    "Indicator ID": "indicator",
    "Area Code": "council_code",
    "Area Name": "council_name",
    "Category Type": "category",
    "Sex": "sex",
    "Time period": "period",
    "Value": "hle",
    "Lower CI 95.0 limit": "hle_low",
    "Upper CI 95.0 limit": "hle_high",
}
COUNCILS = r"E(?:06|08|09|10)\d{6}|E92000001"
"""Codes of upper-tier councils, and of England."""


def parse_hle(path: Path) -> pd.DataFrame:
    """Read HLE at birth by council, sex and period, with its 95% interval.

    Returns
    -------
    DataFrame
        council_code, council_name, sex ("Male", "Female"), period ("2022 - 24"), hle, hle_low,
        hle_high (years); a row a council, sex and period, councils and England only, suppressed
        values left out.
    """
    figures = ("hle", "hle_low", "hle_high")
    frame = numeric(official_table(path, COLUMNS, OHID), figures)
    is_figure = frame["council_code"].str.fullmatch(COUNCILS, na=False) & frame["category"].isna()
    is_figure &= frame["indicator"].astype("str") == "90362"
    is_figure &= frame["hle"].notna()
    # A council appears once under each of its parents.
    frame = frame[is_figure].drop_duplicates(["council_code", "sex", "period"])
    return frame.drop(columns=["category", "indicator"]).reset_index(drop=True)


def _without_hle(path: Path) -> str:
    """Return why a file of Fingertips gives no HLE by council; "" if it does."""
    frame = official_table(path, COLUMNS, OHID).frame
    rows = frame[frame["indicator"].astype("str") == "90362"]
    if rows.empty:
        return (
            "has no healthy life expectancy (indicator 90362), only indicators "
            f"{shortened(frame['indicator'].dropna().unique(), 5)}"
        )
    if not rows["council_code"].str.fullmatch(COUNCILS, na=False).any():
        return "has healthy life expectancy, but not by upper-tier council"
    return ""


HLE = OfficialSource(
    key="hle",
    layer="hle",
    title="Healthy life expectancy at birth by upper-tier council (indicator 90362)",
    publisher=OHID,
    confirmed="public code, 2025 and 2026",
    address="https://fingertips.phe.org.uk/api/all_data/csv/by_indicator_id"
    "?indicator_ids=90362&area_type_id=502",
    licence=OGL,
    attribution="Source: Office for National Statistics; Department of Health and Social Care, "
    "Fingertips, Open Government Licence v3.0",
    vintage="three-year periods up to the latest of the file",
    gives="HLE of men and women with its interval, all periods",
    looks="csv",
    names=("*90362*", "indicators-*.data*", "by_indicator_id*"),
    parse=parse_hle,
    headers=(("Indicator ID", "Area Code", "Time period", "Lower CI 95.0 limit"),),
    refuse=_without_hle,
    page="https://fingertips.phe.org.uk/search/healthy%20life%20expectancy",
)
