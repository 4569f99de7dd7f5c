"""Maps in a browser: they stay where they are, and what users wrote is only ever text."""

import re

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from nhcplanner import outputs, place_map, workflow
from nhcplanner.domain.scenario import Scenario
from nhcplanner.outputs import style
from nhcplanner.pages import need

from .places import squares
from .ways import LATER, Map, figure, make, pictures, rested, serious, settled

EVIL = (
    "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
    "{{7*7}}{% raw %}![x](http://127.0.0.1:9/x)"
)
MIDDLE = {"x": 330, "y": 220}


@pytest.fixture(scope="module")
def evil(places):
    """A small place folder in which every name is a script."""
    return squares(places / "evil", 6, EVIL, EVIL)


@pytest.fixture(scope="module")
def many(places):
    """A place folder of very many areas; every name is a script."""
    across = int(need.MANY**0.5) + 1
    return squares(places / "many", across, EVIL, EVIL)


class Runs:
    """Counts what a page asks its server: runs of the whole page, and of a part of it."""

    def __init__(self, page: Page) -> None:
        self.whole = self.part = 0
        page.on("websocket", lambda socket: socket.on("framesent", self._heard))

    def _heard(self, sent: bytes | str) -> None:
        asked = BackMsg.FromString(sent) if isinstance(sent, bytes) else BackMsg()
        if asked.HasField("rerun_script"):
            self.part += bool(asked.rerun_script.fragment_id)
            self.whole += not asked.rerun_script.fragment_id


@pytest.mark.parametrize("name", ["Need", "Access today", "Sites", "Plan"])
def test_a_click_keeps_map_and_zoom_and_a_script_in_a_name_is_text(watched, address, evil, name):
    page = watched(address).page
    runs = Runs(page)
    page.goto(f"{address}/{name.split()[0].lower()}?place={evil.name}&count=2")
    settled(page, name)
    if name == "Plan":
        make(page)
        figure(page, "Centres open").wait_for()
    rested(page)
    shown = Map(page)
    shown.zoom_in()
    zoom = shown.zoom()
    shown.mark()
    shown.box.hover(position=MIDDLE)
    expect(shown.all.locator(".leaflet-tooltip").first).to_contain_text("<img src=x onerror")
    before = runs.whole, runs.part
    shown.box.click(position=MIDDLE)
    page.wait_for_timeout(600)
    rested(page)
    if name in ("Plan", "Sites"):  # facts are on the map, and nothing is asked
        expect(shown.all.locator(".leaflet-popup-content")).to_contain_text("<img src=x onerror")
        assert runs.part == before[1]
    else:
        assert runs.part > before[1]
    assert runs.whole == before[0]
    assert shown.is_marked()
    assert shown.zoom() == zoom
    if name == "Plan":
        shown.all.locator(".leaflet-marker-icon").first.focus()
        page.keyboard.press("Enter")
        popup = shown.all.locator(".leaflet-popup-content").last
        expect(popup).to_contain_text("</script><script>alert(2)")
    shown.all.get_by_role("combobox").fill("<img")
    expect(shown.all.get_by_role("option").first).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img[src=x]").count() == 0


def test_a_click_on_very_many_areas_keeps_the_map(watched, address, many):
    page = watched(address).page
    runs = Runs(page)
    page.goto(f"{address}/need?place={many.name}")
    shown = Map(page)
    rested(page)
    shown.zoom_in()
    shown.mark()
    shown.box.hover(position=MIDDLE)
    expect(shown.all.locator(".leaflet-tooltip")).to_contain_text("<img src=x onerror=alert(1)>")
    before, zoom, seen = runs.whole, shown.zoom(), shown.colour(250, 150)
    shown.box.click(position=MIDDLE)
    facts = page.get_by_role("tabpanel").get_by_role("heading")
    expect(facts).to_contain_text("<img src=x onerror=alert(1)>", timeout=LATER)
    rested(page)
    assert runs.whole == before
    assert shown.is_marked()
    assert shown.zoom() == zoom
    assert shown.colour(250, 150) == seen


def test_a_script_in_a_name_is_text_in_saved_maps_and_the_brief(watched, evil, tmp_path):
    place = workflow.load(evil)
    outcome = workflow.run(place, Scenario(count=2))
    outputs.save_map(outputs.plan_map(outcome), tmp_path / "plan.html")
    outputs.save_map(place_map(place), tmp_path / "place.html")
    workflow.write_results(outcome, tmp_path / "made")
    to = workflow.Delivery(tmp_path / "handin", ["html"])
    workflow.export_hand_in(tmp_path / "made", to, place_folder=evil)
    page = watched(tmp_path.as_uri()).page
    for path in sorted(tmp_path.rglob("*.html")):
        page.goto(path.as_uri())
        page.wait_for_load_state()
        expect(page.locator("body")).to_contain_text("<img src=x onerror=alert(1)></script>")
        assert page.locator("img[src=x]").count() == 0
        if page.locator(".leaflet-container").count():
            page.locator(".leaflet-container").click(position=MIDDLE)
            expect(page.locator(".leaflet-popup-content")).to_contain_text("<img src=x")


