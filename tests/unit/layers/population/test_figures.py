"""Shares, ranks and parts of areas: unit by heading, and each column against the others."""

from pathlib import Path

import pandas as pd
import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.domain.intake import questions_of
from nhcplanner.layers.population.figures import read_figures
from nhcplanner.layers.readers.column_map import ColumnMap
from nhcplanner.layers.readers.columns import match_columns
from nhcplanner.layers.readers.tables import Table


def read(columns, file="t.csv", **said):
    frame = pd.DataFrame(columns, dtype="str")
    names = match_columns(frame, "areas", {}, file, "map.toml")
    return read_figures(Table(Path(file), frame, 2), names, ColumnMap(**said))


def asked(columns, **said):
    with pytest.raises(InputError) as caught:
        read(columns, **said)
    return [question.key for question in questions_of(caught.value)]


@pytest.mark.parametrize(
    ("heading", "cells", "shares"),
    [
        ("no_car_share", ["0.25", "0.03"], [0.25, 0.03]),
        ("Households without a car (%)", ["25", "0.5"], [0.25, 0.005]),
        ("no_car_percent", ["25", "3"], [0.25, 0.03]),
        ("Households without a car", ["25%", "3%"], [0.25, 0.03]),
    ],
)
def test_shares_are_read_by_heading_or_sign(heading, cells, shares):
    heading = heading.replace("no_car_percent", "no_car_share_percent")
    assert read({heading: cells})[1]["no_car_share"].tolist() == pytest.approx(shares)


@pytest.mark.parametrize(
    ("heading", "cells"),
    [("no_car_share", ["25", "3"]), ("Households without a car (%)", ["0.25", "0.03"])],
)
def test_shares_of_an_unclear_unit_are_asked_about(heading, cells):
    assert asked({heading: cells}) == ["no_car_share.unit"]
    _, frame = read({heading: cells}, units={"no_car_share": "percent"})
    assert frame["no_car_share"].tolist() == [float(cell) / 100 for cell in cells]


def test_another_index_is_not_taken_for_imd():
    columns = {"lsoa21cd": ["E01000001"], "rank": ["30000"], "decile": ["9"]}
    table, frame = read(columns, "ahah.csv")
    assert list(frame) == ["area_code"]
    assert len(table.intake.events) == 2
    assert {"imd_rank", "imd_decile"} <= set(read(columns, "IoD2025.csv")[1])


def test_a_rank_and_a_decile_that_disagree_are_asked_about():
    # 33,755 areas: rank 5,000 is in the second tenth, 30,000 in the ninth
    good = {"imd_rank": ["5000", "30000"], "imd_decile": ["2", "9"]}
    assert len(read(good)[1]) == 2
    assert asked(good | {"imd_decile": ["9", "2"]}) == ["agree"]


def test_ages_that_do_not_come_to_the_people_are_asked_about():
    ages = {"people_0_15": ["10", "20"], "people_16_64": ["60", "50"],
            "people_65_84": ["25", "25"], "people_85_plus": ["5", "5"]}  # fmt: skip
    assert len(read({"people": ["100", "100"], **ages})[1]) == 2
    assert asked({"people": ["100", "900"], **ages}) == ["agree"]
    table, _ = read({"people": ["100", "900"], **ages}, assume={"agree": "accept"})
    assert table.intake.events[0].kind == "doubt"


def test_one_code_with_two_names_is_a_doubt():
    table, _ = read({"utla_code": ["E06", "E06"], "utla_name": ["Here", "There"]})
    assert table.intake.events[0].examples == ("E06: Here, There",)


def test_rounded_counts_are_refused():
    with pytest.raises(InputError, match="in scientific form"):
        read({"people": ["1.5E+03", "900"]})


def test_a_rank_and_a_decile_a_little_apart_are_a_doubt_that_names_the_rows():
    columns = {"lsoa21cd": ["E01000001", "E01000002"], "imd_rank": ["15000", "100"],
               "imd_decile": ["3", "1"]}  # fmt: skip
    table, _ = read(columns)
    assert [str(event) for event in table.intake.events if event.kind == "doubt"] == [
        "rank 15,000 and decile 3 do not agree (1 row) (row 2: 15,000, 3)"
    ]


def test_codes_in_small_letters_are_written_in_capitals_and_counted():
    table, frame = read({"lsoa21cd": ["e01000001", "E01000002"], "people": ["1", "2"]})
    assert frame["area_code"].tolist() == ["E01000001", "E01000002"]
    assert [event.count for event in table.intake.events if event.kind == "converted"] == [1]


def test_a_share_far_from_the_others_is_a_doubt():
    """0.000000135 among shares of 0.1 to 0.2: two cells later, nobody would see the slip."""
    cells = ["0.12", "0.000000135", "0.2", "0.15", "0.1"]
    events = read({"no_car_share": cells})[0].intake.events
    assert [(event.kind, event.examples) for event in events] == [("doubt", ("row 3: 1.35e-07",))]
    assert read({"no_car_share": ["0.01", "0.02", "0.5", "0.9"]})[0].intake.events == ()


def test_rows_of_different_years_are_a_doubt():
    def doubts(**columns):
        table, _ = read({"lsoa21cd": ["E01000001", "E01000002"], "people": ["5", "6"], **columns})
        return [str(event) for event in table.intake.events if event.kind == "doubt"]

    assert doubts(Year=["2021", "2022"]) == [
        "'Year' has 2 values: rows are of different times (2021; 2022)"
    ]
    assert doubts(Year=["2021", "2021"]) == []
