"""Every noun of a real run shows itself, in text and in a notebook."""

import pytest

from nhcplanner.domain.scenario import Scenario
from nhcplanner.workflow import (
    Effort,
    compare_plans,
    demo_place,
    edit_plan,
    gather_evidence,
    open_plan,
    run,
    write_results,
)


@pytest.fixture(scope="module")
def outcome():
    return run(demo_place(), Scenario(model="max_coverage", count=4))


def test_a_place_says_what_it_holds(outcome):
    text = repr(outcome.place)
    assert text.startswith("SYNTHETIC")
    assert "350,000 people" in text
    assert "2 existing" in text


def test_times_say_how_many_journeys_there_are(outcome):
    assert f"{outcome.times.pairs:,}" in repr(outcome.times)


def test_a_problem_says_its_limits(outcome):
    assert "at most 4" in repr(outcome.problem)


def test_an_outcome_names_its_centres_and_its_shares(outcome):
    text, html = repr(outcome), outcome._repr_html_()
    after = outcome.assessment.people_within.loc[20.0, "share_after"]
    for said in ("SYNTHETIC", f"{100 * after:.1f}%", outcome.centres["site_name"].iloc[0]):
        assert said in text
        assert said in html


def test_an_outcome_draws_itself_however_it_was_made(outcome, tmp_path):
    write_results(outcome, tmp_path)
    ids = outcome.centres["site_id"].tolist()
    changed = edit_plan(outcome, outcome.place, ids[:-1], "the last one shut")
    for one in (outcome, open_plan(tmp_path), changed):
        page = one.explore().get_root().render()
        assert "SYNTHETIC" in page
        assert outcome.centres["site_name"].iloc[0] in page


def test_an_assessment_carries_its_notes(outcome):
    assert all(note in repr(outcome.assessment) for note in outcome.assessment.notes)


def test_need_counts_the_areas_of_each_band(outcome):
    need = outcome.assessment.need
    assert str((need.band == 1).sum()) in repr(need)
    assert need.basis in repr(need)


def test_evidence_says_what_is_missing(outcome):
    assert "Not requested" in repr(gather_evidence(outcome, Effort(parts=())))


def test_a_comparison_says_its_words(outcome):
    found = compare_plans(outcome, outcome)
    assert all(words in repr(found) for words in found.words)
    assert "rural_urban" not in repr(found)


def test_an_outcome_on_estimates_says_so_first():
    estimated = run(demo_place(), Scenario(model="max_coverage", count=4, engine="estimate"))
    title, *_ = repr(estimated).splitlines()
    assert title.endswith("minutes are an estimate")
    assert estimated.notes[0] == estimated.estimate_note
    # the method page: 13% of the minutes on foot, here of 20
    assert "half of the official figures are within 2.6 minutes of it" in repr(estimated)
    assert set(estimated.assessment.notes) < set(estimated.notes)


def test_an_outcome_on_streets_does_not_speak_of_estimates(outcome):
    assert outcome.estimate_note == ""
    assert "estimate" not in repr(outcome).splitlines()[0]
