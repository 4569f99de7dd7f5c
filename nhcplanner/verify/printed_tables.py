"""Tables of documents that print a table of the hand-in under its own headings, row by row.

`columns.csv` states the heading of every column, so that a printed table is matched with its
table by headings. Each printed row must then be a row of it, in every column that is printed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from nhcplanner.verify.facts import Facts
from nhcplanner.verify.ledger import DIFFERENT, SAME, Figure, Ledger, as_text, is_blank, number
from nhcplanner.verify.row_figures import plain
from nhcplanner.verify.sentence_figures import figures_of

LEAST_COLUMNS = 3
"""Headings that a printed table and a table must have in common."""
MOST_ROWS = 20_000
"""Rows of a table up to which it is matched."""
ENOUGH = 0.5
"""Share of the printed rows that must be rows of the table for it to be the one printed."""
Pairs = list[tuple[int, str]]
"""Positions of printed columns, each with the table's column of the same heading."""


class PrintedTables:
    """The tables of a hand-in with the headings under which documents print them.

    Parameters
    ----------
    facts
        The hand-in's inputs.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._columns: dict[str, dict[str, str]] = {}
        self._tables: dict[str, pd.DataFrame] = {}
        if not facts.has("columns"):
            return
        for row in facts.files.tables["columns"].to_dict("records"):
            if facts.has(str(row["table"])):
                self._columns.setdefault(str(row["table"]), {})[plain(row["label"])] = row["column"]
        if facts.has("costs") and facts.has("option_sites"):
            self._add_options()

    def _add_options(self) -> None:
        """Add to the costs of each site whether it is open in each option, 1 or 0."""
        table, options = self._table("costs"), self._facts.table("option_sites").astype(str)
        for option, part in options.groupby("option"):
            name = f"open in {option}"
            table[name] = table["site_id"].astype(str).isin(part["site_id"]).astype("float64")
            self._columns.setdefault("costs", {})[plain(option)] = name

    def _table(self, name: str) -> pd.DataFrame:
        if name not in self._tables:
            self._tables[name] = self._facts.table(name)
        return self._tables[name]

    def check(self, rows: Sequence[Sequence[Any]], where: str, ledger: Ledger) -> bool:
        """Compare a printed table with the table of the same headings.

        Returns
        -------
        bool
            Whether every row was compared, so that nothing is left to compare.
        """
        heads = [plain(cell) for cell in rows[0]]
        best: _Match | None = None
        for name, columns in self._columns.items():
            table = self._table(name)
            pairs = [
                (place, columns[head])
                for place, head in enumerate(heads)
                if head in columns and columns[head] in table
            ]
            if len(pairs) < LEAST_COLUMNS or len(table) > MOST_ROWS:
                continue
            match = _Match(name, table, pairs, _rows_of_same_words(rows[1:], table, pairs))
            if match.known and (best is None or match.cells > best.cells):
                best = match
        return best is not None and _check_rows(rows, best, where, ledger)


@dataclass
class _Match:
    """A table, its columns by position in a printed table, and its rows with each row's words."""

    name: str
    table: pd.DataFrame
    pairs: Pairs
    groups: list[list[int]]

    @property
    def known(self) -> int:
        """Number of printed rows whose words are in the table."""
        return sum(map(bool, self.groups))

    @property
    def cells(self) -> int:
        """Number of their cells."""
        return self.known * len(self.pairs)


def _rows_of_same_words(
    rows: Sequence[Sequence[Any]], table: pd.DataFrame, pairs: Pairs
) -> list[list[int]]:
    """Return the rows of the table that have the words of each printed row.

    A column of words that the document words in another way is no help, and is passed over.
    """
    keys: list[tuple[list[str], list[str]]] = []
    for place, column in pairs:
        if pd.api.types.is_numeric_dtype(table[column]):
            continue
        mine = [plain(_cell(row, place)) for row in rows]
        theirs = [plain("" if is_blank(cell) else cell) for cell in table[column]]
        known = set(theirs)
        if sum(words in known for words in mine) >= ENOUGH * len(mine) and any(mine):
            keys.append((mine, theirs))
    if not keys:
        return [[] for _ in rows]
    found: dict[tuple[str, ...], list[int]] = {}
    for at, words in enumerate(zip(*(theirs for _, theirs in keys), strict=True)):
        found.setdefault(words, []).append(at)
    return [found.get(words, []) for words in zip(*(mine for mine, _ in keys), strict=True)]


