"""Parts: numbered through, contents of the first level only.

Written: tables of evidence as text, shortened and with their reasons.
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from nhcplanner.domain.evidence import Evidence
from nhcplanner.domain.evidence_tables import TABLES
from nhcplanner.outputs.brief.parts import (
    MOST,
    SHEETS,
    Brief,
    BriefSection,
    Figure,
    Paragraph,
    Table,
    TableFormat,
    cell,
    evidence_table,
    numbered,
)
from nhcplanner.outputs.workbook.book import SHEETS as OF_BOOK


def test_tables_and_figures_are_numbered_each_in_their_own_order():
    table = Table("People", ("a",), (("1",),), (True,))
    figure = Figure("Map", b"", "words", "source")
    made = numbered(
        [BriefSection("One", (table, Paragraph("text"), figure)), BriefSection("Two", (table,))]
    )
    captions = [part.caption for one in made for part in one.parts if hasattr(part, "caption")]
    assert captions == ["Table 1. People", "Figure 1. Map", "Table 2. People"]


def test_contents_list_the_first_level_by_their_position():
    sections = (BriefSection("One"), BriefSection("Under one", level=2), BriefSection("Two"))
    assert Brief("t", "p", (), sections).contents == ((0, "One"), (2, "Two"))


def _waves(rows: int) -> pd.DataFrame:
    names = [f"w{n}" for n in range(rows)]
    return pd.DataFrame({"wave": names, "site_id": "S", "name": "Site"})


def test_a_long_table_is_shortened_and_says_where_the_rest_is(outcome):
    evidence = Evidence(outcome, wave_sites=_waves(250))
    (table,) = evidence_table(evidence, "wave_sites", ("wave", "name"))
    assert isinstance(table, Table)
    assert len(table.rows) == MOST
    assert f"first {MOST} of 250 rows" in table.note
    assert "sheet Access" in table.note


def test_a_short_table_is_whole_and_says_nothing(outcome):
    (table,) = evidence_table(Evidence(outcome, wave_sites=_waves(3)), "wave_sites", ("wave",))
    assert table.rows == (("w0",), ("w1",), ("w2",))
    assert not table.note


def test_a_table_that_is_not_there_gives_its_reason(outcome):
    evidence = Evidence(outcome, reasons={"waves": "No waves were given"})
    assert evidence_table(evidence, "waves", ("wave",)) == (
        Paragraph("Waves: not known. No waves were given."),
    )


def test_reasons_and_words_stand_under_a_table(outcome):
    evidence = Evidence(
        outcome, wave_sites=_waves(1), reasons={"wave_sites": "cut"}, words={"wave_sites": "last"}
    )
    assert evidence_table(evidence, "wave_sites", ("wave",))[0].note == "last. cut."


def test_blanks_are_words_and_never_nought(outcome):
    frame = pd.DataFrame({"minutes_there": [np.nan, 5.25], "people": [10, 20]})
    evidence = Evidence(outcome, losers=frame.reindex(columns=TABLES["losers"].names))
    told = TableFormat("Losers", {"people": "Heads"}, {"minutes_there": "over 60"})
    (table,) = evidence_table(evidence, "losers", ("people", "minutes_there"), layout=told)
    assert table.heads == ("Heads", "Minutes there (blank = beyond)")
    assert table.rows == (("10", "over 60"), ("20", "5.2"))
    assert table.numbers == (True, True)


def test_mixed_units_follow_the_column_beside_them(outcome):
    frame = pd.DataFrame({"unit": ["share", "pounds"], "before": [0.5, 2000.0]})
    evidence = Evidence(outcome, inequality=frame.reindex(columns=TABLES["inequality"].names))
    (table,) = evidence_table(evidence, "inequality", ("before",))
    assert table.rows == (("50.0%",), ("£2,000",))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (np.True_, "", "yes"),
        (float("nan"), "share", "not known"),
        ("", "", "not known"),
        (-1500.0, "pounds", "-£1,500"),
        (12.0, "minutes", "12.0"),
        (15.0, "whole minutes", "15"),
        (433199.0, "grid reference", "433199"),
        (2035, "year", "2035"),
        (0.0, "ratio", "0.000"),
        (0.12345, "ratio", "0.123"),
    ],
)
def test_cells(value, unit, text):
    assert cell(value, unit) == text


NOT_IN_THE_WORKBOOK = {
    "option_sites", "candidates", "exchanges",
    # what an outsider needs to compute the others again stands in tables (CSV) alone
    "origins", "minutes", "settings", "case_sites", "case_bands", "loss_sites", "wave_afresh",
    "area_years", "origin_years", "case_growth", "other_assignments", "patients_by_area",
}  # fmt: skip


def test_every_table_has_its_sheet_in_the_workbook():
    assert set(SHEETS) == set(TABLES) - NOT_IN_THE_WORKBOOK
    assert set(SHEETS.values()) <= set(OF_BOOK)


def test_the_outcome_is_left_alone(outcome):
    evidence = Evidence(outcome, wave_sites=_waves(30))
    kept = replace(evidence).wave_sites.copy()
    evidence_table(evidence, "wave_sites", ("wave",))
    pd.testing.assert_frame_equal(evidence.wave_sites, kept)
