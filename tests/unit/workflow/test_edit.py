import numpy as np
import pytest

from nhcplanner import workflow
from nhcplanner.base.errors import InputError
from nhcplanner.domain.place import SiteEdit
from nhcplanner.domain.plan import BY_HAND


def opened(outcome):
    return set(outcome.place.sites["site_id"].iloc[list(outcome.plan.opened)])


def reached(outcome):
    return outcome.assessment.people_within.loc[20]["people_after"]


def other(outcome):
    """A candidate that is not open."""
    sites = outcome.place.sites
    free = sites.loc[sites["status"] == "candidate", "site_id"]
    return next(one for one in free if one not in opened(outcome))


def new(outcome):
    """A centre of the plan that need not be open."""
    sites = outcome.place.sites.set_index("site_id")
    return next(one for one in sorted(opened(outcome)) if sites["status"][one] == "candidate")


def changed(outcome, out, into):
    sites = workflow.swap_sites(outcome, out, into)
    return workflow.edit_plan(outcome, outcome.place, sites, "changed")


def test_the_same_centres_are_worth_the_same_and_nothing_is_proved(outcome):
    same = changed(outcome, "", "")
    assert reached(same) == reached(outcome)
    assert [one.value for one in same.plan.stages] == [one.value for one in outcome.plan.stages]
    assert {one.bound for one in same.plan.stages} == {None}
    assert (same.plan.solver, same.plan.status) == (BY_HAND, "feasible")
    assert workflow.broken_rules(same) == ()


def test_a_swap_opens_one_and_shuts_another(outcome):
    out, into = new(outcome), other(outcome)
    made = changed(outcome, out, into)
    assert opened(made) == opened(outcome) - {out} | {into}
    assert made.times is outcome.times


def test_shutting_never_reaches_more_and_opening_never_fewer(outcome):
    assert reached(changed(outcome, new(outcome), "")) < reached(outcome)
    assert reached(changed(outcome, "", other(outcome))) >= reached(outcome)


def test_rules_that_a_change_breaks_are_told_and_noted(outcome):
    made = changed(outcome, "", other(outcome))
    assert any("at most 5 centres" in words for words in workflow.broken_rules(made))
    assert any(note.startswith("Breaks the rule: at most 5") for note in made.assessment.notes)


def test_a_moved_centre_is_measured_anew_and_no_other(outcome):
    site = new(outcome)
    row = outcome.place.sites["site_id"].tolist().index(site)
    point = outcome.place.sites.geometry.iloc[row]
    moved = workflow.with_edits(outcome.place, [SiteEdit(site, point=(point.x + 3000, point.y))])
    made = workflow.edit_plan(outcome, moved, opened(outcome), "moved")
    before, after = outcome.times.minutes.toarray(), made.times.minutes.toarray()
    assert not np.array_equal(before[:, row], after[:, row])
    assert np.array_equal(np.delete(before, row, 1), np.delete(after, row, 1))


def test_a_site_that_is_not_there_is_named(outcome):
    with pytest.raises(InputError, match="has no site nowhere"):
        workflow.edit_plan(outcome, outcome.place, ["nowhere"], "changed")
