"""Ways through the app that browser tests share: to a page, to its end, past its pitfalls."""

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

LATER = 90_000
LONG = 'goals=["narrowest_gap","cover_most"]&mode=drive&reach=10&count=14&engine=estimate'
"""Choices of which a plan is soon good, and not proved for long."""
STREAMLIT_OWN = {"aria-allowed-attr"}
"""Rules that Streamlit's own widgets break and no page can mend."""


_TOO = {"rules": {"target-size": {"enabled": True}}}
"""Rules of WCAG 2.2 that axe leaves out unless asked."""
_STILL = """() => document.getAnimations().every(
    (one) => !(one instanceof CSSTransition) || one.playState === "finished")"""


def pictures(spare: Path) -> Path:
    """Where screenshots go: a folder to keep, or one that goes."""
    folder = Path(os.environ.get("NHCPLANNER_PICTURES", spare))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def settled(page: Page, title: str) -> None:
    """Wait until a page is drawn."""
    expect(page.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=LATER)
    rested(page)


def rested(page: Page) -> None:
    """Wait until nothing is under way and no part of the page still waits to be drawn."""
    for _ in range(2):  # what was asked for a moment ago may only now begin
        page.wait_for_timeout(300)
        app = page.locator("[data-test-script-state]").first
        expect(app).to_have_attribute("data-test-script-state", "notRunning", timeout=LATER)
        expect(page.get_by_role("button", name="Stop", exact=True)).to_have_count(0, timeout=LATER)
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=LATER)
    for frame in page.frames:
        if "st_folium" in frame.url:
            frame.locator(".leaflet-container").first.wait_for(timeout=LATER)


def make(page: Page) -> None:
    """Ask for the plan that the page's rules say."""
    page.get_by_role("button", name="Make the plan").click(timeout=LATER)


def stop(page: Page) -> None:
    """Ask long work for what it has."""
    page.get_by_role("button", name="Stop", exact=True).click(timeout=LATER)


def under_way(page: Page) -> None:
    """Wait until the optimiser is at work on `LONG`."""
    expect(page.get_by_text(re.compile(r"Goal \d of 2"))).to_be_visible(timeout=LATER)


def figure(page: Page, label: str) -> Locator:
    """One of the figures that a plan is known by."""
    return page.get_by_test_id("stMetric").filter(has_text=label)


def go(page: Page, name: str) -> None:
    """Go to a page by the menu."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name).click()
    settled(page, name)


def serious(page: Page) -> list[str]:
    """What a person who cannot see, or uses no mouse, would stumble over."""
    page.wait_for_function(_STILL)  # what is half faded has half a contrast
    found = Axe().run(page, options=_TOO).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical") and one["id"] not in STREAMLIT_OWN
    ]
