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
    for one in page.locator(".nhc-map").all():
        expect(one).to_have_attribute("data-drawn", re.compile(r"\d"), timeout=LATER)


class Map:
    """A map of a page: what a test does with it, and what it shows.

    Parameters
    ----------
    page
        The page; the map is waited for.
    number
        Which of its maps.
    """

    def __init__(self, page: Page, number: int = 0) -> None:
        self.all = page.locator(".nhc-map").nth(number)
        expect(self.all).to_have_attribute("data-drawn", re.compile(r"\d"), timeout=LATER)
        self.box = self.all.locator(".nhc-box")

    def zoom(self) -> float:
        """The zoom of the map."""
        return self.all.evaluate("one => one.nhcMap.map.getZoom()")

    def centre(self) -> str:
        """The middle of the map."""
        return self.all.evaluate("one => one.nhcMap.map.getCenter().lat.toFixed(3)")

    def zoom_in(self) -> None:
        """Press plus and wait until the movement has ended."""
        before = self.zoom()
        self.all.locator(".leaflet-control-zoom-in").click()
        self.all.page.wait_for_function(
            """([one, before]) => one.nhcMap.map.getZoom() > before
                && !one.nhcMap.map._animatingZoom""",
            arg=[self.all.element_handle(), before],
        )

    def mark(self) -> None:
        """Mark the map, to see later that it is the same one."""
        self.box.evaluate("one => { one.unchanged = true; }")

    def is_marked(self) -> bool:
        """Whether it is still the map that was marked."""
        return self.box.evaluate("one => one.unchanged === true")

    def colour(self, x: float, y: float) -> list[int]:
        """Red, green and blue of the areas' canvas at a point of the map."""
        return self.all.evaluate(
            """(one, [x, y]) => {
                const canvas = one.querySelector(".leaflet-colours-pane canvas");
                const box = one.querySelector(".nhc-box").getBoundingClientRect();
                const at = canvas.getBoundingClientRect(), by = canvas.width / at.width;
                const [px, py] = [(box.x + x - at.x) * by, (box.y + y - at.y) * by];
                return [...canvas.getContext("2d").getImageData(px, py, 1, 1).data].slice(0, 3);
            }""",
            [x, y],
        )


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
