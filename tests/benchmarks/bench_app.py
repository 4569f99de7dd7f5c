"""Measure the app as its user meets it: seconds until the browser shows it, and memory.

    python -m tests.benchmarks.bench_app [--england FOLDER] [--areas FOLDER]

FOLDER is a place folder of all England, or of about 1,500 areas. Without them, all England is built
of the real layers in NHCPLANNER_REAL, where that is set, and the 1,500 areas are squares.
"""

# ruff: noqa: T201 - it prints

import argparse
import os
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import geopandas as gpd
import numpy as np
from playwright.sync_api import Browser, Page
from shapely.geometry import box

from nhcplanner import layers
from nhcplanner.domain.place import CRS, Place
from tests.browser import launch
from tests.real.conftest import england

LONGEST = 120_000
PACKAGES = ("streamlit", "streamlit-folium", "pydeck", "geopandas", "pandas")


def say(what: str, figure: float, unit: str = "s") -> None:
    print(f"  {what:<58}{figure:9.2f} {unit}", flush=True)


def timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


@contextmanager
def opened(browser: Browser) -> Iterator[Page]:
    """A page of a browser that remembers nothing."""
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(LONGEST)
    try:
        yield page
    finally:
        context.close()


def at(app: launch.App, page: str, folder: Path) -> str:
    return f"{app.address}/{page}?place={quote(str(folder))}"


def megabytes(app: launch.App) -> float:
    """Memory that the server's process holds; Linux only."""
    status = Path(f"/proc/{app.process.pid}/status").read_text("ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def squares(folder: Path, across: int = 39) -> Path:
    """A place folder of across x across squares of a kilometre."""
    column, row = np.divmod(np.arange(across**2), across)
    corners = np.column_stack([400_000 + 1000 * column, 300_000 + 1000 * row])
    shapes = [box(x, y, x + 1000, y + 1000) for x, y in corners.tolist()]
    codes = [f"E01{number:06d}" for number in range(len(shapes))]
    facts = {"area_code": codes, "people": 1500, "imd_rank": np.arange(1, len(shapes) + 1)}
    areas = gpd.GeoDataFrame(facts, geometry=shapes, crs=CRS)
    middles = areas.centroid
    origins = gpd.GeoDataFrame(
        {"origin_id": codes, "area_code": codes, "people": 1500}, geometry=middles, crs=CRS
    )
    some = middles[::50].reset_index(drop=True)
    ids = [f"S{number}" for number in range(len(some))]
    sites = gpd.GeoDataFrame(
        {"site_id": ids, "site_name": ids, "kind": "library", "status": "candidate"},
        geometry=some,
        crs=CRS,
    )
    layers.write_place(Place("Squares", areas, sites, origins, synthetic=True), folder)
    return folder


def useful(page: Page, address: str) -> None:
    """Open Start and wait for what the place lacks, the last that it says."""
    page.goto(address)
    page.get_by_text("What it lacks").wait_for()


def bench_first_page(browser: Browser, home: Path) -> None:
    begin = time.perf_counter()
    with launch.app(home) as app, opened(browser) as page:
        started = time.perf_counter() - begin
        say("demo, cold: server up", started)
        cold = timed(lambda: useful(page, app.address))
        say("demo, cold: first useful page, from its address", cold)
        say("demo, cold: command to first useful page", started + cold)
        with opened(browser) as other:
            say("demo, warm: first useful page", timed(lambda: useful(other, app.address)))
        empty = megabytes(app)
        with opened(browser) as other:
            useful(other, app.address)
            drawn(other, f"{app.address}/need")
            say("demo: server's memory", megabytes(app), "MB")
            say("demo: of which one session more, with its map", megabytes(app) - empty, "MB")


def drawn(page: Page, address: str) -> None:
    """Open Need and wait for its map."""
    page.goto(address)
    frame = page.frame_locator("iframe[title*=folium]")
    frame.locator(".leaflet-overlay-pane canvas").wait_for()


def bench_click(browser: Browser, home: Path, folder: Path) -> None:
    with launch.app(home) as app, opened(browser) as page:
        say(
            "about 1,500 areas: Need with its map",
            timed(lambda: drawn(page, at(app, "need", folder))),
        )
        page.wait_for_timeout(3000)
        frame = page.frame_locator("iframe[title*=folium]")
        heading = page.get_by_role("tabpanel").get_by_role("heading")

        def click(x: int) -> None:
            before = heading.inner_text() if heading.is_visible() else ""
            frame.locator(".leaflet-container").click(position={"x": x, "y": 220})
            page.wait_for_function(
                "said => { const h = document.querySelector('[role=tabpanel] h3');"
                " return h && h.innerText !== said; }",
                arg=before,
            )

        click(300)
        seconds = [timed(lambda x=x: click(x)) for x in (340, 380, 420)]
        say("about 1,500 areas: click to the area's figures, median", float(np.median(seconds)))


def bench_england(browser: Browser, home: Path, folder: Path) -> None:
    with launch.app(home) as app, opened(browser) as page:
        useful(page, app.address)
        for name in ("first", "again"):
            seconds = timed(lambda: seen(page, at(app, "need", folder)))
            say(f"England: Need until its areas are drawn, {name}", seconds)
        say("England: server's memory", megabytes(app), "MB")


def seen(page: Page, address: str) -> None:
    """Open Need and wait until the graphics card has drawn the areas' file."""
    with page.expect_response(
        lambda answer: "/component/" in answer.url and answer.ok and answer.url.endswith(".json")
    ) as file:
        page.goto(address)
    file.value.finished()
    page.get_by_test_id("stDeckGlJsonChart").locator("canvas").first.wait_for()
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--england", type=Path)
    parser.add_argument("--areas", type=Path)
    chosen = parser.parse_args()
    real = os.environ.get("NHCPLANNER_REAL")
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, {os.cpu_count()} cores{load}")
    named = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    with TemporaryDirectory() as scratch, launch.chromium() as browser:
        there = Path(scratch)
        print(f"Python {platform.python_version()}, {named}, Chromium {browser.version}")
        bench_first_page(browser, there / "one")
        bench_click(browser, there / "two", chosen.areas or squares(there / "squares"))
        whole = chosen.england
        if whole is None and real:
            whole = there / "england"
            layers.write_place(england(Path(real), there), whole)
        if whole:
            bench_england(browser, there / "three", whole.resolve())


if __name__ == "__main__":
    main()
