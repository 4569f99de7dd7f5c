"""Age bands: filled exactly or not at all.

Census, population, deprivation and HLE: read as published, and refused when columns moved.
"""

from functools import partial

import pandas as pd
import pytest
import xlsxwriter

from nhcplanner.base.errors import InputError
from nhcplanner.layers.sources import census
from nhcplanner.layers.sources.statistics import (
    IMD_2019,
    OLDEST,
    banded,
    parse_file_7,
    parse_hle,
    parse_mid_year,
    span,
)


@pytest.mark.parametrize(("label", "years"), [
    ("Aged 4 years and under", (0, 4)),
    ("Aged under 1 year", (0, 0)),
    ("Aged 1 year", (1, 1)),
    ("Aged 15 to 19 years", (15, 19)),
    ("Aged 100 years and over", (100, OLDEST)),
    ("Total", None),
])  # fmt: skip
def test_labels(label, years):
    assert span(label) == years


def test_a_band_that_published_ages_cut_is_left_out():
    spans = {"0-14": (0, 14), "15-19": (15, 19), "20-64": (20, 64), "65-84": (65, 84),
             "85+": (85, OLDEST)}  # fmt: skip
    counts = pd.DataFrame({name: [10] for name in spans})
    made = banded(counts, spans)
    assert made.columns.tolist() == ["people_65_84", "people_85_plus"]


def test_a_hole_in_the_ages_fills_nothing():
    spans = {"85-89": (85, 89), "91+": (91, OLDEST)}
    assert banded(pd.DataFrame({name: [1] for name in spans}), spans).empty


def test_a_blank_age_makes_a_blank_band():
    spans = {"65-74": (65, 74), "75-84": (75, 84)}
    made = banded(pd.DataFrame({"65-74": [5, 5], "75-84": [5, None]}), spans)
    assert made["people_65_84"].tolist()[0] == 10
    assert pd.isna(made["people_65_84"].iloc[1])


@pytest.fixture
def text(tmp_path):
    def write(*lines, name="table.csv"):
        path = tmp_path / name
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


def faults(parse, path):
    with pytest.raises(InputError) as caught:
        parse(path)
    return caught.value.faults


CARS = "DATE_NAME,GEOGRAPHY_CODE,C2021_CARS_5,C2021_CARS_5_NAME,OBS_VALUE"


def test_cars_from_the_api_and_in_bulk_are_the_same(text):
    api = text(CARS, "2021,E01000001,0,Total: All households,800",
               "2021,E01000001,1,No cars or vans in household,200",
               "2021,E01000002,0,Total: All households,0",
               "2021,E01000002,1,No cars or vans in household,0")  # fmt: skip
    found = census.parse_cars(api)
    assert found.columns.tolist() == ["area_code", "no_car_share"]
    assert found["no_car_share"].iloc[0] == 0.25
    assert pd.isna(found["no_car_share"].iloc[1])  # no households, no share
    bulk = text("date,geography,geography code,Number of cars or vans: Total: All households,"
                "Number of cars or vans: No cars or vans in household",
                "2021,City of London 001A,E01000001,800,200", "2021,b,E01000002,0,0",
                name="census2021-ts045-lsoa.csv")  # fmt: skip
    pd.testing.assert_frame_equal(census.parse_cars(bulk), found)


OWN = ("Lower layer Super Output Areas Code,Lower layer Super Output Areas,"
       "Car or van availability (5 categories) Code,Car or van availability (5 categories),"
       "Observation")  # fmt: skip


def test_the_own_download_of_the_ons_sums_to_its_total(text):
    path = text(OWN, "E01000001,a,-8,Does not apply,0",
                "E01000001,a,0,No cars or vans in household,140",
                "E01000001,a,1,1 car or van in household,560",
                "E01000002,b,0,No cars or vans in household,140",
                "E01000002,b,-8,Does not apply,0", name="TS045-2021-3-filtered.csv")  # fmt: skip
    found = census.parse_cars(path)
    assert found["no_car_share"].iloc[0] == 140 / 700
    assert pd.isna(found["no_car_share"].iloc[1])  # one category only: its share is not known
    assert "E01000002" in found.attrs["notes"][-1]
    assert census.TS045.has_headers(OWN.split(","))


