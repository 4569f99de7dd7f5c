"""Every page for every person: what axe finds, twice the size, targets, the keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched
from tests.browser.ways import LATER, figure, go, make, pictures, rested, serious, settled

PAGES = (
    "Start", "Need", "Neighbourhoods", "Access today", "Sites", "Plan", "Trade-offs", "Waves",
    "Compare", "Hand-in", "Method and data",
)  # fmt: skip
WIDE, TWICE = {"width": 1366, "height": 768}, {"width": 683, "height": 384}
"""A common laptop, and the same at 200 %."""

TOO_WIDE = """() => {
  const scrolls = one => one && (/auto|scroll/.test(getComputedStyle(one).overflowX)
    && one.dataset.testid !== "stMain" || one.dataset.testid === "stElementToolbar"
    || scrolls(one.parentElement));
  const main = document.querySelector('[data-testid=stMain]');
  const found = main.scrollWidth > main.clientWidth + 1 ? ["the page"] : [];
  const kinds = 'button, input, p, h1, h2, h3, label, iframe, [role=tab]';
  for (const one of main.querySelectorAll(kinds)) {
    const box = one.getBoundingClientRect();
    const folded = one.closest("details:not([open])");
    const out = box.width && box.right > innerWidth + 1;
    if (out && !folded && !scrolls(one)) found.push(one.outerHTML);
  }
  for (const one of main.querySelectorAll('p, label, [data-testid=stMetric] div'))
    if (one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).textOverflow === "ellipsis")
      found.push("cut off: " + one.innerText);
  return found.map(one => one.slice(0, 120));
}"""
"""What is beyond the right edge where nothing brings it back, and words that are cut off."""

ASIDE = "document.querySelector('[data-testid=stSidebar]').getBoundingClientRect().right < 2"
FOCUSED = """() => {
  const one = document.activeElement;
  const label = one.labels && one.labels.length ? one.labels[0].innerText : "";
  return [one.getAttribute("aria-label"), label, one.innerText].filter(Boolean).join(" ");
}"""
SEEN = """() => {
  for (let one = document.activeElement; one && one !== document.body; one = one.parentElement) {
    const look = getComputedStyle(one);
    if (/rgb\\(33, 43, 50\\)/.test(look.boxShadow + look.outlineColor + look.borderColor)
      && /rgb\\(255, 235, 59\\)/.test(look.boxShadow + look.backgroundColor)) return true;
  }
  return false;
}"""


@pytest.fixture(scope="module")
def walked(browser, address):
    """A page of a session that has two plans, the second changed from the first."""
    watched = Watched(browser, address)
    page = watched.page
    page.set_default_timeout(LATER)
    page.goto(f"{address}/plan?engine=estimate&count=4")
    for name, count in (("Plan A", "4"), ("Plan B", "6")):
        if name == "Plan B":
            page.locator("summary").first.click()
            page.get_by_role("spinbutton", name="Open at most").fill(count)
            page.get_by_role("textbox", name="Plan name").fill(name)
        make(page)
        centres = figure(page, "Centres open")
        expect(centres.get_by_test_id("stMetricValue")).to_have_text(count, timeout=LATER)
    yield watched
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_serves_everyone(walked, name, tmp_path):
    page, slug = walked.page, name.lower().replace(" ", "-")
    page.set_viewport_size(WIDE)
    go(page, name)
    rested(page)
    page.screenshot(path=pictures(tmp_path) / f"{slug}.png")
    assert serious(page) == []
    assert page.evaluate(TOO_WIDE) == []
    page.set_viewport_size(TWICE)
    page.wait_for_function(ASIDE, timeout=LATER)
    rested(page)
    page.screenshot(path=pictures(tmp_path) / f"{slug}-200.png")
    assert page.evaluate(TOO_WIDE) == []
    assert serious(page) == []
    page.set_viewport_size(WIDE)
    assert walked.outside == []
    assert walked.wrong == []


def _tab_to(page: Page, words: str, most: int = 120) -> None:
    """Press Tab until something of that name has the focus, which is seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if re.search(words, page.evaluate(FOCUSED)):
            page.wait_for_function(SEEN, timeout=LATER)
            return
    raise AssertionError(f"no Tab leads to {words}")


def test_from_start_to_a_moved_site_by_keyboard_alone(watched, address, tmp_path):
    page = watched(address).page
    page.goto(f"{address}/?engine=estimate&count=4")
    settled(page, "Start")
    _tab_to(page, "^Plan$")
    page.keyboard.press("Enter")
    settled(page, "Plan")
    expect(page.get_by_role("button", name="Make the plan")).to_be_visible(timeout=LATER)
    _tab_to(page, "^Make the plan$")
    page.keyboard.press("Enter")
    proof = figure(page, "Distance from the best")
    expect(proof).to_contain_text("Proved best", timeout=LATER)
    rested(page)
    _tab_to(page, "^Map$")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    _tab_to(page, "^Move$")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Move this centre")).to_be_visible(timeout=LATER)
    rested(page)
    _tab_to(page, "^Postcode")
    page.keyboard.type("650000, 400000")
    expect(page.get_by_role("textbox", name="Postcode")).to_have_value("650000, 400000")
    _tab_to(page, "^Move this centre$")
    page.keyboard.press("Enter")
    expect(proof).to_contain_text("by hand", timeout=LATER)
    page.screenshot(path=pictures(tmp_path) / "by-keyboard.png")
