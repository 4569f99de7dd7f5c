"""People by age, mid-year: ONS small-area estimates, one workbook for three years."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from nhcplanner.domain.errors import Fault, InputError
from nhcplanner.layers.files.tables import Table
from nhcplanner.layers.sources.ages import OLDEST, banded
from nhcplanner.layers.sources.base import OGL, ONS, ONS_RIGHTS, OfficialSource
from nhcplanner.layers.sources.official import AGAIN, MOVED, numeric, renaming

SHEET = re.compile(r"Mid-(\d{4}) LSOA 2021")
CODE = "LSOA 2021 Code"
LAST = 90
"""The oldest single year of age: 90 and over."""


def parse_mid_year(path: Path) -> pd.DataFrame:
    """Read the latest mid-year sheet: area_code, people, and people by age band."""
    table = _sheet(path)
    ages = {
        f"{sex}{age}": (age, age if age < LAST else OLDEST)
        for sex in "FM"
        for age in range(LAST + 1)
    }
    columns = {CODE: "area_code", "Total": "people"} | {name: name for name in ages}
    names = renaming(list(table.frame.columns), columns, table.file, ONS)
    frame = numeric(
        table.with_frame(table.frame[list(names)].rename(columns=names)), ("people", *ages)
    )
    frame = frame[frame["area_code"].notna()]
    if frame.empty:
        raise InputError([Fault("has no rows", table.file, mend=AGAIN)])
    both = pd.DataFrame({str(age): frame[f"F{age}"] + frame[f"M{age}"] for age in range(LAST + 1)})
    spans = {str(age): ages[f"F{age}"] for age in range(LAST + 1)}
    return pd.concat([frame[["area_code", "people"]], banded(both, spans)], axis=1)


def _sheet(path: Path) -> Table:
    """Read the sheet of the latest year, from its header row on."""
    try:
        book = CalamineWorkbook.from_path(str(path))
    except (CalamineError, OSError) as error:
        words = f"cannot be read as an Excel workbook: {error}"
        raise InputError([Fault(words, path.name, mend=AGAIN)]) from None
    sheets = {int(found[1]): name for name in book.sheet_names if (found := SHEET.fullmatch(name))}
    if not sheets:
        words = f"has no sheet 'Mid-YYYY LSOA 2021'; it has {', '.join(book.sheet_names)}"
        raise InputError([Fault(words, path.name, mend=MOVED)])
    rows = book.get_sheet_by_name(sheets[max(sheets)]).to_python(skip_empty_area=False)
    header = next((number for number, row in enumerate(rows[:20]) if CODE in row), None)
    if header is None:
        words = f"{sheets[max(sheets)]} has no header row with '{CODE}'"
        raise InputError([Fault(words, path.name, mend=MOVED)])
    frame = pd.DataFrame(rows[header + 1 :], columns=[str(cell) for cell in rows[header]])
    frame = frame.mask(frame == "")
    return Table(path, frame, header + 2, (f"sheet {sheets[max(sheets)]}",))


MID_YEAR = OfficialSource(
    key="mid_year",
    layer="population",
    title="Population estimates by LSOA and single year of age, mid-2022 (revised) to mid-2024",
    publisher=ONS,
    address="https://www.ons.gov.uk/file?uri=/peoplepopulationandcommunity/populationandmigration/"
    "populationestimates/datasets/lowersuperoutputareamidyearpopulationestimates/"
    "mid2022revisednov2025tomid2024/sapelsoasyoa20222024.xlsx",
    licence=OGL,
    attribution=ONS_RIGHTS,
    vintage="mid-2024, or the latest year of the workbook",
    gives="people, and people by age band",
    looks="xlsx",
    names=("sapelsoasyoa*.xlsx", "sapelsoa*.xlsx"),
    parse=parse_mid_year,
    page="https://www.ons.gov.uk/peoplepopulationandcommunity/populationandmigration/"
    "populationestimates/datasets/lowersuperoutputareamidyearpopulationestimates",
)
