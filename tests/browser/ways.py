"""Ways through the app that browser tests share: to a page, to its end, past its pitfalls."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

LATER = 60_000
STREAMLIT_OWN = {"aria-allowed-attr"}
"""Rules that Streamlit's own widgets break and no page can mend."""


def pictures(spare: Path) -> Path:
    """Where screenshots go: a folder to keep, or one that goes."""
    folder = Path(os.environ.get("NHCPLANNER_PICTURES", spare))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def settled(page: Page, title: str) -> None:
    """Wait until a page is drawn."""
    expect(page.get_by_role("heading", name=title, level=2)).to_be_visible(timeout=LATER)
    expect(page.get_by_test_id("stStatusWidget")).to_be_hidden(timeout=LATER)


def go(page: Page, name: str) -> None:
    """Go to a page by the menu."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    settled(page, name)


def serious(page: Page) -> list[str]:
    """What a person who cannot see, or uses no mouse, would stumble over."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical") and one["id"] not in STREAMLIT_OWN
    ]
