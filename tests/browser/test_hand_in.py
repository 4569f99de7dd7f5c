"""From a plan to the workbook in a planner's hands, on the demo place, without the internet."""

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from tests.browser.ways import LATER, go, pictures, serious


def _press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click(timeout=LATER)


def test_from_a_plan_to_a_downloaded_workbook(watched, address, tmp_path):
    page = watched(address).page
    page.goto(f"{address}/trade-offs?count=6")
    _press(page, "Make the plan")
    page.get_by_role("slider", name="Plans on the curve").press("Home")
    _press(page, "Compare goals")
    _a_mark_shows_its_plan(page)
    page.screenshot(path=pictures(tmp_path) / "trade-offs-weighed.png")
    assert serious(page) == []

    go(page, "Waves")
    _press(page, "Plan the waves")
    expect(page.get_by_role("heading", name="Cost of phasing")).to_be_visible(timeout=LATER)
    _the_slider_moves_through_time(page)
    page.screenshot(path=pictures(tmp_path) / "waves-planned.png")
    assert serious(page) == []

    go(page, "Hand-in")
    page.get_by_role("slider").press("Home")
    _press(page, "Export documents")
    button = page.get_by_role("button", name="Download nhc-")
    expect(button).to_be_visible(timeout=LATER)
    with page.expect_download() as coming:
        button.click()
    coming.value.save_as(tmp_path / "handed.xlsx")
    assert "Pipeline" in load_workbook(tmp_path / "handed.xlsx", read_only=True).sheetnames
    page.screenshot(path=pictures(tmp_path) / "hand-in-made.png")
    assert serious(page) == []


def _a_mark_shows_its_plan(page: Page) -> None:
    """A click on the curve changes the plan beside it, and the map stays."""
    expect(page.get_by_text("none is better than another")).to_be_visible(timeout=LATER)
    expect(page.get_by_text("The search goes on")).to_be_hidden(timeout=LATER)
    expect(page.get_by_text("Plan 1: people in reach")).to_be_visible(timeout=LATER)
    marks = page.get_by_test_id("stVegaLiteChart").locator(
        "g.mark-symbol path[aria-label*='Plan: 3']"
    )
    marks.first.click()
    expect(page.get_by_text("Plan 3: people in reach")).to_be_visible(timeout=LATER)


def _the_slider_moves_through_time(page: Page) -> None:
    before = page.get_by_test_id("stMetricValue").first.inner_text()
    page.get_by_role("slider", name="By the end of").press("End")
    expect(page.get_by_test_id("stMetricValue").first).not_to_have_text(before, timeout=LATER)
