"""The brief of the demo place: page and document say the same, and what the evidence says."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from typer.testing import CliRunner

from nhcplanner import workflow
from nhcplanner.cli.commands import app
from nhcplanner.outputs.brief import write_page, write_word
from nhcplanner.outputs.brief.documents import content
from nhcplanner.outputs.brief.parts import Figure, Table


class _Read(HTMLParser):
    """Tables, headings, pictures and addresses of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tables, self.headings, self.pictures, self.addresses = [], [], [], []
        self._text = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.addresses += [known[name] for name in ("src", "href", "action") if name in known]
        if tag == "img":
            self.pictures.append(known)
        if tag == "table":
            self.tables.append([])
        if tag == "tr":
            self.tables[-1].append([])
        if tag in {"td", "th", "h2", "h3"}:
            self._text = []

    def handle_data(self, data):
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag):
        if tag in {"td", "th"}:
            self.tables[-1][-1].append("".join(self._text))
        if tag in {"h2", "h3"}:
            self.headings.append("".join(self._text))
        if tag in {"td", "th", "h2", "h3"}:
            self._text = None


@pytest.fixture(scope="module")
def folder(evidence, tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("brief")
    write_page(evidence, made)
    write_word(evidence, made)
    return made


@pytest.fixture(scope="module")
def text(folder) -> str:
    return next(folder.glob("*.html")).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text) -> _Read:
    return _Read(text)


@pytest.fixture(scope="module")
def document(folder):
    return docx.Document(next(folder.glob("*.docx")))


def test_the_page_needs_nothing_from_elsewhere(page, text):
    outside = [one for one in page.addresses if not one.startswith(("data:image/png;base64,", "#"))]
    assert not outside
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text


def test_links_of_the_contents_lead_somewhere(page, text):
    inner = [one for one in page.addresses if one.startswith("#")]
    assert len(inner) > 8
    assert all(f'id="{one[1:]}"' in text for one in inner)


def test_page_and_document_have_the_same_tables_and_headings(page, document):
    of_word = [[[cell.text for cell in row.cells] for row in one.rows] for one in document.tables]
    assert page.tables == of_word
    heads = [one.text for one in document.paragraphs if one.style.name.startswith("Heading")]
    assert page.headings == heads


def test_every_picture_is_told_in_words_in_both(page, document, evidence):
    alts = [one.get("alt", "") for one in page.pictures]
    described = [one._inline.docPr.get("descr", "") for one in document.inline_shapes]
    assert alts == described
    assert len(alts) >= 6
    assert all(len(alt) > 40 for alt in alts)
    assert all(
        "Source: " in part.source
        for one in content(evidence).sections
        for part in one.parts
        if isinstance(part, Figure)
    )


def test_no_page_of_an_invented_place_is_without_its_mark(text, document):
    assert '@top-center { content: "SYNTHETIC' in text
    assert "SYNTHETIC" in document.sections[0].header.paragraphs[0].text


def test_the_document_repeats_header_rows_and_numbers_its_pages(document):
    for table in document.tables:
        first = table.rows[0]._tr.trPr
        assert first.find(qn("w:tblHeader")) is not None
    foot = document.sections[0].footer._element.xml
    assert "PAGE" in foot
    assert "NUMPAGES" in foot
    captions = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    tables = [one for one in captions if one.startswith("Table ")]
    assert len(tables) == len(document.tables)


def _table(evidence, title) -> Table:
    for section in content(evidence).sections:
        for part in section.parts:
            if isinstance(part, Table) and title in part.caption:
                return part
    raise AssertionError(f"no table {title}")


def test_people_by_band_and_mode_are_the_evidences(evidence):
    table, frame = _table(evidence, "People by time band and mode"), evidence.within
    assert len(table.rows) == len(frame)
    for row, one in zip(table.rows, frame.itertuples(index=False), strict=True):
        assert row[1:] == (
            f"{one.minutes:g}",
            f"{one.people_before:,.0f}",
            f"{100 * one.share_before:.1f}%",
            f"{one.people_after:,.0f}",
            f"{100 * one.share_after:.1f}%",
        )


def test_options_and_price_are_the_evidences(evidence):
    shown = {row[0]: row for row in _table(evidence, "Options").rows}
    for one in evidence.options.itertuples(index=False):
        assert shown[one.option][2] == f"{one.people_within:,.0f}"
        assert shown[one.option][5] == f"£{one.capital:,.0f}"
        assert shown[one.option][8] == f"£{one.discounted:,.0f}"
    price = [row[3].replace(",", "") for row in _table(evidence, "The price of priority").rows]
    assert price == [f"{one:.0f}" for one in evidence.price["difference"]]


def test_losers_are_the_worst_of_the_evidences_by_name(evidence):
    frame = evidence.losers
    assert len(frame)
    for against, mine in frame.groupby("against"):
        rows = _table(evidence, f"Areas that lose against {against}").rows
        worst = mine.sort_values(["worse", "area_code"], ascending=[False, True])
        assert [row[0] for row in rows] == worst["area_code"].head(len(rows)).tolist()


def test_every_group_is_told_with_its_shares(evidence):
    told = [
        row
        for section in content(evidence).sections
        for part in section.parts
        if isinstance(part, Table) and "Before and after" in part.caption
        for row in part.rows
    ]
    frame = evidence.groups
    sizes = frame.groupby("grouping")["group"].transform("size")
    frame = frame[(sizes > 1) | (frame["grouping"] == "everyone")]  # one group alone says nothing
    expected = [f"{100 * share:.1f}%" for share in frame["share_after"]]
    assert [row[3] for row in told] == expected


def test_the_board_is_told_who_comes_within_reach(evidence, text):
    everyone = evidence.groups.set_index("group").loc["everyone"]
    assert f"{everyone['gained']:,.0f} people come within 20 minutes" in text


def test_modelled_hle_is_called_modelled_wherever_it_is_drawn(page):
    of_hle = [one["alt"] for one in page.pictures if "HLE" in one["alt"]]
    assert of_hle
    assert re.search(r"HLE\), modelled|modelled", " ".join(of_hle))


def test_the_same_evidence_gives_the_same_bytes(evidence, folder, tmp_path):
    again = replace(evidence)
    write_page(again, tmp_path)
    write_word(again, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_formats_are_asked_for_by_name(plan_dir, tmp_path):
    args = ["export", str(plan_dir), "--out", str(tmp_path), "--formats", "html,docx"]
    args += [word for part in workflow.PARTS for word in ("--without", part)]
    done = CliRunner().invoke(app, args)
    assert done.exit_code == 0, done.output
    record = {"plan.json", "sha256.txt"}
    written = {path.name for path in tmp_path.iterdir()}
    assert record < written
    assert {Path(name).suffix for name in written - record} == {".html", ".docx"}
    text = next(tmp_path.glob("*.html")).read_text(encoding="utf-8")
    assert "Not requested" in text
