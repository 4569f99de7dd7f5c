"""What a reload, another window and another choice do to a session's work."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from nhcplanner import layers, workflow
from nhcplanner.pages.session import desks, files, state
from tests.pages.conftest import small_place

SCRIPT = """
import streamlit as st
from nhcplanner.domain.edits import SiteEdit
from nhcplanner.pages import session
from nhcplanner.pages.frame import framed

def show(place):
    if st.button("plan"):
        session.choose(count=3)
        session.make_plan("Plan B")
        st.rerun()
    if st.button("edit"):
        session.edit(SiteEdit("S1").with_facts(cost=5.0))
    if st.button("wrong"):
        session.edit(SiteEdit("S1").with_facts(cost=-5.0))
    outcome = session.plan()
    if outcome is not None:
        st.markdown(f"opened {outcome.plan.opened} {session.shown()} {session.stale(outcome)}")
    st.markdown(f"cost {place.sites.get('cost', {}).get(1)} of {session.scenario().count}")

framed("Test", show)()
"""


@pytest.fixture
def page():
    def opened(**params):
        app = AppTest.from_string(SCRIPT, default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened


def press(app, label):
    return next(one for one in app.button if one.label == label).click().run()


def address(app):
    return {k: v if isinstance(v, str) else v[0] for k, v in app.query_params.items()}


def test_a_reload_loses_nothing(page, said, monkeypatch):
    app = press(press(page(), "plan"), "edit").run()
    before = said(app)
    assert "Plan B" in before
    monkeypatch.setattr(workflow, "planned", None)  # nothing is solved again
    again = page(**address(app))
    assert said(again) == before
    assert address(again) == address(app)


def test_an_address_without_its_work_still_gives_its_choices(page, said):
    assert "of 3" in said(page(count="3"))
    assert "of 8" in said(page())


def test_a_choice_in_the_address_that_cannot_be_used_is_said(page, said):
    words = said(page(reach="far"))
    assert "choice that cannot be used" in words
    assert "of 8" in words


def test_work_that_is_open_elsewhere_is_copied_not_shared(page, said, monkeypatch):
    app = press(page(), "plan")
    monkeypatch.setattr(desks, "free", lambda _: False)
    other = page(**address(app))
    assert "open in another window" in said(other)
    assert address(other)["work"] != address(app)["work"]
    press(other, "edit")
    assert "cost None" in said(app.run())


def test_two_sessions_never_mix(page, said):
    one, other = page(), page()
    press(one, "edit")
    assert "cost 5.0" in said(one.run())
    assert "cost None" in said(other.run())


def test_a_faulty_edit_is_words_and_changes_nothing(page, said):
    app = press(page(), "wrong")
    assert "below 0" in said(app)
    assert "cost None" in said(app.run())


def test_a_plan_made_before_an_edit_says_so(page, said):
    app = press(page(), "plan")
    assert "Plan B False" in said(app)
    assert "Plan B True" in said(press(app, "edit").run())


def test_a_plan_of_the_same_sites_is_not_out_of_date_where_they_were_read_anew(page, said):
    app = press(press(page(), "edit"), "plan")
    app.session_state["nhcplanner"].changed = None
    assert "Plan B False" in said(app.run())


def test_damaged_work_starts_anew_with_a_sentence(page, said):
    app = press(page(), "plan")
    path = files.folder(address(app)["work"]) / files.WORK
    path.write_text("{")
    words = said(page(**address(app)))
    assert "cannot be read back" in words
    assert "of 3" in words


def test_a_place_that_is_gone_leaves_a_way_on(page, said, tmp_path):
    app = page(place=str(tmp_path / "gone"))
    assert "no such folder" in said(app)
    press(app, "Go to the demo place").run()
    assert "of 8" in said(app)


@pytest.mark.parametrize("key", ["../../etc/passwd", "x" * 22, ""])
def test_a_strange_key_is_nobodys_work(page, said, key):
    app = page(work=key)
    assert "of 8" in said(app)
    assert address(app)["work"] != key


def test_only_so_many_plans_are_kept(page, monkeypatch, said):
    monkeypatch.setattr(state, "MOST_PLANS", 1)
    app = press(page(), "plan")
    ours = app.session_state["nhcplanner"]
    ours.plans["Old"] = ours.plans.pop("Plan B")
    ours.edits_of["Old"] = ()
    press(app, "plan")
    assert list(app.session_state["nhcplanner"].plans) == ["Plan B"]


def test_pages_leave_state_and_caches_to_the_session():
    folder = Path(state.__file__).parents[1]
    for path in folder.glob("*.py"):
        text = path.read_text("utf-8")
        assert "session_state" not in text
        assert "cache_" not in text


UPLOAD = """
import streamlit as st
from nhcplanner.pages import session
from nhcplanner.pages.frame import framed

def show(place):
    if "packed" in st.session_state:
        session.upload_place(st.session_state.pop("packed"))
    if "wanted" in st.session_state:
        session.open_place(st.session_state.pop("wanted"))
    st.markdown(f"at {session.at()} {session.place().title}")

framed("Test", show)()
"""


def test_an_upload_is_for_its_own_session_alone(said, tmp_path):
    folder = layers.write_place(small_place("Hidden"), tmp_path / "hidden")
    packed = Path(shutil.make_archive(str(tmp_path / "hidden"), "zip", folder)).read_bytes()
    ours = AppTest.from_string(UPLOAD, default_timeout=60)
    ours.session_state["packed"] = packed
    assert "Hidden" in said(ours.run())
    at = next(one.value for one in ours.markdown if one.value.startswith("at ")).split()[1]
    assert at.startswith("upload:")
    theirs = AppTest.from_string(UPLOAD, default_timeout=60)
    theirs.session_state["wanted"] = at
    theirs.run()
    assert len(theirs.error) == 1
    assert "Hidden" not in said(theirs)
    assert "Hidden" in said(ours.run())
