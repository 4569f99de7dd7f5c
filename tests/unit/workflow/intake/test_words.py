"""Words of an uploaded list, counted and mapped."""

from nhcplanner.workflow.intake import Decisions
from tests.unit.workflow.intake.lists import HEADINGS, ROW, receive, settle


def test_words_are_counted_and_mapped(place):
    rows = [ROW.replace("N1", f"N{n}").replace("650000", f"65{n}000") for n in range(1, 5)]
    rows[1] = rows[1].replace("Candidate", "Surplus")
    rows[2] = rows[2].replace("Candidate", "SURPLUS ")
    rows[3] = rows[3].replace("Candidate", "")
    upload = receive(HEADINGS + "".join(rows))
    review, preview = settle(place, upload)
    counts = {(one.column, one.word): (one.count, one.ours) for one in review.words}
    assert counts["status", "Surplus"] == (2, "")
    assert counts["status", "Candidate"] == (1, "candidate")
    assert counts["status", ""] == (1, "")
    assert preview.waiting == ("Say what 1 word of the list mean.",)
    words = ((("status", "Surplus"), "forbidden"), (("status", ""), "committed"))
    _, preview = settle(place, upload, Decisions(words=words))
    got = {one.site_id: dict(one.facts)["status"] for one in preview.choices.edits}
    assert got == {"N1": "candidate", "N2": "forbidden", "N3": "forbidden", "N4": "committed"}
