"""Tables of documents compared with the tables of a hand-in, column by column."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger
from nhcplanner.verify.row_figures import Family, Labelled, plain
from nhcplanner.verify.sentence_figures import Token, figures_of

RARE = 0.25
"""Share of a column's figures that another column of the tables must explain to belong to it."""
FEW = 5
"""Figures of a column up to which one alone shows where they are from."""
ENOUGH = 0.5
"""Share of a column's figures that must be among their rows' figures for it to be compared."""


def check_table(rows: list[list[Any]], known: list[Family], where: str, ledger: Ledger) -> None:
    """Compare a document's table with the family of facts that its rows are about."""
    if len(rows) < 2:
        return
    head = [" ".join(str(cell).split()) for cell in rows[0]]
    best: tuple[int, Family, list[tuple[int, str, Labelled]]] | None = None
    width = max(map(len, rows))
    for family in known:
        matched = []
        for place, row in enumerate(rows):
            if not place and not family.is_list:
                continue
            texts = [plain(cell) for cell in row if cell not in ("", None)]
            figures = family.figures(texts)
            if figures is None:
                continue
            name = " / ".join(str(cell) for cell in row[:3] if cell not in ("", None))[:60]
            matched.append((place, name, figures))
        columns = [_tokens_of(rows, column, family, matched) for column in range(width)]
        hits = sum(max(_hits(column).values(), default=0) for column in columns)
        if matched and (best is None or hits > best[0]):
            best = (hits, family, matched)
    title = f"table of {len(rows) - 1} rows ({', '.join(head[:3])} ...)"
    if best is None or not best[0]:
        number = sum(len(figures_of(cell)) for row in rows[1:] for cell in row[1:])
        if number:
            ledger.leave(f"{where}: {title}", "no table says what its rows are about", number)
        return
    _check_columns(rows, head, best[1], best[2], where, ledger)


def _check_columns(
    rows: list[list[Any]],
    head: list[str],
    family: Family,
    matched: list[tuple[int, str, Labelled]],
    where: str,
    ledger: Ledger,
) -> None:
    for column in range(max(len(row) for row in rows)):
        label = head[column] if column < len(head) else ""
        of_column = _tokens_of(rows, column, family, matched)
        if not of_column:
            continue
        usual = _usual_label(of_column)
        same = [token.is_among(figures.get(usual, ())) for _, token, figures in of_column]
        lacked = re.fullmatch(family.lacks, plain(label)) if family.lacks else None
        if lacked or sum(same) < ENOUGH * len(same):
            words = f"{where}: column {label!r}"
            ledger.leave(words, "its figures are in no table", len(of_column))
            continue
        good = 0
        labels = _labels_of(of_column)
        for name, token, figures in of_column:
            among = figures if token.in_words else labels
            if any(token.is_among(figures.get(one, ())) for one in among):
                good += 1
                continue
            near = min(
                figures.get(usual) or set().union(*figures.values()),
                key=lambda figure: abs(figure - token.value), default=np.nan,
            )  # fmt: skip
            ledger.figures.append(
                Figure(f"{label}, {name}", where, token.text, f"{near:,.6g}", DIFFERENT)
            )
        words = f"{good:,} figures by {family.name}"
        if good:
            ledger.figures.append(Figure(label, where, words, words, SAME, good))


def _tokens_of(
    rows: list[list[Any]],
    column: int,
    family: Family,
    matched: list[tuple[int, str, Labelled]],
) -> list[tuple[str, Token, Labelled]]:
    """Return the figures of a column, each with the name and the facts of its row."""
    of_column = []
    for row, name, figures in matched:
        cell = rows[row][column] if column < len(rows[row]) else None
        if plain(cell) in family.by_text and not isinstance(cell, float):
            continue
        if not (family.is_list and isinstance(cell, str)):
            of_column += [(name, token, figures) for token in figures_of(cell)]
    return of_column


def _usual_label(of_column: list[tuple[str, Token, Labelled]]) -> str:
    """Return the table's column that most figures of a document's column are of."""
    hits = _hits(of_column)
    return hits.most_common(1)[0][0] if hits else ""


def _labels_of(of_column: list[tuple[str, Token, Labelled]]) -> set[str]:
    """Return the tables' columns that the figures of a document's column may be of.

    A row may have a figure of another column, such as a sum; one that few rows of many have is
    there by chance.
    """
    hits = _hits(of_column)
    enough = max(2.0 if len(of_column) > FEW else 1.0, RARE * len(of_column))
    return {label for label, number in hits.items() if number >= enough}


def _hits(of_column: list[tuple[str, Token, Labelled]]) -> Counter[str]:
    """Count for each of the tables' columns the figures that may be of it."""
    return Counter(
        label
        for _, token, figures in of_column
        for label, values in figures.items()
        if token.is_among(values)
    )
