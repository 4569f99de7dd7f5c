"""Columns of an uploaded list: guesses, choices and units."""

import pytest

from nhcplanner.workflow.intake import NOT_USED, Decisions
from tests.unit.workflow.intake.lists import HEADINGS, NO_CHOICES, ROW, facts_of, receive, settle


def test_columns_are_guessed_with_samples(place):
    upload = receive(HEADINGS + ROW + ROW.replace("N1", "N2").replace("Mill", "Far Hill"))
    review, _ = settle(place, upload)
    assert [(one.theirs, one.ours) for one in review.columns][:2] == [
        ("Site id", "site_id"), ("Site", "site_name"),
    ]  # fmt: skip
    assert review.columns[1].samples == ("Mill House", "Far Hill House")
    assert review.units == {"cost": ""}


def test_a_column_that_is_not_known_can_be_used_and_a_known_one_not(place):
    upload = receive(
        "Ref,Site,Easting,Northing,Est. capital (£000s),Cost\nN1,Mill,650000,400000,1200,5\n"
    )
    assert upload.guesses["Est. capital (£000s)"] == NOT_USED
    columns = (("Ref", "site_id"), ("Est. capital (£000s)", "cost"), ("Cost", NOT_USED))
    review, preview = settle(place, upload, Decisions(columns=columns))
    assert preview.added == ("N1",)
    assert facts_of(preview, "N1")["cost"] == 1_200_000
    unused = [one.theirs for one in review.intake.columns if not one.ours]
    assert unused == ["Cost"]


def test_two_columns_for_one_of_ours_stop_the_list(place):
    upload = receive(HEADINGS.replace("\n", ",Old cost\n") + ROW.replace("\n", ",900000\n"))
    review, preview = settle(place, upload, Decisions(columns=(("Old cost", "cost"),)))
    assert "Capital cost and Old cost are both used as cost" in str(review.blocking[0])
    assert preview.waiting
    assert preview.choices is NO_CHOICES


def test_a_misspelt_column_must_be_settled(place):
    upload = receive(HEADINGS.replace("Status", "Statuss") + ROW)
    review, preview = settle(place, upload)
    assert "did you mean 'Status'" in review.blocking[0].problem
    assert preview.waiting
    _, preview = settle(place, upload, Decisions(columns=(("Statuss", "status"),)))
    assert preview.added == ("N1",)


def test_a_unit_that_is_doubtful_is_asked_for_and_chosen(place):
    upload = receive(HEADINGS + ROW.replace("1200000", "1.2"))
    review, preview = settle(place, upload)
    assert list(review.questions) == ["cost.unit"]
    assert preview.waiting == ("Answer 1 question about the list.",)
    review, preview = settle(place, upload, Decisions(answers=(("cost.unit", "millions"),)))
    assert facts_of(preview, "N1")["cost"] == 1_200_000
    cost = next(one for one in review.intake.columns if one.ours == "cost")
    assert cost.unit == "millions"
    assert cost.examples == ("1.2 -> 1200000",)


def test_square_feet_become_metres_only_where_somebody_says_feet(place):
    upload = receive("Site id,Easting,Northing,Size\nN1,650000,400000,10000\n")
    columns = (("Size", "floor_area_m2"),)
    review, preview = settle(place, upload, Decisions(columns=columns))
    assert list(review.questions) == ["floor_area_m2.unit"]
    assert preview.waiting
    answers = (("floor_area_m2.unit", "sq ft"),)
    _, preview = settle(place, upload, Decisions(columns=columns, answers=answers))
    assert facts_of(preview, "N1")["floor_area_m2"] == pytest.approx(929.0304)  # 0.3048 squared


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
