"""Tables of documents compared with the tables of a hand-in.

`columns.csv` states the heading of every column, so that a printed table is matched with its
table by headings, and compared row by row. Any other table is compared column by column with the
facts that its rows are about.
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
from nhcplanner.verify.row_figures import Family, Labelled, plain
from nhcplanner.verify.sentence_figures import Token, figures_of

RARE = 0.25
"""Share of a column's figures that another column of the tables must explain to belong to it."""
FEW = 5
"""Number of figures in a column up to which one match identifies the column."""
ENOUGH = 0.5
"""Share of a column's figures, or of a table's rows, that must match for a comparison."""


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
        if isinstance(cell, str) and _HOURS.search(cell):
            continue  # opening hours are words: the sheet Pipeline and the forms compare them
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


_HOURS = re.compile(r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}|\d ?[ap]m\b")
LEAST_COLUMNS = 3
"""Headings that a printed table and a table must have in common."""
FEW_ROWS, MOST_CELLS = 3, 0.7
"""Printed rows up to which most cells show that the table is the one printed, and how many."""
MOST_ROWS = 20_000
"""Rows of a table up to which it is matched."""
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
        """Add to the costs of each site whether it is open in each option, 1 or blank."""
        table, sites = self._table("costs"), self._facts.table("option_sites").astype(str)
        names = sites["option"]
        if self._facts.has("options"):  # an option without sites too
            names = pd.concat([names, self._facts.table("options")["option"].astype(str)])
        for option in names.unique():
            opened = (
                table["site_id"].astype(str).isin(sites.loc[sites["option"] == option, "site_id"])
            )
            name = f"open in {option}"
            table[name] = np.where(opened, 1.0, np.nan)
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
    good = figures = fitting = 0
    wrong: list[Figure] = []
    for row, group in zip(rows[1:], groups, strict=True):
        if not group:
            continue
        fits = {at: [_fits(_cell(row, p), values[c][at], c) for p, c in numbers] for at in group}
        whole = [at for at in group if all(fits[at])]
        if whole:
            good += 1
            figures += len(numbers)
            used[min(whole, key=lambda at: used[at])] += 1
            continue
        near = max(group, key=lambda at: (sum(fits[at]), -used[at]))
        fitting += sum(fits[near])
        subject = " / ".join(str(cell) for cell in row[:3] if cell not in ("", None))[:60]
        for (place, column), is_same in zip(numbers, fits[near], strict=True):
            if not is_same:
                text = f"{as_text(values[column][near])} ({name}.csv)"
                words = f"{rows[0][place]}, {subject}"
                wrong.append(Figure(words, where, as_text(_cell(row, place)), text, DIFFERENT))
    fitting += figures
    is_short = match.known <= FEW_ROWS and fitting >= MOST_CELLS * match.known * len(numbers)
    if not fitting or (good < ENOUGH * match.known and not is_short):
        return False
    wrong += [
        Figure(f"Row {at + 1} of {name}.csv", where, "twice", "once", DIFFERENT)
        for at, times in used.items()
        if times > 1
    ]
    ledger.figures += wrong
    if figures:
        words = f"{figures:,} figures of {name}.csv"
        ledger.figures.append(Figure(f"Rows of {name}.csv", where, words, words, SAME, figures))
    return match.known == len(groups)


def _fits(printed: Any, value: float, column: str) -> bool:
    """Whether a printed cell is a number of the table, as far as it is rounded.

    The tables have grid references in tenths of a metre, documents in metres.
    """
    if is_blank(printed) or printed == "":
        return not np.isfinite(value)
    figures = figures_of(printed)
    if len(figures) != 1 or figures[0].in_words:
        return True  # words such as "not known", or a figure with a remark: compared elsewhere
    if column in ("easting", "northing"):
        return abs(figures[0].value - value) <= HALF_A_METRE
    return figures[0].is_among([value])


HALF_A_METRE = 0.55
"""Metres by which a grid reference in metres may be apart from one in tenths of a metre."""


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
        _check_caption(caption, record, where, ledger)
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


def _check_caption(caption: str, record: pd.Series, where: str, ledger: Ledger) -> None:
    """Compare the figures in the name of a site that heads its form."""
    site, name = str(record["site_id"]), record.get("site_name")
    title = caption.removesuffix(f"({site})").partition(". ")[2]
    given = [re.findall(r"\d+", text) for text in (title, site if is_blank(name) else str(name))]
    ledger.compare(f"Figures in the name of {site}", where, *map(" ".join, given))


ANSWERS = {
    "easting": "easting", "northing": "northing", "population served": "people_served",
    "capacity": "capacity", "floor area": "floor_area_m2", "indicative capital": "cost",
    "running cost a year": "running_cost", "parking spaces": "parking_spaces",
    "blue badge spaces": "blue_badge_spaces",
}  # fmt: skip
"""Questions of a site's form, in plain form, and the columns of sites_wide.csv that answer them."""