def test_residents_in_bulk_with_measures_in_the_name(text):
    path = text("date,geography,geography code,Residence type: Total; measures: Value",
                "2021,a,E01000001,1475")  # fmt: skip
    assert census.parse_residents(path).to_dict("records") == [
        {"area_code": "E01000001", "people": 1475}
    ]


def test_disability_sums_its_parts_where_there_is_no_sum(text):
    head = "GEOGRAPHY_CODE,C2021_DISABILITY_5_NAME,OBS_VALUE"
    limited = [f'E01000001,"{words}",{people}'
               for words, people in zip(census.LIMITED, (100, 150), strict=True)]  # fmt: skip
    path = text(head, "E01000001,Total: All usual residents,1000", *limited)
    assert census.parse_disability(path)["disabled_share"].tolist() == [0.25]


def test_single_years_of_age_fill_every_band(text):
    labels = ["Aged under 1 year", "Aged 1 year", *(f"Aged {n} years" for n in range(2, 100)),
              "Aged 100 years and over"]  # fmt: skip
    rows = [f"E01000001,{label},2" for label in ("Total: All usual residents", *labels)]
    path = text("GEOGRAPHY_CODE,C2021_AGE_102_NAME,OBS_VALUE", *rows)
    found = census.parse_ages(path, census.Cells("c2021_age_102", "Age"))
    assert found.iloc[0].to_dict() == {
        "area_code": "E01000001", "people_0_15": 32, "people_16_64": 98, "people_65_84": 40,
        "people_85_plus": 32,
    }  # fmt: skip


@pytest.mark.parametrize(("lines", "words", "column"), [
    ([CARS.replace("OBS_VALUE", "VALUE"), "2021,E01000001,0,Total: All households,1"],
     "Nomis's column is missing", "OBS_VALUE"),
    ([CARS, "2021,E01000001,0,Total: All households,1", "2011,E01000001,0,Total: All households,2"],
     "twice", "OBS_VALUE"),
    ([CARS, "2021,E01000001,0,Total: All households,many"], "many is not a number", "people"),
    ([CARS, "2021,E01000001,0,Total: All households,1"], "has no cell 'No cars", ""),
    ([CARS], "has no rows", ""),
    (["date,geography,geography code,Sex: Total", "2021,a,E01000001,1"],
     "has no column 'Number of cars or vans", ""),
])  # fmt: skip
def test_census_tables_of_another_form_are_refused(text, lines, words, column):
    (fault,) = faults(census.parse_cars, text(*lines))
    assert words in fault.problem
    assert fault.column == column


IMD = ["LSOA code (2011)", "LSOA name (2011)", "Local Authority District code (2019)",
       "Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)",
       "Index of Multiple Deprivation (IMD) Decile (where 1 is most deprived 10% of LSOAs)",
       "Total population: mid 2015 (excluding prisoners)"]  # fmt: skip


def test_file_7_of_2019(text):
    path = text(",".join(IMD), "E01000001,City of London 001A,E09000001,29199,9,1296")
    assert IMD_2019.has_headers(set(IMD))
    assert parse_file_7(path).to_dict("records") == [
        {"area_code": "E01000001", "imd_rank": 29199, "imd_decile": 9, "people": 1296}
    ]


def test_file_7_with_moved_columns_names_all_that_moved(text):
    head = ",".join(IMD).replace("Rank", "Place").replace("Decile", "Tenth")
    found = faults(parse_file_7, text(head, "E01000001,a,E09000001,1,1,1"))
    assert len(found) == 2
    assert all("check the edition" in fault.hint for fault in found)


HLE = ("Indicator ID,Area Code,Area Name,Area Type,Sex,Category Type,Time period,Value,"
       "Lower CI 95.0 limit,Upper CI 95.0 limit")  # fmt: skip


