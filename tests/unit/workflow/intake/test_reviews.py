"""Record of an uploaded list and of the decisions about it."""

from nhcplanner import workflow
from nhcplanner.workflow.intake import Decisions
from tests.unit.workflow.intake.lists import HEADINGS, ROW, receive, settle


def test_the_record_says_what_was_decided_and_reaches_the_place(place):
    upload = receive(HEADINGS + ROW.replace("Candidate", "Surplus"), "Estates 2026.csv")
    words = ((("status", "Surplus"), "candidate"), (("kind", "library"), "library"))
    _, preview = settle(place, upload, Decisions(words=words))
    made = workflow.with_edits(place, preview.choices.edits, preview.choices.records)
    record = made.intake[-1]
    assert (record.file, record.role, record.rows_read) == ("Estates 2026.csv", "sites", 1)
    assert len(record.sha256) == 64
    lines = record.lines()
    assert "- assumed: 1 word chosen on screen (status Surplus -> candidate)" in lines
    assert "- note: Sites of the app: 1 added" in lines
