"""Official formats filled with the real figures: parsers and fetch give what build gives."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from nhcplanner import workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.layers.sources import timetables
from nhcplanner.layers.sources.statistics import DECILE, parse_file_7
from nhcplanner.layers.sources.streets import clip
from nhcplanner.travel import Network

COUNCILS = {"Blackpool": "E06000009", "Sheffield": "E08000019", "Cornwall": "E06000052"}
HLE = ["Indicator ID", "Area Code", "Area Name", "Area Type", "Sex", "Category Type",
       "Time period", "Value", "Lower CI 95.0 limit", "Upper CI 95.0 limit"]  # fmt: skip


def table(real: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(real / "england" / f"{name}.csv.gz", dtype=str)


def save(frame: pd.DataFrame, folder: Path, name: str, **columns: str) -> None:
    frame[list(columns.values())].set_axis(list(columns), axis=1).to_csv(folder / name, index=False)


@pytest.fixture(scope="module")
def downloads(real: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real figures under the publishers' headers, as a browser would save them."""
    folder = tmp_path_factory.mktemp("downloads")
    lookup = table(real, "lookup_lsoa21")
    save(lookup, folder, "area_lookup.csv", LSOA21CD="lsoa21_code", LAD24CD="ltla24_code",
         LAD24NM="ltla24_name", ICB24CD="icb24_code", ICB24NM="icb24_name",
         ICB24CDH="icb24_code_nhs")  # fmt: skip
    save(lookup, folder, "rural_urban.csv", LSOA21CD="lsoa21_code", Urban_rural_flag="ruc")
    save(lookup.drop_duplicates("ltla24_code"), folder, "councils.csv", LTLA23CD="ltla24_code",
         UTLA23CD="utla23_code", UTLA23NM="utla23_name")  # fmt: skip
    points = table(real, "centroids_lsoa21_postcode_proxy")
    save(points, folder, "points.csv", LSOA21CD="lsoa21_code", x="pc_x", y="pc_y")
    imd = table(real, "imd2025_lsoa21").merge(table(real, "population_lsoa21_ew"), on="lsoa21_code")
    long = {"LSOA code (2021)": "lsoa21_code", DECILE: "IMD_decile",
            "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)": "IMD_rank",
            "Total population: mid 2022": "pop_mid2022"}  # fmt: skip
    save(imd, folder, "File_7_IoD2025_All_Ranks.csv", **long)
    hle = table(real, "hle_birth_utla_2015-17_to_2022-24")
    hle = hle.set_axis(["Area Code", "Area Name", "Area Type", "Time period", "Sex", "Value", "c"],
                       axis=1)  # fmt: skip
    hle.assign(**{"Indicator ID": "90362"}).reindex(columns=HLE).to_csv(
        folder / "indicators-90362.csv", index=False
    )
    shapes = gpd.read_parquet(real / "england" / "lsoa21_boundaries_bsc.parquet")
    inside = shapes["lsoa21_code"].isin(
        lookup.loc[lookup["ltla24_code"].isin(COUNCILS.values()), "lsoa21_code"]
    )
    named = shapes[inside].rename(columns={"lsoa21_code": "LSOA21CD"})
    named.assign(LSOA21NM=named["LSOA21CD"])[["LSOA21CD", "LSOA21NM", "geometry"]].to_file(
        folder / "boundaries.gpkg"
    )
    practices = table(real, "sites_gp_practices_epraccur_2023-12")
    report = pd.DataFrame("", index=practices.index, columns=range(27))
    report[0], report[1], report[9] = (
        practices["ods_code"],
        practices["name"],
        practices["postcode"],
    )
    report[2], report[10], report[12], report[25] = "Y60", "19740401", "A", "4"
    report.to_csv(folder / "epraccur.csv", index=False, header=False)
    return folder


@pytest.mark.parametrize(("name", "code"), COUNCILS.items())
def test_a_council_from_official_files_holds_the_real_figures(
    real, downloads, tmp_path, name, code
):
    how = workflow.Fetching(from_files=downloads, streets="none", timetable=False)
    place = workflow.load(workflow.fetch([name], tmp_path / name, how))
    lookup = table(real, "lookup_lsoa21").set_index("lsoa21_code")
    codes = lookup.index[lookup["ltla24_code"] == code]
    assert sorted(place.areas["area_code"]) == sorted(codes)
    people = table(real, "population_lsoa21_ew").set_index("lsoa21_code")["pop_mid2022"].astype(int)
    assert place.people == people[codes].sum()
    hle = table(real, "hle_birth_utla_2015-17_to_2022-24")
    latest = hle[(hle["area_code"] == code) & (hle["period"] == "2022 - 24")]
    published = latest["value"].astype(float).mean()
    mean = np.average(place.areas["hle"], weights=place.areas["people"])
    assert mean == pytest.approx(published, abs=1e-6)
    assert set(place.areas["hle_basis"]) == {"modelled"}
    assert (place.sites["kind"] == "gp_practice").all()
    assert len(place.sites) > 10
    told = workflow.run(place, Scenario(count=3, mode="drive", time_limit=20))
    assert told.plan.opened


def test_file_7_gives_the_real_ranks(real, downloads):
    found = parse_file_7(downloads / "File_7_IoD2025_All_Ranks.csv").set_index("area_code")
    assert len(found) == 33_755
    assert sorted(found["imd_rank"]) == list(range(1, 33_756))
    assert found.loc["E01021988", "imd_rank"] == 1


def test_streets_clipped_wide_are_the_same_streets(real, tmp_path):
    whole = real / "places" / "newport_wales" / "newport-2023-06-13.osm.pbf"
    out = clip([whole], (300_000, 150_000, 360_000, 220_000), tmp_path / "out.osm.pbf")
    kept, all_of_it = Network.read(out).report, Network.read(whole).report
    for key in ("ways", "nodes", "streets", "km", "turn_restrictions"):
        assert kept[key] == all_of_it[key]


def test_a_timetable_clipped_wide_keeps_every_call(real, tmp_path):
    whole = real / "places" / "newport_wales" / "newport-20230613_gtfs.zip"
    out = timetables.clip(whole, (0, 0, 700_000, 1_300_000), tmp_path / "out.zip")
    calls = [
        pd.read_csv(f"zip://stop_times.txt::{path}", usecols=["trip_id"]) for path in (whole, out)
    ]
    several = calls[0].groupby("trip_id")["trip_id"].transform("size") >= 2
    assert len(calls[1]) == int(several.sum())
