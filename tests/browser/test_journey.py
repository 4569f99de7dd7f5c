"""The first half of a planner's way through the app, on the demo place, without the internet."""

from playwright.sync_api import Page, expect

from tests.browser.ways import LATER, go, settled


def test_from_start_to_access_today(watched, address):
    page = watched(address).page
    page.goto(address)
    settled(page, "Start")
    expect(page.get_by_text("350,000", exact=True)).to_be_visible()

    go(page, "Need")
    frame = page.frame_locator("iframe[title*=folium]")
    expect(frame.locator(".leaflet-overlay-pane canvas")).to_be_visible(timeout=LATER)
    _an_area_tells_of_itself(page)

    go(page, "Access today")
    expect(page.get_by_text("are within 20 minutes of an existing")).to_be_visible(timeout=LATER)
    expect(frame.locator(".leaflet-overlay-pane canvas")).to_be_visible(timeout=LATER)


def _an_area_tells_of_itself(page: Page) -> None:
    """A click gives the facts, and neither the map nor its zoom is lost by it."""
    frame = next(one for one in page.frames if "st_folium" in one.url)
    frame.evaluate("window.unchanged = true")
    frame.locator(".leaflet-control-zoom-in").click()
    frame.wait_for_function("!document.querySelector('.leaflet-zoom-anim')")
    zoom = frame.evaluate("window.map_plan ? map_plan.getZoom() : window.map.getZoom()")
    frame.locator(".leaflet-container").click(position={"x": 300, "y": 200})
    expect(page.get_by_text("Click an area on the map")).to_be_hidden(timeout=LATER)
    expect(page.get_by_role("tabpanel").get_by_role("heading")).to_be_visible()
    page.get_by_text("Deprivation (IMD decile)").first.click()
    expect(page.get_by_text("1 to 2", exact=True)).to_be_visible(timeout=LATER)
    assert frame.evaluate("window.unchanged")
    again = frame.evaluate("window.map_plan ? map_plan.getZoom() : window.map.getZoom()")
    assert again == zoom
