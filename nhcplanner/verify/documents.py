"""Workbook, web page and Word document compared with the tables and with each other.

A document's table is matched by what its rows are about (a site, an area, a group, an option, a
mode and its minutes, a band, a case, a goal), so that headings and layout may change. Each figure
must then be one of that row's figures, as far as the document rounds it.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nhcplanner.verify.document_readers import tidy
from nhcplanner.verify.facts import Facts
from nhcplanner.verify.files import Page
from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger
from nhcplanner.verify.row_figures import Family, families, plain
from nhcplanner.verify.sentence_figures import every_figure, quotations
from nhcplanner.verify.tokens import Token, figures_of, is_distinctive, tokens

ENOUGH = 0.5
"""Share of a column's figures that must be among their rows' figures for it to be compared."""


def check_documents(facts: Facts, ledger: Ledger) -> None:
    """Compare every document with the tables, and the two forms of the brief with each other."""
    files = facts.files
    if not files.books and not files.pages:
        return
    known = families(facts)
    if not known:
        ledger.leave("Documents", "the hand-in has no tables (CSV) to compare them with")
    known_figures = every_figure(facts)
    quoted = [words for words in quotations(facts) if any(map(str.isdigit, words))]
    for name, sheets in files.books.items():
        for sheet, rows in sheets.items():
            where = f"{name}, sheet {sheet}"
            blocks, prose = split(rows)
            for block in blocks:
                _check_table(block, known, where, ledger)
            _check_prose(prose, known_figures, quoted, where, facts, ledger)
    for name, page in files.pages.items():
        for rows in page.tables:
            _check_table([list(row) for row in rows], known, name, ledger)
        _check_prose(page.paragraphs, known_figures, quoted, name, facts, ledger)
    _check_briefs(files.pages, ledger)


def split(rows: list[list[Any]]) -> tuple[list[list[list[Any]]], list[str]]:
    """Part a sheet into tables (two cells a row or more) and lines of prose."""
    blocks: list[list[list[Any]]] = [[]]
    prose = []
    for row in rows:
        filled = [cell for cell in row if cell not in ("", None)]
        if len(filled) > 1:
            blocks[-1].append(row)
            continue
        prose += [tidy(cell) for cell in filled if isinstance(cell, str)]
        if blocks[-1]:
            blocks.append([])
    return [block for block in blocks if len(block) > 1], prose


def _check_table(  # noqa: C901
    rows: list[list[Any]], known: list[Family], where: str, ledger: Ledger
) -> None:
    """Compare a document's table with the family of facts that its rows are about."""
    if len(rows) < 2:
        return
    head = [tidy(str(cell)) for cell in rows[0]]
    if "Weighted score" in head:
        ledger.leave(f"{where}: scores", "formulas of the workbook, by weights that people set")
        return
    best: tuple[int, Family, list[tuple[int, str, set[float]]]] | None = None
    for family in known:
        matched = []
        hits = 0
        for row in rows[1:]:
            texts = [plain(cell) for cell in row if cell not in ("", None)]
            figures = family.figures(texts)
            if figures is None:
                continue
            name = " / ".join(str(cell) for cell in row[:3] if cell not in ("", None))[:60]
            for cell in row:
                for token in figures_of(cell):
                    hits += token.is_among(figures)
            matched.append((rows.index(row), name, figures))
        if matched and (best is None or hits > best[0]):
            best = (hits, family, matched)
    title = f"table of {len(rows) - 1} rows ({', '.join(head[:3])} ...)"
    if best is None or not best[0]:
        if any(figures_of(cell) for row in rows[1:] for cell in row[1:]):
            ledger.leave(f"{where}: {title}", "no table says what its rows are about")
        return
    _check_columns(rows, head, best[1], best[2], where, ledger)


def _check_columns(
    rows: list[list[Any]],
    head: list[str],
    family: Family,
    matched: list[tuple[int, str, set[float]]],
    where: str,
    ledger: Ledger,
) -> None:
    width = max(len(row) for row in rows)
    for column in range(width):
        label = head[column] if column < len(head) else ""
        good, bad = 0, []
        for row, name, figures in matched:
            cell = rows[row][column] if column < len(rows[row]) else None
            if plain(cell) in family.by_text and not isinstance(cell, float):
                continue
            for token in figures_of(cell):
                if token.is_among(figures):
                    good += 1
                else:
                    bad.append((name, token, figures))
        if not good and not bad:
            continue
        lacked = re.fullmatch(family.lacks, plain(label)) if family.lacks else None
        if lacked or good < ENOUGH * (good + len(bad)):
            ledger.leave(f"{where}: column {label!r}", "its figures are in no table")
            continue
        words = f"{good:,} figures by {family.name}"
        if good:
            ledger.figures.append(Figure(label, where, words, words, SAME, good))
        for name, token, figures in bad:
            near = min(figures, key=lambda figure: abs(figure - token.value), default=np.nan)
            ledger.figures.append(
                Figure(f"{label}, {name}", where, token.text, f"{near:,.6g}", DIFFERENT)
            )


def _is_class(facts: Facts, text: str, token: Token) -> bool:
    """Whether a figure is the people of a class of HLE that the sentence states."""
    pattern = rf"([\d.]+) to ([\d.]+)(?: years)?: {re.escape(token.text)}"
    match = re.search(pattern, text)
    if match is None or not facts.has("areas_wide") or "hle" not in facts.areas:
        return False
    hle = facts.areas["hle"].to_numpy(dtype=np.float64)
    heads = facts.areas["people"].to_numpy(dtype=np.float64)
    low, high = float(match[1]), float(match[2])
    least = heads[(hle >= low + 0.05) & (hle <= high - 0.05)].sum()
    most = heads[(hle >= low - 0.05) & (hle <= high + 0.05)].sum()
    return bool(least <= token.value <= most)


def _check_prose(
    paragraphs: list[str],
    known_figures: np.ndarray[Any, Any],
    quoted: list[str],
    where: str,
    facts: Facts,
    ledger: Ledger,
) -> None:
    """Compare large numbers and percentages with decimals in sentences with all figures."""
    good = 0
    for text in paragraphs:
        here = " ".join(words for words in quoted if words.rstrip(".") in text)
        for token in tokens(text):
            if not is_distinctive(token):
                continue
            room = token.room * (1 + 1e-6) + 1e-9 * abs(token.value)
            place = int(np.searchsorted(known_figures, token.value - room))
            known = place < len(known_figures) and known_figures[place] <= token.value + room
            if known or token.text in here or _is_class(facts, text, token):
                good += 1
                continue
            at = max(text.find(token.text) - 50, 0)
            words = text[at : at + 110]
            if not facts.files.tables:
                ledger.leave(f"{where}: figures in sentences", "there are no tables (CSV)")
                continue
            ledger.figures.append(
                Figure(f"In '...{words}...'", where, token.text, "in no table", DIFFERENT)
            )
    if good:
        count = f"{good:,} figures in sentences"
        ledger.figures.append(Figure("Figures in sentences", where, count, count, SAME, good))


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


def _printed(page: Page) -> dict[str, str]:
    """Every figure that a document prints, with the sentence or row it stands in."""
    contexts: dict[str, str] = {}
    rows = [" / ".join(row) for table in page.tables for row in table]
    for text in [*rows, *page.paragraphs]:
        for token in tokens(text):
            if is_distinctive(token) or "." in token.text:
                contexts.setdefault(token.text, text[:90])
    return contexts
