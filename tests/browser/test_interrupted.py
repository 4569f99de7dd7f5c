"""Work that is interrupted: by a reload, a crash, a closed tab, a stopped server, its planner."""

import os
import signal
import time
from pathlib import Path

import pytest
from playwright.sync_api import Error, expect

from nhcplanner import layers
from tests.browser import launch
from tests.browser.ways import LATER, LONG, figure, make, stop, under_way
from tests.pages.conftest import small_place

PROC = Path("/proc")
processes = pytest.mark.skipif(not PROC.is_dir(), reason="processes are read as Linux shows them")


def workers(server: int) -> set[int]:
    """Processes that a server has started for long work."""
    found = set()
    for folder in PROC.glob("[0-9]*"):
        try:
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent == server and b"spawn_main" in (folder / "cmdline").read_bytes():
                found.add(int(folder.name))
        except OSError:
            continue  # it has just ended
    return found


def gone(process: int) -> bool:
    """Whether a process has ended; one whose end nobody has asked for yet counts as ended."""
    try:
        return (PROC / f"{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def until(true) -> None:
    for _ in range(900):
        if true():
            return
        time.sleep(0.1)
    pytest.fail("it did not come about")


@processes
def test_a_reload_finds_the_solve_again_and_a_closed_tab_ends_it(watched, address, app):
    page = watched(address).page
    page.goto(f"{address}/plan?{LONG}")
    make(page)
    under_way(page)
    page.reload()
    under_way(page)
    until(lambda: len(workers(app.process.pid)) > 1)  # one works, another waits for work
    page.close()
    until(lambda: len(workers(app.process.pid)) == 1)


@processes
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL], ids=["Ctrl-C", "kill"])
def test_no_process_is_left_when_the_server_ends(browser, tmp_path, end):
    with launch.app(tmp_path) as app:
        page = browser.new_page()
        page.goto(f"{app.address}/plan?{LONG}")
        make(page)
        under_way(page)
        left = workers(app.process.pid)
        assert left
        os.kill(app.process.pid, end)
        app.process.wait(60)
        page.close()
        until(lambda: all(map(gone, left)))


def test_a_crashed_tab_comes_back_by_its_address(browser, app):
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{app.address}/plan?count=4&engine=estimate")
    make(page)
    expect(figure(page, "Centres open")).to_be_visible(timeout=LATER)
    address = page.url
    with page.expect_event("crash"), pytest.raises(Error):
        page.goto("chrome://crash")
    again = context.new_page()
    again.goto(address)
    expect(figure(again, "Centres open").get_by_test_id("stMetricValue")).to_have_text(
        "4", timeout=LATER
    )
    expect(again.get_by_test_id("stSidebar")).to_contain_text("at most 4")
    context.close()


def test_two_sessions_at_two_places_do_not_mix(browser, tmp_path):
    layers.write_place(small_place("Elsewhere"), tmp_path / "places" / "elsewhere")
    with launch.app(tmp_path, "--places", str(tmp_path / "places")) as app:
        context = browser.new_context()
        one, other = context.new_page(), context.new_page()
        one.goto(f"{app.address}/plan?count=4&engine=estimate")
        other.goto(f"{app.address}/plan?count=2&engine=estimate&place=elsewhere")
        make(one)
        make(other)
        for page, name, count in ((one, "Estmere", 4), (other, "Elsewhere", 2)):
            shown = figure(page, "Centres open").get_by_test_id("stMetricValue")
            expect(shown).to_have_text(str(count), timeout=LATER)
            before = page.url
            page.reload()
            expect(shown).to_have_text(str(count), timeout=LATER)
            expect(page.get_by_test_id("stSidebar")).to_contain_text(name)
            assert page.url == before
        copy = context.new_page()
        copy.goto(other.url)
        expect(copy.get_by_text("open in another window")).to_be_visible(timeout=LATER)
        assert copy.url != other.url
        context.close()


def test_a_hand_in_that_is_stopped_is_written_with_what_was_reached(watched, address):
    page = watched(address).page
    page.goto(f"{address}/hand-in?count=8")
    make(page)
    page.get_by_role("slider").press("End", timeout=LATER)
    page.get_by_role("button", name="Export documents").click()
    stop(page)
    expect(page.get_by_role("button", name="Download nhc-")).to_be_visible(timeout=LATER)
    expect(page.get_by_text("Missing or incomplete")).to_be_visible()
