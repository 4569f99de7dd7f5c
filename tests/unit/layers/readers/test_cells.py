"""Figures, dates and words as people type them; what is unclear is refused, never guessed."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.columns import KINDS, STATUSES, WORKS
from nhcplanner.layers.geocoding import coordinates
from nhcplanner.layers.readers import cells
from nhcplanner.layers.readers.tables import Table
from nhcplanner.layers.sites import clean


@pytest.mark.parametrize(
    ("header", "text", "pounds"),
    [
        ("Cost", "£1.2m", 1_200_000),
        ("Cost", "1,200,000", 1_200_000),
        ("Cost", "£ 1.2 million", 1_200_000),
        ("Cost", "750k", 750_000),
        ("Cost", "1.2e+06", 1_200_000),
        ("Capital cost (£m)", "1.2", 1_200_000),
        ("Capital cost (£m)", "£750k", 750_000),  # a cell's own unit goes before the header's
        ("Cost £000s", "750", 750_000),
        ("Cost (£'000)", "750", 750_000),
        ("Cost (pounds)", "750", 750),
        ("Running cost (£ a year)", "0", 0),
    ],
)
def test_money_is_read_in_pounds(header, text, pounds):
    assert cells.pounds(header)(text) == pounds


@pytest.mark.parametrize(
    "text", ["1-2m", "c. £1m", "£", "m", "1.2.3", "1,2m", "(1,200)", "£1m + VAT", "nan", "inf", ".",
             "1.200.000", "9e99", "6bn", "e5"],
)  # fmt: skip
def test_what_is_not_one_sum_of_money_is_refused(text):
    with pytest.raises(ValueError, match=r"is not|more than any"):
        cells.pounds("Cost")(text)


@pytest.mark.parametrize(
    ("header", "text", "metres"),
    [
        ("Floor area (m2)", "1,200", 1200),
        ("floor_area_m2", "1200", 1200),
        ("GIA (m²)", "1200", 1200),
        ("Floor area (sq ft)", "10,000", 929.0304),
        ("Floor area", "1200 sqm", 1200),
        ("Floor area", "10000 sq ft", 929.0304),
        ("Floor area (sq ft)", "1200 m2", 1200),
    ],
)
def test_floor_area_is_read_in_square_metres(header, text, metres):
    assert cells.square_metres(header)(text) == pytest.approx(metres)


def test_a_bare_floor_area_without_a_unit_in_the_header_is_refused():
    with pytest.raises(ValueError, match="m2 or sq ft"):
        cells.square_metres("Floor area")("1200")
    with pytest.raises(ValueError, match="is not a number of square"):
        cells.square_metres("Floor area (m2)")("1200 rooms")


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("01/04/2025", "2025-04-01"),
        ("1/4/25", "2025-04-01"),
        ("1.4.2025", "2025-04-01"),
        ("1st april 2025", "2025-04-01"),
        ("3 sept 2025", "2025-09-03"),
        ("2025-04-01", "2025-04-01"),
        ("2025-04-01t00:00:00", "2025-04-01"),
        ("april 2025", "2025-04"),
        ("apr-25", "2025-04"),
        ("04/2025", "2025-04"),
        ("2025", "2025"),
    ],
)
def test_dates_are_read_day_first_and_written_as_iso(text, iso):
    assert cells.iso_date(text) == iso


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("04/25/2025", "is not a date"),
        ("32/1/2025", "is not a date"),
        ("45748", "Excel's count of days"),
        ("1/1/1900", "is not between"),
        ("0000", "is not a date"),
        ("soon", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        cells.iso_date(text)


def test_blank_in_words_is_blank_and_counted(tmp_path):
    frame = pd.DataFrame({"Cost": ["TBC", None, "n/a", "£5k", "lots", " "]}, dtype="str")
    table = Table(tmp_path / "list.csv", frame, 2)
    values, faults, said = cells.read_cells(table, "Cost", cells.pounds("Cost"), "Mend it")
    assert values.tolist() == [None, None, None, 5000, None, None]
    assert said == [0, 2]
    assert [(f.row, f.column, f.problem, f.hint) for f in faults] == [
        (6, "Cost", "lots is not one sum of money", "Mend it")
    ]


def test_people_may_be_thousands():
    assert cells.people("5,000 patients") == cells.people("5k") == 5000
    with pytest.raises(ValueError, match="is not a number of people"):
        cells.people("many")


def test_words_lead_to_the_schemas_and_open_is_not_taken_for_an_existing_centre():
    assert set(clean.KINDS) == set(KINDS)
    assert set(clean.STATUS) == set(STATUSES)
    assert set(clean.WORK) == set(WORKS)
    assert clean.kind("GP Surgery") == "gp_practice"
    assert clean.kind("Children's Centre") == "family_hub"
    assert clean.kind("Fire station") == "fire_station"
    assert clean.status("Discounted") == "forbidden"
    with pytest.raises(ValueError, match="is not one of existing"):
        clean.status("Open")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("SK 857 086", (485_750, 308_650)),
        ("sk857086", (485_750, 308_650)),
        ("TQ 30000 80000", (530_000.5, 180_000.5)),
        ("SV 90000 10000", (90_000.5, 10_000.5)),
        ("NY 1234 5678", (312_345, 556_785)),
    ],
)
def test_grid_references_name_the_middle_of_their_square(text, place):
    assert np.allclose(coordinates.metres(text), place)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SK 85 08", "100 m"),
        ("SK 857 08", "as many digits"),
        ("SI 857 086", "not a grid reference"),
        ("485700 308600", "not a grid reference"),
        ("AA 857 086", "no square"),
        ("SK", "100 m"),
    ],
)
def test_what_is_no_grid_reference_or_too_coarse_is_refused(text, words):
    with pytest.raises(ValueError, match=words):
        coordinates.metres(text)


@pytest.mark.parametrize("typed", ["1 465", "1\u00a0465", "1\u2009465", "1,465"])
def test_thousands_may_be_parted_by_blanks(typed):
    assert cells.numbers(pd.Series([typed])).tolist() == [1465]


@pytest.mark.parametrize("heading", ["Capital cost (€)", "Cost USD", "Cost in euros"])
def test_money_in_another_currency_is_refused(heading):
    table = Table(Path("a.csv"), pd.DataFrame({heading: ["1"]}), 2)
    assert len(cells.currency_faults(table, heading)) == 1
    assert cells.currency_faults(table, "Capital cost (£m)") == []
