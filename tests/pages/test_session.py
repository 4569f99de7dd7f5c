"""What a reload, another window and another choice do to a session's work."""

import errno
import math
import os
import shutil
import time
from pathlib import Path

import pytest
from filelock import FileLock
from streamlit.testing.v1 import AppTest

from nhcplanner import layers, workflow
from nhcplanner.pages.session import files, journal, owner, plan_list, queue, state, storage, trash
from tests.pages.conftest import OURS, THEIRS, small_place

SCRIPT = """
import streamlit as st
from nhcplanner.domain.place import SiteEdit
from nhcplanner.pages import session
from nhcplanner.pages.menu import with_frame

def show(place):
    if st.button("plan"):
        session.change_scenario(count=3)
        session.make_plan("Plan B")
        st.rerun()
    if st.button("edit"):
        session.edit(SiteEdit("S1").with_facts(cost=5.0))
    if st.button("wrong"):
        session.edit(SiteEdit("S1").with_facts(cost=-5.0))
    outcome = session.plan()
    if outcome is not None:
        name = session.plan_on_screen()
        st.markdown(f"opened {outcome.plan.opened} {name} {session.is_outdated(outcome)}")
    st.markdown(f"cost {place.sites.get('cost', {}).get(1)} of {session.scenario().count}")

with_frame("Test", show)()
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
    monkeypatch.setattr(workflow, "make_plan", None)  # nothing is solved again
    again = page(**address(app))
    assert said(again) == before
    assert address(again) == address(app)


def test_an_address_without_its_work_still_gives_its_choices(page, said):
    assert "of 3" in said(page(count="3"))
    assert "of 8" in said(page())


def test_a_choice_in_the_address_that_cannot_be_used_is_said(page, said):
    words = said(page(reach="far"))
    assert "choice in the address cannot be used" in words
    assert "of 8" in words


def test_work_that_is_open_elsewhere_is_copied_not_shared(page, said, monkeypatch):
    app = press(page(), "plan")
    monkeypatch.setattr(queue, "wait_until_free", lambda _: False)
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


def saved(app):
    return files.folder(files.Key(OURS, address(app)["work"])) / files.WORK


def test_damaged_work_starts_anew_with_a_sentence_and_is_not_written_over(page, said):
    app = press(page(), "plan")
    path = saved(app)
    path.write_text("{")
    again = page(**address(app))
    words = said(again)
    assert "cannot be read back" in words
    assert "of 3" in words
    press(again, "edit")
    assert path.read_text() == "{"
    assert saved(again).is_file()


def test_visits_write_nothing_and_delete_nothing(page):
    app = press(page(), "plan")
    before = contents()
    page()
    for _ in range(300):  # what a page load does to the disk; drawing it takes longer
        trash._Last.tidied = -math.inf
        queue.attend(storage.open_session({"count": "3", "work": "x" * 22}).key)
    assert contents() == before
    assert saved(app).is_file()


MANY_PAGES = """
import streamlit as st
from nhcplanner.pages.menu import with_frame

for _ in range(210):
    st.session_state.pop("nhcplanner", None)
    with_frame("Test", lambda place: None)()
"""


def test_many_drawn_pages_of_new_sessions_keep_all_work(page, said):
    app = press(page(), "plan")
    before = contents()
    many = AppTest.from_string(MANY_PAGES, default_timeout=120).run()
    assert not many.exception
    assert len(many.title) == 210
    assert contents() == before
    assert "Plan B" in said(page(**address(app)))


def contents():
    """What is on the disk, but for the calendar of the app's days."""
    found = {one: one.read_bytes() for one in files.home().rglob("*") if one.is_file()}
    return {one: said for one, said in found.items() if one.parent != files.home()}


