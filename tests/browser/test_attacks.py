"""Strangers at the app: with an address, with another site, with a name that is not its own."""

import json
import socket
import subprocess
import sys
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import expect

from tests.browser import launch
from tests.browser.ways import LATER, figure, make


@pytest.fixture
def browsers(browser):
    """Contexts of browsers that know nothing of each other."""
    opened = []

    def another():
        opened.append(browser.new_context())
        return opened[-1]

    yield another
    for one in opened:
        one.close()


def test_an_address_lets_nobody_else_take_work_over(browsers, app):
    ours, theirs = browsers(), browsers()
    page = ours.new_page()
    page.goto(f"{app.address}/plan?count=4&engine=estimate")
    make(page)
    shown = figure(page, "Centres open").get_by_test_id("stMetricValue")
    expect(shown).to_have_text("4", timeout=LATER)
    address = page.url
    page.close()  # nobody sits at it any more
    stranger = theirs.new_page()
    stranger.goto(address)
    expect(stranger.get_by_text("names no saved work of yours")).to_be_visible(timeout=LATER)
    expect(figure(stranger, "Centres open")).to_have_count(0)
    assert "work=" in stranger.url
    assert stranger.url.split("work=")[1][:22] != address.split("work=")[1][:22]
    again = ours.new_page()
    again.goto(address)
    shown = figure(again, "Centres open").get_by_test_id("stMetricValue")
    expect(shown).to_have_text("4", timeout=LATER)
    cookie = next(one for one in ours.cookies() if one["name"] == "nhcplanner-owner")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"
    assert cookie["value"] not in again.content()


@pytest.mark.parametrize("place", ["/etc", "/nowhere", "..%2F..", "%5C%5Cserver%5Cshare"])
def test_the_address_opens_no_path(browsers, app, place):
    page = browsers().new_page()
    page.goto(f"{app.address}/?place={place}")
    expect(page.get_by_text("this app has no place of that name")).to_be_visible(timeout=LATER)


def test_a_page_of_another_site_neither_frames_the_app_nor_opens_its_websocket(browsers, app):
    page = browsers().new_page()
    evil = "http://evil.localhost:1/"
    page.route(f"{evil}**", lambda route: route.fulfill(body="<p>evil", content_type="text/html"))
    page.goto(evil)
    stream = app.address.replace("http", "ws") + "/_stcore/stream"
    ended = page.evaluate(
        """address => new Promise(done => {
            const one = new WebSocket(address, ["streamlit"]);
            one.onopen = () => done("open");
            one.onclose = () => done("refused");
        })""",
        stream,
    )
    assert ended == "refused"
    page.evaluate(
        "address => document.body.append(Object.assign(document.createElement('iframe'), "
        "{src: address}))",
        app.address,
    )
    page.wait_for_timeout(2_000)
    assert not any(
        frame.url.startswith(app.address) and "stApp" in frame.content() for frame in page.frames
    )


def answered(app, head):
    """The first line that the app answers to a request as it stands."""
    host, port = app.address.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=30) as line:
        line.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        return line.recv(4096).split(b"\r\n")[0].decode()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "", "localhost@evil.example"]
)
@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/_stcore/host-config", "/plan"])
def test_a_name_that_is_not_the_apps_is_refused(app, host, path):
    assert " 403 " in answered(app, f"GET {path} HTTP/1.1\nHost: {host}\nConnection: close")


def test_two_names_at_once_are_refused(app):
    two = "GET / HTTP/1.1\nHost: localhost\nHost: evil.example\nConnection: close"
    assert answered(app, two).split()[1] in {"400", "403"}


@pytest.mark.parametrize("path", ["/", "/_stcore/health", "/nothing", "/static/nothing.js"])
def test_every_answer_refuses_frames_of_others(app, path):
    try:
        with urlopen(Request(f"{app.address}{path}"), timeout=30) as answer:
            headers = answer.headers
    except OSError as error:
        headers = error.headers
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"


SECRETS = """
[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "a secret of this test, longer than 32 characters"
client_id = "nhcplanner"
client_secret = "secret"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
"""


@pytest.fixture
def signed_app(tmp_path, monkeypatch):
    """The app where people sign in, and a real provider of identities on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    people = ("ann@nhs.net", "vic@nhs.net", "eve@nhs.net")
    users = [f"--user-claims={json.dumps({'sub': one, 'email': one})}" for one in people]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", f"--port={port}"]
    (tmp_path / "roles.toml").write_text(
        '[planner]\nemails = ["ann@nhs.net"]\n[viewer]\nemails = ["vic@nhs.net"]\n', "utf-8"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NHCPLANNER_ROLES", str(tmp_path / "roles.toml"))
    monkeypatch.setenv("NHCPLANNER_AUDIT", str(tmp_path / "audit"))
    with (
        subprocess.Popen([*command, *users], stdout=subprocess.DEVNULL) as provider,
        launch.app(tmp_path) as app,
    ):
        secrets = SECRETS.format(app=app.address, issuer=f"http://127.0.0.1:{port}")
        (tmp_path / ".streamlit").mkdir()
        (tmp_path / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
        yield app.address, tmp_path / "audit"
        provider.terminate()


def test_people_sign_in_at_their_provider_and_do_what_their_role_lets_them(browsers, signed_app):
    address, log = signed_app

    def signed_in(email, where=address):
        page = browsers().new_page()
        page.goto(address)
        page.get_by_role("button", name="Sign in").click(timeout=LATER)
        page.get_by_placeholder("sub").fill(email, timeout=LATER)
        page.get_by_role("button", name="Authorize").click()
        page.wait_for_url(f"{address}/**")
        if where != address:
            page.goto(where)
        return page

    eve = signed_in("eve@nhs.net")
    expect(eve.get_by_text("have no role in this app")).to_be_visible(timeout=LATER)
    expect(eve.get_by_test_id("stSidebarNav")).to_have_count(0)
    ann = signed_in("ann@nhs.net")
    expect(ann.get_by_text("Signed in as ann@")).to_be_visible(timeout=LATER)
    ann.get_by_text("Share this work").click()
    ann.get_by_role("button", name="Make a link that only reads").click()
    link = ann.get_by_test_id("stCode").inner_text(timeout=LATER).strip()
    assert link.startswith(f"{address}/?shared=")
    vic = signed_in("vic@nhs.net", link)
    expect(vic.get_by_text("change and save nothing")).to_be_visible(timeout=LATER)
    expect(vic.get_by_role("button", name="Make my own copy")).to_have_count(0)
    ann.get_by_role("button", name="Sign out").click()
    ann.wait_for_url("**/oauth2/end_session**")  # the provider ends its own session too
    ann.goto(address)
    expect(ann.get_by_role("button", name="Sign in")).to_be_visible(timeout=LATER)
    lines = [json.loads(x) for one in log.iterdir() for x in one.read_text().splitlines()]
    done = {(one["who"], one["action"], one["outcome"]) for one in lines}
    assert done >= {
        ("eve@nhs.net", "sign-in", "refused"),
        ("ann@nhs.net", "sign-in", "done"),
        ("ann@nhs.net", "share.make", "done"),
        ("vic@nhs.net", "share.open", "done"),
    }