def _cell(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) and row[place] is not None else ""


def _check_rows(rows: Sequence[Sequence[Any]], match: _Match, where: str, ledger: Ledger) -> bool:
    name, table, groups = match.name, match.table, match.groups
    numbers = [(p, c) for p, c in match.pairs if pd.api.types.is_numeric_dtype(table[c])]
    values = {column: table[column].to_numpy(dtype=np.float64) for _, column in numbers}
    used: Counter[int] = Counter()
    good = figures = 0
    wrong: list[Figure] = []
    for row, group in zip(rows[1:], groups, strict=True):
        if not group:
            continue
        fits = {at: [_fits(_cell(row, p), values[c][at]) for p, c in numbers] for at in group}
        whole = [at for at in group if all(fits[at])]
        if whole:
            good += 1
            figures += len(numbers)
            used[min(whole, key=lambda at: used[at])] += 1
            continue
        near = max(group, key=lambda at: (sum(fits[at]), -used[at]))
        subject = " / ".join(str(cell) for cell in row[:3] if cell not in ("", None))[:60]
        for (place, column), is_same in zip(numbers, fits[near], strict=True):
            if not is_same:
                text = f"{as_text(values[column][near])} ({name}.csv)"
                words = f"{rows[0][place]}, {subject}"
                wrong.append(Figure(words, where, as_text(_cell(row, place)), text, DIFFERENT))
    if not figures or good < ENOUGH * match.known:
        return False
    wrong += [
        Figure(f"Row {at + 1} of {name}.csv", where, "twice", "once", DIFFERENT)
        for at, times in used.items()
        if times > 1
    ]
    ledger.figures += wrong
    words = f"{figures:,} figures of {name}.csv"
    ledger.figures.append(Figure(f"Rows of {name}.csv", where, words, words, SAME, figures))
    return match.known == len(groups)


def _fits(printed: Any, value: float) -> bool:
    """Whether a printed cell is a number of the table, as far as it is rounded."""
    if is_blank(printed) or printed == "":
        return not np.isfinite(value)
    figures = figures_of(printed)
    if len(figures) != 1 or figures[0].in_words:
        return True  # words such as "not known", or a figure with a remark: compared elsewhere
    return figures[0].is_among([value])


def check_site_forms(
    facts: Facts, forms: Sequence[tuple[str, Sequence[Sequence[Any]]]], where: str, ledger: Ledger
) -> set[int]:
    """Compare forms headed with a site, a question and its answer a row.

    Parameters
    ----------
    facts
        The hand-in's inputs.
    forms
        Caption and rows of every table of a document.
    where, ledger
        The document, and where figures are written.

    Returns
    -------
    set of int
        Positions of the forms that were compared.
    """
    if not facts.has("sites_wide"):
        return set()
    done = set()
    for place, (caption, rows) in enumerate(forms):
        site = next((s for s in facts.site_row if caption.endswith(f"({s})")), None)
        if site is None or any(len(row) != 2 for row in rows):
            continue
        record = facts.sites.iloc[facts.site_row[site]]
        for question, answer in rows[1:]:
            column = ANSWERS.get(plain(question))
            if column is None or column not in record:
                continue
            value = record[column]
            if is_blank(value):
                same = not any(map(str.isdigit, answer))
            else:
                text = re.sub("[£,]", "", answer)  # a grid reference may look like a year
                printed = number(text)
                room = 0.5 * 10.0 ** -len(text.partition(".")[2])
                if column in ("easting", "northing"):
                    room += 0.05  # the file has tenths
                same = printed is not None and abs(printed - float(value)) <= room * (1 + 1e-6)
            ledger.figures.append(
                Figure(f"{question}, {site}", where, as_text(answer),
                       as_text(answer if same else value), SAME if same else DIFFERENT)
            )  # fmt: skip
        done.add(place)
    return done


ANSWERS = {
    "easting": "easting", "northing": "northing", "population served": "people_served",
    "capacity": "capacity", "floor area": "floor_area_m2", "indicative capital": "cost",
    "running cost a year": "running_cost",
}  # fmt: skip
"""Questions of a site's form, in plain form, and the columns of sites_wide.csv that answer them."""
