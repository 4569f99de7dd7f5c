"""Documents are read as tables and sentences."""

import io
import json

from docx import Document

from nhcplanner.verify.document_readers import tidy
from nhcplanner.verify.reading import read_files

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


def test_text_loses_marks_of_direction_and_repeated_spaces():
    assert tidy("\u2066 1\u00a0234 \n people\u2069") == "1 234 people"
    assert tidy("\u22125") == "-5"
