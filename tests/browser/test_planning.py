"""Planning in a browser: a plan stopped, a centre moved, two plans compared."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.ways import LATER, LONG, Map, figure, make, rested, stop


@pytest.fixture
def planned(watched, address):
    """A page with a plan for the demo place."""
    page = watched(address).page
    page.goto(f"{address}/plan?engine=estimate")
    make(page)
    expect(figure(page, "Distance from the best")).to_contain_text("Proved best", timeout=LATER)
    rested(page)
    return page


def test_a_plan_that_is_stopped_keeps_its_best(watched, address):
    page = watched(address).page
    page.goto(f"{address}/plan?{LONG}")
    make(page)
    expect(page.get_by_text(re.compile(r"Goal 2 of 2.*best [\d,]+"))).to_be_visible(timeout=LATER)
    stop(page)
    expect(figure(page, "Centres open")).to_be_visible(timeout=LATER)
    expect(figure(page, "Distance from the best")).not_to_contain_text("Proved best")


def test_a_click_moves_a_centre_and_the_figures_follow(planned):
    page = planned
    page.get_by_role("tab", name="Change by hand").click()
    page.get_by_role("radio", name="Move").click()
    expect(page.get_by_text("at the new position")).to_be_visible(timeout=LATER)
    rested(page)
    shown = Map(page)
    shown.mark()
    expect(shown.all.get_by_text("Click the map, or drag the pin")).to_be_visible()
    shown.box.click(position={"x": 120, "y": 300})
    expect(figure(page, "Distance from the best")).to_contain_text("by hand", timeout=LATER)
    expect(page.get_by_text(re.compile("moved. Changes compared with Plan A"))).to_be_visible()
    expect(page.get_by_role("radio", name="Move")).to_be_visible()
    assert shown.is_marked()
    page.get_by_role("button", name="Undo all changes").click()
    expect(figure(page, "Distance from the best")).to_contain_text("Proved best", timeout=LATER)


def test_two_plans_are_compared_on_maps_in_step(planned):
    page = planned
    page.locator("summary").first.click()
    page.get_by_role("spinbutton", name="Open at most").fill("5")
    page.get_by_role("textbox", name="Plan name").fill("Plan B")
    make(page)
    opened = figure(page, "Centres open").get_by_test_id("stMetricValue")
    expect(opened).to_have_text("5", timeout=LATER)
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Compare").click()
    expect(page.locator(".nhc-map")).to_have_count(3, timeout=LATER)
    rested(page)
    maps = [Map(page, number) for number in range(3)]
    before = maps[2].zoom()
    maps[0].zoom_in()
    page.wait_for_timeout(300)
    assert maps[2].zoom() > before
    assert len({one.zoom() for one in maps}) == 1
    assert len({one.centre() for one in maps}) == 1
    expect(page.get_by_text("People within reach:")).to_contain_text("in Plan B")
