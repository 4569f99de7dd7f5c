"""What people with each role, and with a share, can and cannot do: on the server, not on screen."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from nhcplanner.hosting import audit as audit_log
from nhcplanner.pages.session import files, owner, rights, sharing
from tests.pages.conftest import OURS, THEIRS

ROLES = """
[viewer]
emails = ["vic@nhs.net"]
[planner]
emails = ["ann@nhs.net", "bea@nhs.net"]
[administrator]
emails = ["ida@nhs.net"]
"""
OWNERS = {"ann@nhs.net": OURS, "bea@nhs.net": THEIRS, "vic@nhs.net": "c" * 32}
SCRIPT = """
import streamlit as st
from nhcplanner.domain.place import SiteEdit
from nhcplanner.pages import session, administration, sign_in
from nhcplanner.pages.menu import with_frame
from nhcplanner.pages.session import state

def look(progress):
    return 1

def show(place):
    actions = {
        "edit": lambda: session.edit(SiteEdit("S1").with_facts(cost=5.0)),
        "plan": lambda: (session.change_scenario(count=3), session.make_plan("Plan B")),
        "delete": lambda: session.delete_plan("Plan B"),
        "keep": lambda: session.keep_plan("Plan C", session.plan()),
        "upload": lambda: session.upload_place(b""),
        "list": lambda: session.keep_upload("list"),
        "case": lambda: session.keep_case("case"),
        "link": lambda: st.markdown("token " + session.share_work("read")),
        "look": lambda: session.start_work("Look", look, slot="look", is_look=True),
        "save": lambda: state.save(),
        "copy": lambda: session.copy_shared(),
        "invite": lambda: st.markdown("token " + session.share_work("change", "bea@nhs.net")),
        "end": lambda: session.end_share(session.shares()[0].id),
        "discard": lambda: [session.discard_saved(one) for one in session.saved_work()[0]],
        "other place": lambda: session.open_place("demo"),
        "administration": lambda: administration.show(place),
    }
    for name, act in actions.items():
        if st.button(name):
            act()
    place = session.place()
    st.markdown(f"cost {place.sites.get('cost', {}).get(1)} plans {list(session.plans())}")

if sign_in.is_open():
    with_frame("Test", show)()
"""
CHANGES = ("edit", "plan", "delete", "upload", "list", "case", "link", "invite")


@pytest.fixture
def as_person(monkeypatch, tmp_path):
    """Sign somebody in; the rules are a file that the tests may change."""
    path = tmp_path / "roles.toml"
    path.write_text(ROLES, encoding="utf-8")
    monkeypatch.setenv("NHCPLANNER_ROLES", str(path))

    def sign_in(email):
        claims = {"is_logged_in": True, "sub": email, "email": email} if email else {}
        monkeypatch.setattr(rights, "user_claims", lambda: claims)
        monkeypatch.setattr(owner, "current_owner", lambda: OWNERS.get(email, "d" * 32))

    sign_in.path = path
    return sign_in


@pytest.fixture
def page():
    def opened(**params):
        app = AppTest.from_string(SCRIPT, default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        return app.run()

    return opened


def press(app, label):
    """Press a button; what stopped the page before it was drawn is drawn over first."""
    found = [one for one in app.button if one.label == label]
    found = found or [one for one in app.run().button if one.label == label]
    return found[0].click().run()


def token(app):
    return next(one.value for one in app.markdown if one.value.startswith("token ")).split()[1]


def disk():
    """What is on the disk, but for the calendar of the app's days and the audit log."""
    found = (one for one in files.home().rglob("*/*") if one.is_file())
    return {one: one.read_bytes() for one in found if audit_log.FOLDER not in one.parts}


def audit():
    logs = [one.read_text(encoding="utf-8") for one in files.home().rglob("*.jsonl")]
    lines = [json.loads(line) for log in logs for line in log.splitlines()]
    return [(one["who"], one["action"], one["outcome"]) for one in lines]


def test_nobody_sees_a_page_without_signing_in_or_without_a_role(page, said, as_person):
    as_person("")
    assert "Sign in" in said(page())
    as_person("eve@nhs.net")
    app = page()
    assert "no role in this app" in said(app)
    assert "cost" not in said(app)
    assert ("eve@nhs.net", "sign-in", "refused") in audit()


