"""The guide builds without a warning, asks nothing of the network, and no link in it is broken."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

GUIDE = Path(__file__).parents[3] / "docs"
NOTEBOOKS = sorted((GUIDE.parent / "notebooks").glob("*.py"))
pytestmark = pytest.mark.timeout(900)
"""The guide runs every notebook when it is built."""

FETCHED = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}
"""Tags whose address a browser fetches by itself, and where it stands."""


class Page(HTMLParser):
    """What a page fetches, where its links lead, and the names in it that links may lead to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path, self.fetched, self.links, self.names = path, [], [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs) -> None:
        told = dict(attrs)
        self.names.add(told.get("id") or "")
        if tag == "a" and told.get("href"):
            self.links.append(told["href"])
        if told.get(FETCHED.get(tag, "")):
            self.fetched.append(told[FETCHED[tag]])


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("guide") / "site"
    options = ["-E", "-W", "--keep-going", "-q", "-d", str(out.parent / "trees")]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(GUIDE), str(out)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def pages(site) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_source_has_its_page(site, pages):
    written = {path.relative_to(site).with_suffix("") for path in pages}
    asked = {path.relative_to(GUIDE).with_suffix("") for path in GUIDE.rglob("*.md")}
    asked |= {Path("notebooks") / path.stem for path in NOTEBOOKS}
    assert len(asked) > 20
    assert asked <= written


def test_no_page_asks_anything_of_another_machine(site, pages):
    for page in pages.values():
        outside = [one for one in page.fetched if urlsplit(one).netloc]
        assert not outside, page.path
    for style in site.rglob("*.css"):
        far = r"""(url\(|@import)\s*["']?(https?:)?//"""
        assert not re.search(far, style.read_text(encoding="utf-8")), style


def test_every_link_within_the_guide_leads_somewhere(site, pages):
    lost = []
    for page in pages.values():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            to = (page.path.parent / unquote(parts.path)).resolve() if parts.path else page.path
            there = pages.get(to)
            named = there is None or not parts.fragment or unquote(parts.fragment) in there.names
            if not to.exists() or not named:
                lost.append((page.path.relative_to(site).as_posix(), link))
    assert not lost


def test_what_is_made_of_the_program_stands_in_its_pages(site):
    def text(name: str) -> str:
        return re.sub("<[^>]+>", "", (site / "reference" / name).read_text(encoding="utf-8"))

    assert "over_capacity_price" in text("scenario.html")
    assert "nhcplanner waves demo" in text("commands.html")
    assert "hle_basis" in text("data.html")
    assert "price_of_priority" in text("explore.html")
    assert "<math" in (site / "method" / "siting.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [path.stem for path in NOTEBOOKS])
def test_a_notebook_is_shown_with_its_charts_and_maps_and_can_be_downloaded(site, name):
    page = (site / "notebooks" / f"{name}.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "leaflet" in page
    assert "output stderr" not in page
    estimate = name == "07_england"
    assert (
        "estimate" if estimate else "Own data" if name == "06_own_data" else "SYNTHETIC"
    ) in page
    (download,) = site.glob(f"_downloads/*/{name}.ipynb")
    cells = json.loads(download.read_text(encoding="utf-8"))["cells"]
    outputs = [one for cell in cells for one in cell.get("outputs", ())]
    assert any("image/svg+xml" in one.get("data", {}) for one in outputs)
    assert (
        not any(one["output_type"] in ("error", "stream") for one in outputs)
        or name == "06_own_data"
    )
