import io
import json
import zipfile

import docx
import pytest
from openpyxl import load_workbook

from nhcplanner import outputs, workflow
from nhcplanner.outputs import export_formats
from nhcplanner.outputs.export_formats import PLAN
from nhcplanner.pages.session import plain


@pytest.fixture
def hand_in(opened):
    """Hand-in of a plan of three centres."""
    app = opened("hand_in", count="3")
    app.button[0].click().run()
    assert not app.exception
    app.slider[0].set_value(10)
    return app


def _choose(app, *names):
    for box in app.checkbox:
        box.set_value(any(export_formats.title(name) in box.label for name in names))
    app.run()


def _made(app, monkeypatch):
    """Press, and give what the download button holds."""
    kept = []
    real = workflow.make_hand_in
    monkeypatch.setattr(
        workflow,
        "make_hand_in",
        lambda *given, **named: kept.append(real(*given, **named)) or kept[-1],
    )
    next(one for one in app.button if one.label == "Export documents").click().run()
    assert not app.exception
    return kept[0]


def test_every_format_there_is_may_be_chosen(hand_in):
    labels = [box.label for box in hand_in.checkbox]
    for name in (*outputs.WRITERS, PLAN):
        assert any(export_formats.title(name) in label for label in labels)


def test_one_document_comes_as_itself(hand_in, monkeypatch, said):
    made = _made(hand_in, monkeypatch)
    assert made.name.endswith(".xlsx")
    assert "Pipeline" in load_workbook(io.BytesIO(made.content)).sheetnames
    labels = [button.proto.label for button in hand_in.get("download_button")]
    assert any(plain(made.name) in label for label in labels)
    assert made.name.replace("-", "\\-") in said(hand_in)


def test_several_come_as_a_zip_with_the_record(hand_in, monkeypatch):
    _choose(hand_in, "geojson", PLAN)
    made = _made(hand_in, monkeypatch)
    with zipfile.ZipFile(io.BytesIO(made.content)) as packed:
        assert packed.namelist() == list(made.files)
        assert json.loads(packed.read("plan.json"))["plan"]["status"] == "optimal"
        assert b"SYNTHETIC" in packed.read("map.html")


def test_nothing_chosen_is_said(hand_in, said):
    _choose(hand_in)
    assert "at least one format" in said(hand_in)


def test_what_stays_blank_is_counted(hand_in):
    blank = hand_in.dataframe[-1].value
    assert blank.set_index("what").loc["Tenure", "known"] == "0 of 3"
    assert "Disposals enabled" in blank["what"].tolist()


def test_the_waves_go_along_where_they_are_wanted(hand_in, said):
    box = next(one for one in hand_in.checkbox if "waves" in one.label)
    box.set_value(True).run()
    assert "2027\\: 2 centres, 2030\\: 2 centres, 2035\\: 3 centres" in said(hand_in)


CASE = """
author = "Estates"
[[criteria]]
name = "Deprivation"
[[fit]]
site = "S0"
criterion = "Deprivation"
state = "met"
[[fit]]
site = "S99"
criterion = "Deprivation"
[ruled_out]
S1 = "Sold"
"""


def _give_case(app, text, name="case.toml"):
    app.file_uploader[0].set_value((name, text.encode(), "application/toml")).run()
    return app


def test_a_case_file_goes_into_the_documents(hand_in, monkeypatch, said):
    words = said(_give_case(hand_in, CASE))
    assert "case.toml is used: Estates, own criteria\\: 1, judgements of sites\\: 2" in words
    _choose(hand_in, "return")
    made = _made(hand_in, monkeypatch)
    text = " ".join(p.text for p in docx.Document(io.BytesIO(made.content)).paragraphs)
    assert "Author: Estates." in text
    assert dict(made.reasons)["case"].startswith("Left out. Unknown sites: S99")


def test_what_the_documents_cannot_show_of_a_case_is_named(hand_in):
    warnings = [one.value for one in _give_case(hand_in, CASE).warning]
    assert any("Unknown sites\\: S99" in words for words in warnings)
    assert any("not ruled out\\: S1" in words for words in warnings)


def test_faults_of_a_case_file_are_shown_with_their_lines(hand_in):
    wrong = CASE.replace('state = "met"', 'state = "maybe"').replace("author", "auther")
    app = _give_case(hand_in, wrong)
    assert "2 problems in case.toml" in app.error[0].value
    table = next(one.value for one in app.dataframe if "What to do" in one.value)
    assert table["Row"].tolist() == [8, 2]
    assert "Did you mean author?" in table["What to do"].tolist()
    assert any(box.label.startswith("**Workbook") for box in app.checkbox)  # the page goes on


@pytest.mark.parametrize("content", ["count = ", "\x00", "[" * 2000], ids=["cut", "binary", "deep"])
def test_what_is_no_case_file_is_refused_in_a_sentence(hand_in, content):
    app = _give_case(hand_in, content)
    assert not app.exception
    assert "1 problem in case.toml" in app.error[0].value
    assert not app.success


def test_a_case_file_can_be_dropped(hand_in):
    _give_case(hand_in, CASE)
    next(one for one in hand_in.button if one.label.startswith("Do not use")).click().run()
    assert not hand_in.success
    assert not hand_in.warning
