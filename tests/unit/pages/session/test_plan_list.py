from types import SimpleNamespace

import pytest

from nhcplanner.base.errors import InputError
from nhcplanner.pages.session import plan_list, rights, state
from nhcplanner.pages.session.current import Session
from nhcplanner.pages.session.files import Key


@pytest.fixture
def session(monkeypatch):
    """A session with three plans, the second of which is not open."""
    made = Session(Key("o", "w"), order=["A", "B", "C"], plan_name="A")
    made.plans = {"A": "a", "C": "c"}
    made.unopened = {"B": "b"}
    made.edits_of = {"A": (), "B": (), "C": ()}
    made.figures = {"A": 1, "B": 2, "C": 3}
    monkeypatch.setattr(state, "current_session", lambda: made)
    monkeypatch.setattr(state, "save", lambda: None)
    monkeypatch.setattr(rights, "require_change", lambda *_: None)
    return made


def test_names_have_pinned_plans_first(session):
    assert plan_list.plan_names() == ["A", "B", "C"]
    plan_list.pin_plan("C", True)
    assert plan_list.plan_names() == ["C", "A", "B"]
    assert list(plan_list.key_figures()) == ["C", "A", "B"]
    plan_list.pin_plan("C", False)
    assert plan_list.plan_names() == ["A", "B", "C"]


def test_a_new_name_keeps_everything_and_its_place(session):
    plan_list.pin_plan("B", True)
    plan_list.rename_plan("B", " Beta ")
    assert session.order == ["A", "Beta", "C"]
    assert session.unopened == {"Beta": "b"}
    assert session.figures["Beta"] == 2
    assert session.pinned == {"Beta"}
    plan_list.rename_plan("A", "Alpha")
    assert session.plan_name == "Alpha"
    assert session.plans["Alpha"] == "a"


@pytest.mark.parametrize("new", ["", "  ", "C", "x" * 41])
def test_a_name_that_no_plan_may_have_changes_nothing(session, new):
    with pytest.raises(InputError):
        plan_list.rename_plan("A", new)
    assert session.order == ["A", "B", "C"]


def test_a_copy_has_a_free_name_and_is_on_screen(session):
    assert plan_list.copy_plan("A") == "Copy of A"
    assert plan_list.copy_plan("A") == "Copy of A 2"
    assert session.plan_name == "Copy of A 2"
    assert session.plans["Copy of A"] == "a"
    long = "x" * 40
    plan_list.rename_plan("C", long)
    assert len(plan_list.copy_plan(long)) <= plan_list.LONGEST_NAME


def test_deleting_the_plan_on_screen_shows_another(session):
    plan_list.delete_plan("A")
    assert session.plan_name == "C"
    assert set(session.figures) == {"B", "C"}
    plan_list.delete_plan("B")
    plan_list.delete_plan("C")
    assert (session.plan_name, session.order) == ("", [])


def test_an_attempt_without_centres_takes_no_place(session):
    plan_list.keep_plan("A", SimpleNamespace(plan=SimpleNamespace(opened=())))
    assert session.plans["A"] == "a"
    assert plan_list.failed_plan()[0] == "A"
    plan_list.show_plan("C")
    assert plan_list.failed_plan() is None
