"""The English Indices of Deprivation: file 7 of 2025 (on LSOA 2021) and of 2019 (on LSOA 2011)."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pandas as pd

from nhcplanner.layers.sources.base import OGL, OfficialSource
from nhcplanner.layers.sources.official import numeric, official_table

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


_file_7 = partial(
    OfficialSource,
    publisher=MHCLG,
    licence=OGL,
    attribution=RIGHTS,
    looks="csv",
    parse=parse_file_7,
)
"""File 7 of an edition, but for what is its own."""

IMD_2025 = _file_7(
    key="imd_2025",
    layer="imd",
    title="English Indices of Deprivation 2025, file 7: all ranks, scores, deciles, denominators",
    address="https://assets.publishing.service.gov.uk/media/691ded56d140bbbaa59a2a7d/"
    "File_7_IoD2025_All_Ranks_Scores_Deciles_Population_Denominators.csv",
    vintage="IMD 2025, on LSOA 2021; denominators mid-2022",
    gives="rank and decile of deprivation",
    names=("File_7*IoD2025*.csv",),
    headers=(("LSOA code (2021)", DECILE),),
    page="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2025",
)

IMD_2019 = _file_7(
    key="imd_2019",
    layer="imd_2019",
    title="English Indices of Deprivation 2019, file 7: all ranks, scores, deciles, denominators",
    address="https://assets.publishing.service.gov.uk/government/uploads/system/uploads/"
    "attachment_data/file/845345/"
    "File_7_-_All_IoD2019_Scores__Ranks__Deciles_and_Population_Denominators_3.csv",
    vintage="IMD 2019, on LSOA 2011; denominators mid-2015",
    gives="rank and decile of deprivation as of 2019",
    names=("File_7*IoD2019*.csv",),
    headers=(("LSOA code (2011)", DECILE),),
    page="https://www.gov.uk/government/statistics/english-indices-of-deprivation-2019",
)
