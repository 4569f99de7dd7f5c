"""The app measured as its user meets it: seconds until the browser shows it, and memory."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.benchmarks.bench_england import england_folder
from tests.benchmarks.frame import Asked, Row, lacking
from tests.browser import launch
from tests.browser.places import squares

LONGEST = 120_000
COLOURS = 20
SESSIONS = 5


def rows(asked: Asked) -> Iterator[Row]:
    """Measure the demo place, about 1,500 areas, and all England where it is to be had."""
    if asked.short:
        yield lacking("the app", "a short run")
        return
    with launch.chromium() as browser:
        for row in _rows(asked, browser):
            yield replace(row, version=f"in Chromium {browser.version}")


def _rows(asked: Asked, browser: Browser) -> Iterator[Row]:
    yield from first_page(browser, asked.scratch / "one")
    yield from sessions(browser, asked.scratch / "sessions")
    yield from clicks(browser, asked.scratch / "two", squares(asked.scratch / "squares"))
    country = england_folder(asked)
    if country is None:
        yield lacking("England: Need", "no real layers")
    else:
        yield from whole_country(browser, asked.scratch / "three", country)


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
    return f"{app.address}/{page}?place={quote(folder.name)}"


def megabytes(app: launch.App) -> float:
    """Memory that the server's process holds; Linux only."""
    status = Path(f"/proc/{app.process.pid}/status").read_text("ascii")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / 1024


def useful(page: Page, address: str) -> None:
    """Open Start and wait for what the place lacks, the last that it says."""
    page.goto(address)
    page.get_by_text("What it lacks").wait_for()


def first_page(browser: Browser, home: Path) -> Iterator[Row]:
    """The demo place from a cold start, by the command, then from a warm one."""
    begin = time.perf_counter()
    with launch.app(home) as app, opened(browser) as page:
        started = time.perf_counter() - begin
        yield Row(job="demo, cold: server up", wall=started)
        cold = timed(lambda: useful(page, app.address))
        yield Row(job="demo, cold: first useful page, from its address", wall=cold)
        yield Row(job="demo, cold: command to first useful page", wall=started + cold)
        with opened(browser) as other:
            warm = timed(lambda: useful(other, app.address))
            yield Row(job="demo, warm: first useful page", wall=warm)


def sessions(browser: Browser, home: Path) -> Iterator[Row]:
    """What the server holds of the demo place with sessions at its map, and once they have left."""
    with launch.app(home) as app:
        with ExitStack() as open_pages:

            def more(number: int) -> float:
                for _ in range(number):
                    drawn(open_pages.enter_context(opened(browser)), f"{app.address}/need")
                return megabytes(app)

            first, many = more(1), more(SESSIONS)
        yield Row(job="demo: the server with one session at its map", memory=first)
        yield Row(job="demo: each further session", memory=(many - first) / SESSIONS)
        for _ in range(SESSIONS):
            with opened(browser) as page:
                drawn(page, f"{app.address}/need")
        came = f"demo: the server once {2 * SESSIONS} more sessions have come and gone"
        yield Row(job=came, memory=megabytes(app))


def drawn(page: Page, address: str) -> None:
    """Open Need and wait for its map."""
    page.goto(address)
    page.locator(".nhc-map[data-drawn]").wait_for()


def clicks(browser: Browser, home: Path, folder: Path) -> Iterator[Row]:
    """A map of about 1,500 areas: until it is drawn, and until a click is answered."""
    with launch.app(home, "--places", str(folder)) as app, opened(browser) as page:
        ready = timed(lambda: drawn(page, at(app, "need", folder)))
        yield Row(job="about 1,500 areas: Need with its map", wall=ready)
        page.wait_for_timeout(3000)
        heading = page.get_by_role("tabpanel").get_by_role("heading")

        def click(x: int) -> None:
            before = heading.inner_text() if heading.is_visible() else ""
            page.locator(".nhc-box").click(position={"x": x, "y": 220})
            page.wait_for_function(
                "said => { const h = document.querySelector('[role=tabpanel] h3');"
                " return h && h.innerText !== said; }",
                arg=before,
            )

        click(300)
        seconds = [timed(lambda x=x: click(x)) for x in (340, 380, 420)]
        answered = float(np.median(seconds))
        yield Row(job="about 1,500 areas: click to the area's figures, median", wall=answered)


def whole_country(browser: Browser, home: Path, folder: Path) -> Iterator[Row]:
    """All England: until its areas are drawn, and what the server holds."""
    with launch.app(home, "--places", str(folder)) as app, opened(browser) as page:
        useful(page, app.address)
        for name in ("first", "again"):
            seconds = timed(lambda: seen(page, at(app, "need", folder)))
            yield Row(job=f"England: Need until its areas are drawn, {name}", wall=seconds)
        yield Row(job="England: the server", memory=megabytes(app))


def seen(page: Page, address: str) -> None:
    """Open Need and wait until its map shows the colours of areas."""
    page.goto(address, wait_until="commit")
    chart = page.get_by_test_id("stDeckGlJsonChart").first
    chart.wait_for()
    until = time.monotonic() + LONGEST / 1000
    while colours(page, chart) < COLOURS:
        if time.monotonic() > until:
            raise TimeoutError(f"no areas within {LONGEST / 1000:g} seconds")
        page.wait_for_timeout(30)


def colours(page: Page, chart: Locator) -> int:
    """How many colours there are in the middle of a map; an empty one has next to none."""
    box = chart.bounding_box()
    middle = {"x": box["x"] + 0.35 * box["width"], "y": box["y"] + 0.2 * box["height"],
              "width": 0.3 * box["width"], "height": 0.6 * box["height"]}  # fmt: skip
    with Image.open(BytesIO(page.screenshot(clip=middle))) as picture:
        return len(np.unique(np.asarray(picture.convert("RGB")).reshape(-1, 3), axis=0))
