"""Disagreements: contradictory figures are found by row, and sound ones are not."""

import pandas as pd
import pytest

from nhcplanner.domain.intake import FileIntake
from nhcplanner.layers.population.disagreements import (
    filling_note,
    find_disagreements,
    hle_level_notes,
    left_hle_notes,
    report_hle,
    words_on_difference,
)
from nhcplanner.layers.readers.tables import Table


def found(**columns):
    return [
        (each.columns[0], each.rows.tolist(), each.is_question)
        for each in find_disagreements(pd.DataFrame(columns))
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"imd_rank": [100, 33_000], "imd_decile": [1, 10]}, []),
        ({"imd_rank": [100, 33_000], "imd_decile": [10, 1]}, [("imd_decile", [0, 1], True)]),
        (
            {"imd_rank": [100, 16_000, 33_000], "imd_decile": [1, 5, 5]},
            [("imd_decile", [2], False)],
        ),
        ({"people": [100, 100], "people_85_plus": [5, 200]}, [("people", [1], True)]),
        ({"people": [100, 100], "people_85_plus": [5, None]}, []),
        ({"hle": [60, 60], "hle_low": [58, 61], "hle_high": [62, 63]}, [("hle_low", [1], True)]),
        ({"hle_low": [58, 63], "hle_high": [62, 61]}, [("hle_low", [1], True)]),
        ({"hle": [60.0], "hle_low": [None], "hle_high": [None]}, []),
    ],
)  # fmt: skip
def test_contradictions_are_found_by_row(columns, expected):
    assert found(**columns) == expected


def test_figures_that_differ_are_counted_with_the_first():
    one = pd.Series([1.0, 2.0, None, 4.0], index=list("abcd"), name="x")
    assert words_on_difference(one, one * (1 + 1e-9), "area") == ""
    words = words_on_difference(
        one, pd.Series([1.0, 3.0, 4.0, 4.0, 9.0], index=list("abcde")), "area"
    )
    assert words == "they differ in 1 area: b has 2 against 3"
    texts = pd.Series(["Urban", "Rural"], index=["a", "b"])
    assert "b has Rural against Urban" in words_on_difference(texts, texts.iloc[[0, 0]].set_axis(
        ["a", "b"]), "area")  # fmt: skip


def test_a_table_that_fills_blanks_says_how_many_and_where_it_differs():
    one = pd.Series([0.1, None], index=["a", "b"], name="no_car_share")
    note = filling_note(one, pd.Series([0.6, 0.2], index=["a", "b"]), "a.csv", "b.csv")
    assert note == (
        "no_car_share is that of a.csv; b.csv fills 1 area: they differ in 1 area: "
        "a has 0.1 against 0.6"
    )


def test_a_second_table_of_councils_is_named_where_it_differs():
    first = pd.DataFrame({"hle": [54.0, 60.0]}, index=["E1", "E2"])
    assert left_hle_notes(first, first, "b.csv") == []
    (note,) = left_hle_notes(first, first.assign(hle=[54.0, 61.0]), "b.csv")
    assert note.endswith("b.csv's is left: they differ in 1 council: E2 has 60 against 61")


@pytest.mark.parametrize(("years", "doubts"), [([58.0, 70.0, 62.0], 0), ([74.0, 79.0, 76.0], 1)])
def test_hle_as_high_as_life_expectancy_is_a_doubt(tmp_path, years, doubts):
    frame = pd.DataFrame({"hle": years})
    table = report_hle(Table(tmp_path / "a.csv", frame, 2, intake=FileIntake("a.csv")), frame)
    assert len(table.intake.events) == doubts


def test_areas_far_from_their_council_have_a_sentence():
    areas = pd.DataFrame({
        "council_code": ["E1", "E1", "E2"], "people": [100, 300, 100], "hle": [60.0, 64.0, 58.0],
    })  # fmt: skip
    councils = pd.DataFrame({"hle_male": [55.0, 57.0], "hle_female": [57.0, 60.0]},
                            index=["E1", "E2"])  # fmt: skip
    (note,) = hle_level_notes(areas, councils)
    # areas of E1: (100 x 60 + 300 x 64) / 400 = 63; council: (55 + 57) / 2 = 56
    assert "1 council: E1: areas 63.0, council 56.0" in note
    assert hle_level_notes(areas.assign(hle=None), councils) == ()