def test_search_picture_and_keyboard_of_a_map(watched, address, tmp_path):
    page = watched(address).page
    page.goto(f"{address}/need?engine=estimate")
    shown = Map(page)
    rested(page)
    search, zoom = shown.all.get_by_role("combobox"), shown.zoom()
    search.fill("saltw")
    expect(shown.all.get_by_role("option").first).to_contain_text("Saltwrack")
    search.press("ArrowDown")
    search.press("Enter")
    page.wait_for_timeout(1500)  # the map flies
    assert shown.zoom() > zoom
    search.fill("ZZ99 9ZZ")
    search.press("Enter")
    expect(shown.all.get_by_text("Nothing found for ZZ99 9ZZ")).to_be_attached(timeout=LATER)
    rested(page)
    lat = shown.centre()
    search.fill("663419, 398384")  # a position that the app knows, and the map does not
    search.press("Enter")
    expect(shown.all.get_by_text("Map moved to 663419, 398384")).to_be_attached(timeout=LATER)
    page.wait_for_timeout(1500)
    assert shown.centre() != lat
    shown.all.get_by_role("button", name="Show the whole place").click()
    page.wait_for_timeout(600)
    assert shown.zoom() == zoom
    shown.box.focus()
    page.keyboard.press("Enter")  # the area at the cross
    expect(page.get_by_role("tabpanel").get_by_role("heading")).to_be_visible(timeout=LATER)
    rested(page)
    with page.expect_download() as saved:
        shown.all.get_by_role("button", name=re.compile("picture")).click()
    saved.value.save_as(tmp_path / "map.png")
    picture = Image.open(tmp_path / "map.png").convert("RGB")
    size = shown.box.bounding_box()
    assert picture.width > 2 * size["width"]
    assert picture.height > 2 * size["height"]
    colours = {colour for _, colour in picture.getcolors(2**24)}
    assert {tuple(bytes.fromhex(one[1:])) for one in style.need(6)} <= colours
    picture.save(pictures(tmp_path) / "map-picture.png")


def test_a_position_is_chosen_only_in_its_mode_by_click_drag_or_arrow_keys(
    watched, address, tmp_path
):
    page = watched(address).page
    page.goto(f"{address}/sites?engine=estimate")
    shown = Map(page)
    rested(page)
    shown.box.click(position=MIDDLE)
    page.wait_for_timeout(400)
    expect(page.get_by_text("Point clicked")).to_have_count(0)
    page.get_by_text("Choose a position on the map").click()
    banner = shown.all.get_by_text("Click the map to set the position")
    expect(banner).to_be_visible(timeout=LATER)
    rested(page)
    shown.box.click(position=MIDDLE)
    said = page.get_by_text("Point clicked")
    expect(said).to_be_visible(timeout=LATER)
    rested(page)
    first = said.inner_text()
    pin = shown.all.locator(".nhc-pin")
    pin.focus()
    page.keyboard.press("ArrowRight")
    expect(said).not_to_have_text(first, timeout=LATER)
    rested(page)
    second, at = said.inner_text(), pin.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + 60, at["y"] + 60, steps=5)
    page.mouse.up()
    expect(said).not_to_have_text(second, timeout=LATER)
    rested(page)
    page.screenshot(path=pictures(tmp_path) / "sites-pin.png")
    assert serious(page) == []
    page.get_by_text("Choose a position on the map").click()
    expect(banner).to_be_hidden(timeout=LATER)
    rested(page)
    expect(pin).to_have_count(0)


def test_a_click_on_a_building_draws_from_where_it_is_reached(watched, address, tmp_path):
    page = watched(address).page
    page.goto(f"{address}/access")
    expect(page.get_by_text("are within 20 minutes of")).to_be_visible(timeout=LATER)
    shown = Map(page)
    rested(page)
    at = shown.all.evaluate(
        """one => {
            const { map, state } = one.nhcMap, [point] = state.layers.flatMap(l => l.points);
            const p = map.latLngToContainerPoint([point.at[1], point.at[0]]);
            return { x: p.x, y: p.y };
        }"""
    )
    shown.box.click(position=at)
    expect(page.get_by_text("Blue: within 10, 15, 20, 30 minutes of")).to_be_visible(timeout=LATER)
    rested(page)
    shapes = "one => one.nhcMap.state.layers.flatMap(l => l.shapes).length"
    assert shown.all.evaluate(shapes) == 4
    page.screenshot(path=pictures(tmp_path) / "isochrone.png")