def test_an_address_opens_the_work_of_its_owner_alone(page, said, monkeypatch):
    app = press(press(page(), "plan"), "edit")
    before = contents()
    monkeypatch.setattr(owner, "current_owner", lambda: THEIRS)
    other = page(**address(app))
    words = said(other)
    assert "names no saved work of yours" in words
    assert "of 3" in words  # the address's choices, for all to see
    assert "cost None" in words
    assert "Plan B" not in words
    assert address(other)["work"] != address(app)["work"]
    press(other, "edit")
    assert {one: said for one, said in contents().items() if THEIRS not in one.parts} == before


def test_jobs_that_a_restart_of_the_server_ended_are_named_once(page, said, monkeypatch):
    app = press(page(), "plan")
    journal.write(files.Key(OURS, address(app)["work"]), ["Making Plan C"])
    monkeypatch.setattr(queue, "_OPEN", {})  # another server knows nothing of the pages before
    assert "Making Plan C ended without a result" in said(page(**address(app)))
    monkeypatch.setattr(queue, "_OPEN", {})
    assert "ended without" not in said(page(**address(app)))


def test_others_work_and_nobodys_work_look_alike(page, said, monkeypatch):
    app = press(page(), "plan")
    monkeypatch.setattr(owner, "current_owner", lambda: THEIRS)
    theirs, nobodys = page(work=address(app)["work"]), page(work="x" * 22)
    assert said(theirs) == said(nobodys)


def test_without_a_cookie_nothing_is_saved_and_a_sentence_says_so(page, said, monkeypatch):
    monkeypatch.setattr(owner, "current_owner", lambda: None)
    app = page()
    assert "takes no cookie" in said(app)
    press(app, "plan")
    assert not files.home().exists()


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("broken", ["os.fsync", "pathlib.Path.mkdir"])
def test_a_disk_that_refuses_costs_a_sentence_and_not_the_page(page, said, monkeypatch, broken):
    app = page()
    with monkeypatch.context() as patched:
        patched.setattr(broken, full)
        press(app, "plan")
        words = said(app.run())
        assert "Your last changes are not saved" in words
        assert "Plan B False" in words
        assert str(files.home()) not in words
        assert words.count("not saved") == 1
        press(app, "edit")
        assert "cost 5.0" in said(app.run())
    assert "not saved" not in said(app.run())
    assert "cost 5.0" in said(page(**address(app)))


def test_who_has_used_up_their_share_reads_how_much_and_loses_nothing(page, said, monkeypatch):
    app = press(page(), "plan")
    before = saved(app).read_bytes()
    monkeypatch.setattr(files.settings, "number", lambda *_: before and len(before) / 1e6)
    words = said(press(app, "edit").run())
    assert "MB you may use" in words
    assert saved(app).read_bytes() == before
    assert "cost 5.0" in words


def test_work_in_the_trash_comes_back_by_its_address(page, said):
    app = press(page(), "plan")
    trash.discard(trash.items(OURS)[0])
    assert not saved(app).exists()
    words = said(page(**address(app)))
    assert "has been restored" in words
    assert "Plan B" in words
    assert saved(app).is_file()


def test_work_that_another_server_has_open_is_copied(page, said):
    app = press(page(), "plan")
    key = files.Key(OURS, address(app)["work"])
    files.release(key)
    queue._OPEN.pop(key)
    with FileLock(files.owner_folder(OURS) / files.LOCKS / f"{key.name}.lock"):
        other = page(**address(app))
        assert "open in another window" in said(other)
        before = saved(app).read_bytes()
        press(other, "edit")
        assert saved(app).read_bytes() == before
    assert "cost 5.0" in said(page(**address(other)))


def test_what_is_saved_is_for_the_servers_eyes_alone(page):
    press(page(), "plan")
    if os.name == "nt":
        pytest.skip("Windows keeps to the rights of the folder")
    for one in (files.home(), *files.home().rglob("*")):
        assert not one.stat().st_mode & 0o077, one


