"""Healthy life expectancy by council: Fingertips indicator 90362, all years, both sexes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from nhcplanner.layers.sources.base import OGL, OfficialSource
from nhcplanner.layers.sources.official import numeric, official_table

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
    """Read HLE at birth by council, sex and period, with its 95 % interval.

    Returns
    -------
    DataFrame
        council_code, council_name, sex ("Male", "Female"), period ("2022 - 24"), hle, hle_low,
        hle_high (years); a row a council, sex and period, councils and England only, suppressed
        values left out.
    """
    figures = ("hle", "hle_low", "hle_high")
    frame = numeric(official_table(path, COLUMNS, OHID), figures)
    kept = frame["council_code"].str.fullmatch(COUNCILS, na=False) & frame["category"].isna()
    kept &= frame["indicator"].astype("str") == "90362"
    kept &= frame["hle"].notna()
    # A council stands once under each of its parents.
    frame = frame[kept].drop_duplicates(["council_code", "sex", "period"])
    return frame.drop(columns=["category", "indicator"]).reset_index(drop=True)


HLE = OfficialSource(
    key="hle",
    layer="hle",
    title="Healthy life expectancy at birth by upper-tier council (indicator 90362)",
    publisher=OHID,
    address="https://fingertips.phe.org.uk/api/all_data/csv/by_indicator_id"
    "?indicator_ids=90362&area_type_id=502",
    licence=OGL,
    attribution="Source: Office for National Statistics; Department of Health and Social Care, "
    "Fingertips, Open Government Licence v3.0",
    vintage="three-year periods up to the latest of the file",
    gives="HLE of men and women with its interval, all periods",
    looks="csv",
    names=("*90362*.csv", "indicators-*.data.csv", "by_indicator_id*.csv"),
    parse=parse_hle,
    headers=(("Indicator ID", "Area Code", "Time period", "Lower CI 95.0 limit"),),
    page="https://fingertips.phe.org.uk/search/healthy%20life%20expectancy",
)
