"""A browser, the app, and a page that is cut off from everything else."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from nhcplanner import outputs

ROOT = Path(__file__).parents[2]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PROBES = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit looks for beside a page's own address before it finds it at the root."""


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium of this machine."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if found is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=FLAGS.split())
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def address(tmp_path_factory):
    """The app on a free port, its work in a folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    command += ["--server.headless=true", "--server.fileWatcherType=none", *outputs.APP_OPTIONS]
    home = tmp_path_factory.mktemp("home")
    folders = {"XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ, **folders}
    ) as server:
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
        self.page.on("console", self._heard)

    def _filter(self, route) -> None:
        if route.request.url.startswith((self.home, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def _heard(self, said) -> None:
        probe = said.location.get("url", "").endswith(PROBES)
        if said.type == "error" and not probe:
            self.wrong.append(said.text)


@pytest.fixture
def watched(browser):
    """Open pages that may only ask one address; nothing else is asked, nothing goes wrong."""
    opened = []

    def watch(home):
        one = Watched(browser, home)
        one.page.set_default_timeout(60_000)
        opened.append(one)
        return one

    yield watch
    for one in opened:
        one.page.close()
    assert [address for one in opened for address in one.outside] == []
    assert [words for one in opened for words in one.wrong] == []
