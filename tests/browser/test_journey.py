"""The first half of a planner's way through the app, on the demo place, without the internet."""

from playwright.sync_api import Page, expect

from tests.browser.ways import LATER, Map, go, settled


def test_from_start_to_access_today(watched, address):
    page = watched(address).page
    page.goto(address)
    settled(page, "Start")
    expect(page.get_by_text("350,000", exact=True)).to_be_visible()

    go(page, "Need")
    _an_area_tells_of_itself(page)

    go(page, "Access today")
    expect(page.get_by_text("are within 20 minutes of an existing")).to_be_visible(timeout=LATER)
    Map(page)


def _an_area_tells_of_itself(page: Page) -> None:
    """A click gives the facts, and neither the map nor its zoom is lost by it."""
    shown = Map(page)
    shown.mark()
    shown.zoom_in()
    zoom, seen = shown.zoom(), shown.colour(300, 205)
    shown.box.click(position={"x": 300, "y": 200})
    expect(page.get_by_text("Click an area on the map")).to_be_hidden(timeout=LATER)
    expect(page.get_by_role("tabpanel").get_by_role("heading")).to_be_visible()
    page.get_by_text("Deprivation (IMD decile)").first.click()
    expect(page.get_by_text("1 to 2", exact=True)).to_be_visible(timeout=LATER)
    assert shown.is_marked()
    assert shown.zoom() == zoom
    assert shown.colour(300, 205) != seen
