import pytest

from nhcplanner import workflow


@pytest.fixture(scope="module")
def why(outcome):
    return workflow.explain_plan(outcome)


def test_every_centre_has_its_reasons_and_alone_is_a_part_of_all(outcome, why):
    opened = outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)]
    assert set(why.centres["site_id"]) == set(opened)
    assert (why.centres["only"] <= why.centres["reaches"]).all()
    assert (why.centres["first_reaches"] <= why.centres["reaches"]).all()


def test_what_a_site_would_add_is_what_opening_it_by_hand_adds(outcome, why):
    best = why.candidates.iloc[0]
    more = workflow.swap_sites(outcome, "", best["site_id"])
    made = workflow.edit_plan(outcome, outcome.place, more, "opened")
    gained = [one.assessment.people_within.loc[20]["people_after"] for one in (made, outcome)]
    assert best["adds"] == pytest.approx(gained[0] - gained[1])
    assert why.candidates["adds"].is_monotonic_decreasing


def test_a_site_comes_in_place_of_a_centre_and_never_for_the_better_where_proved(outcome, why):
    named = why.candidates.dropna(subset="instead_of")
    assert len(named)
    assert set(named["instead_of"]) <= set(why.centres["site_id"])
    assert not named["change"].str.contains("band 1 within reach: better").any()


def test_priority_never_costs_the_first_band(why):
    price = why.price.set_index("band")["difference"]
    assert price["1"] <= 0 <= price["all"]


def test_stopped_at_once_it_says_what_is_missing(outcome):
    found = workflow.explain_plan(outcome, lambda _: False)
    assert found.reasons
