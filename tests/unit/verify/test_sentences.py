"""Sentences state what the tables hold, and as many blanks as there are."""

import pandas as pd
import pytest

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.sentences import Sentences, check_cells, check_headings, check_repeated


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


def unreachable(reason="", left_out=0, forbid=()) -> Facts:
    """Return 60 people 12 minutes from A, 1,030 people 25 minutes from B, and 40 nowhere near."""
    tables = {
        "sites_wide": pd.DataFrame(
            {"site_id": ["A", "B"], "status": ["committed", "candidate"], "kind": "library",
             "cost": ["2500000", "1000000"]}
        ),
        "areas_wide": pd.DataFrame(
            {"area_code": ["x", "y", "z"], "people": ["60", "1030", "40"],
             "minutes_before": "", "minutes_after": ""}
        ),
        "origins": pd.DataFrame(
            {"origin": ["o", "p", "q"], "area_code": ["x", "y", "z"],
             "people": ["60", "1030", "40"], "point": ["o", "p", "q"]}
        ),
        "minutes": pd.DataFrame(
            {"origin": ["o", "p"], "site_id": ["A", "B"], "mode": "own", "minutes": ["12", "25"]}
        ),
    }  # fmt: skip
    scenario = {"forbid": list(forbid), "keep": [], "kinds": [], "reach": 20, "budget": None}
    plan = {"opened": [], "reason": reason, "unreached": left_out}
    return Facts(Files(tables=tables, record={"plan": plan, "scenario": scenario}))


@pytest.mark.parametrize(
    ("words", "wrong"),
    [("1 area (40 people) has no allowed site that they can travel to", []),
     ("2 areas (1,070 people) have no allowed site within 20 minutes", []),
     ("3 areas (1,130 people) have no allowed site within 10 minutes", []),
     ("2 areas (1,071 people) have no allowed site within 24.5 minutes", [("1,071", "1,070")]),
     ("3 areas (40 people) have no allowed site that they can travel to", [("3", "1")])],
)  # fmt: skip
def test_who_has_no_allowed_site_is_worked_out_from_the_minutes(words, wrong):
    found, number = compared(unreachable(), f"There is no plan: {words}.")
    assert [one[1:] for one in found] == wrong
    assert number == 2


def test_a_forbidden_site_reaches_nobody():
    words = "2 areas (1,070 people) have no allowed site that they can travel to"
    assert compared(unreachable(forbid=["B"]), words) == ([], 2)


@pytest.mark.parametrize(("left_out", "count", "people"), [(1, 1, "40"), (2, 2, "1,070")])
def test_whom_a_plan_leaves_out_is_worked_out_from_the_minutes(left_out, count, people):
    words = f"{count} starting points ({people} people) are reached by no allowed site"
    assert compared(unreachable(left_out=left_out), words) == ([], 2)
    found, _ = compared(unreachable(left_out=left_out), words.replace(people, "1,234"))
    assert [one[1:] for one in found] == [("1,234", people)]


def test_sites_that_must_open_and_their_cost_are_summed():
    words = "the {} that must open cost £{} but the budget is £1,000,000"
    facts = unreachable()
    facts.record["scenario"]["budget"] = 1_000_000
    assert compared(facts, words.format("1 site", "2,500,000")) == ([], 3)
    found, _ = compared(facts, words.format("2 sites", "3,500,000"))
    assert [one[1:] for one in found] == [("2", "1"), ("£3,500,000", "2,500,000")]


HEADINGS = ["1. Estate", "Table 1. Estate", "2. Site by site", "Site 1: Hall 7", "Table 2. Hall 7",
            "Site 2: B", "Table 3. B"]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "stated", "right"),
    [("Table 2. ", "Table 8. ", "8", "2"), ("Site 2: ", "Site 3: ", "3", "2"),
     ("2. Site", "4. Site", "4", "2"), ("Site 1: Hall 7", "Site 1: Hall 9", "9", "7")],
)  # fmt: skip
def test_a_changed_number_of_a_caption_or_heading_is_found(facts, old, new, stated, right):
    facts.files.tables["fit"] = pd.DataFrame({"site_id": ["A", "A", "B"],
                                              "name": ["Hall 7", "Hall 7", "B"]})  # fmt: skip
    ledger = Ledger()
    check_headings(HEADINGS, facts, "return.docx", ledger)
    assert ledger.differences == []
    check_headings([text.replace(old, new) for text in HEADINGS], facts, "return.docx", ledger)
    assert [(one.published, one.recomputed) for one in ledger.differences] == [(stated, right)]


def test_a_sentence_that_documents_repeat_has_the_same_figures_everywhere():
    question = "Open at most {} centres within a 20-minute walk."
    texts = {
        "brief.docx": [f"The question: {question.format(4)} It is answered below."],
        "return.docx": [question.format(5)],
        "notes.csv": [question.format(4)],
        "workbook": ["Open 3 of them.", "Open 4 of them."],
    }
    ledger = Ledger()
    check_repeated(texts, ledger)
    ((where, stated, usual),) = [
        (one.where, one.published, one.recomputed) for one in ledger.differences
    ]
    assert where == "return.docx"
    assert (stated.replace("5", "4"), usual) == (usual, usual)


def test_a_changed_figure_in_a_cell_of_words_is_found(facts):
    facts.files.tables["fit"]["criterion"] = [
        "Open 12 hours a day, six days a week", "Shared spaces"] * 2  # fmt: skip
    ledger = Ledger()
    cells = ["Open 12 hours a day, six days a week", "Open 3 hours a day on some days of 7"]
    check_cells({"return.docx": cells}, facts, ledger)
    assert (ledger.differences, ledger.number) == ([], 1)
    facts.files.tables["fit"]["goal"] = "gap between imd_quintile 1 and 4"
    check_cells({"brief.docx": ["gap between imd quintile 1 and 4"]}, facts, ledger)
    assert ledger.differences == []
    check_cells({"return.docx": [cells[0].replace("12", "13")]}, facts, ledger)
    ((stated, listed),) = [(one.published, one.recomputed) for one in ledger.differences]
    assert (stated[:7], listed[:7]) == ("Open 13", "Open 12")
