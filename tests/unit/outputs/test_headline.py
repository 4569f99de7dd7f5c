from dataclasses import replace

import pytest

from nhcplanner.domain.plan import BY_HAND
from nhcplanner.outputs.headline import headline


def test_people_are_told_against_today_with_the_exact_figure_a_hover_away(outcome):
    people, first, centres, proof = headline(outcome)
    assert people.label == "People within 20 minutes"
    assert people.change == "+6,000 against today"
    assert people.exact == f"9,000 of {outcome.place.people:,} people"
    assert (first.label, first.value) == ("Of band 1 (lowest HLE)", "40.0 %")
    assert (centres.value, centres.change) == ("3", "1 new")
    assert proof.value == "At most 9.1 %"


def test_against_another_plan_changes_are_told_from_it(outcome):
    people, first, *_ = headline(outcome, outcome)
    assert (people.change, first.change) == ("as before", "as before")


@pytest.mark.parametrize(
    ("solver", "seconds", "said"),
    [("HiGHS", 0.04, "in under a second"), ("HiGHS", 12.4, "in 12 s"), (BY_HAND, 0.0, "by hand")],
)
def test_how_it_was_made_is_said_roundly(outcome, solver, seconds, said):
    plan = replace(outcome.plan, solver=solver, seconds=seconds)
    assert headline(replace(outcome, plan=plan))[-1].change == said


def test_a_place_without_bands_has_no_figure_of_the_first(outcome):
    bare = replace(outcome, assessment=replace(outcome.assessment, by_band=None))
    assert [one.label for one in headline(bare)] == [
        "People within 20 minutes",
        "Centres open",
        "Distance from the best",
    ]