def test_rules_that_are_wrong_let_nobody_in(page, said, as_person):
    as_person("ida@nhs.net")
    as_person.path.write_text("[bosses]")
    app = page()
    assert "closed" in app.title[0].value
    assert "cost" not in said(app)


def test_a_viewer_changes_nothing_whatever_is_called(page, said, as_person):
    as_person("vic@nhs.net")
    app = page()
    for number, action in enumerate(CHANGES, start=1):
        assert "not change it" in said(press(app, action)), action
        assert sum(one[0] == "vic@nhs.net" and one[2] == "refused" for one in audit()) == number
    assert "cost None plans []" in said(app.run())
    assert not disk()


def test_a_viewer_may_look_and_nothing_of_it_is_saved(page, said, as_person):
    as_person("vic@nhs.net")
    app = press(press(page(), "look"), "save")
    assert "not change it" not in said(app)
    assert not disk()


def test_only_administrators_open_administration(page, said, as_person):
    as_person("ann@nhs.net")
    assert "needs the role administrator" in said(press(page(), "administration"))
    as_person("ida@nhs.net")
    app = press(page(), "administration")
    assert "needs the role" not in said(app)
    assert any("Audit log" in one.value for one in app.subheader)
    assert ("ann@nhs.net", "administration.open", "refused") in audit()


def test_a_role_taken_away_holds_at_the_next_step(page, said, as_person):
    as_person("ann@nhs.net")
    app = press(page(), "edit")
    as_person.path.write_text(ROLES.replace('"ann@nhs.net", ', ""), encoding="utf-8")
    assert "no role in this app" in said(press(app, "plan"))


def test_a_link_shows_the_work_and_cannot_change_it(page, said, as_person):
    as_person("ann@nhs.net")
    mine = press(press(page(), "plan"), "edit")
    link = token(press(mine, "link"))
    before = disk()
    for person in ("vic@nhs.net", "bea@nhs.net"):
        as_person(person)
        app = page(shared=link)
        assert "cost 5.0 plans ['Plan B']" in said(app)
        every = (*CHANGES, "keep", "end", "discard", "other place", "save")
        for action in every if person == "bea@nhs.net" else ("edit", "save"):
            press(app, action)
        assert "cost 5.0 plans ['Plan B']" in said(app.run())
        assert disk() == before
        assert app.query_params["shared"] in (link, [link])
    as_person("vic@nhs.net")
    assert "needs the role planner" in said(press(page(shared=link), "copy"))


def test_a_copy_of_a_link_is_ones_own(page, said, as_person):
    as_person("ann@nhs.net")
    link = token(press(press(press(page(), "plan"), "edit"), "link"))
    as_person("bea@nhs.net")
    app = press(page(shared=link), "copy")
    press(app, "delete")
    assert "cost 5.0 plans []" in said(app.run())
    assert {p.relative_to(files.home()).parts[0] for p in disk()} >= {OURS, THEIRS}
    assert "plans ['Plan B']" in said(page(shared=link))


def test_an_invitation_lets_one_person_change_the_same_work(page, said, as_person):
    as_person("ann@nhs.net")
    mine = press(page(), "plan")
    link = token(press(mine, "invite"))
    as_person("vic@nhs.net")
    assert "cannot be opened" in said(page(shared=link))
    as_person("bea@nhs.net")
    app = press(page(shared=link), "edit")
    assert not any(THEIRS in p.parts for p in disk())
    for action in ("link", "discard"):  # the work is not theirs to share or to delete
        press(app, action)
    assert sum("shares" in p.parts for p in disk()) == 1
    as_person("ann@nhs.net")
    again = page(work="".join(mine.query_params["work"]))
    assert "cost 5.0" in said(again)


def test_a_share_that_is_ended_closes_pages_that_have_it_open(page, said, as_person):
    as_person("ann@nhs.net")
    mine = press(press(page(), "plan"), "edit")
    link = token(press(mine, "link"))
    as_person("vic@nhs.net")
    theirs = page(shared=link)
    as_person("ann@nhs.net")
    press(mine.run(), "end")
    assert not list(sharing.folder().iterdir())
    as_person("vic@nhs.net")
    words = said(theirs.run())
    assert "cannot be opened" in words
    assert "cost None plans []" in words


def test_without_rules_everybody_plans_and_nothing_is_logged(page, said):
    app = press(page(), "edit")
    assert "cost 5.0" in said(app)
    assert "needs the role" in said(press(app, "administration"))
    assert not audit()
