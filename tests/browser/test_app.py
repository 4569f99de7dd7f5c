"""The app and the saved map as a stranger meets them: in a browser, without the internet."""

import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from nhcplanner import outputs, workflow
from nhcplanner.domain.scenario import Scenario

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
MINUTE = 60_000


@pytest.fixture(scope="module")
def browser():
    """Headless Chromium of this machine."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def address():
    """The app on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.headless=true", "--server.fileWatcherType=none", *outputs.APP_OPTIONS]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as server:
        try:
            yield _ready(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()


def _ready(address: str, server: subprocess.Popen) -> str:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=5):
                return address
        except urllib.error.URLError:
            if server.poll() is not None:
                break
            time.sleep(0.25)
    pytest.fail("the app did not start")


class Watched:
    """A page cut off from all but one address, with all that went wrong on it."""

    def __init__(self, browser: Browser, home: str) -> None:
        self.page: Page = browser.new_page(viewport={"width": 1366, "height": 768})
        self.outside: list[str] = []
        self.wrong: list[str] = []
        self.home = home
        self.page.route("**/*", self._filter)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda box: (self.wrong.append(box.message), box.dismiss()))
        self.page.on(
            "console",
            lambda said: self.wrong.append(said.text) if said.type == "error" else None,
        )

    def _filter(self, route) -> None:
        if route.request.url.startswith((self.home, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()


def test_demo_is_planned_in_the_app(browser, address, tmp_path):
    watched = Watched(browser, address)
    page = watched.page
    page.goto(address)
    page.get_by_role("button", name="Make the plan").click(timeout=MINUTE)
    frame = page.frame_locator("iframe[title*=folium]")
    marks = frame.locator(".leaflet-marker-icon")
    expect(marks.first).to_be_visible(timeout=MINUTE)
    expect(page.get_by_role("heading", name="SYNTHETIC")).to_be_visible()
    shown = int(page.get_by_test_id("stMetricValue").nth(1).inner_text())
    assert marks.count() == shown > 0
    page.screenshot(path=tmp_path / "plan.png")

    marks.first.click()
    expect(frame.locator(".leaflet-popup-content")).to_contain_text("centre")

    page.get_by_role("tab", name="Who reaches them").click()
    shares = page.get_by_role("tabpanel").filter(visible=True)
    expect(shares.get_by_test_id("stDataFrame").first).to_be_visible()
    expect(shares.get_by_test_id("stVegaLiteChart").first).to_be_visible()

    _same_map_takes_the_next_plan(page)
    assert watched.outside == []
    assert watched.wrong == []
    page.close()


def _same_map_takes_the_next_plan(page: Page) -> None:
    frame = next(one for one in page.frames if "st_folium" in one.url)
    frame.evaluate("window.unchanged = true")
    page.get_by_text("drive", exact=True).click()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_text("20-minute drive")).to_be_visible(timeout=MINUTE)
    page.get_by_text("Minutes to the nearest centre, drive").click()
    expect(page.get_by_text("0 to 10 minutes")).to_be_visible(timeout=MINUTE)
    assert frame.evaluate("window.unchanged")


def test_saved_map_opens_without_the_internet(browser, tmp_path):
    outcome = workflow.run(workflow.demo_place(), Scenario(count=5))
    path = outputs.save_map(outputs.plan_map(outcome), tmp_path / "map.html")
    watched = Watched(browser, path.as_uri())
    page = watched.page
    page.goto(path.as_uri())
    marks = page.locator(".leaflet-marker-icon")
    expect(marks).to_have_count(len(outcome.plan.opened))
    expect(page.get_by_role("heading", level=1)).to_contain_text("SYNTHETIC")
    expect(page.get_by_text("Band 1, lowest HLE")).to_be_visible()

    page.get_by_label("Minutes to the nearest centre").check()
    expect(page.get_by_text("0 to 10 minutes")).to_be_visible()
    expect(page.get_by_text("Band 1, lowest HLE")).to_be_hidden()

    marks.first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup-content")).to_contain_text("centre")
    page.screenshot(path=tmp_path / "map.png")
    assert watched.outside == []
    assert watched.wrong == []
    page.close()
