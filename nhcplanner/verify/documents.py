"""Workbook, web page and Word document compared with the tables and with each other.

A document's table is matched by what its rows are about (a site, an area, a group, an option, a
mode and its minutes, a band, a case, a goal), so that headings and layout may change. Each figure
must then be one of that row's figures, as far as the document rounds it.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.parsers import expat

from nhcplanner.base.file_checks import UNPACKING, DoctypeError, is_bomb, refuse_doctype
from nhcplanner.verify.document_tables import PrintedTables, check_site_forms, check_table
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Files, Page
from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger
from nhcplanner.verify.return_figures import return_families
from nhcplanner.verify.row_figures import families
from nhcplanner.verify.sentence_figures import is_distinctive, tokens
from nhcplanner.verify.sentences import (
    LEAST_LETTERS,
    Sentences,
    check_better_plan,
    check_cells,
    check_headings,
    check_repeated,
    from_first_difference,
)

MOST_CELLS = 5_000_000
"""Cells of one document."""


def read_book(files: Files, path: Path, name: str) -> None:
    """Add the sheets of a workbook."""
    from python_calamine import CalamineWorkbook  # noqa: PLC0415

    _check_packed(path)
    book = CalamineWorkbook.from_path(str(path))
    sheets: dict[str, list[list[Any]]] = {}
    cells = 0
    for sheet in book.sheet_names:
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        cells += sum(map(len, rows))
        if cells > MOST_CELLS:
            raise ValueError(f"holds more than {MOST_CELLS:,} cells")
        sheets[sheet] = rows
    files.books[name] = sheets


def _check_packed(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist():
                if is_bomb(member.compress_size, member.file_size, 200_000_000):
                    raise ValueError(f"{member.filename} unpacks to far too much")
    except UNPACKING:
        raise ValueError("is not a sound file of its kind") from None


def read_word(files: Files, path: Path, name: str) -> None:  # noqa: C901  (a branch an element)
    """Add the tables and paragraphs of a Word document."""
    _check_packed(path)
    with zipfile.ZipFile(path) as archive:
        content = archive.read("word/document.xml")
    page = Page()
    depth = 0
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        if tag == "w:tbl":
            depth += 1
            if depth == 1:
                page.tables.append([])
                page.before.append(len(page.paragraphs))
        elif tag == "w:tr" and depth == 1:
            page.tables[-1].append([])
        elif (tag == "w:tc" and depth == 1) or (tag == "w:p" and not depth):
            text.clear()
        elif tag in ("w:br", "w:tab"):
            text.append(" ")
        elif tag == "wp:docPr" and (words := tidy(attributes.get("descr", ""))):
            page.paragraphs.append(words)

    def end(tag: str) -> None:
        nonlocal depth
        if tag == "w:tbl":
            depth -= 1
        elif tag == "w:tc" and depth == 1:
            page.tables[-1][-1].append(tidy("".join(text)))
        elif tag == "w:p":
            if depth:
                text.append(" ")
            elif paragraph := tidy("".join(text)):
                page.paragraphs.append(paragraph)

    def data(words: str) -> None:
        text.append(words)

    parse_xml(content, start, end, data)
    files.pages[name] = page


class _Html(HTMLParser):
    """Tables and paragraphs of a page; pictures, scripts and styles are passed over."""

    SILENT = frozenset({"script", "style", "svg", "head", "title"})
    BLOCKS = frozenset(
        {"p", "li", "h1", "h2", "h3", "h4", "div", "section", "figcaption", "caption", "summary",
         "dt", "dd", "br", "main", "nav", "details", "figure", "header", "footer", "ul", "ol",
         "article", "aside", "body"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._silent: list[str] = []
        self._depth = 0
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element."""
        if tag in self.SILENT:
            self._silent.append(tag)
        elif tag == "table":
            self._flush()
            self._depth += 1
            if self._depth == 1:
                self.page.tables.append([])
        elif tag == "tr" and self._depth == 1:
            self.page.tables[-1].append([])
        elif tag in ("td", "th", "caption") and self._depth == 1:
            self._text.clear()
        elif (tag in self.BLOCKS or ("class", "small") in attrs) and not self._depth:
            self._flush()
        elif tag in self.BLOCKS:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Close an element."""
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "table":
            self._depth = max(self._depth - 1, 0)
            self._text.clear()
        elif tag in ("td", "th") and self._depth == 1 and self.page.tables[-1]:
            self.page.tables[-1][-1].append(tidy("".join(self._text)))
            self._text.clear()
        elif (tag == "caption" and self._depth == 1) or (tag in self.BLOCKS and not self._depth):
            self._flush()

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self._silent:
            self._text.append(data)

    def _flush(self) -> None:
        if words := tidy("".join(self._text)):
            self.page.paragraphs.append(words)
        self._text.clear()


def read_html(files: Files, path: Path, name: str) -> None:
    """Add the tables and paragraphs of a web page; the map has none."""
    if path.name == "map.html":
        return
    parser = _Html()
    parser.feed(path.read_text(encoding="utf-8"))
    parser.close()
    files.pages[name] = parser.page


def parse_xml(content: bytes, start: Any, end: Any, data: Any) -> None:
    """Parse XML without document types; ValueError if it is damaged."""
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = data
    parser.StartDoctypeDeclHandler = refuse_doctype
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, DoctypeError) as error:
        raise ValueError(str(error)) from None


def tidy(text: str) -> str:
    """Return text with single spaces, and without marks of direction."""
    plain = re.sub("[\u2066-\u2069\u200b-\u200f\u202a-\u202e\u00ad]", "", text)
    return re.sub(r"\s+", " ", plain.replace("\u00a0", " ").replace("\u2212", "-")).strip()


def check_documents(facts: Facts, ledger: Ledger) -> None:
    """Compare every document with the tables, and the two forms of the brief with each other."""
    files = facts.files
    if not files.books and not files.pages:
        return
    known = [*families(facts), *return_families(facts)]
    if not known:
        ledger.leave("Documents", "the hand-in has no tables (CSV) to compare them with")
    printed = PrintedTables(facts)
    sentences = Sentences(facts)
    notes = files.tables["notes"]["words"] if "notes" in files.tables else ()
    texts = {name: page.paragraphs for name, page in files.pages.items()}
    texts["tables/notes.csv"] = [tidy(str(words)) for words in notes]
    cells = {name: _words(page.tables) for name, page in files.pages.items()}
    for name, sheets in files.books.items():
        for sheet, rows in sheets.items():
            where = f"{name}, sheet {sheet}"
            blocks, prose = split(rows)
            texts[where], cells[where] = prose, _words(blocks)
            for block in blocks:
                if not printed.check(block, where, ledger):
                    check_table(block, known, where, ledger)
            sentences.check(prose, [rows], where, ledger)
    for name, page in files.pages.items():
        forms = check_site_forms(facts, page.forms(), name, ledger)
        for number, rows in enumerate(page.tables):
            if number not in forms and not (rows and printed.check(rows, name, ledger)):
                check_table([list(row) for row in rows], known, name, ledger)
        sentences.check(page.paragraphs, page.tables, name, ledger)
        check_headings(page.paragraphs, facts, name, ledger)
    _check_briefs(files.pages, ledger)
    check_repeated(texts, ledger)
    check_cells(cells, facts, ledger)
    check_better_plan({name: page.paragraphs for name, page in files.pages.items()}, facts, ledger)


def _words(tables: Iterable[list[list[Any]]]) -> list[str]:
    """Return the cells of tables that hold words."""
    return [
        tidy(cell)
        for rows in tables
        for row in rows
        for cell in row
        if isinstance(cell, str) and len(cell) >= LEAST_LETTERS
    ]


def split(rows: list[list[Any]]) -> tuple[list[list[list[Any]]], list[str]]:
    """Part a sheet into tables (two cells a row or more) and lines of prose.

    A blank row ends a table. A row of one cell in a table is a name without a value.
    """
    blocks: list[list[list[Any]]] = [[]]
    prose = []
    for row in rows:
        filled = [cell for cell in row if cell not in ("", None)]
        if len(filled) > 1 or (filled and blocks[-1]):
            blocks[-1].append(row)
        if len(filled) == 1:
            prose += [tidy(cell) for cell in filled if isinstance(cell, str)]
        if not filled and blocks[-1]:
            blocks.append([])
    return [block for block in blocks if len(block) > 1], prose


def _check_briefs(pages: dict[str, Page], ledger: Ledger) -> None:
    """Compare the figures of the web page with those of the Word document."""
    html = next((name for name in pages if name.endswith(".html")), None)
    word = next((name for name in pages if name.endswith(".docx")), None)
    if html is None or word is None:
        return
    where = f"{html}, against {word}"
    mine, theirs = (_printed(pages[name]) for name in (html, word))
    lost = mine.keys() - theirs.keys()
    new = theirs.keys() - mine.keys()
    for text in sorted(lost):
        ledger.figures.append(Figure(mine[text], where, text, "not in Word", DIFFERENT))
    for text in sorted(new):
        ledger.figures.append(Figure(theirs[text], where, "not on the page", text, DIFFERENT))
    number = len(mine.keys() & theirs.keys())
    if number:
        words = f"{number:,} different figures"
        ledger.figures.append(Figure("Figures of the brief", where, words, words, SAME, number))
    page, document = (_by_words(pages[name]) for name in (html, word))
    for words in page.keys() & document.keys():
        here, there = page[words] - document[words], document[words] - page[words]
        for one, other in zip(sorted(here.elements()), sorted(there.elements()), strict=False):
            texts = from_first_difference(one, other)
            ledger.compare(f"Text of the brief, '{words[:60]}'", where, *texts)
    same = sum((page[words] & document[words]).total() for words in page.keys() & document.keys())
    if same:
        count = f"{same:,} texts with figures"
        ledger.figures.append(Figure("Text of the brief", where, count, count, SAME, same))


def _by_words(page: Page) -> dict[str, Counter[str]]:
    """Return the texts and rows of a document that hold figures, by their words alone."""
    texts: dict[str, Counter[str]] = {}
    rows = [" / ".join(row) for table in page.tables for row in table]
    for text in [*rows, *page.paragraphs]:
        if re.search(r"\d", text):
            words = re.sub(r"[\W\d_]+", " ", text).strip()
            texts.setdefault(words, Counter())[re.sub(r"[^\w.%-]+", " ", text).strip()] += 1
    return texts


def _printed(page: Page) -> dict[str, str]:
    """Every figure that a document prints, with its sentence or row."""
    contexts: dict[str, str] = {}
    rows = [" / ".join(row) for table in page.tables for row in table]
    for text in [*rows, *page.paragraphs]:
        for token in tokens(text):
            if is_distinctive(token) or "." in token.text:
                contexts.setdefault(token.text, text[:90])
    return contexts
