"""A browser, the app, and a page that is cut off from everything else."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import launch

PROBES = ("/_stcore/health", "/_stcore/host-config")
"""What Streamlit looks for beside a page's own address before it finds it at the root."""


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium of this machine."""
    try:
        with launch.chromium() as chromium:
            yield chromium
    except FileNotFoundError as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def places(tmp_path_factory):
    """Folder whose place folders the app offers by name."""
    return tmp_path_factory.mktemp("places")


@pytest.fixture(scope="session")
def app(tmp_path_factory, places):
    """The app on a free port, its work in a folder of its own."""
    with launch.app(tmp_path_factory.mktemp("home"), "--places", str(places)) as running:
        yield running


@pytest.fixture(scope="session")
def address(app):
    """Where the app is."""
    return app.address


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
