"""A messy list in a browser: mapped, mended, confirmed, added, and recorded."""

import io
import re

import openpyxl
from playwright.sync_api import expect

from tests.browser.ways import LATER, go, pictures, rested, serious, settled

TITLE = ["Estates of the council, July 2026"]
HEADINGS = ["Ref", "Site", "Kind", "Status", "Easting", "Northing", "Outlay £m", "Remarks"]
ROWS = [
    ["N1", "Mill <b>House</b>", "library", "Surplus", 650000, 400000, 1.2, "=1+1"],
    ["N2", "Hall", "library", "Candidate", 651000, 401000, "dear", ""],
]


def workbook():
    book = openpyxl.Workbook()
    for row in (TITLE, HEADINGS, *ROWS):
        book.active.append(row)
    book.active["H3"] = "<img src=x onerror=alert(1)>"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def choose(page, box, option):
    """Choose from a select box with the keyboard alone."""
    field = page.get_by_role("combobox", name=re.compile(re.escape(box)))
    field.focus()
    field.press("ArrowDown")
    page.keyboard.type(option)
    page.keyboard.press("Enter")
    rested(page)


def test_a_messy_list_is_settled_on_screen_before_it_is_added(watched, address, tmp_path):
    page = watched(address).page
    page.goto(f"{address}/sites")
    settled(page, "Sites")
    page.get_by_role("tab", name="Upload a list").click(timeout=LATER)
    given = {"name": "our list.xlsx", "mimeType": "", "buffer": workbook()}
    page.locator("input[type=file]").set_input_files(given)
    expect(page.get_by_role("heading", name="Upload a list: our list.xlsx")).to_be_visible(
        timeout=LATER
    )
    rested(page)
    expect(page.get_by_text("headings in row 2, 2 rows, 8 columns")).to_be_visible()
    expect(page.get_by_text("Mill <b>House</b>; Hall")).to_be_visible()
    add = page.get_by_role("button", name="Add the sites")
    expect(add).to_be_disabled()
    choose(page, "Use column Ref as", "Site id")
    choose(page, "Use column Outlay £m as", "Cost (pounds, paid once)")
    choose(page, "Surplus means", "forbidden")
    page.screenshot(path=pictures(tmp_path) / "intake.png")
    assert serious(page) == []
    grid = page.get_by_test_id("stDataFrame").first
    grid.scroll_into_view_if_needed()
    grid.click(position={"x": 20, "y": 60})
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")  # opens the cell
    page.locator(".gdg-input").fill("0.5")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Save corrections").click()
    expect(page.get_by_text("So far: 1 cell corrected")).to_be_visible(timeout=LATER)
    expect(page.get_by_text("Nothing is added until you confirm it")).to_be_visible()
    page.screenshot(path=pictures(tmp_path) / "intake-summary.png", full_page=True)
    page.get_by_role("button", name="Add 2 sites").click()
    expect(page.get_by_text("2 sites added, 0 changed")).to_be_visible(timeout=LATER)
    rested(page)
    go(page, "Method and data")
    page.get_by_text("How files were read").click()
    expect(page.get_by_text("row 4, Outlay £m: 0.5")).to_be_visible(timeout=LATER)
    expect(page.get_by_text("status Surplus → forbidden")).to_be_visible()


def test_data_about_patients_are_refused_in_one_sentence(watched, address):
    page = watched(address).page
    page.goto(f"{address}/sites")
    settled(page, "Sites")
    page.get_by_role("tab", name="Upload a list").click(timeout=LATER)
    content = b"NHS number,Surname,Forename,Date of birth\n9434765919,A,B,1/1/1950\n"
    given = {"name": "list.csv", "mimeType": "text/csv", "buffer": content}
    page.locator("input[type=file]").set_input_files(given)
    expect(page.get_by_text("look like data about patients. Nothing was kept")).to_be_visible(
        timeout=LATER
    )
    expect(page.get_by_test_id("stFileUploaderFile")).to_have_count(0)


AREAS = "LSOA21CD,Residents,Easting,Northing\n" + "".join(
    f"E010000{n:02d},1500,{400_500 + 1000 * n},300500\n" for n in range(4)
)
BUILDINGS = (
    "Site id,Site,Kind,Status,Easting,Northing\n"
    "S1,Oak <i>House</i>,clinic,Surplus,400600,300400\nS2,Elm,library,Candidate,402600,300400\n"
)
CARS = "LSOA21CD,no_car_share\n" + "".join(f"E010000{n:02d},{20 + n}\n" for n in range(4))


def give(page, kind, name, content):
    """Upload one file of a place."""
    page.get_by_role("radiogroup", name="Kind of file").get_by_text(kind, exact=True).click()
    rested(page)
    given = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    uploader = page.get_by_role("region", name="Excel, CSV or GIS layer")
    uploader.locator("input[type=file]").set_input_files(given)
    expect(page.get_by_text(f"{name}: {kind}")).to_be_visible(timeout=LATER)
    rested(page)


def test_own_areas_and_tables_become_a_place_after_every_question(watched, address, tmp_path):
    """A word and a unit are open: the place opens when both are settled, and not before."""
    page = watched(address).page
    page.goto(address)
    settled(page, "Start")
    page.get_by_text("Your own areas and tables", exact=True).click(timeout=LATER)
    rested(page)
    page.get_by_text("Make a new place of own areas").click()
    rested(page)
    give(page, "Areas", "areas.csv", AREAS)
    give(page, "Table by area or council code", "cars.csv", CARS)
    give(page, "List of buildings", "sites.csv", BUILDINGS)
    assert serious(page) == []
    page.get_by_role("button", name="Check the files").click()
    expect(page.get_by_role("heading", name="A new place")).to_be_visible(timeout=LATER)
    rested(page)
    opens = page.get_by_role("button", name="Open the place")
    expect(opens).to_be_disabled()
    page.get_by_text("Per cent", exact=True).click()
    rested(page)
    expect(opens).to_be_disabled()
    choose(page, "Surplus means", "forbidden")
    expect(page.get_by_text("4 areas, 6,000 people, 2 sites")).to_be_visible(timeout=LATER)
    page.screenshot(path=pictures(tmp_path) / "intake-place.png", full_page=True)
    assert serious(page) == []
    opens.click()
    expect(page.get_by_text("6,000", exact=True)).to_be_visible(timeout=LATER)
    go(page, "Method and data")
    page.get_by_text("How files were read").click()
    expect(page.get_by_text("status: Surplus → forbidden")).to_be_visible(timeout=LATER)