def test_hle_keeps_councils_all_periods_and_intervals(text):
    path = text(
        HLE,
        "90362,E92000001,England,England,Male,,2022 - 24,60.9,60.7,61.1",
        "90362,E12000002,North West region,Regions,Male,,2022 - 24,60,59,61",
        "90362,E06000009,Blackpool,Counties,Male,,2021 - 23,51.5,49.9,53.1",
        "90362,E06000009,Blackpool,Counties,Male,,2022 - 24,50.9,49.0,52.8",
        "90362,E06000009,Blackpool,Counties,Male,,2022 - 24,50.9,49.0,52.8",
        "90362,E06000009,Blackpool,Counties,Male,IMD deciles,2022 - 24,48,47,49",
        "90362,E10000008,Devon,Counties,Female,,2022 - 24,63,61,65",
        "90362,E09000001,City of London,Counties,Male,,2022 - 24,,,",
        "93505,E06000009,Blackpool,Counties,Male,,2022 - 24,7,6,8",
    )
    found = parse_hle(path)
    assert found[["council_code", "period", "hle"]].to_numpy().tolist() == [
        ["E92000001", "2022 - 24", 60.9],
        ["E06000009", "2021 - 23", 51.5],
        ["E06000009", "2022 - 24", 50.9],
        ["E10000008", "2022 - 24", 63.0],
    ]
    assert found.loc[2, ["hle_low", "hle_high"]].tolist() == [49.0, 52.8]


@pytest.fixture
def workbook(tmp_path):
    def write(sheets, header_row=3):
        path = tmp_path / "sapelsoasyoa20222024.xlsx"
        book = xlsxwriter.Workbook(path)
        for name, total in sheets.items():
            page = book.add_worksheet(name)
            ages = [f"{sex}{age}" for sex in "FM" for age in range(91)]
            page.write_row(header_row, 0, ["LAD 2023 Code", "LAD 2023 Name", "LSOA 2021 Code",
                                           "LSOA 2021 Name", "Total", *ages])  # fmt: skip
            row = ["E06000001", "a", "E01000001", "b", total, *[1] * 91, *[2] * 91]
            page.write_row(header_row + 1, 0, row)
        book.close()
        return path

    return write


def test_the_latest_mid_year_sheet_is_taken(workbook):
    found = parse_mid_year(
        workbook({"Notes": 0, "Mid-2022 LSOA 2021": 1, "Mid-2024 LSOA 2021": 273})
    )
    assert found.iloc[0].to_dict() == {
        "area_code": "E01000001", "people": 273, "people_0_15": 48, "people_16_64": 147,
        "people_65_84": 60, "people_85_plus": 18,
    }  # fmt: skip


@pytest.mark.parametrize(("sheets", "row", "words"), [
    ({"Mid-2019 LSOA 2011": 1}, 3, "no sheet 'Mid-YYYY LSOA 2021'"),
    ({"Mid-2024 LSOA 2021": 1}, 40, "has no header row"),
])  # fmt: skip
def test_a_workbook_of_another_form_is_refused(workbook, sheets, row, words):
    (fault,) = faults(parse_mid_year, workbook(sheets, row))
    assert words in fault.problem


def test_a_workbook_that_is_none_is_refused(text):
    (fault,) = faults(parse_mid_year, text("not a workbook", name="sape.xlsx"))
    assert "cannot be read as an Excel workbook" in fault.problem


def test_bands_that_no_age_fills_are_refused(text):
    parse = partial(census.parse_ages, cells=census.AGES)
    path = text("GEOGRAPHY_CODE,C2021_AGE_19_NAME,OBS_VALUE", "E01000001,Total,5")
    assert "no ages" in faults(parse, path)[0].problem


def test_broad_bands_of_age_fill_the_bands_that_they_can(tmp_path):
    path = tmp_path / "sapelsoabroadage20222024.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("Mid-2024 LSOA 2021")
    bands = ["0 to 15", "16 to 29", "30 to 44", "45 to 64", "65 and over"]
    ages = [f"{sex}{band}" for sex in "FM" for band in bands]
    page.write_row(3, 0, ["LSOA 2021 Code", "LSOA 2021 Name", "Total", *ages])
    page.write_row(4, 0, ["E01000001", "a", 100, *range(1, 11)])
    book.close()
    found = parse_mid_year(path)
    # women 1 to 5, men 6 to 10, each by band
    assert found.iloc[0].to_dict() == {
        "area_code": "E01000001", "people": 100, "people_0_15": 7, "people_16_64": 9 + 11 + 13
    }  # fmt: skip
    assert any("people_65_84" in note for note in found.attrs["notes"])
