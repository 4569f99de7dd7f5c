"""Documents are compared with the tables and with the record."""

import io
import json

from docx import Document

from nhcplanner.verify.documents import check_documents, split, tidy
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files, Page
from nhcplanner.verify.ledger import Ledger
from nhcplanner.verify.reading import read_files


def test_a_sheet_is_parted_into_tables_and_lines():
    rows = [["Title", ""], ["", ""], ["Site", "People"], ["a", 1.0], ["", ""], ["b", 2.0]]
    blocks, prose = split(rows)
    assert blocks == [[["Site", "People"], ["a", 1.0]]]
    assert prose == ["Title"]


def test_without_tables_only_rows_that_a_goal_leads_are_compared_with_the_record():
    first, second = "people of band 1 within reach", "people of band 2 within reach"
    stages = [{"goal": first, "value": 36454, "bound": 36454, "gap": 0.0},
              {"goal": second, "value": 7515, "bound": 7600, "gap": 85.0}]  # fmt: skip
    goals = [["Goal", "Reached", "Best possible"], [first, "36,454", "36,454"],
             [second, "7,516", "7,600"]]  # fmt: skip
    lost = [["Site id", "Goal", "Lost"], ["S010", first, 0], ["S010", second, -2967],
            ["S050", first, 0], ["S050", second, -4316]]  # fmt: skip
    others = [["Goal", "Plan 1", "Plan 2"], [first, "36,454", "36,454"],
              [second, "7,515", "7,490"]]  # fmt: skip
    page = Page(tables=[goals, [[str(cell) for cell in row] for row in lost], others])
    ledger = Ledger()
    files = Files(
        record={"plan": {"stages": stages}}, books={"b.xlsx": {"Losses": lost}},
        pages={"b.html": page},
    )  # fmt: skip
    check_documents(Facts(files), ledger)
    differences = [(one.figure, one.published, one.recomputed) for one in ledger.differences]
    assert differences == [(f"Reached, {second} / 7,516 / 7,600", "7,516", "7,515")]
    assert "b.html: column 'Plan 2'" in {absent.what for absent in ledger.absent}


def test_a_setting_between_settings_without_a_value_is_compared():
    rows = [["Key", "Value"], ["count", 4.0], ["floors", ""], ["least_people", 5.0],
            ["most_people", ""], ["bands", 3.0]]  # fmt: skip
    scenario = {"count": 4, "floors": [], "least_people": 0.0, "most_people": None, "bands": 3}
    record = {"plan": {}, "scenario": scenario}
    ledger = Ledger()
    check_documents(Facts(Files(record=record, books={"b.xlsx": {"Assumptions": rows}})), ledger)
    found = [(one.published, one.recomputed) for one in ledger.differences]
    assert found == [("5", "0")]


def test_small_figures_of_the_brief_are_compared_between_its_two_forms():
    page, word = (Page(paragraphs=[f"It opens {n} centres of 9."]) for n in (5, 6))
    files = Files(record={"plan": {}}, pages={"brief.html": page, "brief.docx": word})
    ledger = Ledger()
    check_documents(Facts(files), ledger)
    assert [(one.figure, one.published, one.recomputed) for one in ledger.differences] == [
        ("Text of the brief, 'It opens centres of'", "It opens 5 centres of 9.",
         "It opens 6 centres of 9.")
    ]  # fmt: skip
    assert ("brief.html: small figures in sentences", 2) in [
        (absent.what, absent.number) for absent in ledger.absent
    ]


RECORD = json.dumps({"plan": {"opened": []}, "scenario": {}})


def test_html_and_word_give_tables_and_sentences(tmp_path):
    (tmp_path / "plan.json").write_text(RECORD)
    (tmp_path / "b.html").write_text(
        "<head><title>9</title></head><body><p>In all 1,234 people</p><script>5</script>"
        "<table><tr><th>Who</th></tr><tr><td>All <b>7</b></td></tr></table></body>"
    )
    document = Document()
    document.add_paragraph("In all 1,234 people")
    table = document.add_table(2, 1)
    table.cell(0, 0).text, table.cell(1, 0).text = "Who", "All 7"
    packed = io.BytesIO()
    document.save(packed)
    (tmp_path / "b.docx").write_bytes(packed.getvalue())
    for page in read_files(tmp_path).pages.values():
        assert page.paragraphs == ["In all 1,234 people"]
        assert page.tables == [[["Who"], ["All 7"]]]


def test_captions_of_a_page_and_of_a_word_document_are_the_same_paragraphs(tmp_path):
    (tmp_path / "plan.json").write_text(RECORD)
    (tmp_path / "b.html").write_text(
        "<body><table><caption>Table 1. Who</caption><tr><td>All</td></tr></table><figure>"
        "<figcaption><b>Figure 1. Minutes</b> <span class='small'>Source: us.</span></figcaption>"
        "</figure></body>"
    )
    document = Document()
    document.add_paragraph("Table 1. Who")
    document.add_table(1, 1).cell(0, 0).text = "All"
    document.add_paragraph("Figure 1. Minutes")
    document.add_paragraph("Source: us.")
    document.save(str(tmp_path / "b.docx"))
    for page in read_files(tmp_path).pages.values():
        assert page.paragraphs == ["Table 1. Who", "Figure 1. Minutes", "Source: us."]
        assert page.tables == [[["All"]]]


def test_a_figure_changed_at_the_start_of_a_long_text_is_found():
    page, word = (
        Page(
            paragraphs=[f"If Hall {n} is not available, {'the plan is worse, ' * 20}it opens none."]
        )
        for n in (1, 7)
    )
    files = Files(record={"plan": {}}, pages={"brief.html": page, "brief.docx": word})
    ledger = Ledger()
    check_documents(Facts(files), ledger)
    found = {(one.published[:10], one.recomputed[:10]) for one in ledger.differences}
    assert ("If Hall 1 ", "If Hall 7 ") in found


def test_a_changed_sign_in_one_form_of_the_brief_is_found():
    page, word = (Page(paragraphs=[f"The slope is {n}."]) for n in ("-5.2", "5.2"))
    files = Files(record={"plan": {}}, pages={"brief.html": page, "brief.docx": word})
    ledger = Ledger()
    check_documents(Facts(files), ledger)
    assert "Text of the brief, 'The slope is'" in {one.figure for one in ledger.differences}


def test_text_loses_marks_of_direction_and_repeated_spaces():
    assert tidy("\u2066 1\u00a0234 \n people\u2069") == "1 234 people"
    assert tidy("\u22125") == "-5"
