"""A closure on the page Access in a browser: upload, choose, read, and take one page away."""

import re

import pytest
from playwright.sync_api import expect

from .places import squares
from .ways import LATER, pictures, rested, serious, settled


@pytest.fixture(scope="module")
def practices(places):
    """A place folder of 8 x 8 squares with eight practices."""
    return squares(places / "practices", 8, "Practices", kind="gp_practice")


def test_a_closure_is_explained_and_its_page_is_downloaded(watched, address, practices, tmp_path):
    file = tmp_path / "patients.csv"
    rows = [f"S{n // 8},E01{n:06d},{1500 if n % 8 else 1400}" for n in range(64)]
    file.write_text("\n".join(["PRACTICE_CODE,LSOA_CODE,NUMBER_OF_PATIENTS", *rows]))
    page = watched(address).page
    page.goto(f"{address}/access?place={practices.name}")
    settled(page, "Access today")
    page.get_by_text("Registered patients", exact=True).click()
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("11,900 registered patients")).to_be_visible(timeout=LATER)
    page.get_by_text("It shuts", exact=True).click()
    expect(page.get_by_text(re.compile("shuts: 11,900 patients"))).to_be_visible(timeout=LATER)
    rested(page)
    page.screenshot(path=pictures(tmp_path) / "closure.png", full_page=True)
    assert serious(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download one page (HTML)").click()
    assert download.value.suggested_filename == "closure-S0.html"
    assert "section 14Z45" in download.value.path().read_text(encoding="utf-8")
