"""Common names are known, the surest first."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import Answers, questions_of
from nhcplanner.layers.readers.cells import numbers
from nhcplanner.layers.readers.column_map import read_map
from nhcplanner.layers.readers.columns import (
    COMMON,
    figure_questions,
    match_columns,
    read_columns,
    rename_columns,
    report_proportions,
)
from nhcplanner.layers.readers.tables import Table


def names(layer: str, *columns: str) -> dict[str, str]:
    return match_columns(pd.DataFrame(columns=list(columns)), layer, {}, "f.csv", "map.toml")


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("LSOA21CD", "area_code"),
        ("lsoa21_code", "area_code"),
        ("LSOA code (2021)", "area_code"),
        ("lsoa_code", "area_code"),
        ("LSOA21NM", "area_name"),
        ("pop_mid2022", "people"),
        ("Population", "people"),
        ("utla23_code", "council_code"),
        ("CTYUA24CD", "council_code"),
        ("UTLA23NM", "council_name"),
        ("icb24_name", "icb_name"),
        ("ICB23NM", "icb_name"),
        ("IMD_rank", "imd_rank"),
        ("IMD2025_rank", "imd_rank"),
        ("wimd2019_IMD_rank", "imd_rank"),
        ("Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)", "imd_rank"),
        ("IMD_decile", "imd_decile"),
        ("hle_male_2022_24", "hle_male"),
        ("hle_women", "hle_female"),
        ("ruc21_name", "rural_urban"),
        ("pc_x", "centroid_x"),
    ],
)
def test_common_names_of_areas(theirs, ours):
    assert names("areas", theirs) == {ours: theirs}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("ods_code", "site_id"),
        ("id", "site_id"),
        ("OrganisationName", "site_name"),
        ("type", "kind"),
        ("Post Code", "postcode"),
        ("floor area (m2)", "floor_area_m2"),
    ],
)
def test_common_names_of_sites(theirs, ours):
    assert names("sites", theirs) == {ours: theirs}


@pytest.mark.parametrize("theirs", ["Health_rank", "Income_decile", "icb24_code_nhs", "lat", "IMD"])
def test_other_columns_are_left(theirs):
    assert names("areas", theirs) == {}


def test_the_surest_name_wins():
    assert names("areas", "pop_census2021", "pop_mid2022")["people"] == "pop_mid2022"
    assert names("areas", "lsoa11_code", "lsoa21_code")["area_code"] == "lsoa21_code"
    assert names("sites", "ods_code", "id")["site_id"] == "id"


def test_every_column_of_the_schema_knows_itself():
    for layer, known in COMMON.items():
        assert names(layer, *known) == {name: name for name in known}


def test_two_columns_that_fit_alike_are_a_fault():
    with pytest.raises(InputError, match="imd_rank and IMD_Rank may each be imd_rank"):
        names("areas", "imd_rank", "IMD_Rank")


def test_codes_stay_text_and_numbers_are_read_as_typed():
    frame = pd.DataFrame({"id": ["007", None], "cap": ["1,200", " "]})
    told = rename_columns(frame, "sites", {"site_id": "id", "capacity": "cap"})
    assert told["site_id"].tolist()[0] == "007"
    assert told["site_id"].isna().tolist() == [False, True]
    whole = rename_columns(pd.DataFrame({"id": [7.0, None]}), "sites", {"site_id": "id"})
    assert whole["site_id"].tolist()[0] == "7"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1,234", 1234), ("12,345.5", 12345.5), ("£2,000,000", 2e6), ("-3", -3), (" 7 ", 7)],
)
def test_numbers_as_people_type_them(typed, meant):
    assert numbers(pd.Series([typed])).tolist() == [meant]


@pytest.mark.parametrize("typed", ["1,23", "many", "inf", "1.2.3", "5%"])
def test_what_is_no_number_is_not_guessed(typed):
    assert numbers(pd.Series([typed])).isna().all()


@pytest.mark.parametrize(
    ("heading", "ours"),
    [
        ("Est. capital (£000s)", "cost"),
        ("Capex £m (2024/25 prices)", "cost"),
        ("Indicative capital cost (£)", "cost"),
        ("Cost per year", "running_cost"),
        ("Annual running costs £k", "running_cost"),
        ("Property Number", "site_id"),
        ("Usage", "kind"),
        ("Gross Area (m2)", "floor_area_m2"),
    ],
)
def test_headings_of_estates_lists_are_known(heading, ours):
    assert names("sites", heading) == {ours: heading}


@pytest.mark.parametrize("heading", ["Annual rent", "Backlog cost", "Costed", "Cost centre"])
def test_other_sums_of_money_are_neither_capital_nor_running_cost(heading):
    assert names("sites", heading) == {}


def ask(ours, values, unit="", **answers):
    table = Table(Path("a.csv"), pd.DataFrame({"x": values}), 2)
    given = Answers({key.replace("_", ".", 1): value for key, value in answers.items()})
    figures = pd.Series(values, dtype="float64")
    return [q.key for q in figure_questions(table, "x", ours, figures, given, unit)]


@pytest.mark.parametrize(
    ("ours", "values", "keys"),
    [
        ("cost", [1.2, 0.85, 12], ["cost.unit"]),
        ("cost", [1_200_000, 0, None], []),
        ("cost", [1_200_000, 900_000, 1.2], ["cost.check"]),
        ("cost", [1.2e9, 1_200_000], ["cost.check"]),
        ("running_cost", [85_000, 120_000], []),
        ("capacity", [5, 6], ["capacity.check"]),
        ("floor_area_m2", [2_000, 250_000], ["floor_area_m2.check"]),
    ],
)
def test_figures_outside_the_usual_range_are_asked_about(ours, values, keys):
    assert ask(ours, values) == keys


def test_an_answer_or_a_named_unit_settles_it():
    assert ask("cost", [1.2, 0.85], cost_check="accept") == []
    assert ask("cost", [1.2, 0.85], unit="pounds") == []


def test_two_swapped_cells_are_out_of_proportion_to_the_other_rows():
    """Rows 3 to 6 hold 5 to 8 people a square metre; the swapped row 2 holds an eighth."""
    frame = pd.DataFrame({"capacity": [1200.0, 5000, 7000, 6000, 8000],
                          "floor_area_m2": [9000.0, 1000, 1000, 1000, 1000]})  # fmt: skip
    events = report_proportions(Table(Path("a.csv"), frame, 2), frame).intake.events
    assert [event.examples for event in events] == [("row 2: 1,200 to 9,000",)]
    assert report_proportions(Table(Path("a.csv"), frame[1:], 3), frame[1:]).intake.events == ()


WANTED = {"code": ("(area|council)_code",), "deaths": ("deaths",), "asked": ("asked",)}


def read(tmp_path, text, said="", name="life.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    (tmp_path / "map.toml").write_text(said, encoding="utf-8")
    return read_columns(path, WANTED, read_map(tmp_path / "map.toml"), ("asked",))


def test_columns_of_another_table_are_found_by_name_or_by_the_map(tmp_path):
    assert read(tmp_path, "Area code,Deaths\nE1,5\n")[1] == {
        "code": "Area code",
        "deaths": "Deaths",
    }
    said = '[tables."life.csv"]\ncode = "Place"\n'
    assert read(tmp_path, "Place,Area code,Deaths\nE1,X,5\n", said)[1]["code"] == "Place"


def test_two_columns_that_may_be_meant_are_a_fault_until_the_map_or_ignore_says(tmp_path):
    text = "area_code,council_code,deaths\nE1,E6,5\n"
    with pytest.raises(InputError, match="area_code and council_code may each be code"):
        read(tmp_path, text)
    assert read(tmp_path, text, 'ignore = ["council_code"]\n')[1]["code"] == "area_code"


def test_missing_columns_and_questions_of_the_sheet_come_together(tmp_path):
    rows = "".join(f"E{n},{n},,E{n}0,7\n" for n in range(4))
    with pytest.raises(InputError) as caught:
        read(tmp_path, f"area_code,people,,Council code,Rank\n{rows}")
    assert [q.key for q in questions_of(caught.value)] == ["beside"]
    assert "has no column of deaths" in str(caught.value)


def test_answers_reach_any_table(tmp_path):
    rows = "".join(f"E{n},{n},,E{n}0,7\n" for n in range(4))
    said = '[assume]\nbeside = "two"\n'
    table, names = read(tmp_path, f"area_code,deaths,,Council code,Asked\n{rows}", said)
    assert names == {"code": "area_code", "deaths": "deaths"}
    assert "2 columns of a second table left out" in table.intake.events[0].words
