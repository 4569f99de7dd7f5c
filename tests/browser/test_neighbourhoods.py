"""An area moved by a click on the map of the page Neighbourhoods, in a browser.

Of 64 squares of 1,500 people, 29 belong to the neighbourhood in the west, 35 to the other.
"""

import re

from playwright.sync_api import expect

from .places import squares
from .ways import LATER, Map, pictures, rested, serious, settled


def test_a_click_moves_an_area_and_undo_takes_it_back(watched, address, places, tmp_path):
    folder = squares(places / "clicks", 8, "Clicks")
    page = watched(address).page
    page.goto(f"{address}/neighbourhoods?place={folder.name}")
    settled(page, "Neighbourhoods")
    for label, value in (("Target (people)", "48000"), ("Fewest people", "40000")):
        box = page.get_by_role("spinbutton", name=label)
        box.fill(value)
        box.press("Enter")
        rested(page)
    page.get_by_role("button", name="Show neighbourhoods").click()
    expect(page.get_by_text(re.compile("2 neighbourhoods of"))).to_be_visible(timeout=LATER)
    rested(page)
    page.get_by_role("combobox", name=re.compile("Move the area")).click()
    page.get_by_role("option", name=re.compile("1$")).click()
    rested(page)
    even = page.get_by_text(re.compile(r"2 neighbourhoods of 43,500 to 52,500 people"))
    expect(even).to_be_visible()
    ground = Map(page).box
    size = ground.bounding_box()
    ground.click(position={"x": size["width"] / 2 + 80, "y": size["height"] / 2})
    page.wait_for_timeout(600)
    rested(page)
    moved = page.get_by_text(re.compile(r"2 neighbourhoods of 45,000 to 51,000 people"))
    expect(moved).to_be_visible(timeout=LATER)
    page.screenshot(path=pictures(tmp_path) / "clicks.png", full_page=True)
    assert serious(page) == []
    page.get_by_text("divisions side by side").click()
    rested(page)
    page.screenshot(path=pictures(tmp_path) / "side.png", full_page=True)
    page.get_by_role("button", name="Undo the last move").click()
    rested(page)
    expect(even).to_be_visible(timeout=LATER)