@pytest.mark.parametrize(
    "path", ["/etc", "/nowhere/at/all", "../..", r"\\server\share", "C:\\", "demo/../..", "~"]
)
def test_the_address_opens_no_path_and_tells_nothing(page, said, path, monkeypatch):
    asked = []
    monkeypatch.setattr(workflow, "load", asked.append)
    app = page(place=path)
    assert [one.value for one in app.error] == [error_of(page(place="no such name"))]
    assert not asked
    press(app, "Open the demo place").run()
    assert "of 8" in said(app)


def error_of(app):
    assert len(app.error) == 1
    return app.error[0].value


@pytest.mark.parametrize(
    "where", ["folder:{}", "upload:{}", "place:{}", "upload:../../x", "{}", ""]
)
def test_no_page_and_no_saved_work_opens_a_path(said, tmp_path, where):
    folder = layers.write_place(small_place("Hidden"), tmp_path / "hidden")
    app = AppTest.from_string(UPLOAD, default_timeout=60)
    app.session_state["wanted"] = where.format(folder)
    app.run()
    assert len(app.error) == 1
    assert "Hidden" not in said(app)


def test_a_place_is_opened_by_its_name_from_a_configured_folder(page, said, tmp_path, monkeypatch):
    layers.write_place(small_place("Offered"), tmp_path / "roots" / "offered")
    layers.write_place(small_place("Outside"), tmp_path / "outside")
    if os.name != "nt":
        (tmp_path / "roots" / "link").symlink_to(tmp_path / "outside")
    monkeypatch.setenv("NHCPLANNER_PLACES", str(tmp_path / "roots"))
    app = page(place="offered")
    assert not app.error
    assert address(app)["place"] == "offered"
    assert not page(**address(app)).error
    for name in ("link", "outside", str(tmp_path / "outside"), "../outside"):
        assert len(page(place=name).error) == 1


def test_a_table_of_speeds_is_no_file_of_the_server(page, said, tmp_path):
    secret = tmp_path / "secret.toml"
    secret.write_text("walk_kmh = 'canary'")
    for given in (str(secret), str(tmp_path / "gone.toml"), r"\\server\share\x.toml"):
        app = page(profile=given)
        words = said(app)
        assert "profile should be one of free\\_flow, morning\\_peak" in words
        assert "canary" not in words
        assert "profile" not in address(app)
    assert "profile" in address(page(profile="morning_peak"))


def test_only_so_many_plans_are_kept_and_pinned_ones_first(page, monkeypatch):
    monkeypatch.setattr(plan_list, "MAX_PLANS", 2)
    app = press(page(), "plan")
    ours = app.session_state["nhcplanner"]
    with_names(ours, {"Plan B": "Old"})
    press(app, "plan")
    assert ours.order == ["Old", "Plan B"]
    with_names(ours, {"Plan B": "Newer"})
    press(app, "plan")
    assert ours.order == ["Newer", "Plan B"]
    with_names(ours, {"Newer": "Pinned", "Plan B": "Other"})
    ours.pinned.add("Pinned")
    press(app, "plan")
    assert ours.order == ["Pinned", "Plan B"]
    assert set(ours.plans) == set(ours.figures) == {"Pinned", "Plan B"}


def test_plans_beyond_a_few_are_closed_and_open_again_when_they_are_shown(page, monkeypatch):
    monkeypatch.setattr(plan_list, "MAX_OPEN", 1)
    app = press(page(), "plan")
    ours = app.session_state["nhcplanner"]
    opened = ours.plans["Plan B"].plan.opened
    with_names(ours, {"Plan B": "First"})
    press(app, "plan")
    assert (list(ours.plans), list(ours.unopened)) == (["Plan B"], ["First"])
    assert ours.figures["First"].centres == len(opened)
    ours.plan_name = "First"
    until(app, lambda session: "First" in session.plans)
    assert ours.plans["First"].plan.opened == opened
    assert list(ours.unopened) == ["Plan B"]


def with_names(session, names):
    """Rename plans of a session, as if they had been made under other names."""
    for old, new in names.items():
        for one in (session.plans, session.edits_of, session.figures):
            one[new] = one.pop(old)
        session.order[session.order.index(old)] = new


