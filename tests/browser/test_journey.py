"""The first half of a planner's way through the app, on the demo place, without the internet."""

import re

from playwright.sync_api import Page, expect

from tests.browser.ways import LATER, go, pictures, serious, settled


def test_from_start_to_access_today(watched, address, tmp_path):
    page = watched(address).page
    page.goto(address)
    settled(page, "Start")
    expect(page.get_by_text("350,000", exact=True)).to_be_visible()
    page.screenshot(path=pictures(tmp_path) / "start.png")
    assert serious(page) == []

    go(page, "Need")
    frame = page.frame_locator("iframe[title*=folium]")
    expect(frame.locator(".leaflet-overlay-pane canvas")).to_be_visible(timeout=LATER)
    page.screenshot(path=pictures(tmp_path) / "need.png")
    assert serious(page) == []
    _an_area_tells_of_itself(page)

    go(page, "Access today")
    expect(page.get_by_text("Of 350,000 people, within 20 minutes")).to_be_visible(timeout=LATER)
    expect(frame.locator(".leaflet-overlay-pane canvas")).to_be_visible(timeout=LATER)
    page.screenshot(path=pictures(tmp_path) / "access.png")
    assert serious(page) == []


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


def test_a_reload_brings_the_same_view_back(watched, address):
    page = watched(address).page
    page.goto(f"{address}/access?reach=15&mode=drive")
    expect(page.get_by_text("people, within 15 minutes")).to_be_visible(timeout=LATER)
    expect(page).to_have_url(re.compile("work="))
    before = page.url
    page.reload()
    expect(page.get_by_text("people, within 15 minutes")).to_be_visible(timeout=LATER)
    assert page.url == before
    expect(page.get_by_test_id("stSidebar")).to_contain_text("15-minute drive")


def test_two_sessions_at_once_do_not_mix(watched, address):
    one, other = watched(address).page, watched(address).page
    one.goto(f"{address}/need?count=3")
    other.goto(f"{address}/need?count=5")
    expect(one.get_by_test_id("stSidebar")).to_contain_text("at most 3", timeout=LATER)
    expect(other.get_by_test_id("stSidebar")).to_contain_text("at most 5", timeout=LATER)
    one.reload()
    expect(one.get_by_test_id("stSidebar")).to_contain_text("at most 3", timeout=LATER)
    copy = watched(address).page
    copy.goto(other.url)
    expect(copy.get_by_text("open in another window")).to_be_visible(timeout=LATER)
    assert copy.url != other.url


def test_everything_fits_at_twice_the_size(watched, address, tmp_path):
    page = watched(address).page
    page.set_viewport_size({"width": 683, "height": 384})
    page.goto(f"{address}/need")
    settled(page, "Need")
    page.screenshot(path=pictures(tmp_path) / "need-200.png")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 683


def test_focus_is_seen(watched, address):
    page = watched(address).page
    page.goto(f"{address}/need")
    settled(page, "Need")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Start").focus()
    page.keyboard.press("Tab")
    ring = "getComputedStyle(document.activeElement).boxShadow.includes('rgb(33, 43, 50)')"
    page.wait_for_function(ring, timeout=LATER)
