"""Sentences state what the tables hold, and as many blanks as there are."""

import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.sentences import Sentences


@pytest.fixture
def facts() -> Facts:
    """Return three sites, two of them centres; one of four judgements has no blank."""
    sites = pd.DataFrame(
        {
            "site_id": ["A", "B", "C"],
            "works": ["", "new build", ""],
            "cost": ["", "", "3000000"],
            "digital": ["ready", "ready", ""],
        }
    )
    fit = pd.DataFrame(
        {
            "site_id": ["A", "A", "B", "B"],
            "criterion": ["one", "two"] * 2,
            "state": ["met", "gap", "", ""],
            "evidence": ["seen", "", "", ""],
            "by": ["me", "", "", ""],
        }
    )
    record = {"plan": {"opened": ["A", "B"], "value": 12_345}}
    return Facts(Files(tables={"sites_wide": sites, "fit": fit}, record=record))


def compared(facts, *texts, tables=()):
    """Return the differences of some sentences, and the number of figures compared."""
    ledger = Ledger()
    Sentences(facts).check(texts, tables, "brief.docx", ledger)
    found = [(one.figure, one.published, one.recomputed) for one in ledger.differences]
    return found, ledger.number


BLANKS = (
    "Not known: to be filled in by the ICB (number of centres with a blank): refurbishment, "
    "extension or new build {}, indicative capital {} and fit to criteria and minimum "
    "requirements {} cells. The sheets have a marked cell for each."
)


def test_blanks_of_centres_and_of_criteria_are_counted_again(facts):
    assert compared(facts, BLANKS.format("1", "2", "8")) == ([], 3)
    found, _ = compared(facts, BLANKS.format("2", "1", "1,008"))
    assert found == [
        ("Centres with a blank: refurbishment, extension or new build", "2", "1"),
        ("Centres with a blank: indicative capital", "1", "2"),
        ("Blank cells of the fit to criteria and minimum requirements", "1,008", "8"),
    ]


def test_marked_cells_of_the_return_are_counted_in_its_tables(facts):
    tables = [[["Question", "Answer"], ["Works", "to be filled in"]], [["to be filled in", "2"]]]
    words = "Plan of 1 May 2026. {} of this return {} still to be filled in; they are shaded."
    assert compared(facts, words.format("2 cells", "are"), tables=tables) == ([], 1)
    found, _ = compared(facts, words.format("1 cell", "is"), tables=tables)
    assert found == [("Cells still to be filled in", "1", "2")]


def test_a_large_figure_must_be_in_the_tables(facts):
    assert compared(facts, "The plan reaches 12,345 people.") == ([], 1)
    ((words, stated, counted),) = compared(facts, "The plan reaches 12,346 people.")[0]
    assert "12,346 people" in words
    assert (stated, counted) == ("12,346", "in no table")