def test_pages_leave_state_and_caches_to_the_session():
    folder = Path(state.__file__).parents[1]
    for path in folder.glob("*.py"):
        text = path.read_text("utf-8")
        assert "session_state" not in text
        assert "cache_" not in text


SWITCHING = SCRIPT.replace(
    "def show(place):\n",
    """def show(place):
    if st.button("elsewhere"):
        session.open_place("place:offered")
        st.rerun()
    if st.button("start both"):
        session.make_plan("Late")
        session.open_place("place:offered")
        st.rerun()
    for one in session.saved_work()[0]:
        if st.button(f"open {one.item.name}", key=one.item.name):
            session.open_project(one.item.name)
            st.rerun()
""",
)


@pytest.fixture
def switching(tmp_path, monkeypatch):
    layers.write_place(small_place("Offered"), tmp_path / "roots" / "offered")
    monkeypatch.setenv("NHCPLANNER_PLACES", str(tmp_path / "roots"))
    return AppTest.from_string(SWITCHING, default_timeout=60).run()


def test_another_place_is_another_project_and_the_first_is_opened_again(switching, said):
    app = press(press(switching, "edit"), "plan")
    first = app.session_state["nhcplanner"].key.name
    opened = app.session_state["nhcplanner"].plans["Plan B"].plan.opened
    press(app, "elsewhere")
    assert address(app)["place"] == "offered"
    assert app.session_state["nhcplanner"].key.name != first
    assert not app.session_state["nhcplanner"].order
    assert "cost None" in said(app)
    press(app, f"open {first}")
    until(app, lambda session: "Plan B" in session.plans)
    assert app.session_state["nhcplanner"].plans["Plan B"].plan.opened == opened
    assert "cost 5.0" in said(app)


def test_an_untouched_project_gives_way_to_the_next(switching):
    first = switching.session_state["nhcplanner"].key.name
    press(switching, "elsewhere")
    assert switching.session_state["nhcplanner"].key.name == first


def test_a_plan_that_ends_after_a_change_of_place_lands_in_its_own_project(switching, said):
    first = switching.session_state["nhcplanner"].key
    press(switching, "start both")
    until(switching, lambda session: not session.others)
    saved = layers.read_saved(files.folder(first) / files.WORK)
    assert [plan.name for plan in saved.plans] == ["Late"]
    assert saved.place == "demo"
    assert not switching.session_state["nhcplanner"].order


def until(app, is_so):
    """Run a page again and again until something holds of its session."""
    for _ in range(200):
        app.run()
        if is_so(app.session_state["nhcplanner"]):
            return
        time.sleep(0.05)
    raise AssertionError("it never came")


UPLOAD = """
import streamlit as st
from nhcplanner.pages import session
from nhcplanner.pages.menu import with_frame

def show(place):
    if "packed" in st.session_state:
        session.upload_place(st.session_state.pop("packed"))
    if "wanted" in st.session_state:
        session.open_place(st.session_state.pop("wanted"))
    st.markdown(f"at {session.place_id()} {session.place().title}")

with_frame("Test", show)()
"""


def test_an_upload_is_for_its_owner_alone(said, tmp_path, monkeypatch):
    folder = layers.write_place(small_place("Hidden"), tmp_path / "hidden")
    packed = Path(shutil.make_archive(str(tmp_path / "hidden"), "zip", folder)).read_bytes()
    ours = AppTest.from_string(UPLOAD, default_timeout=60)
    ours.session_state["packed"] = packed
    assert "Hidden" in said(ours.run())
    at = next(one.value for one in ours.markdown if one.value.startswith("at ")).split()[1]
    assert at.startswith("upload:")
    monkeypatch.setattr(owner, "current_owner", lambda: THEIRS)
    theirs = AppTest.from_string(UPLOAD, default_timeout=60)
    theirs.session_state["wanted"] = at
    theirs.run()
    assert len(theirs.error) == 1
    assert "Hidden" not in said(theirs)
    assert "Hidden" in said(ours.run())
