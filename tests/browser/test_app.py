"""The app and the saved map as a stranger meets them: in a browser, without the internet."""

import math
from itertools import combinations

from playwright.sync_api import Page, expect

from nhcplanner import outputs, workflow
from nhcplanner.domain.scenario import Scenario

from .ways import Map

MINUTE = 60_000


def test_demo_is_planned_in_the_app(watched, address, tmp_path):
    page = watched(address).page
    page.goto(f"{address}/plan")
    page.get_by_role("button", name="Make the plan").click(timeout=MINUTE)
    shown = Map(page)
    marks = shown.all.locator(".leaflet-marker-icon")
    expect(marks.first).to_be_visible(timeout=MINUTE)
    expect(page.get_by_text("SYNTHETIC: this place is invented").first).to_be_visible()
    number = int(page.get_by_test_id("stMetricValue").nth(2).inner_text())
    assert marks.count() == number > 0
    page.screenshot(path=tmp_path / "plan.png")

    boxes = [one.bounding_box() for one in marks.all()]
    for one, other in combinations(boxes, 2):  # centres make room for each other
        assert math.hypot(one["x"] - other["x"], one["y"] - other["y"]) > 20

    marks.first.focus()
    page.keyboard.press("Enter")
    expect(shown.all.locator(".leaflet-popup-content")).to_contain_text("centre")

    page.get_by_role("tab", name="People in reach").click()
    shares = page.get_by_role("tabpanel", name="People in reach")
    expect(shares.get_by_test_id("stDataFrame").first).to_be_visible()
    expect(shares.get_by_test_id("stVegaLiteChart").first).to_be_visible()

    _same_map_takes_the_next_plan(page)


def _same_map_takes_the_next_plan(page: Page) -> None:
    shown = Map(page)
    shown.mark()
    page.locator("summary").first.click()
    page.get_by_role("combobox", name="People travel").click()
    page.get_by_role("option", name="By car", exact=True).click()
    page.get_by_role("button", name="Make the plan").click()
    expect(page.get_by_test_id("stMain").get_by_text("20-minute drive").first).to_be_visible(
        timeout=MINUTE
    )
    page.get_by_text("Minutes to the nearest centre, by car").click()
    expect(page.get_by_text("0 to 10 minutes")).to_be_visible(timeout=MINUTE)
    assert shown.is_marked()


def test_saved_map_opens_without_the_internet(watched, tmp_path):
    outcome = workflow.run(workflow.demo_place(), Scenario(count=5))
    path = outputs.save_map(outputs.plan_map(outcome), tmp_path / "map.html")
    page = watched(path.as_uri()).page
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
